"""Rows of a list written into a file of a table program, without ever holding all of them in memory."""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any, TextIO
from unicodedata import east_asian_width

import xlsxwriter

CSV = "utf-8-sig"
MOST_ROWS = 1_048_575  # that a sheet of xlsx takes under its head
FACE, A4 = "宋体", 9
MEASURED, WIDEST = 500, 56  # rows by which columns are made wide, and digits that one is wide at most
ARROW = 3  # digits that the filter's arrow takes
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so would be run by a table program (CWE-1236)


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """UTF-8 with a byte-order mark, so that Excel and WPS read the Chinese; no cell becomes a formula."""
    with path.open("w", encoding=CSV, newline="") as stream:
        _write(stream, head, rows)


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The same for a few rows, in memory."""
    stream = StringIO(newline="")
    _write(stream, head, rows)
    return stream.getvalue().encode(CSV)


def _write(stream: TextIO, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    table = csv.writer(stream)
    table.writerow(head)
    table.writerows([_plain(cell) for cell in row] for row in rows)


def write_xlsx(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One sheet, its head frozen and on every page, times as times; it prints on A4 across, as wide as the paper."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "default_format_properties": {"font_name": FACE, "font_size": 11}}  # fmt: skip
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bg_color": "#e6efef", "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        _to_be_printed(sheet)
        sheet.write_row(0, 0, head, bold)
        widths = [_wide(each) + ARROW for each in head]
        at = 0
        for at, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if at <= MEASURED:
                    widths[column] = max(widths[column], _wide(_plain(cell)))
                if isinstance(cell, datetime):
                    sheet.write_datetime(at, column, cell, moment)
                elif isinstance(cell, int):
                    sheet.write_number(at, column, cell)
                else:
                    sheet.write_string(at, column, cell)

        for column, wide in enumerate(widths):
            sheet.set_column(column, column, min(wide, WIDEST) + 2)
        sheet.autofilter(0, 0, at, len(head) - 1)


def _to_be_printed(sheet: Any) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&R&P / &N")


def _wide(text: str) -> int:
    """How many digits a text is wide: a Chinese letter is as wide as two."""
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)


def _plain(cell: Any) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text


WRITERS: dict[str, Callable[[Path, Sequence[str], Iterable[Sequence[Any]]], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
}
