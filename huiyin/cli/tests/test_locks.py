"""One holder at a time, and none left over by a killed one."""

import subprocess
import sys
from pathlib import Path

import pytest

from huiyin.cli.locks import held, only_one
from huiyin.kernel.refusals import Refused

HOLD = """
import sys, time
from pathlib import Path
from huiyin.cli.locks import only_one
with only_one(Path(sys.argv[1]), sentence="taken"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_is_refused_with_the_sentence(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock", sentence="已有一个"):
        assert held(tmp_path / "lock")
        with (
            pytest.raises(Refused, match="已有一个"),
            only_one(tmp_path / "lock", sentence="已有一个", patience=0),
        ):
            pass
    assert not held(tmp_path / "lock")


def test_a_killed_holder_leaves_the_lock_free(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path / "lock"], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    assert held(tmp_path / "lock")
    holder.kill()
    holder.wait()
    with only_one(tmp_path / "lock", sentence="taken", patience=0):
        pass


def test_a_lock_nobody_ever_took_is_free(tmp_path: Path) -> None:
    assert not held(tmp_path / "never")
