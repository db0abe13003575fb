"""Bringing an installation's data to where this version wants it; each step once for each database."""

import argparse
import importlib
import importlib.util
import json
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cli.commands import migrate
from huiyin.cli.locks import held
from huiyin.kernel.refusals import Refused

DEMO = "demo"
MARKER = "prepared.json"
# What a demonstration's data consists of in its home; the key file stays.
DEMO_FILES = ("huiyin.sqlite3*", "ledger-head.json*", MARKER, "worker.json", "attachments")


def home() -> Path:
    """The folder of this installation's data."""
    return Path(settings.HUIYIN_HOME)


def prepare(*, locked: str) -> None:
    """Migrate, load the profile, and fill a new demonstration; `locked` tells which program it was done by."""
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate.bring_up_to_date()
    marker = home() / MARKER
    done = set(json.loads(marker.read_text())["done"]) if marker.exists() else set()
    for name, arguments in steps():
        if name not in done and run_command(name, *arguments):
            done.add(name)
    marker.write_text(json.dumps({"done": sorted(done), "locked": locked}))


def steps() -> list[tuple[str, tuple[str, ...]]]:
    """The commands that fill a new database."""
    found: list[tuple[str, tuple[str, ...]]] = [("profile", ("load", settings.HUIYIN_PROFILE))]
    if settings.HUIYIN_PROFILE == DEMO and not Case.objects.exists():
        found.append(("demo", ()))
    return found


def run_command(name: str, *arguments: str) -> bool:
    """Run another command if this version has it; whether it did. Raises Refused if it failed."""
    module = f"huiyin.cli.commands.{name}"
    if importlib.util.find_spec(module) is None:
        return False
    found = importlib.import_module(module)
    parser = argparse.ArgumentParser(prog=f"huiyin {name}")
    found.add_arguments(parser)
    if found.run(parser.parse_args(list(arguments))):
        raise Refused(_("huiyin {name} 没有成功，原因见上面几行。").format(name=name), code="failed")
    return True


def clear_demo() -> None:
    """Take a demonstration's data away. Raises Refused for anything that may be real."""
    if settings.HUIYIN_PROFILE != DEMO or connection.vendor != "sqlite":
        raise Refused(
            _("只有演示资料的内置数据库可以这样清空，没有改动任何内容。"),
            instead=_("PostgreSQL 上的演示库请自行删除后重建，再运行：huiyin prepare"),
        )
    if held(home() / "serve.lock") or held(home() / "worker.lock"):
        raise Refused(_("回音正在运行，没有改动任何内容。"), instead=_("请先停止它（Ctrl-C），再试一次。"))
    connection.close()
    for pattern in DEMO_FILES:
        for found in home().glob(pattern):
            shutil.rmtree(found) if found.is_dir() else found.unlink()
