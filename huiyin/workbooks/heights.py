"""How high a row must be for what was filled in: programs that open a file do not all measure wrapped text again.

Excel and LibreOffice take the height that stands in the file, or one line where none stands, and texts of several
lines would lie over the next row. What is reckoned here is near enough; a row whose height somebody has fixed stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from huiyin.workbooks.references import number, split
from huiyin.workbooks.sheets import STYLES, N, Styles

NARROW = 8.43  # of a column that says nothing, in digits of the usual font
USUAL, LEADING = 11.0, 1.3  # points of the font in whose digits widths are told; lines to points
EDGES = 0.8  # digits that a cell keeps free at its sides
STEP = 1.3  # digits of one step inward
HIGHEST = 409.0  # points, as a table program takes them


@dataclass
class Heights:
    """The rows of one sheet; what it needs of columns and looks is read once."""

    root: Any
    styles: Styles
    _widths: list[tuple[int, int, float]] = field(default_factory=list)
    _looks: dict[str, tuple[float, bool, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.root.iter(f"{N}col"):
            if column.get("width"):
                ends = int(column.get("min") or 0), int(column.get("max") or 0)
                self._widths.append((*ends, float(column.get("width"))))
        merges = self.root.iter(f"{N}mergeCell")
        self.merged = frozenset((each.get("ref") or "").partition(":")[0] for each in merges)
        about = self.root.find(f"{N}sheetFormatPr")
        self.usual = 15.0 if about is None else float(about.get("defaultRowHeight") or 15)
        self.narrow = NARROW if about is None else float(about.get("defaultColWidth") or NARROW)

    def fit(self, row: Any, texts: Mapping[str, str]) -> None:
        """Make a row as high as its texts (by their addresses) need, unless somebody has fixed its height.

        What stands there was measured by whoever saved the file, with the names in braces in it.
        """
        if row.get("customHeight") in ("1", "true"):
            return
        needed = max((self._needed(cell, texts.get(cell.get("r"), "")) for cell in row), default=0.0)
        if row.get("ht") or needed > self.usual:
            row.set("ht", f"{min(max(needed, self.usual), HIGHEST):g}")

    def _needed(self, cell: Any, text: str) -> float:
        size, wraps, inward = self._look(cell.get("s") or "0")
        if not text or not wraps:
            return size * LEADING if len(cell) else 0.0
        wide = (self._width(cell.get("r")) - EDGES - inward) * USUAL / size
        return _lines(text, wide) * size * LEADING

    def _width(self, address: str) -> float:
        column = number(split(address)[0])
        return next((wide for first, last, wide in self._widths if first <= column <= last), self.narrow)

    def _look(self, look: str) -> tuple[float, bool, float]:
        """Of a look, the size of its letters, whether it wraps, and how far it stands in."""
        if look not in self._looks:
            self._looks[look] = self._read(int(look))
        return self._looks[look]

    def _read(self, look: int) -> tuple[float, bool, float]:
        looks = self.styles.looks
        if looks is None or look >= len(looks):
            return USUAL, False, 0.0
        fonts = self.styles.package.tree(STYLES).find(f"{N}fonts")
        at = int(looks[look].get("fontId") or 0)
        told = fonts[at].find(f"{N}sz") if fonts is not None and at < len(fonts) else None
        size = float(told.get("val") or 0) if told is not None else 0.0
        how = looks[look].find(f"{N}alignment")
        wraps = how is not None and how.get("wrapText") in ("1", "true")
        return size or USUAL, wraps, STEP * int(how.get("indent") or 0) if how is not None else 0.0


def _lines(text: str, wide: float) -> int:
    """How many lines a text takes in so many digits' width; a Chinese letter is as wide as two."""
    if len(text) * 2 <= wide and "\n" not in text:
        return 1
    return sum(max(1, ceil(_wide(line) / max(wide, 2.0))) for line in text.split("\n"))


def _wide(line: str) -> int:
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in line)
