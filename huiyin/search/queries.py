"""Asking the index: what a reader may see of what was typed, by place in time or by how well it fits; paged by key."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from huiyin.cases import access
from huiyin.cases.queries import with_clocks
from huiyin.organisation.actors import Actor
from huiyin.search import index, scope, words
from huiyin.search.index import HIGHEST, Terms
from huiyin.search.models import Entry
from huiyin.search.office import OFFICE
from huiyin.search.words import Question

PAGE = 25
ROUNDS = 5  # of looking for hits that the reader may see; the scope's terms make the first one nearly always enough
WIDER = 4  # times as many places in each round
BEST, NEWEST = "best", "newest"
NEAREST = 400  # places among which similar matters are chosen: the newest
COMPARED = 6  # words, the longest
ENOUGH = 2  # a rare word counts two, any other one
SEALED = ("original_title", "original_text", "original_place")
DIGITS = len(str(HIGHEST))
Seen = Callable[[Sequence[int]], dict[int, Any]]  # the rows, by their case's key, that the reader may see


@dataclass(frozen=True)
class Asked:
    """What is looked for, in which scope (terms of `scope`), in which order; `after` is a key of the last page."""

    question: Question
    within: tuple[str, ...] = ()
    order: str = NEWEST
    after: str = ""


@dataclass(frozen=True)
class Found:
    """One page of rows, and the key after which the next begins ("" on the last)."""

    rows: list[Any]
    later: str = ""


def cases(by: Actor, asked: Asked) -> Found:
    """A page of the cases that the actor may see, as lists want them and with their redacted text."""
    reach = scope.of_reader(by)
    if reach is None or not (asked.question or asked.within):
        return Found([])

    def seen(keys: Sequence[int]) -> dict[int, Any]:
        rows = with_clocks(access.visible(by).filter(pk__in=keys)).defer(None).defer(*SEALED)
        return {case.pk: case for case in rows}

    return page(OFFICE.entries, asked, seen=seen, reach=reach)


def page(
    entries: type[Entry], asked: Asked, *, seen: Seen,
    reach: tuple[str, ...] = (), size: int = PAGE,
) -> Found:  # fmt: skip
    """A page of whatever `seen` gives of the cases at the places found; what it leaves out is not there at all.

    In the order "best", matters with all the words in their title come before the others, each newest first.
    """
    ranks = _ranks(asked, reach)
    rank, before = _read(asked.after, len(ranks))
    found: list[tuple[str, Any]] = []
    for number in range(rank, len(ranks)):
        start, missing = (before if number == rank else HIGHEST), size + 1 - len(found)
        hits = _seen(entries, ranks[number], start, missing, seen)
        found += [(f"{number}~{place}", row) for place, row in hits]
        if len(found) > size:
            break
    rows = [row for _key, row in found[:size]]
    return Found(rows, later=found[size - 1][0] if len(found) > size else "")


def _ranks(asked: Asked, reach: tuple[str, ...]) -> list[Terms]:
    """What to look for first, and then; each leaves out what those before it have found."""
    sought = asked.question.words
    plain = Terms(every=(*sought, *asked.within), some=reach)
    if asked.order != BEST or not sought:
        return [plain]
    titled = tuple(map(scope.in_title, sought))
    return [Terms(every=(*titled, *asked.within), some=reach), replace(plain, but=titled)]


def _seen(entries: type[Entry], terms: Terms, before: int, most: int, seen: Seen) -> list[tuple[int, Any]]:
    """The newest hits that the reader may see, with their places; looks further back as long as too few are."""
    found: list[tuple[int, Any]] = []
    batch = most
    for _round in range(ROUNDS):
        places = index.newest(entries, terms, before=before, most=batch)
        rows = seen([index.case_at(place) for place in places]) if places else {}
        pairs = ((place, rows.get(index.case_at(place))) for place in places)
        found += [(place, row) for place, row in pairs if row is not None]
        if len(places) < batch or len(found) >= most:
            break
        before, batch = places[-1], batch * WIDER
    return found[:most]


def _read(key: str, ranks: int) -> tuple[int, int]:
    """A key as `page` wrote it; anything else begins at the first page."""
    rank, _mark, place = key.partition("~")
    numbers = rank.isascii() and rank.isdecimal() and place.isascii() and place.isdecimal()
    if not (numbers and len(rank) == 1 and len(place) <= DIGITS and int(rank) < ranks):
        return 0, HIGHEST
    return int(rank), min(int(place), HIGHEST)


# -- what is like it -----------------------------------------------------------------------------------------
def alike(
    entries: type[Entry], text: str, *, seen: Seen, texts: Callable[[Any], str], reach: tuple[str, ...] = (),
    most: int = 5, among: int = NEAREST,
) -> list[Any]:  # fmt: skip
    """Rows that share words with a text, those that share most first, and of equals the newest.

    Looks at the newest entries of each of a few of the text's words, `among` in all; `texts` gives what of a row is
    compared.
    A word that few entries have says more than one that many have.
    """
    sought = sorted(words.of_question(text).more, key=len, reverse=True)[:COMPARED]
    if not sought:
        return []
    of_each = among // len(sought)
    lists = [index.newest(entries, Terms(every=(word,), some=reach), most=of_each) for word in sought]
    rare = {word for word, places in zip(sought, lists, strict=True) if len(places) < of_each}
    rows = seen(list({index.case_at(place) for places in lists for place in places}))
    scored = [(_likeness(texts(row), sought, rare), key, row) for key, row in rows.items()]
    enough = ENOUGH if len(sought) >= ENOUGH else 1
    scored = [each for each in scored if each[0] >= enough]
    scored.sort(key=lambda each: (-each[0], -each[1]))
    return [row for _score, _key, row in scored[:most]]


def _likeness(text: str, sought: Sequence[str], rare: Collection[str]) -> int:
    whole = words.plain(text)
    return sum(2 if word in rare else 1 for word in sought if word in whole)
