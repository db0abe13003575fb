"""The days' lots, as those who watch over them read them: counts, shares, and the seed when the day is over."""

from datetime import date
from typing import Any

from django.db.models import Count, Q

from huiyin.evaluation.models import Draw
from huiyin.evaluation.rules import ASK_WHY

PAGE = 25


def days(*, until: date | None = None) -> tuple[list[Any], date | None]:
    """Each day's drawing, the newest first, and the day with which the next page begins.

    Each with how many were `looked_at`, `sampled` by lot and `named` by a rule when they were looked at. Whoever is
    called for a bad grade is not among the last: the number of a small day would rise as soon as it was given.
    """
    rows = Draw.objects.filter(day__lte=until) if until else Draw.objects.all()
    named = ~Q(call_backs__rules=[]) & ~Q(call_backs__rules=[ASK_WHY])
    counted = rows.annotate(
        looked_at=Count("call_backs"),
        sampled=Count("call_backs", filter=Q(call_backs__sampled=True)),
        named=Count("call_backs", filter=named),
    )
    found = list(counted.order_by("-day")[: PAGE + 1])
    return found[:PAGE], found[PAGE].day if len(found) > PAGE else None


def seed_of(draw: Draw) -> str:
    """The seed of a day that is over; "" before: whoever knew it would know on whom the lots fall."""
    return draw.seed if draw.revealed_at is not None else ""
