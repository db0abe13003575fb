"""The stories of the side roads: where a matter goes when the office is not the one that ends it."""

from datetime import timedelta
from typing import Any

from huiyin.accounts.roles import Role
from huiyin.cases import actions, reviewing
from huiyin.cases.actions import OpinionIn
from huiyin.cases.models import Case, Opinion, Party, Reason, Referral, Review
from huiyin.cli.demo.book import Matter
from huiyin.cli.demo.tale import Tale
from huiyin.deadlines.queries import work_calendar
from huiyin.evaluation.spans import FULL
from huiyin.kernel import clock
from huiyin.organisation import queries as organisation
from huiyin.supervision import actions as supervision
from huiyin.supervision.access import answerers
from huiyin.supervision.actions import RungIn
from huiyin.supervision.entries import actions as entering
from huiyin.supervision.entries import queries as entries
from huiyin.supervision.feedback.actions import send_feedback
from huiyin.supervision.feedback.rules import feedback_rule
from huiyin.supervision.issuing import proposed_day
from huiyin.supervision.models import Rung
from huiyin.supervision.outside.actions import ask_unit
from huiyin.supervision.rules import clauses

A_MONTH = timedelta(days=30)


def advised(tale: Tale) -> None:
    """The law has another procedure for it: which, and where, is told."""
    reason = _ground(tale, Reason.For.ROUTE)
    tale.registers()
    tale.wait(0.02, 0.2)
    actions.advise_route(tale.case, by=tale.clerk(), reason=reason, body=tale.say("court"))
    tale.tells()


def forwarded(tale: Tale) -> None:
    """Another county's matter: sent there, and asked after."""
    tale.comes_in()
    tale.wait(0.05, 0.3)
    referral = actions.forward(
        tale.case, by=tale.clerk(), body=tale.say("elsewhere"), said=tale.say("forward")
    )
    tale.wait(1, 2)
    actions.chase(referral, by=tale.clerk(), said=tale.say("chase"))


def referred(tale: Tale) -> None:
    """Neighbours try mediation first; the matter rests until then."""
    tale.is_sent()
    tale.signs()
    tale.wait(0.05, 0.3)
    actions.refer_elsewhere(
        tale.case,
        by=tale.desk(Role.REVIEWER),
        procedure=Referral.Procedure.MEDIATION,
        body=tale.say("mediators"),
        until=clock.local_date(tale.stage.now + A_MONTH),
    )


def suspended(tale: Tale) -> None:
    """What cannot be solved now rests with a plan and a date; a question cannot, whatever the book deals."""
    tale.is_sent(nature=Case.Nature.APPEAL)
    tale.signs()
    tale.wait(0.3, 1)
    until = clock.local_date(tale.stage.now + A_MONTH)
    by = tale.unit_of(tale.order)
    asked = actions.propose_suspension(tale.case, by=by, plan=tale.say("plan"), until=until, order=tale.order)
    tale.wait(0.1, 0.4)
    actions.approve_suspension(asked, by=tale.desk(Role.REVIEWER))


def reminded(tale: Tale) -> None:
    """The unit signed, and nothing came: supervision reminds it, and says what it thinks of it."""
    tale.is_sent()
    tale.signs()
    supervisor = tale.stage.supervisor
    if supervisor is None:
        return
    tale.wait(7, 9)
    by = tale.as_post(supervisor)
    act_by = work_calendar().add_working_days(clock.local_date(by.when()), 2)
    actions.remind(tale.case, by=by, unit=tale.order.unit, text=tale.say("remind"), act_by=act_by)
    actions.comment(tale.case, by=by, text=tale.say("comment"))
    if feedback_rule() is not None:
        send_feedback(tale.case, by=by, suggestion=tale.say("suggestion"))
    if tale.stage.monitor is not None:
        asking = tale.as_post(tale.stage.monitor)
        ask_unit(tale.case, by=asking, unit=tale.order.unit, question=tale.say("question_outside"))


def looked_at(tale: Tale) -> None:
    """Where the place asks for it, the unit hands its entry in, and supervision looks: closed, refused, or waiting."""
    supervisor = tale.stage.supervisor
    if supervisor is None or not entries.may_submit(tale.order):
        return
    tale.wait(0.3, 2)
    entry = entering.submit_entry(tale.order, by=tale.unit_of(tale.order), text=tale.say("handed_in"))
    fate = tale.chance.random()
    if fate < 0.3:
        return
    tale.wait(1, 3)
    by = tale.as_post(supervisor)
    if fate < 0.5:
        entering.refuse_entry(entry, by=by, reason=tale.say("not_accepted"))
    else:
        entering.accept_entry(entry, by=by, text=tale.say("looked_at"))


def supervised(tale: Tale) -> None:
    """A supervision order to the unit's leader, answered by who stands in, and taken as done."""
    rung = _signs(tale, "order", tale.say("demand"))
    if rung is None:
        return
    tale.wait(0.8, 1.5)
    leader = answerers(tale.order.unit)[-1]
    supervision.reply(rung, by=tale.as_post(leader), text=tale.say("demand_reply"))
    tale.hurry(3, 8)
    if rung.issued_by is not None:
        supervision.accept(rung, by=tale.as_post(rung.issued_by))


def instructed(tale: Tale) -> None:
    """A leader has written on it; the unit says how it stands, and has not reported yet."""
    tale.is_sent()
    tale.signs()
    leader = tale.stage.magistrate
    if leader is None:
        return
    tale.wait(0.5, 1)
    by = tale.as_post(leader)
    row = actions.instruct(tale.case, by=by, unit=tale.order.unit, text=tale.say("instruct"), days=5)
    tale.wait(0.5, 1)
    actions.progress_on(row, by=tale.unit_of(tale.order), text=tale.say("progress"))


def listed(tale: Tale) -> None:
    """Listed in public until somebody has looked, and a leader takes it personally."""
    if tale.matter.nature != Case.Nature.COMPLAINT:
        tale.takes(next(each for each in tale.book.matters if each.nature == Case.Nature.COMPLAINT))
    if _signs(tale, "listing", tale.say("listed"), public=True, title=_listed_as(tale)) is None:
        return
    leader, supervisor = tale.stage.magistrate, tale.stage.supervisor
    if leader is None or supervisor is None:
        return
    order = _order_to(tale, "order", tale.say("demand"))
    supervision.issue(order, by=tale.as_post(supervisor), case=tale.case)
    by = tale.as_post(leader)
    due = proposed_day("charge", clock.local_date(by.when()))
    told = RungIn("charge", tale.say("charge"), post=leader, due_on=due)
    charge = supervision.issue(told, by=by, case=tale.case)
    tale.hurry(2, 5)
    supervision.progress(charge, by=tale.as_post(leader), text=tale.say("progress"))


def _listed_as(tale: Tale) -> str:
    return tale.say("listed_title").format(title=tale.matter.title)


def called_in(tale: Tale) -> None:
    """A unit's leader is called in; a fault is recorded and answered; advice is given; a circular goes round."""
    talk = _signs(tale, "talk", tale.say("called"))
    if talk is None or talk.issued_by is None:
        return
    tale.wait(0.8, 1.2)
    by = tale.as_post(talk.issued_by)
    day = clock.local_date(by.when())
    due = work_calendar().add_working_days(day, 10)
    measures = tale.say("measures")
    supervision.hold(talk, by=by, held_on=day, text=tale.say("talked"), measures=measures, due_on=due)
    unit, known = tale.order.unit, clauses(day)
    if known:
        told_in = RungIn("fault", tale.say("fault"), unit=unit, clause=known[1 % len(known)].code,
                         due_on=proposed_day("fault", day))  # fmt: skip
        fault = supervision.issue(told_in, by=by, case=tale.case)
        supervision.reply(fault, by=tale.as_post(answerers(unit)[0]), text=tale.say("fault_reply"))
    advice = RungIn("advice", tale.say("advice"), unit=unit, due_on=proposed_day("advice", day))
    supervision.issue(advice, by=by)
    sent_to = tuple(dict.fromkeys([unit, *tale.stage.bodies[:3]]))
    circular = RungIn("circular", tale.say("circular"), units=sent_to, title=tale.say("circular_title"))
    supervision.issue(circular, by=by)


def _signs(tale: Tale, kind: str, words: str, **more: Any) -> Rung | None:
    """The supervisor signs a rung to the unit that has the order, a week after it was signed for."""
    tale.is_sent()
    tale.signs()
    supervisor = tale.stage.supervisor
    if supervisor is None:
        return None
    tale.wait(5, 7)
    by = tale.as_post(supervisor)
    return supervision.issue(_order_to(tale, kind, words, **more), by=by, case=tale.case)


def _order_to(tale: Tale, kind: str, words: str, **more: Any) -> RungIn:
    leader = answerers(tale.order.unit)[0] if kind in ("order", "talk") else None
    due = proposed_day(kind, clock.local_date(tale.at))
    return RungIn(kind, words, unit=tale.order.unit, post=leader, due_on=due, **more)


def explained_in_public(tale: Tale) -> None:
    """Many ask about it: the public is told, and told again when the first words turn out wrong."""
    tale.is_sent()
    owed = actions.owe_statement(tale.case, by=tale.desk(Role.DISPATCHER))
    tale.hurry(1, 3)
    actions.make_statement(owed, by=tale.desk(Role.REVIEWER), text=tale.say("statement"))
    tale.hurry(3, 8)
    by = tale.desk(Role.REVIEWER)
    actions.correct_statement(owed, by=by, text=tale.say("corrected"), reason=tale.say("correction"))


def handed_over(tale: Tale) -> None:
    """Danger: the emergency service has it within minutes."""
    tale.channel = "phone"
    tale.registers()
    tale.hurry(0.02, 0.05)
    actions.hand_over_and_end(tale.case, by=tale.clerk(), service="119")


def terminated(tale: Tale) -> None:
    """There is nothing left to handle: two people say so."""
    reason = _ground(tale, Reason.For.TERMINATE)
    tale.comes_in()
    tale.wait(0.3, 1)
    by = tale.desk(Role.DISPATCHER)
    proposed = actions.propose_termination(tale.case, by=by, reason=reason, said=tale.say("moot"))
    tale.wait(0.1, 0.4)
    actions.confirm_termination(proposed, by=tale.desk(Role.REVIEWER))


def appealed(tale: Tale) -> None:
    """A petition answered with an opinion; the petitioner asks the body above, or the department's own superior."""
    tale.is_sent(track="petition", nature=Case.Nature.APPEAL)
    tale.signs()
    tale.wait(2, 4)
    said = tale.matter.answer
    written = OpinionIn(
        reference=f"听信〔{tale.at.year}〕{tale.chance.randint(1, 99)} 号",
        conclusion=Opinion.Conclusion.EXPLAIN,
        request=tale.case.title,
        facts=said,
        opinion=tale.say("opinion"),
        basis=tale.say("law"),
    )
    actions.give_opinion(tale.order, by=tale.unit_of(tale.order), written=written)
    tale.approves()
    tale.tells()
    tale.hurry(10, 40)
    able = reviewing.bodies_for(tale.case, Review.Level.REVIEW)
    body = reviewing.petitioners_choice(tale.case, Review.Level.REVIEW, able)[-1]
    actions.ask_review(tale.case, by=tale.citizen(), reason=tale.say("appeal"), unit=body)


def settled_after_all(tale: Tale) -> None:
    """Appealed, and taken back: the bureau has come by and explained."""
    appealed(tale)
    tale.hurry(20, 60)
    review = Review.objects.get(case=tale.case)
    actions.take_review_back(review, by=tale.citizen(), why=tale.say("appeal_taken_back"))


def _ground(tale: Tale, kind: str) -> Reason:
    return tale.stage.reasons[kind][0]


def in_a_group(tale: Tale) -> None:
    """Many people, two of whom speak for all; one is answered an amount that is nobody else's business.

    All rate, so that their unit, one with a head, has ratings enough for a block 评价汇总.
    """
    tale.takes(_of_a_led_unit(tale))
    tale.channel = "web"
    speakers = [tale.person(Party.Role.SPOKESPERSON) for _each in range(2)]
    members = [tale.person(Party.Role.MEMBER) for _each in range(FULL - len(speakers) - 1)]
    tale.is_sent(parties=[tale.person(), *speakers, *members], headcount=max(12, tale.matter.headcount))
    tale.signs()
    tale.answers()
    speaker, said = (
        tale.case.parties.filter(role="spokesperson").order_by("pk")[0],
        tale.say("private_answer"),
    )
    actions.answer_privately(tale.order, by=tale.unit_of(tale.order), party=speaker, text=said)
    tale.approves()
    tale.tells()
    tale.rates("yes", 3, 4, 4, 5)


def _of_a_led_unit(tale: Tale) -> Matter:
    """The first matter of the book that a unit with a head answers for, or the one that was dealt."""
    today = organisation.today()
    for each in tale.book.matters:
        if organisation.is_led(tale.stage.leader(each.category, tale.region), day=today):
            return each
    return tale.matter


def rated_wrongly(tale: Tale) -> None:
    """Told and rated unsolved; the unit says that the rating should not count against it."""
    tale.is_sent()
    tale.signs()
    tale.answers()
    tale.approves()
    tale.tells()
    tale.rates("no", 2, 3)
    tale.contests_rating()
