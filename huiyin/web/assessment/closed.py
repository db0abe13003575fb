"""Whether a period still changes, in words: closed on which day, corrected when and why."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from huiyin.assessment import closing
from huiyin.assessment.periods import Kind, Period
from huiyin.kernel import clock


@dataclass(frozen=True)
class Status:
    """One sentence, and the corrections with their day and reason, the newest first."""

    sentence: str
    corrections: list[str]


def status(period: Period) -> Status:
    """What a reader of a period must know before they write its numbers down."""
    rows = closing.revisions(period)
    corrections = [
        _("%(period)s 于 %(day)s 更正：%(reason)s")
        % {"period": row.period, "day": _day(row), "reason": row.reason}
        for row in rows
        if row.revision > 1
    ]
    return Status(_sentence(period, [row for row in rows if row.revision == 1]), corrections)


def _sentence(period: Period, closed: list[Any]) -> str:
    ripe = date_format(closing.ripe_on(period), "Y-m-d")
    if period.kind is Kind.MONTH:
        if closed:
            return _("%(day)s 已经定稿，以后不跟着数据变。") % {"day": _day(closed[0])}
        return _("还没有定稿，数字还会变；%(day)s 起定稿。") % {"day": ripe}
    if len(closed) == len(period.months()):
        return _("由各月合成，各月都已经定稿。")
    return _("由各月合成，已经定稿 %(n)d 个月，其余的还会变；%(day)s 起全部定稿。") % {
        "n": len(closed),
        "day": ripe,
    }


def _day(row: Any) -> str:
    return date_format(clock.local_date(row.closed_at), "Y-m-d")
