"""The spans that bulletins tell of: weeks from Monday, months, years, or some days; both ends are included."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.kernel.refusals import Refused

WEEK, MONTH, YEAR, DAYS = "week", "month", "year", "days"
KINDS: Mapping[str, object] = {
    WEEK: gettext_lazy("每周"),
    MONTH: gettext_lazy("每月"),
    YEAR: gettext_lazy("每年"),
    DAYS: gettext_lazy("自己选起止日期"),
}
OFFERED = {WEEK: 8, MONTH: 13, YEAR: 3}
LONGEST = 366  # days


@dataclass(frozen=True)
class Span:
    """First and last day of a kind of period."""

    kind: str
    since: date
    until: date

    @property
    def code(self) -> str:
        """As it stands in addresses: the two days."""
        return f"{self.since:%Y%m%d}-{self.until:%Y%m%d}"

    @property
    def words(self) -> str:
        """2026 年 10 月; 2026 年 11 月 9 日至 15 日."""
        since, until = self.since, self.until
        if self.kind == YEAR:
            return _("%(year)d 年") % {"year": since.year}
        if self.kind == MONTH:
            return _("%(year)d 年 %(month)d 月") % {"year": since.year, "month": since.month}
        last = in_words(until)
        if since.year == until.year:
            last = _("%(month)d 月 %(day)d 日") % {"month": until.month, "day": until.day}
        if (since.year, since.month) == (until.year, until.month):
            last = _("%(day)d 日") % {"day": until.day}
        return _("%(since)s至 %(until)s") % {"since": in_words(since), "until": last}

    def before(self) -> "Span":
        """The one before: of as many days, or the month or year before."""
        last = self.since - timedelta(days=1)
        if self.kind in (MONTH, YEAR):
            return holding(self.kind, last)
        return Span(self.kind, self.since - (self.until - self.since) - timedelta(days=1), last)


def in_words(day: date) -> str:
    """2026 年 11 月 9 日."""
    return _("%(year)d 年 %(month)d 月 %(day)d 日") % {"year": day.year, "month": day.month, "day": day.day}


def holding(kind: str, day: date) -> Span:
    """The week, month or year in which a day lies."""
    if kind == WEEK:
        monday = day - timedelta(days=day.weekday())
        return Span(kind, monday, monday + timedelta(days=6))
    if kind == MONTH:
        last = calendar.monthrange(day.year, day.month)[1]
        return Span(kind, day.replace(day=1), day.replace(day=last))
    return Span(kind, date(day.year, 1, 1), date(day.year, 12, 31))


def over(kind: str, today: date) -> list[Span]:
    """The last ones that are over, the newest first."""
    found = [holding(kind, today).before()]
    while len(found) < OFFERED[kind]:
        found.append(found[-1].before())
    return found


def checked(kind: str, since: date, until: date, *, today: date) -> Span:
    """The span of these days. Raises Refused for one that is not over, is empty, too long, or no such period."""
    if until < since:
        raise Refused(_("结束的日期早于开始的日期。请改正。"), code="span")
    if until >= today:
        raise Refused(_("这段时间还没有过完，数字还会变。请选已经过完的。"), code="not_over")
    if (until - since).days >= LONGEST or since.year < 2000:
        raise Refused(_("一期最多写一年。请改短一些。"), code="span")
    span = Span(kind, since, until)
    if kind != DAYS and holding(kind, since) != span:
        raise Refused(_("起止日期不是整周、整月或者整年。请从列出的里面选。"), code="span")
    return span
