"""No grade of one to four people follows from what is told: not from a table's total, nor from a longer period."""

import random
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.assessment.periods import Period, period_of
from huiyin.assessment.secrecy import KeptBack, kept_back
from huiyin.kernel.few import LEAST

YEAR = period_of("2026")
UNITS = (1, 2, 3)
ALIKE = dict.fromkeys(UNITS, "department")


def counted(months: dict[int, list[int]]):
    """The counts of each unit in any period of the year, from those of its months."""

    def counts(period: Period) -> dict[int, int]:
        return {unit: sum(n[month.number - 1] for month in period.months()) for unit, n in months.items()}

    return counts


def hidden(period: Period, counts, groups) -> frozenset[int]:
    return kept_back(period, counts, groups).units


def test_a_unit_of_few_is_hidden_and_another_with_it():
    counts = counted({1: [3] * 12, 2: [8] * 12, 3: [40] * 12})
    assert hidden(period_of("2026-05"), counts, ALIKE) == {1, 2}, "8 follow from the total of a table of 51"


def test_a_unit_without_any_rating_is_no_secret():
    assert hidden(period_of("2026-05"), counted({1: [0] * 12, 2: [8] * 12}), ALIKE) == frozenset()


def test_units_of_other_kinds_stand_in_other_tables():
    counts = counted({1: [3] * 12, 2: [8] * 12})
    assert hidden(period_of("2026-05"), counts, {1: "street", 2: "department"}) == {1}


def test_a_quarter_does_not_tell_the_one_month_that_was_kept_back():
    counts = counted({1: [9, 9, 3] + [9] * 9})
    assert hidden(period_of("2026-03"), counts, {1: "street"}) == {1}
    assert hidden(period_of("2026-Q1"), counts, {1: "street"}) == {1}, "9 + 9 of 21 leave 3"
    assert hidden(period_of("2026-Q2"), counts, {1: "street"}) == frozenset()
    assert hidden(YEAR, counts, {1: "street"}) == {1}, "three quarters and two months leave 3"


def test_two_months_kept_back_that_make_five_together_are_told_as_a_quarter():
    assert hidden(period_of("2026-Q1"), counted({1: [9, 2, 3] + [9] * 9}), {1: "street"}) == frozenset()


def test_what_a_month_hid_for_another_s_sake_does_not_come_back_with_its_quarter():
    counts = counted({1: [0] * 6 + [12, 4, 20] + [0] * 3, 2: [0] * 6 + [8, 12, 12] + [0] * 3,
                      3: [0] * 6 + [1, 6, 0] + [0] * 3})  # fmt: skip
    assert hidden(period_of("2026-07"), counts, ALIKE) == {2, 3}
    assert 2 in hidden(period_of("2026-Q3"), counts, ALIKE), (
        "32 less 12 and 12 are July's 8, and 9 less 8 the one"
    )


def test_the_total_of_a_quarter_does_not_tell_the_month_of_which_nothing_is_told():
    counts = counted({1: [6, 8, 0] * 4, 2: [8, 4, 0] * 4, 3: [6, 6, 1] * 4})
    assert kept_back(period_of("2026-03"), counts, ALIKE) == KeptBack(
        frozenset({3}), frozenset({"department"})
    )
    quarter = kept_back(period_of("2026-Q1"), counts, ALIKE)
    assert quarter.groups == {"department"}, "39 less 20 and 18 leave 1"
    assert quarter.units == {2}


def test_a_year_of_a_unit_that_many_months_hide_is_told():
    counts = counted({1: [40] * 12, 2: [9] * 12, 3: [3, 2] * 6})
    assert {unit for month in YEAR.months() for unit in hidden(month, counts, ALIKE)} == {2, 3}
    assert hidden(YEAR, counts, ALIKE) == frozenset()


@pytest.mark.parametrize(("code", "seeds"), [("2026-Q3", range(60)), ("2026", range(8))])
def test_nothing_of_one_to_four_follows_from_all_that_is_told(code, seeds):
    """By solving: what is told are sums of what each unit got in each month, and no small one may lie among them."""
    long = period_of(code)
    periods = list(dict.fromkeys([*long.months(), *long.quarters(), long]))
    for seed in seeds:
        drawn = random.Random(seed)
        units = range(1, drawn.randint(2, 5) + 1)
        some = {
            unit: [drawn.choice([0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 20]) for _month in range(12)]
            for unit in units
        }
        counts, groups, told = counted(some), dict.fromkeys(units, "department"), Told()
        for period in periods:
            away = kept_back(period, counts, groups)
            for unit in {*units} - away.units:
                told.add(cells([unit], period))
            if not away.groups:
                told.add(cells(units, period))
        for period in periods:
            each = counts(period)
            for some_units in (*([unit] for unit in units), [*units]):
                if 0 < sum(each[unit] for unit in some_units) < LEAST:
                    assert not told.follows(cells(some_units, period)), (seed, period.code, some_units)


Sum = dict[tuple[int, int], Fraction]  # by unit and month


def cells(units, period: Period) -> Sum:
    return {(unit, month.number): Fraction(1) for unit in units for month in period.months()}


class Told:
    """Sums that are told, each without the first cell of those before it."""

    def __init__(self) -> None:
        self.by_first: dict[tuple[int, int], Sum] = {}

    def add(self, told: Sum) -> None:
        left = self._left(told)
        if left:
            first = min(left)
            self.by_first[first] = {cell: n / left[first] for cell, n in left.items()}

    def follows(self, asked: Sum) -> bool:
        return not self._left(asked)

    def _left(self, asked: Sum) -> Sum:
        """What of a sum cannot be made from those that are told."""
        left, over = dict(asked), {}
        while left:
            first = min(left)
            times = left.pop(first)
            if first not in self.by_first:
                over[first] = times
                continue
            for cell, n in self.by_first[first].items():
                if cell != first:
                    left[cell] = left.get(cell, Fraction(0)) - times * n
                    if not left[cell]:
                        del left[cell]
        return over


@settings(max_examples=150)
@given(st.lists(st.lists(st.integers(0, 12), min_size=12, max_size=12), min_size=3, max_size=3))
def test_no_sum_of_told_cells_leaves_one_to_four(months):
    """For a unit alone: whatever is told of a year's parts, what is left of any whole is none, or five and more."""
    counts = counted(dict(zip(UNITS, months, strict=True)))
    parts = [YEAR, *YEAR.quarters(), *YEAR.months()]
    told = {part: set(counts(part)) - hidden(part, counts, ALIKE) for part in parts}
    for unit in UNITS:
        for whole in parts:
            if unit not in told[whole] or not counts(whole)[unit]:
                continue
            assert counts(whole)[unit] >= LEAST
            covered = _covered(unit, whole, told)
            left = counts(whole)[unit] - sum(counts(part)[unit] for part in covered)
            assert left == 0 or left >= LEAST, (unit, whole.code)


@settings(max_examples=100)
@given(st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_no_total_of_a_table_leaves_one_to_four(months):
    counts = counted({unit: [n] * 12 for unit, n in zip(UNITS, months, strict=True)})
    month = period_of("2026-01")
    away = {unit for unit in hidden(month, counts, ALIKE) if counts(month)[unit]}
    left = sum(counts(month)[unit] for unit in away)
    if any(n >= LEAST for n in months) and sum(n for n in months) >= LEAST:
        assert left == 0 or left >= LEAST
    assert all(len(away) >= 2 for _pair in combinations(away, 1)) or sum(map(bool, months)) < 2


def _covered(unit: int, whole: Period, told: dict[Period, set[int]]) -> list[Period]:
    """The told parts that can be taken away from a whole without counting any month twice."""
    if not whole.quarters():
        return [month for month in whole.months() if month != whole and unit in told[month]]
    found: list[Period] = []
    for quarter in whole.quarters():
        found += (
            [quarter]
            if unit in told[quarter]
            else [month for month in quarter.months() if unit in told[month]]
        )
    return found
