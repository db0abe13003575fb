"""The catalogue: every figure once, with its name, definition, unit, denominator, source, and an Ibis expression.

Whoever shows a number (a page, the command line, a bulletin, an assessment) takes it from here by its name. The
expressions are over the tables of `star`; `asking` cuts them by period, place, unit and category.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime

    from ibis.expr.types import Table

    Expression = Callable[[Table, datetime], Any]
    Condition = Callable[[Any, datetime], Any]

COUNT, RATE, DAYS = "count", "rate", "days"
RECEIPT = "received_on"
CASES, PEOPLE, TIMES, SHARE, DAY = _("件"), _("人次"), _("次"), _("占比"), _("天")
Words = str | Promise
QUANTILES = [0.5, 0.9]


@dataclass(frozen=True)
class Figure:
    """One figure. `value` counts it; `of` counts its denominator (of days: how many values there are).

    A rate is value / of, both whole numbers. A count with `of` is a part of that whole, and shown with its share.
    `dated` is the column that says to which period a row belongs: the day of receipt, or a moment of its own. `good`
    and `among` are the conditions on a row that it counts above and below; None stands for every row.
    """

    name: str
    kind: str
    over: str
    title: Words
    definition: Words
    unit: Words
    value: Expression
    of: Expression
    denominator: Words
    basis: Words
    dated: str = RECEIPT
    good: Condition | None = None
    among: Condition | None = None


def _all(table: Table, now: datetime) -> Any:
    return table.count()


def _where(condition: Condition) -> Expression:
    # Spark sums where others count, and the sum of no rows is nothing.
    return lambda table, now: table.count(where=condition(table, now)).coalesce(0)


RECEIVED = _("这段时间收到的全部诉求，不含举报")
RATED = _("对这段时间收到的诉求的全部有效评价，本人评价和电话回访都算")
JUDGED = _("已经告知答复的轮次，加上已经超期、还在等答复的轮次；不予受理、并入、撤回的不评")
ORDERED = _("为这段时间收到的诉求派出的全部工单")
ANSWERED = _("其中已经得到第一次答复的诉求")
ONGOING = _("其中还没有结束的诉求")
BEHIND_THEM = _("这段时间收到的全部诉求的人次，不含举报")
LAW = _("本系统统计口径")
REGULATION = _("《信访工作条例》")
MAILBOX = _("《国务院办公厅关于进一步优化地方政务服务便民热线的指导意见》（国办发〔2020〕53 号）")
RATING = _("《国务院办公厅关于建立政务服务“好差评”制度提高政务服务水平的意见》（国办发〔2019〕51 号）")


def _count(
    name: str,
    title: Words,
    definition: Words,
    condition: Condition | None = None,
    *,
    over: str = "matters",
    among: Condition | None = None,
    unit: Words = CASES,
    denominator: Words = RECEIVED,
    basis: Words = LAW,
) -> Figure:
    value = _all if condition is None else _where(condition)
    of = _all if among is None else _where(among)
    return Figure(name, COUNT, over, title, definition, unit, value, of, denominator, basis)


def rate(
    name: str,
    title: Words,
    definition: Words,
    condition: Condition,
    *,
    over: str = "matters",
    among: Condition | None = None,
    denominator: Words = RECEIVED,
    basis: Words = LAW,
    dated: str = RECEIPT,
) -> Figure:
    """The share of the rows for which a condition holds, of all or of those that are `among` them."""
    of = _all if among is None else _where(among)
    above = _where(condition)
    return Figure(
        name, RATE, over, title, definition, SHARE, above, of, denominator, basis, dated, condition, among
    )


def _took(name: str, title: Words, definition: Words, value: Expression) -> Figure:
    return Figure(name, DAYS, "matters", title, definition, DAY, value, _where(_answered), ANSWERED, LAW)


def _people(name: str, title: Words, definition: Words, value: Expression) -> Figure:
    return Figure(name, COUNT, "matters", title, definition, PEOPLE, value, _heads, BEHIND_THEM, LAW)


def _heads(table: Any, now: datetime) -> Any:
    return table.headcount.sum().coalesce(0)


def _open_heads(table: Any, now: datetime) -> Any:
    return table.headcount.sum(where=table.open).coalesce(0)


def _answered(t: Any, now: datetime) -> Any:
    return t.took_days.notnull()  # as answered_at: a column that is read anyhow


def _quantile(at: int) -> Expression:
    # Asked for together, so that the spans are put in order once.
    return lambda t, now: t.took_days.quantile(QUANTILES)[at]


def _overdue(t: Any, now: datetime) -> Any:
    return t.waiting & (t.due_at < now)


def _judged(t: Any, now: datetime) -> Any:
    return t.told | (t.due_at < now)


def _redone(t: Any, now: datetime) -> Any:
    return t.cause.isin(["unsolved", "contested", "reopened", "appealed", "revoked"])


FIGURES: Mapping[str, Figure] = {
    figure.name: figure
    for figure in (
        # -- how much came ---------------------------------------------------------------------------------------
        _count(
            "received",
            _("收到"),
            _("登记的每一件算一件，并入别件的也算；人次是一件里有多少人一起反映。不含举报。"),
        ),
        _people("people", _("人次"), _("一件里有多少人一起反映。不含举报。"), _heads),
        _count(
            "suggestions",
            _("建议"),
            _("其中性质是建议的。"),
            lambda t, now: t.nature == "suggestion",
        ),
        _count(
            "appeals",
            _("诉求"),
            _("其中建议以外的：求助、咨询、投诉、表扬。"),
            lambda t, now: t.nature != "suggestion",
        ),
        rate(
            "suggestion_share",
            _("建议占比"),
            _("建议的件数除以收到的件数。"),
            lambda t, now: t.nature == "suggestion",
        ),
        rate(
            "appeal_share",
            _("诉求占比"),
            _("诉求的件数除以收到的件数。"),
            lambda t, now: t.nature != "suggestion",
        ),
        _count("inquiries", _("咨询"), _("其中性质是咨询的。"), lambda t, now: t.nature == "inquiry"),
        _count("complaints", _("投诉"), _("其中性质是投诉的。"), lambda t, now: t.nature == "complaint"),
        # -- what became of it -----------------------------------------------------------------------------------
        _count(
            "concluded",
            _("办结"),
            _("其中已经结束的，不论怎样结束；并入的看所并入的一件，撤回的不算办结。"),
            lambda t, now: t.concluded,
        ),
        rate(
            "conclusion_rate",
            _("办结率"),
            _("办结的件数除以收到的件数。"),
            lambda t, now: t.concluded,
            basis=REGULATION,
        ),
        _count(
            "answered",
            _("已答复"),
            _("至少有过一次通过审核的答复，或者当场答复过。"),
            _answered,
        ),
        _count("declined", _("不予受理"), _("其中不予受理的。"), lambda t, now: t.state == "declined"),
        _count("withdrawn", _("撤回"), _("其中本人撤回的。"), lambda t, now: t.state == "withdrawn"),
        _count("open", _("还在办"), _("还没有结束的，包括已经答复、等诉求人评价的。"), lambda t, now: t.open),
        _people("open_people", _("还在办的人次"), _("还没有结束的诉求里有多少人一起反映。"), _open_heads),
        _count(
            "overdue",
            _("超期未答复"),
            _("答复期限已过、诉求人还没有得到答复的。期限见“办理标准”。"),
            _overdue,
            among=lambda t, now: t.open,
            denominator=ONGOING,
        ),
        rate("overdue_rate", _("超期率"), _("超期未答复的件数除以收到的件数。"), _overdue),
        # -- how long it took ------------------------------------------------------------------------------------
        _took(
            "median_days",
            _("答复用时的中位数"),
            _("从收到到第一次答复，按 24 小时一天算，周末也算。一半的诉求比它快，一半比它慢。"),
            _quantile(0),
        ),
        _took(
            "p90_days",
            _("九成答复用时"),
            _("从收到到第一次答复，按 24 小时一天算，周末也算。九成的诉求不超过它。"),
            _quantile(1),
        ),
        _took(
            "mean_days",
            _("平均答复用时"),
            _("从收到到第一次答复，按 24 小时一天算，周末也算。少数拖得很久的会把它拉高，请和中位数一起看。"),
            lambda t, now: t.took_days.mean(),
        ),
        _took(
            "max_days",
            _("最长答复用时"),
            _("从收到到第一次答复，按 24 小时一天算，周末也算。拖得最久的一件用了这么多天。"),
            lambda t, now: t.took_days.max(),
        ),
        # -- in time, again --------------------------------------------------------------------------------------
        rate(
            "on_time_rate",
            _("按期答复率"),
            _(
                "期限内告知诉求人的轮次，除以已告知的和已经超期的轮次。重办算新的一轮。不予受理、并入、撤回的不算。"
            ),
            lambda t, now: t.told & t.on_time,
            over="rounds",
            among=_judged,
            denominator=JUDGED,
            basis=REGULATION,
        ),
        _count(
            "extended",
            _("延期轮次"),
            _("应评的轮次里，期限延长过的。"),
            lambda t, now: _judged(t, now) & t.extended,
            over="rounds",
            among=_judged,
            unit=TIMES,
            denominator=JUDGED,
        ),
        rate(
            "redo_rate",
            _("重办率"),
            _("因为没有解决、有异议、重启或者复查复核再办的轮次除以全部轮次。"),
            _redone,
            over="rounds",
            denominator=_("这段时间收到的诉求的全部轮次"),
        ),
        # -- the units -------------------------------------------------------------------------------------------
        _count(
            "orders",
            _("工单"),
            _("派给单位的工单，主办、协办都算。"),
            over="orders",
            unit=TIMES,
            denominator=ORDERED,
        ),
        rate(
            "signed_rate",
            _("签收率"),
            _("单位签收的工单除以全部工单。"),
            lambda t, now: t.signed,
            over="orders",
            denominator=ORDERED,
            basis=MAILBOX,
        ),
        rate(
            "objection_rate",
            _("派单异议率"),
            _("单位提出过异议的工单除以全部工单。"),
            lambda t, now: t.objected,
            over="orders",
            denominator=ORDERED,
        ),
        rate(
            "return_rate",
            _("答复退回率"),
            _("答复被退回重办的工单除以答复过的工单。"),
            lambda t, now: t.returned,
            over="orders",
            among=lambda t, now: t.answered | t.returned,
            denominator=_("其中单位答复过的工单"),
        ),
        # -- what people say of it -------------------------------------------------------------------------------
        _count(
            "ratings",
            _("评价"),
            _("有效评价，一人一轮算一次。"),
            over="evaluations",
            unit=TIMES,
            denominator=RATED,
        ),
        rate(
            "response_rate",
            _("响应率"),
            _("说有人联系过的评价除以全部有效评价。"),
            lambda t, now: t.contacted,
            over="evaluations",
            denominator=RATED,
            basis=RATING,
        ),
        rate(
            "solution_rate",
            _("解决率"),
            _("说“已解决”的评价除以全部有效评价，“部分解决”不算。"),
            lambda t, now: t.solved == "yes",
            over="evaluations",
            denominator=RATED,
            basis=RATING,
        ),
        rate(
            "satisfaction_rate",
            _("满意率"),
            _("“满意”和“非常满意”的评价除以全部有效评价，“基本满意”不算。"),
            lambda t, now: t.satisfied >= 4,
            over="evaluations",
            denominator=RATED,
            basis=RATING,
        ),
        rate(
            "fair_rate",
            _("基本满意以上率"),
            _("“基本满意”和更高的评价除以全部有效评价。"),
            lambda t, now: t.satisfied >= 3,
            over="evaluations",
            denominator=RATED,
            basis=RATING,
        ),
    )
}
