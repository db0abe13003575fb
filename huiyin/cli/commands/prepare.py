"""huiyin prepare: everything between an installed program and a running one; safe to repeat."""

import argparse
import importlib
import importlib.util
import json
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from huiyin.cli.commands import migrate
from huiyin.cli.frame import EXIT
from huiyin.cli.locks import held, only_one
from huiyin.kernel.refusals import Refused

NAME = "prepare"
HELP = _("准备数据：更新数据库结构；新库则装入方案，演示方案还装入虚构的诉求")
DEMO = "demo"
# What a demonstration's data consists of in its home; the key file stays.
DEMO_FILES = ("huiyin.sqlite3*", "ledger-head.json*", "prepared.json", "worker.json", "attachments")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to begin from nothing."""
    parser.add_argument(
        "--reset-demo", action="store_true", help=_("先清空演示数据（只限演示方案和内置数据库）")
    )


def home() -> Path:
    """The folder of this installation's data."""
    return Path(settings.HUIYIN_HOME)


def command(name: str, *arguments: str) -> bool:
    """Run another command if this version has it; whether it did. Raises Refused if it failed."""
    module = f"huiyin.cli.commands.{name}"
    if importlib.util.find_spec(module) is None:
        return False
    found = importlib.import_module(module)
    parser = argparse.ArgumentParser(prog=f"huiyin {name}")
    found.add_arguments(parser)
    code = found.run(parser.parse_args(list(arguments)))
    if code:
        raise Refused(_("huiyin {name} 没有成功，原因见上面几行。").format(name=name), code="failed")
    return True


def load_data() -> None:
    """Load the profile and, for a demonstration, its invented cases: once for each database."""
    marker = home() / "prepared.json"
    done = set(json.loads(marker.read_text())) if marker.exists() else set()
    steps: list[tuple[str, tuple[str, ...]]] = [("profile", ("load", settings.HUIYIN_PROFILE))]
    if settings.HUIYIN_PROFILE == DEMO:
        steps.append(("demo", ()))
    for name, arguments in steps:
        if name not in done and command(name, *arguments):
            done.add(name)
            marker.write_text(json.dumps(sorted(done)))


def clear_demo() -> None:
    """Take a demonstration's data away. Raises Refused for anything that may be real."""
    if settings.HUIYIN_PROFILE != DEMO or connection.vendor != "sqlite":
        raise Refused(
            _("只有演示方案的内置数据库可以这样清空，没有改动任何内容。"),
            instead=_("PostgreSQL 上的演示库请自行删除后重建，再运行：huiyin prepare"),
        )
    if held(home() / "serve.lock") or held(home() / "worker.lock"):
        raise Refused(_("回音正在运行，没有改动任何内容。"), instead=_("请先停止它（Ctrl-C），再试一次。"))
    connection.close()
    for pattern in DEMO_FILES:
        for found in home().glob(pattern):
            shutil.rmtree(found) if found.is_dir() else found.unlink()


def run(options: argparse.Namespace) -> int:
    """Migrate and load, one preparation at a time."""
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    with only_one(home() / "prepare.lock", sentence=_("另一个准备正在进行，请稍后再试。"), patience=120):
        if options.reset_demo:
            clear_demo()
        migrate.bring_up_to_date()
        load_data()
    return EXIT.DONE
