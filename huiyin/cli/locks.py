"""Locks on files in HUIYIN_HOME: released by the system itself when their holder ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huiyin.kernel.refusals import Refused

STEP = 0.1  # seconds between two tries


@contextmanager
def only_one(file: Path, *, sentence: str, patience: float = 5.0) -> Iterator[None]:
    """Hold the lock while the block runs. Raises Refused with the sentence if another holds it for patience seconds."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(handle, sentence=sentence, patience=patience)
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


def _take(handle: int, *, sentence: str, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Refused(sentence, code="locked") from None
        time.sleep(STEP)


def held(file: Path) -> bool:
    """Whether somebody holds the lock at this moment."""
    try:
        handle = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
