"""huiyin prepare: everything between an installed program and a running one; safe to repeat."""

import argparse
import hashlib
import json
import sqlite3
from importlib import import_module
from pathlib import Path

from django.conf import settings

from huiyin.cli.frame import EXIT, set_up
from huiyin.cli.locks import only_one
from huiyin.cli.words import _

NAME = "prepare"
HELP = _("准备数据：更新数据库结构；新库则装入资料，演示资料还装入虚构的诉求")
SETUP = False  # most of the time there is nothing to do, and that is seen without Django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to begin from nothing."""
    sentence = _("先清空演示数据（只限演示资料和内置数据库）")
    parser.add_argument("--reset-demo", action="store_true", help=sentence)


def locked() -> str:
    """Which program this is, as far as its packages go: their migrations come with them."""
    return hashlib.sha256((settings.BASE_DIR / "requirements" / "base.txt").read_bytes()).hexdigest()


def nothing_to_do() -> bool:
    """Whether the embedded database has every migration of ours and was prepared with these very packages."""
    home = Path(settings.HUIYIN_HOME)
    database = settings.DATABASES["default"]
    file = Path(str(database["NAME"]))
    if "sqlite" not in str(database["ENGINE"]) or not file.exists():
        return False
    try:
        done = json.loads((home / "prepared.json").read_text())
        if done["locked"] != locked() or set(done["begun"]) - set(done["done"]):
            return False
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            applied = set(connection.execute("SELECT app, name FROM django_migrations"))
        finally:
            connection.close()
    except (OSError, ValueError, KeyError, sqlite3.Error):
        return False
    rooms = (settings.BASE_DIR / "huiyin").glob("*/migrations/[0-9]*.py")
    return {(file.parent.parent.name, file.stem) for file in rooms} <= applied


def run(options: argparse.Namespace) -> int:
    """Migrate and load, one preparation at a time."""
    lock = Path(settings.HUIYIN_HOME) / "prepare.lock"
    with only_one(lock, sentence=_("另一个准备正在进行，请稍后再试。"), patience=120):
        if not options.reset_demo and nothing_to_do():
            return EXIT.DONE
        set_up()
        preparing = import_module("huiyin.cli.preparing")  # reads models, so only now
        if options.reset_demo:
            preparing.clear_demo()
        preparing.prepare(locked=locked())
    return EXIT.DONE
