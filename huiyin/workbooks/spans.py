"""The months, quarters and years for which workbooks are filled, and those that a template names beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from huiyin.assessment.periods import Kind, NotAPeriod, Period, back_from, holding, period_of
from huiyin.kernel.refusals import Refused

OFFERED = {Kind.MONTH: 13, Kind.QUARTER: 5, Kind.YEAR: 3}  # how many of each are offered, the newest first


@dataclass(frozen=True)
class Span:
    """Days of receipt, both ends included; `months` are the calendar months of which it is made."""

    since: date
    until: date
    months: tuple[Period, ...]


def named(code: str, today: date) -> Period:
    """The calendar period of a code. Raises Refused, also for one to come."""
    try:
        found = period_of(code)
    except NotAPeriod:
        found = None
    if found is None or found.first > today:
        raise Refused(_("请选择月份、季度或年份，不能是以后的。"), code="workbook_period")
    return found


def offered(today: date) -> list[Period]:
    """What can be chosen: months, quarters and years up to now."""
    return [period for kind, n in OFFERED.items() for period in back_from(holding(today, kind), n)]


def words(period: Period) -> str:
    """2026 年 10 月 in words."""
    return {
        Kind.MONTH: _("%(year)s 年 %(number)s 月"),
        Kind.QUARTER: _("%(year)s 年第 %(number)s 季度"),
        Kind.YEAR: _("%(year)s 年"),
    }[period.kind] % {"year": period.year, "number": period.number}


def span_of(period: Period, named_as: str = "") -> Span:
    """The days that a template means by 上期, 去年同期, 累计 or a code, for a workbook of this period."""
    if named_as == "previous":
        return _whole(period.before())
    if named_as == "year_before":
        return _whole(Period(period.kind, period.year - 1, period.number))
    if named_as == "year_to_date":
        first = date(period.year, 1, 1)
        return Span(first, period.last, _months(first, period.last))
    return _whole(period if named_as in ("", "this") else period_of(named_as))


def _whole(period: Period) -> Span:
    return Span(period.first, period.last, tuple(period.months()))


def _months(since: date, until: date) -> tuple[Period, ...]:
    found, month = [], holding(since, Kind.MONTH)
    while month.first <= until:
        found.append(month)
        month = month.after()
    return tuple(found)


def codes_within(span: Span, block: str) -> Sequence[str]:
    """The months or quarters of a span, as the figures name them."""
    if block == "month":
        return [month.code for month in span.months]
    return list(dict.fromkeys(holding(month.first, Kind.QUARTER).code for month in span.months))
