"""派单: hand the case to the unit that must answer it, and start that unit's clock."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Order, Point
from huiyin.cases.ordering import Assignment, hold_by_lead, send_order
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit

NOTE = gettext_lazy("派单说明")


def dispatch(
    case: Case,
    *,
    by: Actor,
    lead: Unit,
    assisting: Sequence[Unit] = (),
    person: Post | None = None,
    points: Sequence[Point] | None = None,
    note: str = "",
) -> Order:
    """Send lead (and co-) orders for the given points, by default all that still wait for a unit.

    Clocks run from this moment, not from sign-off. Raises `Refused` when the unit cannot receive the work.
    """
    said = words.optional(note, NOTE)
    with opened(case, "dispatch", by=by) as file:
        if lead in assisting:
            raise Refused(_("主办单位不用再列为协办。请从协办里去掉它。"), code="lead_assists")
        waiting = file.points_without_unit
        asked = waiting if points is None else [file.part(point) for point in points]
        chosen = [point for point in waiting if point in asked]
        if not chosen:
            raise Refused(_("这些诉求点都已派单。请刷新页面。"), code="nothing_waits")
        orders = [send_order(file, point, Assignment(lead, person=person, note=said)) for point in chosen]
        for unit in dict.fromkeys(assisting):
            send_order(file, chosen[0], Assignment(unit, part=Order.Part.ASSIST, note=said))
        file.move(Case.State.HANDLING if len(chosen) == len(waiting) else Case.State.ACCEPTED)
        if file.case.state == Case.State.HANDLING:
            hold_by_lead(file)
        file.facts |= {
            "lead": lead.code,
            "assisting": [unit.code for unit in assisting],
            "due": orders[0].due_at.isoformat(),
            "basis": orders[0].basis,
        }
    return orders[0]
