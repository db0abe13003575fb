"""The doctor says what is wrong and what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from huiyin.cli import health

DOCTOR = [sys.executable, "-m", "huiyin.cli", "doctor", "--json"]


def asked(home: Path, **settings: str) -> tuple[int, dict[str, dict[str, object]]]:
    environment = {**os.environ, "HUIYIN_HOME": str(home), "HUIYIN_DATABASE": "sqlite", **settings}
    done = subprocess.run(DOCTOR, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}


@pytest.mark.embedded
def test_without_keys_it_says_how_to_make_them(tmp_path: Path) -> None:
    code, findings = asked(tmp_path)
    assert code == 1
    assert "setup-secrets" in str(findings["configuration"]["advice"])


@pytest.mark.embedded
def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    subprocess.run(
        [*DOCTOR[:3], "setup-secrets"], env={**os.environ, "HUIYIN_HOME": str(tmp_path)}, check=True
    )
    (tmp_path / "secrets.toml").chmod(0o644)
    _code, findings = asked(tmp_path)
    assert "chmod 600" in str(findings["configuration"]["advice"])


@pytest.mark.embedded
def test_a_demonstration_must_not_face_the_world(tmp_path: Path) -> None:
    subprocess.run(
        [*DOCTOR[:3], "setup-secrets"], env={**os.environ, "HUIYIN_HOME": str(tmp_path)}, check=True
    )
    _code, findings = asked(tmp_path, HUIYIN_URL="http://city.example")
    assert not findings["address"]["well"]
    assert not findings["profile"]["well"]
    assert not findings["migrations"]["well"]  # nothing was migrated in this home
    assert not findings["worker"]["well"]


@pytest.mark.django_db
def test_a_migrated_database_is_well() -> None:
    assert all(finding.well for finding in health.database())


@pytest.mark.django_db
def test_a_ledger_without_its_guards_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.guards, "missing", lambda connection: ["event_no_delete"])
    guards = {finding.check: finding for finding in health.database()}["guards"]
    assert not guards.well
    assert "event_no_delete" in guards.found
