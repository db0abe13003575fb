"""Who is independent of a unit: nobody judges the work of their own unit, nor of one above or below it.

Whoever serves in the successor of a unit serves in that unit too: its people and its work went there. The one place
where that is said; rooms that keep matters from somebody (`evaluation.independence`) ask here.
"""

from collections.abc import Iterable

from django.db.models import Q

from huiyin.accounts.roles import UNIT
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.queries import paths_above, today, valid_on
from huiyin.organisation.succession import with_merged, within


def independent(by: Actor, unit: Unit) -> bool:
    """Whether no post that the person holds today is in this unit, above it or below it."""
    if by.user is None or unit.pk in by.barred_unit_ids:
        return False
    return not unit.path.startswith(tuple(with_merged(post.unit.path for post in by.posts_today)))


def oversees_freely(by: Actor, unit: Unit) -> bool:
    """Whether somebody who oversees does no work in this unit, above it or below it, under any of their posts.

    The seat from which they oversee may well stand above it: that is its purpose.
    """
    return by.user is not None and unit.pk not in barred_among(by, [unit])


def barred_among(by: Actor, units: Iterable[Unit]) -> frozenset[int]:
    """Those of the units, by their keys, in, above or below which the person does work; no query but the first."""
    paths = tuple(with_merged(post.unit.path for post in by.posts_today if post.role in UNIT))
    return by.barred_unit_ids | frozenset(unit.pk for unit in units if unit.path.startswith(paths))


def barred_units(by: Actor, *, prefix: str = "") -> Q:
    """The same as a condition on units, at the end of `prefix`."""
    at_work = within((post.unit.path for post in by.posts_today if post.role in UNIT), prefix=prefix)
    return Q(**{f"{prefix}pk__in": by.barred_unit_ids}) | at_work


def near(by: Actor) -> Q:
    """The condition on units that the person has a post in one, above it or below it."""
    return Q(pk__in=by.barred_unit_ids) | within(post.unit.path for post in by.posts_today)


def people_near(units: Iterable[Unit]) -> set[int]:
    """The keys of all people who hold a post today in one of these units, above one or below one; one query."""
    found = Q(pk=None)
    for unit in units:
        found |= Q(unit__path__startswith=unit.path) | Q(unit__path__in=paths_above(unit.path))
    return set(valid_on(Post.objects.filter(found), today()).values_list("user", flat=True))
