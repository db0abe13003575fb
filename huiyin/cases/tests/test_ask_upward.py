"""请示: asked upward, decided with a date, taken back or overtaken; the order's own clock runs on."""

from datetime import date

import pytest

from huiyin.cases import actions, oversight
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    accepted,
    answered,
    asked_petitioner,
    asked_upward,
    at,
    denied,
    fresh,
    one_event,
    refused,
    signed,
)
from huiyin.kernel.permits import Permit, Purpose

pytestmark = pytest.mark.django_db
READ = Permit(holder="test", purpose=Purpose.WORK)
FRIDAY = date(2026, 11, 6)


def test_a_leader_asks_and_the_order_runs_on(cast):
    order = signed(cast)
    with one_event(order.case, "ask_upward", cast.unit_leader):
        row = actions.ask_upward(order.case, by=cast.unit_leader, said="能否联合执法", order=order)
    assert (row.kind, row.state, row.clock.step, row.clock.state) == ("upward", "open", "upward", "running")
    assert row.until == row.clock.due_at
    assert fresh(order).clock.state == "running" and fresh(order).due_at == order.due_at
    assert oversight.tally(cast.supervisor).totals["asked"] == 1


def test_a_dispatcher_asks_for_the_desk(cast):
    case = accepted(cast)
    row = actions.ask_upward(case, by=cast.dispatcher, said="两家都不管，归谁")
    assert row.order is None
    with denied():
        actions.take_question_back(row, by=cast.handler)
    actions.take_question_back(row, by=cast.dispatcher)
    assert (fresh(row).state, fresh(row).clock.state) == ("taken_back", "stopped")


@pytest.mark.parametrize("who", ["supervisor", "leader"])
def test_an_overseer_decides_with_a_date(cast, who):
    row, by = asked_upward(cast), getattr(cast, who)
    with at(MONDAY + DAY), one_event(row.case, "answer_upward", by):
        actions.answer_upward(row, by=by, text="同意，由城管局牵头", act_by=FRIDAY)
    row = fresh(row)
    assert (row.state, row.act_by, row.answered_by) == ("answered", FRIDAY, by.post)
    assert row.answer.open(READ) == "同意，由城管局牵头"
    assert (row.clock.state, row.clock.late) == ("stopped", False)
    assert oversight.tally(cast.supervisor).totals["asked"] == 0


def test_a_decision_names_a_day_that_can_be_met_and_is_made_once(cast):
    row = asked_upward(cast)
    with refused("不能早于今天", code="act_by"):
        actions.answer_upward(row, by=cast.leader, text="同意", act_by=date(2026, 11, 1))
    with refused("批复意见", code="missing"):
        actions.answer_upward(row, by=cast.leader, text="", act_by=FRIDAY)
    actions.answer_upward(row, by=cast.leader, text="同意", act_by=FRIDAY)
    with refused("已回复", code="state"):
        actions.answer_upward(row, by=cast.supervisor, text="不同意", act_by=FRIDAY)
    with refused("已回复", code="state"):
        actions.take_question_back(row, by=cast.unit_leader)


def test_a_question_to_the_petitioner_is_not_decided_from_above(cast):
    row = asked_petitioner(cast)
    with refused("不能批复", code="kind"):
        actions.answer_upward(row, by=cast.leader, text="三号楼", act_by=FRIDAY)


def test_one_at_a_time(cast):
    row = asked_upward(cast)
    with refused("还在等批复", code="open"):
        actions.ask_upward(row.case, by=cast.unit_leader, said="另一件", order=row.order)


def test_what_is_answered_needs_no_decision_any_more(cast):
    row = asked_upward(cast)
    actions.answer(row.order, by=cast.handler, text="已办", outcome="solved")
    assert (fresh(row).state, fresh(row).clock.state) == ("lapsed", "stopped")


@pytest.mark.parametrize("who", ["handler", "dispatcher", "outsider", "supervisor", "citizen"])
def test_others_may_not_ask_through_the_order(cast, who):
    order = signed(cast)
    with denied():
        actions.ask_upward(order.case, by=getattr(cast, who), said="能否联合执法", order=order)


@pytest.mark.parametrize("who", ["unit_leader", "dispatcher", "reviewer", "citizen"])
def test_others_may_not_decide(cast, who):
    row = asked_upward(cast)
    with denied():
        actions.answer_upward(row, by=getattr(cast, who), text="同意", act_by=FRIDAY)


def test_what_is_not_worked_on_is_not_asked_about(cast):
    order = answered(cast)
    with refused("待审核", code="state"):
        actions.ask_upward(order.case, by=cast.unit_leader, said="能否联合执法", order=order)
