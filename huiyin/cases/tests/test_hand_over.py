"""移交应急: the number called and the minute; the rest of the matter stays, or there was nothing else."""

from datetime import timedelta

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Notice, Referral
from huiyin.cases.tests.roads import (
    MONDAY,
    accepted,
    at,
    denied,
    fresh,
    merged,
    one_event,
    party_of,
    refused,
    registered,
    signed,
    told,
)
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)


@pytest.mark.parametrize("road", [registered, accepted, signed])
def test_the_matter_goes_on_where_it_is(cast, road):
    thing = road(cast)
    case = getattr(thing, "case", thing)
    before = fresh(case)
    with one_event(case, "hand_over", cast.caller):
        actions.hand_over(case, by=cast.caller, service="119", reference="119-20261102-7")
    case, row = fresh(case), Referral.objects.get(case=case)
    assert (case.state, case.holder_unit, case.due_at) == (before.state, before.holder_unit, before.due_at)
    assert (row.kind, row.body, row.reference, row.ended_at) == ("emergency", "119", "119-20261102-7", MONDAY)
    assert Notice.objects.get(case=case).about == Notice.About.HANDOVER
    assert latest(f"case:{case.number}").facts["service"] == "119"


def test_the_minute_is_the_one_in_which_it_was_done(cast):
    case = registered(cast)
    with at(MONDAY + 30 * MINUTES):
        actions.hand_over(case, by=cast.clerk.claiming(MONDAY + 2 * MINUTES), service="110")
    assert Referral.objects.get(case=case).sent_at == MONDAY + 2 * MINUTES
    with refused("早于收到诉求", code="too_early"):
        actions.hand_over(case, by=cast.clerk.claiming(MONDAY - MINUTES), service="110")


def test_it_may_have_been_all_of_it_and_can_be_reopened(cast):
    case = registered(cast)
    with one_event(case, "hand_over_and_end", cast.clerk):
        actions.hand_over_and_end(case, by=cast.clerk, service="120")
    case = fresh(case)
    assert (case.state, case.holder_unit, case.ended_at) == ("handed_over", None, MONDAY)
    actions.reopen(case, by=party_of(case), reason="人救了，路灯还没修")
    assert (fresh(case).state, fresh(case).round) == ("registered", 2)


def test_matters_merged_into_it_go_back_to_the_desk(cast):
    child = merged(cast)
    actions.hand_over_and_end(child.parent, by=cast.clerk, service="119")
    assert fresh(child).state == "registered"


def test_only_the_four_numbers(cast):
    case = registered(cast)
    for act in (actions.hand_over, actions.hand_over_and_end):
        with refused("110、119、120 或 122", code="service"):
            act(case, by=cast.clerk, service="12345")


def test_an_accepted_matter_does_not_end_with_it_nor_is_an_answered_one_handed_over(cast):
    begun, answered = accepted(cast), told(cast)
    with refused("待派单", code="state"):
        actions.hand_over_and_end(begun, by=cast.clerk, service="110")
    with refused("待评价", code="state"):
        actions.hand_over(answered, by=cast.clerk, service="110")


@pytest.mark.parametrize("who", ["handler", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case = registered(cast)
    for act in (actions.hand_over, actions.hand_over_and_end):
        with denied():
            act(case, by=getattr(cast, who), service="110")
