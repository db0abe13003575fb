"""The files of a profile as they lie on disk: read without a database, with every row that cannot be read named."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.deadlines.calendars import builtin_tables
from huiyin.deadlines.notices import read_notice
from huiyin.kernel.folders import ABOUT, file_of, shared_with
from huiyin.kernel.refusals import Refused
from huiyin.kernel.tables import BadRow, BadTable, Row, read_csv, read_tables, read_toml


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


SHAPES: dict[str, Callable[[Any], bool]] = {
    "texts": lambda value: isinstance(value, dict) and _tables(list(value.values())),
    "languages": _words,
    "unled": _words,
    "door": _tables,
    "demo": lambda value: isinstance(value, dict) and _words(value.get("sign_in", [])),
    "shared": lambda value: isinstance(value, dict) and _words(list(value.values())),
}
NEEDED = ("regions.csv", "units.csv", "categories.csv", "reasons.csv")
OPTIONAL = ("users.csv", "posts.csv", "duties.csv", "answers.csv", "targets.csv")


@dataclass(frozen=True)
class Finding:
    """Something missing or contradictory: by which rule it was found, where, and a sentence that says what to do."""

    rule: str
    file: str
    line: int
    sentence: str


@dataclass
class Papers:
    """A profile's rows by file. What could not be read is in `found`, and its rows are missing."""

    folder: Path
    day: date
    about: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    policies: list[Row] = field(default_factory=list)
    matters: dict[str, Any] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    found: list[Finding] = field(default_factory=list)

    def rows(self, name: str) -> list[Row]:
        """The rows of a table; none when it is missing."""
        return self.tables.get(name, [])

    def standing(self, name: str) -> list[Row]:
        """The rows that hold on the day of the check."""
        return [row for row in self.rows(name) if holds(row, self.day)]

    def coded(self, name: str, column: str = "code") -> dict[str, Row]:
        """The rows of a table by their code."""
        return {cell(row, column): row for row in self.rows(name)}


def cell(row: Row, column: str) -> str:
    """What stands in a cell, without space around it."""
    return str(row.cells.get(column) or "").strip()


def holds(row: Row, day: date) -> bool:
    """Whether a dated row holds on a day; a date that cannot be read bounds nothing (it is a finding of its own)."""
    since, until = _day(row, "valid_from"), _day(row, "valid_to")
    return (since is None or since <= day) and (until is None or day <= until)


def _day(row: Row, column: str) -> date | None:
    try:
        return row.day(column)
    except BadRow:
        return None


def chain(row: Row, rows: dict[str, Row]) -> list[str]:
    """The codes from a row up to its root; stops where a parent is unknown or the way turns in a circle."""
    codes: list[str] = []
    above: Row | None = row
    while above is not None and cell(above, "code") not in codes:
        codes.append(cell(above, "code"))
        above = rows.get(cell(above, "parent"))
    return codes


def at(rule: str, row: Row, column: str, sentence: str) -> Finding:
    """A finding about one cell."""
    return Finding(rule, row.file, row.line, str(row.bad(column, sentence)))


def about_file(rule: str, file: str, sentence: str) -> Finding:
    """A finding about a whole file."""
    where = _("%(file)s：%(sentence)s") % {"file": file, "sentence": sentence}
    return Finding(rule, file, 0, where)


def bad_cells(rule: str, row: Row, *readers: Callable[[], object]) -> Iterator[Finding]:
    """What reading some cells of a row complains of."""
    for read in readers:
        try:
            read()
        except BadRow as fault:
            yield Finding(rule, row.file, row.line, str(fault))


# -- reading -------------------------------------------------------------------------------------------------
def read_papers(folder: Path, day: date) -> Papers:
    """Everything that lies in the folder, or is shared with it."""
    papers = Papers(folder, day, years={table.year for table in builtin_tables()})
    papers.about = _shaped(papers, _read(papers, ABOUT, read_toml, {}))
    papers.found += _unshared(folder)
    for name in NEEDED:
        papers.tables[name] = _read(papers, name, read_csv, [])
    for name in OPTIONAL:
        if file_of(folder, name).is_file():
            papers.tables[name] = _read(papers, name, read_csv, [])
    papers.policies = _read(papers, "policies.toml", lambda file: read_tables(file, "policy"), [])
    if file_of(folder, "assessment.toml").is_file():
        for part in ("rule", "clause"):
            papers.tables[f"assessment.{part}"] = _read(
                papers, "assessment.toml", lambda file, part=part: read_tables(file, part), []
            )
    if file_of(folder, "calendar.toml").is_file():
        papers.years |= {table.year for table in _read(papers, "calendar.toml", read_notice, [])}
    if file_of(folder, "matters.toml").is_file():
        papers.matters = _read(papers, "matters.toml", read_toml, {})
    return papers


def _shaped(papers: Papers, about: dict[str, Any]) -> dict[str, Any]:
    """The parts of profile.toml that have the shape they must have; each of the others is found."""
    parts = {**{key: about[key] for key in SHAPES if key in about}}
    wrong = [key for key, value in parts.items() if not SHAPES[key](value)]
    for key in wrong:
        papers.found.append(
            about_file("files", ABOUT, _("%(key)s 的写法不对，请照演示资料写。") % {"key": key})
        )
    return {key: value for key, value in about.items() if key not in wrong}


def _read(papers: Papers, name: str, reader: Callable[[Path], Any], empty: Any) -> Any:
    file = file_of(papers.folder, name)
    if not file.is_file():
        papers.found.append(about_file("files", name, _("没有这个文件。请从演示资料复制一份再改。")))
        return empty
    try:
        return reader(file)
    except BadTable as fault:
        papers.found += [Finding("files", name, 0, sentence) for sentence in fault.rows]
    except UnicodeDecodeError:
        papers.found.append(about_file("files", name, _("不是 UTF-8 编码。请另存为 UTF-8。")))
    except Refused as fault:
        papers.found.append(about_file("files", name, str(fault)))
    return empty


def _unshared(folder: Path) -> Iterable[Finding]:
    for name, file in shared_with(folder).items():
        if not file.is_file():
            sentence = _("和别处共用的 %(name)s 不在 %(file)s。请改正 [shared] 里的路径。")
            yield about_file("files", ABOUT, sentence % {"name": name, "file": file})
