"""No two figures that a unit can read, of whatever months and units, differ by fewer than five ratings."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from random import Random

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.cases.models import Party
from huiyin.evaluation import blocks
from huiyin.evaluation.blocks import LEAST, PERIODS, cells, make_blocks, told_to
from huiyin.evaluation.models import COUNTS, Block, Following, Rating
from huiyin.evaluation.tests.road import registered
from huiyin.kernel import clock
from huiyin.organisation.models import Unit

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def given_ratings(case, told) -> None:
    """Ratings of units on days, with grades; each by a party of its own."""
    parties = Party.objects.bulk_create(
        Party(case=case, role=Party.Role.MEMBER, joined_at=at(JANUARY)) for _each in told
    )
    Rating.objects.bulk_create(
        Rating(
            case=case, party=party, round=1, contacted=grade > 1, solved="yes" if grade > 2 else "no",
            satisfied=grade, how=Rating.How.SELF, at=at(day), on=day, unit=unit,
        )
        for party, (unit, day, grade) in zip(parties, told, strict=True)
    )  # fmt: skip


def members(unit: Unit, period: str, name: str) -> frozenset[int]:
    """Whose ratings are in a figure."""
    rows = Rating.objects.filter(block__unit__path__startswith=unit.path).select_related("block")
    return frozenset(row.pk for row in rows if PERIODS[period](row.block.until) == name)


def read_by(unit: Unit) -> dict[tuple, tuple]:
    """Every figure that people of a unit can read: of their own and of each below, by every period."""
    below = Unit.objects.filter(path__startswith=unit.path)
    found = {}
    for each in below:
        for period in PERIODS:
            for cell in cells(each, period=period):
                found[each.code, period, cell.period] = (members(each, period, cell.period), cell)
    return found


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 10**6),
    many=st.integers(0, 90),
    months=st.integers(1, 14),
    looks=st.integers(1, 4),
)
def test_no_figure_and_no_difference_of_two_is_about_fewer_than_five(cast, seed, many, months, looks):
    """Whatever happens between two looks: ratings come in late, or are set aside and given anew."""
    for model in (Rating, Block, Following):
        model.objects.all().delete()
    dice = Random(seed)
    case, units = registered(cast), [cast.chengguan, cast.squad, cast.squad, cast.zhujian]
    shown: list[tuple[frozenset[int], int, int]] = []
    for look in range(1, looks + 1):
        day = lambda: JANUARY + timedelta(days=dice.randrange(30 * months))  # noqa: E731
        told = [(dice.choice(units), day(), dice.choice((1, 4, 5, 5))) for _each in range(many // looks)]
        given_ratings(case, told)
        counting = list(Rating.objects.filter(COUNTS))
        for row in dice.sample(counting, k=len(counting) // 10):
            Rating.objects.filter(pk=row.pk).update(set_aside=Rating.Aside.PRESSED)
        with clock.frozen(at(JANUARY + timedelta(days=31 * months * look // looks + 40))):
            make_blocks()
        read = read_by(cast.chengguan)
        for whose, cell in read.values():
            assert cell.n == len(whose) >= LEAST
            assert cell.n < cell.grades < 5 * cell.n, "all of one extreme would tell of each"
            shown.append((whose, cell.n, cell.grades))
    for (one, n, grades), (other, m, sums) in combinations(dict.fromkeys(shown), 2):
        for left in (one - other, other - one, one & other):
            assert not left or len(left) >= LEAST
        if one < other:
            assert m - n >= LEAST and sums - grades not in (m - n, 5 * (m - n))


def test_few_ratings_wait_for_the_next_month(cast):
    case = registered(cast)
    given_ratings(case, [(cast.chengguan, date(2026, 1, 9), grade) for grade in (1, 5, 5)])
    with clock.frozen(at(date(2026, 2, 2))):
        assert make_blocks() == 0 and told_to(cast.handler, period="month") == []
    given_ratings(case, [(cast.chengguan, date(2026, 2, 9), 4)] * 2)
    with clock.frozen(at(date(2026, 3, 1))):
        assert make_blocks() == 1 and make_blocks() == 0
    [cell] = told_to(cast.handler, period="month")
    assert (cell.period, cell.since, cell.until) == ("2026-02", date(2026, 1, 1), date(2026, 2, 28))
    assert (cell.n, cell.content, cell.mean) == (5, 4, 3.8)


def test_all_of_one_grade_wait_too(cast):
    given_ratings(registered(cast), [(cast.chengguan, date(2026, 1, 9), 1)] * 7)
    with clock.frozen(at(date(2026, 2, 2))):
        assert make_blocks() == 0


def test_what_small_units_have_left_at_the_years_end_goes_up(cast):
    case = registered(cast)
    given_ratings(case, [(cast.squad, date(2025, 5, 9), 4)] * 3 + [(cast.chengguan, date(2025, 7, 1), 2)] * 2)
    with clock.frozen(at(date(2026, 1, 2))):
        assert make_blocks() == 1
    assert Block.objects.get().unit == cast.chengguan
    assert told_to(cast.squad_handler, period="year") == []
    assert [cell.n for cell in told_to(cast.handler, period="year")] == [5]


def test_what_comes_in_late_does_not_change_what_was_told(cast):
    case = registered(cast)
    given_ratings(case, [(cast.chengguan, date(2026, 1, 9), grade) for grade in (1, 2, 3, 4, 5)])
    with clock.frozen(at(date(2026, 2, 2))):
        make_blocks()
    before = told_to(cast.handler, period="month")
    given_ratings(case, [(cast.chengguan, date(2026, 1, 20), grade) for grade in (1, 2, 3, 4, 5, 5)])
    Rating.objects.filter(satisfied=1).update(set_aside=Rating.Aside.PRESSED)
    with clock.frozen(at(date(2026, 3, 2))):
        make_blocks()
    [later, same] = told_to(cast.handler, period="month")
    assert [same] == before and later.n == 5


def test_nobody_reads_those_of_a_unit_that_is_not_below_their_own(cast):
    for who, below in ((cast.handler, "zhujian"), (cast.squad_handler, "chengguan"), (cast.clerk, "")):
        with pytest.raises(PermissionDenied):
            told_to(who, period="month", below=below)


def test_a_month_is_over_only_when_it_is(cast):
    assert list(blocks._ends(date(2026, 1, 31), date(2026, 1, 31))) == []
    assert list(blocks._ends(date(2025, 12, 5), date(2026, 2, 28))) == [date(2025, 12, 31), date(2026, 1, 31)]
