"""An order goes on in other hands: the work moves to another unit, and its time goes on as it stands."""

from datetime import datetime

from huiyin.cases import states
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Order
from huiyin.cases.ordering import (
    Assignment,
    end_order,
    hold_by_lead,
    lapse_requests,
    require_able,
)
from huiyin.deadlines import clocks
from huiyin.organisation import queries as organisation


def hand_on(
    file: CaseFile,
    order: Order,
    to: Assignment,
    *,
    objection_until: datetime,
    ends: str = states.Order.REPLACED,
) -> Order:
    """End an open order in the state `ends`, and give another unit one that is due when the old one was.

    A move wins nobody any time.

    The new unit signs it afresh, and may object until the moment given. Raises `Refused` when nobody there can
    have the work in hand; whether the unit may receive it at all, the caller has asked.
    """
    person = to.person or organisation.liaison_of(to.unit)
    require_able(file, person, to.unit)
    lapse_requests(file, order)  # a clock that stood for a question goes on first
    due_at = order.due_at
    clock, pauses = clocks.carried_on(order.clock)
    end_order(file, order, ends)
    file.add(clock)
    for each in pauses:
        each.clock = clock  # which has its key only now
        file.add(each)
    new = Order(
        case=file.case,
        point=order.point,
        round=order.round,
        part=order.part,
        state=states.Order.SENT,
        unit=to.unit,
        person=person,
        clock=clock,
        due_at=due_at,
        basis=order.basis,
        binding=to.binding,
        note=to.note or order.note,
        sent_at=file.at,
        sent_by=file.by.post,
        objection_until=objection_until,
    )
    return file.add(new)


def settle(file: CaseFile, old: Order, new: Order) -> None:
    """The case stays where it is, held by whoever leads now; the event tells from whom to whom, and until when."""
    file.move(file.case.state)
    if file.case.state == states.Case.HANDLING:
        hold_by_lead(file)
    file.facts |= {
        "from_unit": old.unit.code,
        "unit": new.unit.code,
        "due": new.due_at.isoformat(),
        "basis": new.basis,
    }
