"""Templates for tests, drawn as a clerk would; and filled files, read back by two other programs."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

from huiyin.workbooks.filling import Said, filled
from huiyin.workbooks.syntax import Asked, Each


def template(draw: Callable[[Any, Any], None], *, sheet: str = "总表") -> bytes:
    """A workbook with one sheet, drawn by `draw(book, sheet)`."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        draw(book, book.add_worksheet(sheet))
    return content.getvalue()


def cells(**given: str) -> bytes:
    """A workbook with these cells: A1="…"; what begins with = is a formula."""

    def draw(book: Any, sheet: Any) -> None:
        for address, text in given.items():
            (sheet.write_formula if text.startswith("=") else sheet.write_string)(address, text)

    return template(draw)


def changed(content: bytes, parts: Mapping[str, Callable[[str], str]], **added: bytes) -> bytes:
    """The same file with some parts rewritten and others added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, parts[name](part.decode()).encode() if name in parts else part)
        for name, part in added.items():
            new.writestr(name, part)
    return made.getvalue()


class Given:
    """A source that knows a few values: `lines` by what is repeated, each a mapping of names to values."""

    def __init__(self, lines: Mapping[str, list[Mapping[str, Any]]] | None = None, **values: Any) -> None:
        self.given, self.values = lines or {}, values

    def prepare(self, asked: Any) -> None:
        """Nothing to gather."""

    def lines(self, each: Each) -> list[Mapping[str, Any]]:
        return self.given[each.of]

    def said(self, asked: Asked, each: Each | None, line: Any) -> Said:
        value = (line if line is not None and asked.name in line else self.values).get(asked.name)
        return (
            value if isinstance(value, Said) else Said(value, "count" if isinstance(value, int) else "text")
        )


def filled_by(content: bytes, *args: Any, **values: Any) -> bytes:
    """The workbook that a template becomes with these values."""
    return filled(content, Given(*args, **values))


def shown(content: bytes, sheet: str = "总表") -> list[list[Any]]:
    """What a viewer shows that cannot calculate."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


def opened(content: bytes, *, values: bool = False) -> Any:
    """The workbook with its formulas, or with the values beside them, as another program reads it."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)
