"""办结: every point has an outcome and everyone was told."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Point, Round
from huiyin.cases.tests.roads import (
    MONDAY,
    TWO,
    approved,
    closed,
    denied,
    fresh,
    one_event,
    owed,
    party_of,
    refused,
    told,
)
from huiyin.deadlines.models import Clock

pytestmark = pytest.mark.django_db


def test_close_ends_case_and_round_and_nobody_holds_it(cast):
    case = told(cast)
    with one_event(case, "close", cast.caller):
        actions.close(case, by=cast.caller, because="rated")
    case, past = fresh(case), Round.objects.get(case=case)
    assert (case.state, case.holder_unit, case.holder_role, case.holder_post) == ("closed", None, "", None)
    assert (past.end_state, past.ended_at, case.ended_at) == ("closed", MONDAY, MONDAY)
    assert past.rating_clock.state == Clock.State.STOPPED


def test_close_before_everyone_was_told_is_refused(cast):
    case = approved(cast, parties=TWO)
    actions.record_told(owed(case), by=party_of(case), how="delivered")
    with refused("待告知", "诉求人", code="state"):
        actions.close(case, by=cast.caller)


def test_what_was_never_answered_point_by_point_is_not_closed(cast):
    case = told(cast)
    Point.objects.filter(case=case).update(
        outcome=""
    )  # no act leaves it so; the end of a case does not rely on that
    with refused("还有诉求点没有办理结果，不能办结。", code="outcome"):
        actions.close(case, by=cast.caller)


def test_close_twice_is_refused_and_names_the_first(cast):
    case = closed(cast)
    with refused("办结", "hua-mulan", code="state") as late:
        actions.close(case, by=cast.reviewer)
    assert "归档" in late.value.instead


@pytest.mark.parametrize("who", ["handler", "clerk", "supervisor", "citizen"])
def test_others_may_not_close(cast, who):
    case = told(cast)
    with denied():
        actions.close(case, by=getattr(cast, who))


def test_close_takes_few_statements(cast, django_assert_max_num_queries):
    case = told(cast)
    with django_assert_max_num_queries(15):
        actions.close(case, by=cast.caller)
