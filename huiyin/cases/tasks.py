"""Standing tasks of this room, run by the worker."""

from contextlib import suppress

from huiyin.cases import states
from huiyin.cases.actions import accept_silently
from huiyin.cases.models import Order
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

AT_ONCE = 200


def accept_silence() -> int:
    """Accept every unsigned order whose time for objections is over; returns how many. Safe to be killed anywhere."""
    due = Order.objects.filter(state=states.Order.SENT, objection_until__lt=clock.now())
    worker, accepted, after = Actor.system("worker"), 0, 0
    while batch := list(due.filter(pk__gt=after).select_related("case").order_by("pk")[:AT_ONCE]):
        for order in batch:
            with suppress(Refused):  # its unit was quicker by a breath: it has signed, objected or answered
                accept_silently(order, by=worker)
                accepted += 1
        after = batch[-1].pk
    return accepted
