"""No grade of one to four people follows from what is told: not from a table's total, nor from a longer period."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.assessment.periods import Period, period_of
from huiyin.assessment.secrecy import hidden_units
from huiyin.kernel.few import LEAST

YEAR = period_of("2026")
UNITS = (1, 2, 3)
ALIKE = dict.fromkeys(UNITS, "department")


def counted(months: dict[int, list[int]]):
    """The counts of each unit in any period of the year, from those of its months."""

    def counts(period: Period) -> dict[int, int]:
        return {unit: sum(n[month.number - 1] for month in period.months()) for unit, n in months.items()}

    return counts


def test_a_unit_of_few_is_hidden_and_another_with_it():
    counts = counted({1: [3] * 12, 2: [8] * 12, 3: [40] * 12})
    assert hidden_units(period_of("2026-05"), counts, ALIKE) == {1, 2}, (
        "8 follow from the total of a table of 51"
    )


def test_a_unit_without_any_rating_is_no_secret():
    assert hidden_units(period_of("2026-05"), counted({1: [0] * 12, 2: [8] * 12}), ALIKE) == frozenset()


def test_units_of_other_kinds_stand_in_other_tables():
    counts = counted({1: [3] * 12, 2: [8] * 12})
    assert hidden_units(period_of("2026-05"), counts, {1: "street", 2: "department"}) == {1}


def test_a_quarter_does_not_tell_the_one_month_that_was_kept_back():
    counts = counted({1: [9, 9, 3] + [9] * 9})
    assert hidden_units(period_of("2026-03"), counts, {1: "street"}) == {1}
    assert hidden_units(period_of("2026-Q1"), counts, {1: "street"}) == {1}, "9 + 9 of 21 leave 3"
    assert hidden_units(period_of("2026-Q2"), counts, {1: "street"}) == frozenset()
    assert hidden_units(YEAR, counts, {1: "street"}) == {1}, "three quarters and two months leave 3"


def test_two_months_kept_back_that_make_five_together_are_told_as_a_quarter():
    assert hidden_units(period_of("2026-Q1"), counted({1: [9, 2, 3] + [9] * 9}), {1: "street"}) == frozenset()


@settings(max_examples=150)
@given(st.lists(st.lists(st.integers(0, 12), min_size=12, max_size=12), min_size=3, max_size=3))
def test_no_sum_of_told_cells_leaves_one_to_four(months):
    """For a unit alone: whatever is told of a year's parts, what is left of any whole is none, or five and more."""
    counts = counted(dict(zip(UNITS, months, strict=True)))
    parts = [YEAR, *YEAR.quarters(), *YEAR.months()]
    told = {part: set(counts(part)) - hidden_units(part, counts, ALIKE) for part in parts}
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
    hidden = {unit for unit in hidden_units(month, counts, ALIKE) if counts(month)[unit]}
    left = sum(counts(month)[unit] for unit in hidden)
    if any(n >= LEAST for n in months) and sum(n for n in months) >= LEAST:
        assert left == 0 or left >= LEAST
    assert all(len(hidden) >= 2 for _pair in combinations(hidden, 1)) or sum(map(bool, months)) < 2


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
