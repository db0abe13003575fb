"""A shelf: which cases stand on it, with which texts, and who may come near them.

`OFFICE` is this room's own. The public one belongs to `publication`, which alone knows what has been published.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from huiyin.search import scope, words
from huiyin.search.index import Line, in_quarter, place_of, quarter_at
from huiyin.search.models import Entry

CUT = "1"  # raise it when words are cut in another way: `huiyin search rebuild` then writes every entry anew


@dataclass(frozen=True)
class Sheet:
    """What is to stand on a shelf for one case: its title, its other texts, and its scope (terms of `scope`)."""

    case: int
    at: datetime
    title: str
    texts: tuple[str, ...]
    scope: tuple[str, ...]

    def digest(self) -> bytes:
        """By which an entry is known to be up to date without cutting the texts again."""
        parts = (CUT, self.at.isoformat(), self.title, *self.texts, *self.scope)
        return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).digest()

    def line(self) -> Line:
        """The entry with its terms; words of the title stand there once more, marked as such."""
        of_title = words.of_text(self.title)
        place = place_of(self.at, self.case)
        terms = {*of_title, *map(scope.in_title, of_title), *self.scope, in_quarter(quarter_at(place))}
        for text in self.texts:
            terms |= words.of_text(text)
        return Line(place, self.case, self.digest(), terms)


@dataclass(frozen=True)
class Shelf:
    """`read` gives the sheets of those of the cases (by key) that belong on the shelf; the others are taken off."""

    name: str
    entries: type[Entry]
    read: Callable[[Collection[int]], Iterable[Sheet]]
