"""提级、下交: an order goes to a unit a level up or down; its due date goes with it."""

from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.handing_on import hand_on, settle
from huiyin.cases.models import Order
from huiyin.cases.ordering import Assignment, objection_time, require_receivable
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit


def escalate(order: Order, *, by: Actor, unit: Unit, reason: str) -> Order:
    """Take an order up to a unit of a higher level, because the one below cannot solve it. No clock restarts."""
    said = words.required(reason, _("提级的理由"))
    with opened(order.case, "escalate", by=by, order=order) as file:
        mine = file.part(order)
        file.require_in_hand(mine)
        if not organisation.stands_above(unit, mine.unit):
            raise Refused(
                _("“%(unit)s”不在“%(old)s”的上级，不能提级给它。请选上一级的单位。")
                % {"unit": unit, "old": mine.unit},
                code="level",
            )
        return _move(file, mine, unit, said)


def take_down(order: Order, *, by: Actor, unit: Unit, reason: str) -> Order:
    """Send an order down to a unit of a lower level whose duty list takes it. No clock restarts.

    A community never gets what is not on its list (Beijing Regulations on Handling Complaints upon Receipt
    北京市接诉即办工作条例 art. 17), and no unit gets what lies outside its place.
    """
    said = words.required(reason, _("下交的理由"))
    with opened(order.case, "take_down", by=by, order=order) as file:
        mine = file.part(order)
        file.require_in_hand(mine)
        if not organisation.stands_above(mine.unit, unit):
            raise Refused(
                _("“%(unit)s”不在“%(old)s”的下级，不能下交给它。请选下一级的单位。")
                % {"unit": unit, "old": mine.unit},
                code="level",
            )
        _require_its_place(file, unit)
        return _move(file, mine, unit, said)


def _require_its_place(file: CaseFile, unit: Unit) -> None:
    here, there = file.case.region.path, unit.region.path
    if not (here.startswith(there) or there.startswith(here)):
        raise Refused(
            _("这件诉求发生在%(place)s，不在“%(unit)s”的辖区。请选当地的单位。")
            % {"place": file.case.region, "unit": unit},
            code="place",
        )


def _move(file: CaseFile, order: Order, unit: Unit, said: str) -> Order:
    to = Assignment(unit, part=order.part, note=said)
    require_receivable(file, to)
    new = hand_on(file, order, to, objection_until=objection_time(file))
    settle(file, order, new)
    file.private["reason"] = words.digest(said)
    return new
