"""Standing tasks of this room, run by the worker."""

from huiyin.cases import states
from huiyin.cases.actions import accept_silently
from huiyin.cases.models import Order
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor

AT_ONCE = 200


def accept_silence() -> int:
    """Accept every unsigned order whose time for objections is over; returns how many. Safe to be killed anywhere."""
    due = Order.objects.filter(state=states.Order.SENT, objection_until__lt=clock.now())
    worker, accepted = Actor.system("worker"), 0
    while batch := list(due.select_related("case").order_by("pk")[:AT_ONCE]):
        for order in batch:
            accept_silently(order, by=worker)
            accepted += 1
    return accepted
