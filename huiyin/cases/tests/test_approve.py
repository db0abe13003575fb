"""审核通过: the reviewer lets the answer out."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Answer, Notice, Party, Point, Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    answered,
    approved,
    at,
    denied,
    fresh,
    one_event,
    refused,
    signed,
)
from huiyin.deadlines.models import Clock

pytestmark = pytest.mark.django_db


def test_each_point_gets_its_outcome_and_each_party_is_owed_the_answer(cast):
    from huiyin.cases.actions import PartyIn

    parties = [PartyIn(name="甲"), PartyIn(role="member", name="乙"), PartyIn(role="respondent", name="店主")]
    order = answered(cast, parties=parties)
    with one_event(order.case, "approve", cast.reviewer):
        actions.approve(order.case, by=cast.reviewer)
    case = fresh(order.case)
    assert (case.state, case.holder_unit, case.holder_role) == ("telling", cast.centre, "caller")
    assert Point.objects.get(case=case).outcome == "solved" and fresh(order).state == "approved"
    assert Answer.objects.get(case=case).state == Answer.State.APPROVED
    owed = Notice.objects.filter(case=case, about="answer", told_at=None)
    assert {notice.party.role for notice in owed} == {Party.Role.PETITIONER, Party.Role.MEMBER}
    assert Round.objects.get(case=case).clock.state == Clock.State.RUNNING


def test_the_case_counts_as_answered_from_the_first_answer_that_was_let_out(cast):
    order = answered(cast)
    [again] = actions.redo(order.case, by=cast.reviewer, reason="没写期限")
    actions.sign(again, by=cast.handler)
    actions.answer(again, by=cast.handler, text="限期三天", outcome=Point.Outcome.SOLVED)
    assert fresh(order.case).first_answered_at is None
    with at(MONDAY + 2 * DAY):
        actions.approve(order.case, by=cast.reviewer)
    assert fresh(order.case).first_answered_at == MONDAY + 2 * DAY


def test_a_second_reviewer_reads_who_did_it(cast):
    case = approved(cast)
    with refused("待告知", "bao-zheng", "审核通过", code="state") as late:
        actions.approve(case, by=cast.reviewer)
    assert "记录告知" in late.value.instead


def test_before_the_answer_it_is_refused(cast):
    order = signed(cast)
    with refused("办理中", "lu-zhishen", "签收", code="state"):
        actions.approve(order.case, by=cast.reviewer)


@pytest.mark.parametrize("who", ["handler", "clerk", "caller", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case = answered(cast).case
    with denied():
        actions.approve(case, by=getattr(cast, who))
    with denied():
        actions.redo(case, by=cast.handler, reason="没写期限")


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    case = answered(cast).case
    with django_assert_max_num_queries(19):
        actions.approve(case, by=cast.reviewer)
