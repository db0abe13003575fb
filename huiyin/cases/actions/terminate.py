"""终止: one person proposes to end the handling, another confirms it; the petitioner reads why and may contest it."""

from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.actions.close import end
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.kin import opened_with_children, release
from huiyin.cases.models import Case, Notice, Reason, Termination
from huiyin.cases.ordering import cancel_orders, owe
from huiyin.cases.terminating import proposed, require_fresh_eyes
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def propose_termination(case: Case, *, by: Actor, reason: Reason, said: str) -> Termination:
    """Propose to terminate for a coded ground, with words that the petitioner will read. Nothing stops yet."""
    told = words.required(said, _("给诉求人的说明"))
    if reason.kind != Reason.For.TERMINATE:
        raise Refused(_("请从“终止办理”的理由里选一条。"), code="reason")
    with opened(case, "propose_termination", by=by) as file:
        require_fresh_eyes(file)
        _let_past_ones_lapse(file)
        if any(proposed(row) for row in file.parts(Termination)):
            raise file.refusal(_("已经有一项终止提议等待复核"))
        row = file.add(
            Termination(
                case=file.case,
                round=file.case.round,
                reason=reason,
                words=told,
                proposed_at=file.at,
                proposed_by=by.post,
            )
        )
        file.move(file.case.state)
        file.facts |= {"reason": reason.code, "basis": reason.basis}
        file.private["words"] = words.digest(told)
    return row


def confirm_termination(termination: Termination, *, by: Actor, said: str = "") -> None:
    """End the handling on a second person's word: orders are cancelled, every party is owed the ground and the appeal.

    Raises `Refused` for whoever proposed it, under whichever post.
    """
    told = words.optional(said, _("复核意见"))
    with opened_with_children(termination.case, "confirm_termination", by=by) as (file, children):
        mine = _undecided(file, termination)
        if mine.proposed_by is None or by.user is None or mine.proposed_by.user_id == by.user.pk:
            raise Refused(_("终止要由两个人决定。请由另一位同事复核。"), code="same_person")
        require_fresh_eyes(file)
        _decide(file, mine, Termination.State.CONFIRMED, told)
        cancel_orders(file)
        end(file, Case.State.TERMINATED)
        file.set(end_reason=mine.reason)
        owe(file, file.told_parties, Notice.About.TERMINATION)
        file.facts |= {
            "reason": mine.reason.code,
            "basis": mine.reason.basis,
            "released": release(children, by=by),
        }


def refuse_termination(termination: Termination, *, by: Actor, reason: str) -> None:
    """Refuse the proposal with reasons; the matter goes on as if nothing had been said."""
    told = words.required(reason, _("不同意的理由"))
    with opened(termination.case, "refuse_termination", by=by) as file:
        _decide(file, _undecided(file, termination), Termination.State.REFUSED, told)
        file.move(file.case.state)


def _let_past_ones_lapse(file: CaseFile) -> None:
    for row in file.parts(Termination):
        if proposed(row) and row.round != file.case.round:
            file.change(row, state=Termination.State.LAPSED, decided_at=file.at)


def _undecided(file: CaseFile, termination: Termination) -> Termination:
    mine = file.part(termination)
    if not proposed(mine):
        raise file.refusal(_("这项终止提议现在是“%(state)s”") % {"state": mine.get_state_display()})
    if mine.round != file.case.round:
        raise file.refusal(_("这项终止提议属于以前的一轮"))
    return mine


def _decide(file: CaseFile, mine: Termination, state: str, said: str) -> None:
    file.change(mine, state=state, decided_at=file.at, decided_by=file.by.post, decision=said or None)
    if said:
        file.private["decision"] = words.digest(said)
