"""Rows of a list written into a file of a table program, without ever holding all of them in memory."""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter

CSV = "utf-8-sig"
MOST_ROWS = 1_048_575  # that a sheet of xlsx takes under its head
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
    """One sheet, its head frozen, times as times."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, 18)
        sheet.write_row(0, 0, head, bold)
        for at, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(at, column, cell, moment)
                elif isinstance(cell, int):
                    sheet.write_number(at, column, cell)
                else:
                    sheet.write_string(at, column, cell)


def _plain(cell: Any) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text


WRITERS: dict[str, Callable[[Path, Sequence[str], Iterable[Sequence[Any]]], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
}
