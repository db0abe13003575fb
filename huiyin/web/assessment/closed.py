"""Whether a period still changes, in words: closed on which day, corrected when and why."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.assessment import closing
from huiyin.assessment.assessing import Assessed
from huiyin.assessment.periods import Kind, Period
from huiyin.assessment.rehearsing import Rehearsal
from huiyin.kernel import clock
from huiyin.organisation.queries import today
from huiyin.web.words import dated, day


@dataclass(frozen=True)
class Status:
    """One sentence, and the corrections with their day and reason, the newest first."""

    sentence: str
    corrections: list[str]


def status(period: Period, rows: Sequence[Any] | None = None) -> Status:
    """What a reader of a period must know before they write its numbers down; `rows` are its months' revisions."""
    return _status(period, closing.revisions(period) if rows is None else rows)


def why_untold(found: Assessed | Rehearsal) -> str:
    """Why nothing of ratings is told of a whole period, and from when it is."""
    if not found.told:
        ripe = closing.ripe_on(found.period)
        if ripe > today():
            return _("评价类指标到 %(day)s定稿以后才列出：定稿以前隔几天看一次，就看得出谁打了什么分。") % {
                "day": day(ripe)
            }
        return _("这一期还没有定稿。评价类指标等定稿以后再列：隔几天看一次，就看得出谁打了什么分。")
    if found.barred:
        return _("您也在被考核的单位任职，评价类指标不列给您：评价在单位的评价页成组告知。")
    return _(
        "这一期的评价太少，评价类指标不列出：不到 5 件的，或者从列出的数能推算出不到 5 件的，就看得出谁打了什么分。更长的一期评价够了就列。"
    )


def status_of_posts(period: Period, rows: Sequence[Any] | None = None) -> Status:
    """The same for the sheet of posts; a month may have been closed before posts were closed with it."""
    rows = closing.revisions(period) if rows is None else rows
    with_posts = closing.with_posts(rows)
    without = {row.period for row in rows} - {row.period for row in with_posts}
    if period.kind is Kind.MONTH and without:
        return Status(_("这个月定稿时还不含岗位，岗位的数字跟着数据变。"), [])
    found = _status(period, list(with_posts), without=without)
    return replace(found, sentence=found.sentence + _together(period, with_posts))


def _together(period: Period, rows: Mapping[Any, bool]) -> str:
    """Of months in which what is left out cannot be told apart: which, why, and how it can be; empty without any."""
    holding: dict[str, bool] = {}
    for row, apart in rows.items():  # the newest revision first
        holding.setdefault(row.period, apart)
    others = closing.cut_otherwise(period, list(rows))
    months = [dated(code) for code in sorted(holding) if not holding[code] and code not in others]
    if not months:
        return ""
    said = _("%(months)s定稿时，岗位的数还没有把剔除的分开：这里剔除的也算在里面，更正一次才会分开。")
    return said % {"months": pgettext("between names", "、").join(months)}


def _status(period: Period, rows: Sequence[Any], *, without: Set[str] = frozenset()) -> Status:
    """Of revisions, the newest first: the oldest of a month closed it, the others corrected it.

    `without` are months that were closed without what is told of here. A month that was closed with other bounds than
    it has now is not closed as it is shown.
    """
    others = closing.cut_otherwise(period, rows)
    rows = [row for row in rows if row.period not in others]
    first = {row.period: row for row in rows}
    corrections = [
        _("%(period)s于 %(day)s更正：%(reason)s")
        % {"period": dated(row.period), "day": _day(row), "reason": row.reason}
        for row in rows
        if row != first[row.period]
    ]
    said = _never(period, len(first), others, without) or _sentence(period, list(first.values()))
    return Status(said, corrections)


def _never(period: Period, n: int, others: Set[str], without: Set[str]) -> str:
    """Of months that will not be closed by themselves, since they were once; empty where there are none."""
    if others and period.kind is Kind.MONTH:
        return _("这个月定稿时的起止时间和现在的不同，数字是按现在的起止重新算的，还会变。请管理员查对。")
    if others:
        said = _("由各月合成，已经定稿 %(n)d 个月，其余的还会变。其中 %(months)s定稿时的起止时间和现在的不同，"
                 "数字是按现在的起止重新算的，请管理员查对。")  # fmt: skip
    elif without:
        said = _(
            "由各月合成，已经定稿 %(n)d 个月，其余的还会变。其中 %(months)s定稿时还不含岗位，要更正一次才会定下来。"
        )
    else:
        return ""
    months = pgettext("between names", "、").join(dated(code) for code in sorted(others or without))
    return said % {"n": n, "months": months}


def _sentence(period: Period, closed: list[Any]) -> str:
    ripe = day(closing.ripe_on(period))
    if period.kind is Kind.MONTH:
        if closed:
            return _("%(day)s已经定稿，以后不跟着数据变。") % {"day": _day(closed[0])}
        return _("还没有定稿，数字还会变；%(day)s起定稿。") % {"day": ripe}
    if len(closed) == len(period.months()):
        return _("由各月合成，各月都已经定稿。")
    return _("由各月合成，已经定稿 %(n)d 个月，其余的还会变；%(day)s起全部定稿。") % {
        "n": len(closed),
        "day": ripe,
    }


def _day(row: Any) -> str:
    return day(clock.local_date(row.closed_at))
