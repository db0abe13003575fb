"""提出派单异议: once a unit and round, with a cited clause, in time."""

from datetime import timedelta

import pytest

from huiyin.cases import actions
from huiyin.cases.tests.roads import (
    MONDAY,
    answered,
    at,
    denied,
    dispatched,
    fresh,
    objected,
    one_event,
    refused,
    signed,
)
from huiyin.deadlines.models import Clock

pytestmark = pytest.mark.django_db
BREATH = timedelta(microseconds=1)


def object_(cast, order, by=None):
    return actions.object_to(order, by=by or cast.handler, reason=cast.not_ours, explanation="不归我们管")


def test_the_dispatcher_holds_the_case_and_has_a_day_while_the_units_clock_runs_on(cast):
    order = dispatched(cast)
    with one_event(order.case, "object", cast.handler):
        objection = object_(cast, order)
    order, case = fresh(order), fresh(order.case)
    assert (order.state, order.clock.state) == ("objected", Clock.State.RUNNING)
    assert (case.state, case.holder_unit, case.holder_role) == ("handling", cast.centre, "dispatcher")
    assert (objection.clock.step, objection.clock.state) == ("adjudication", Clock.State.RUNNING)


def test_a_unit_that_signed_first_may_still_object_in_time(cast):
    order = signed(cast)
    with at(order.objection_until):
        object_(cast, order)
    assert fresh(order).state == "objected"


def test_too_late_it_has_accepted(cast):
    order = signed(cast)
    with at(order.objection_until + BREATH), refused("时限已过", "视为接受", code="too_late"):
        object_(cast, order)


def test_once_only(cast):
    objection = objected(cast)
    actions.reject_objection(objection, by=cast.dispatcher, reason="餐饮卫生归你们")
    with refused("已提过一次", code="once"):
        object_(cast, fresh(objection.order), by=cast.outsider)


def test_not_against_a_designation(cast):
    objection = objected(cast)
    order = actions.designate(objection, by=cast.dispatcher, unit=cast.chengguan, reason="会商确定")
    with refused("指定承办", code="binding"):
        object_(cast, order)


def test_not_after_the_answer(cast):
    order = answered(cast)
    with refused("待审核", "lu-zhishen", "答复", code="state"):
        object_(cast, order)


def test_it_needs_a_clause_and_words(cast):
    order = dispatched(cast)
    with refused("异议说明", code="missing"):
        actions.object_to(order, by=cast.handler, reason=cast.not_ours, explanation="")
    with refused("条款", code="reason"):
        actions.object_to(order, by=cast.handler, reason=cast.no_duty, explanation="不归我们管")


@pytest.mark.parametrize("who", ["outsider", "dispatcher", "citizen", "leader"])
def test_others_may_not(cast, who):
    order = dispatched(cast)
    with denied():
        object_(cast, order, by=getattr(cast, who))


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    order = dispatched(cast)
    assert order.objection_until > MONDAY
    with django_assert_max_num_queries(15):  # which units are superiors is remembered
        object_(cast, order)
