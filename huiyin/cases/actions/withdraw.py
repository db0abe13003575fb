"""撤回: the petitioner takes the matter back; open orders end with it."""

from django.utils.translation import gettext as _

from huiyin.cases import groups, words
from huiyin.cases.actions.close import end
from huiyin.cases.casefile import CaseFile
from huiyin.cases.kin import opened_with_children, release
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.ordering import cancel_orders, lapse_notices
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def withdraw(case: Case, *, by: Actor, why: str = "") -> None:
    """Take a matter back before its answer was told. Members of a group leave; only its petitioner withdraws it."""
    said = words.optional(why, _("撤回的原因"))
    with opened_with_children(case, "withdraw", by=by) as (file, children):
        _require_owner(file)
        cancel_orders(file)
        lapse_notices(file, *Notice.About.values)
        end(file, Case.State.WITHDRAWN)
        file.facts["released"] = release(children, by=by)
        if said:
            file.private["why"] = words.digest(said)


def _require_owner(file: CaseFile) -> None:
    if file.by.kind != "citizen":
        return
    party = next((p for p in file.parts(Party) if p.pk == file.by.party_id), None)
    if party is None or groups.speaks_as(party) != Party.Role.PETITIONER:
        raise Refused(_("只有提出诉求的人可以撤回整件诉求。"), code="owner")
