"""Hints about figures that are bent: what stands out and what does not, who reads it, and how often it is right."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.gaming import a_town, measured, table
from huiyin.assessment import evidence, gaming
from huiyin.assessment.gaming import Handled, LeftOut, Recorded, Said, Seen
from huiyin.assessment.periods import period_of
from huiyin.assessment.tests import town
from huiyin.cases.models import Case, Exclusion, Order
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.people.models import Person

DUE = datetime(2026, 11, 20, 16, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def orders(unit: str, n: int, **marked) -> list[Handled]:
    """So many matters of a unit, answered a day before their limit; `marked` says what else holds of all of them."""
    given = {"answered": DUE - DAY, **marked}
    return [Handled(unit, f"{unit}-{at}", DUE, **given) for at in range(n)]


OTHERS = [row for unit in "bcde" for row in orders(unit, 100)]


@pytest.mark.parametrize(
    ("detector", "marked"),
    [
        ("last_minute", {"answered": DUE - 20 * MINUTE}),
        ("closed_and_reopened", {"reopened": DUE + DAY}),
        ("merged_or_split", {"merged": DUE - timedelta(hours=2)}),
        ("merged_or_split", {"split": True}),
    ],
)
def test_a_unit_that_does_it_stands_out_with_its_cases(detector, marked):
    found = gaming.hints(Recorded([*OTHERS, *orders("a", 70), *orders("a", 30, **marked)]))
    [hint] = [hint for hint in found if hint.detector == detector]
    assert (hint.unit, hint.n, len(hint.cases)) == ("a", 100, 30) and hint.chance < 1e-6


@pytest.mark.parametrize(
    "marked",
    [
        {"answered": DUE - 31 * MINUTE},
        {"answered": DUE + MINUTE},
        {"reopened": DUE + 9 * DAY},
        {"merged": DUE - 9 * DAY},
        {"merged": DUE + DAY},
        {"answered": None},
    ],
)
def test_what_is_only_near_it_does_not(marked):
    assert gaming.hints(Recorded([*OTHERS, *orders("a", 70), *orders("a", 30, **marked)])) == []


def test_what_everybody_does_stands_out_nowhere():
    every = [row for unit in "abcde" for row in orders(unit, 100, answered=DUE - MINUTE)]
    assert gaming.hints(Recorded(every)) == []


def test_few_cases_and_few_others_give_no_hint():
    few = orders("a", 19, answered=DUE - MINUTE)
    assert gaming.hints(Recorded([*OTHERS, *few])) == []
    assert (
        gaming.hints(
            Recorded([*orders("a", 100, answered=DUE - MINUTE), *orders("b", 100), *orders("c", 100)])
        )
        == []
    )


def test_equal_ratings_few_people_and_one_hand():
    mixed = [(True, "yes", 5), (True, "yes", 4), (False, "no", 1), (True, "partly", 3)]
    said = [Said(unit, f"{unit}-{at}", mixed[at % 4], f"{unit}-{at}") for unit in "bcde" for at in range(60)]
    same = [Said("a", f"a-{at}", mixed[0], f"friend-{at % 3}") for at in range(60)]
    found = gaming.hints(Recorded(said=[*said, *same]))
    assert {(hint.detector, hint.unit) for hint in found} == {("equal_ratings", "a"), ("few_people", "a")}
    out = [LeftOut("a", f"a-{at}", ("clerk", f"boss-{at}")) for at in range(20)]
    out += [LeftOut("b", f"b-{at}", (f"clerk-{at}", "boss")) for at in range(2)]
    [hint] = gaming.hints(Recorded([*OTHERS, *orders("a", 100)], left_out=out))
    assert (hint.detector, hint.unit, len(hint.cases)) == ("one_hand", "a", 20)


def test_people_of_whom_nothing_is_known_are_not_one_person():
    said = [Said("a", f"a-{at}", (True, "yes", at % 5 + 1), "") for at in range(60)]
    assert gaming.few_people(Recorded(said=said)) == {}


@given(st.integers(0, 300), st.integers(1, 300), st.floats(0.001, 0.999))
def test_the_tail_of_a_binomial_is_a_probability_and_falls(k, n, p):
    k = min(k, n)
    here = gaming.at_least(k, n, p)
    assert 0 <= here <= 1 and here <= gaming.at_least(max(0, k - 1), n, p) + 1e-9


def test_the_tail_by_hand():
    assert gaming.at_least(2, 3, 0.5) == pytest.approx(0.5) and gaming.at_least(0, 9, 0.1) == 1.0
    assert gaming.at_least(10, 10, 0.5) == pytest.approx(0.5**10)


def test_among_honest_towns_hints_are_rare_and_the_planted_ones_are_found():
    """The same generator as `python -m benchmarks.gaming`, of fewer towns."""
    scores = {score.detector: score for score in measured(towns=12, seed=7)}
    assert set(scores) == set(gaming.DETECTORS), table(list(scores.values()))
    for score in scores.values():
        assert score.precision >= 0.8, table(list(scores.values()))
        assert score.recall(0.4) >= 0.8, table(list(scores.values()))
    assert sum(score.right for score in scores.values()) >= 0.95 * sum(
        score.hints for score in scores.values()
    )


def test_the_same_seed_makes_the_same_town():
    assert a_town(Random("1:0")) == a_town(Random("1:0"))


def test_nobody_stands_out_by_nothing():
    assert gaming.standing_out("last_minute", {unit: Seen(100) for unit in "abcde"}) == []


# -- from the live tables -----------------------------------------------------------------------------------
THEN = datetime(2026, 11, 10, 4, tzinfo=UTC)


@pytest.fixture
def bent(cast):
    """The city management answers thirty matters in the last minutes; three other units do not."""
    for unit in (cast.zhujian, cast.weijian, cast.community, cast.squad):
        for _each in range(22):
            town.matter(cast, unit, THEN)
    cases = [town.matter(cast, cast.chengguan, THEN) for _each in range(25)]
    Order.objects.filter(unit=cast.chengguan).update(due_at=THEN + 20 * MINUTE)
    Order.objects.exclude(unit=cast.chengguan).update(due_at=THEN + 3 * DAY)
    return cases


@pytest.mark.django_db
def test_the_supervisor_reads_the_hint_with_the_cases_behind_it(cast, bent):
    [shown] = evidence.hints(cast.supervisor, period_of("2026-11"))
    assert (shown.hint.detector, shown.unit, shown.hint.n) == ("last_minute", cast.chengguan, 25)
    assert shown.numbers == sorted(case.number for case in bent)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who", ["leader", "handler", "unit_leader", "reviewer", "clerk", "administrator", "auditor", "citizen"]
)
def test_nobody_else_does(cast, who):
    with pytest.raises(PermissionDenied):
        evidence.hints(getattr(cast, who), period_of("2026-11"))


@pytest.mark.django_db
def test_a_supervisor_reads_no_hint_about_a_unit_of_their_own(cast, bent):
    Post.objects.create(code="hat", user=cast.supervisor.user, unit=cast.squad, role="handler", title="兼")
    assert evidence.hints(Actor.of(cast.supervisor.post), period_of("2026-11")) == []


@pytest.mark.django_db
def test_cases_that_the_supervisor_may_not_know_of_are_in_no_hint(cast, bent):
    for case in bent:
        Exclusion.objects.create(case=case, user=cast.supervisor.user)
    assert evidence.hints(cast.supervisor, period_of("2026-11")) == []


@pytest.mark.django_db
def test_records_of_ratings_merges_and_splits_are_read_as_they_stand(cast):
    first, second = town.matter(cast, cast.chengguan, THEN), town.matter(cast, cast.chengguan, THEN)
    person = Person.objects.create(name="甲", created_at=THEN)
    rating = town.rated(first, THEN, satisfied=4)
    rating.party.__class__.objects.filter(pk=rating.party.pk).update(person=person)
    Case.objects.filter(pk=second.pk).update(split_from=first, state="merged", ended_at=THEN)
    town.left_out(first, cast.chengguan, cast)
    found = evidence.recorded(Case.objects.all(), period_of("2026-11"))
    assert [(row.split, row.merged) for row in found.handled] == [(False, None), (True, THEN)]
    assert found.said == [Said(str(cast.chengguan.pk), str(first.pk), (True, "yes", 4), str(person.pk))]
    assert [len(row.hands) for row in found.left_out] == [3]
