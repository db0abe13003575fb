"""Whose ratings are not told: where a unit's cell holds one to four, or one to four would follow from what is told.

A grade is never told for a single case to anyone of the judged unit (decision 0007). Three things could give one away:
the total of a table, a quarter or year of which all other months are told, and a rate told both with and without a
case that was left out. Counts by unit and period are enough to see it, so this knows no Django.
"""

from collections.abc import Callable, Collection, Mapping

from huiyin.assessment.periods import Period
from huiyin.kernel.few import LEAST

Counts = Mapping[int, int]  # by unit


def hidden_units(
    period: Period, counts: Callable[[Period], Counts], groups: Mapping[int, str]
) -> frozenset[int]:
    """The units whose ratings of a period are not told; `groups` says with whom each stands in one table.

    `counts` gives the ratings of each unit in a period. A quarter hides a unit of which the untold months make one
    to four together, a year likewise; with each, others of its table are hidden until at least LEAST are untold.
    """
    return _walk(period, counts, groups)[0]


def _walk(
    period: Period, counts: Callable[[Period], Counts], groups: Mapping[int, str]
) -> tuple[frozenset[int], dict[int, int]]:
    """(hidden units, how many ratings of each unit follow from nothing that is told)."""
    own = counts(period)
    parts = period.quarters() or (period.months() if len(period.months()) > 1 else [])
    if not parts:
        hidden = _with_others(own, {unit for unit, n in own.items() if 0 < n < LEAST}, groups)
        return hidden, {unit: n if unit in hidden else 0 for unit, n in own.items()}
    below = [_walk(part, counts, groups)[1] for part in parts]
    untold = {unit: sum(each.get(unit, 0) for each in below) for unit in own}
    small = {unit for unit, n in own.items() if 0 < n < LEAST or 0 < untold[unit] < LEAST}
    hidden = _with_others(own, small, groups)
    return hidden, {unit: untold[unit] if unit in hidden else 0 for unit in own}


def _with_others(counts: Counts, small: Collection[int], groups: Mapping[int, str]) -> frozenset[int]:
    """The small ones, and of each group with its total beside it so many others that none follows from the rest."""
    hidden = set(small)
    for group in {groups[unit] for unit in small}:
        members = sorted((n, unit) for unit, n in counts.items() if groups[unit] == group and n)
        away = [unit for _n, unit in members if unit in hidden]
        others = [unit for _n, unit in members if unit not in hidden]
        while others and (len(away) < 2 or sum(counts[unit] for unit in away) < LEAST):
            away.append(others.pop(0))
        hidden |= set(away)
    return frozenset(hidden)
