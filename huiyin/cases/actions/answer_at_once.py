"""当场答复: the desk answers on the spot; with a new matter, in one transaction with its registration."""

from dataclasses import replace

from django.utils.translation import gettext as _

from huiyin.cases import pens, words
from huiyin.cases.actions.register import Intake, Registered, register
from huiyin.cases.answering import answer_for_desk, require_outcome
from huiyin.cases.kin import opened_with_children, share_answer
from huiyin.cases.models import Answer, Case, Notice, Point
from huiyin.cases.promising import Pledge
from huiyin.cases.telling import tell_round
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor


def register_and_answer(
    intake: Intake, *, by: Actor, text: str, outcome: str = Point.Outcome.INFORMED
) -> Registered:
    """Register a matter and answer it in the same breath; a nameless caller is as welcome as any.

    A form that comes again after the matter went on answers nothing; with another answer it counts as changed.
    """
    with pens.in_hand().atomic():
        registered = register(intake, by=by)
        if registered.case.state == Case.State.REGISTERED:
            answer_at_once(registered.case, by=by, text=text, outcome=outcome)
        elif not _answered_so(registered.case, text, by):
            return replace(registered, changed=True)
    return registered


def _answered_so(case: Case, text: str, by: Actor) -> bool:
    first = Answer.objects.filter(case=case).order_by("pk").first()
    permit = Permit(holder=by.name, purpose=Purpose.MATCH)
    return first is not None and first.text.open(permit) == words.clean(text)


def answer_at_once(
    case: Case,
    *,
    by: Actor,
    text: str,
    outcome: str = Point.Outcome.INFORMED,
    pledge: Pledge | None = None,
) -> Answer:
    """Answer a registered matter by word of mouth: every point gets the outcome, every party counts as told.

    A suggestion that is adopted is answered with a `pledge`, as by a unit.
    """
    said = words.required(text, _("答复内容"), most=words.LONGEST_TEXT)
    require_outcome(outcome)
    with opened_with_children(case, "answer_at_once", by=by) as (file, children):
        row = answer_for_desk(file, said, outcome, pledge)
        for party in file.told_parties:
            file.add(
                Notice(
                    case=file.case,
                    party=party,
                    round=file.case.round,
                    about=Notice.About.ANSWER,
                    posted_at=file.at,
                    told_at=file.at,
                    how=Notice.How.SPOKEN,
                    told_by=by.post,
                )
            )
        tell_round(file)
        file.move(Case.State.TOLD)
        file.facts |= {"unit": file.case.desk.code, "outcome": outcome}
        file.private["text"] = words.digest(said)
        share_answer(children, by=by)
    return row
