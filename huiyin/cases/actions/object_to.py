"""提出派单异议: a unit says, once and with a clause, that the order is not its own."""

from django.utils.translation import gettext as _

from huiyin.cases import states, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Objection, Order, Reason
from huiyin.cases.ordering import hold_by_lead, require_not_accused, start_clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit


def object_to(
    order: Order, *, by: Actor, reason: Reason, explanation: str, suggested_unit: Unit | None = None
) -> Objection:
    """Object to an order with a cited clause, once a unit and round, within the time for objections."""
    said = words.required(explanation, _("异议说明"))
    if reason.kind != Reason.For.OBJECTION:
        raise Refused(_("请从派单异议的条款里选一条。"), code="reason")
    with opened(order.case, "object", by=by, order=order) as file:
        mine = file.part(order)
        _require_objectionable(file, mine)
        if suggested_unit is not None:
            require_not_accused(file, suggested_unit)
        file.move_order(mine, states.Order.OBJECTED)
        objection = file.add(
            Objection(
                order=mine,
                reason=reason,
                words=said,
                suggested_unit=suggested_unit,
                raised_at=file.at,
                raised_by=by.post,
                clock=start_clock(file, "adjudication"),
            )
        )
        file.move(file.case.state)
        hold_by_lead(file)
        file.facts |= {"unit": mine.unit.code, "reason": reason.code, "basis": reason.basis}
        file.private["words"] = words.digest(said)
    return objection


def _require_objectionable(file: CaseFile, order: Order) -> None:
    if order.binding:
        raise Refused(_("本单是指定承办，不能再提异议。请按期办理；有困难可申请延期。"), code="binding")
    if file.at > order.objection_until:
        raise Refused(_("提异议的时限已过，视为接受本单。请按期办理；有困难可申请延期。"), code="too_late")
    rounds = {each.pk: each.round for each in file.parts(Order) if each.unit_id == order.unit_id}
    if any(rounds.get(each.order_id) == order.round for each in file.parts(Objection)):
        raise Refused(_("贵单位本轮已提过一次异议，不能再提。请按期办理。"), code="once")
