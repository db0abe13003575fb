"""What is told of the ratings of one full block: exact in the middle, "at least" or "at most" towards the ends.

Pure. A reader knows this rule, reads every block there has ever been, and may know for certain how `KNOWN` of a block's
people graded (one of them may be the reader's friend). Even so each of the others can have been content or not, and
none's grade follows. The proof is in decision 0028, and an enumeration of all of it in the tests.
"""

from collections.abc import Iterable
from dataclasses import dataclass

FULL = 10  # ratings that make a block, whatever they say
KNOWN = 2  # of whom in a block a reader may know the grades


@dataclass(frozen=True)
class Span:
    """What is told of a number: it lies in here, both ends included; one number where both are the same."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether the number itself is told."""
        return self.low == self.high


def count_told(count: int, n: int) -> Span:
    """What is told of how many of `n` people said yes to something."""
    return _ended(count, Span(0, n), at_most=KNOWN + 1, at_least=n - KNOWN - 1)


def sum_told(total: int, n: int) -> Span:
    """What is told of the sum of the grades of `n` people, 1 to 5 each.

    The ends are as wide as the known ones can lie apart (4 each), and so much wider that one of the others can still
    have crossed the line between content and not: from 1 to 4 below, from 5 to 3 above.
    """
    apart = 4 * KNOWN
    return _ended(total, Span(n, 5 * n), at_most=n + apart + 3, at_least=5 * n - apart - 2)


def together(spans: Iterable[Span]) -> Span:
    """What is told of a sum, from what is told of each part and from nothing else."""
    parts = list(spans)
    return Span(sum(each.low for each in parts), sum(each.high for each in parts))


def _ended(number: int, possible: Span, *, at_most: int, at_least: int) -> Span:
    if at_most >= at_least:  # too few for any middle
        return possible
    if number <= at_most:
        return Span(possible.low, at_most)
    if number >= at_least:
        return Span(at_least, possible.high)
    return Span(number, number)
