"""视为接受: two working days without an objection accept the order."""

from django.utils.translation import gettext as _

from huiyin.cases import states
from huiyin.cases.casefile import opened
from huiyin.cases.models import Order
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def accept_silently(order: Order, *, by: Actor) -> None:
    """Take an unsigned order as accepted once its time for objections is over; `Refused` before that."""
    with opened(order.case, "accept_silently", by=by, order=order) as file:
        mine = file.part(order)
        if file.at <= mine.objection_until:
            raise Refused(_("提异议的时限还没有过，不能视为接受。"), code="too_early")
        file.move_order(mine, states.Order.SIGNED, signed_at=file.at)
        file.move(file.case.state)
        file.facts |= {"unit": mine.unit.code, "part": mine.part}
