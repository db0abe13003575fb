"""Whom it bars that a unit is complained of: everybody who holds a post in it, below it, or below what it became."""

from collections.abc import Iterable
from datetime import date

from huiyin.organisation.models import Post, Unit
from huiyin.organisation.queries import paths_above, valid_on
from huiyin.organisation.remembering import remembered
from huiyin.organisation.succession import Merger, mergers


def units_answering_for(user_id: int, *, day: date) -> frozenset[int]:
    """The ids of every unit in which the person holds any post on a day, of all above, and of those they followed."""
    held = valid_on(Post.objects.filter(user=user_id), day)
    return units_at_or_above(held.values_list("unit__path", flat=True), day=day)


def units_at_or_above(paths: Iterable[str], *, day: date) -> frozenset[int]:
    """The ids of the units with these paths, of all units above them, and of all that were merged into any of those.

    What was merged into another has that one above it, and so have the units below it that still stand.
    """
    above = {path for mine in paths for path in paths_above(mine)}
    while more := {path for row in mergers() for path in _joined(row, above, day)} - above:
        above |= more
    return _units_at(frozenset(above)) if above else frozenset()


def _joined(row: Merger, above: set[str], day: date) -> list[str]:
    """The paths that a merger adds to those above somebody."""
    ended = row.last_day is not None and row.last_day < day
    heirs = paths_above(row.heir_path) if ended and row.path in above else []
    return [*heirs, *([row.path] if row.heir_path in above else [])]


@remembered
def _units_at(paths: frozenset[str]) -> frozenset[int]:
    return frozenset(Unit.objects.filter(path__in=paths).values_list("id", flat=True))
