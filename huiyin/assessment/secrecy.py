"""Whose ratings are not told: where a cell holds one to four, or one to four would follow from what is told.

A grade is never told for a single case to anyone of the judged unit (decision 0007). Three things could give one away:
the total of a table, a quarter or year of which other months are told, and a rate told both with and without a
case that was left out. Counts by unit and period are enough to see it, so this knows no Django.

A cell is what a unit, or all units of a table together, got in a period. What the reader knows of them are sums: each
period is the sum of its parts, each total the sum of its units. Every cell stands in two such sums, so the cells that
are not told are the lines of a graph and the sums its points. One of them follows from what is told exactly where its
line is a bridge: no way leads around it, and nothing but its one value would let all sums come out (Gusfield, A Graph
Theoretic Approach to Statistical Data Security, SIAM Journal on Computing 17, 1988).
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass

from huiyin.assessment.periods import Period
from huiyin.kernel.few import LEAST, any_few, tells_few

Counts = Mapping[int, int]  # by unit
Counting = Callable[[Period], Counts]
ALL = None  # stands for all units of a table together
Cell = tuple[Period, int | None]
OUT = "out"  # the point at which the lines of the longest period end


@dataclass(frozen=True)
class KeptBack:
    """The units whose ratings of a period are not told, and the groups whose total is not told either."""

    units: frozenset[int] = frozenset()
    groups: frozenset[str] = frozenset()


def kept_back(period: Period, counts: Counting, groups: Mapping[int, str]) -> KeptBack:
    """What is not told of a period; `groups` says with whom each unit stands in one table.

    `counts` gives the ratings of each unit in a period. A month is told when it is over, so it hides the units of few,
    and of each table others beside them until at least LEAST are untold. A quarter tells, of each table, as many units
    as it can without giving away what its months hid; a year likewise what its quarters and months hid.
    """
    units: set[int] = set()
    totals = set()
    for group in set(groups.values()):
        table = _Table(counts, frozenset(unit for unit, its in groups.items() if its == group))
        here = {row for when, row in table.untold(period) if when == period}
        units |= {row for row in here if row is not ALL}
        if ALL in here:
            totals.add(group)
    return KeptBack(frozenset(units), frozenset(totals))


def counts_in(left_out: int, kept: int) -> bool:
    """Whether a unit's ratings that are left out count all the same.

    They do where they are one to four or one to four would remain, since the rate with and without would tell their
    grades; and where none would remain: a unit that is hidden for another's sake would add nothing to their total.
    """
    return tells_few(left_out, kept) or (left_out > 0 and not kept)


@dataclass(frozen=True)
class _Table:
    """The units of one kind, which stand in one table with their total."""

    counts: Counting
    units: frozenset[int]

    def untold(self, period: Period) -> set[Cell]:
        """The cells of a period and of its parts that are not told.

        Of a longer period the total is told first, then the largest units: that tells most cells of a year.
        """
        parts = _parts(period)
        if not parts:
            return self._of_month(period)
        untold = {cell for part in parts for cell in self.untold(part)}
        rows = {row for when, row in untold if when in parts}  # the others are sums of what is told
        untold |= {(period, row) for row in rows}
        rest = self._rest(untold, period)
        few = {cell for cell in untold if any_few(self._n(cell), rest[cell])}
        for row in sorted(rows, key=lambda row: (-self._n((period, row)), row or 0)):
            fewer = untold - {(period, row)}
            if (period, row) not in few and _keeps(fewer, few, rest, period):
                untold = fewer
        if self._wholly_in(untold, period):
            untold.add((period, ALL))
        return untold

    def _of_month(self, month: Period) -> set[Cell]:
        """Of a month, its small units and those beside them."""
        untold: set[Cell] = {(month, unit) for unit in _with_others(self._rated(month))}
        if untold and self._wholly_in(untold, month):
            untold.add((month, ALL))
        return untold

    def _wholly_in(self, untold: Collection[Cell], period: Period) -> bool:
        """Whether no unit is told in a period; then no page has its total either."""
        return all((period, unit) in untold for unit in self._rated(period))

    def _rest(self, untold: Collection[Cell], whole: Period) -> dict[Cell, int]:
        """How many ratings of each untold cell are told in none of its parts."""
        rest: dict[Cell, int] = {}
        for period in reversed(list(_within(whole))):  # parts before wholes
            parts = _parts(period)
            for cell in ((period, row) for row in (*self._rated(period), ALL)):
                if cell in untold:
                    rest[cell] = (
                        sum(rest.get((part, cell[1]), 0) for part in parts) if parts else self._n(cell)
                    )
        return rest

    def _rated(self, period: Period) -> dict[int, int]:
        """The units that were rated in a period."""
        return {unit: n for unit, n in self.counts(period).items() if n and unit in self.units}

    def _n(self, cell: Cell) -> int:
        period, row = cell
        if row is ALL:
            return sum(self._rated(period).values())
        return self.counts(period).get(row, 0)


def _keeps(untold: Collection[Cell], few: Collection[Cell], rest: Mapping[Cell, int], whole: Period) -> bool:
    """Whether none of the few follows, nor one to four of several units together."""
    following = _following(untold, whole)
    if not following.isdisjoint(few):
        return False
    together: Counter[Period] = Counter()
    for (period, row), n in rest.items():
        known = (period, ALL) not in untold or (period, ALL) in following
        if known and row is not ALL and (period, row) in untold:
            together[period] += n
    return not any_few(*together.values())


def _with_others(counts: Counts) -> frozenset[int]:
    """The small ones of a table, and so many others that none follows from its total."""
    hidden = {unit for unit, n in counts.items() if n < LEAST}
    others = sorted((unit for unit in counts if unit not in hidden), key=lambda unit: (counts[unit], unit))
    while hidden and others and (len(hidden) < 2 or sum(counts[unit] for unit in hidden) < LEAST):
        hidden.add(others.pop(0))
    return frozenset(hidden)


def _parts(period: Period) -> list[Period]:
    """What a period is the sum of; of a month, nothing."""
    months = period.months()
    return period.quarters() or (months if len(months) > 1 else [])


def _within(period: Period) -> Iterator[Period]:
    yield period
    for part in _parts(period):
        yield from _within(part)


def _following(untold: Collection[Cell], whole: Period) -> set[Cell]:
    """Those of the untold cells that follow from the sums."""
    above = {part: each for each in _within(whole) for part in _parts(each)}
    lines: dict[Cell, tuple[Hashable, Hashable]] = {}
    for period, row in untold:
        low: Hashable = (
            (period, row) if _parts(period) else period
        )  # a month's cell stands in the month's total
        lines[period, row] = (low, (above[period], row) if period in above else OUT)
    return _bridges(lines)


def _bridges(lines: Mapping[Cell, tuple[Hashable, Hashable]]) -> set[Cell]:
    """The lines around which no way leads."""
    beside: dict[Hashable, list[tuple[Hashable, Cell]]] = {}
    for cell, (one, other) in lines.items():
        beside.setdefault(one, []).append((other, cell))
        beside.setdefault(other, []).append((one, cell))
    order: dict[Hashable, int] = {}  # when a point was first come to
    back: dict[Hashable, int] = {}  # the earliest point to which a way leads from there
    found = set()
    for start in beside:
        if start in order:
            continue
        order[start] = back[start] = len(order)
        path: list[tuple[Hashable, Cell | None, Iterator[tuple[Hashable, Cell]]]] = [
            (start, None, iter(beside[start]))
        ]
        while path:
            point, came, ways = path[-1]
            for to, line in ways:
                if line == came:
                    continue
                if to in order:
                    back[point] = min(back[point], order[to])
                    continue
                order[to] = back[to] = len(order)
                path.append((to, line, iter(beside[to])))
                break
            else:
                path.pop()
                if path and came is not None:
                    before = path[-1][0]
                    back[before] = min(back[before], back[point])
                    if back[point] > order[before]:
                        found.add(came)
    return found
