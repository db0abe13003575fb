"""Units that were merged into others 撤并: whose papers a unit answers, and with whom its people serve now."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from huiyin.kernel import clock
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.remembering import remembered


def units_answered_by(unit_id: int, *, day: date) -> tuple[int, ...]:
    """The ids of the units whose papers this one answers on a day: itself, and ended ones that it followed last."""
    ended = {row.unit: row.heir for row in mergers() if row.last_day is not None and row.last_day < day}
    return (unit_id, *(old for old in ended if old != unit_id and _last_of(old, ended) == unit_id))


def units_of_post(post: Post | None) -> tuple[int, ...]:
    """The ids of the units for which the post's unit answers and reads today: itself first; none without a post."""
    return units_answered_by(post.unit_id, day=clock.local_date(clock.now())) if post else ()


def answering_for(unit_id: int, *, day: date) -> int:
    """The id of the unit that answers the papers of this one on a day: itself, or the last that followed it."""
    ended = {row.unit: row.heir for row in mergers() if row.last_day is not None and row.last_day < day}
    last = _last_of(unit_id, ended)
    return unit_id if last is None else last


def _last_of(unit: int, ended: Mapping[int, int]) -> int | None:
    """Where the succession of an ended unit leads; None when it turns in a circle."""
    passed = set[int]()
    while unit in ended:
        if unit in passed:
            return None
        passed.add(unit)
        unit = ended[unit]
    return unit


def with_lineage(units: Iterable[int]) -> set[int]:
    """The keys of these units, of all that they followed, and of all that followed them, however often."""
    found = set(units)
    while (
        more := {key for row in mergers() if found & {row.unit, row.heir} for key in (row.unit, row.heir)}
        - found
    ):
        found |= more
    return found


def line_of(paths: Iterable[str]) -> tuple[str, ...]:
    """These paths, and those of every unit that followed one at or below them, or was followed by one, however often.

    Whatever lies at or below any of them belongs to the units at these paths. Without paths nothing is asked.
    """
    given = tuple(dict.fromkeys(paths))
    if not given:
        return ()
    known = {
        key: path for row in mergers() for key, path in ((row.unit, row.path), (row.heir, row.heir_path))
    }
    near = with_lineage(key for key, path in known.items() if path.startswith(given))
    return (*given, *sorted({known[key] for key in near}.difference(given)))


def with_merged(paths: Iterable[str]) -> frozenset[str]:
    """These paths, and those of all units that were merged into one at or below them, however often.

    A unit lies with the people at these paths when its own path starts with any of them.
    """
    found = set(paths)
    while more := {row.path for row in mergers() if row.heir_path.startswith(tuple(found))} - found:
        found |= more
    return frozenset(found)


def within(paths: Iterable[str], *, prefix: str = "") -> Q:
    """The condition on a unit, at the end of `prefix`, that it lies with the people at one of these paths."""
    found = Q(pk__in=[])
    for path in sorted(with_merged(paths)):
        found |= Q(**{f"{prefix}path__startswith": path})
    return found


class Merger(NamedTuple):
    """A unit that names a successor: who follows it, the paths of both, and its last day."""

    unit: int
    path: str
    last_day: date | None
    heir: int
    heir_path: str


@remembered
def mergers() -> tuple[Merger, ...]:
    """Every unit that names a successor: few, and asked with every page."""
    rows = Unit.objects.exclude(successor=None).order_by("pk")
    columns = ("pk", "path", "valid_to", "successor", "successor__path")
    return tuple(Merger(*row) for row in rows.values_list(*columns))
