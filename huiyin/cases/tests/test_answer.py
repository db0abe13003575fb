"""答复: the lead unit answers a point, with an outcome."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Answer, Order, Point, Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    accepted,
    answered,
    at,
    denied,
    dispatched,
    extension_asked,
    fresh,
    one_event,
    refused,
    signed,
)
from huiyin.cases.words import LONGEST_TEXT
from huiyin.deadlines.models import Clock
from huiyin.kernel.permits import Permit, Purpose

pytestmark = pytest.mark.django_db
SAID, SOLVED = "已约谈店主，限期整改", Point.Outcome.SOLVED


def answer(order, by):
    return actions.answer(order, by=by, text=SAID, outcome=SOLVED)


def test_the_orders_clock_stops_and_the_reviewer_holds_the_case(cast):
    order = signed(cast)
    with at(MONDAY + DAY), one_event(order.case, "answer", cast.handler):
        row = answer(order, cast.handler)
    order, case, now = fresh(order), fresh(order.case), Round.objects.get(case=order.case)
    assert (order.state, order.clock.state, order.clock.late) == ("answered", Clock.State.STOPPED, False)
    assert (case.state, case.holder_unit, case.holder_role) == ("reviewing", cast.centre, "reviewer")
    assert now.answered_at == row.given_at == MONDAY + DAY
    assert case.first_answered_at is None, "it has reached nobody yet"
    assert now.clock.state == Clock.State.RUNNING, "the citizen has not been told yet"
    assert row.text.open(Permit("test", Purpose.OWN)) == SAID and fresh(row).state == Answer.State.GIVEN


def test_an_answer_may_be_as_long_as_a_message_and_no_longer(cast):
    order = signed(cast)
    with refused("最多", code="too_long"):
        actions.answer(order, by=cast.handler, text="长" * (LONGEST_TEXT + 1), outcome=SOLVED)
    actions.answer(order, by=cast.handler, text="长" * LONGEST_TEXT, outcome=SOLVED)
    assert fresh(order).state == "answered"


def test_an_answer_after_the_deadline_is_late(cast):
    order = signed(cast)
    with at(order.due_at + DAY):
        answer(order, cast.handler)
    assert fresh(order).clock.late is True


def test_the_other_points_are_waited_for(cast):
    case = accepted(cast, points=["限时营业", "装隔音"])
    one, two = Point.objects.filter(case=case).order_by("ordinal")
    first = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[one])
    actions.sign(first, by=cast.handler)
    answer(first, cast.handler)
    assert (fresh(case).state, fresh(case).holder_role) == ("accepted", "dispatcher")
    second = actions.dispatch(case, by=cast.dispatcher, lead=cast.squad, points=[two])
    assert (fresh(case).state, fresh(case).holder_unit) == ("handling", cast.squad)
    assert fresh(case).first_answered_at is None
    actions.sign(second, by=cast.squad_handler)
    answer(second, cast.squad_handler)
    assert fresh(case).state == "reviewing"


def test_the_co_orders_of_the_point_end_with_it_and_what_they_asked_lapses(cast):
    order = signed(cast, assisting=[cast.zhujian])
    helping = Order.objects.get(case=order.case, part="assist")
    objection = actions.object_to(helping, by=cast.zhujian_handler, reason=cast.not_ours, explanation="无关")
    answer(order, cast.handler)
    helping, objection = fresh(helping), fresh(objection)
    assert (helping.state, helping.clock.state) == ("cancelled", Clock.State.STOPPED)
    assert (objection.state, objection.clock.state) == ("lapsed", Clock.State.STOPPED)


def test_an_undecided_extension_lapses(cast):
    asked = extension_asked(cast)
    answer(asked.order, cast.handler)
    assert fresh(asked).state == "lapsed"
    with refused("待审核", code="state"):
        actions.grant_extension(asked, by=cast.dispatcher)


def test_a_helper_does_not_answer(cast):
    order = signed(cast, assisting=[cast.zhujian])
    helping = Order.objects.get(case=order.case, part="assist")
    actions.sign(helping, by=cast.zhujian_handler)
    with refused("主办单位统一答复", code="lead"):
        answer(helping, cast.zhujian_handler)


def test_an_order_is_signed_before_it_is_answered(cast):
    order = dispatched(cast)
    with refused("待签收", code="state") as early:
        answer(order, cast.handler)
    assert "签收" in early.value.instead


def test_a_colleague_who_comes_second_reads_who_answered(cast):
    order = answered(cast)
    with refused("待审核", "城管局 lu-zhishen", "11-02 09:00", "答复", code="state"):
        answer(order, cast.unit_leader)


@pytest.mark.parametrize("who", ["outsider", "squad_handler", "dispatcher", "reviewer", "citizen"])
def test_others_may_not(cast, who):
    order = signed(cast)
    with denied():
        answer(order, getattr(cast, who))


def test_words_and_an_outcome_are_needed(cast):
    order = signed(cast)
    with refused("答复内容", code="missing"):
        actions.answer(order, by=cast.handler, text=" \n", outcome=SOLVED)
    with refused("办理结果", code="outcome"):
        actions.answer(order, by=cast.handler, text=SAID, outcome="whatever")


def test_a_claimed_time_before_the_matter_came_in_is_refused(cast):
    order = signed(cast)
    with refused("早于收到", code="too_early"):
        answer(order, cast.handler.claiming(MONDAY - DAY))


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    order = signed(cast)
    with django_assert_max_num_queries(18):
        answer(order, cast.handler)
