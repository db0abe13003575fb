"""不予受理: refused at the door with a ground, its basis and the right route."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Case, Note, Notice, Round
from huiyin.cases.tests.roads import (
    accepted,
    declined,
    denied,
    fresh,
    merged,
    one_event,
    party_of,
    refused,
    registered,
)
from huiyin.deadlines.models import Clock
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db


def test_it_ends_the_case_stops_the_clock_and_owes_the_ground(cast):
    case = registered(cast)
    with one_event(case, "decline", cast.clerk):
        actions.decline(case, by=cast.clerk, reason=cast.no_duty, words_to_citizen="请向法院起诉")
    case, past = fresh(case), Round.objects.get(case=case)
    assert (case.state, case.holder_unit, case.holder_role, case.end_reason) == (
        "declined",
        None,
        "",
        cast.no_duty,
    )
    assert (past.end_state, past.clock.state) == ("declined", Clock.State.STOPPED) and case.ended_at
    assert Notice.objects.get(case=case).about == Notice.About.DECLINE
    assert Note.objects.get(case=case).readers == Note.Readers.ALL
    facts = latest(f"case:{case.number}").facts
    assert (facts["reason"], facts["basis"]) == ("decline-duty", cast.no_duty.basis)


def test_an_accepted_case_is_not_declined(cast):
    case = accepted(cast)
    with refused("待派单", "su-dongpo", "受理", code="state"):
        actions.decline(case, by=cast.clerk, reason=cast.no_duty)


def test_the_ground_must_be_one_for_declining(cast):
    case = registered(cast)
    with refused("不予受理", code="reason"):
        actions.decline(case, by=cast.clerk, reason=cast.not_ours)


@pytest.mark.parametrize("who", ["handler", "reviewer", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case = registered(cast)
    with denied():
        actions.decline(case, by=getattr(cast, who), reason=cast.no_duty)


def test_after_a_contest_the_same_clerk_cannot_decline_again_but_a_colleague_can(cast):
    case = declined(cast)
    actions.contest(case, by=party_of(case), why="这正是你们管的")
    with refused("另一位同事", code="same_person"):
        actions.decline(case, by=cast.clerk, reason=cast.no_duty)
    actions.decline(case, by=cast.second_clerk, reason=cast.no_duty)
    assert (fresh(case).state, fresh(case).round) == ("declined", 2)


def test_nor_can_the_same_person_under_another_post(cast):
    from huiyin.accounts.roles import Role
    from huiyin.organisation.models import Post

    case = declined(cast)
    actions.contest(case, by=party_of(case), why="这正是你们管的")
    person = cast.clerk.post
    second = Post.objects.create(code="second-hat", user=person.user, unit=person.unit, role=Role.DISPATCHER)
    with refused("另一位同事", code="same_person"):
        actions.decline(case, by=Actor.of(second), reason=cast.no_duty)


def test_matters_merged_into_it_go_back_to_the_desk(cast):
    child = merged(cast)
    due = child.due_at
    actions.decline(child.parent, by=cast.clerk, reason=cast.no_duty)
    child = fresh(child)
    assert (child.state, child.parent, child.due_at) == ("registered", None, due)
    assert (child.holder_unit, child.holder_role) == (cast.centre, "clerk")
    assert Case.objects.get(state="declined").version == 3


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    case = registered(cast)
    with django_assert_max_num_queries(17):
        actions.decline(case, by=cast.clerk, reason=cast.no_duty)
