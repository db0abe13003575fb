"""A stored clock as the pages about a case show it."""

from typing import Any

from huiyin.deadlines.queries import time_left
from huiyin.kernel import clock as wall
from huiyin.web.components.clock import Clock


def shown_clock(clock: Any) -> Clock:
    """A stored clock as the component shows it."""
    return Clock(
        started=clock.started_at,
        due=clock.due_at,
        stopped=clock.stopped_at,
        remaining=None if clock.stopped_at else time_left(clock, wall.now()),
        yellow=clock.yellow_at,
        basis=clock.policy.basis,
    )
