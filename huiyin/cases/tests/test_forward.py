"""转送外部: sent out with a clock for the receipt, chased, taken back, or answered with what came of it."""

import pytest

from huiyin.cases import actions, oversight
from huiyin.cases.models import Answer, Case, Note, Notice, Order, Point, Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    TWO,
    accepted,
    at,
    denied,
    dispatched,
    forwarded,
    fresh,
    merged,
    one_event,
    party_of,
    refused,
    registered,
    signed,
)
from huiyin.deadlines.models import Clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
COUNTY = "青山县信访局"


def send(case, by, **more):
    return actions.forward(case, by=by, **{"body": COUNTY, **more})


def marked(mark="awaited"):
    return list(Case.objects.filter(oversight.marked(mark)))


def read(sealed):
    return sealed.open(Permit(holder="test", purpose=Purpose.WORK))


# -- going out -----------------------------------------------------------------------------------------------
def test_it_rests_with_the_clerk_and_a_clock_waits_for_the_receipt(cast):
    case = registered(cast)
    due = case.due_at
    with one_event(case, "forward", cast.clerk):
        row = send(case, cast.clerk, reference=" 听转 3 号 ", said="事发地在贵县")
    case = fresh(case)
    assert (case.state, case.holder_unit, case.holder_role) == ("forwarded", cast.centre, "clerk")
    assert (row.kind, row.body, row.reference, read(row.words)) == (
        "outside",
        COUNTY,
        "听转 3 号",
        "事发地在贵县",
    )
    assert (row.clock.step, row.clock.state) == ("receipt", Clock.State.RUNNING)
    assert Notice.objects.get(case=case).about == Notice.About.FORWARDING
    assert (case.due_at, case.end_reason) == (due, None), "the promise to the citizen runs on"
    assert Round.objects.get(case=case).clock.state == Clock.State.RUNNING


def test_the_ledger_names_no_body(cast):
    case = registered(cast)
    row = send(case, cast.clerk, said="事发地在贵县")
    facts = latest(f"case:{case.number}").facts
    assert facts["due"] == row.clock.due_at.isoformat() and facts["basis"]
    assert COUNTY not in str(facts) and "事发地" not in str(facts)


def test_orders_that_were_out_already_are_cancelled(cast):
    case = accepted(cast, points=["限时营业", "装隔音"])
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[case.points.first()])
    send(case, cast.dispatcher)
    assert Order.objects.get(case=case).state == "cancelled"


def test_what_a_unit_has_in_hand_is_not_forwarded(cast):
    case = signed(cast).case
    with refused("办理中", code="state"):
        send(case, cast.clerk)


def test_a_body_must_be_named(cast):
    case = registered(cast)
    with refused("请填写去处", code="missing"):
        send(case, cast.clerk, body="")
    with refused("最多 60 个字", code="too_long"):
        send(case, cast.clerk, reference="号" * 61)


@pytest.mark.parametrize("who", ["handler", "reviewer", "caller", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case = registered(cast)
    with denied():
        send(case, getattr(cast, who))


def test_a_report_goes_to_a_discipline_body_and_the_supervisors_hold_what_is_theirs(cast):
    case = registered(cast, nature="report", accused_units=[cast.centre])
    send(case, cast.supervisor, body="上级纪检监察机关")
    assert (fresh(case).holder_unit, fresh(case).holder_role) == (cast.duban, "supervisor")


# -- waiting -------------------------------------------------------------------------------------------------
def test_it_is_chased_again_and_again_and_each_time_is_counted(cast):
    row = forwarded(cast)
    for who in (cast.clerk, cast.caller):
        with one_event(row.case, "chase", who):
            actions.chase(row, by=who, said="电话问过，说在办")
    assert (fresh(row).chases, fresh(row).chased_at) == (2, MONDAY)
    assert {note.readers for note in Note.objects.filter(case=row.case)} == {Note.Readers.DESK}
    assert latest(f"case:{row.case.number}").facts["times"] == 2
    with refused("请填写催问情况", code="missing"):
        actions.chase(row, by=cast.clerk, said=" ")


def test_the_receipt_stops_its_clock_at_the_time_when_it_came(cast):
    row = forwarded(cast)
    with at(MONDAY + 9 * DAY):
        actions.record_receipt(row, by=cast.caller.claiming(MONDAY + 2 * DAY), receipt="青信收 7 号")
    row = fresh(row)
    assert (row.receipt_number, row.receipt_at, row.ended_at) == ("青信收 7 号", MONDAY + 2 * DAY, None)
    assert (row.clock.state, row.clock.late) == (Clock.State.STOPPED, False)


def test_a_receipt_is_recorded_once_and_not_before_it_was_asked_for(cast):
    with at(MONDAY):
        case = registered(cast)
    with at(MONDAY + 2 * DAY):
        row = send(case, cast.clerk)
        with refused("早于送出的时间", code="too_early"):
            actions.record_receipt(row, by=cast.clerk.claiming(MONDAY + DAY))
        actions.record_receipt(row, by=cast.clerk)
        with refused("已经登记过", code="state"):
            actions.record_receipt(row, by=cast.clerk)


def test_a_receipt_that_does_not_come_marks_the_case(cast):
    row = forwarded(cast)
    assert marked() == []
    with at(MONDAY + 8 * DAY):
        assert marked() == [row.case]
        actions.record_receipt(row, by=cast.clerk)
        assert fresh(row).clock.late and marked() == []


# -- coming back ---------------------------------------------------------------------------------------------
def test_what_came_of_it_becomes_the_answer_that_is_told_rated_and_closed(cast):
    row = forwarded(cast, parties=TWO, points=["限时营业", "装隔音"])
    with one_event(row.case, "record_outcome", cast.clerk):
        actions.record_outcome(row, by=cast.clerk, text="青山县已责令整改", outcome="solved")
    case, row = fresh(row.case), fresh(row)
    assert (case.state, case.holder_role, case.first_answered_at) == ("telling", "caller", MONDAY)
    assert row.ended_at == MONDAY and row.clock.state == Clock.State.STOPPED
    assert row.ended_by == cast.clerk.post
    answers = Answer.objects.filter(case=case)
    assert [(a.unit, a.state, read(a.text)) for a in answers] == [
        (cast.centre, "approved", "青山县已责令整改")
    ] * 2
    assert {point.outcome for point in Point.objects.filter(case=case)} == {"solved"}
    for notice in Notice.objects.filter(case=case, about="answer"):
        actions.record_told(notice, by=cast.caller, how="spoken", said="电话告知本人")
    actions.close(case, by=cast.caller)
    assert fresh(case).state == "closed"


def test_the_parties_of_merged_matters_are_owed_it_too(cast):
    child = merged(cast)
    row = send(child.parent, cast.clerk)
    assert fresh(child).parent == row.case
    actions.record_outcome(row, by=cast.clerk, text="已责令整改", outcome="solved")
    assert Notice.objects.filter(case=child, about="answer").exists()


def test_an_outcome_needs_words_and_a_result(cast):
    row = forwarded(cast)
    with refused("请填写外部办理结果", code="missing"):
        actions.record_outcome(row, by=cast.clerk, text=" ", outcome="solved")
    with refused("请选择办理结果", code="outcome"):
        actions.record_outcome(row, by=cast.clerk, text="好了", outcome="fine")


def test_taken_back_it_waits_for_a_clerk_under_the_clock_that_runs(cast):
    row = forwarded(cast)
    clock = Round.objects.get(case=row.case).clock
    with at(MONDAY + 3 * DAY), one_event(row.case, "take_back", cast.clerk):
        actions.take_back(row, by=cast.clerk, reason="该县说不归它管")
    case = fresh(row.case)
    assert (case.state, case.round, case.holder_role, case.due_at) == ("registered", 1, "clerk", clock.due_at)
    assert read(fresh(row).outcome) == "该县说不归它管" and fresh(row).clock.state == Clock.State.STOPPED
    assert Notice.objects.get(case=case, about="forwarding").how == "lapsed"
    assert Notice.objects.get(case=case, about="taken_back").told_at is None
    again = send(case, cast.clerk, body="白水县信访局")
    assert fresh(row).ended_at and again.ended_at is None


@pytest.mark.parametrize("late", ["chase", "receipt", "outcome", "take_back"])
def test_nothing_more_is_done_with_a_referral_that_has_ended(cast, late):
    row = forwarded(cast)
    actions.take_back(row, by=cast.clerk, reason="该县说不归它管")
    send(row.case, cast.clerk)
    tries = {
        "chase": lambda: actions.chase(row, by=cast.clerk, said="问"),
        "receipt": lambda: actions.record_receipt(row, by=cast.clerk),
        "outcome": lambda: actions.record_outcome(row, by=cast.clerk, text="好了", outcome="solved"),
        "take_back": lambda: actions.take_back(row, by=cast.clerk, reason="再收"),
    }
    with refused("已经了结", "su-dongpo", code="state"):
        tries[late]()


@pytest.mark.parametrize("who", ["handler", "supervisor", "citizen"])
def test_others_do_nothing_with_it(cast, who):
    row, by = forwarded(cast), getattr(cast, who)
    for attempt in (
        lambda: actions.chase(row, by=by, said="问"),
        lambda: actions.record_receipt(row, by=by),
        lambda: actions.record_outcome(row, by=by, text="好了", outcome="solved"),
        lambda: actions.take_back(row, by=by, reason="收"),
    ):
        with denied():
            attempt()


def test_withdrawn_meanwhile_nobody_waits_for_the_receipt_any_more(cast):
    row = forwarded(cast)
    actions.withdraw(row.case, by=party_of(row.case))
    assert fresh(row).ended_at and fresh(row).clock.state == Clock.State.STOPPED
    assert fresh(row.case).state == "withdrawn" and marked() == []


def test_a_dispatched_matter_is_not_marked(cast):
    dispatched(cast)
    with at(MONDAY + 20 * DAY):
        assert marked() == []
