"""What a closed unit leaves behind: its open orders, taken over one by one; stopped anywhere, done again goes on."""

from collections.abc import Iterator

from django.db.models import QuerySet

from huiyin.cases import states
from huiyin.cases.actions.take_over import take_over
from huiyin.cases.models import Order
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

AT_ONCE = 200


def left_behind() -> QuerySet[Order]:
    """The open orders of units that are no more and name a successor."""
    today = clock.local_date(clock.now())
    ended = Order.objects.filter(unit__valid_to__lt=today, unit__successor__isnull=False)
    return ended.filter(state__in=states.Order.OPEN)


def take_over_all(unit: Unit, *, by: Actor, to: Unit | None = None) -> Iterator[tuple[Order, Refused | None]]:
    """Hand on each open order of a unit, each in its own transaction; the order, and why it stayed if it did."""
    orders, after = Order.objects.filter(unit=unit, state__in=states.Order.OPEN), 0
    while batch := list(orders.filter(pk__gt=after).select_related("case").order_by("pk")[:AT_ONCE]):
        for order in batch:
            try:
                take_over(order, by=by, unit=to)
            except Refused as refusal:
                yield order, refusal
            else:
                yield order, None
        after = batch[-1].pk
