"""Cell references in formulas, moved as rows are repeated: a range over a repeated row grows with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    | (?P<structured>\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\])
    | (?<![\w.$'!:])
      (?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?
      (?: (?P<c1>\$?[A-Za-z]{1,3})(?P<r1>\$?[1-9]\d{0,6})
          (?: : (?P<c2>\$?[A-Za-z]{1,3})(?P<r2>\$?[1-9]\d{0,6}) )?
        | (?P<row1>\$?[1-9]\d{0,6}) : (?P<row2>\$?[1-9]\d{0,6}) )
      (?![\w(.!:])""",
    re.VERBOSE,
)
ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
SEVERAL_SHEETS = re.compile(r"(?:(?<![\w.])[\w.]+:[\w.]+|'[^':]*:[^']*')!")
# Functions in which a single cell of a repeated row stands for the whole column of it.
GATHERING = (
    "SUM",
    "AVERAGE",
    "COUNT",
    "COUNTA",
    "MAX",
    "MIN",
    "MEDIAN",
    "LARGE",
    "SMALL",
    "STDEV",
    "PRODUCT",
)
CALL = re.compile(r"([A-Za-z.]+)\($")
CLOSES = re.compile(r"\s*\)")
NEAR = 40  # letters before a reference in which its function is looked for


@dataclass(frozen=True)
class Block:
    """Rows of a sheet, first and last, that are written `copies` times (at least once)."""

    first: int
    last: int
    copies: int = 1

    @property
    def height(self) -> int:
        """How many rows it has in the template."""
        return self.last - self.first + 1

    def holds(self, row: int) -> bool:
        """Whether a row of the template belongs to it."""
        return self.first <= row <= self.last


@dataclass(frozen=True)
class Inside:
    """Where a formula of a repeated row stands: in which block, and in the how-manieth copy, from nought."""

    block: Block
    copy: int


@dataclass(frozen=True)
class RowMap:
    """Where the rows of a sheet go; blocks do not overlap and stand from the top down."""

    blocks: Sequence[Block] = ()

    def first(self, row: int) -> int:
        """The new row; of a repeated one, its first copy."""
        return row + sum(b.height * (b.copies - 1) for b in self.blocks if b.last < row)

    def last(self, row: int) -> int:
        """The new row; of a repeated one, its last copy."""
        block = self.block_of(row)
        return self.first(row) + (block.height * (block.copies - 1) if block else 0)

    def at(self, row: int, copy: int) -> int:
        """The new row in one of the copies."""
        block = self.block_of(row)
        return self.first(row) + (block.height * copy if block else 0)

    def block_of(self, row: int) -> Block | None:
        """The block in which a row of the template stands."""
        return next((block for block in self.blocks if block.holds(row)), None)


@dataclass(frozen=True)
class Mover:
    """All sheets of a workbook by their names (folded), and how formulas that stand in one of them are moved."""

    maps: Mapping[str, RowMap]

    def formula(self, formula: str, sheet: str, inside: Inside | None = None) -> str:
        """The formula as it must read after rows were repeated."""
        return TOKEN.sub(lambda match: self._moved(match, formula, sheet, inside), formula)

    def column(self, formula: str, sheet: str) -> str:
        """The same of what stands for a whole column, as in a chart: a single repeated cell is all of its copies."""
        return self.formula(f"SUM({formula})", sheet).removeprefix("SUM(").removesuffix(")")

    def area(self, area: str, sheet: str) -> str:
        """An area such as A5:C5, or several with blanks between, grown with what is repeated in it."""
        rows = self.maps[sheet.casefold()]
        return " ".join(_grown(each, rows) for each in area.split())

    def _moved(self, match: re.Match[str], formula: str, sheet: str, inside: Inside | None) -> str:
        if match["text"] or match["structured"]:
            return match[0]
        named = match["sheet"] or ""
        other = sheet_named(named) if named else sheet
        rows = self.maps.get(other.casefold())
        if rows is None:
            return match[0]
        own = inside if other.casefold() == sheet.casefold() else None
        if match["row1"]:
            return f"{named}{_row(match['row1'], rows, own, end=False)}:{_row(match['row2'], rows, own, end=True)}"
        one = f"{match['c1']}{_row(match['r1'], rows, own, end=False)}"
        if match["r2"]:
            return f"{named}{one}:{match['c2']}{_row(match['r2'], rows, own, end=True)}"
        if _grows(match, formula, rows, own):
            return f"{named}{one}:{match['c1']}{_row(match['r1'], rows, own, end=True)}"
        return named + one


def _row(written: str, rows: RowMap, inside: Inside | None, *, end: bool) -> str:
    """A row of a reference, moved; relative ones stay within their own copy, absolute ones span all copies."""
    fixed, row = "$" if written.startswith("$") else "", int(written.lstrip("$"))
    if inside is not None and not fixed and inside.block.holds(row):
        return str(rows.at(row, inside.copy))
    return fixed + str(rows.last(row) if end else rows.first(row))


def _grows(match: re.Match[str], formula: str, rows: RowMap, inside: Inside | None) -> bool:
    """Whether a single cell stands for a repeated column: alone between SUM( and ), and not of the own copy."""
    row = int(match["r1"].lstrip("$"))
    block = rows.block_of(row)
    if block is None or block.copies == 1 or (inside is not None and inside.block.holds(row)):
        return False
    return gathered_alone(match, formula)


def gathered_alone(match: re.Match[str], formula: str) -> bool:
    """Whether a single reference is all that a gathering function is given."""
    call = CALL.search(formula[max(0, match.start() - NEAR) : match.start()].rstrip())
    closes = CLOSES.match(formula, match.end())
    return call is not None and closes is not None and call[1].upper() in GATHERING


def _grown(area: str, rows: RowMap) -> str:
    first, colon, last = area.partition(":")
    begin, end = ADDRESS.fullmatch(first), ADDRESS.fullmatch(last or first)
    if begin is None or end is None:
        return area  # whole columns
    top, bottom = rows.first(int(begin[2])), rows.last(int(end[2]))
    grown = f"{begin[1]}{top}:{end[1]}{bottom}"
    return grown if colon or top != bottom else f"{begin[1]}{top}"


def sheet_named(written: str) -> str:
    """The name of a sheet as it stands before the ! of a reference."""
    name = written.removesuffix("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def split(address: str) -> tuple[str, int]:
    """The column and the row of a cell's address."""
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    return match[1], int(match[2])


def translated(formula: str, *, rows: int, columns: int) -> str:
    """A shared formula as it reads in another cell of its area, so many rows below and columns to the right."""

    def moved(match: re.Match[str]) -> str:
        if match["text"] or match["structured"] or match["row1"]:
            return match[0]
        ends = [_shifted(match["c1"], match["r1"], rows, columns)]
        if match["r2"]:
            ends.append(_shifted(match["c2"], match["r2"], rows, columns))
        return (match["sheet"] or "") + ":".join(ends)

    return TOKEN.sub(moved, formula)


def _shifted(column: str, row: str, rows: int, columns: int) -> str:
    across = column if column.startswith("$") else letters(number(column) + columns)
    down = row if row.startswith("$") else str(int(row) + rows)
    return across + down


def number(column: str) -> int:
    """The number of a column, A being 1."""
    found = 0
    for letter in column.upper():
        found = found * 26 + ord(letter) - 64
    return found


def letters(column: int) -> str:
    """The letters of a column's number."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found
