"""告知法定途径: another procedure is named with its basis and its body; the petitioner may contest it."""

import pytest

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.models import Notice, Referral, Round
from huiyin.cases.tests.roads import (
    accepted,
    advised,
    denied,
    events,
    fresh,
    merged,
    one_event,
    owed,
    party_of,
    refused,
    registered,
)
from huiyin.deadlines.models import Clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db
COURT = "听风县人民法院"


def advise(case, by, **more):
    actions.advise_route(case, by=by, **{"reason": more.pop("reason"), "body": COURT, **more})


def test_it_ends_the_case_stops_the_clock_and_owes_the_route(cast):
    case = registered(cast)
    with one_event(case, "advise_route", cast.clerk):
        advise(case, cast.clerk, reason=cast.to_court, words_to_citizen="立案庭在一楼")
    case, past, row = fresh(case), Round.objects.get(case=case), Referral.objects.get(case=case)
    assert (case.state, case.holder_unit, case.end_reason) == ("advised", None, cast.to_court)
    assert (past.end_state, past.clock.state) == ("advised", Clock.State.STOPPED) and case.ended_at
    assert (row.kind, row.body, row.reason, row.ended_at) == ("route", COURT, cast.to_court, row.sent_at)
    assert row.words.open(Permit(holder="test", purpose=Purpose.WORK)) == "立案庭在一楼"
    assert Notice.objects.get(case=case).about == Notice.About.ROUTE


def test_the_ledger_says_the_ground_and_neither_the_body_nor_the_words(cast):
    case = registered(cast)
    advise(case, cast.clerk, reason=cast.to_court, words_to_citizen="立案庭在一楼")
    event = latest(f"case:{case.number}")
    assert (event.facts["reason"], event.facts["basis"]) == ("route-court", cast.to_court.basis)
    assert COURT not in str(event.facts) and "立案庭" not in str(event.facts)


def test_the_ground_must_be_a_route_and_the_body_must_be_named(cast):
    case = registered(cast)
    with refused("法定途径", code="reason"):
        advise(case, cast.clerk, reason=cast.no_duty)
    with refused("请填写去处", code="missing"):
        advise(case, cast.clerk, reason=cast.to_court, body=" ")
    with refused("最多 120 个字", code="too_long"):
        advise(case, cast.clerk, reason=cast.to_court, body="院" * 121)


def test_an_accepted_case_is_not_advised_away(cast):
    case = accepted(cast)
    with refused("待派单", code="state"):
        advise(case, cast.clerk, reason=cast.to_court)


@pytest.mark.parametrize("who", ["handler", "reviewer", "caller", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case = registered(cast)
    with denied():
        advise(case, getattr(cast, who), reason=cast.to_court)


def test_contested_it_comes_back_in_a_new_round_and_another_clerk_looks(cast):
    case = advised(cast)
    actions.contest(case, by=party_of(case), why="法院说不归它管")
    assert (fresh(case).state, fresh(case).round) == ("registered", 2)
    with refused("另一位同事", code="same_person"):
        advise(case, cast.clerk, reason=cast.to_court)
    with refused("另一位同事", code="same_person"):
        actions.decline(case, by=cast.clerk, reason=cast.no_duty)
    advise(case, cast.second_clerk, reason=cast.to_court)
    assert events(case)[-3:] == ["advise_route", "contest", "advise_route"]


def test_nor_does_the_same_person_look_under_another_post(cast):
    case = advised(cast)
    actions.contest(case, by=party_of(case), why="法院说不归它管")
    person = cast.clerk.post
    hat = Post.objects.create(code="second-hat", user=person.user, unit=person.unit, role=Role.DISPATCHER)
    with refused("另一位同事", code="same_person"):
        advise(case, Actor.of(hat), reason=cast.to_court)


def test_it_is_archived_once_everybody_was_told(cast):
    case = advised(cast)
    with refused("还有告知没有送达", code="owed"):
        actions.archive(case, by=cast.clerk)
    actions.record_told(owed(case), by=party_of(case), how="delivered")
    actions.archive(case, by=cast.clerk)
    assert fresh(case).state == "archived"


def test_matters_merged_into_it_go_back_to_the_desk(cast):
    child = merged(cast)
    advise(child.parent, cast.clerk, reason=cast.to_court)
    assert (fresh(child).state, fresh(child).parent) == ("registered", None)
