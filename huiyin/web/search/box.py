"""What somebody typed into the box: a case number, a telephone number, or words with a unit or a place among them."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from huiyin.kernel import masking
from huiyin.organisation import queries as organisation
from huiyin.search import scope
from huiyin.search.words import LONGEST_QUESTION, Question, of_question

LONGEST = LONGEST_QUESTION
SHORTEST_NUMBER = 5  # digits: what looks like a number is never taken for words, which stand in the address
PERSONAL = {masking.Kind.PHONE, masking.Kind.IDENTITY}
_NUMBER = re.compile(r"[\d\s()+\-‐‑‒–—―−_.·]+")
_RECOGNISED = 4  # units and places in one question


def is_private(asked: str) -> bool:
    """Whether it is a number, or has somebody's telephone or identity number in it: it must not get into an address."""
    plain = unicodedata.normalize("NFKC", asked)
    digits = sum(letter.isdigit() for letter in plain)
    if digits >= SHORTEST_NUMBER and _NUMBER.fullmatch(plain):
        return True
    return any(span.kind in PERSONAL for span in masking.propose(asked))


@dataclass(frozen=True)
class Typed:
    """Words to look for, and the units and places recognised between them, as terms and in the reader's words."""

    question: Question
    terms: tuple[str, ...] = ()
    recognised: list[Any] = field(default_factory=list)  # units and places


def read(asked: str, *, as_words: str) -> Typed:
    """A stretch between spaces that names a unit or a place stands for it, unless the reader wants it as words."""
    words, terms = list[str](), list[str]()
    recognised = list[Any]()
    for stretch in asked.split():
        found = None if as_words or len(recognised) >= _RECOGNISED else _named(stretch)
        if found is None:
            words.append(stretch)
        else:
            recognised.append(found[0])
            terms.append(found[1])
    return Typed(of_question(" ".join(words)), tuple(dict.fromkeys(terms)), recognised)


def _named(stretch: str) -> tuple[Any, str] | None:
    """The unit or place of this name, with its term; two letters or more."""
    if len(stretch) < 2 or stretch.isascii():
        return None
    unit = organisation.unit_by_name(stretch)
    if unit is not None:
        return unit, scope.unit(unit.pk)
    region = organisation.region_by_name(stretch)
    return (region, scope.region(region.pk)) if region is not None else None
