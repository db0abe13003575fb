"""解释办结: the law allows no more; this is said with its basis, and the matter ends honestly."""

from django.utils.translation import gettext as _

from huiyin.cases import peers, words
from huiyin.cases.actions.close import end, require_answered_and_told
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Note, Notice, Reason
from huiyin.cases.ordering import owe
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def explain_and_close(case: Case, *, by: Actor, reason: Reason, explanation: str) -> None:
    """Close a told case although it is not solved, with the ground, its basis and words to the petitioner."""
    said = words.required(explanation, _("给诉求人的解释"))
    if reason.kind != Reason.For.EXPLAIN:
        raise Refused(_("请从“解释办结”的理由里选一条。"), code="reason")
    with opened(case, "explain_and_close", by=by) as file:
        require_answered_and_told(file)
        peers.require_weighed(file)
        end(file, Case.State.EXPLAINED)
        file.set(end_reason=reason)
        file.add(Note(case=file.case, readers=Note.Readers.ALL, text=said, at=file.at, by=by.post))
        owe(file, file.told_parties, Notice.About.EXPLANATION)
        file.facts |= {"reason": reason.code, "basis": reason.basis}
        file.private["words"] = words.digest(said)
