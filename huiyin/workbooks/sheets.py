"""A workbook as it is filled: its sheets with their cells and texts, its styles, and the words that a cell may hold."""

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lxml import etree

from huiyin.workbooks.packing import MOST_UNPACKED, OFFICE, SHEETS, Package, too_large
from huiyin.workbooks.references import letters, number, split, translated

N = f"{{{SHEETS}}}"
BOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
LONGEST = 32_767  # letters in a cell
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 — day nought of a table program, which knows no zones
GENERAL, PERCENT, DAY, MOMENT = 0, 10, 14, 22  # built-in number formats
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a table program would read it as a letter's number
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Sheet:
    """A sheet: its name as it is shown, and its part."""

    name: str
    part: str
    root: Any

    @property
    def rows(self) -> Any:
        """The element that holds the rows."""
        return self.root.find(f"{N}sheetData")


@dataclass
class Book:
    """The sheets of a package in their order, with the texts that they share."""

    package: Package
    sheets: list[Sheet] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, package: Package) -> "Book":
        """Read what is needed; formulas that share one text get each their own."""
        book = cls(package)
        leads = {link.get("Id"): part for link, kind, part in package.links(BOOK) if kind == "worksheet"}
        for each in package.tree(BOOK).iter(f"{N}sheet"):
            part = leads.get(each.get(f"{{{OFFICE}}}id"), "")
            if package.has(part):
                book.sheets.append(Sheet(each.get("name") or "", part, package.tree(part)))
        for _link, kind, part in package.links(BOOK):
            if kind == "sharedStrings" and package.has(part):
                book.texts = [_text_of(each) for each in package.tree(part).findall(f"{N}si")]
        for sheet in book.sheets:
            _number_rows(sheet)
        _unshare(book.sheets)
        return book

    def text(self, cell: Any) -> str | None:
        """The text of a cell; None for numbers, formulas and empty cells."""
        if cell.find(f"{N}f") is not None:
            return None
        if cell.get("t") == "s":
            at = cell.findtext(f"{N}v") or ""
            return self.texts[int(at)] if at.isdecimal() and int(at) < len(self.texts) else ""
        inline = cell.find(f"{N}is")
        if cell.get("t") == "inlineStr" and inline is not None:
            return _text_of(inline)
        return None

    def cells(self, sheet: Sheet) -> Iterator[tuple[int, Any]]:
        """Every cell of a sheet with its row."""
        for row in sheet.rows if sheet.rows is not None else ():
            for cell in row:
                yield int(row.get("r")), cell


def _text_of(holder: Any) -> str:
    """The text of a string, its runs together, without the sounds that Japanese files write above it."""
    runs = [each for each in holder.iter(f"{N}t") if each.getparent().tag != f"{N}rPh"]
    return "".join(each.text or "" for each in runs)


def _number_rows(sheet: Sheet) -> None:
    """Rows and cells may leave out where they stand when it is just behind the one before."""
    row_at = 0
    for row in sheet.rows if sheet.rows is not None else ():
        row_at = int(row.get("r") or row_at + 1)
        row.set("r", str(row_at))
        across = 0
        for cell in row:
            across = number(split(cell.get("r"))[0]) if cell.get("r") else across + 1
            cell.set("r", f"{letters(across)}{row_at}")


def _unshare(sheets: Iterable[Sheet]) -> None:
    """Give each cell of a formula that was filled down its own text. Raises Refused for far too much of it."""
    given = 0
    for sheet in sheets:
        masters: dict[str, tuple[str, str, int]] = {}
        for row in sheet.rows if sheet.rows is not None else ():
            for cell in row:
                formula = cell.find(f"{N}f")
                if formula is None or formula.get("t") != "shared":
                    continue
                column, at = split(cell.get("r"))
                key = formula.get("si") or ""
                if formula.text:
                    masters[key] = (formula.text, column, at)
                elif key in masters:
                    text, first, begin = masters[key]
                    given += len(text)
                    if given > MOST_UNPACKED:
                        raise too_large()
                    formula.text = translated(text, rows=at - begin, columns=number(column) - number(first))
                for name in ("t", "si", "ref"):
                    formula.attrib.pop(name, None)


# -- what is written -------------------------------------------------------------------------------------------
@dataclass
class Styles:
    """The looks of cells; a variant of one is added where a value needs it, once."""

    package: Package
    _made: dict[tuple[int, str, str], int] = field(default_factory=dict)

    @property
    def looks(self) -> Any:
        """The element that holds them; None in a file without styles."""
        return self.package.tree(STYLES).find(f"{N}cellXfs") if self.package.has(STYLES) else None

    def fitting(self, look: int, form: int) -> int:
        """The look with a number format, unless the template has chosen one."""
        looks = self.looks
        if looks is None or look >= len(looks) or int(looks[look].get("numFmtId") or 0) != GENERAL:
            return look
        return self._variant(look, "numFmtId", str(form))

    def quoted(self, look: int) -> int:
        """The look of a text that stays a text even when somebody presses Enter in it."""
        looks = self.looks
        return look if looks is None or look >= len(looks) else self._variant(look, "quotePrefix", "1")

    def _variant(self, look: int, name: str, value: str) -> int:
        key = look, name, value
        if key not in self._made:
            looks = self.looks
            made = copy.deepcopy(looks[look])
            made.set(name, value)
            if name == "numFmtId":
                made.set("applyNumberFormat", "1")
            looks.append(made)
            looks.set("count", str(len(looks)))
            self._made[key] = len(looks) - 1
        return self._made[key]


def serial(moment: date | datetime) -> float:
    """A day or a moment of the wall clock as a table program counts it."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
    passed = moment.replace(tzinfo=None) - EPOCH
    return passed.days + passed.seconds / 86_400


def numeral(value: float) -> str:
    """A number as the file writes it."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def cleaned(text: str) -> str:
    """A text as a cell may hold it: no letters that XML cannot write, none that are read as another, not too long."""
    return ESCAPED.sub("_x005F_", UNWRITABLE.sub("", text))[:LONGEST]


def put_number(cell: Any, value: float) -> None:
    """Write a number into a cell."""
    _emptied(cell)
    etree.SubElement(cell, f"{N}v").text = numeral(value)


def put_text(cell: Any, text: str, styles: Styles) -> None:
    """Write a text into a cell, as a text whatever it looks like."""
    _emptied(cell)
    if not text:
        return
    cell.set("t", "inlineStr")
    words = etree.SubElement(etree.SubElement(cell, f"{N}is"), f"{N}t")
    words.text = cleaned(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    if text.startswith(LIKE_A_FORMULA):
        cell.set("s", str(styles.quoted(int(cell.get("s") or 0))))


def _emptied(cell: Any) -> None:
    cell.attrib.pop("t", None)
    for each in list(cell):
        cell.remove(each)
