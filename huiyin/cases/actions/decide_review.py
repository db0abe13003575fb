"""复查、复核决定: uphold the opinion, change it, or revoke it and have it handled again."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import petitions, words
from huiyin.cases.actions.hearing import open_review
from huiyin.cases.answering import answer_points
from huiyin.cases.casefile import CaseFile
from huiyin.cases.kin import opened_with_children, share_answer
from huiyin.cases.models import Answer, Case, Notice, Opinion, Order, Review, Round
from huiyin.cases.ordering import again, begin_round, hold_by_lead, owe, send_order, stop_clock
from huiyin.cases.states import Order as OrderState
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

LONGEST_REFERENCE = 60
LONGEST_WORDS = 20_000
ACTS = {Review.Level.REVIEW: "decide_review", Review.Level.REREVIEW: "decide_rereview"}


def decide_review(
    review: Review, *, by: Actor, decision: str, reference: str, text: str, conclusion: str = ""
) -> None:
    """Decide a 复查 in writing.

    Upheld or changed, the decision is the round's answer and is told to everyone; revoked, the units that gave the
    opinion handle the matter again, in a new round. A change needs its `conclusion`. Raises `Refused` for whoever
    had a hand in the matter before, and while a hearing goes on.
    """
    _decide(review, Review.Level.REVIEW, by=by, written=(decision, reference, text, conclusion))


def decide_rereview(
    review: Review, *, by: Actor, decision: str, reference: str, text: str, conclusion: str = ""
) -> None:
    """Decide a 复核, the last instance, in the same way."""
    _decide(review, Review.Level.REREVIEW, by=by, written=(decision, reference, text, conclusion))


def _decide(review: Review, level: Review.Level, *, by: Actor, written: tuple[str, str, str, str]) -> None:
    decision, reference, text, conclusion = written
    number = words.required(reference, _("文号"), most=LONGEST_REFERENCE)
    said = words.required(text, _("决定的内容和理由"), most=LONGEST_WORDS)
    _require_chosen(decision, conclusion)
    with opened_with_children(review.case, ACTS[level], by=by) as (file, children):
        mine = open_review(file, review)
        _require_ready(file, mine, level)
        file.change(
            mine,
            state=Review.State.DECIDED,
            decision=decision,
            words=said,
            reference=number,
            decided_at=file.at,
            decided_by=by.post,
        )
        owe(file, file.told_parties, Notice.About.REVIEW)
        if decision == Review.Decision.REVOKE:
            _handle_again(file, said)
        else:
            _answer(file, mine, said, conclusion)
            share_answer(children, by=by)
        file.facts |= {"unit": mine.unit.code, "decision": decision}
        file.private["words"] = words.digest(said)


def _require_chosen(decision: str, conclusion: str) -> None:
    if decision not in Review.Decision.values:
        raise Refused(_("请选择决定：维持、变更或者撤销。"), code="decision")
    if decision == Review.Decision.CHANGE and conclusion not in Opinion.Conclusion.values:
        raise Refused(_("变更时请选择新的结论：支持、解释或者不予支持。"), code="conclusion")


def _require_ready(file: CaseFile, review: Review, level: Review.Level) -> None:
    if review.level != level:
        raise Refused(
            _("这是%(level)s，请用对应的决定。") % {"level": review.get_level_display()}, code="level"
        )
    if review.hearing_until is not None:
        raise Refused(_("听证还没有结束。请先结束听证，再作决定。"), code="hearing")
    petitions.require_fresh_eyes(file, level)


def _answer(file: CaseFile, review: Review, said: str, conclusion: str) -> None:
    """The decision becomes the answer of every point: the outcome as it was, or the changed one."""
    before = petitions.answered_round(file).number
    outcomes = {
        row.point_id: row.outcome
        for row in file.parts(Answer)
        if row.state == Answer.State.APPROVED and before <= row.round < file.case.round
    }
    changed = petitions.OUTCOMES[Opinion.Conclusion(conclusion)] if conclusion else ""
    if review.decision != Review.Decision.CHANGE:
        changed = ""
    document = _document(file, review, said)
    decided = {point.pk: changed or outcomes[point.pk] for point in file.points}
    answer_points(file, document, decided, unit=review.unit)
    file.move(Case.State.TELLING)
    file.hold(file.case.desk, Role.CALLER)


def _handle_again(file: CaseFile, said: str) -> None:
    """The opinion is revoked: its units get the work once more, in a new round with a clock of its own."""
    before = petitions.answered_round(file).number
    orders = [
        row
        for row in file.parts(Order)
        if (row.round, row.part, row.state) == (before, Order.Part.LEAD, OrderState.APPROVED)
    ]
    stop_clock(file, file.round.clock)
    begin_round(file, Round.Cause.REVOKED, reason=said, carry_clock=False)
    for old in orders:
        send_order(file, old.point, again(file, old, note=said))
    file.move(Case.State.HANDLING)
    hold_by_lead(file)
    file.facts["units"] = [order.unit.code for order in orders]


def _document(file: CaseFile, review: Review, said: str) -> str:
    """The whole text that every party gets."""
    level = Review.Level(review.level)
    following = Review.Level.REREVIEW if level == Review.Level.REVIEW else None
    with petitions.in_the_place_s_language():
        title = _("复查意见书（%(n)s）") if level == Review.Level.REVIEW else _("复核意见书（%(n)s）")
        lines = [
            title % {"n": review.reference},
            _("决定：%(decision)s") % {"decision": review.get_decision_display()},
            said,
            petitions.right_to_ask(file, following),
        ]
    return "\n\n".join(str(line) for line in lines)
