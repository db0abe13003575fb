"""裁定异议: rejected, re-dispatched, or designated with binding force."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Order, Round
from huiyin.cases.tests.roads import denied, dispatched, fresh, objected, one_event, refused
from huiyin.deadlines.models import Clock

pytestmark = pytest.mark.django_db


def decide(cast, objection, verdict, *, by=None, unit=None):
    unit = unit or cast.chengguan
    if verdict == "reject_objection":
        return actions.reject_objection(objection, by=by or cast.dispatcher, reason="餐饮卫生归你们")
    act = getattr(actions, verdict)
    return act(objection, by=by or cast.dispatcher, unit=unit, reason="归城管")


def test_a_rejected_unit_keeps_the_order_and_its_running_clock(cast):
    objection = objected(cast)
    with one_event(objection.order.case, "reject_objection", cast.dispatcher):
        decide(cast, objection, "reject_objection")
    order, case = fresh(objection.order), fresh(objection.order.case)
    assert (order.state, order.clock.state, order.clock.started_at) == ("signed", "running", order.sent_at)
    assert (case.holder_unit, case.holder_post) == (cast.weijian, cast.outsider.post)
    assert (fresh(objection).state, fresh(objection).clock.state) == ("rejected", Clock.State.STOPPED)


def test_another_unit_gets_a_new_order_with_a_new_clock_and_the_citizens_never_restarts(cast):
    objection = objected(cast)
    citizens = Round.objects.get(case=objection.order.case).clock
    with one_event(objection.order.case, "redispatch", cast.dispatcher):
        new = decide(cast, objection, "redispatch")
    old = fresh(objection.order)
    assert (old.state, old.clock.state) == ("replaced", Clock.State.STOPPED)
    assert (new.unit, new.state, new.clock.state, new.binding) == (cast.chengguan, "sent", "running", False)
    assert fresh(new.case).holder_unit == cast.chengguan
    assert Round.objects.get(case=new.case).clock == citizens


def test_a_second_units_objection_forces_a_designation(cast):
    second = decide(cast, objected(cast), "redispatch")
    objection = actions.object_to(second, by=cast.handler, reason=cast.not_ours, explanation="归中队")
    with refused("第二个单位", "指定承办", code="designate") as forced:
        decide(cast, objection, "redispatch", unit=cast.squad)
    assert forced.value.instead == "指定承办"
    third = decide(cast, objection, "designate", unit=cast.squad)
    assert third.binding and third.unit == cast.squad


def test_the_objecting_unit_itself_can_be_bound(cast):
    objection = objected(cast)
    with one_event(objection.order.case, "designate", cast.dispatcher):
        order = decide(cast, objection, "designate", unit=cast.weijian)
    assert (fresh(order).state, fresh(order).binding) == ("signed", True)
    assert Order.objects.filter(case=order.case).count() == 1


def test_a_supervisor_may_designate_too(cast):
    assert decide(cast, objected(cast), "designate", by=cast.supervisor).binding


def test_re_dispatch_needs_another_unit(cast):
    objection = objected(cast)
    with refused("换一个单位", code="same_unit"):
        decide(cast, objection, "redispatch", unit=cast.weijian)


@pytest.mark.parametrize("verdict", ["reject_objection", "redispatch", "designate"])
class TestEachVerdict:
    def test_who_comes_second_reads_the_first_verdict(self, cast, verdict):
        objection = objected(cast)
        actions.reject_objection(objection, by=cast.dispatcher, reason="餐饮卫生归你们")
        with refused("驳回", "zhuge-liang", "驳回派单异议", code="state"):
            decide(cast, objection, verdict)

    def test_it_needs_a_reason(self, cast, verdict):
        objection = objected(cast)
        more = {} if verdict == "reject_objection" else {"unit": cast.chengguan}
        with refused("理由", code="missing"):
            getattr(actions, verdict)(objection, by=cast.dispatcher, reason="", **more)

    @pytest.mark.parametrize("who", ["outsider", "clerk", "caller", "citizen"])
    def test_others_may_not(self, cast, verdict, who):
        objection = objected(cast)
        with denied():
            decide(cast, objection, verdict, by=getattr(cast, who))

    def test_a_case_withdrawn_meanwhile_is_not_decided(self, cast, verdict):
        from huiyin.cases.tests.roads import party_of

        objection = objected(cast)
        actions.withdraw(objection.order.case, by=party_of(objection.order.case))
        assert fresh(objection).state == "lapsed"
        with refused("已撤回", "诉求人", "撤回", code="state"):
            decide(cast, objection, verdict)

    def test_it_takes_few_statements(self, cast, verdict, django_assert_max_num_queries):
        dispatched(cast)
        objection = objected(cast)
        with django_assert_max_num_queries(21):
            decide(cast, objection, verdict)


def test_a_closed_unit_gets_no_designation(cast):
    from datetime import date

    objection = objected(cast)
    cast.chengguan.valid_to = date(2026, 11, 1)
    with refused("有效单位", code="closed"):
        decide(cast, objection, "designate")
    assert fresh(objection).state == "open"
