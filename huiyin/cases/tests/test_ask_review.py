"""申请复查、复核: by whom, in what order, in time; the first round stays as it was."""

from datetime import timedelta

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Party, Review, Round
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import DAY, TWO, denied, fresh, one_event, party_of, refused
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation import remembering
from huiyin.organisation.models import Unit
from tests.cast import Cast

pytestmark = pytest.mark.django_db
READ = Permit(holder="test", purpose=Purpose.WORK)


@pytest.fixture(autouse=True)
def _in_spring(_on_monday):
    """Every instance ends in a year whose calendar is known."""
    with roads.at(petitions.SPRING):
        yield


def ask(case, by, **more):
    return actions.ask_review(case, by=by, reason="没有实地量", **more)


def test_it_lies_with_the_supervising_body_under_a_clock_of_its_own(cast: Cast):
    case = petitions.told(cast)
    me = party_of(case)
    with one_event(case, "ask_review", me):
        review = ask(case, me)
    case = fresh(case)
    assert (case.state, case.holder_unit, case.holder_role) == ("in_review", cast.duban, "supervisor")
    assert (review.level, review.state, review.unit) == (Review.Level.REVIEW, "asked", cast.duban)
    assert review.reason.open(READ) == "没有实地量"
    now = Round.objects.get(case=case, number=2)
    assert (case.round, now.cause, now.clock.step, now.clock.state) == (2, "appealed", "review", "running")
    assert case.due_at == now.clock.due_at and 29 <= (case.due_at - clock.now()).days <= 31


def test_the_first_round_stays_as_it_was(cast: Cast):
    case = petitions.told(cast)
    before = Round.objects.get(case=case, number=1)
    answered = fresh(case).first_answered_at
    ask(case, party_of(case))
    first = fresh(before)
    assert (first.told_at, first.answered_at, first.clock_id) == (
        before.told_at,
        before.answered_at,
        before.clock_id,
    )
    assert fresh(case).first_answered_at == answered


@pytest.mark.parametrize("ended", ["close", "explain_and_close", "archive"])
def test_it_can_be_asked_after_the_end_too(cast: Cast, ended):
    case = petitions.told(cast)
    if ended == "explain_and_close":
        actions.explain_and_close(case, by=cast.reviewer, reason=cast.lawful_end, explanation="依法只能这样")
    else:
        actions.close(case, by=cast.caller)
    if ended == "archive":
        actions.archive(case, by=cast.reviewer)
    ask(case, party_of(case))
    assert (fresh(case).state, fresh(case).ended_at) == ("in_review", None)


def test_on_the_last_day_it_is_in_time_and_a_day_later_not(cast: Cast):
    case = petitions.told(cast)
    with roads.at(clock.now() + 32 * DAY), refused("已经过了", "2026-04-01", code="too_late") as caught:
        ask(case, party_of(case))
    assert caught.value.instead == "重启"
    with roads.at(clock.now() + 30 * DAY - timedelta(hours=1)):
        ask(case, party_of(case))


def test_the_time_runs_for_each_party_from_when_they_were_told(cast: Cast):
    case = petitions.given(cast, parties=TWO).case
    actions.approve(case, by=cast.reviewer)
    first, second = party_of(case), party_of(case, Party.Role.MEMBER)
    mine, theirs = roads.Notice.objects.filter(case=case, told_at=None, about="answer").order_by("pk")
    actions.record_told(mine, by=first, how="delivered")
    with roads.at(clock.now() + 10 * DAY):
        actions.record_told(theirs, by=second, how="delivered")
    with roads.at(clock.now() + 35 * DAY):
        with refused("已经过了", code="too_late"):
            ask(case, first)
        ask(case, second)


def test_the_desk_asks_for_the_party_it_names(cast: Cast):
    case = petitions.told(cast)
    with refused("哪位诉求人", code="party"):
        ask(case, cast.clerk)
    party = Party.objects.get(case=case)
    assert ask(case, cast.clerk, party=party).party == party


def test_the_desk_may_name_another_body_above_but_not_a_unit(cast: Cast):
    case = petitions.told(cast)
    party = Party.objects.get(case=case)
    with refused("不能复查复核", code="unit"):
        ask(case, cast.clerk, party=party, unit=cast.weijian)
    leadership = Unit.objects.get(code="xianwei")
    assert ask(case, cast.clerk, party=party, unit=leadership).unit == leadership
    assert fresh(case).holder_role == "leader"


def test_units_and_strangers_may_not_ask(cast: Cast):
    case = petitions.told(cast)
    for who in (cast.handler, cast.outsider, cast.dispatcher, cast.supervisor, cast.citizen):
        with denied():
            ask(case, who)


def test_without_an_opinion_there_is_nothing_to_review(cast: Cast):
    case = roads.told(cast)
    with refused("没有处理意见书", code="instance"):
        ask(case, party_of(case))


def test_before_the_opinion_is_told_it_is_too_early(cast: Cast):
    case = petitions.given(cast).case
    with refused("待审核"):
        ask(case, party_of(case))


def test_it_is_asked_once(cast: Cast):
    review = petitions.asked(cast)
    with refused("复查复核中"):
        ask(review.case, party_of(review.case))


def test_the_second_instance_comes_after_the_first_and_lies_higher(cast: Cast):
    case = petitions.told(cast)
    with refused("先申请复查", code="instance"):
        actions.ask_rereview(case, by=party_of(case), reason="不服")
    case = petitions.reviewed(cast)
    with refused("先申请复核", code="instance"):
        ask(case, party_of(case))
    review = actions.ask_rereview(case, by=party_of(case), reason="不服")
    assert (review.level, review.unit.code, review.clock.step) == (2, "xianwei", "rereview")


def test_after_the_second_instance_none_is_left(cast: Cast):
    case = petitions.rereviewed(cast)
    for act in (actions.ask_review, actions.ask_rereview):
        with refused("已经复核过", code="instance"):
            act(case, by=party_of(case), reason="不服")


def test_where_no_body_is_left_above_the_desk_says_where_to_turn(cast: Cast):
    case = petitions.told(cast)
    Unit.objects.filter(code__in=("duban", "xianwei")).update(kind=Unit.Kind.DEPARTMENT)
    remembering.clear()
    with refused("没有可以复查复核", code="no_body"):
        ask(case, party_of(case))
