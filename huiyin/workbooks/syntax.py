"""What a clerk writes between {{ and }} in a cell; taken apart here, without asking what it stands for.

    {{收到}}  {{办结率.下限}}  {{收到 单位=城管局 期间=上期}}  {{figure:received unit=chengguan}}
    {{每个单位}}  {{每件诉求 超期=是}}  {{each:unit rows=2}}

Full-width brackets, dots, colons and equal signs, as Chinese keyboards write them, are the same as the others.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HOLDER = re.compile(r"[{｛]{2}([^{}｛｝]*)[}｝]{2}")
LEFT_OPEN = re.compile(r"[{｛]{2}|[}｝]{2}")
EACH = re.compile(r"(?:each[:.]|每[个件条位项]?)(\S+)")
FIGURE = re.compile(r"(?:figure|数字)[:.]")
MOST_ROWS_OF_A_BLOCK = 20
ROWS = ("rows", "行")


@dataclass(frozen=True)
class Asked:
    """A value that is asked for: a name, perhaps a part of it (`n`, `下限`), and how it is cut."""

    name: str
    part: str = ""
    cuts: tuple[tuple[str, str], ...] = ()
    figure: bool = False  # said to be a figure, not a word that happens to have the same name


@dataclass(frozen=True)
class Each:
    """That this row, or `rows` of them, is written once for each of something."""

    of: str
    rows: int = 1
    cuts: tuple[tuple[str, str], ...] = ()


Piece = str | Asked | Each


class Unreadable(ValueError):
    """Something between the brackets that cannot be read; its words are for the person who wrote it."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(why)
        self.text, self.why = text, why


def plain(text: str) -> str:
    """Letters as they are compared: full-width ones as the others, without blanks at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def has_holder(text: str) -> bool:
    """Whether anything in a text is to be filled in."""
    return LEFT_OPEN.search(text) is not None


def pieces(text: str) -> list[Piece]:
    """The text of a cell, taken apart. Raises Unreadable."""
    found: list[Piece] = []
    at = 0
    for match in HOLDER.finditer(text):
        _words(text[at : match.start()], text, found)
        found.append(_read(match[1]))
        at = match.end()
    _words(text[at:], text, found)
    return found


def _words(words: str, text: str, found: list[Piece]) -> None:
    if LEFT_OPEN.search(words):
        raise Unreadable(text, "brackets")
    if words:
        found.append(words)


def _read(inside: str) -> Piece:
    first, *rest = plain(inside).split() or [""]
    cuts = tuple(sorted(_cuts(inside, rest)))
    each = EACH.fullmatch(first)
    if each:
        told = dict(cuts)
        number = next((told.pop(name) for name in ROWS if name in told), "1")
        if not (number.isdecimal() and 1 <= int(number) <= MOST_ROWS_OF_A_BLOCK):
            raise Unreadable(inside, "rows")
        return Each(each[1], int(number), tuple(told.items()))
    figure = FIGURE.match(first)
    name, _dot, part = (first[figure.end() :] if figure else first).partition(".")
    if not name:
        raise Unreadable(inside, "empty")
    return Asked(name, part, cuts, figure is not None)


def _cuts(inside: str, words: list[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        key, equals, value = word.partition("=")
        if not (key and equals and value):
            raise Unreadable(inside, "cut")
        yield key, value


def told(asked: Asked | Each) -> Mapping[str, str]:
    """The cuts by their names as they were written."""
    return dict(asked.cuts)
