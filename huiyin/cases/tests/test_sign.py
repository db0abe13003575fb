"""签收 and 视为接受: the unit has the order, by hand or by silence."""

from datetime import timedelta

import pytest

from huiyin.cases import actions, tasks
from huiyin.cases.models import Order
from huiyin.cases.tests.roads import (
    MONDAY,
    answered,
    at,
    denied,
    dispatched,
    events,
    fresh,
    objected,
    one_event,
    refused,
    signed,
)
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
WORKER = Actor.system("worker")
BREATH = timedelta(microseconds=1)


def test_it_takes_the_order_in_hand_and_moves_no_clock(cast):
    order = dispatched(cast)
    with one_event(order.case, "sign", cast.handler):
        actions.sign(order, by=cast.handler)
    after = fresh(order)
    assert (after.state, after.signed_at, after.signed_by) == ("signed", MONDAY, cast.handler.post)
    assert (after.clock.started_at, after.due_at) == (order.clock.started_at, order.due_at)


def test_a_colleague_of_the_unit_reads_that_it_is_signed(cast):
    order = signed(cast)
    with refused("办理中", "城管局 lu-zhishen", "签收", code="state"):
        actions.sign(order, by=cast.unit_leader)


@pytest.mark.parametrize("who", ["outsider", "squad_handler", "dispatcher", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    order = dispatched(cast)
    with denied():
        actions.sign(order, by=getattr(cast, who))


def test_an_order_of_another_case_opens_nothing(cast):
    mine, other = dispatched(cast), dispatched(cast, lead=cast.weijian)
    other.case = mine.case  # what a forged form would pair
    with denied():
        actions.sign(other, by=cast.outsider)


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    order = dispatched(cast)
    with django_assert_max_num_queries(12):
        actions.sign(order, by=cast.handler)


# -- silence ------------------------------------------------------------------------------------------------
def test_silence_accepts_when_the_time_for_objections_is_over(cast):
    order = dispatched(cast)
    with at(order.objection_until + BREATH):
        assert tasks.accept_silence() == 1
        assert tasks.accept_silence() == 0
    assert (fresh(order).state, fresh(order).signed_by) == ("signed", None)
    assert events(order.case)[-1] == "accept_silently"


def test_silence_accepts_nothing_before_that(cast):
    order = dispatched(cast)
    with at(order.objection_until):
        assert tasks.accept_silence() == 0
        with refused("时限还没有过", code="too_early"):
            actions.accept_silently(order, by=WORKER)


def test_an_order_of_a_point_that_went_out_first_is_accepted_too(cast):
    from huiyin.cases.tests.roads import accepted

    case = accepted(cast, points=["限时营业", "装隔音"])
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[case.points.all()[0]])
    with at(order.objection_until + BREATH):
        assert tasks.accept_silence() == 1


def test_objected_signed_and_answered_orders_are_left_alone(cast):
    orders = [objected(cast).order, signed(cast), answered(cast)]
    before = {order.pk: fresh(order).state for order in orders}
    with at(MONDAY + timedelta(days=30)):
        assert tasks.accept_silence() == 0
    assert {order.pk: fresh(order).state for order in orders} == before


def test_one_order_that_cannot_be_accepted_does_not_hold_up_the_others(cast, monkeypatch):
    stuck, fine = dispatched(cast), dispatched(cast)
    Order.objects.filter(pk=stuck.pk).update(state="sent")
    type(stuck.case).objects.filter(pk=stuck.case_id).update(state="telling")
    with at(fine.objection_until + BREATH):
        assert tasks.accept_silence() == 1
    assert fresh(fine).state == "signed"


def test_nobody_accepts_for_a_unit(cast):
    order = dispatched(cast)
    with at(order.objection_until + BREATH), denied():
        actions.accept_silently(order, by=cast.dispatcher)
