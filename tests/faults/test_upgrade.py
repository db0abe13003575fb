"""A home that a released version filled is brought up to date with everything in it, on either database.

The state was made by that version's own code: see CONTRIBUTING.md, "The state to upgrade from".
"""

import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tools import postgres

PREVIOUS = Path(__file__).parents[1] / "fixtures" / "previous"
CLI = [sys.executable, "-m", "huiyin.cli"]
# What the doctor says of this machine and this day, rather than of what was brought up to date.
OF_THE_MACHINE = {"disk", "static", "clock", "calendar", "drift"}
pytestmark = pytest.mark.slow


class Home:
    """A copy of the kept state, to run commands in."""

    def __init__(self, folder: Path, kind: str, database: str) -> None:
        shutil.copytree(PREVIOUS / kind, folder, dirs_exist_ok=True)
        (folder / "keys.toml").rename(folder / "secrets.toml").chmod(0o600)
        self.known = json.loads((folder / "known.json").read_text())
        self.environment = {**os.environ, "HUIYIN_HOME": str(folder), "HUIYIN_DATABASE": database}
        self.environment["PYTHONPATH"] = str(
            settings.BASE_DIR
        )  # what is run by its path is of this checkout too
        self.environment |= {"HUIYIN_PROFILE": "demo", "HUIYIN_DEMO_CASES": "40"}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self.environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    def huiyin(self, *arguments: str) -> str:
        done = self.run(*CLI, *arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done.stdout


def kept(kind: str) -> str:
    return lzma.decompress((PREVIOUS / kind / "state.sql.xz").read_bytes()).decode()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """The released state, on the database that this pass is for."""
    if connection.vendor == "sqlite":
        file = tmp_path / "huiyin.sqlite3"
        with closing(sqlite3.connect(file)) as database:
            database.executescript(kept("sqlite"))
        yield Home(tmp_path, "sqlite", "sqlite")
        return
    import psycopg

    with postgres.cluster() as address:
        lines = kept("postgresql").splitlines(keepends=True)
        with psycopg.connect(address, autocommit=True) as database:
            database.execute("".join(line for line in lines if not line.startswith("\\")))  # type: ignore[call-overload]
        yield Home(tmp_path, "postgresql", address)


def test_a_home_of_the_released_version_goes_on_with_all_that_is_in_it(home: Home) -> None:
    waiting = json.loads(home.run(*CLI, "migrate", "--check", "--json").stdout)["pending"]
    assert {"cases.0005_private_answer", "people.0003_email_index", "search.0001_initial"} <= set(waiting)
    assert json.loads(home.huiyin("migrate", "--json"))["applied"] == waiting
    home.huiyin("ledger", "verify")
    home.huiyin("prepare")
    home.huiyin("worker", "--once")

    found = json.loads(home.run(*CLI, "doctor", "--json").stdout)
    findings = found["findings"] if isinstance(found, dict) else found
    assert [each for each in findings if not each["well"] and each["check"] not in OF_THE_MACHINE] == []

    done = home.run(sys.executable, str(Path(__file__).with_name("visits.py")), json.dumps(home.known))
    assert done.returncode == 0, done.stderr[-4000:]
    met = json.loads(done.stdout)
    assert met["cases"] >= 42 and set(met["pages"].values()) == {200}, met["pages"]
    assert set(met["case_pages"]) <= {200, 404}
    assert met["own_page"] == [200, True] and met["file"] == "第三盏和第四盏不亮。"
    assert met["by_mailbox"] == 1, "whoever left a mailbox before is found by it in any spelling"
    assert met["found"], "what was kept before is searched for"
    assert met["handed_in"] == [302, True]
    assert (met["accepted"], met["old_accepted"]) == (302, 302)
    assert met["states"] == ["accepted", "accepted"]
    home.huiyin("worker", "--once")
    home.huiyin("ledger", "verify")
