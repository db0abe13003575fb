"""Bringing an installation's data to where this version wants it; each step once for each database."""

import argparse
import importlib
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from config import env
from huiyin.cases.models import Case
from huiyin.cli.commands import migrate
from huiyin.cli.locks import held
from huiyin.kernel.refusals import Refused
from huiyin.organisation.place import is_demonstration

MARKER = "prepared.json"
WHOLE, PAST = 64, 2_500  # cases of a demonstration: those of today, and those of the last two years
# What a demonstration's data consists of in its home; the key file stays.
DEMO_FILES = ("huiyin.sqlite3*", "ledger-head.json*", MARKER, "worker.json", "attachments", "figures")


def home() -> Path:
    """The folder of this installation's data."""
    return Path(settings.HUIYIN_HOME)


@dataclass
class Marker:
    """What was begun and done in this home, and by which program; kept in a file beside the data."""

    file: Path
    begun: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    locked: str = ""

    @classmethod
    def read(cls, file: Path) -> "Marker":
        """The marker of a home; an empty one for a new home."""
        return cls(file, **json.loads(file.read_text())) if file.exists() else cls(file)

    def write(self) -> None:
        """Keep it."""
        kept = {"begun": self.begun, "done": self.done, "locked": self.locked}
        self.file.write_text(json.dumps(kept))


def prepare(*, locked: str) -> None:
    """Migrate, load the profile, and fill a new demonstration; `locked` tells which program it was done by."""
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate.bring_up_to_date()
    marker = Marker.read(home() / MARKER)
    for name, arguments in steps():
        if name in marker.done:
            continue
        # Somebody's own cases get no invented ones beside them; a demonstration that was cut short is completed.
        if name == "profile" or name in marker.begun or not Case.objects.exists():
            marker.begun.append(name)
            marker.write()
            run_command(name, *arguments)
        marker.done.append(name)
    marker.locked = locked
    marker.write()


def steps() -> list[tuple[str, tuple[str, ...]]]:
    """The commands that fill a new database; HUIYIN_DEMO_CASES says how many invented cases (0 for none)."""
    found: list[tuple[str, tuple[str, ...]]] = [("profile", ("load", settings.HUIYIN_PROFILE))]
    cases = env.number("HUIYIN_DEMO_CASES", default=WHOLE, most=100_000)
    if is_demonstration() and cases:
        past = PAST if cases >= WHOLE else 0  # whoever asks for a few wants them soon
        found.append(
            ("demo", ("--cases", str(cases), "--past", str(past)) if past else ("--cases", str(cases)))
        )
    return found


def run_command(name: str, *arguments: str) -> None:
    """Run another command. Raises Refused if it failed."""
    found = importlib.import_module(f"huiyin.cli.commands.{name}")
    parser = argparse.ArgumentParser(prog=f"huiyin {name}")
    found.add_arguments(parser)
    if found.run(parser.parse_args(list(arguments))):
        raise Refused(_("huiyin {name} 没有成功，原因见上面几行。").format(name=name), code="failed")


def clear_demo() -> None:
    """Take a demonstration's data away. Raises Refused for anything that may be real."""
    if not is_demonstration() or connection.vendor != "sqlite":
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
