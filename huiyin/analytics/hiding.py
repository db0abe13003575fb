"""Small counts that are not told to the public, and the others that must be hidden with them."""

from collections.abc import Sequence, Set

from huiyin.kernel.few import LEAST


def hidden(counts: Sequence[int], also: Set[int] = frozenset()) -> frozenset[int]:
    """The places of those counts of a table, with its total beside it, that are not told.

    One to four are hidden, nought is not: it is about nobody. While a single count is hidden, or those hidden make
    fewer than LEAST together, the total would give them away: the smallest of the others is hidden too
    (complementary suppression; Hundepool et al., Statistical Disclosure Control, 2012, ch. 4). All hidden ones look
    the same, so that nobody can tell which of them are small. `also` are places that must not be told for another
    reason.
    """
    small = {at for at, n in enumerate(counts) if 0 < n < LEAST} | also
    if not small:
        return frozenset()
    others = sorted(((n, at) for at, n in enumerate(counts) if n >= LEAST and at not in also), reverse=True)
    while others and (len(small) < 2 or sum(counts[at] for at in small) < LEAST):
        small.add(others.pop()[1])
    return frozenset(small)
