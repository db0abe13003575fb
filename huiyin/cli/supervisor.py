"""Keeps a few child programs running as one: restarts what dies, stops all of them together."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger(__name__)

TICK = 0.2  # seconds between two looks
STEADY = 10.0  # a child that ran this long was up; its next restart waits little again
LONGEST_WAIT = 30.0  # seconds between two starts of a child that keeps ending
TRIES = 3  # starts that a vital child gets to come up at all
STOP_WITHIN = 10.0  # seconds a child gets to end before it is killed
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One program to keep running; `vital` ones that cannot even start end the whole.

    `up` is whether it was ever up since the whole was started; who sees it answer may say so earlier.
    """

    name: str
    command: list[str]
    vital: bool = False
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    next_start: float = 0.0
    failures: int = 0
    up: bool = False


@dataclass
class Supervisor:
    """Runs until told to stop (SIGINT, SIGTERM, SIGHUP) or until a vital child never comes up in three starts."""

    children: list[Child]
    environment: Mapping[str, str]
    on_tick: Callable[[], None]
    stopping: bool = False
    given_up: Child | None = None
    before: dict[int, object] = field(default_factory=dict)

    def run(self) -> bool:
        """Whether it ended because it was told to, rather than because it gave up."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        try:
            while not self.stopping and self.given_up is None:
                for child in self.children:
                    self._look_after(child)
                self.on_tick()
                time.sleep(TICK)
        finally:
            self._stop_all()
        return self.given_up is None

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _look_after(self, child: Child) -> None:
        moment = time.monotonic()
        if child.running is None:
            if moment >= child.next_start:
                self._start(child)
            return
        code = child.running.poll()
        if code is None:
            if moment - child.started_at > STEADY:
                child.failures, child.up = 0, True
            return
        sweep_group(child.running.pid)  # what it had started itself must not go on without it
        child.running = None
        child.failures += 1
        wait = wait_after(child.failures)
        child.next_start = moment + wait
        log.warning("%s ended with %s; starting it again in %.0f s", child.name, code, wait)
        if child.vital and not child.up and child.failures >= TRIES:
            self.given_up = child

    def _start(self, child: Child) -> None:
        child.running = subprocess.Popen(
            child.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop the children in order
            preexec_fn=end_with_parent if LIBC else None,  # noqa: PLW1509 — no threads here
        )
        child.started_at = time.monotonic()

    def _stop_all(self) -> None:
        running = [child.running for child in self.children if child.running is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            sweep_group(process.pid)


def wait_after(failures: int) -> float:
    """Seconds before the next start: twice as long after each failure in a row, up to LONGEST_WAIT."""
    return min(2.0 ** min(failures - 1, 10), LONGEST_WAIT)


def sweep_group(leader: int) -> None:
    """End every process of a child's group that outlived it."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass


LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """In a new child: be told to stop when the parent dies, even if it was killed outright."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
