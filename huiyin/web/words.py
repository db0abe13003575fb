"""Times and amounts in words, in the language and the zone of the reader."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from huiyin.kernel import clock

WEEKDAYS = (
    *(gettext_noop("周一"), gettext_noop("周二"), gettext_noop("周三"), gettext_noop("周四")),
    *(gettext_noop("周五"), gettext_noop("周六"), gettext_noop("周日")),
)
MONTHS = (
    *(gettext_noop("1 月"), gettext_noop("2 月"), gettext_noop("3 月"), gettext_noop("4 月")),
    *(gettext_noop("5 月"), gettext_noop("6 月"), gettext_noop("7 月"), gettext_noop("8 月")),
    *(gettext_noop("9 月"), gettext_noop("10 月"), gettext_noop("11 月"), gettext_noop("12 月")),
)
MINUTE, HOUR, DAY = 60, 3600, 86400
DAYS_TOLD_BY_COUNT = 7  # older than this, a date says more than a count


class Amount(Protocol):
    """What is left of a deadline, or how far it is past; `huiyin.deadlines.arithmetic.Remaining` is one."""

    @property
    def amount(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def overdue(self) -> bool: ...


def weekday(day: date) -> str:
    """周六 / Sat."""
    return _(WEEKDAYS[day.weekday()])


def month(number: int) -> str:
    """11 月 / November."""
    return _(MONTHS[number - 1])


def day(value: date | datetime) -> str:
    """11 月 28 日（周六）; with the year when it is not the current one."""
    local = clock.local_date(value) if isinstance(value, datetime) else value
    return _day(local, clock.local_date(clock.now()).year, get_language())


@lru_cache(maxsize=2048)
def _day(value: date, this_year: int, language: str | None) -> str:
    """A day in a language, which is named so that each is remembered apart: every row of a list has one or two."""
    del language
    parts = _parts(value)
    if value.year == this_year:
        return _("%(month)s %(day)s 日（%(weekday)s）") % parts
    return _("%(year)s 年 %(month)s %(day)s 日（%(weekday)s）") % parts


def dated(code: str) -> str:
    """2026 年 11 月 for 2026-11, 11 月 28 日（周六） for 2026-11-28: the key of a figure's row as it is said."""
    try:
        first = date.fromisoformat(code if len(code) > len("2026-11") else f"{code}-01")
    except ValueError:
        return code
    if len(code) > len("2026-11"):
        return day(first)
    return _("%(year)s 年 %(month)s") % {"year": first.year, "month": month(first.month)}


def time_of_day(value: datetime) -> str:
    """16:05, in the installation's zone."""
    return value.astimezone(clock.zone()).strftime("%H:%M")


def moment(value: datetime) -> str:
    """11 月 28 日（周六）16:05."""
    parts = {**_parts(clock.local_date(value)), "time": time_of_day(value)}
    if parts["year"] == clock.local_date(clock.now()).year:
        return _("%(month)s %(day)s 日（%(weekday)s）%(time)s") % parts
    return _("%(year)s 年 %(month)s %(day)s 日（%(weekday)s）%(time)s") % parts


def exact(value: date | datetime) -> str:
    """2026-11-28 16:05:09: the form for titles, where nothing may be rounded."""
    if isinstance(value, datetime):
        return value.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat()


def last_day(due: datetime) -> date:
    """The day to print for a due instant: 24:00 belongs to the day that it ends."""
    return clock.local_date(due - timedelta(microseconds=1))


def by(due: datetime) -> str:
    """The latest moment in words: the day when it ends at 24:00, the day and the time otherwise."""
    local = due.astimezone(clock.zone())
    if (local.hour, local.minute) == (0, 0):
        return day(last_day(due))
    return moment(due)


def ago(value: datetime) -> str:
    """刚刚, 5 分钟前, 3 小时前, 昨天 14:05, 3 天前; after a week, the date."""
    now = clock.now()
    passed = int((now - value).total_seconds())
    if passed < 0:
        return moment(value)
    if passed < MINUTE:
        return _("刚刚")
    if passed < HOUR:
        return _("%(time)s前") % {"time": _minutes(passed // MINUTE)}
    days = (clock.local_date(now) - clock.local_date(value)).days
    if days == 0:
        return _("%(time)s前") % {"time": _hours(passed // HOUR)}
    if days == 1:
        return _("昨天 %(time)s") % {"time": time_of_day(value)}
    if days <= DAYS_TOLD_BY_COUNT:
        return _("%(time)s前") % {"time": _days(days)}
    return day(value)


def span(amount: int, unit: str) -> str:
    """2 个工作日 / 2 working days; `unit` is minutes, hours, working_days, calendar_days or days."""
    return _SPANS[unit](amount)


def left(remaining: Amount) -> str:
    """还有 2 个工作日, 今天到期, 已超 3 天: what is left of a deadline, or how far it is past."""
    if remaining.overdue:
        if remaining.amount == 0:
            return _("刚刚超期")
        return _("已超 %(time)s") % {"time": span(remaining.amount, remaining.unit)}
    if remaining.amount == 0:
        return _("不到 1 分钟") if remaining.unit == "minutes" else _("今天到期")
    return _("还有 %(time)s") % {"time": span(remaining.amount, remaining.unit)}


def until(due: datetime) -> str:
    """What is left until `due` when no calendar is at hand: days, hours or minutes of plain time."""
    return left(PlainTime(clock.now(), due))


def days_left(last: date) -> str:
    """还有 3 天, 今天到期, 已超 2 天: what is left of a term that ends with a day, in calendar days."""
    days = (last - clock.local_date(clock.now())).days
    if days == 0:
        return _("今天到期")
    return (
        _("还有 %(time)s") % {"time": _days(days)}
        if days > 0
        else _("已超 %(time)s") % {"time": _days(-days)}
    )


def waited(since: datetime) -> str:
    """已等 3 天: how long somebody has been waiting."""
    return _("已等 %(time)s") % {"time": lasted(since, clock.now())}


def lasted(start: datetime, end: datetime) -> str:
    """2 天, 5 小时, 12 分钟: a stretch of time in its largest unit."""
    found = PlainTime(start, end)
    return span(found.amount, found.unit)


class PlainTime:
    """The distance between two moments as an amount of days, hours or minutes."""

    def __init__(self, now: datetime, due: datetime) -> None:
        self.overdue = now > due
        days = abs((last_day(due) - clock.local_date(now)).days)
        seconds = int(abs((due - now).total_seconds()))
        if days >= 2:
            self.amount, self.unit = days, "calendar_days"
        elif seconds >= HOUR:
            self.amount, self.unit = seconds // HOUR, "hours"
        else:
            self.amount, self.unit = seconds // MINUTE, "minutes"


def size(octets: int) -> str:
    """3.2 MB; for attachments."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} KB"
    return f"{octets / 1_000_000:.1f} MB"


def _parts(value: date) -> dict[str, Any]:
    return {
        "year": value.year,
        "month": month(value.month),
        "day": value.day,
        "weekday": weekday(value),
    }


def _minutes(n: int) -> str:
    return ngettext("%(n)s 分钟", "%(n)s 分钟", n) % {"n": n}


def _hours(n: int) -> str:
    return ngettext("%(n)s 小时", "%(n)s 小时", n) % {"n": n}


def _days(n: int) -> str:
    return ngettext("%(n)s 天", "%(n)s 天", n) % {"n": n}


def _working_days(n: int) -> str:
    return ngettext("%(n)s 个工作日", "%(n)s 个工作日", n) % {"n": n}


_SPANS = {
    "minutes": _minutes,
    "hours": _hours,
    "days": _days,
    "calendar_days": _days,
    "working_days": _working_days,
}
