"""裁定异议: the desk rejects the objection, re-dispatches, or designates with binding force."""

from django.utils.translation import gettext as _

from huiyin.cases import states, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Objection, Order
from huiyin.cases.ordering import Assignment, end_order, hold_by_lead, send_order, stop_clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit


def reject_objection(objection: Objection, *, by: Actor, reason: str) -> None:
    """Reject the objection: the unit keeps the order, whose clock never stopped."""
    said = words.required(reason, _("驳回的理由"))
    with opened(objection.order.case, "reject_objection", by=by) as file:
        decided = _decide(file, objection, Objection.State.REJECTED, said)
        order = _order_of(file, decided)
        file.move_order(order, states.Order.SIGNED, signed_at=order.signed_at or file.at)
        _settle(file, order)


def redispatch(objection: Objection, *, by: Actor, unit: Unit, reason: str) -> Order:
    """Uphold the objection and send the work to another unit. A second unit's objection cannot end so."""
    said = words.required(reason, _("改派的理由"))
    with opened(objection.order.case, "redispatch", by=by) as file:
        order = _order_of(file, objection)
        if _moved_before(file, order):
            raise Refused(
                _("这是第二个单位提出异议，不能再改派，请直接指定承办单位。"),
                code="designate",
                instead=_("指定承办"),
            )
        if unit.pk == order.unit_id:
            raise Refused(_("改派要换一个单位；要由原单位办理，请驳回异议或指定承办。"), code="same_unit")
        _decide(file, objection, Objection.State.REDISPATCHED, said)
        new = _replace(file, order, Assignment(unit, part=order.part))
    return new


def designate(objection: Objection, *, by: Actor, unit: Unit, reason: str) -> Order:
    """Designate a unit (the same or another) with binding force: no further objection."""
    said = words.required(reason, _("指定的理由"))
    with opened(objection.order.case, "designate", by=by) as file:
        order = _order_of(file, objection)
        _decide(file, objection, Objection.State.DESIGNATED, said)
        if unit.pk != order.unit_id:
            return _replace(file, order, Assignment(unit, part=order.part, binding=True))
        file.move_order(order, states.Order.SIGNED, signed_at=order.signed_at or file.at, binding=True)
        _settle(file, order)
    return order


def _order_of(file: CaseFile, objection: Objection) -> Order:
    return next(order for order in file.parts(Order) if order.pk == objection.order_id)


def _decide(file: CaseFile, objection: Objection, state: str, said: str) -> Objection:
    mine = file.part(objection)
    if mine.state != Objection.State.OPEN:
        raise file.refusal(_("这条异议已裁定为“%(state)s”") % {"state": mine.get_state_display()})
    file.change(mine, state=state, decided_at=file.at, decided_by=file.by.post, decision=said)
    stop_clock(file, mine.clock)
    file.private["reason"] = words.digest(said)
    return mine


def _moved_before(file: CaseFile, order: Order) -> bool:
    same_point = {each.pk for each in file.orders if each.point_id == order.point_id}
    return any(
        each.order_id in same_point and each.state == Objection.State.REDISPATCHED
        for each in file.parts(Objection)
    )


def _replace(file: CaseFile, order: Order, to: Assignment) -> Order:
    end_order(file, order, states.Order.REPLACED)
    new = send_order(file, order.point, to)
    file.facts |= {"from_unit": order.unit.code, "due": new.due_at.isoformat(), "basis": new.basis}
    _settle(file, new)
    return new


def _settle(file: CaseFile, order: Order) -> None:
    file.move(file.case.state)
    hold_by_lead(file)
    file.facts |= {"unit": order.unit.code, "binding": order.binding}
