"""Figures of what happened in a stretch of time: by when it was due, sent, answered, told or rated, not by receipt.

A unit is assessed by these (docs/decisions/0030): what a period holds, is over when the period is. Named and asked
for like those of the `catalogue`; only the rows that belong to a period are others. Orders are those to the leading
unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from huiyin.analytics.catalogue import DAY, DAYS, FIGURES, LAW, RATING, REGULATION, Figure, rate
from huiyin.cases.models import Order

if TYPE_CHECKING:
    from datetime import datetime

BY_DISPATCH = tuple(
    state.value for state in (Order.State.REPLACED, Order.State.CANCELLED, Order.State.SUCCEEDED)
)
VALID = _("这段时间收到的全部有效评价")


def _due(t: Any, now: datetime) -> Any:
    return (t.part == "lead") & ~t.state.isin(BY_DISPATCH) & (t.answered | (t.due_at < now))


def _sent(t: Any, now: datetime) -> Any:
    return (t.part == "lead") & (t.state != Order.State.CANCELLED.value)


def _to_sign(t: Any, now: datetime) -> Any:
    return _sent(t, now) & (t.signed | (t.sign_until < now))


def _given(t: Any, now: datetime) -> Any:
    return t.lead


DATED: Mapping[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure(
            "answered_median_days",
            DAYS,
            "matters",
            _("答复用时的中位数"),
            _(
                "这段时间第一次答复的诉求，从收到到答复的天数，按 24 小时一天算，周末也算。一半比它快，一半比它慢。"
            ),
            DAY,
            lambda t, now: t.took_days.quantile(0.5),
            lambda t, now: t.took_days.count(),
            _("这段时间第一次答复的诉求"),
            LAW,
            "answered_at",
        ),
        rate(
            "told_in_time_rate",
            _("按时告知率"),
            _("这段时间告知的轮次里，在期限内告知的除以全部告知的。"),
            lambda t, now: t.on_time,
            over="rounds",
            among=lambda t, now: t.told,
            denominator=_("这段时间告知的轮次"),
            basis=REGULATION,
            dated="told_at",
        ),
        rate(
            "due_on_time_rate",
            _("按时办结率"),
            _(
                "期限落在这段时间的主办工单里，在期限内答复的，除以已经答复和已经超期的。改派、撤销的工单不算。"
            ),
            lambda t, now: _due(t, now) & t.in_time,
            over="orders",
            among=_due,
            denominator=_("期限落在这段时间、已经答复或者超期的主办工单"),
            basis=REGULATION,
            dated="due_at",
        ),
        rate(
            "signed_in_time_rate",
            _("按时签收率"),
            _("这段时间派出的主办工单里，在提出异议的时限以内签收的，除以已经签收和时限已过的。"),
            lambda t, now: _to_sign(t, now) & t.signed_in_time,
            over="orders",
            among=_to_sign,
            denominator=_("这段时间派出、已经签收或者时限已过的主办工单"),
            dated="sent_at",
        ),
        rate(
            "objected_rate",
            _("退单率"),
            _("这段时间派出的主办工单里，单位提出异议的，除以全部派出的。越低越好。"),
            lambda t, now: _sent(t, now) & t.objected,
            over="orders",
            among=_sent,
            denominator=_("这段时间派出的主办工单，撤销的不算"),
            dated="sent_at",
        ),
        rate(
            "redone_rate",
            _("重办率"),
            _("这段时间作出的答复里，后来被审核退回、或者诉求人说没有解决而重办的，除以全部答复。越低越好。"),
            lambda t, now: t.lead & t.redone,
            over="answers",
            among=_given,
            denominator=_("这段时间作出的主办答复"),
            dated="given_at",
        ),
        rate(
            "repeated_rate",
            _("再次反映率"),
            _("这段时间作出的答复里，后来同一件事又重启的，除以全部答复。越低越好。"),
            lambda t, now: t.lead & t.again,
            over="answers",
            among=_given,
            denominator=_("这段时间作出的主办答复"),
            dated="given_at",
        ),
        *(
            rate(
                name,
                title,
                definition,
                condition,
                over="evaluations",
                denominator=VALID,
                basis=RATING,
                dated="rated_at",
            )
            for name, title, definition, condition in (
                (
                    "rated_contacted_rate",
                    _("响应率"),
                    _("这段时间收到的有效评价里，诉求人说单位联系过自己的，除以全部有效评价。"),
                    lambda t, now: t.contacted,
                ),
                (
                    "rated_solved_rate",
                    _("解决率"),
                    _("这段时间收到的有效评价里，诉求人说已经解决的，除以全部有效评价。部分解决不算解决。"),
                    lambda t, now: t.solved == "yes",
                ),
                (
                    "rated_satisfied_rate",
                    _("满意率"),
                    _("这段时间收到的有效评价里，“满意”和“非常满意”的，除以全部有效评价。"),
                    lambda t, now: t.satisfied >= 4,
                ),
                (
                    "rated_fair_rate",
                    _("基本满意的占比"),
                    _("这段时间收到的有效评价里，正好是“基本满意”的，除以全部有效评价。"),
                    lambda t, now: t.satisfied == 3,
                ),
                (
                    "rated_first_time_rate",
                    _("一次解决率"),
                    _("这段时间收到的有效评价里，第一轮办理就说已经解决的，除以全部有效评价。"),
                    lambda t, now: (t.solved == "yes") & (t["round"] == 1),
                ),
            )
        ),
    )
}
EVERY: Mapping[str, Figure] = {**FIGURES, **DATED}
