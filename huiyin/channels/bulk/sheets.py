"""Rows of a spreadsheet file (xlsx, xls, ods), its dates as dates and its numbers as people see them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import python_calamine
from django.utils.translation import gettext as _

from huiyin.channels.bulk import vocabulary
from huiyin.channels.bulk.textfiles import Cell, Record
from huiyin.kernel.refusals import Refused

SIGNATURES = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
)  # zip (xlsx, ods), compound file (xls, or an xlsx with a password)
EXACT = 10**15  # Excel keeps fifteen digits of a number
RETURNS = re.compile(r"_x000[dD]_\n?|\r\n?")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook."""

    path: Path
    name: str
    others: tuple[str, ...] = ()
    _sheet: python_calamine.CalamineSheet = field(repr=False, compare=False, default=None)  # type: ignore[assignment]

    @property
    def description(self) -> str:
        """The format in words, for the person who checks it; names the sheets that are not read."""
        if not self.others:
            return _("电子表格，工作表“%(name)s”") % {"name": self.name}
        return _("电子表格，工作表“%(name)s”；没有读：%(others)s") % {
            "name": self.name,
            "others": "、".join(self.others),
        }

    def records(self) -> Iterator[Record]:
        """Every row, empty ones too, from the top of the sheet."""
        for row, cells in enumerate(self._sheet.iter_rows(), 1):
            yield Record(row, row, [_cell(cell) for cell in cells])


def is_sheet(path: Path) -> bool:
    """Whether a file's first bytes are those of a spreadsheet, whatever it is called."""
    with path.open("rb") as stream:
        return stream.read(4) in SIGNATURES


def open_sheet(path: Path, *, name: str = "") -> Sheet:
    """The named sheet, or the one that reads most like messages. Raises Refused, with what to do."""
    try:
        found = _sheets(python_calamine.CalamineWorkbook.from_path(path), name)
    except python_calamine.PasswordError:
        raise Refused(
            _("这个表格加了密码。请用 Excel 或 WPS 打开，去掉密码后另存，再导入一次。"),
            code="import_password",
        ) from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Refused(
            _("这个表格打不开，可能没有下载完整。请用 Excel 或 WPS 打开，另存为 xlsx，再导入一次。"),
            code="import_damaged",
        ) from None
    filled = {title: sheet for title, sheet in found.items() if sheet.start is not None}
    if not filled:
        raise Refused(_("这个表格是空的，没有可以导入的内容。"), code="import_empty")
    best = max(filled, key=lambda title: _likeness(filled[title]))
    return Sheet(path, best, tuple(title for title in filled if title != best), filled[best])


def _sheets(book: python_calamine.CalamineWorkbook, name: str) -> dict[str, python_calamine.CalamineSheet]:
    """The sheet of that name, or without a name every sheet that is shown; charts are none."""
    titles = [
        sheet.name for sheet in book.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    if name and name not in titles:
        raise Refused(
            _("没有叫“%(name)s”的工作表。这个文件里有：%(sheets)s。")
            % {"name": name, "sheets": "、".join(titles)},
            code="import_sheet",
        )
    hidden = {
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible != python_calamine.SheetVisibleEnum.Visible
    }
    chosen = [name] if name else [title for title in titles if title not in hidden]
    return {title: book.get_sheet_by_name(title) for title in chosen}


def _likeness(sheet: python_calamine.CalamineSheet) -> int:
    known = 0
    for row, cells in enumerate(sheet.iter_rows()):
        if row >= 30:
            break
        known = max(known, sum(vocabulary.knows(str(cell).strip()) for cell in cells))
    return known


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return RETURNS.sub("\n", value) if "\r" in value or "_x000" in value else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else f"{value:.15g}"
    return value if isinstance(value, (datetime, date)) else str(value)
