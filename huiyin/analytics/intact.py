"""Whether the files of an export are as it wrote them, each by itself and against the others, without any list or key.

Whoever alters a file can make the list of checksums anew. What they then would have to alter with it is compared here.
"""

import codecs
import csv
import json
import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.analytics.engine import Star, from_parquet, quoted_file
from huiyin.analytics.manifest import Faults
from huiyin.analytics.opendata import (
    ABOUT,
    COLUMNS,
    DICTIONARY,
    FORM,
    PUBLISHED,
    ROWS,
    TYPES,
    Published,
    about_text,
    dictionary_text,
    numbers_text,
)

CHUNK = 1 << 20  # bytes
WHOLE = re.compile(r"-?[0-9]+")
MOST = 10**15  # more than is ever counted; beyond it decimals are not exact, and roots and squares overflow


class Unreadable(ValueError):
    """A file is not what an export writes; the sentence says what is wrong with it."""


def text_of(file: Path) -> str:
    """A text file whole. Raises Unreadable for another encoding or other ends of lines than an export's."""
    _lines_of(file)
    return file.read_bytes().decode()


def _lines_of(file: Path) -> int:
    """How many lines a text file of any size has. Raises Unreadable as `text_of`."""
    decoder, last, lines = codecs.getincrementaldecoder("utf-8")(), b"", 0
    with file.open("rb") as content:
        while piece := content.read(CHUNK):
            if not last and piece.startswith(codecs.BOM_UTF8):
                raise Unreadable(_("开头多了 BOM，导出写的没有。"))
            if b"\r" in piece or b"\0" in piece:
                raise Unreadable(_("换行不是导出写的那一种，或者夹着控制字符。"))
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as fault:
                raise Unreadable(_("不是 UTF-8。")) from fault
            last, lines = piece[-1:], lines + piece.count(b"\n")
    if last != b"\n" or decoder.getstate()[0]:
        raise Unreadable(_("最后一行不完整，可能被截断了。"))
    return lines


# -- what the export says of itself ------------------------------------------------------------------------------
def row_numbers(folder: Path) -> dict[str, int]:
    """How many rows each table has, as the export says of itself. Raises Unreadable."""
    text = text_of(folder / ABOUT)
    try:
        about = json.loads(text)
        form, as_of, day, rows = about["form"], about["as_of"], about["day"], about["rows"]
        datetime.fromisoformat(as_of)
        date.fromisoformat(day)
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise Unreadable(_("读不懂，不是导出写的。")) from fault
    if form != FORM:
        raise Unreadable(
            _("格式是 %(form)s，这个版本的回音只核对 %(ours)s。") % {"form": str(form)[:60], "ours": FORM}
        )
    names = (*ROWS, "published")
    if (
        not isinstance(rows, dict)
        or tuple(rows) != names
        or any(type(rows[name]) is not int for name in names)
    ):
        raise Unreadable(_("没有写明每张表有多少行。"))
    if about_text(as_of, day, rows) != text:
        raise Unreadable(_("写法和导出的不一样，导出以后改动过。"))
    return rows


def refuse_dictionary(folder: Path) -> None:
    """Raises Unreadable for a dictionary that is not this form's."""
    _refuse_other_lines(text_of(folder / DICTIONARY), dictionary_text())


# -- public numbers ----------------------------------------------------------------------------------------------
def read_numbers(folder: Path) -> list[Published]:
    """The published numbers. Raises Unreadable for what is not written as an export writes it."""
    text = text_of(folder / PUBLISHED)
    try:
        head, *rows = csv.reader(text.splitlines())
    except csv.Error as fault:
        raise Unreadable(_("有的行列数不对，或者引号没有配对。")) from fault
    _refuse_head(head, tuple(COLUMNS["published"]))
    numbers = []
    for at, row in enumerate(rows, start=2):
        try:
            numbers.append(_number(row))
        except (ValueError, OverflowError) as fault:
            raise Unreadable(_("第 %(line)d 行读不懂。") % {"line": at}) from fault
    _refuse_other_lines(text, numbers_text(numbers))
    _refuse_twice(numbers)
    return numbers


def _number(row: Sequence[str]) -> Published:
    table, key, figure, value, n, low, high, revision, day, given_by = row
    if day:
        date.fromisoformat(day)
    return Published(
        table, key, figure, _read(value), _whole(n) if n else None, _read(low) if low else None,
        _read(high) if high else None, _whole(revision) if revision else None, day, given_by,
    )  # fmt: skip


def _read(text: str) -> float:
    value = _whole(text) if WHOLE.fullmatch(text) else float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _whole(text: str) -> int:
    n = int(text)
    if abs(n) > MOST:
        raise ValueError(text)
    return n


def _refuse_twice(numbers: Sequence[Published]) -> None:
    seen = set()
    for at, each in enumerate(numbers, start=2):
        if (each.place, each.revision) in seen:
            raise Unreadable(_("第 %(line)d 行写的数前面已经有了。") % {"line": at})
        seen.add((each.place, each.revision))


# -- rows --------------------------------------------------------------------------------------------------------
def of_rows(star: Star, folder: Path, name: str, *, said: int | None) -> Faults:
    """What is wrong with the two files of a table; `said` is how many rows the export says that it has.

    Both were written in the same order, so they are held to each other line by line.
    """
    parquet, lines = folder / f"{name}.parquet", folder / f"{name}.csv"
    try:
        rows = _rows_of_parquet(star, name, parquet)
    except Unreadable as fault:
        return {parquet.name: str(fault)}
    if said is not None and rows != said:
        words = {"rows": rows, "said": said, "about": ABOUT}
        return {parquet.name: _("有 %(rows)d 行，%(about)s 里写的是 %(said)d 行。") % words}
    try:
        _refuse_lines(star, name, lines, parquet, rows)
    except Unreadable as fault:
        return {lines.name: str(fault)}
    return {}


def _rows_of_parquet(star: Star, name: str, file: Path) -> int:
    import duckdb

    read = from_parquet(file)
    try:
        columns = {row["column_name"]: row["column_type"] for row in star.rows(f"DESCRIBE FROM {read}")}
        _refuse_head(tuple(columns), tuple(COLUMNS[name]))
        for column, type in columns.items():
            if type != TYPES[column]:
                raise Unreadable(
                    _("列 %(column)s 的类型是 %(type)s，应当是 %(ours)s。")
                    % {"column": column, "type": type, "ours": TYPES[column]}
                )
        # The rows themselves are read, not only the number that the file gives for them.
        values = ", ".join(f"count({column})" for column in columns)
        return int(star.rows(f"SELECT count(*) AS n, {values} FROM {read}")[0]["n"])
    except duckdb.Error as fault:
        raise Unreadable(_("不是完整的 Parquet 文件。")) from fault


def _refuse_lines(star: Star, name: str, file: Path, parquet: Path, rows: int) -> None:
    """A CSV file that is not its Parquet file in words."""
    import duckdb

    counted = _lines_of(file) - 1
    with file.open(encoding="utf-8", newline="") as content:
        _refuse_head(content.readline().rstrip("\n").split(","), tuple(COLUMNS[name]))
    if counted != rows:
        words = {"rows": counted, "other": parquet.name, "others": rows}
        raise Unreadable(_("有 %(rows)d 行，%(other)s 有 %(others)d 行。") % words)
    columns = COLUMNS[name]
    shape = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    read = (
        f"read_csv({quoted_file(file)}, columns = {{{shape}}}, auto_detect = false, header = true, delim = ',',"
        " quote = '\"', escape = '\"', allow_quoted_nulls = false, null_padding = false, strict_mode = true,"
        " hive_partitioning = false)"
    )
    differs = " OR ".join(f"one.{column} IS DISTINCT FROM two.{column}::VARCHAR" for column in columns)
    compared = f"{read} one POSITIONAL JOIN {from_parquet(parquet)} two"
    try:
        first = star.rows(
            f"SELECT line FROM (SELECT row_number() OVER () AS line, {differs} AS differs FROM {compared})"
            " WHERE differs ORDER BY line LIMIT 1"
        )
    except duckdb.Error as fault:
        raise Unreadable(_("有的行列数不对，或者引号没有配对。")) from fault
    if first:
        line = first[0]["line"] + 1
        raise Unreadable(_("第 %(line)d 行和 %(other)s 不一样。") % {"line": line, "other": parquet.name})


def _refuse_head(columns: Sequence[Any], ours: Sequence[str]) -> None:
    if tuple(columns) != tuple(ours):
        found, wanted = ",".join(map(str, columns))[:200], ",".join(ours)
        raise Unreadable(_("列是 %(found)s，应当是 %(wanted)s。") % {"found": found, "wanted": wanted})


def _refuse_other_lines(text: str, ours: str) -> None:
    """A text that is not exactly what an export would write."""
    if text == ours:
        return
    pairs = zip([*text.splitlines(), ""], [*ours.splitlines(), ""], strict=False)
    line = next((at for at, (one, two) in enumerate(pairs, start=1) if one != two), 1)
    raise Unreadable(_("第 %(line)d 行和导出写的不一样。") % {"line": line})
