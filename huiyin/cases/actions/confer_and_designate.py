"""联席会议指定承办: competence is unclear, a joint meeting names the unit with binding force (信访工作条例 art. 24)."""

from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Order
from huiyin.cases.ordering import Assignment, hold_by_lead, send_order
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit


def confer_and_designate(case: Case, *, by: Actor, unit: Unit, minutes: str) -> list[Order]:
    """Send every point that waits for a unit to the one that the meeting names; it cannot object.

    Before any objection, where it is clear from the start that the units would push the matter to and fro.
    """
    said = words.required(minutes, _("会议的意见"))
    with opened(case, "confer_and_designate", by=by) as file:
        waiting = file.points_without_unit
        if not waiting:
            raise Refused(_("这些诉求点都已派单。请刷新页面。"), code="nothing_waits")
        orders = [send_order(file, point, Assignment(unit, note=said, binding=True)) for point in waiting]
        file.move(Case.State.HANDLING)
        hold_by_lead(file)
        file.facts |= {"unit": unit.code, "due": orders[0].due_at.isoformat(), "basis": orders[0].basis}
        file.private["minutes"] = words.digest(said)
    return orders
