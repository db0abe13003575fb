"""批示: a leader's words become a tracked order with a date, reported on, settled or asked again."""

import pytest
from django.urls import reverse

from huiyin.cases import actions, offering, queries
from huiyin.cases.models import Instruction
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    at,
    closed,
    denied,
    dispatched,
    fresh,
    merge_units,
    one_event,
    refused,
    registered,
    signed,
    told,
)
from huiyin.deadlines.models import Clock
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db


def given(cast, *, case=None, unit=None):
    case = case or signed(cast).case
    return actions.instruct(case, by=cast.leader, unit=unit or cast.chengguan, text="三天内查明", days=3)


def test_it_is_written_sealed_with_a_clock_of_its_own(cast):
    case = signed(cast).case
    before = case.due_at
    with one_event(case, "instruct", cast.leader):
        row = given(cast, case=case)
    row = fresh(row)
    assert (row.state, row.unit, row.given_by) == ("given", cast.chengguan, cast.leader.post)
    assert (row.clock.step, row.clock.amount, row.clock.state) == ("instruction", 3, Clock.State.RUNNING)
    assert row.clock.due_at.date().isoformat() == "2026-11-05" and fresh(case).due_at == before
    facts = latest(f"case:{case.number}").facts
    assert facts["unit"] == cast.chengguan.code and "查明" not in str(facts)


def test_the_unit_reports_and_the_leader_settles_it(cast):
    row = given(cast)
    with at(MONDAY + DAY) as now:
        actions.report_on(row, by=cast.handler, text="已查明，店主整改")
    row = fresh(row)
    assert (row.state, row.reported_at, row.reported_by) == ("reported", now, cast.handler.post)
    assert (row.clock.state, row.clock.late) == (Clock.State.STOPPED, False)
    actions.settle_instruction(row, by=cast.leader)
    assert fresh(row).state == Instruction.State.SETTLED and fresh(row).settled_at


def test_a_report_that_does_not_suffice_is_asked_again_and_both_stay(cast):
    row = given(cast)
    actions.report_on(row, by=cast.handler, text="正在办")
    again = actions.ask_again(row, by=cast.leader, text="写明哪天办完", days=1)
    page = queries.page_of(fresh(row.case), cast.leader)
    assert [each.state for each in page.asides["instruction"]] == ["returned", "given"]
    assert page.open(fresh(row).report) == "正在办" and fresh(again).clock.amount == 1
    assert fresh(row).settled_at == again.given_at and fresh(again).settled_at is None
    actions.report_on(again, by=cast.unit_leader, text="周五办完")
    assert fresh(again).state == "reported"


def test_the_desk_may_be_told_too_and_reports(cast):
    case = registered(cast)
    row = given(cast, case=case, unit=cast.centre)
    with denied():
        actions.report_on(row, by=cast.caller, text="已转办")
    actions.report_on(row, by=cast.dispatcher, text="已转办")
    assert fresh(row).state == "reported"


def test_a_unit_without_an_order_is_not_shown_the_case_by_an_instruction(cast):
    case = signed(cast).case
    with refused("没有本件的工单", code="no_order"):
        given(cast, case=case, unit=cast.weijian)


@pytest.mark.parametrize(
    "who", ["handler", "unit_leader", "dispatcher", "clerk", "representative", "citizen"]
)
def test_only_leaders_and_supervisors_instruct(cast, who):
    case = signed(cast).case
    with denied():
        actions.instruct(case, by=getattr(cast, who), unit=cast.chengguan, text="快办", days=1)


@pytest.mark.parametrize("who", ["dispatcher", "zhujian_handler", "leader", "citizen"])
def test_only_the_unit_that_was_told_reports(cast, who):
    row = given(cast, case=signed(cast, assisting=[cast.zhujian]).case)
    with denied():
        actions.report_on(row, by=getattr(cast, who), text="已办")


def test_progress_is_noted_as_often_as_needed_and_stops_no_clock(cast):
    order = signed(cast, assisting=[cast.zhujian])
    row = given(cast, case=order.case)
    for text in ("到过现场", "已约见店主"):
        actions.progress_on(row, by=cast.handler, text=text)
    with denied():
        actions.progress_on(row, by=cast.zhujian_handler, text="不是我们的")
    assert fresh(row).state == "given" and fresh(row).clock.state == "running"
    page = queries.page_of(fresh(order.case), cast.leader)
    assert [page.open(each.words) for each in page.asides["progress"]] == ["到过现场", "已约见店主"]
    assert "progress" not in queries.page_of(fresh(order.case), cast.zhujian_handler).asides
    actions.report_on(row, by=cast.handler, text="已停业整改")
    with refused("已回报", code="state"):
        actions.progress_on(row, by=cast.handler, text="又去了一次")


def test_two_units_read_and_are_offered_only_their_own(cast):
    order = signed(cast, assisting=[cast.zhujian])
    mine, theirs = given(cast, case=order.case), given(cast, case=order.case, unit=cast.zhujian)
    page = queries.page_of(fresh(order.case), cast.handler)
    assert page.asides["instruction"] == [mine]
    assert ("report_on", mine) in offering.offered(page)
    desk = queries.page_of(fresh(order.case), cast.dispatcher)
    assert desk.asides["instruction"] == [mine, theirs]
    assert not [act for act, _row in offering.offered(desk) if act == "report_on"]
    leader = offering.offered(queries.page_of(fresh(order.case), cast.leader))
    assert ("instruct", order.case) in leader


@pytest.mark.parametrize("days", [0, -1, 6, 1000])
def test_the_days_have_a_bound(cast, days):
    case = signed(cast).case
    with refused("1 到 5 个工作日", code="days"):
        actions.instruct(case, by=cast.leader, unit=cast.chengguan, text="快办", days=days)


def test_nothing_empty_is_said(cast):
    row = given(cast)
    with refused("回报内容", code="missing"):
        actions.report_on(row, by=cast.handler, text=" ")
    with refused("批示内容", code="missing"):
        actions.instruct(row.case, by=cast.leader, unit=cast.chengguan, text="", days=1)


def test_each_step_once(cast):
    row = given(cast)
    with refused("待回报", code="state"):
        actions.settle_instruction(row, by=cast.leader)
    actions.report_on(row, by=cast.handler, text="已办")
    with refused("已回报", code="state"):
        actions.report_on(row, by=cast.handler, text="已办")
    actions.settle_instruction(row, by=cast.supervisor)
    with refused("已落实", code="state"):
        actions.ask_again(row, by=cast.leader, text="再报", days=1)


def test_it_ends_with_its_case(cast):
    case = told(cast)
    row = given(cast, case=case)
    actions.close(case, by=cast.caller)
    assert (fresh(row).state, fresh(row).clock.state) == ("lapsed", Clock.State.STOPPED)


def test_an_ended_case_takes_none(cast):
    case = closed(cast)
    with refused("办结", code="state"):
        given(cast, case=case)


def test_the_citizen_reads_nothing_of_it(cast):
    from huiyin.channels.web import reading  # noqa: F401 — the room above reads only what it names
    from huiyin.web.citizen.story import SENTENCES

    assert not {"instruct", "progress_on", "report_on", "settle_instruction", "ask_again"} & set(SENTENCES)


def test_it_goes_also_to_a_unit_that_has_not_signed(cast):
    order = dispatched(cast)
    assert given(cast, case=order.case).unit == cast.chengguan


def test_it_stands_on_the_lists_of_the_unit_the_desk_and_the_leaders(cast, sign_in):
    from huiyin.cases import oversight

    order = signed(cast)
    to_unit, to_desk = given(cast, case=order.case), given(cast, case=registered(cast), unit=cast.centre)
    assert queries.instructions_to(cast.handler) == [to_unit]
    assert queries.instructions_to(cast.clerk) == [to_desk] and queries.instructions_to(cast.outsider) == []
    assert oversight.tally(cast.leader).totals["instructed"] == 2
    told_page = sign_in(cast.handler).get("/work/", follow=True).content.decode()
    assert "批示待回报" in told_page and order.case.title in told_page
    assert "批示待回报" not in sign_in(cast.outsider).get("/work/", follow=True).content.decode()
    actions.report_on(to_unit, by=cast.handler, text="已办")
    asked = {"instructed": queries.Wanted(mark="instructed")}
    assert queries.instructions_to(cast.handler) == []
    assert queries.counts(cast.leader, asked) == {"instructed": 2}
    actions.settle_instruction(fresh(to_unit), by=cast.leader)
    assert queries.counts(cast.leader, asked) == {"instructed": 1}


def test_a_unit_that_has_lost_its_order_is_not_asked_again(cast):
    order = dispatched(cast, lead=cast.squad)
    row = given(cast, case=order.case, unit=cast.squad)
    actions.report_on(row, by=cast.squad_handler, text="已办")
    actions.escalate(order, by=cast.dispatcher, unit=cast.chengguan, reason="本级解决不了")
    with refused("没有本件的工单", code="no_order"):
        actions.ask_again(row, by=cast.leader, text="再查", days=2)
    actions.settle_instruction(row, by=cast.leader)


def test_the_unit_into_which_the_one_that_was_told_was_merged_reports(cast, sign_in):
    row = given(cast)
    merge_units(cast.chengguan, into=cast.zhujian)
    case, heir = row.case, cast.zhujian_leader
    assert queries.instructions_to(heir) == [row]
    for act, state in (("progress_on", "given"), ("report_on", "reported")):
        address = reverse("cases:act", args=[case.number, act, row.pk])
        assert sign_in(heir).post(address, {"text": "正在落实"}).status_code == 302
        assert fresh(row).state == state
    assert fresh(row).reported_by == heir.post


def test_a_unit_beside_it_does_not_report(cast):
    row = given(cast, case=signed(cast, assisting=[cast.zhujian]).case)
    with denied():
        actions.report_on(row, by=cast.zhujian_leader, text="已落实")
