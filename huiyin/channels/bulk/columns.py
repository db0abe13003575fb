"""Guesses which column of an unknown table holds what: by its header, backed by what stands below it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date

from django.utils.translation import gettext as _

from huiyin.channels.bulk import vocabulary
from huiyin.channels.bulk.mapping import Choice, Mapping
from huiyin.channels.bulk.reading import RawRow
from huiyin.channels.bulk.textfiles import Cell
from huiyin.channels.bulk.times import Unreadable, read_time
from huiyin.kernel.refusals import Refused

REQUIRED = ("text", "received_at")
PHONE = re.compile(r"(\+?86[- ]?)?1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a column's values look like: shares from 0 to 1 of its filled cells, and the mean length."""

    filled: int = 0
    times: float = 0.0
    phones: float = 0.0
    natures: float = 0.0
    numbers: float = 0.0
    distinct: float = 0.0
    length: float = 0.0


def guess(header: Sequence[str], sample: Sequence[RawRow], *, given: Mapping | None = None) -> Mapping:
    """Settle a mapping for a header: what was given stands, the rest is guessed.

    Raises Refused, naming the headers seen, when no column can be the text or the time of receipt, or when
    a given header is not in the table.
    """
    given = given or Mapping()
    header = tuple(header)
    traits = [_traits([row.cells[at] for row in sample if at < len(row.cells)]) for at in range(len(header))]
    settled: dict[str, Choice | None] = {
        name: _given_choice(name, title, header) for name, title in given.columns.items()
    }
    taken = {choice.header for choice in settled.values() if choice} | set(_extra(header))
    for choice in sorted(_candidates(header, traits), key=lambda choice: -choice.confidence):
        if choice.field not in settled and choice.header not in taken:
            settled[choice.field] = choice
            taken.add(choice.header)
    for choice in _by_content(header, traits, taken):
        if choice.field not in settled:
            settled[choice.field] = choice
            taken.add(choice.header)
    choices = tuple(chosen for name in vocabulary.FIELDS if (chosen := settled.get(name)))
    mapping = replace(
        given,
        columns={choice.field: choice.header for choice in choices},
        header=header,
        choices=choices,
        unused=tuple(title for title in header if title not in taken),
    )
    _refuse_incomplete(mapping)
    return replace(mapping, remarks=tuple(_remarks(mapping, sample)))


def _given_choice(name: str, title: str, header: tuple[str, ...]) -> Choice | None:
    if not title:
        return None
    alike = [seen for seen in header if seen == title] or [
        seen for seen in header if vocabulary.key(seen) == vocabulary.key(title)
    ]
    if not alike:
        raise Refused(
            _("映射文件里写的列“%(title)s”，文件里没有。文件里有：%(seen)s。")
            % {"title": title, "seen": "、".join(header)},
            code="import_columns",
        )
    return Choice(name, alike[0], 1.0, _("映射文件写明"))


def _extra(header: tuple[str, ...]) -> tuple[str, ...]:
    """The three columns that a rejects file has before its own."""
    extra = vocabulary.REJECT_COLUMNS
    return extra if header[: len(extra)] == extra else ()


def _candidates(header: tuple[str, ...], traits: list[Traits]) -> Iterator[Choice]:
    for title, column in zip(header, traits, strict=True):
        for name, rank in vocabulary.sure_fields(title):
            doubted = column.filled >= 3 and name in ("received_at", "replied_at") and column.times < 0.2
            yield Choice(name, title, (0.5 if doubted else 0.95) - rank / 1000, _("按表头"))
        for name, rank in vocabulary.weak_fields(title):
            if _agrees(name, column):
                # A column named 类别 that holds 咨询 and 投诉 is of natures, whatever its name says first.
                sure = 0.96 if name == "nature" and column.natures >= 0.8 else 0.75
                yield Choice(name, title, sure - rank / 1000, _("按表头和内容"))


def _agrees(name: str, column: Traits) -> bool:
    """Whether a column's values allow that it holds a field."""
    if not column.filled:
        return False
    short = column.times < 0.5 and column.length <= 40
    agreements = {
        "number": short,
        "petitioner": short,
        "phone": column.phones >= 0.3,
        "title": column.times < 0.5 and 2 <= column.length <= 80,
        "text": column.times < 0.5 and column.length >= 8,
        "received_at": column.times >= 0.6,
        "reply": column.times < 0.5 and column.length >= 8 and column.distinct > 0.2,
        "replied_at": column.times >= 0.6,
        "unit": short and column.numbers < 0.5,
        "nature": column.natures >= 0.6,
        "category": short and column.numbers < 0.5 and column.natures < 0.6,
        "headcount": column.numbers >= 0.6,
    }
    return agreements.get(name, short)


def _by_content(header: tuple[str, ...], traits: list[Traits], taken: set[str]) -> Iterator[Choice]:
    """Columns whose header says nothing, where only one can be meant."""
    free = [(title, column) for title, column in zip(header, traits, strict=True) if title not in taken]
    longest = sorted(free, key=lambda pair: -pair[1].length)[:2]
    alone = len(longest) == 1 or (longest and longest[0][1].length > 2 * longest[1][1].length)
    if alone and longest[0][1].length >= 20 and longest[0][1].times < 0.2:
        yield Choice("text", longest[0][0], 0.4, _("按内容"))
    for name, trait in (("received_at", "times"), ("phone", "phones")):
        alike = [title for title, column in free if column.filled and getattr(column, trait) >= 0.9]
        if len(alike) == 1:
            yield Choice(name, alike[0], 0.4, _("按内容"))


def _traits(cells: list[Cell]) -> Traits:
    values = [
        cell for cell in cells if str(cell).strip() and str(cell).strip().casefold() not in vocabulary.EMPTY
    ]
    if not values:
        return Traits()
    texts = [str(value).strip() for value in values]
    count = len(values)
    return Traits(
        filled=count,
        times=sum(map(_is_time, values)) / count,
        phones=sum(bool(PHONE.fullmatch(text)) for text in texts) / count,
        natures=sum(vocabulary.nature_of(text) is not None for text in texts) / count,
        numbers=sum(text.isdecimal() for text in texts) / count,
        distinct=len(set(texts)) / count,
        length=sum(map(len, texts)) / count,
    )


def _is_time(value: Cell) -> bool:
    if isinstance(value, date):
        return True
    text = str(value).strip()
    if len(text) > 40 or not text[:1].isalnum():
        return False
    try:
        read_time(text, UTC)
    except Unreadable as refusal:
        return refusal.code in ("time_two_readings", "time_short_year")
    return True


def _refuse_incomplete(mapping: Mapping) -> None:
    for name in REQUIRED:
        if name in mapping.columns or (name in mapping.defaults):
            continue
        missing = _("没有找到写着内容的列。") if name == "text" else _("没有找到写着收到时间的列。")
        raise Refused(
            missing + _("文件里有：%(seen)s。") % {"seen": "、".join(mapping.header)},
            code="import_columns",
            instead=_('在映射文件的 [columns] 下写 %(name)s = "列名"，用 --mapping 给出。') % {"name": name},
        )


def _remarks(mapping: Mapping, sample: Sequence[RawRow]) -> Iterator[str]:
    """What a person should know before going on."""
    if "number" not in mapping.columns:
        yield _("没有编号列：同一条留言按内容辨认。")
    if ("reply" in mapping.columns) != ("replied_at" in mapping.columns):
        yield _("答复和答复时间只找到一列：有答复的行会被退回。")
    if "nature" in mapping.columns:
        strange = _strange_natures(mapping, sample)
        if strange:
            yield _(
                "有的性质不认识：%(words)s。请在映射文件 [values.nature] 下写明，否则这些行会被退回。"
            ) % {"words": "、".join(strange)}


def _strange_natures(mapping: Mapping, sample: Sequence[RawRow]) -> list[str]:
    at, known = mapping.positions["nature"], mapping.translations.get("nature", {})
    words = dict.fromkeys(str(row.cells[at]).strip() for row in sample if at < len(row.cells))
    return [
        word
        for word in words
        if word
        and word.casefold() not in vocabulary.EMPTY
        and vocabulary.key(word) not in known
        and vocabulary.nature_of(word) is None
    ][:5]
