"""挂账: proposed with plan and date, decided by somebody else; it comes back by itself, and the clocks go on."""

from datetime import date, timedelta

import pytest

from huiyin.cases import actions, oversight, tasks
from huiyin.cases.models import Notice, Order, Round, Suspension
from huiyin.cases.pausing import end_of
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    TWO,
    answered,
    at,
    denied,
    dispatched,
    fresh,
    one_event,
    party_of,
    refused,
    signed,
    suspended,
    suspension_proposed,
)
from huiyin.deadlines.models import Policy
from huiyin.deadlines.tasks import sweep
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation import remembering

pytestmark = pytest.mark.django_db
BREATH = timedelta(microseconds=1)
READ = Permit(holder="test", purpose=Purpose.WORK)
DAY_OF_RETURN = date(2026, 12, 2)  # thirty days from the Monday


def propose(order, by, until=DAY_OF_RETURN):
    return actions.propose_suspension(order.case, by=by, plan="等改造开工", until=until, order=order)


def clock_of(case):
    return Round.objects.get(case=case, number=case.round).clock


def test_proposing_moves_no_clock(cast):
    order = signed(cast)
    with one_event(order.case, "propose_suspension", cast.handler):
        row = propose(order, cast.handler)
    assert (row.state, row.until, row.plan.open(READ)) == ("proposed", DAY_OF_RETURN, "等改造开工")
    assert fresh(order).due_at == order.due_at and fresh(order.case).state == "handling"


@pytest.mark.parametrize("who", ["reviewer", "supervisor", "leader"])
def test_with_a_second_persons_yes_everything_stands_until_the_end_of_the_day(cast, who):
    row, by = suspension_proposed(cast, parties=TWO), getattr(cast, who)
    with one_event(row.case, "approve_suspension", by):
        actions.approve_suspension(row, by=by)
    row, case, order = fresh(row), fresh(row.case), fresh(row.order)
    assert (row.state, case.state, row.decided_by) == ("in_force", "suspended", by.post)
    assert case.due_at == order.due_at == end_of(DAY_OF_RETURN)
    assert clock_of(case).state == order.clock.state == "paused"
    assert (case.holder_unit, order.state) == (cast.chengguan, "signed")
    assert [n.about for n in Notice.objects.filter(case=case)] == ["suspension"] * 2


def test_nobody_approves_what_they_proposed_themselves(cast):
    order = signed(cast)
    row = actions.propose_suspension(order.case, by=cast.reviewer, plan="等改造", until=DAY_OF_RETURN)
    with refused("另一位", code="same_person"):
        actions.approve_suspension(row, by=cast.reviewer)
    actions.approve_suspension(row, by=cast.supervisor)
    assert fresh(row.case).state == "suspended"


def test_a_refusal_needs_a_reason_and_a_better_plan_may_follow(cast):
    row = suspension_proposed(cast)
    with refused("不同意的理由", code="missing"):
        actions.refuse_suspension(row, by=cast.reviewer, reason="")
    with one_event(row.case, "refuse_suspension", cast.reviewer):
        actions.refuse_suspension(row, by=cast.reviewer, reason="现在就能办")
    assert (fresh(row).state, fresh(row).decision.open(READ)) == ("refused", "现在就能办")
    with refused("不同意", code="state"):
        actions.approve_suspension(row, by=cast.supervisor)
    propose(row.order, cast.handler)


@pytest.mark.parametrize("until", [date(2026, 11, 2), date(2026, 10, 1), date(2027, 5, 2)])
def test_the_day_lies_ahead_and_not_too_far(cast, until):
    order = signed(cast)
    with refused("180 天", code="until"):
        propose(order, cast.handler, until)


def test_one_proposal_at_a_time_through_an_order_in_hand(cast):
    row, sent, done = suspension_proposed(cast), dispatched(cast), answered(cast)
    with refused("等审批", code="open"):
        propose(row.order, cast.handler)
    with refused("待签收", code="state"):
        propose(sent, cast.handler)
    with refused("待审核", code="state"):
        propose(done, cast.handler)


def test_what_the_rule_does_not_let_rest_is_not_suspended(cast):
    Policy.objects.filter(step="reply").update(pauses=["hearing"])
    remembering.clear()
    order = signed(cast)
    with refused("《某条例》第十三条", "不能挂账", code="pause"):
        propose(order, cast.handler)


def test_an_objection_is_decided_first(cast):
    row = suspension_proposed(cast)
    Order.objects.filter(pk=row.order_id).update(state="objected")
    with refused("先裁定", code="objected"):
        actions.approve_suspension(row, by=cast.reviewer)


# -- coming back -----------------------------------------------------------------------------------------------
def test_on_its_day_it_comes_back_by_itself_and_the_days_are_spared(cast):
    row = suspended(cast)
    with at(end_of(DAY_OF_RETURN) - BREATH):
        assert tasks.end_suspensions() == 0
        with refused("还没有到", code="too_early"):
            actions.suspension_due(row, by=cast.system)
    with at(end_of(DAY_OF_RETURN)), one_event(row.case, "suspension_due", cast.system):
        assert tasks.end_suspensions() == 1
        assert tasks.end_suspensions() == 0
    row, case, order = fresh(row), fresh(row.case), fresh(row.order)
    assert (row.state, case.state, case.holder_unit) == ("ended", "handling", cast.chengguan)
    assert clock_of(case).state == order.clock.state == "running"
    assert case.due_at == clock_of(case).due_at and order.due_at == order.clock.due_at
    # nothing of the five working days was used up: they begin after the day of return, a Wednesday
    assert case.due_at == end_of(date(2026, 12, 9))


def test_a_sweep_before_the_task_does_not_quarrel_with_it(cast):
    row = suspended(cast)
    with at(end_of(DAY_OF_RETURN) + BREATH):
        sweep()
        tasks.end_suspensions()
    case = fresh(row.case)
    assert case.due_at == clock_of(case).due_at == end_of(date(2026, 12, 9))


@pytest.mark.parametrize("who", ["handler", "dispatcher", "reviewer"])
def test_it_may_be_taken_up_earlier(cast, who):
    row, by = suspended(cast), getattr(cast, who)
    with at(MONDAY + DAY), one_event(row.case, "end_suspension", by):
        actions.end_suspension(row, by=by)
    case = fresh(row.case)
    assert (fresh(row).state, fresh(row).ended_at, case.state) == ("ended", MONDAY + DAY, "handling")
    assert case.due_at == clock_of(case).due_at
    actions.answer(fresh(row.order), by=cast.handler, text="已更换", outcome="solved")
    with refused(code="state"):
        actions.end_suspension(row, by=cast.reviewer)


def test_the_petitioner_may_take_it_back_while_it_rests(cast):
    row = suspended(cast)
    actions.withdraw(row.case, by=party_of(row.case))
    case, order = fresh(row.case), fresh(row.order)
    assert (fresh(row).state, case.state, order.state) == ("ended", "withdrawn", "cancelled")
    assert clock_of(case).state == order.clock.state == "stopped"
    assert case.due_at == clock_of(case).due_at and order.due_at == order.clock.due_at


def test_a_proposal_lapses_when_the_unit_answers_after_all(cast):
    row = suspension_proposed(cast)
    actions.answer(row.order, by=cast.handler, text="已办", outcome="solved")
    assert fresh(row).state == "lapsed"


def test_a_question_to_the_petitioner_ends_with_it(cast):
    row = suspension_proposed(cast)
    question = actions.ask_petitioner(row.case, by=cast.handler, said="哪栋楼", order=row.order)
    actions.approve_suspension(row, by=cast.reviewer)
    assert fresh(question).state == "lapsed" and clock_of(row.case).state == "paused"
    with at(question.until + BREATH):
        assert tasks.lapse_supplements() == 0
        sweep()
    assert fresh(row.case).due_at == end_of(DAY_OF_RETURN) and clock_of(row.case).state == "paused"


def test_overseers_see_what_rests_and_what_comes_back_soon(cast):
    suspended(cast)
    assert oversight.tally(cast.supervisor).totals["suspended"] == 1
    assert oversight.tally(cast.supervisor).totals["returning"] == 0
    with at(MONDAY + 24 * DAY):
        assert oversight.tally(cast.supervisor).totals["returning"] == 1


@pytest.mark.parametrize("who", ["outsider", "clerk", "dispatcher", "citizen"])
def test_others_may_not_propose(cast, who):
    order = signed(cast)
    with denied():
        propose(order, getattr(cast, who))


@pytest.mark.parametrize("who", ["handler", "unit_leader", "clerk", "dispatcher", "citizen"])
def test_others_may_not_decide(cast, who):
    row = suspension_proposed(cast)
    for act in (
        lambda by: actions.approve_suspension(row, by=by),
        lambda by: actions.refuse_suspension(row, by=by, reason="不行"),
    ):
        with denied():
            act(getattr(cast, who))


def test_the_days_of_rest_are_not_days_of_silence(cast):
    order = signed(cast, assisting=[cast.zhujian])
    unsigned = Order.objects.get(case=order.case, unit=cast.zhujian)
    actions.approve_suspension(propose(order, cast.handler), by=cast.reviewer)
    row = Suspension.objects.get()
    with at(MONDAY + 20 * DAY):
        actions.end_suspension(row, by=cast.reviewer)
        assert fresh(unsigned).objection_until == unsigned.objection_until + 20 * DAY
        assert tasks.accept_silence() == 0
        actions.object_to(
            fresh(unsigned), by=cast.zhujian_handler, reason=cast.not_ours, explanation="不归我们"
        )
