"""A few kills at random moments under load, in the suite; a hundred are made by `python -m benchmarks.kills`."""

import sys
from pathlib import Path

import pytest
from django.db import connection

from benchmarks.kills import Home, killed
from tools import postgres

KILLS = 6
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.timeout(600),
]


def test_what_was_acknowledged_outlives_every_kill_and_happens_once(tmp_path: Path) -> None:
    if connection.vendor == "sqlite":
        found = killed(Home(tmp_path, "sqlite"), kills=KILLS, seed=7)
    else:
        with postgres.cluster() as address:
            found = killed(Home(tmp_path, address), kills=KILLS, seed=7)
    assert found["problems"] == []
    assert found["acknowledged"] > 10 and found["acts"] > 0 and sum(found["kills"].values()) == KILLS
