"""The supervisor gives up on a server that cannot start, and leaves nobody behind."""

import subprocess
import sys

import pytest

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
