"""提出异议: the petitioner contests a refusal; another clerk looks again, in a new round."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Note, Notice, Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    at,
    declined,
    denied,
    fresh,
    one_event,
    party_of,
    refused,
    registered,
)
from huiyin.deadlines.models import Clock

pytestmark = pytest.mark.django_db


def test_it_begins_a_round_with_a_new_clock_and_leaves_the_first_as_it_was(cast):
    case = declined(cast)
    with at(MONDAY + DAY), one_event(case, "contest", party_of(case)):
        actions.contest(case, by=party_of(case), why="这正是你们管的")
    first, second = Round.objects.filter(case=case).order_by("number")
    assert (first.end_state, first.ended_at, first.clock.state) == ("declined", MONDAY, Clock.State.STOPPED)
    assert (second.cause, second.clock.state) == (
        "contested",
        Clock.State.RUNNING,
    ) and second.clock != first.clock
    case = fresh(case)
    assert (case.state, case.holder_role, case.due_at) == ("registered", "clerk", second.clock.due_at)
    assert case.ended_at is None and case.end_reason is None


def test_the_reasons_stand_as_the_partys_own_note(cast):
    case = declined(cast)
    actions.contest(case, by=party_of(case), why="这正是你们管的")
    note = Note.objects.get(case=case)
    assert note.party_id == party_of(case).party_id and note.readers == Note.Readers.DESK


def test_the_refusal_not_yet_told_can_still_be_told(cast):
    case = declined(cast)
    actions.contest(case, by=party_of(case), why="这正是你们管的")
    notice = Notice.objects.get(case=case)
    actions.record_told(notice, by=party_of(case), how=Notice.How.DELIVERED)
    assert fresh(notice).told_at and fresh(case).state == "registered"


def test_without_reasons_it_is_refused(cast):
    case = declined(cast)
    with refused("异议的理由", code="missing"):
        actions.contest(case, by=party_of(case), why=" ")


def test_what_was_not_declined_cannot_be_contested(cast):
    case = registered(cast)
    with refused("待甄别", "诉求人", code="state"):
        actions.contest(case, by=party_of(case), why="不服")


@pytest.mark.parametrize("who", ["handler", "dispatcher", "citizen"])
def test_others_may_not(cast, who):
    case = declined(cast)
    with denied():
        actions.contest(case, by=getattr(cast, who), why="不服")


def test_the_party_of_another_case_may_not(cast):
    case, other = declined(cast), registered(cast)
    with denied():
        actions.contest(case, by=party_of(other), why="不服")


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    case, by = declined(cast), None
    by = party_of(case)
    with django_assert_max_num_queries(15):
        actions.contest(case, by=by, why="这正是你们管的")
