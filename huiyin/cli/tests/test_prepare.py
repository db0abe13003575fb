"""Preparing a home: from nothing, again, and after it was emptied."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.embedded]
CLI = [sys.executable, "-m", "huiyin.cli"]


def run(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ours = {"HUIYIN_HOME": str(home), "HUIYIN_DATABASE": "sqlite", "HUIYIN_DEMO_CASES": "2"}
    environment = {**os.environ, **ours, **settings}
    return subprocess.run([*CLI, *arguments], env=environment, capture_output=True, text=True, check=False)


def ask(home: Path, statement: str) -> list[tuple]:
    with closing(sqlite3.connect(home / "huiyin.sqlite3")) as database, database:
        return database.execute(statement).fetchall()


def cases(home: Path) -> int:
    return ask(home, "SELECT count(*) FROM cases_case")[0][0]


def tables(home: Path) -> set[str]:
    return {name for (name,) in ask(home, "SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_home_is_prepared_once_kept_and_reset(tmp_path: Path) -> None:
    assert run(tmp_path, "setup-secrets").returncode == 0
    keys = (tmp_path / "secrets.toml").read_bytes()
    assert run(tmp_path, "prepare").returncode == 0
    before = cases(tmp_path)
    assert before >= 2

    ask(tmp_path, "CREATE TABLE witness (seen)")
    assert run(tmp_path, "prepare").returncode == 0
    assert cases(tmp_path) == before
    assert "witness" in tables(tmp_path)

    assert run(tmp_path, "prepare", "--reset-demo").returncode == 0
    assert "witness" not in tables(tmp_path)
    assert (tmp_path / "secrets.toml").read_bytes() == keys
    assert (tmp_path / "secrets.toml").stat().st_mode & 0o777 == 0o600


def test_only_a_demonstration_is_emptied(tmp_path: Path) -> None:
    run(tmp_path, "setup-secrets")
    refused = run(tmp_path, "prepare", "--reset-demo", HUIYIN_PROFILE="county")
    assert refused.returncode == 3


def test_a_demonstration_cut_short_is_completed_but_no_house_of_its_own_gets_one(tmp_path: Path) -> None:
    run(tmp_path, "setup-secrets")
    assert run(tmp_path, "prepare", HUIYIN_DEMO_CASES="0").returncode == 0
    marker = tmp_path / "prepared.json"
    kept = json.loads(marker.read_text())
    assert (kept["begun"], kept["done"]) == (["profile"], ["profile"])

    marker.write_text(
        json.dumps({**kept, "begun": ["profile", "demo"], "locked": ""})
    )  # as a killed one leaves it
    assert run(tmp_path, "prepare").returncode == 0
    completed = cases(tmp_path)
    assert completed >= 2

    marker.write_text(json.dumps(kept | {"locked": ""}))  # cases that no demonstration began
    assert run(tmp_path, "prepare").returncode == 0
    assert cases(tmp_path) == completed
