"""The supervisor gives up on a server that cannot start, and leaves nobody behind."""

import subprocess
import sys

import pytest

from huiyin.cli.supervisor import wait_after

GIVES_UP = """
import sys
from huiyin.cli import supervisor
supervisor.TICK = 0.01
web = supervisor.Child("web", [sys.executable, "-c", "raise SystemExit(1)"], vital=True)
helper = supervisor.Child("helper", [sys.executable, "-c", "import time; time.sleep(600)"])
told = supervisor.Supervisor([web, helper], {}, on_tick=lambda: None).run()
print(told, web.failures, helper.running.poll())
"""


@pytest.mark.embedded
def test_a_vital_child_that_never_starts_ends_the_whole() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GIVES_UP], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split() == ["False", "3", "-15"]


COMES_BACK = """
import sys
from huiyin.cli import supervisor
supervisor.TICK, supervisor.LONGEST_WAIT = 0.01, 0.01
web = supervisor.Child("web", [sys.executable, "-c", "raise SystemExit(1)"], vital=True)
whole = supervisor.Supervisor([web], {}, on_tick=lambda: None)
def answers_once():
    web.up = True
    whole.stopping = web.failures >= 5
whole.on_tick = answers_once
print(whole.run(), web.failures)
"""


@pytest.mark.embedded
def test_a_vital_child_that_was_up_is_started_again_and_again() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMES_BACK], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split() == ["True", "5"]


def test_the_wait_between_two_starts_grows_to_half_a_minute_and_stays() -> None:
    assert [wait_after(failures) for failures in (1, 2, 3, 6, 5000)] == [1, 2, 4, 30, 30]
