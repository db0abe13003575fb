"""Timeline: what happened to a matter, grouped by day, in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from huiyin.kernel import clock


@dataclass(frozen=True)
class Event:
    """One act. `act` says in plain words what happened, `by` who did it (a post or a unit), `text` is what was
    written, `private` marks what citizens do not see; `tone` is active, quiet, soon, late or done.

    `files` are dicts with `url`, `name` and perhaps `thumbnail`.
    """

    at: datetime
    act: Any
    by: str = ""
    text: str = ""
    private: bool = False
    tone: str = "active"
    files: Sequence[dict] = field(default=())
    link: str = ""  # the address that the text leads to
    claimed: bool = False  # the time was stated by whoever entered it, not measured


@dataclass(frozen=True)
class Day:
    """The events of one local date."""

    date: date
    events: list[Event]


def days(events: Iterable[Event], order: str = "oldest_first") -> list[Day]:
    """Group by local date; `order` is oldest_first (for citizens) or newest_first (for staff)."""
    ordered = sorted(events, key=lambda event: event.at)
    if order == "newest_first":
        ordered.reverse()  # not sorted backwards: of two in the same moment, the later one still comes first
    return [
        Day(day, list(found)) for day, found in groupby(ordered, lambda event: clock.local_date(event.at))
    ]
