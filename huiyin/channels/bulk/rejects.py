"""Rows that could not be taken, kept as a table that a person corrects and imports again.

Before the file's own columns, which stay as they were, stand 行号, 列 and 原因; an import passes over them.
Importing a corrected rejects file is the person's word that its rows are right: a row that was torn or had
damaged letters stands in it as well as it could be read. The file holds people's own words: only its owner
may read it, and it should be deleted once it has been dealt with.
"""

import csv
import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from huiyin.channels.bulk.reading import RawRow, Rows
from huiyin.channels.bulk.rows import Problem
from huiyin.channels.bulk.textfiles import Cell
from huiyin.channels.bulk.vocabulary import REJECT_COLUMNS

FOLDER = "imports"
ENDING = ".rejects"


class Rejects:
    """Writes rejected rows beside the installation's other imports, as `home/imports/<name>.rejects.csv`.

    Use as a context: the file takes its name when the context ends well; a run that fails or is killed leaves
    none, and gives the same rejects when it is started again. An earlier file is never overwritten, for
    somebody may have corrected it: the same content keeps its file, other content gets the next number.
    Without a rejected row there is no file.
    """

    def __init__(self, home: Path, rows: Rows) -> None:
        self.rows = rows
        self.count = 0
        self.path: Path | None = None
        self._first = home / FOLDER / f"{_stem(rows.path, home)}{ENDING}.csv"
        self._part = self._first.with_name(f".{self._first.name}.part")
        self._stream: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        self._part.unlink(missing_ok=True)  # of a run that was killed: it holds people's words
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        elif self._stream is not None:
            self._stream.close()
            self._part.unlink()

    def add(self, raw: RawRow, problems: Sequence[Problem]) -> None:
        """Write one row with its problems."""
        if self._stream is None:
            self._begin()
        columns = "；".join(dict.fromkeys(problem.column for problem in problems))
        reasons = "；".join(problem.reason.rstrip("。") for problem in problems) + "。"
        self._writer.writerow([raw.row, columns, reasons, *map(_written, raw.cells[self.rows.lead :])])
        self.count += 1

    def close(self) -> None:
        """Give the file its name; `path` tells it. Nothing happens when no row was rejected."""
        if self._stream is None:
            return
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._stream = None
        self.path = self._free_place()
        self._part.replace(self.path)

    def _begin(self) -> None:
        self._first.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        private = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._stream = open(private, "w", encoding="utf-8-sig", errors="replace", newline="")  # noqa: SIM115
        self._writer = csv.writer(self._stream)
        self._writer.writerow([*REJECT_COLUMNS, *self.rows.original_header[self.rows.lead :]])

    def _free_place(self) -> Path:
        made = _digest(self._part)
        place, number = self._first, 1
        while place.exists() and _digest(place) != made:
            number += 1
            place = self._first.with_name(f"{self._first.stem}-{number}.csv")
        return place


def _stem(source: Path, home: Path) -> str:
    """A name for a file's rejects: its own, marked by its folder, as two folders may hold files of one name."""
    stem = source.stem.split(ENDING)[0]
    if source.parent.resolve() == (home / FOLDER).resolve():
        return stem
    return f"{stem}-{hashlib.sha256(str(source.resolve()).encode()).hexdigest()[:6]}"


def _digest(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def _written(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)
