"""A stored clock as every page shows it: the office's, the citizen's, and the rows of lists."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from huiyin.deadlines.queries import time_left
from huiyin.kernel import clock as wall
from huiyin.web.components.clock import Clock, Span


def shown_clock(clock: Any, *, rests_until: datetime | None = None, pauses: Sequence[Span] = ()) -> Clock:
    """A stored clock as the component shows it, with its legal basis."""
    shown = row_clock(clock, rests_until=rests_until)
    return replace(shown, pauses=pauses, basis=clock.policy.basis)


def row_clock(clock: Any, *, rests_until: datetime | None = None) -> Clock:
    """A stored clock as a row of a list shows it, without its basis: the policy need not be read.

    `rests_until` is what its case or order shows as due: while the clock stands still, the day on which it goes
    on at the latest.
    """
    return Clock(
        started=clock.started_at,
        due=clock.due_at,
        stopped=clock.stopped_at,
        remaining=None if clock.stopped_at else time_left(clock, wall.now()),
        yellow=clock.yellow_at,
        rests_until=rests_until if clock.due_at is None else None,
    )
