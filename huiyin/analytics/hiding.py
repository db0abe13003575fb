"""Small counts that are not told to the public, and the others that must be hidden with them."""

from collections.abc import Sequence, Set

from huiyin.kernel.few import LEAST, tells_few


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


def hidden_parts(
    parts: Sequence[int], wholes: Sequence[int], without: Set[int] = frozenset()
) -> frozenset[int]:
    """The places of those rows of which a part is not told, where the whole of each and both totals are.

    What is left of the whole is told with the part: neither may be one to four. `without` are rows that tell nothing;
    they follow together from the totals, so together they are one row more. Others are hidden with them, the smallest
    first, until what follows of all hidden ones is no small count either, or there are no more that would help.
    """
    pairs = {at: (parts[at], wholes[at] - parts[at]) for at in range(len(parts)) if at not in without}
    pairs[len(parts)] = (sum(parts[at] for at in without), sum(wholes[at] - parts[at] for at in without))
    small = {at for at, (part, rest) in pairs.items() if tells_few(part, rest) or 0 < rest < LEAST}
    if not small:
        return frozenset()
    others = sorted(
        (at for at in pairs if at not in small and any(pairs[at])), key=lambda at: (pairs[at], at)
    )
    if len(small) < 2 and others:
        small.add(others.pop(0))
    for side in (0, 1):
        helping = [at for at in others if pairs[at][side]]
        while helping and 0 < sum(pairs[at][side] for at in small) < LEAST:
            small.add(helping.pop(0))
    return frozenset(small - {len(parts)})
