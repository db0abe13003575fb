"""Every figure opens its cases: as many as it says, and of posts and representatives the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.assessment import behind as lists
from huiyin.assessment import people
from huiyin.assessment.assessing import assessed
from huiyin.assessment.behind import BEHIND, NAMES, behind
from huiyin.assessment.models import Measure
from huiyin.assessment.periods import period_of
from huiyin.assessment.statistics import Share
from huiyin.assessment.tests import town
from huiyin.cases.models import Answer, Case, Objection, Order, Party, Round
from huiyin.evaluation.actions import say_pressed
from huiyin.evaluation.models import Rating
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db
NOVEMBER, THEN = period_of("2026-11"), datetime(2026, 11, 10, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _rule(db):
    town.rule()


def numbers(cast, figure, by=None, **more):
    found = behind(by or cast.leader, figure, NOVEMBER, unit=cast.chengguan, **more)
    return {case.number for case in found.rows}


@pytest.fixture
def history(cast):
    """Twelve matters with something of everything; and six of another unit, which stand in no list of this one."""
    cases = town.history(cast, cast.chengguan, THEN, n=12, late=3, solved=8)
    Order.objects.filter(case=cases[4]).update(signed_at=THEN + timedelta(days=2))
    Order.objects.filter(case=cases[5]).update(signed_at=None, signed_by=None)
    run = Round.objects.get(case=cases[6]).clock
    Objection.objects.create(
        order=Order.objects.get(case=cases[7]),
        reason=cast.not_ours,
        words="不归我们",
        raised_at=THEN,
        clock=run,
    )
    for case, cause in ((cases[8], "unsolved"), (cases[9], "reopened")):
        Round.objects.create(case=case, number=2, cause=cause, began_at=THEN, clock=run)
    town.history(cast, cast.zhujian, THEN, n=6, late=3)
    waits = town.matter(cast, cast.chengguan, THEN)
    soon = clock.now() + timedelta(days=30)
    Order.objects.filter(case=waits).update(
        objection_until=soon, signed_at=None, signed_by=None, due_at=soon, answered_at=None
    )
    waits.answers.all().delete()
    return cases


def test_a_figure_says_as_many_as_it_opens(cast, history):
    town.closed("2026-11")
    found = assessed(cast.leader, NOVEMBER)
    [line] = [line for group in found.groups for line in group.lines if line.code == "chengguan"]
    assert set(BEHIND) == set(Measure) and {name for pair in BEHIND.values() for name in pair if name} < set(
        NAMES
    )
    for measure, (every, against) in BEHIND.items():
        whole = line.readings[measure].whole
        opened = numbers(cast, every)
        assert len(opened) == whole.n, measure
        if against in ("late", "unsigned"):
            assert len(numbers(cast, against)) == whole.n - whole.good, measure
        elif against:
            assert len(numbers(cast, against)) == whole.good, measure


def test_which_cases_they_are(cast, history):
    told = [case.number for case in history]
    assert numbers(cast, "late") == set(told[:3])
    assert numbers(cast, "unsigned") == {told[4], told[5]}
    assert (numbers(cast, "returned"), numbers(cast, "redone"), numbers(cast, "repeated")) == (
        {told[7]}, {told[8]}, {told[9]},
    )  # fmt: skip
    town.left_out(history[0], cast.chengguan, cast)
    assert numbers(cast, "omitted") == {told[0]}


def test_of_ratings_only_all_are_opened_never_the_good_or_the_bad(cast, history):
    for measure in (
        Measure.COMPOSITE,
        Measure.CONTACTED,
        Measure.SOLVED,
        Measure.SATISFIED,
        Measure.FIRST_TIME,
    ):
        assert BEHIND[measure] == ("rated", "")


def test_only_of_the_own_unit_and_of_cases_that_one_may_know_of(cast, history):
    assert len(numbers(cast, "due", by=cast.handler)) == 12
    for by in (cast.zhujian_handler, cast.clerk, cast.representative, cast.citizen):
        with pytest.raises(PermissionDenied):
            numbers(cast, "due", by=by)
    Case.objects.filter(pk=history[0].pk).update(nature=Case.Nature.REPORT)
    assert len(numbers(cast, "due", by=cast.supervisor)) == 11
    with pytest.raises(KeyError):
        numbers(cast, "grades")


def test_a_page_by_key(cast, history, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 5)
    seen, after = [], 0
    while True:
        found = behind(cast.leader, "due", NOVEMBER, unit=cast.chengguan, after=after)
        seen += [case.number for case in found.rows]
        after = found.later
        if not after:
            break
    assert seen == [case.number for case in reversed(history)]


def test_a_unit_that_has_ended_keeps_its_past(cast, history):
    cast.chengguan.valid_to = clock.local_date(THEN)
    cast.chengguan.save()
    assert any(
        line.code == "chengguan" for group in assessed(cast.leader, NOVEMBER).groups for line in group.lines
    )


def test_an_empty_period_is_empty(cast):
    assert assessed(cast.leader, period_of("2026-02")).groups == []


def test_a_list_knows_how_many_answers_its_cases_stand_for(cast, history):
    answered_again(history[8])
    [line] = people.posts(cast.handler, NOVEMBER)
    assert line.redone.whole.n == 13
    for post in (None, line.post):
        found = behind(cast.leader, "answered", NOVEMBER, unit=cast.chengguan, post=post)
        assert (len(found.rows), found.matters, found.counted) == (12, 12, 13)
    late, returned = (
        behind(cast.leader, figure, NOVEMBER, unit=cast.chengguan) for figure in ("late", "returned")
    )
    assert (late.matters, late.counted, returned.matters, returned.counted) == (3, 3, 1, 1)


def answered_again(case: Case) -> None:
    """A second answer in the same month, in the round that was begun."""
    first = case.answers.get()
    Answer.objects.create(case=case, point=first.point, round=2, order=first.order, unit=first.unit, text="再办",
                          outcome="solved", state="approved", given_at=THEN, given_by=first.given_by)  # fmt: skip


def test_what_was_rated_is_listed_to_nobody_who_works_there_from_whatever_seat(cast, history):
    handler = cast.handler.post
    Post.objects.filter(pk=handler.pk).update(user=cast.supervisor.user)
    by = replace(cast.supervisor)
    with pytest.raises(PermissionDenied):
        behind(by, "rated", NOVEMBER, unit=cast.chengguan)
    assert len(behind(by, "rated", NOVEMBER, unit=cast.zhujian).rows) == 6


# -- posts and representatives ------------------------------------------------------------------------------
def test_a_post_has_its_own_orders_and_opens_them(cast, history):
    second = cast.unit_leader.post
    Order.objects.filter(case__in=history[:2]).update(person=second)
    found = {line.post.code: line for line in people.posts(cast.leader, NOVEMBER)}
    assert found[second.code].on_time.kept == Share(0, 2)
    assert numbers(cast, "late", post=second) == {case.number for case in history[:2]}
    own = people.posts(cast.handler, NOVEMBER)
    assert {line.post.unit_id for line in own} == {cast.chengguan.pk}
    assert {line.post.unit_id for line in people.posts(cast.supervisor, NOVEMBER)} > {cast.chengguan.pk}


def test_what_is_due_in_a_month_to_come_counts_in_the_year_for_unit_post_and_list_alike(cast):
    case = town.matter(cast, cast.chengguan, THEN)
    Order.objects.filter(case=case).update(due_at=THEN + timedelta(days=30))
    year = period_of("2026")
    with clock.frozen(THEN + timedelta(days=3)):
        [unit] = [line for group in assessed(cast.leader, year).groups for line in group.lines]
        [post] = people.posts(cast.leader, year)
        listed = behind(cast.leader, "due", year, unit=cast.chengguan)
    assert (unit.readings["on_time"].kept.n, post.on_time.kept.n, len(listed.rows)) == (1, 1, 1)


@pytest.mark.parametrize("closed", [True, False])
def test_a_post_has_its_shares_with_and_without_what_is_left_out_of_its_unit(cast, history, closed):
    town.left_out(history[0], cast.chengguan, cast), town.left_out(history[8], cast.zhujian, cast)
    if closed:
        town.closed("2026-11")
    [line] = people.posts(cast.handler, NOVEMBER)
    assert (line.on_time.kept, line.on_time.whole) == (Share(9, 11), Share(9, 12))
    assert (line.redone.kept, line.redone.whole, line.redone.omitted) == (Share(1, 11), Share(1, 12), 1)
    found = behind(cast.leader, "due", NOVEMBER, unit=cast.chengguan)
    assert len(found.rows) == 12 and found.left_out == {history[0].pk}, "which the list tells apart"


def test_a_representative_has_what_was_brought_answered_and_rated(cast, history):
    for case in history[:3]:
        party = Party.objects.create(
            case=case, role=Party.Role.BRINGER, post=cast.representative.post, joined_at=THEN
        )
    party.case.ratings.create(
        party=party,
        round=1,
        contacted=True,
        solved="yes",
        satisfied=4,
        how="self",
        at=THEN,
        on=clock.local_date(THEN),
    )
    for by in (cast.leader, cast.supervisor, cast.representative):
        [line] = people.representatives(by, NOVEMBER)
        assert (line.post, line.brought, line.answered, line.rated) == (cast.representative.post, 3, 3, 1)
    post, unit = cast.representative.post, cast.representative.unit
    for figure in ("brought", "brought_answered"):
        assert len(behind(cast.leader, figure, NOVEMBER, unit=unit, post=post).rows) == 3
    assert numbers(cast, "brought", post=post) == set(), (
        "of another unit's representative there is nothing here"
    )
    with pytest.raises(PermissionDenied):
        people.representatives(cast.handler, NOVEMBER)
    assert people.representatives(cast.leader, period_of("2026-10")) == []


@pytest.mark.parametrize("closed", [True, False])
def test_the_list_of_what_was_rated_does_not_tell_who_rated_anew(cast, history, closed):
    if closed:
        town.closed("2026-11")
    before = numbers(cast, "rated")
    party = Party.objects.filter(case=history[3]).order_by("pk").first()
    anew = {"contacted": True, "solved": "no", "satisfied": 1}
    say_pressed(history[3], by=Actor.citizen(party.pk), anew=anew)
    assert Rating.objects.filter(case=history[3]).count() == 2
    assert numbers(cast, "rated") == before and history[3].number in before
    december = behind(cast.leader, "rated", period_of("2026-12"), unit=cast.chengguan)
    assert [case.number for case in december.rows] == []
