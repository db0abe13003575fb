"""Opens a file of messages, finds its header, and hands out its rows one by one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from huiyin.channels.bulk import sheets, textfiles, torn, vocabulary
from huiyin.channels.bulk.textfiles import Cell, Record
from huiyin.kernel.refusals import Refused

PREAMBLE = 30  # rows in which the header is looked for
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """What an operator may say of a file where its own look misleads; empty: find out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0
    date_order: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class RawRow:
    """One row below the header, one cell a column, unexamined but for what the file itself got wrong."""

    row: int
    line: int
    cells: tuple[Cell, ...]
    damage: str = ""

    def __repr__(self) -> str:
        return f"<RawRow row={self.row}>"  # never the person's words: it may end in a log


@dataclass(frozen=True)
class Rows:
    """The rows of an open file; iterating again reads it again from the start.

    `header` holds unique names ("时间", "时间 (2)", "第 3 列"), `original_header` what the file says.
    """

    path: Path
    source: textfiles.TextFile | sheets.Sheet
    header: tuple[str, ...]
    original_header: tuple[str, ...]
    header_row: int

    @property
    def description(self) -> str:
        """The file's format in words."""
        return self.source.description

    @property
    def lead(self) -> int:
        """How many columns a rejects file has put before the file's own."""
        extra = vocabulary.REJECT_COLUMNS
        return len(extra) if self.header[: len(extra)] == extra else 0

    def __iter__(self) -> Iterator[RawRow]:
        records = self._below()
        if isinstance(self.source, textfiles.TextFile):
            records = torn.mended(records, width=len(self.header), lead=self.lead)
        return map(self._row, records)

    def sample(self) -> list[RawRow]:
        """Rows to guess the mapping from: the first ones."""
        return list(islice(self, SAMPLE))

    @cached_property
    def count(self) -> int:
        """How many rows there are; reads the file through once."""
        return sum(1 for _row in self)

    def _below(self) -> Iterator[Record]:
        """Filled rows below the header; the header's own words, repeated further down, are passed over."""
        for record in self.source.records():
            if record.row <= self.header_row or not _filled(record.cells):
                continue
            if record.cells[0] == self.original_header[0] and _names(record.cells) == self.header:
                continue
            yield record

    def _row(self, record: Record) -> RawRow:
        cells, width, damage = record.cells, len(self.header), record.damage
        if len(cells) > width:
            if isinstance(self.source, textfiles.TextFile) and any(
                str(cell).strip() for cell in cells[width:]
            ):
                damage = damage or _("这一行有 %(cells)d 格，表头只有 %(width)d 格，可能多了分隔符。") % {
                    "cells": len(cells),
                    "width": width,
                }
            else:
                cells = cells[:width]
        elif len(cells) < width:
            if self.lead and not damage:
                damage = torn.too_few(record, width)
            cells = [*cells, *[""] * (width - len(cells))] if not damage else cells
        return RawRow(record.row, record.line, tuple(cells), damage)


def open_rows(path: Path, *, layout: Layout | None = None) -> Rows:
    """Open a csv, xlsx, xls or ods file of messages, told apart by content, not by name.

    Raises Refused, saying what to do, when it is missing, empty, not a table, or has no header.
    """
    layout = layout or Layout()
    _refuse_missing(path)
    source: textfiles.TextFile | sheets.Sheet
    if sheets.is_sheet(path):
        source = sheets.open_sheet(path, name=layout.sheet)
    else:
        source = textfiles.open_text(path, encoding=layout.encoding, delimiter=layout.delimiter)
    record = _header(source, layout.header_row)
    original = _trimmed(record.cells)
    rows = Rows(path, source, _names(original), tuple(map(str, original)), record.row)
    if next(iter(rows), None) is None:
        raise Refused(_("表头下面没有一行内容。请检查文件是否导出完整。"), code="import_empty")
    return rows


def _refuse_missing(path: Path) -> None:
    if not path.exists():
        raise Refused(_("没有找到文件 %(path)s。请检查路径。") % {"path": path}, code="import_missing")
    if not path.is_file():
        raise Refused(_("%(path)s 不是文件。请写出文件的完整路径。") % {"path": path}, code="import_missing")
    try:
        with path.open("rb") as stream:
            empty = not stream.read(4096).strip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n")
    except PermissionError:
        raise Refused(
            _("没有权限读 %(path)s。请检查文件的权限。") % {"path": path}, code="import_unreadable"
        ) from None
    if empty and path.stat().st_size <= 4096:
        raise Refused(_("这个文件是空的，没有可以导入的内容。"), code="import_empty")


def _header(source: textfiles.TextFile | sheets.Sheet, told: int) -> Record:
    """The row that names the columns: the one told, or the one among the first with most words known."""
    seen = [record for record in islice(source.records(), max(PREAMBLE, told)) if _trimmed(record.cells)]
    if told:
        seen = [record for record in seen if record.row == told]
    if not seen:
        raise Refused(_("没有找到表头。请在第一行写上每一列的名称，再导入一次。"), code="import_header")
    best = max(seen, key=lambda record: sum(vocabulary.knows(str(cell).strip()) for cell in record.cells))
    if any(vocabulary.knows(str(cell).strip()) for cell in best.cells):
        return best
    filled = [sum(bool(str(cell).strip()) for cell in record.cells) for record in seen]
    best = next(record for record, count in zip(seen, filled, strict=True) if 2 * count >= max(filled))
    if not told and any(_looks_like_content(cell) for cell in best.cells):
        raise Refused(
            _("第 %(row)d 行像是内容，不像表头。请在第一行写上每一列的名称，再导入一次。")
            % {"row": best.row},
            code="import_header",
        )
    return best


def _looks_like_content(cell: Cell) -> bool:
    if isinstance(cell, date):
        return True
    text = str(cell).strip()
    return len(text) > 40 or bool(re.match(r"\d{3,}|\d+[-/.年]\d+", text))


def _filled(cells: list[Cell]) -> bool:
    return any(not isinstance(cell, str) or (cell and not cell.isspace()) for cell in cells)


def _trimmed(cells: list[Cell]) -> list[Cell]:
    last = max((index for index, cell in enumerate(cells, 1) if str(cell).strip()), default=0)
    return cells[:last]


def _names(cells: list[Cell]) -> tuple[str, ...]:
    lead = len(vocabulary.REJECT_COLUMNS) if tuple(cells[:3]) == vocabulary.REJECT_COLUMNS else 0
    names: list[str] = []
    for index, cell in enumerate(_trimmed(cells), 1 - lead):
        name = " ".join(str(cell).split()) or f"第 {index} 列"
        twin = 2
        while name in names:
            name, twin = f"{name.removesuffix(f' ({twin - 1})')} ({twin})", twin + 1
        names.append(name)
    return tuple(names)
