"""What is told of a block leaves every grade open, to a reader who knows the rule and some of the grades."""

from collections import defaultdict
from itertools import combinations_with_replacement as multisets

import pytest

from huiyin.evaluation.spans import FULL, KNOWN, Span, count_told, sum_told, together

GRADES = range(1, 6)


def read(grades: tuple[int, ...]) -> tuple[Span, Span]:
    """All that is told of one block's grades."""
    return count_told(sum(grade >= 4 for grade in grades), len(grades)), sum_told(sum(grades), len(grades))


@pytest.mark.parametrize("n", [5, 7, FULL, FULL + 3])
def test_whoever_knows_some_of_a_block_learns_nobody_elses_grade(n):
    """All blocks of n, all that is known of up to two in them: what else may be in a block that reads the same.

    The order within a block is not told, so the assignments that fit are all orders of the multisets that fit: each
    of the others can have given any grade that is in one of them.
    """
    for known in (each for many in range(KNOWN + 1) for each in multisets(GRADES, many)):
        fit = defaultdict(set)
        for others in multisets(GRADES, n - len(known)):
            fit[read(known + others)] |= set(others)
        for possible in fit.values():
            assert {grade >= 4 for grade in possible} == {True, False}, (known, possible)


@pytest.mark.parametrize("n", [5, 7, FULL, 12])
def test_whoever_knows_some_answers_of_yes_or_no_learns_nobody_elses(n):
    for known in range(KNOWN + 1):
        for yes in range(known + 1):
            fit = defaultdict(set)
            for others in range(n - known + 1):
                fit[count_told(yes + others, n)].add(others)
            for possible in fit.values():
                assert max(possible) > 0 and min(possible) < n - known


def test_three_that_are_known_can_give_the_others_away():
    """The limit that remains, so that nobody believes in more: of ten, three graded 1 and seven 5."""
    known = (1,) * (KNOWN + 1)
    told = read(known + (5,) * (FULL - 3))
    fit = [others for others in multisets(GRADES, FULL - 3) if read(known + others) == told]
    assert {grade >= 4 for others in fit for grade in others} == {True}


def test_what_is_told_is_true_and_says_something():
    assert [count_told(yes, 10) for yes in (0, 3, 4, 6, 7, 10)] == [
        Span(0, 3), Span(0, 3), Span(4, 4), Span(6, 6), Span(7, 10), Span(7, 10)
    ]  # fmt: skip
    assert sum_told(50, 10) == Span(40, 50) and sum_told(39, 10).exact and sum_told(10, 10) == Span(10, 21)
    assert count_told(40, 40) == Span(37, 40)
    assert count_told(5, 5) == Span(0, 5), "too few for anything"
    assert together([Span(7, 10), Span(4, 4)]) == Span(11, 14)
