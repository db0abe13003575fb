"""签收: the unit takes the order into its hands; its clock has been running since dispatch."""

from huiyin.cases import states
from huiyin.cases.casefile import opened
from huiyin.cases.models import Order
from huiyin.organisation.actors import Actor


def sign(order: Order, *, by: Actor) -> None:
    """Sign for an order."""
    with opened(order.case, "sign", by=by, order=order) as file:
        mine = file.part(order)
        file.move_order(mine, states.Order.SIGNED, signed_at=file.at, signed_by=by.post)
        file.move(file.case.state)
        file.facts |= {"unit": mine.unit.code, "part": mine.part}
