"""请人复看: whoever calls it unsolved can have somebody else look; what that one says is done, or stands with reasons."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import pens
from huiyin.cases import words as texts
from huiyin.cases.actions import redo, reopen
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Note, Notice
from huiyin.cases.ordering import owe
from huiyin.evaluation import second_opinions
from huiyin.evaluation.models import SecondOpinion
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

Verdict = SecondOpinion.Verdict


def ask_second_opinion(case: Case, *, by: Actor, why: str) -> SecondOpinion:
    """Ask that somebody else looks, once a round, with reasons. A told matter waits with the reviewer meanwhile."""
    said = texts.required(why, _("请人复看的理由"))
    with opened(case, "ask_second_opinion", by=by) as file:
        if SecondOpinion.objects.filter(case=file.case, round=file.case.round).exists():
            raise Refused(_("这一轮已经请人复看过了，一轮只复看一次。"), code="once")
        row = SecondOpinion(
            case=file.case,
            round=file.case.round,
            asked_at=file.at,
            asked_by=by.post,
            party_id=by.party_id,
            why=said,
        )
        file.add(row)
        file.move(file.case.state)
        if file.case.state == Case.State.TOLD:
            file.hold(file.case.desk, Role.REVIEWER)
        file.private["why"] = texts.digest(said)
    return row


def give_second_opinion(case: Case, *, by: Actor, verdict: str, text: str) -> SecondOpinion:
    """Say after a look of one's own whether it can be solved; by somebody who has not decided on it before.

    "solvable": a told matter is done again by the units (`redo`), an ended one begins anew (`reopen`), in the same
    transaction. A supervisor, who sends nothing back to units, leaves a told one to the reviewer with the opinion.
    "stands": everybody is told why it stays as it is.
    """
    said = texts.required(text, _("复看意见"))
    if verdict not in Verdict.values:
        raise Refused(_("请选择复看的结论。"), code="verdict")
    with pens.in_hand().atomic():
        row = _give(case, by, verdict, said)
        follow = _what_follows(case, by) if verdict == Verdict.SOLVABLE else None
        if follow is not None:
            follow(case, by=by, reason=said)
    return row


def _give(case: Case, by: Actor, verdict: str, said: str) -> SecondOpinion:
    with opened(case, "give_second_opinion", by=by) as file:
        row = second_opinions.open_for(file.case)
        if row is None:
            raise Refused(_("这件诉求现在没有请人复看。"), code="gone")
        if not second_opinions.is_another(file.case, by):
            raise Refused(_("您已经审过这件，或者是您所在的单位办的。复看要由别人来做。"), code="same")
        row.given_at, row.given_by, row.verdict, row.text = file.at, by.post, verdict, said
        row.save()
        file.move(file.case.state)
        file.facts["verdict"] = verdict
        file.private["text"] = texts.digest(said)
        if verdict == Verdict.STANDS:
            file.add(Note(case=file.case, readers=Note.Readers.ALL, text=said, at=file.at, by=by.post))
            owe(file, file.told_parties, Notice.About.EXPLANATION)
    return row


def _what_follows(case: Case, by: Actor) -> Callable[..., Any] | None:
    """The act that a solvable matter calls for, if it is this person's to do."""
    if case.state != Case.State.TOLD:
        return reopen
    return redo if by.role == Role.REVIEWER else None
