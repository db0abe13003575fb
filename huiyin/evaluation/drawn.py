"""The days' lots, as those who watch over them read them: counts, shares, and the seed when the day is over."""

from datetime import date
from typing import Any

from django.db.models import Count, Q

from huiyin.evaluation.models import Draw

PAGE = 25


def days(*, until: date | None = None) -> tuple[list[Any], date | None]:
    """Each day's drawing, the newest first, and the day with which the next page begins.

    Each with how many were `looked_at`, `sampled` by lot and `named` by a rule.
    """
    rows = Draw.objects.filter(day__lte=until) if until else Draw.objects.all()
    counted = rows.annotate(
        looked_at=Count("call_backs"),
        sampled=Count("call_backs", filter=Q(call_backs__sampled=True)),
        named=Count("call_backs", filter=~Q(call_backs__rules=[])),
    )
    found = list(counted.order_by("-day")[: PAGE + 1])
    return found[:PAGE], found[PAGE].day if len(found) > PAGE else None


def seed_of(draw: Draw) -> str:
    """The seed of a day that is over; "" before: whoever knew it would know on whom the lots fall."""
    return draw.seed if draw.revealed_at is not None else ""
