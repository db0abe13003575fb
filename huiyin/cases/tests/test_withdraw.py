"""撤回: the petitioner takes the matter back; what hangs on it ends or goes its own way."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Answer, Notice, Order, Round
from huiyin.cases.tests.roads import (
    TWO,
    accepted,
    answered,
    approved,
    closed,
    denied,
    dispatched,
    extension_asked,
    fresh,
    merged,
    objected,
    one_event,
    party_of,
    refused,
    registered,
    told,
)
from huiyin.deadlines.models import Clock

pytestmark = pytest.mark.django_db
ROADS = {
    "registered": registered,
    "accepted": accepted,
    "dispatched": lambda cast, **more: dispatched(cast, **more).case,
    "objected": lambda cast, **more: objected(cast, **more).order.case,
    "extension asked": lambda cast, **more: extension_asked(cast, **more).order.case,
    "answered": lambda cast, **more: answered(cast, **more).case,
    "approved": approved,
}


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_everything_that_runs_stops_and_nothing_is_owed(cast, road):
    case = road(cast)
    with one_event(case, "withdraw", party_of(case)):
        actions.withdraw(case, by=party_of(case), why="已自行解决")
    case = fresh(case)
    assert (case.state, case.holder_unit, case.holder_role) == ("withdrawn", None, "")
    assert not Clock.objects.filter(subject=case.number).exclude(state=Clock.State.STOPPED).exists()
    assert not Order.objects.filter(case=case, state__in=["sent", "signed", "objected", "answered"]).exists()
    assert not Notice.objects.filter(case=case, told_at=None).exists()
    assert not Answer.objects.filter(case=case, state="given").exists()
    assert Round.objects.get(case=case).end_state == "withdrawn"
    actions.archive(case, by=cast.clerk)


@pytest.mark.parametrize("road", [told, closed])
def test_after_the_answer_was_told_it_is_too_late(cast, road):
    case = road(cast)
    with refused("不能再撤回", code="state"):
        actions.withdraw(case, by=party_of(case))


def test_a_member_does_not_withdraw_the_others_matter_but_the_desk_may_on_a_call(cast):
    case = registered(cast, parties=TWO)
    with refused("提出诉求的人", code="owner"):
        actions.withdraw(case, by=party_of(case, "member"))
    actions.withdraw(case, by=cast.clerk, why="来电撤回")


@pytest.mark.parametrize("who", ["handler", "dispatcher", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case = dispatched(cast).case
    with denied():
        actions.withdraw(case, by=getattr(cast, who))


def test_matters_merged_into_it_go_back_to_the_desk_under_their_own_due_date(cast):
    child = merged(cast)
    due, clock = child.due_at, Round.objects.get(case=child).clock
    actions.withdraw(child.parent, by=party_of(child.parent))
    child = fresh(child)
    assert (child.state, child.parent, child.due_at, child.holder_role) == ("registered", None, due, "clerk")
    assert Round.objects.get(case=child).clock == clock and fresh(clock).state == Clock.State.RUNNING


def test_a_withdrawn_case_is_not_acted_on_and_whoever_tries_reads_so(cast):
    order = dispatched(cast)
    actions.withdraw(order.case, by=party_of(order.case))
    with refused("已撤回", "诉求人", "撤回", code="state"):
        actions.sign(order, by=cast.handler)


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    case = dispatched(cast).case
    by = party_of(case)
    with django_assert_max_num_queries(22):
        actions.withdraw(case, by=by)


def test_of_the_merged_matters_those_that_had_their_answer_stay_and_the_others_go_back(cast):
    order = answered(cast)
    parent = order.case
    actions.redo(parent, by=cast.reviewer, reason="没有写明期限")
    children = [merged(cast, into=fresh(parent)) for _each in range(2)]
    again = Order.objects.get(case=parent, round=2)
    actions.sign(again, by=cast.handler)
    actions.answer(again, by=cast.handler, text="已约谈店主", outcome="solved")
    actions.approve(parent, by=cast.reviewer)
    for notice in Notice.objects.filter(case=children[0], told_at=None):
        actions.record_told(notice, by=party_of(children[0]), how="delivered")
    actions.withdraw(parent, by=party_of(parent))
    assert [fresh(child).state for child in children] == ["merged", "registered"]
