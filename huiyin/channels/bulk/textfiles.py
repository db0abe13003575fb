"""Rows of a text file with separators: which encoding, which separator, and what to do with broken quotes.

Nothing here loads a file whole. A row that the rules of csv (RFC 4180) cannot read is handed on as damaged,
with the reason in words, and reading goes on at the next line: one stray quote must not swallow a thousand
messages.
"""

import codecs
import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from huiyin.channels.bulk import vocabulary
from huiyin.kernel.refusals import Refused

Cell = object  # a str, or from a spreadsheet a datetime or date

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = ",;\t|"
BLOCK = 1 << 20
HEAD = 1 << 18
DAMAGE_SHARE = 0.1  # of the bytes above 127: a foreign encoding is wrong nearly everywhere
LONGEST_RECORD = 1_500_000  # characters; beyond it a quote was left open
MOST_LINES = 5_000
HIGH_BYTES = bytes(range(128, 256))
CONTROLS = bytes(set(range(32)) - {0, 9, 10, 12, 13, 26, 27})
LONE = re.compile("\udcff")
DAMAGED = "huiyin-damaged"

csv.field_size_limit(LONGEST_RECORD * 2)


def _mark_damaged(fault: UnicodeError) -> tuple[str, int]:
    """One lone surrogate a byte: what "surrogateescape" does, but for UTF-16 as well."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return "\udcff" * (fault.end - fault.start), fault.end


codecs.register_error(DAMAGED, _mark_damaged)


class Record(NamedTuple):
    """One row as it stands in the file: `row` as a spreadsheet counts, `line` as an editor does (from 1)."""

    row: int
    line: int
    cells: list[Cell]
    damage: str = ""


@dataclass(frozen=True)
class TextFile:
    """A text file whose encoding and separator are known."""

    path: Path
    encoding: str
    delimiter: str
    damaged: bool = False

    @property
    def description(self) -> str:
        """The format in words, for the person who checks it."""
        sign = {"\t": "TAB"}.get(self.delimiter, self.delimiter)
        return _("文本表格，编码 %(encoding)s，分隔符 %(sign)s") % {"encoding": self.encoding, "sign": sign}

    def records(self) -> Iterator[Record]:
        """Every row, empty ones too, from the start of the file."""
        with self.path.open(encoding=self.encoding, errors=DAMAGED, newline="") as stream:
            for record in _records(_Lines(stream), self.delimiter):
                yield self._examined(record) if self.damaged else record

    def _examined(self, record: Record) -> Record:
        if not any(LONE.search(str(cell)) for cell in record.cells):
            return record
        cells: list[Cell] = [LONE.sub("\ufffd", str(cell)) for cell in record.cells]
        return record._replace(cells=cells, damage=_("有的字已经损坏，无法读出（显示为 �）。请补全。"))


def open_text(path: Path, *, encoding: str = "", delimiter: str = "") -> TextFile:
    """Find out how a text file is written. Raises Refused when it is not a table of text."""
    _refuse_foreign(path)
    if encoding:
        damaged = bool(_damage(path, _known(encoding))[0])
    else:
        encoding, damaged = detect_encoding(path)
    delimiter = delimiter or _delimiter(path, encoding)
    return TextFile(path, encoding, delimiter, damaged)


def detect_encoding(path: Path) -> tuple[str, bool]:
    """The encoding of a text file, and whether some bytes do not fit it. Raises Refused when none fits."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding, bool(_damage(path, encoding)[0])
    zeros = head.count(0)
    if zeros > len(head) // 5:
        encoding = "utf-16-le" if head[1::2].count(0) > zeros // 2 else "utf-16-be"
        return encoding, bool(_damage(path, encoding)[0])
    for encoding in ("utf-8", "gb18030"):
        wrong, high = _damage(path, encoding)
        if wrong <= high * DAMAGE_SHARE:
            return encoding, bool(wrong)
    raise Refused(
        _("看不懂这个文件的文字编码。请用 Excel 或 WPS 打开，另存为 xlsx 或“CSV UTF-8”，再导入一次。"),
        code="import_encoding",
    )


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise Refused(
            _("不认识编码“%(encoding)s”。可以写 utf-8、gb18030 或 utf-16。") % {"encoding": encoding},
            code="import_encoding",
        ) from None


def _damage(path: Path, encoding: str) -> tuple[int, int]:
    """How many bytes do not fit an encoding, and how many are not ASCII; stops when it is plainly wrong."""
    decoder = codecs.getincrementaldecoder(encoding)(DAMAGED)
    wrong = high = 0
    with path.open("rb") as stream:
        while True:
            block = stream.read(BLOCK)
            text = decoder.decode(block, final=not block)
            high += len(block) - len(block.translate(None, HIGH_BYTES))
            if not text.isascii():
                wrong += _lone(text)
            if not block or (wrong > 1000 and wrong > high * DAMAGE_SHARE):
                return wrong, high


def _lone(text: str) -> int:
    try:
        text.encode()
    except UnicodeEncodeError:
        return len(LONE.findall(text))
    return 0


def _refuse_foreign(path: Path) -> None:
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    if (
        head.lstrip(b"\xef\xbb\xbf \t\r\n")[:9]
        .lower()
        .startswith((b"<html", b"<!doctype", b"<table", b"<?xml"))
    ):
        raise Refused(
            _("这个文件其实是网页。请用 Excel 或 WPS 打开，另存为 xlsx，再导入一次。"), code="import_format"
        )
    controls = len(head) - len(head.translate(None, CONTROLS))
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff")) or controls > max(8, len(head) // 50):
        raise Refused(
            _("这个文件不是表格。能导入的是 csv 和 xlsx：请用 Excel 或 WPS 另存为 xlsx，再导入一次。"),
            code="import_format",
        )


def _delimiter(path: Path, encoding: str) -> str:
    """The separator under which the head of the file reads most like a table."""
    with path.open(encoding=encoding, errors=DAMAGED, newline="") as stream:
        head = stream.read(HEAD)
    told = re.match(r"sep=(.)\r?\n", head)  # Excel's own mark
    if told:
        return told[1]
    return max(DELIMITERS, key=lambda sign: _likeness(head, sign))


def _likeness(head: str, delimiter: str) -> tuple[int, float, int]:
    """How much a text reads like a table with this separator: headers known, rows of one width, columns."""
    known, widths = 0, Counter[int]()
    for index, record in enumerate(_records(_Lines(iter(head.splitlines(keepends=True))), delimiter)):
        if index >= 100:
            break
        cells = [str(cell).strip() for cell in record.cells]
        if any(cells):
            widths[len(cells)] += 1
            if index < 30:
                known = max(known, sum(map(vocabulary.knows, cells)))
    width, rows = widths.most_common(1)[0] if widths else (0, 0)
    alike = rows / max(1, widths.total())
    return (known, alike, width) if width > 1 else (min(known, 1), 0.0, width)


class _Lines:
    """Lines of a stream, with those of the record being read kept so that they can be read again."""

    def __init__(self, stream: Iterator[str]) -> None:
        self.stream = stream
        self.again: deque[str] = deque()
        self.held: list[str] = []
        self.length = 0
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.stream)
        self.held.append(line)
        self.length += len(line)
        if len(self.held) > MOST_LINES or self.length > LONGEST_RECORD:
            raise csv.Error("a quote was left open")
        return line.replace("\0", "") if "\0" in line else line

    def next_record(self) -> None:
        """Forget the lines of the record before."""
        self.line += len(self.held)
        self.held.clear()
        self.length = 0

    def only_first(self) -> str:
        """Give back all held lines but the first, to be read as records of their own."""
        first, *rest = self.held
        self.again.extendleft(reversed(rest))
        self.held = [first]
        return first.replace("\0", "")


def _records(lines: _Lines, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = 0
    while True:
        lines.next_record()
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield _mended(row, lines, delimiter)
        else:
            yield Record(row, lines.line + 1, cells)  # type: ignore[arg-type]


def _mended(row: int, lines: _Lines, delimiter: str) -> Record:
    """Read one line whose quotes break the rules; where they do not even pair, it is damaged."""
    first = lines.only_first()
    if first.count('"') % 2:
        cells = first.rstrip("\r\n").split(delimiter)
        return Record(row, lines.line + 1, cells, _("引号没有成对，分不清哪里是一格的结尾。"))  # type: ignore[arg-type]
    return Record(row, lines.line + 1, next(csv.reader([first], delimiter=delimiter)))  # type: ignore[arg-type]
