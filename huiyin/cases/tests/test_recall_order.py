"""撤回派单: a dispatch is taken back at once, by whoever sent it, while nobody has signed."""

from datetime import timedelta

import pytest

from huiyin.cases import actions, offering, oversight, queries
from huiyin.cases.models import Case, Order
from huiyin.cases.tests.roads import (
    MONDAY,
    accepted,
    at,
    denied,
    dispatched,
    fresh,
    objected,
    one_event,
    refused,
)
from huiyin.deadlines.models import Clock
from huiyin.ledger.queries import history
from huiyin.organisation import place

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def offered(order, by):
    """Whether the page of the order's case offers to take it back."""
    return any(
        name == "recall_order" for name, _row in offering.offered(queries.page_of(fresh(order.case), by))
    )


def test_the_case_waits_for_a_dispatcher_again_under_its_own_date(cast):
    with at(MONDAY):
        order = dispatched(cast, assisting=[cast.zhujian])
        due = order.case.due_at
    with at(MONDAY + 3 * MINUTE), one_event(order.case, "recall_order", cast.dispatcher):
        actions.recall_order(order, by=cast.dispatcher)
    case = fresh(order.case)
    assert (case.state, case.holder_unit, case.holder_role) == ("accepted", cast.centre, "dispatcher")
    assert case.due_at == due
    orders = Order.objects.filter(case=case)
    assert {(each.state, each.clock.state) for each in orders} == {("cancelled", Clock.State.STOPPED)}
    assert not Case.objects.filter(oversight.marked("hopping")).exists(), (
        "a slip of the hand is no second dispatch"
    )


def test_both_steps_stay_in_the_ledger_and_it_can_be_dispatched_anew(cast):
    with at(MONDAY):
        order = dispatched(cast, lead=cast.weijian)
        actions.recall_order(order, by=cast.dispatcher)
        new = actions.dispatch(fresh(order.case), by=cast.dispatcher, lead=cast.chengguan)
    told = [(event.kind, event.facts.get("units")) for event in history(f"case:{order.case.number}")][-3:]
    assert told == [("dispatch", None), ("recall_order", ["weijian"]), ("dispatch", None)]
    assert new.state == "sent" and fresh(order.case).holder_unit == cast.chengguan


def test_of_several_points_only_what_went_out_together_comes_back(cast):
    with at(MONDAY):
        case = accepted(cast, points=["限时营业", "清运垃圾"])
        first, second = case.points.order_by("pk")
        kept = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[first])
    with at(MONDAY + MINUTE):
        slip = actions.dispatch(case, by=cast.dispatcher, lead=cast.weijian, points=[second])
        actions.recall_order(slip, by=cast.dispatcher)
    assert (fresh(kept).state, fresh(slip).state, fresh(case).state) == ("sent", "cancelled", "accepted")


def test_what_somebody_has_signed_stays(cast):
    with at(MONDAY):
        order = dispatched(cast, assisting=[cast.zhujian])
        helping = Order.objects.get(case=order.case, unit=cast.zhujian)
        actions.sign(helping, by=cast.zhujian_handler)
        assert not offered(order, cast.dispatcher)
        with refused("不能再撤回派单", code="state"):
            actions.recall_order(order, by=cast.dispatcher)
    assert fresh(order).state == "sent"


def test_after_its_minutes_it_is_too_late(cast, monkeypatch):
    with at(MONDAY):
        order = dispatched(cast)
    with at(MONDAY + 10 * MINUTE):
        assert offered(order, cast.dispatcher)
    with at(MONDAY + 11 * MINUTE):
        assert not offered(order, cast.dispatcher)
        with refused("派单超过 10 分钟", code="too_late"):
            actions.recall_order(order, by=cast.dispatcher)
        monkeypatch.setattr(place, "_about", lambda folder: {"limits": {"recall_minutes": 30}})
        assert offered(order, cast.dispatcher)


def test_only_whoever_sent_it_may(cast):
    with at(MONDAY):
        order = dispatched(cast)
        for by in (cast.clerk, cast.reviewer, cast.handler, cast.supervisor):
            assert not offered(order, by)
            with denied():
                actions.recall_order(order, by=by)


def test_an_order_that_came_otherwise_is_not_taken_back_so(cast):
    with at(MONDAY):
        objection = objected(cast)
    with at(MONDAY + MINUTE):
        new = actions.redispatch(objection, by=cast.dispatcher, unit=cast.chengguan, reason="归它")
        assert not offered(new, cast.dispatcher)
        with refused("不是派单时发出的", code="not_dispatched"):
            actions.recall_order(new, by=cast.dispatcher)
