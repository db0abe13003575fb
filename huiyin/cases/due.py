"""Keeps the copies of due times on orders and cases true when a clock's own due time was worked out again."""

from collections.abc import Sequence

from django.db.models import F, OuterRef, Subquery

from huiyin.cases.models import Case, Order, Round
from huiyin.deadlines.models import Clock


def follow(clocks: Sequence[Clock]) -> int:
    """Copy the clocks' due times to their orders and to the cases whose present round they time.

    Two statements, each a transaction of its own, so that an act holding a case is never waited for in a
    circle. Returns how many rows changed; doing it twice changes nothing.
    """
    ids = [clock.pk for clock in clocks]
    own = Clock.objects.filter(pk=OuterRef("clock_id")).values("due_at")
    orders = Order.objects.filter(clock_id__in=ids, clock__due_at__isnull=False)
    changed = orders.exclude(due_at=F("clock__due_at")).update(due_at=Subquery(own))
    present = Round.objects.filter(case=OuterRef("pk"), number=OuterRef("round"))
    known = {"rounds__clock__due_at__isnull": False}  # while a clock stands, what is shown is its bound
    cases = Case.objects.filter(rounds__clock_id__in=ids, rounds__number=F("round"), **known)
    theirs = Subquery(present.values("clock__due_at")[:1])
    return changed + cases.annotate(theirs=theirs).exclude(due_at=F("theirs")).update(due_at=theirs)
