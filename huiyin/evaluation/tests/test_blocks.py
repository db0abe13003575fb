"""Nothing that a unit can read at any time, of whatever months and units, gives a single grade away."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import combinations_with_replacement as multisets
from random import Random
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.cases.models import Party
from huiyin.evaluation import blocks
from huiyin.evaluation.blocks import FULL, PERIODS, cells, make_blocks, told_to
from huiyin.evaluation.models import Block, Following, Rating
from huiyin.evaluation.spans import Span, count_told, sum_told
from huiyin.evaluation.tests.road import registered
from huiyin.kernel import clock
from huiyin.organisation.models import Unit

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def given_ratings(case, told) -> list[Rating]:
    """Ratings of units on days, with grades; each by a party of its own. The other answers do not follow the grade."""
    parties = Party.objects.bulk_create(
        Party(case=case, role=Party.Role.MEMBER, joined_at=at(JANUARY)) for _each in told
    )
    return Rating.objects.bulk_create(
        Rating(
            case=case, party=party, round=1, contacted=place % 3 > 0, solved="yes" if place % 4 else "no",
            satisfied=grade, how=Rating.How.SELF, at=at(day), on=day, unit=unit,
        )
        for place, (party, (unit, day, grade)) in enumerate(zip(parties, told, strict=True))
    )  # fmt: skip


def given_anew(row: Rating, grade: int, *, on: date) -> None:
    """As `say_pressed` does it."""
    row.refresh_from_db()
    Rating.objects.filter(pk=row.pk).update(set_aside=Rating.Aside.PRESSED)
    Rating.objects.create(
        case_id=row.case_id, party_id=row.party_id, round=1, contacted=row.contacted, solved=row.solved,
        satisfied=grade, how=Rating.How.SELF, at=at(on), on=on, unit_id=row.unit_id, block_id=row.block_id,
    )  # fmt: skip


def read_by(unit: Unit) -> list[tuple[str, str, Any]]:
    """Every figure that people of a unit can read: of their own and of each below, by every period."""
    below = Unit.objects.filter(path__startswith=unit.path).order_by("path")
    return [
        (each.code, period, cell)
        for each in below
        for period in PERIODS
        for cell in cells(each, period=period)
    ]


@dataclass
class World:
    """Ratings as they come in between looks, and which of them are given anew after which look, with what grade."""

    looks: list[date]
    told: list[tuple[Unit, date, int]]
    anew: dict[int, tuple[int, int]] = field(default_factory=dict)

    def lived(self, case, top: Unit) -> tuple[list[Any], dict[int, list[int]], dict[int, int]]:
        """(what is read at each look; by block the places of its ratings; the grade that counts of each)."""
        for model in (Rating, Block, Following):
            model.objects.all().delete()
        seen, rows, counting = [], {}, {place: grade for place, (_u, _d, grade) in enumerate(self.told)}
        for look, until in enumerate(self.looks):
            since = self.looks[look - 1] if look else date.min
            coming = [place for place, (_unit, day, _grade) in enumerate(self.told) if since <= day < until]
            rows |= dict(
                zip(coming, given_ratings(case, [self.told[place] for place in coming]), strict=True)
            )
            for place in (
                place for place, (when, _grade) in self.anew.items() if when == look and place in rows
            ):
                given_anew(rows[place], self.anew[place][1], on=until - timedelta(days=1))
                rows[place].refresh_from_db()
                if rows[place].block_id is None:
                    counting[place] = self.anew[place][1]
            with clock.frozen(at(until)):
                make_blocks()
            seen.append(read_by(top))
        places: dict[int, list[int]] = {}
        for place, row in rows.items():
            row = Rating.objects.filter(party=row.party_id, set_aside="").get()
            if row.block_id is not None:
                places.setdefault(row.block_id, []).append(place)
        return seen, places, counting


def another(grades: list[int], dice: Random) -> list[int]:
    """Other grades of a block that read the same, with the first of them changed; found by trying all there are."""
    told = (count_told(sum(each >= 4 for each in grades), len(grades)), sum_told(sum(grades), len(grades)))
    fit = [
        each
        for each in multisets(range(1, 6), len(grades))
        if (count_told(sum(one >= 4 for one in each), len(each)), sum_told(sum(each), len(each))) == told
        and set(each) != {grades[0]}
    ]
    assert fit, f"the first of {grades} follows from what is told"
    chosen = list(dice.choice(fit))
    chosen.remove(first := dice.choice([each for each in chosen if each != grades[0]]))
    dice.shuffle(chosen)
    return [first, *chosen]


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 10**6),
    many=st.integers(0, 70),
    months=st.integers(1, 14),
    scale=st.sampled_from([(5,), (1,), (4, 5, 5, 5), (1, 2, 3, 4, 5)]),
)
def test_other_grades_would_have_read_the_same_at_every_time(cast, seed, many, months, scale):
    """An attacker who knows the rule and keeps every page: in each block anybody can have graded otherwise.

    Units have different ratings in different months, all alike among them, and some people rate anew: in the other
    world nobody does. Had the grades a say in when a block is made, or in what, the two would read differently.
    """
    dice = Random(seed)
    case, units = registered(cast), [cast.chengguan, cast.squad, cast.squad, cast.zhujian]
    looks = sorted({JANUARY + timedelta(days=dice.randrange(30, 31 * months + 35)) for _each in range(3)})
    told = [
        (dice.choice(units), JANUARY + timedelta(days=dice.randrange(30 * months)), dice.choice(scale))
        for _each in range(many)
    ]
    anew = {dice.randrange(many): (dice.randrange(3), dice.choice((1, 5))) for _each in range(many // 12)}
    seen, places, counting = World(looks, told, anew).lived(case, cast.chengguan)
    assert all(cell.n >= FULL for read in seen for _code, _period, cell in read)
    grades = [dice.randrange(1, 6) for _each in told]  # of what is in no block: anything
    for block in places.values():
        dice.shuffle(block)
        for place, grade in zip(block, another([counting[each] for each in block], dice), strict=True):
            grades[place] = grade
    otherwise = [(unit, day, grade) for (unit, day, _grade), grade in zip(told, grades, strict=True)]
    assert World(looks, otherwise).lived(case, cast.chengguan)[0] == seen


def test_few_ratings_wait_for_the_next_month(cast):
    case = registered(cast)
    given_ratings(case, [(cast.chengguan, date(2026, 1, 9), grade) for grade in (1, 5, 5, 4, 4, 1)])
    with clock.frozen(at(date(2026, 2, 2))):
        assert make_blocks() == 0 and told_to(cast.handler, period="month") == []
    given_ratings(case, [(cast.chengguan, date(2026, 2, 9), 2)] * 4)
    with clock.frozen(at(date(2026, 3, 1))):
        assert make_blocks() == 1 and make_blocks() == 0
    [cell] = told_to(cast.handler, period="month")
    assert (cell.period, cell.since, cell.until) == ("2026-02", date(2026, 1, 1), date(2026, 2, 28))
    assert (cell.n, cell.content, cell.grades) == (10, Span(4, 4), Span(28, 28))


@pytest.mark.parametrize("grade", [1, 5])
def test_all_of_one_grade_are_a_block_like_any_other(cast, grade):
    given_ratings(registered(cast), [(cast.chengguan, date(2026, 1, 9), grade)] * 12)
    with clock.frozen(at(date(2026, 2, 2))):
        assert make_blocks() == 1
    [cell] = told_to(cast.handler, period="month")
    assert (cell.content, cell.grades) == (
        (Span(9, 12), Span(50, 60)) if grade == 5 else (Span(0, 3), Span(12, 23))
    )


def test_what_small_units_have_left_at_the_years_end_goes_up(cast):
    case = registered(cast)
    given_ratings(case, [(cast.squad, date(2025, 5, 9), 4)] * 7 + [(cast.chengguan, date(2025, 7, 1), 2)] * 3)
    with clock.frozen(at(date(2026, 1, 2))):
        assert make_blocks() == 1
    assert Block.objects.get().unit == cast.chengguan
    assert told_to(cast.squad_handler, period="year") == []
    assert [cell.n for cell in told_to(cast.handler, period="year")] == [10]


def test_what_comes_in_late_does_not_change_what_was_told(cast):
    case = registered(cast)
    given_ratings(case, [(cast.chengguan, date(2026, 1, 9), grade) for grade in (1, 2, 3, 4, 5) * 2])
    with clock.frozen(at(date(2026, 2, 2))):
        make_blocks()
    before = told_to(cast.handler, period="month")
    given_ratings(case, [(cast.chengguan, date(2026, 1, 20), grade) for grade in (1, 2, 3, 4, 5, 5) * 2])
    given_anew(Rating.objects.filter(block__isnull=False).first(), 1, on=date(2026, 2, 3))
    with clock.frozen(at(date(2026, 3, 2))):
        make_blocks()
    [later, same] = told_to(cast.handler, period="month")
    assert [same] == before and later.n == 12


def test_nobody_reads_those_of_a_unit_that_is_not_below_their_own(cast):
    for who, below in ((cast.handler, "zhujian"), (cast.squad_handler, "chengguan"), (cast.clerk, "")):
        with pytest.raises(PermissionDenied):
            told_to(who, period="month", below=below)


def test_a_month_is_over_only_when_it_is(cast):
    assert list(blocks._ends(date(2026, 1, 31), date(2026, 1, 31))) == []
    assert list(blocks._ends(date(2025, 12, 5), date(2026, 2, 28))) == [date(2025, 12, 31), date(2026, 1, 31)]
