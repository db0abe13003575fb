"""Reads the tables of a profile (CSV, TOML) row by row, and says of a bad row where it is and what to do."""

import csv
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from huiyin.kernel.refusals import Refused

T = TypeVar("T")
LONGEST_CELL = 1000


class BadRow(Refused):
    """One row that cannot be used; the sentence names file, line, column and what to do."""


class BadTable(Refused):
    """A table with bad rows; `rows` has a sentence for each."""

    def __init__(self, rows: list[str]) -> None:
        super().__init__("\n".join(rows), code="bad_table")
        self.rows = rows


@dataclass(frozen=True)
class Row:
    """One row of a table, with the place where it stands."""

    file: str
    line: int
    cells: Mapping[str, Any]

    def bad(self, column: str, sentence: str) -> BadRow:
        """The refusal of this row because of one column; the sentence says what is wrong and what to do."""
        where = _("%(file)s 第 %(line)d 行“%(column)s”：%(sentence)s") % {
            "file": self.file,
            "line": self.line,
            "column": column,
            "sentence": sentence,
        }
        return BadRow(where, code="bad_row")

    def optional(self, column: str, *, most: int = LONGEST_CELL) -> str:
        """A text that may be missing (""); raises BadRow when it is longer than `most` characters."""
        text = str(self.cells.get(column, "") or "").strip()
        if len(text) > most:
            raise self.bad(
                column, _("有 %(long)d 个字，最多 %(most)d 个。请缩短。") % {"long": len(text), "most": most}
            )
        return text

    def text(self, column: str, *, most: int = LONGEST_CELL) -> str:
        """A text that must be there; raises BadRow when it is empty or too long."""
        text = self.optional(column, most=most)
        if not text:
            raise self.bad(column, _("是空的。请填写。"))
        return text

    def code(self, column: str, *, most: int) -> str:
        """A code: ASCII letters, digits, dashes and underscores, no slash; raises BadRow otherwise."""
        text = self.text(column, most=most)
        if not (text.isascii() and text.replace("-", "").replace("_", "").isalnum()):
            raise self.bad(column, _("编码只能用英文字母、数字、“-”和“_”，请改正。"))
        return text

    def choice(self, column: str, among: Collection[str]) -> str:
        """One of a few words; raises BadRow, naming them, otherwise."""
        text = self.text(column)
        if text not in among:
            raise self.bad(
                column,
                _("“%(text)s”不在可用的值里。可用：%(all)s。") % {"text": text, "all": "、".join(among)},
            )
        return text

    def day(self, column: str) -> date | None:
        """A date as 2026-01-31, or None when empty; raises BadRow otherwise."""
        cell = self.cells.get(column)
        if isinstance(cell, date):
            return cell
        text = self.optional(column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise self.bad(
                column, _("“%(text)s”不是日期。请写成 2026-01-31 这样。") % {"text": text}
            ) from None

    def count(self, column: str) -> int | None:
        """A whole number from 0, or None when empty; raises BadRow otherwise."""
        text = self.optional(column)
        if text and not (text.isascii() and text.isdecimal()):
            raise self.bad(column, _("“%(text)s”不是数字。请只写数字。") % {"text": text})
        return int(text) if text else None

    def known(self, column: str, rows: Mapping[str, T], *, file: str) -> T | None:
        """The row that a code in this column stands for, or None when empty; raises BadRow for an unknown one."""
        code = self.optional(column)
        if code and code not in rows:
            raise self.bad(
                column, _("没有编码“%(code)s”。请先在 %(file)s 里写上它。") % {"code": code, "file": file}
            )
        return rows[code] if code else None

    def needed(self, column: str, rows: Mapping[str, T], *, file: str) -> T:
        """As `known`, for a column that must be filled."""
        self.text(column)
        found = self.known(column, rows, file=file)
        assert found is not None  # noqa: S101 — the line above has refused an empty cell
        return found


def read_csv(path: Path) -> list[Row]:
    """The rows of a UTF-8 CSV file with a header line (a byte-order mark is allowed); empty lines are skipped.

    Raises BadTable when the file is not UTF-8, has no header or unpaired quotes, or a row is too long.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadTable([_("%(file)s 不是 UTF-8 编码。请另存为“CSV UTF-8”。") % {"file": path.name}]) from None
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="", restval="", strict=True)
    if not reader.fieldnames:
        raise BadTable([_("%(file)s 是空的。请至少写上表头。") % {"file": path.name}])
    try:
        rows = [Row(path.name, reader.line_num, cells) for cells in reader if any(cells.values())]
    except csv.Error:
        where = {"file": path.name, "line": reader.line_num}
        raise BadTable([_("%(file)s 第 %(line)d 行附近的引号不成对。请改正。") % where]) from None
    ragged = [
        row.bad(row.cells[""][0], _("比表头多出一格，可能少了引号。请改正。"))
        for row in rows
        if row.cells.get("")
    ]
    if ragged:
        raise BadTable([str(fault) for fault in ragged])
    return rows


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file; raises BadTable, naming file and line, when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        sentence = _("%(file)s 读不懂：%(fault)s。请改正后再装入。") % {"file": path.name, "fault": fault}
        raise BadTable([sentence]) from fault


def read_tables(path: Path, name: str) -> list[Row]:
    """The rows of the array of tables `[[name]]` in a TOML file; `line` is where each begins."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [place for place, line in enumerate(lines, 1) if line.split("#")[0].strip() == f"[[{name}]]"]
    tables = read_toml(path).get(name, [])
    return [
        Row(path.name, heads[place] if place < len(heads) else 1, cells) for place, cells in enumerate(tables)
    ]


def each(rows: Iterable[Row], make: Callable[[Row], T]) -> list[T]:
    """What `make` makes of each row; raises one BadTable with every bad row, so that all are mended at once."""
    made, bad = [], []
    for row in rows:
        try:
            made.append(make(row))
        except BadRow as fault:
            bad.append(str(fault))
    if bad:
        raise BadTable(bad)
    return made
