"""A pytest plugin that gives every test process a house of its own: empty home, fresh keys, light hashing.

Loaded before Django reads its settings (see addopts in pyproject.toml), so that a test can never touch a real home.
"""

import gc
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from huiyin.kernel import keys

INHERITED = ("HUIYIN_DATABASE", "HUIYIN_SHARED_DATA", "HUIYIN_REQUIRED", "HUIYIN_TESTS_SINCE", "HUIYIN_SPARK")


def make_home() -> Path:
    """Point HUIYIN_HOME at a new temporary folder with a key file, and forget every other HUIYIN_ setting.

    A worker of pytest-xdist, which ends without a goodbye, gets a folder inside its leader's.
    """
    leader = os.environ.get("HUIYIN_HOME") if "PYTEST_XDIST_WORKER" in os.environ else None
    for name in [name for name in os.environ if name.startswith("HUIYIN_") and name not in INHERITED]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="huiyin-test-", dir=leader))
    os.environ["HUIYIN_HOME"] = str(home)
    keys.create(home / "secrets.toml")
    return home


HOME = make_home()
# How fast this machine makes examples says nothing of the program: no property fails for it.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Tests hash lightly, read static files from where they are written, and no client lists them all to begin with."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported and collected stays to the end: the collector of garbage need not look at it each time."""
    gc.collect()
    gc.freeze()


def pytest_report_header(config: pytest.Config) -> str:
    """Say which database this pass is for."""
    return "database: " + os.environ.get("HUIYIN_DATABASE", "sqlite").split(":", 1)[0]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how long the whole has taken, over every pass (see tools/test.py)."""
    if since := os.environ.get("HUIYIN_TESTS_SINCE"):
        seconds = round(time.time() - float(since))
        terminalreporter.write_line(f"{seconds // 60} min {seconds % 60} s since the tests began")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the temporary home away."""
    shutil.rmtree(HOME, ignore_errors=True)
