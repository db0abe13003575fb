"""What refers to rows from elsewhere, moved when rows are repeated: merged cells, formats, names, charts, notes."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from huiyin.workbooks.packing import Package
from huiyin.workbooks.references import ADDRESS, Inside, Mover, RowMap, split
from huiyin.workbooks.sheets import BOOK, Book, N, Sheet

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
EXTRA = "{http://schemas.microsoft.com/office/excel/2006/main}"
CACHES = ("numCache", "strCache", "multiLvlStrCache")
DRAWN = frozenset(
    ("cat", "val", "xVal", "yVal", "bubbleSize", "plus", "minus")
)  # of a chart, but for its names
PAINT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
BEHIND_SLICES = ("dLbls", "cat", "val", "extLst")  # what stands behind the slices of a pie
COLOURS = ("4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47", "264478", "9E480E", "636363", "997300")
MOST_SLICES = 200
ROUND = ("pieChart", "pie3DChart", "doughnutChart", "ofPieChart")
# Elements of a sheet that name an area, and by which attribute.
AREAS = {
    "autoFilter": "ref",
    "sortState": "ref",
    "sortCondition": "ref",
    "conditionalFormatting": "sqref",
    "dataValidation": "sqref",
    "protectedRange": "sqref",
    "ignoredError": "sqref",
    "selection": "sqref",
}
NOTE_ROWS = re.compile(r"(<x:Row>)(\d+)(</x:Row>)")
NOTE_ANCHOR = re.compile(r"(<x:Anchor>)([^<]*)(</x:Anchor>)")


def move_the_rest(book: Book, mover: Mover) -> None:
    """Everything but the cells themselves."""
    for sheet in book.sheets:
        rows = mover.maps[sheet.name.casefold()]
        _areas(sheet, mover)
        _merged(sheet, rows, mover)
        _views(sheet, rows)
        _beside(book.package, sheet, rows, mover)
    _names(book, mover)
    _forget_values(book.package)


def _areas(sheet: Sheet, mover: Mover) -> None:
    for element in list(sheet.root.iter(tag=etree.Element)):
        name = etree.QName(element).localname
        if name == "dimension":
            sheet.root.remove(element)
        elif name in AREAS and element.get(AREAS[name]):
            area = element.get(AREAS[name])
            for formula in element.iter(f"{N}formula", f"{N}formula1", f"{N}formula2"):
                _formula(formula, sheet, area, mover)
            element.set(AREAS[name], mover.area(area, sheet.name))
        elif name == "hyperlink":
            element.set("ref", mover.area(element.get("ref"), sheet.name).partition(":")[0])
            if element.get("location"):
                element.set("location", mover.formula(element.get("location"), sheet.name))
        elif element.tag == f"{EXTRA}sqref" and element.text:
            element.text = mover.area(element.text, sheet.name)
        elif element.tag == f"{EXTRA}f" and element.text:
            element.text = mover.formula(element.text, sheet.name)


def _formula(formula: Any, sheet: Sheet, area: str, mover: Mover) -> None:
    """A formula of a format or a check is written for the first cell of its area."""
    first = ADDRESS.match(area)
    block = mover.maps[sheet.name.casefold()].block_of(int(first[2])) if first else None
    if formula.text:
        formula.text = mover.formula(formula.text, sheet.name, Inside(block, 0) if block else None)


def _merged(sheet: Sheet, rows: RowMap, mover: Mover) -> None:
    """Merged cells of a repeated row are merged in each copy."""
    holder = sheet.root.find(f"{N}mergeCells")
    if holder is None:
        return
    areas = [each.get("ref") for each in holder]
    for each in list(holder):
        holder.remove(each)
    for area in areas:
        for made in _copies(area, sheet, rows, mover):
            etree.SubElement(holder, f"{N}mergeCell").set("ref", made)
    holder.set("count", str(len(holder)))


def _copies(area: str, sheet: Sheet, rows: RowMap, mover: Mover) -> Iterator[str]:
    first, _colon, last = area.partition(":")
    (left, top), (right, bottom) = split(first), split(last or first)
    block = rows.block_of(top)
    if block is None or not block.holds(bottom):
        yield mover.area(area, sheet.name)
        return
    for number in range(block.copies):
        yield f"{left}{rows.at(top, number)}:{right}{rows.at(bottom, number)}"


def _views(sheet: Sheet, rows: RowMap) -> None:
    for element in sheet.root.iter(f"{N}pane", f"{N}sheetView", f"{N}selection"):
        for name in ("topLeftCell", "activeCell"):
            if element.get(name):
                column, row = split(element.get(name))
                element.set(name, f"{column}{rows.first(row)}")
    for element in sheet.root.iter(f"{N}rowBreaks"):
        for each in element:
            each.set("id", str(rows.last(int(each.get("id") or 0))))


def _beside(package: Package, sheet: Sheet, rows: RowMap, mover: Mover) -> None:
    """Tables, notes and drawings, which are parts of their own."""
    for _link, kind, part in package.links(sheet.part):
        if not package.has(part):
            continue
        if kind == "table":
            for element in package.tree(part).iter():
                if element.get("ref"):
                    element.set("ref", mover.area(element.get("ref"), sheet.name))
        elif kind in ("comments", "threadedComment"):
            for element in package.tree(part).iter():
                if element.get("ref"):
                    column, row = split(element.get("ref"))
                    element.set("ref", f"{column}{rows.first(row)}")
        elif kind == "vmlDrawing":
            package.parts[part] = _notes(package.parts[part], rows)
        elif kind == "drawing":
            _drawing(package, part, sheet, rows, mover)


def _notes(content: bytes, rows: RowMap) -> bytes:
    """The frames of notes, which old programs draw; rows are counted from nought there."""
    text = content.decode("utf-8", "surrogateescape")

    def anchored(match: re.Match[str]) -> str:
        numbers = [each.strip() for each in match[2].split(",")]
        for at in (2, 6):
            if at < len(numbers) and numbers[at].isdecimal():
                numbers[at] = str(rows.first(int(numbers[at]) + 1) - 1)
        return f"{match[1]}{', '.join(numbers)}{match[3]}"

    text = NOTE_ROWS.sub(lambda match: f"{match[1]}{rows.first(int(match[2]) + 1) - 1}{match[3]}", text)
    return NOTE_ANCHOR.sub(anchored, text).encode("utf-8", "surrogateescape")


def _drawing(package: Package, part: str, sheet: Sheet, rows: RowMap, mover: Mover) -> None:
    for element in package.tree(part).iter(f"{DRAWING}row"):
        element.text = str(rows.first(int(element.text or 0) + 1) - 1)
    for _link, kind, chart in package.links(part):
        if kind == "chart" and package.has(chart):
            tree = package.tree(chart)
            for formula in tree.iter(f"{CHART}f"):
                is_column = _is_column(formula)
                moved = mover.column if is_column else mover.formula
                before, formula.text = formula.text, moved(formula.text or "", sheet.name)
                if (
                    is_column
                    and formula.text != before
                    and formula.getparent().getparent().tag == f"{CHART}val"
                ):
                    _colour_slices(formula)
            for name in CACHES:
                for cache in list(tree.iter(f"{CHART}{name}")):
                    cache.getparent().remove(cache)


def _is_column(formula: Any) -> bool:
    """Whether a chart draws what the formula names; programs write a column of one cell as that cell."""
    holder = formula.getparent().getparent()
    return holder is not None and etree.QName(holder).localname in DRAWN


def _colour_slices(formula: Any) -> None:
    """Of a pie that had one slice, a colour for each: its own, said of all, would leave none to be told apart."""
    row = next(formula.iterancestors(f"{CHART}ser"), None)
    if row is None or etree.QName(row.getparent()).localname not in ROUND:
        return
    for name in ("spPr", "dPt"):
        for each in row.findall(f"{CHART}{name}"):
            row.remove(each)
    behind = next(each for each in row if etree.QName(each).localname in BEHIND_SLICES)
    first, _colon, last = (formula.text or "").rpartition("!")[2].partition(":")
    slices = 1 + abs(_row_of(last or first) - _row_of(first))
    for at in range(min(slices, MOST_SLICES)):
        one = etree.Element(f"{CHART}dPt")
        etree.SubElement(one, f"{CHART}idx").set("val", str(at))
        fill = etree.SubElement(etree.SubElement(one, f"{CHART}spPr"), f"{PAINT}solidFill")
        etree.SubElement(fill, f"{PAINT}srgbClr").set("val", COLOURS[at % len(COLOURS)])
        behind.addprevious(one)


def _row_of(address: str) -> int:
    return int(re.sub(r"\D", "", address) or 0)


def _names(book: Book, mover: Mover) -> None:
    """Defined names, print areas and repeated heads among them."""
    for name in book.package.tree(BOOK).iter(f"{N}definedName"):
        at = name.get("localSheetId") or "0"
        sheet = book.sheets[int(at)] if at.isdecimal() and int(at) < len(book.sheets) else book.sheets[0]
        if name.text:
            name.text = mover.formula(name.text, sheet.name)


def _forget_values(package: Package) -> None:
    """Ask the table program to reckon anew when it opens the file; the order of reckoning was of the template."""
    root = package.tree(BOOK)
    setting = root.find(f"{N}calcPr")
    if setting is None:
        setting = etree.Element(f"{N}calcPr")
        before = [root.find(f"{N}{name}") for name in ("definedNames", "externalReferences", "sheets")]
        next(each for each in before if each is not None).addnext(setting)
    setting.set("fullCalcOnLoad", "1")
    for link, kind, part in list(package.links(BOOK)):
        if kind == "calcChain":
            link.getparent().remove(link)
            package.drop(part)
            types = package.tree("[Content_Types].xml")
            for each in list(types):
                if each.get("PartName") == f"/{part}":
                    types.remove(each)
