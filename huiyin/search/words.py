"""Texts and questions cut into words: what the index keeps of the one, and looks for of the other.

A text gives every word of the dictionary that stands in it, every two neighbouring characters (so that names
which no dictionary knows are found too), and the single characters that stand alone. A question gives as few
words as say the same: the longest ones, without those that stand in every sentence.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import rjieba

LONGEST_QUESTION = 200  # characters; what is typed beyond is not looked at
MOST_WORDS = 12  # of a question; the first ones
LONGEST_WORD = 40  # characters, of Latin letters and digits
COMMON = frozenset(
    "的了是在和与及或就都也还很吧吗呢啊呀么嘛把被给让向从对到于以而且但这那哪个些我你您他她它们有没不要想请"
)
_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HANGUL = r"\uac00-\ud7a3"
_WORDS = re.compile(rf"[{_HAN}]+|[{_HANGUL}]+|(?:(?![{_HAN}{_HANGUL}])[^\W_])+")
_RUN = re.compile(rf"[{_HAN}{_HANGUL}]+")


@dataclass(frozen=True)
class Question:
    """What is looked for: `words` must all stand in a text; `more` may stand in it when nothing has them all."""

    words: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)


def plain(text: str) -> str:
    """The text in one spelling: full width and half width alike, small letters, no half characters (surrogates)."""
    whole = text.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", whole).lower()


def of_text(text: str) -> set[str]:
    """Every word by which a text can be found."""
    found: set[str] = set()
    for run in _runs(plain(text)):
        if not _RUN.match(run):
            found.add(run[:LONGEST_WORD])
            continue
        found.update(run[place : place + 2] for place in range(len(run) - 1))
        found.update(word for word in _dictionary().cut_all(run) if len(word) > 2)
        found.update(word for word in _dictionary().cut(run, False) if len(word) == 1 and word not in COMMON)
        if len(run) == 1:
            found.add(run)
    return found


def of_question(text: str) -> Question:
    """What somebody who typed this is looking for; empty when nothing in it can be looked for."""
    words: dict[str, None] = {}
    single: dict[str, None] = {}
    for run in _runs(plain(text[:LONGEST_QUESTION])):
        pieces = _pieces(run) if _RUN.match(run) else iter([run[:LONGEST_WORD]])
        for piece in pieces:
            (words if len(piece) > 1 or piece.isascii() else single)[piece] = None
    found = tuple(words)[:MOST_WORDS] or tuple(single)[:MOST_WORDS]
    return Question(words=found, more=_parts(found))


def _runs(text: str) -> Iterator[str]:
    """The stretches of one script, without what is between words."""
    return (match[0] for match in _WORDS.finditer(text))


def _pieces(run: str) -> Iterator[str]:
    """The words of a stretch of Chinese; neighbouring characters that are no word together go in twos."""
    if len(run) == 2:
        yield run
        return
    alone = ""
    for word in [*_dictionary().cut(run, False), ""]:
        if len(word) == 1 and word not in COMMON:
            alone += word
            continue
        yield from (alone[place : place + 2] for place in range(max(1, len(alone) - 1)) if alone)
        alone = ""
        if len(word) > 1:
            yield word


def _parts(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, and the shorter words within the longer ones."""
    found: dict[str, None] = {}
    for word in words:
        found[word] = None
        if len(word) > 2 and _RUN.match(word):
            found.update((part, None) for part in _dictionary().cut_all(word) if len(part) > 1)
    return tuple(found)[: 2 * MOST_WORDS]


@cache
def _dictionary() -> Any:
    """The dictionary, read when it is first needed: it takes a tenth of a second."""
    return rjieba.Jieba()
