"""撤回: the petitioner takes the matter back; open orders end with it."""

from django.utils.translation import gettext as _

from huiyin.cases import states, words
from huiyin.cases.actions.close import end
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Objection, Party
from huiyin.cases.ordering import end_order, stop_clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

MAY_WITHDRAW = (Party.Role.PETITIONER, Party.Role.AGENT)


def withdraw(case: Case, *, by: Actor, why: str = "") -> None:
    """Take a matter back before its answer was told. Members of a group leave; only its petitioner withdraws it."""
    said = words.optional(why, _("撤回的原因"))
    with opened(case, "withdraw", by=by) as file:
        _require_owner(file)
        for order in file.orders:
            if order.state in (*states.Order.OPEN, states.Order.ANSWERED):
                end_order(file, order, states.Order.CANCELLED)
        for objection in file.parts(Objection):
            stop_clock(file, objection.clock)
        end(file, Case.State.WITHDRAWN)
        if said:
            file.private["why"] = words.digest(said)


def _require_owner(file: CaseFile) -> None:
    if file.by.kind != "citizen":
        return
    party = next((p for p in file.parts(Party) if p.pk == file.by.party_id), None)
    if party is None or party.role not in MAY_WITHDRAW:
        raise Refused(_("只有提出诉求的人可以撤回整件诉求。"), code="owner")
