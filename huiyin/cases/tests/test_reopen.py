"""重启: an ended matter comes back to the desk in a new round."""

import pytest

from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    archived,
    at,
    closed,
    denied,
    explained,
    fresh,
    one_event,
    party_of,
    refused,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("road", [closed, explained, archived])
def test_an_ended_matter_reopens_in_a_new_round_and_the_old_one_stands(cast, road):
    case = road(cast)
    first = Round.objects.filter(case=case).values().get()
    with at(MONDAY + DAY), one_event(case, "reopen", party_of(case)):
        actions.reopen(case, by=party_of(case), reason="夜里又开始了")
    case, second = fresh(case), Round.objects.get(case=case, number=2)
    assert (case.state, case.holder_role, case.round, case.ended_at) == ("registered", "clerk", 2, None)
    assert (second.cause, second.clock.started_at, case.due_at) == (
        "reopened",
        MONDAY + DAY,
        second.clock.due_at,
    )
    assert Round.objects.filter(case=case, number=1).values().get() == first


def test_a_matter_still_open_is_not_reopened(cast):
    case = told(cast)
    with refused("待评价", code="state"):
        actions.reopen(case, by=party_of(case), reason="夜里又开始了")
    with refused("重启的理由", code="missing"):
        actions.reopen(case, by=party_of(case), reason="")


def test_somebody_in_copy_reads_and_remarks_but_decides_nothing(cast):
    case = closed(cast, parties=[PartyIn(), PartyIn(role="copy", name="居委会")])
    copy = party_of(case, "copy")
    actions.note(case, by=copy, text="已知悉")
    with denied():
        actions.reopen(case, by=copy, reason="夜里又开始了")


@pytest.mark.parametrize("who", ["handler", "clerk", "caller", "citizen"])
def test_others_may_not_reopen(cast, who):
    case = closed(cast)
    with denied():
        actions.reopen(case, by=getattr(cast, who), reason="夜里又开始了")


def test_reopen_takes_few_statements(cast, django_assert_max_num_queries):
    case = closed(cast)
    by = party_of(case)
    with django_assert_max_num_queries(17):
        actions.reopen(case, by=by, reason="夜里又开始了")
