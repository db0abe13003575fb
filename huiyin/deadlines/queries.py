"""What is in force: the working-day calendar of this installation, and how much time a clock has left."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from huiyin.deadlines import arithmetic
from huiyin.deadlines.arithmetic import LIMITS, CalendarDays, Remaining, Span
from huiyin.deadlines.calendars import WorkCalendar, YearTable, amended, builtin_tables
from huiyin.deadlines.models import CalendarYear, Clock, Pause
from huiyin.deadlines.refusals import UnknownYear
from huiyin.kernel.clock import zone
from huiyin.organisation.remembering import remembered


@remembered
def work_calendar() -> WorkCalendar:
    """The calendar in force: the built-in years, corrected and continued by the years that were loaded."""
    return _laid_out(tuple(table_of(row) for row in CalendarYear.objects.order_by("year")))


@lru_cache(maxsize=4)
def _laid_out(notices: tuple[YearTable, ...]) -> WorkCalendar:
    return calendar_with(notices)


def calendar_with(notices: Iterable[YearTable]) -> WorkCalendar:
    """The built-in calendar as the notices change it."""
    tables = {table.year: table for table in builtin_tables()}
    for notice in notices:
        tables[notice.year] = amended(tables.get(notice.year), notice)
    return WorkCalendar(tables.values())


def years_missing(on: date, *, days_ahead: int = 90) -> list[int]:
    """Years that clocks started in the next days will need and nobody has loaded yet, oldest first."""
    last = on + timedelta(days=days_ahead)
    return [year for year in range(on.year, last.year + 1) if not work_calendar().knows(year)]


def table_of(row: CalendarYear) -> YearTable:
    """The pure table of a loaded year."""
    return YearTable(
        year=row.year,
        holidays=frozenset(map(date.fromisoformat, row.holidays)),
        workdays=frozenset(map(date.fromisoformat, row.workdays)),
        basis=row.basis,
    )


def spans(pauses: Iterable[Pause]) -> list[Span]:
    """Pauses as the arithmetic wants them."""
    return [(pause.began_at, pause.ended_at) for pause in pauses]


def time_left(clock: Clock, now: datetime) -> Remaining | None:
    """How much time a running clock has left, or how long it is overdue; None when paused or stopped.

    In a year whose working days nobody has loaded, working days are told in calendar days, so that pages
    stay readable; `unit` says which it is.
    """
    if clock.state != Clock.State.RUNNING or clock.due_at is None:
        return None
    kind, calendar = LIMITS[clock.kind], work_calendar()
    try:
        return arithmetic.remaining(now, clock.due_at, kind, calendar, zone())
    except UnknownYear:
        return arithmetic.remaining(now, clock.due_at, CalendarDays, calendar, zone())


def last_day(clock: Clock) -> date | None:
    """The local date to print for a clock; None while a pause leaves it open."""
    return None if clock.due_at is None else arithmetic.last_day(clock.due_at, zone())
