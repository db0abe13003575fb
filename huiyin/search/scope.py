"""Terms that are no words: whose a case is and where it belongs, so that the index itself leaves out the rest.

They narrow what is looked at, and nothing more: every hit still passes `cases.access`. A reader's terms must
therefore take in at least all that the reader may see (tests hold it to every role).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT, Role
from huiyin.cases.access import own_units
from huiyin.cases.models import Case, Category, Order, Party
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region
from huiyin.organisation.queries import paths_above
from huiyin.organisation.remembering import remembered
from huiyin.search.index import MARK

SPEAKS = Q(role=Party.Role.BRINGER) | Q(role=Party.Role.AGENT)


def desk(key: int) -> str:
    """Cases of a front desk."""
    return f"{MARK}d{key}"


def unit(key: int) -> str:
    """Cases on which a unit has, or once had, an order."""
    return f"{MARK}u{key}"


def post(key: int) -> str:
    """Cases that somebody brought, or acts in, under a post."""
    return f"{MARK}p{key}"


def region(key: int) -> str:
    """Cases of a place or a place within it."""
    return f"{MARK}r{key}"


def category(key: int) -> str:
    """Cases of a category or one below it."""
    return f"{MARK}c{key}"


def nature(code: str) -> str:
    """Cases of a nature."""
    return f"{MARK}n{code}"


def in_title(word: str) -> str:
    """Cases with the word in their title."""
    return f"{MARK}t{word}"


def of_reader(by: Actor) -> tuple[str, ...] | None:
    """Terms one of which every case has that the actor may see; None for somebody who sees no case by searching."""
    if by.post is None or by.role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.MONITOR):
        return None
    if by.role in UNIT:
        return tuple(unit(key) for key in own_units(by))
    if by.role in DESK:
        return (desk(by.post.unit_id),)
    if by.role in OVERSIGHT:
        return (region(by.unit.region_id),)
    return (post(by.post.pk),)


def of_cases(cases: Collection[Case]) -> dict[int, tuple[str, ...]]:
    """The terms of each case, sorted, by its key: two queries for all of them."""
    keys = [case.pk for case in cases]
    found: dict[int, set[str]] = defaultdict(set)
    for holder, key in Order.objects.filter(case__in=keys).order_by().values_list("case_id", "unit_id"):
        found[holder].add(unit(key))
    speaking = Party.objects.filter(SPEAKS, case__in=keys, post__isnull=False).order_by()
    for spoken, key in speaking.values_list("case_id", "post_id"):
        found[spoken].add(post(key))
    for case in cases:
        found[case.pk] |= {desk(case.desk_id), *filed(case.nature, case.region_id, case.category_id)}
    return {key: tuple(sorted(terms)) for key, terms in found.items()}


def filed(of_nature: str, region_id: int, category_id: int | None) -> Iterable[str]:
    """The terms by which lists are narrowed: nature, place and category with all that lie around them."""
    yield nature(of_nature)
    yield from map(region, _regions().get(region_id, (region_id,)))
    if category_id is not None:
        yield from map(category, _categories().get(category_id, (category_id,)))


@remembered
def _regions() -> dict[int, tuple[int, ...]]:
    return _with_those_above(Region.objects.values_list("path", "pk"))


@remembered
def _categories() -> dict[int, tuple[int, ...]]:
    return _with_those_above(Category.objects.values_list("path", "pk"))


def _with_those_above(rows: Iterable[tuple[str, int]]) -> dict[int, tuple[int, ...]]:
    """Each row's key with the keys of those above it in the tree."""
    keys: dict[str, list[int]] = defaultdict(list)
    listed = list(rows)
    for path, key in listed:
        keys[path].append(key)
    return {
        key: tuple(sorted({each for above in paths_above(path) for each in keys[above]} | {key}))
        for path, key in listed
    }
