"""The frame lists commands without running them, and every ending has its exit code."""

import argparse
import errno
import importlib
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from config.env import Misconfigured
from huiyin.cli import frame
from huiyin.cli.frame import EXIT, commands, main
from huiyin.kernel.refusals import Refused


@pytest.mark.parametrize("name", sorted(commands()))
def test_what_the_frame_reads_is_what_the_module_says(name: str) -> None:
    command = commands()[name]
    module = importlib.import_module(command.module)
    assert command.name == module.NAME
    assert command.help
    module.add_arguments(argparse.ArgumentParser())


@pytest.mark.parametrize("name", sorted(set(commands()) - {"manage"}))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        main([name, "--help"])
    assert ending.value.code == 0
    assert "70" in capsys.readouterr().out  # the exit codes stand under every help


def test_nothing_typed_is_a_question_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == EXIT.USAGE
    assert "serve" in capsys.readouterr().out


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dance"]) == EXIT.USAGE
    assert "dance" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ending", "code", "said"),
    [
        (Refused("现在不行", instead="明天再来"), EXIT.REFUSED, "明天再来"),
        (Misconfigured("HUIYIN_X is not set"), EXIT.MISCONFIGURED, "HUIYIN_X"),
        (OperationalError("connection refused"), EXIT.MISCONFIGURED, "HUIYIN_DATABASE"),
        (KeyboardInterrupt(), EXIT.INTERRUPTED, ""),
        (OSError(errno.ENOSPC, "No space left on device"), EXIT.REFUSED, "No space left"),
        (OSError(errno.EROFS, "Read-only file system", "/srv/x"), EXIT.REFUSED, "/srv/x"),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/x"), EXIT.REFUSED, "/srv/x"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/srv/x"), EXIT.FAULT, "Traceback"),
        (ValueError("call 13800001234"), EXIT.FAULT, "ValueError"),
    ],
)
def test_endings_become_exit_codes(monkeypatch, capsys, ending: BaseException, code: int, said: str) -> None:
    def run(options: argparse.Namespace) -> int:
        raise ending

    module = SimpleNamespace(add_arguments=lambda parser: None, run=run)
    monkeypatch.setattr(frame.importlib, "import_module", lambda name: module)
    assert main(["migrate"]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "13800001234" not in told


@pytest.mark.django_db
def test_migrate_tells_programs_what_is_pending(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--check", "--json"]) == EXIT.DONE
    assert json.loads(capsys.readouterr().out) == {"pending": []}


@pytest.mark.django_db
def test_a_refusal_from_a_room_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "disable", "nobody"]) == EXIT.REFUSED
    assert "nobody" in capsys.readouterr().err


def test_an_unreachable_database_is_a_sentence_without_its_password() -> None:
    unreachable = "postgresql://huiyin:open-sesame@127.0.0.1:1/huiyin"
    environment = {**os.environ, "HUIYIN_DATABASE": unreachable}
    done = subprocess.run(
        [sys.executable, "-m", "huiyin.cli", "migrate", "--check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == EXIT.MISCONFIGURED
    assert "HUIYIN_DATABASE" in done.stderr
    assert "Traceback" not in done.stderr
    assert "open-sesame" not in done.stdout + done.stderr


def test_a_password_that_the_driver_repeats_is_covered(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "open-sesame")
    assert frame._without_password("no open-sesame here") == "no *** here"


@pytest.mark.parametrize(("name", "value"), [("HUIYIN_ZONE", "Mars/X"), ("PORT", "abc")])
def test_a_wrong_setting_stops_a_command_and_is_named(name: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "huiyin.cli", "migrate", "--check"],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == EXIT.MISCONFIGURED
    assert name in done.stderr
    assert "Traceback" not in done.stderr
