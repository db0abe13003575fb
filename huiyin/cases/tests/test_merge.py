"""并案: one matter for many voices; the child keeps its number, due date, parties and notices."""

import pytest

from huiyin.cases import actions, kin, nameless
from huiyin.cases.models import Case, Notice, Order, Point, Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    accepted,
    answered,
    approved,
    at,
    closed,
    denied,
    dispatched,
    events,
    fresh,
    incident,
    merged,
    owed,
    party_of,
    refused,
    registered,
    signed,
    told,
)
from huiyin.deadlines.models import Clock

pytestmark = pytest.mark.django_db


def clock_of(case) -> Clock:
    return Round.objects.select_related("clock").get(case=case, number=fresh(case).round).clock


def finish(cast, case) -> None:
    """Take the parent of a merge to its told answer."""
    if case.state == "registered":
        actions.accept(case, by=cast.clerk, category=cast.night_noise)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="已约谈店主", outcome="solved")
    actions.approve(case, by=cast.reviewer)
    actions.record_told(owed(case), by=party_of(case), how="delivered")


def test_the_child_keeps_its_due_date_and_its_clock_runs_on_with_nobody_pushing_it(cast):
    parent, child = registered(cast), registered(cast)
    due = child.due_at
    actions.merge(child, into=parent, by=cast.clerk)
    child = fresh(child)
    assert (child.state, child.parent, child.holder_unit, child.due_at) == ("merged", parent, None, due)
    assert clock_of(child).state == Clock.State.RUNNING and owed(child).about == Notice.About.MERGE
    assert (events(child)[-1], events(parent)[-1]) == ("merge", "take_in")
    assert fresh(parent).version == fresh(child).version == 2


def test_the_childs_parties_get_the_parents_answer_and_its_clock_stops_only_then(cast):
    child = merged(cast)
    actions.record_told(owed(child), by=party_of(child), how="delivered")
    assert clock_of(child).state == Clock.State.RUNNING, "told of the merge, not of the answer"
    finish(cast, child.parent)
    assert clock_of(child).state == Clock.State.RUNNING and owed(child).about == Notice.About.ANSWER
    with at(MONDAY + DAY):
        actions.record_told(owed(child), by=party_of(child), how="delivered")
    now, child = Round.objects.get(case=child), fresh(child)
    assert (now.clock.state, now.told_at, now.end_state) == (Clock.State.STOPPED, MONDAY + DAY, "merged")
    assert (child.state, child.ended_at, child.first_answered_at) == ("merged", MONDAY + DAY, MONDAY + DAY)


def test_whoever_joins_after_the_answer_is_owed_it_at_once(cast):
    for road in (approved, told):
        child = merged(cast, into=road(cast))
        assert Notice.objects.filter(case=child, about="answer", told_at=None).count() == 1


def test_an_answer_that_is_redone_is_owed_once_to_who_still_waits_and_anew_to_who_was_told(cast):
    waiting, told_already = merged(cast), None
    parent = waiting.parent
    told_already = merged(cast, into=parent)
    finish(cast, parent)
    actions.record_told(
        Notice.objects.get(case=told_already, about="answer"), by=party_of(told_already), how="delivered"
    )
    first = Round.objects.filter(case=told_already).values().get()
    [again] = actions.redo(parent, by=cast.caller, reason="照旧")
    actions.sign(again, by=cast.handler)
    actions.answer(again, by=cast.handler, text="已停业整改", outcome="solved")
    actions.approve(parent, by=cast.reviewer)
    assert Notice.objects.filter(case=waiting, about="answer").count() == 1
    second = Notice.objects.get(case=told_already, about="answer", told_at=None)
    with at(MONDAY + DAY):
        actions.record_told(second, by=party_of(told_already), how="delivered")
    assert Round.objects.filter(case=told_already).values().get() == first


def test_undone_the_child_goes_back_to_the_desk_under_its_unchanged_due_date(cast):
    child = merged(cast)
    parent, due, clock = child.parent, child.due_at, clock_of(child)
    with at(MONDAY + DAY):
        actions.unmerge(child, by=cast.clerk, reason="不是一回事")
    child = fresh(child)
    assert (child.state, child.parent, child.due_at, child.holder_role) == ("registered", None, due, "clerk")
    assert clock_of(child) == clock and clock.state == Clock.State.RUNNING
    assert (events(child)[-1], events(parent)[-1]) == ("unmerge", "let_go")
    finish(cast, child)
    actions.close(child, by=cast.caller)


def test_undone_after_the_answer_was_shared_the_parents_answer_counts_for_nothing(cast):
    child = merged(cast)
    finish(cast, child.parent)
    actions.unmerge(child, by=cast.clerk)
    assert {n.how for n in Notice.objects.filter(case=child)} == {"lapsed"}
    finish(cast, child)
    assert Round.objects.get(case=child).told_at and fresh(child).state == "told"


def test_once_its_parties_were_told_it_is_reopened_instead(cast):
    child = merged(cast)
    parent = child.parent
    with refused("没有把答复告知", code="not_told") as early:
        actions.reopen(child, by=party_of(child), reason="我家还是吵")
    assert early.value.instead == "撤销并案"
    finish(cast, parent)
    actions.record_told(Notice.objects.get(case=child, about="answer"), by=party_of(child), how="delivered")
    with refused("已告知", code="told") as late:
        actions.unmerge(fresh(child), by=cast.clerk)
    assert late.value.instead == "重启"
    actions.reopen(child, by=party_of(child), reason="我家还是吵")
    child = fresh(child)
    assert (child.state, child.parent, child.round, clock_of(child).state) == (
        "registered",
        None,
        2,
        "running",
    )
    assert events(parent)[-1] == "let_go"


def test_orders_that_are_out_are_cancelled_and_dispatch_works_again_after_an_undo(cast):
    child = accepted(cast, points=["限时营业", "装隔音"])
    one = Point.objects.filter(case=child).order_by("ordinal")[0]
    order = actions.dispatch(child, by=cast.dispatcher, lead=cast.chengguan, points=[one])
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="已办", outcome="solved")
    actions.merge(child, into=registered(cast), by=cast.clerk)
    assert (fresh(order).state, fresh(order).answers.get().state) == ("cancelled", "returned")
    actions.unmerge(child, by=cast.clerk)
    actions.accept(child, by=cast.clerk)
    actions.dispatch(child, by=cast.dispatcher, lead=cast.chengguan)
    assert Order.objects.filter(case=child, state="sent").count() == 2


def test_matters_already_merged_go_with_their_parent_into_a_third(cast):
    child = merged(cast)
    middle, third = child.parent, registered(cast)
    actions.merge(middle, into=third, by=cast.clerk)
    assert fresh(child).parent == fresh(middle).parent == third
    assert events(child)[-1] == "follow"
    finish(cast, third)
    assert owed(child) and Notice.objects.filter(case=child, about="answer").exists()


def test_into_a_merged_matter_the_way_is_shown(cast):
    child, other = merged(cast), registered(cast)
    with refused("自己已并入", child.parent.number, code="merged") as shown:
        actions.merge(other, into=child, by=cast.clerk)
    assert child.parent.number in shown.value.instead


def test_not_into_itself_an_ended_matter_or_a_report(cast):
    case, ended = registered(cast), closed(cast)
    report = registered(cast, nature=Case.Nature.REPORT, accused_units=[cast.weijian])
    with refused("自己", code="itself"):
        actions.merge(case, into=case, by=cast.clerk)
    with refused("办结", code="ended"):
        actions.merge(case, into=ended, by=cast.clerk)
    with refused("举报", code="report"):
        actions.merge(case, into=report, by=cast.clerk)
    with refused("举报", code="report"):
        actions.merge(report, into=case, by=cast.clerk)


def test_a_matter_in_a_units_hands_is_not_merged(cast):
    order, parent = signed(cast), registered(cast)
    with refused("办理中", "lu-zhishen", code="state"):
        actions.merge(order.case, into=parent, by=cast.clerk)


def test_what_is_not_merged_is_not_taken_out(cast):
    case = registered(cast)
    with refused("待甄别", code="state"):
        actions.unmerge(case, by=cast.clerk)


def test_a_stale_page_does_not_take_a_child_from_the_wrong_parent(cast):
    child = merged(cast)
    stale = fresh(child)
    actions.unmerge(child, by=cast.clerk)
    actions.merge(child, into=registered(cast), by=cast.clerk)
    with refused("刚刚有变动", code="conflict"):
        actions.unmerge(stale, by=cast.clerk)


@pytest.mark.parametrize("who", ["handler", "reviewer", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    child, case = merged(cast), registered(cast)
    with denied():
        actions.merge(case, into=child.parent, by=getattr(cast, who))
    with denied():
        actions.unmerge(child, by=getattr(cast, who))


def test_the_parents_road_goes_on_undisturbed(cast):
    order = dispatched(cast)
    merged(cast, into=order.case)
    assert (fresh(order.case).state, fresh(order.case).holder_unit) == ("handling", cast.chengguan)


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    parent, child = registered(cast), registered(cast)
    with django_assert_max_num_queries(26):
        actions.merge(child, into=parent, by=cast.clerk)


def test_sharing_the_answer_costs_a_few_statements_a_child(cast, django_assert_max_num_queries):
    order = answered(cast)
    merged(cast, into=order.case)
    with django_assert_max_num_queries(31):
        actions.approve(order.case, by=cast.reviewer)


def test_whoever_was_ever_merged_stays_of_the_family(cast):
    child = merged(cast)
    middle, third, stranger = child.parent, registered(cast), registered(cast)
    actions.merge(middle, into=third, by=cast.clerk)
    part = actions.split(fresh(third), by=cast.clerk, title="油烟", text="油烟也大")
    everybody = {child.pk, middle.pk, third.pk, part.pk}
    actions.unmerge(fresh(middle), by=cast.clerk)
    actions.withdraw(fresh(third), by=party_of(third))
    assert Case.objects.filter(parent=None).count() == 5
    found = kin.families([*map(fresh, (child, middle, third, part, stranger))])
    assert found == {**dict.fromkeys(everybody, everybody), stranger.pk: {stranger.pk}}


def test_the_people_of_many_matters_without_kin_cost_two_statements(cast, django_assert_num_queries):
    many = [registered(cast) for _each in range(6)]
    with django_assert_num_queries(2):
        found = nameless.people_of(many)
    assert [len(found[case.pk]) for case in many] == [1] * 6


def test_the_people_of_many_matters_with_kin_cost_as_much_as_those_of_one(cast, django_assert_num_queries):
    many = [merged(cast).parent for _each in range(4)]
    for asked in (many[:1], many):
        with django_assert_num_queries(3):
            found = nameless.people_of(asked)
        assert [len(found[case.pk]) for case in asked] == [2] * len(asked)


def test_an_incident_takes_others_in_and_is_not_merged_away(cast):
    running, other = incident(cast), registered(cast)
    with refused("突发事件", code="incident") as caught:
        actions.merge(running, into=other, by=cast.clerk)
    assert caught.value.instead == "结束突发事件"
    actions.merge(other, into=running, by=cast.clerk)
    assert fresh(other).parent == running
