"""不予受理: refused at the door with a coded ground, its legal basis and the right route; can be contested."""

from django.utils.translation import gettext as _

from huiyin.cases import pens, words
from huiyin.cases.casefile import CaseFile
from huiyin.cases.kin import opened_with_children, release
from huiyin.cases.models import Case, Note, Notice, Reason
from huiyin.cases.ordering import owe, stop_clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger import queries as ledger
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post


def decline(case: Case, *, by: Actor, reason: Reason, words_to_citizen: str = "") -> None:
    """Decline a registered matter. Every party is owed the ground, the basis and the route."""
    if reason.kind != Reason.For.DECLINE:
        raise Refused(_("请从“不予受理”的理由里选一条。"), code="reason")
    said = words.optional(words_to_citizen, _("说明"))
    with opened_with_children(case, "decline", by=by) as (file, children):
        if _declined_before(file):
            raise Refused(_("诉求人对您上次的“不予受理”有异议，这次请由另一位同事甄别。"), code="same_person")
        file.move(Case.State.DECLINED)
        file.hold(None, "")
        file.set(end_reason=reason, ended_at=file.at)
        stop_clock(file, file.round.clock)
        file.change(file.round, ended_at=file.at, end_state=Case.State.DECLINED)
        owe(file, file.told_parties, Notice.About.DECLINE)
        if said:
            file.add(Note(case=file.case, readers=Note.Readers.ALL, text=said, at=file.at, by=by.post))
            file.private["words"] = words.digest(said)
        file.facts |= {"reason": reason.code, "basis": reason.basis, "released": release(children, by=by)}


def _declined_before(file: CaseFile) -> bool:
    """Whether this person, under whichever post, has declined the matter before."""
    names = ledger.actors_of(pens.subject_of(file.case), "decline")
    if not names or file.by.user is None:
        return False
    codes = [name.removeprefix("post:") for name in names]
    return Post.objects.filter(code__in=codes, user=file.by.user).exists()
