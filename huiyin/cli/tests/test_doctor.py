"""The doctor says what is wrong and what to do."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from huiyin.cli import health
from huiyin.cli.address import Address, forget
from huiyin.cli.worker import HEARTBEAT
from huiyin.kernel import clock

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


@pytest.mark.embedded
def test_a_profile_that_is_not_there_is_told(tmp_path: Path) -> None:
    subprocess.run(
        [*DOCTOR[:3], "setup-secrets"], env={**os.environ, "HUIYIN_HOME": str(tmp_path)}, check=True
    )
    _code, findings = asked(tmp_path, HUIYIN_PROFILE="atlantis")
    assert not findings["profile"]["well"]
    assert "atlantis" in str(findings["profile"]["advice"])


class Quiet(BaseHTTPRequestHandler):
    """Knows no page."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@pytest.fixture
def listener() -> Iterator[Address]:
    """Something that answers every page with 404."""
    server = HTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Address("127.0.0.1", server.server_port)
    server.shutdown()
    server.server_close()


def test_a_web_that_does_not_answer_is_told_although_the_worker_lives(tmp_path: Path, settings) -> None:
    settings.HUIYIN_HOME = tmp_path
    beat(tmp_path, seconds_ago=1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        Address("127.0.0.1", probe.getsockname()[1]).write(tmp_path)
    assert [finding.well for finding in health.web()] == [False]
    assert [finding.well for finding in health.worker()] == [True]


def test_a_web_that_answers_is_well(tmp_path: Path, settings, listener: Address) -> None:
    settings.HUIYIN_HOME = tmp_path
    listener.write(tmp_path)
    assert [finding.well for finding in health.web()] == [True]


def test_where_nothing_is_served_no_web_is_missed(tmp_path: Path, settings) -> None:
    settings.HUIYIN_HOME = tmp_path
    Address("127.0.0.1", 1).write(tmp_path)
    forget(tmp_path)
    assert list(health.web()) == []


def test_a_worker_that_was_silent_for_half_a_minute_is_told(tmp_path: Path, settings) -> None:
    settings.HUIYIN_HOME = tmp_path
    beat(tmp_path, seconds_ago=31)
    assert [finding.well for finding in health.worker()] == [False]


def beat(home: Path, *, seconds_ago: int) -> None:
    at = clock.now() - timedelta(seconds=seconds_ago)
    (home / HEARTBEAT).write_text(json.dumps({"at": at.isoformat(), "tasks": {}}), encoding="utf-8")
