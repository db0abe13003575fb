"""Marking what was looked for in a text: pieces with and without a mark, for a page to write out and escape."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 90  # characters of an extract
BEFORE = 20  # of them before the first mark
GAP = "…"


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `marked` when it is what was looked for."""

    text: str
    marked: bool = False


def marked(text: str, words: Iterable[str]) -> list[Piece]:
    """The whole text in pieces, marks where one of the words stands, whatever its width and case."""
    return _cut(text, _spans(text, words), 0, len(text))


def extract(text: str, words: Iterable[str], *, longest: int = LONGEST) -> list[Piece]:
    """The stretch of a text that has most of the words, on one line; its beginning when none stands in it."""
    line = " ".join(text.split())
    spans = _spans(line, words)
    start = _fullest(line, spans, longest)
    end = min(len(line), start + longest)
    inside = [span for span in spans if span[0] >= start and span[1] <= end]
    pieces = _cut(line, inside, start, end)
    before, after = [Piece(GAP)] * (start > 0), [Piece(GAP)] * (end < len(line))
    return [*before, *pieces, *after]


def _spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the words stand, in order, those that touch drawn together."""
    plain = _one_spelling(text)
    found = []
    for word in set(words):
        at = plain.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = plain.find(word, at + 1)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _fullest(text: str, spans: Sequence[tuple[int, int]], longest: int) -> int:
    """Where the extract begins: so that most marked letters stand in it, the first such place."""
    if not spans or len(text) <= longest:
        return 0
    best, most = 0, -1
    within, ahead = (
        0,
        0,
    )  # the marked letters of the spans from this one up to `ahead`, which end within reach
    for number, (start, end) in enumerate(spans):
        if ahead < number:
            within, ahead = 0, number
        while ahead < len(spans) and spans[ahead][1] <= start + longest - BEFORE:
            within += spans[ahead][1] - spans[ahead][0]
            ahead += 1
        if within > most:
            best, most = start, within
        if ahead > number:
            within -= end - start
    return max(0, min(best - BEFORE, len(text) - longest))


def _cut(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, last = [], start
    for begin, stop in spans:
        pieces += [Piece(text[last:begin]), Piece(text[begin:stop], marked=True)]
        last = stop
    return [piece for piece in (*pieces, Piece(text[last:end])) if piece.text]


class _Spelling(dict[int, str]):
    """Each letter as `words.plain` writes it; as it is where that takes more than one letter."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        self[code] = plain if len(plain) == 1 else chr(code)
        return self[code]


_SPELLING = _Spelling()


def _one_spelling(text: str) -> str:
    """As `words.plain`, but letter for letter, so that places in both are the same."""
    return text.translate(_SPELLING)
