"""联系诉求人: a talk with the petitioner, tried or held; a try counts towards telling them."""

from django.utils.translation import gettext as _

from huiyin.cases import states, words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Contact, Notice, Order
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def contact(
    case: Case, *, by: Actor, how: str, outcome: str, said: str = "", order: Order | None = None
) -> Contact:
    """Record a talk; `outcome` is "reached" or "missed". A miss is an attempt on every notice still owed."""
    spoken = words.optional(said, _("联系情况"))
    if how not in Contact.How.values or outcome not in ("reached", "missed"):
        raise Refused(_("请选择联系方式，以及是否联系上。"), code="contact")
    with opened(case, "contact", by=by, order=order) as file:
        file.require_in_hand(order)
        row = file.add(
            Contact(
                case=file.case,
                order=order,
                round=file.case.round,
                how=how,
                reached=outcome == "reached",
                words=spoken or None,
                at=file.at,
                by=by.post,
            )
        )
        if order is not None and row.reached:
            mine = file.part(order)
            if mine.contacted_at is None and mine.state in states.Order.OPEN:
                file.change(mine, contacted_at=file.at)
        if not row.reached:
            for notice in file.parts(Notice):
                if notice.told_at is None:
                    file.change(notice, attempts=notice.attempts + 1)
        file.move(file.case.state)
        file.facts |= {"how": how, "outcome": outcome, "unit": by.unit.code if by.unit else ""}
        if spoken:
            file.private["words"] = words.digest(spoken)
    return row
