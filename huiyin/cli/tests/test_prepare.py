"""Preparing a home: from nothing, again, and after it was emptied."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
CLI = [sys.executable, "-m", "huiyin.cli"]


def run(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HUIYIN_HOME": str(home), "HUIYIN_DATABASE": "sqlite", **settings}
    return subprocess.run([*CLI, *arguments], env=environment, capture_output=True, text=True, check=False)


def test_a_home_is_prepared_once_kept_and_reset(tmp_path: Path) -> None:
    assert run(tmp_path, "setup-secrets").returncode == 0
    keys = (tmp_path / "secrets.toml").read_bytes()
    assert run(tmp_path, "prepare").returncode == 0
    assert run(tmp_path, "migrate", "--check").returncode == 0
    assert run(tmp_path, "user", "create", "zhang-sanfeng", "--name", "张三丰").returncode == 0

    assert run(tmp_path, "prepare").returncode == 0
    assert "zhang-sanfeng" in run(tmp_path, "user", "list").stdout

    assert run(tmp_path, "prepare", "--reset-demo").returncode == 0
    assert "zhang-sanfeng" not in run(tmp_path, "user", "list").stdout
    assert (tmp_path / "secrets.toml").read_bytes() == keys
    assert (tmp_path / "secrets.toml").stat().st_mode & 0o777 == 0o600


def test_only_a_demonstration_is_emptied(tmp_path: Path) -> None:
    run(tmp_path, "setup-secrets")
    refused = run(tmp_path, "prepare", "--reset-demo", HUIYIN_PROFILE="county")
    assert refused.returncode == 3
