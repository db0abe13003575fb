"""不予受理: refused at the door with a coded ground, its legal basis and the right route; can be contested."""

from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.actions.close import end
from huiyin.cases.kin import opened_with_children, release
from huiyin.cases.models import Case, Note, Notice, Reason
from huiyin.cases.ordering import owe
from huiyin.cases.terminating import require_fresh_eyes
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def decline(case: Case, *, by: Actor, reason: Reason, words_to_citizen: str = "") -> None:
    """Decline a registered matter. Every party is owed the ground, the basis and the route."""
    if reason.kind != Reason.For.DECLINE:
        raise Refused(_("请从“不予受理”的理由里选一条。"), code="reason")
    said = words.optional(words_to_citizen, _("说明"))
    with opened_with_children(case, "decline", by=by) as (file, children):
        require_fresh_eyes(file)
        end(file, Case.State.DECLINED)
        file.set(end_reason=reason)
        owe(file, file.told_parties, Notice.About.DECLINE)
        if said:
            file.add(Note(case=file.case, readers=Note.Readers.ALL, text=said, at=file.at, by=by.post))
            file.private["words"] = words.digest(said)
        file.facts |= {"reason": reason.code, "basis": reason.basis, "released": release(children, by=by)}
