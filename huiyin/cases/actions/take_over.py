"""承继: when a unit is merged or split, its open orders go to the successor with their due dates."""

from django.utils.translation import gettext as _

from huiyin.cases import reminding, states
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.handing_on import hand_on, settle
from huiyin.cases.instructions import carry_instructions
from huiyin.cases.models import Order
from huiyin.cases.ordering import (
    Assignment,
    objection_time,
    require_not_accused,
    require_receivable,
    require_standing,
)
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit


def take_over(order: Order, *, by: Actor, unit: Unit | None = None) -> Order:
    """Hand an order of a unit that has ended to the one that succeeds it, or, after a split, to the one named.

    The due date stays, and so does the time for objections unless the old unit's objection was undecided:
    that lapses, and the successor may object in its own name. Who succeeds by law has the duties of the old
    unit, whatever its own list says; anybody else is asked for theirs.
    """
    with opened(order.case, "take_over", by=by, order=order) as file:
        mine = file.part(order)
        file.require_in_hand(mine)
        if mine.unit.valid_to is None or mine.unit.valid_to >= wall.local_date(file.at):
            raise Refused(
                _("“%(unit)s”还没有撤并，工单不用承继。要换单位请改派。") % {"unit": mine.unit},
                code="standing",
            )
        to = _assignment(file, mine, unit)
        objected = mine.state == states.Order.OBJECTED
        until = objection_time(file) if objected else mine.objection_until
        new = hand_on(file, mine, to, objection_until=until, ends=states.Order.SUCCEEDED)
        carry_instructions(file, mine.unit_id, to.unit.pk)
        reminding.carry(file, mine.unit_id, to.unit.pk)
        settle(file, mine, new)
    return new


def _assignment(file: CaseFile, order: Order, named: Unit | None) -> Assignment:
    by_law = organisation.successor_of(order.unit, day=wall.local_date(file.at))
    successor = named or by_law
    if successor is None:
        raise Refused(
            _("“%(unit)s”没有写明后继单位。请指定由哪个单位承继。") % {"unit": order.unit}, code="successor"
        )
    to = Assignment(successor, part=order.part, binding=order.binding)
    if successor == by_law:
        require_standing(file, successor)
        require_not_accused(file, successor)
    else:
        require_receivable(file, to)
    return to
