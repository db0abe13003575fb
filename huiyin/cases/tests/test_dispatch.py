"""派单: unit, person, deadline and legal basis, or it cannot leave the desk."""

from datetime import date

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Order, Point, Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    accepted,
    at,
    denied,
    dispatched,
    fresh,
    one_event,
    refused,
    registered,
)
from huiyin.deadlines.models import Clock, Policy
from huiyin.organisation import remembering
from huiyin.organisation.models import Unit

pytestmark = pytest.mark.django_db


def test_every_order_carries_unit_person_deadline_and_basis(cast):
    case = accepted(cast)
    with one_event(case, "dispatch", cast.dispatcher):
        order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, note="请尽快到场")
    order = fresh(order)
    assert (order.unit, order.person, order.part) == (cast.chengguan, cast.handler.post, "lead")
    assert order.due_at == order.clock.due_at and order.basis == "《某条例》第十三条"
    assert (order.clock.started_at, order.clock.state) == (MONDAY, Clock.State.RUNNING)
    case = fresh(case)
    assert (case.state, case.holder_unit, case.holder_post) == ("handling", cast.chengguan, cast.handler.post)


def test_the_orders_clock_runs_from_dispatch_and_the_citizens_goes_on(cast):
    case = accepted(cast)
    first = Round.objects.get(case=case).clock
    with at(MONDAY + DAY):
        order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    citizens = Round.objects.get(case=case).clock
    assert order.clock.started_at == MONDAY + DAY and citizens == first and citizens.started_at == MONDAY


def test_co_orders_go_out_beside_the_lead(cast):
    order = dispatched(cast, assisting=[cast.zhujian, cast.community])
    parts = Order.objects.filter(case=order.case).order_by("pk").values_list("unit__code", "part")
    assert list(parts) == [("chengguan", "lead"), ("zhujian", "assist"), ("yinxing-juwei", "assist")]


def test_points_go_out_one_by_one_and_the_dispatcher_holds_the_case_until_the_last(cast):
    case = accepted(cast, points=["限时营业", "装隔音"])
    one, two = Point.objects.filter(case=case).order_by("ordinal")
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[one])
    assert (fresh(case).state, fresh(case).holder_role) == ("accepted", "dispatcher")
    actions.sign(Order.objects.get(case=case), by=cast.handler)
    assert (fresh(case).state, fresh(case).holder_role) == ("accepted", "dispatcher")
    actions.dispatch(case, by=cast.dispatcher, lead=cast.squad, points=[two])
    assert (fresh(case).state, fresh(case).holder_unit) == ("handling", cast.chengguan)
    assert {o.point: o.unit for o in Order.objects.filter(case=case)} == {
        one: cast.chengguan,
        two: cast.squad,
    }


def test_a_second_dispatcher_reads_who_did_it(cast):
    order = dispatched(cast)
    with refused("办理中", "zhuge-liang", "11-02 09:00", "派单", code="state"):
        actions.dispatch(order.case, by=cast.dispatcher, lead=cast.zhujian)


def test_a_point_that_is_out_does_not_go_out_again(cast):
    case = accepted(cast, points=["限时营业", "装隔音"])
    one = Point.objects.filter(case=case).order_by("ordinal")[0]
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[one])
    with refused("都已派单", code="nothing_waits"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.zhujian, points=[one])


def test_a_point_of_another_case_is_refused(cast):
    case, other = accepted(cast), accepted(cast)
    with refused(code="gone"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.zhujian, points=list(other.points.all()))


def test_before_acceptance_it_is_refused(cast):
    case = registered(cast)
    with refused("待甄别", code="state") as early:
        actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    assert "受理" in early.value.instead


@pytest.mark.parametrize("who", ["clerk", "handler", "reviewer", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case = accepted(cast)
    with denied():
        actions.dispatch(case, by=getattr(cast, who), lead=cast.chengguan)


def test_a_community_gets_nothing_outside_its_duty_list(cast):
    case = registered(cast)
    actions.accept(case, by=cast.clerk, category=cast.property)
    with refused("银杏社区", "职责清单里没有", code="duty_list"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.community)
    with refused("银杏社区", "职责清单里没有", code="duty_list"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.zhujian, assisting=[cast.community])


@pytest.mark.parametrize("unit", ["community", "zhujian"])
def test_a_unit_that_only_assists_does_not_lead(cast, unit):
    case = accepted(cast)
    with refused("只协助", code="duty_list"):
        actions.dispatch(case, by=cast.dispatcher, lead=getattr(cast, unit))
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, assisting=[getattr(cast, unit)])


def test_a_unit_without_a_liaison_gets_nothing(cast):
    case = accepted(cast)
    Unit.objects.filter(pk=cast.chengguan.pk).update(liaison=None)
    remembering.clear()
    with refused("联络员", code="no_liaison") as stuck:
        actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    assert "管理员" in stuck.value.instead


def test_the_person_must_be_of_the_unit_and_still_in_post(cast):
    case = accepted(cast)
    with refused("在任人员", code="person"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, person=cast.outsider.post)
    gone = cast.handler.post
    gone.valid_to = date(2026, 10, 31)
    with refused("在任人员", code="person"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, person=gone)


@pytest.mark.parametrize("days", [{"valid_to": date(2026, 11, 1)}, {"valid_from": date(2026, 11, 3)}])
def test_a_unit_that_does_not_stand_today_gets_nothing(cast, days):
    case = accepted(cast)
    for name, day in days.items():
        setattr(cast.chengguan, name, day)
    with refused("城管局", "有效单位", code="closed"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)


def test_without_a_legal_basis_nothing_leaves_the_desk(cast):
    case = accepted(cast)
    policy = Policy.objects.get(track="hotline", step="order")
    policy.basis = ""
    policy.save()
    with refused("依据", code="no_basis"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)


def test_the_lead_is_not_its_own_helper(cast):
    case = accepted(cast)
    with refused("协办", code="lead_assists"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, assisting=[cast.chengguan])


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    dispatched(cast)
    case = accepted(cast)
    with django_assert_max_num_queries(13):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
