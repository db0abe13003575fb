"""吹哨报到: a community calls departments to the place; who came in time, who did not, in both sides' words."""

from datetime import timedelta

import pytest

from huiyin.cases import access, actions, oversight
from huiyin.cases.models import Order
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    at,
    called,
    denied,
    fresh,
    one_event,
    refused,
    registered,
    signed,
)
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.models import Unit

pytestmark = pytest.mark.django_db
READ = Permit(holder="test", purpose=Purpose.WORK)
HOUR = timedelta(hours=1)


def at_community(cast, **more) -> Order:
    case = registered(cast, **more)
    actions.accept(case, by=cast.clerk, category=cast.stair_lights)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.community)
    actions.sign(order, by=cast.community_handler)
    return fresh(order)


def blow(order, cast, *units):
    return actions.whistle(order, by=cast.community_handler, units=units, said="三号楼下会合")


def test_each_called_unit_gets_a_co_order_and_a_clock_of_its_own(cast):
    order = at_community(cast)
    assert not access.sees(cast.handler, order.case)
    with one_event(order.case, "whistle", cast.community_handler):
        rows = blow(order, cast, cast.chengguan, cast.zhujian)
    assert [row.called.unit for row in rows] == [cast.chengguan, cast.zhujian]
    for row in rows:
        row = fresh(row)
        assert (row.called.part, row.called.state, row.order) == ("assist", "sent", order)
        assert (row.clock.step, row.clock.due_at) == ("whistle", MONDAY + 24 * HOUR)
        assert row.words.open(READ) == "三号楼下会合"
    assert access.sees(cast.handler, order.case)
    assert fresh(order.case).holder_unit == cast.community, "the caller goes on holding it"


def test_a_unit_that_works_on_it_already_is_called_through_its_own_order(cast):
    order = at_community(cast)
    first = blow(order, cast, cast.chengguan)[0]
    actions.report_in(first, by=cast.handler, said="两人到场")
    again = blow(order, cast, cast.chengguan)[0]
    assert again.called == first.called and Order.objects.filter(case=order.case).count() == 2


def test_coming_signs_the_order_and_says_in_time_or_late(cast):
    row = called(cast)
    with at(MONDAY + HOUR), one_event(row.case, "report_in", cast.handler):
        actions.report_in(row, by=cast.handler, said="两人到场，换了灯泡")
    row = fresh(row)
    assert (row.came_at, row.came_by, row.clock.late) == (MONDAY + HOUR, cast.handler.post, False)
    assert (row.called.state, row.called.signed_by) == ("signed", cast.handler.post)
    late = called(cast)
    with at(MONDAY + 2 * DAY):
        assert oversight.tally(cast.supervisor).totals["whistle"] == 1
        actions.report_in(late, by=cast.handler, said="来晚了")
        assert oversight.tally(cast.supervisor).totals["whistle"] == 0
    assert fresh(late).clock.late is True


def test_the_moment_of_coming_may_be_claimed_but_not_before_the_call(cast):
    order = at_community(cast)
    with at(MONDAY + 2 * HOUR):
        row = blow(order, cast, cast.chengguan)[0]
    with at(MONDAY + 5 * HOUR):
        with refused("早于", code="before"):
            actions.report_in(row, by=cast.handler.claiming(MONDAY + HOUR), said="到场")
        actions.report_in(row, by=cast.handler.claiming(MONDAY + 3 * HOUR), said="到场")
    assert fresh(row).came_at == MONDAY + 3 * HOUR


@pytest.mark.parametrize("came", ["came", "late", "absent"])
def test_the_caller_says_who_came(cast, came):
    row = called(cast)
    with at(MONDAY + 2 * DAY), one_event(row.case, "judge_whistle", cast.community_handler):
        actions.judge_whistle(row, by=cast.community_handler, came=came, said="等了一小时")
    row = fresh(row)
    assert (row.came, row.clock.state, row.judged_at) == (came, "stopped", MONDAY + 2 * DAY)
    assert row.caller_says.open(READ) == "等了一小时"
    with refused("评过", code="state"):
        actions.judge_whistle(row, by=cast.community_handler, came="came", said="看错了")


def test_nobody_is_called_absent_before_the_time_is_over_and_everything_is_said_in_words(cast):
    row = called(cast)
    with refused("还没有过", code="too_early"):
        actions.judge_whistle(row, by=cast.community_handler, came="absent", said="没来")
    with refused("评语", code="missing"):
        actions.judge_whistle(row, by=cast.community_handler, came="came", said="")
    with refused("请选择", code="came"):
        actions.judge_whistle(row, by=cast.community_handler, came="maybe", said="不知道")
    with refused("到场情况", code="missing"):
        actions.report_in(row, by=cast.handler, said=" ")


def test_whom_one_cannot_call(cast):
    order = at_community(cast)
    with refused("请选择", code="units"):
        blow(order, cast)
    with refused("不能叫自己", code="itself"):
        blow(order, cast, cast.community)
    blow(order, cast, cast.chengguan)
    with refused("城管局", "还在等", code="called"):
        blow(order, cast, cast.chengguan)


def test_only_streets_and_communities_call(cast):
    order = signed(cast)
    with refused("街道", code="kind"):
        actions.whistle(order, by=cast.handler, units=[cast.zhujian], said="三号楼下会合")


def test_the_duty_list_of_the_called_is_kept(cast):
    other = Unit.objects.create(
        code="other-juwei", name="另一社区", kind="community", region=cast.community_region,
        path="/other-juwei/", liaison=cast.community_handler.post,
    )  # fmt: skip
    order = at_community(cast)
    with refused("职责清单", code="duty_list"):
        blow(order, cast, other)


def test_when_the_caller_answers_nobody_has_to_come_any_more_and_may_still_be_judged(cast):
    row = called(cast)
    actions.answer(row.order, by=cast.community_handler, text="已换灯", outcome="solved")
    assert fresh(row).clock.state == "stopped" and fresh(row.called).state == "cancelled"
    with refused(code="state"):
        actions.report_in(row, by=cast.handler, said="到场")
    actions.judge_whistle(fresh(row), by=cast.community_handler, came="absent", said="没有来")


@pytest.mark.parametrize("who", ["handler", "outsider", "dispatcher", "supervisor", "citizen"])
def test_others_may_not_call_or_judge(cast, who):
    row = called(cast)
    with denied():
        actions.whistle(row.order, by=getattr(cast, who), units=[cast.weijian], said="来")
    with denied():
        actions.judge_whistle(row, by=getattr(cast, who), came="came", said="来了")


@pytest.mark.parametrize("who", ["community_handler", "outsider", "dispatcher", "citizen"])
def test_others_may_not_report_for_the_called(cast, who):
    row = called(cast)
    with denied():
        actions.report_in(row, by=getattr(cast, who), said="到场")
