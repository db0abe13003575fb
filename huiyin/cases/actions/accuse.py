"""列为被举报方: the desk names whom a report is about, when the citizen named them only in their own words."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import states
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.instructions import carry_instructions
from huiyin.cases.models import Case, Exclusion
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.succession import line_of, with_lineage

INSTRUCTED = ("instruct", "ask_again")


def accuse(case: Case, *, by: Actor, unit: Unit, person: Post | None = None) -> None:
    """Shut a unit, and a person under whichever of their posts, out of a report before it is dispatched.

    Whichever unit followed it, or was followed by it, is shut out with it.
    When the desk itself is named, the supervising unit becomes the desk. What a leader has told a unit that is
    shut out, the desk reports on. The public facts name nobody.
    """
    named = person.unit if person is not None else unit
    with opened(case, "accuse", by=by) as file:
        _require_possible(file, named, person)
        file.add(Exclusion(case=file.case, unit=named, user=person.user if person else None))
        shut_out = with_lineage({named.pk})
        if file.case.desk.path.startswith(line_of([named.path])):
            shut_out.add(file.case.desk_id)
            file.set(desk=_other_desk(file, named))
        if not file.happened.isdisjoint(INSTRUCTED):
            for unit_id in shut_out:
                carry_instructions(file, unit_id, file.case.desk_id)
        file.move(file.case.state)
        role = Role.CLERK if file.case.state == Case.State.REGISTERED else Role.DISPATCHER
        file.hold(file.case.desk, role)
        file.private["unit"] = named.code


def _require_possible(file: CaseFile, unit: Unit, person: Post | None) -> None:
    by = file.by
    if file.case.nature != Case.Nature.REPORT:
        raise Refused(_("只有举报才列被举报方。性质不对时，请先改正性质。"), code="nature")
    if unit.pk in by.barred_unit_ids or (person is not None and by.user == person.user):
        raise Refused(_("您或您的单位是被举报对象，这一步请由督办机构来做。"), code="accused")
    user = person.user_id if person is not None else None
    if any(row.unit_id == unit.pk and user in (None, row.user_id) for row in file.parts(Exclusion)):
        raise Refused(_("“%(unit)s”已经列为被举报方。") % {"unit": unit}, code="known")
    line = line_of([unit.path])
    for order in file.orders:
        if order.state in states.Order.OPEN and order.unit.path.startswith(line):
            raise Refused(
                _("“%(unit)s”手上还有本件的工单，请先改派。") % {"unit": order.unit}, code="in_hand"
            )


def _other_desk(file: CaseFile, accused: Unit) -> Unit:
    desk = organisation.supervision_for(file.case.region)
    if desk.path.startswith(line_of([accused.path])):
        raise Refused(
            _("受理中心和督办机构都是被举报对象，这里不能办理。请移交上级机关或纪检监察机关。"),
            code="supervision",
        )
    return desk
