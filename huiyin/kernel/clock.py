"""The one place that reads the wall clock, and the zone in which days are counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

_frozen: ContextVar[datetime | None] = ContextVar("huiyin_frozen_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def zone() -> ZoneInfo:
    """The zone of this installation (`HUIYIN_ZONE`), in which days begin and end."""
    return _zone_named(settings.HUIYIN_ZONE)


def local_date(moment: datetime) -> date:
    """The day on which an aware moment falls in the installation's zone.

    Raises ValueError for a naive moment: nobody could say which day it is.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone falls on no day")
    return moment.astimezone(zone()).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[datetime]:
    """Stand still at an aware moment; for tests and for replaying the past."""
    if moment.tzinfo is None:
        raise ValueError("the clock can only stand still at an aware moment")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _frozen.reset(token)


@cache
def _zone_named(name: str) -> ZoneInfo:
    return ZoneInfo(name)
