"""Due instants, marks and remainders: the arithmetic of the three kinds of clock.

Pure: no database, no wall clock. Instants are aware datetimes; days are local dates in `zone`.

* Hours run day and night. "Within 24 hours" of 09:00 ends at 09:00 the next day.
* Working days: the day on which the clock starts is not counted; the limit ends at 24:00 of its last
  working day.
* Calendar days (Civil Code art. 201 and 203): the day of the start is not counted; a last day that is not
  worked (weekend or holiday under the year's notice) gives way to the next working day; it ends at 24:00.

24:00 is returned as local midnight of the following day. The instant of a due time is still in time; one
microsecond later is late (`is_late`).

A day is used up at its 24:00. A pause therefore spares every day whose 24:00 falls inside it, and none other:
several pauses on one day spare one day at most, and cutting a pause in two changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

YELLOW_PERCENT = 70
ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)

Span = tuple[datetime, datetime | None]  # a pause: from, to; to is None while it lasts
Days = tuple[date, date]  # local dates whose 24:00 is paused: first, and the first one after them


class Calendar(Protocol):
    """What the arithmetic asks of a calendar; `WorkCalendar` answers it."""

    def is_working(self, day: date) -> bool: ...
    def add_working_days(self, day: date, count: int) -> date: ...
    def working_days_between(self, after: date, upto: date) -> int: ...
    def working_on_or_after(self, day: date) -> date: ...


@dataclass(frozen=True)
class Limit:
    """How long something may take: `amount` of the subclass's unit, at least one."""

    amount: int

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"a limit is at least 1, not {self.amount}")


class Hours(Limit):
    """Hours of 60 minutes, day and night."""


class WorkingDays(Limit):
    """Days on which offices work."""


class CalendarDays(Limit):
    """Days of the calendar, by the Civil Code."""


LIMITS: dict[str, type[Limit]] = {"hours": Hours, "working_days": WorkingDays, "calendar_days": CalendarDays}


@dataclass(frozen=True)
class Remaining:
    """An amount and its unit, ready for words: 还剩 3 个工作日, 已超期 5 小时; zero days is 今天到期."""

    amount: int
    unit: str  # minutes | hours | working_days | calendar_days
    overdue: bool


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """24:00 of a local date, in UTC."""
    return datetime.combine(day + ONE_DAY, time.min, zone).astimezone(UTC)


def last_day(due: datetime, zone: tzinfo) -> date:
    """The local date to print for a due instant: 24:00 belongs to the day that it ends."""
    return (due.astimezone(zone) - timedelta(microseconds=1)).date()


def is_late(at: datetime, due: datetime | None) -> bool:
    """Whether `at` is after the due instant; never while a pause leaves the due instant open."""
    return due is not None and at > due


def due(
    start: datetime, limit: Limit, calendar: Calendar, zone: tzinfo, pauses: Sequence[Span] = ()
) -> datetime | None:
    """When `limit`, counted from `start`, is over; None while a pause leaves that open.

    Raises UnknownYear when a day count would need a year that the calendar does not know.
    """
    if isinstance(limit, Hours):
        return _hours_due(start.astimezone(UTC), limit.amount * ONE_HOUR, pauses)
    day = start.astimezone(zone).date()
    spared = paused_days(pauses, zone)
    if isinstance(limit, WorkingDays):
        found = _nth_working_day(day, limit.amount, calendar, spared)
    else:
        found = _nth_calendar_day(day, limit.amount, calendar, spared)
    return None if found is None else end_of_day(found, zone)


def mark_at(
    start: datetime,
    due: datetime,
    kind: type[Limit],
    calendar: Calendar,
    zone: tzinfo,
    pauses: Sequence[Span] = (),
    *,
    percent: int = YELLOW_PERCENT,
) -> datetime:
    """The instant at which `percent` of the counted time between `start` and `due` is used up.

    Counted time is the clock's own: hours without pauses; for day clocks the 24 hours of every counted day,
    so 70 % of five working days is noon of the fourth. Never before `start` nor after `due`.
    """
    if kind is Hours:
        running = due - start - _paused_time(start, due, pauses)
        found = _hours_due(start.astimezone(UTC), running * percent / 100, pauses)
        return due if found is None else found
    day, end = start.astimezone(zone).date(), last_day(due, zone)
    spared = paused_days(pauses, zone)
    count = counted_days(day, end, kind, calendar, spared)
    whole, rest = divmod(count * percent, 100)
    if rest == 0:
        found_day = _nth_day(day, whole, kind, calendar, spared) if whole else day
        return end_of_day(found_day or end, zone)
    found_day = _nth_day(day, whole + 1, kind, calendar, spared) or end
    begins, ends = end_of_day(found_day - ONE_DAY, zone), end_of_day(found_day, zone)
    return begins + (ends - begins) * rest / 100


def remaining(now: datetime, due: datetime, kind: type[Limit], calendar: Calendar, zone: tzinfo) -> Remaining:
    """How much time is left until `due`, or how much has passed since, in the clock's own unit.

    Day clocks give whole days between today and the last day, so 0 means today; hours are rounded down, and
    below one hour given in minutes.
    """
    overdue = is_late(now, due)
    if kind is Hours:
        return _remaining_time(abs(due - now), overdue)
    today, end = now.astimezone(zone).date(), last_day(due, zone)
    first, last = (end, today) if overdue else (today, end)
    if kind is WorkingDays:
        return Remaining(calendar.working_days_between(first, last), "working_days", overdue)
    return Remaining((last - first).days, "calendar_days", overdue)


def left_when_paused(
    start: datetime, limit: Limit, calendar: Calendar, zone: tzinfo, pauses: Sequence[Span]
) -> Remaining:
    """What a paused clock still has to run once its open pause ends."""
    open_from = max(begun for begun, ended in pauses if ended is None)
    if isinstance(limit, Hours):
        used = open_from - start - _paused_time(start, open_from, pauses)
        return _remaining_time(max(limit.amount * ONE_HOUR - used, timedelta()), overdue=False)
    day, upto = start.astimezone(zone).date(), open_from.astimezone(zone).date() - ONE_DAY
    used_days = counted_days(day, upto, type(limit), calendar, paused_days(pauses, zone))
    unit = "working_days" if isinstance(limit, WorkingDays) else "calendar_days"
    return Remaining(max(limit.amount - used_days, 0), unit, overdue=False)


def counted_days(
    after: date, upto: date, kind: type[Limit], calendar: Calendar, spared: Sequence[Days] = ()
) -> int:
    """Days of `kind` later than `after`, not later than `upto`, less those spared by a pause."""
    count = _days_between(after, upto, kind, calendar)
    for first, end in spared:
        first, end = max(first, after + ONE_DAY), min(end, upto + ONE_DAY)
        count -= _days_between(first - ONE_DAY, end - ONE_DAY, kind, calendar)
    return count


def paused_days(pauses: Sequence[Span], zone: tzinfo) -> list[Days]:
    """The local dates whose 24:00 falls into a pause, as ordered ranges that do not touch each other."""
    if not pauses:
        return []
    days = sorted(
        (begun.astimezone(zone).date(), ended.astimezone(zone).date() if ended else date.max)
        for begun, ended in pauses
    )
    merged: list[Days] = []
    for first, end in days:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif first < end:
            merged.append((first, end))
    return merged


def _days_between(after: date, upto: date, kind: type[Limit], calendar: Calendar) -> int:
    if kind is WorkingDays:
        return calendar.working_days_between(after, upto)
    return max((upto - after).days, 0)


def _nth_day(
    day: date, count: int, kind: type[Limit], calendar: Calendar, spared: Sequence[Days]
) -> date | None:
    """The `count`-th counted day after `day`, rest days at the end not yet moved."""
    for first, end in spared:
        found = _plus(day, count, kind, calendar)
        if found < first:
            return found
        if end == date.max:
            return None
        count -= _days_between(day, first - ONE_DAY, kind, calendar)
        day = max(day, end - ONE_DAY)
    return _plus(day, count, kind, calendar)


def _plus(day: date, count: int, kind: type[Limit], calendar: Calendar) -> date:
    return calendar.add_working_days(day, count) if kind is WorkingDays else day + count * ONE_DAY


def _nth_working_day(day: date, count: int, calendar: Calendar, spared: Sequence[Days]) -> date | None:
    return _nth_day(day, count, WorkingDays, calendar, spared)


def _nth_calendar_day(day: date, count: int, calendar: Calendar, spared: Sequence[Days]) -> date | None:
    """The last day by art. 201 and 203: counted, worked, and its 24:00 not paused."""
    found = _nth_day(day, count, CalendarDays, calendar, spared)
    if found is None:
        return None
    found = calendar.working_on_or_after(found)
    for first, end in spared:
        if first <= found < end:
            if end == date.max:
                return None
            found = calendar.working_on_or_after(end)
    return found


def _hours_due(start: datetime, length: timedelta, pauses: Sequence[Span]) -> datetime | None:
    ends, reached = start + length, start
    for begun, ended in sorted(pauses, key=lambda span: span[0]):
        if begun >= ends:
            break
        if ended is None:
            return None
        begun = max(begun, reached)
        if ended > begun:
            ends += ended - begun
            reached = ended
    return ends


def _paused_time(start: datetime, end: datetime, pauses: Sequence[Span]) -> timedelta:
    """Time between two instants during which the clock stood still."""
    total, reached = timedelta(), start
    for begun, ended in sorted(pauses, key=lambda span: span[0]):
        begun, ended = max(begun, reached), min(ended or end, end)
        if ended > begun:
            total += ended - begun
            reached = ended
    return total


def _remaining_time(left: timedelta, overdue: bool) -> Remaining:
    if left >= ONE_HOUR:
        return Remaining(left // ONE_HOUR, "hours", overdue)
    return Remaining(left // timedelta(minutes=1), "minutes", overdue)
