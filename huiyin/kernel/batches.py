"""Batches: one act after the other, and what came of each kept by the transaction that did it.

Whoever works at a batch may be killed at any point. What was done is then known as done, because its row was written
with it; what was not done is known as not done, as soon as nobody has added a row for `LEASE`. From then on the one who
is gone can do no more of it, even if they were only slow: of two who would write the same row, one does.

The rows lie in the shared cache, which is a table of the same database. When it is full it throws out what sorts
first: a batch before its rows, so that one of which a row is missing is not known at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from huiyin.kernel import clock

LEASE = timedelta(minutes=1)  # an act takes less than a second; one that waits for another's, seconds
KEPT = settings.SESSION_COOKIE_AGE  # seconds that a batch is known

Row = dict[str, Any]


class _Settled(Exception):
    """Takes back what was done for an item that has its row already."""


@dataclass(frozen=True)
class Batch:
    """A batch as it stands: its items, and the rows of those that are settled; `about` is its maker's."""

    name: str
    items: tuple[str, ...]
    about: dict[str, Any]
    begun: datetime
    rows: dict[str, Row]

    @property
    def at_work(self) -> bool:
        """Whether some items have no row yet."""
        return len(self.rows) < len(self.items)

    @property
    def lapsed(self) -> bool:
        """Whether nothing has come of it for so long that its maker must be gone."""
        latest = max([self.begun, *(row["at"] for row in self.rows.values())])
        return clock.now() - latest > LEASE

    def stopped(self) -> list[str]:
        """The items that were not reached."""
        return [item for item in self.items if self.rows.get(item, {}).get("stopped")]


def begin(name: str, items: Sequence[str], about: dict[str, Any]) -> bool:
    """Begin a batch of items, each named once; False when somebody has begun it before."""
    return cache.add(_place(name), {"items": tuple(items), "about": about, "begun": clock.now()}, KEPT)


def do(name: str, item: str, act: Callable[[], Row]) -> bool:
    """Do the act for an item and keep the row that it answers, both or neither; False when the item is settled."""
    try:
        with transaction.atomic():
            if not _settle(name, item, {**act(), "stopped": False}):
                raise _Settled
    except _Settled:
        return False
    return True


def stop(batch: Batch, row: Callable[[str], Row]) -> None:
    """Give what has no row the row of something that was not reached: nobody does it in this batch any more."""
    for item in batch.items:
        if item not in batch.rows:
            _settle(batch.name, item, {**row(item), "stopped": True})


def find(name: str) -> Batch | None:
    """The batch of this name with the rows that it has by now; None when none is known."""
    kept = cache.get(_place(name))
    if kept is None:
        return None
    rows = cache.get_many([_place(name, item) for item in kept["items"]])
    known = {item: rows[place] for item in kept["items"] if (place := _place(name, item)) in rows}
    return Batch(name, **kept, rows=known)


def _settle(name: str, item: str, row: Row) -> bool:
    """Add the row of an item; only one can. Waits for somebody who is about to."""
    return cache.add(_place(name, item), {**row, "at": clock.now()}, KEPT)


def _place(*names: str) -> str:
    return ":".join(("batch", *names))
