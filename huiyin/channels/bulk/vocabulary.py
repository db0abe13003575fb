"""The words by which the columns and values of other people's files are known."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

LABELS = {
    "number": _("编号"),
    "petitioner": _("诉求人"),
    "phone": _("电话"),
    "title": _("标题"),
    "text": _("内容"),
    "received_at": _("收到时间"),
    "reply": _("答复"),
    "replied_at": _("答复时间"),
    "unit": _("承办单位"),
    "nature": _("性质"),
    "category": _("类别"),
    "region": _("区域"),
    "place": _("事发地点"),
    "headcount": _("人数"),
    "likes": _("赞成数"),
    "dislikes": _("反对数"),
}
FIELDS = tuple(LABELS)

NATURES = ("appeal", "suggestion", "inquiry", "complaint", "report", "praise")
REJECT_COLUMNS = ("行号", "列", "原因")

_WORDS = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
EMPTY = frozenset(_WORDS["nothing"]["any"].split())
NO_REPLY = frozenset(_WORDS["nothing"]["reply"].split())

_NOISE = re.compile(r"[\s_\-./\\:;*#'\"“”‘’()\[\]{}<>《》【】、,?!]+")
_BRACKETS = re.compile(r"[(\[【{].*?[)\]】}]")


@lru_cache(maxsize=4096)
def key(header: str) -> str:
    """A header or value without case, width, spaces and punctuation, to be compared."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", header).casefold())


def _index(table: dict[str, str]) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for field, words in table.items():
        for rank, word in enumerate(words.split()):
            found.setdefault(key(word), []).append((field, rank))
    return found


_SURE = _index(_WORDS["sure"])
_WEAK = _index(_WORDS["weak"])
_PATTERNS = tuple((row["field"], re.compile(row["is"])) for row in _WORDS["patterns"])
_NATURES = {word: rows[0][0] for word, rows in _index(_WORDS["natures"]).items()}
_NATURE_PARTS = tuple((row["nature"], re.compile(row["is"])) for row in _WORDS["nature_parts"])


def sure_fields(header: str) -> list[tuple[str, int]]:
    """The fields that a header surely names, each with its rank (0 is best)."""
    return _SURE.get(key(header)) or _SURE.get(key(_without_brackets(header)), [])


def weak_fields(header: str) -> list[tuple[str, int]]:
    """The fields that a header may name if its values agree: by a weak word, or by a pattern."""
    name = key(_without_brackets(header))
    found = list(_WEAK.get(name, []))
    for field, pattern in _PATTERNS:
        if pattern.search(name):
            return [*found, (field, 50)] if field else found
    return found


def knows(header: str) -> bool:
    """Whether a cell reads like the header of a column."""
    return bool(header) and len(header) <= 30 and bool(sure_fields(header) or _WEAK.get(key(header)))


@lru_cache(maxsize=4096)
def nature_of(value: str) -> str | None:
    """The nature (a code of NATURES) that a word stands for; None when nothing is known of it."""
    name = key(value)
    known = _NATURES.get(name)
    if known or len(name) > 12:
        return known
    return next((nature for nature, parts in _NATURE_PARTS if parts.search(name)), None)


def _without_brackets(header: str) -> str:
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", header))
