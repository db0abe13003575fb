"""From a row of cells to a message that can be replayed, or to the reasons in words why it cannot."""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils.translation import gettext as _

from huiyin.channels.bulk import vocabulary
from huiyin.channels.bulk.mapping import Mapping
from huiyin.channels.bulk.reading import RawRow
from huiyin.channels.bulk.textfiles import Cell
from huiyin.channels.bulk.times import Reading, Unreadable, read_time
from huiyin.kernel.sealing import blind_index

LONGEST_TEXT = 100_000
LONGEST_TITLE = 120
LONGEST_NUMBER = 80
LONGEST_LINE = 120
MOST_HEADS = 100_000
MADE_TITLE = 40
SLACK = timedelta(days=1)  # clocks and zones of other systems differ; later than tomorrow is a mistake
DEFAULT_NATURE = "appeal"

_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]"
)
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85]")
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")
_FORMULA_TEXT = re.compile(r'="(.*)"')
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d{9})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(?:0\d{2,3}[- ]?)?[2-9]\d{6,7}(?:-\d{1,6})?(?!\d)")
_COUNT = re.compile(r"[约近超共]?\s*(\d+)\s*[余多]?\s*[人名位次]*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken: the header above the fault, the reason in words, and the field."""

    column: str
    reason: str
    field: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class MessageRow:
    """One message as another system wrote it down, checked and brought to one spelling; times in UTC.

    A reply that bears only a date is timed at the end of that day (or at the moment of import if that is
    earlier), a message at the start of its day. Without a number of its own, a row gets a keyed digest of its
    content (`number_given` is false). `nature` is a code of `vocabulary.NATURES`; empty texts mean: not said.
    """

    row: int
    number: str
    number_given: bool
    title: str
    text: str
    received_at: datetime
    received_date_only: bool
    petitioner: str
    phone: str
    other_contact: str
    nature: str
    unit: str
    category: str
    region: str
    place: str
    headcount: int
    likes: int
    dislikes: int
    reply: str
    replied_at: datetime | None
    replied_date_only: bool
    track: str
    channel: str

    def __repr__(self) -> str:
        return f"<MessageRow row={self.row}>"  # never the person's words: it may end in a log


class Seen:
    """The numbers met so far in one file, about 25 bytes a row: 64-bit hashes with the row each stood in."""

    def __init__(self) -> None:
        self._hashes = array("Q", bytes(8 * 1024))
        self._rows = array("L", bytes(array("L").itemsize * 1024))
        self._count = 0

    def add(self, number: str, row: int) -> int:
        """Remember a number; the row that had it before, or 0."""
        mark = hash(number) & 0xFFFF_FFFF_FFFF_FFFF or 1
        at = self._place(mark)
        if self._hashes[at]:
            return self._rows[at]
        self._hashes[at], self._rows[at] = mark, row
        self._count += 1
        if self._count * 3 > len(self._hashes) * 2:
            self._grow()
        return 0

    def __contains__(self, number: str) -> bool:
        """Whether the number was met; with a chance of one in 10^13 for a million numbers, another one was."""
        return bool(self._hashes[self._place(hash(number) & 0xFFFF_FFFF_FFFF_FFFF or 1)])

    def _place(self, mark: int) -> int:
        hashes, last = self._hashes, len(self._hashes) - 1
        at = mark & last
        while hashes[at] and hashes[at] != mark:
            at = (at + 1) & last
        return at

    def _grow(self) -> None:
        hashes, rows = self._hashes, self._rows
        self._hashes = array("Q", bytes(hashes.itemsize * len(hashes) * 2))
        self._rows = array("L", bytes(rows.itemsize * len(rows) * 2))
        for mark, row in zip(hashes, rows, strict=True):
            if mark:
                at = self._place(mark)
                self._hashes[at], self._rows[at] = mark, row


def validated(
    rows: Iterable[RawRow], mapping: Mapping, *, zone: tzinfo, as_of: datetime
) -> Iterator[tuple[RawRow, MessageRow | list[Problem]]]:
    """Every row with what became of it; a number met twice is the later row's problem."""
    seen = Seen()
    for raw in rows:
        found = validate(raw, mapping, zone=zone, as_of=as_of)
        if isinstance(found, MessageRow):
            before = seen.add(found.number, raw.row)
            if before:
                found = [_twice(found, mapping, before)]
        yield raw, found


def validate(raw: RawRow, mapping: Mapping, *, zone: tzinfo, as_of: datetime) -> MessageRow | list[Problem]:
    """Check one row under a settled mapping; `as_of` (aware) is the moment beyond which lies the future."""
    if raw.damage:
        return [Problem(_("整行"), raw.damage)]
    draft = _Draft(raw, mapping, zone, as_of)
    text = draft.text("text", LONGEST_TEXT)
    if not text:
        draft.fault("text", _("没有内容。请补上，或删去这一行。"))
    received = draft.time("received_at")
    if received is None and not draft.problems_of("received_at"):
        draft.fault("received_at", _("没有收到时间。请补上。"))
    reply, replied_at, replied_date_only = _reply(draft, received)
    phone, other_contact = draft.phone()
    petitioner, number = draft.line("petitioner"), draft.number()
    title = draft.line("title", LONGEST_TITLE) or _made_title(text)
    nature, headcount = draft.nature(), draft.count("headcount") or 1
    likes, dislikes = draft.count("likes"), draft.count("dislikes")
    unit, category, region = draft.word("unit"), draft.word("category"), draft.word("region")
    place = draft.line("place")
    if draft.problems or received is None:
        return draft.problems
    return MessageRow(
        row=raw.row,
        number=number or _digest(received.moment, petitioner, phone or other_contact, title, text),
        number_given=bool(number),
        title=title,
        text=text,
        received_at=received.moment,
        received_date_only=received.date_only,
        petitioner=petitioner,
        phone=phone,
        other_contact=other_contact,
        nature=nature,
        unit=unit,
        category=category,
        region=region,
        place=place,
        headcount=headcount,
        likes=likes,
        dislikes=dislikes,
        reply=reply,
        replied_at=replied_at,
        replied_date_only=replied_date_only,
        track=mapping.defaults.get("track", ""),
        channel=mapping.defaults.get("channel", ""),
    )


class _Draft:
    """One row being read: cells by field, and the problems met."""

    __slots__ = ("as_of", "cells", "mapping", "positions", "problems", "zone")

    def __init__(self, raw: RawRow, mapping: Mapping, zone: tzinfo, as_of: datetime) -> None:
        self.cells, self.mapping, self.zone, self.as_of = raw.cells, mapping, zone, as_of
        self.positions = mapping.positions
        self.problems: list[Problem] = []

    def fault(self, field: str, reason: str) -> None:
        """Note a reason why the row cannot be taken."""
        self.problems.append(Problem(self.mapping.column(field), reason, field))

    def problems_of(self, field: str) -> bool:
        """Whether a field has a problem already."""
        return any(problem.field == field for problem in self.problems)

    def cell(self, field: str) -> Cell:
        """The cell of a field, or its default; a text is stripped, and words for nothing are empty."""
        at = self.positions.get(field)
        if at is None:
            return self.mapping.defaults.get(field, "")
        value = self.cells[at]
        if isinstance(value, str):
            value = value.strip()
            if len(value) <= 4 and value.casefold() in vocabulary.EMPTY:
                value = ""
        if value == "":
            return self.mapping.defaults.get(field, "")
        return value

    def text(self, field: str, limit: int) -> str:
        """A text of several lines."""
        return self._within(field, _clean(str(self.cell(field))), limit)

    def line(self, field: str, limit: int = LONGEST_LINE) -> str:
        """A text of one line."""
        if field not in self.positions and field not in self.mapping.defaults:
            return ""
        text = str(self.cell(field))
        if not text.isprintable():
            text = " ".join(_clean(text).split())
        return self._within(field, text, limit) if len(text) > limit else text

    def word(self, field: str) -> str:
        """A name of something, in this installation's words where the mapping translates it."""
        text = self.line(field)
        meanings = self.mapping.translations.get(field)
        return meanings.get(vocabulary.key(text), text) if meanings and text else text

    def time(self, field: str) -> Reading | None:
        """A time not later than tomorrow."""
        value = self.cell(field)
        if value == "" or not isinstance(value, (str, date)):
            return None
        try:
            return read_time(
                value, self.zone, order=self.mapping.layout.date_order, not_after=self.as_of + SLACK
            )
        except Unreadable as refusal:
            self.fault(field, str(refusal))
            return None

    def number(self) -> str:
        """The row's own number, without what spreadsheets and data frames have done to it."""
        text = _unwrapped(self.line("number", LONGEST_NUMBER + 10))
        if _EXPONENT.fullmatch(text):
            self.fault(
                "number",
                _("编号“%(value)s”被表格软件改短了。请把这一列设为文本，重新填写。") % {"value": text},
            )
        if text.endswith(".0") and text[:-2].isdecimal():
            text = text[:-2]
        return self._within("number", text, LONGEST_NUMBER)

    def phone(self) -> tuple[str, str]:
        """A phone number as digits, and what else stands in its place (an address, a masked number)."""
        text = _unwrapped(self.line("phone"))
        if not text:
            return "", ""
        mobile = _MOBILE.search(text)
        if mobile:
            return mobile[1], ""
        if _EXPONENT.fullmatch(text):
            self.fault("phone", _("电话被表格软件改短了。请把这一列设为文本，重新填写。"))
            return "", ""
        landline = _LANDLINE.fullmatch(text)
        return (landline[0], "") if landline else ("", text)

    def nature(self) -> str:
        """The nature as a code; the default when nothing is said."""
        text = self.line("nature")
        if not text:
            return DEFAULT_NATURE
        nature = self.mapping.translations.get("nature", {}).get(
            vocabulary.key(text)
        ) or vocabulary.nature_of(text)
        if nature is None:
            self.fault(
                "nature",
                _("不认识性质“%(value)s”。可以写：求助、建议、咨询、投诉、举报、表扬。")
                % {"value": text[:20]},
            )
        return nature or DEFAULT_NATURE

    def count(self, field: str) -> int:
        """A whole number of heads or votes; 0 when nothing is said."""
        text = self.line(field)
        if not text:
            return 0
        found = _COUNT.fullmatch(unicodedata.normalize("NFKC", text).replace(",", "").removesuffix(".0"))
        if found is None or len(found[1]) > 9 or (field == "headcount" and int(found[1]) > MOST_HEADS):
            self.fault(field, _("“%(value)s”不是合适的数。请填一个整数，或留空。") % {"value": text[:20]})
            return 0
        return int(found[1])

    def _within(self, field: str, text: str, limit: int) -> str:
        if len(text) > limit:
            self.fault(
                field,
                _("太长：有 %(length)d 字，最多 %(limit)d 字。请缩短，或拆成几条。")
                % {"length": len(text), "limit": limit},
            )
        return text


def _reply(draft: _Draft, received: Reading | None) -> tuple[str, datetime | None, bool]:
    reply = draft.text("reply", LONGEST_TEXT)
    if reply in vocabulary.NO_REPLY:
        reply = ""
    replied = draft.time("replied_at")
    if draft.problems_of("replied_at"):
        return reply, None, False
    if reply and replied is None:
        draft.fault("replied_at", _("有答复，没有答复时间。请补上时间。"))
    if replied is None:
        return reply, None, False
    if not reply:
        draft.fault("reply", _("有答复时间，没有答复。请补上答复，或删去时间。"))
    moment, date_only = replied.moment, replied.date_only
    if received is not None:
        moment, date_only = _end_of_day(draft, received, replied)
        if moment < received.moment:
            draft.fault(
                "replied_at",
                _("答复时间 %(replied)s 早于收到时间 %(received)s。请核对。")
                % {
                    "replied": _shown(replied.moment, draft.zone),
                    "received": _shown(received.moment, draft.zone),
                },
            )
    return reply, moment, date_only


def _end_of_day(draft: _Draft, received: Reading, replied: Reading) -> tuple[datetime, bool]:
    """When a reply is taken to have been given.

    A date alone means the end of that day. So does midnight to the second on the very day of the message:
    software writes a bare date as midnight.
    """
    local = replied.moment.astimezone(draft.zone)
    bare = replied.date_only or (
        replied.moment < received.moment
        and not (local.hour or local.minute or local.second)
        and local.date() == received.moment.astimezone(draft.zone).date()
    )
    if not bare:
        return replied.moment, False
    end = replied.day_end(draft.zone)
    return max(min(end, draft.as_of), min(end, received.moment)), True


def _twice(message: MessageRow, mapping: Mapping, before: int) -> Problem:
    if message.number_given:
        reason = _("编号 %(number)s 与第 %(row)d 行重复。") % {"number": message.number, "row": before}
    else:
        reason = _("内容与第 %(row)d 行完全相同。") % {"row": before}
    return Problem(mapping.column("number"), reason, "number")


def _made_title(text: str) -> str:
    first = text.split("\n", 1)[0].strip()
    return first if len(first) <= MADE_TITLE else first[: MADE_TITLE - 1] + "…"


def _digest(received: datetime, *parts: str) -> str:
    """A number for a row that has none. Keyed: a phone number could be found out from a plain digest."""
    return "auto-" + blind_index("message", "\x1f".join((received.isoformat(), *parts))).hex()


def _clean(text: str) -> str:
    if text.replace("\u3000", "").replace("\n", "").isprintable():  # most are; quicker than a search
        return text
    return _UNWANTED.sub("", _BREAKS.sub("\n", text)).strip()


@lru_cache(maxsize=1024)
def _unwrapped(text: str) -> str:
    """A number without the signs that make spreadsheets keep it as text: '00123 and ="00123"."""
    plain = unicodedata.normalize("NFKC", text).removeprefix("'")
    formula = _FORMULA_TEXT.fullmatch(plain)
    return (formula[1] if formula else plain).strip()


def _shown(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
