"""Fills a template: values into their cells, rows once for each line, and all that refers to rows moved with them.

The parts of the file are changed where they stand, so what this knows nothing of (pictures, charts, themes) is kept.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _
from lxml import etree

from huiyin.kernel.refusals import Refused
from huiyin.workbooks import moving, syntax
from huiyin.workbooks.heights import Heights
from huiyin.workbooks.packing import opened
from huiyin.workbooks.planning import Plan, SheetPlan, margin_texts, plan_of
from huiyin.workbooks.reckoning import Fault, Formula, Grid, Place, Scalar, Unknown
from huiyin.workbooks.references import Block, Inside, Mover, RowMap, split
from huiyin.workbooks.sheets import (
    DAY,
    MOMENT,
    PERCENT,
    Book,
    N,
    Styles,
    numeral,
    put_number,
    put_text,
    serial,
)
from huiyin.workbooks.syntax import Asked, Each, Piece

NOTHING = "—"
MOST_MADE = 500_000  # cells in repeated rows: all of them are held in memory
FORMS = {"rate": PERCENT, "date": DAY, "moment": MOMENT}  # of values, as number formats


@dataclass(frozen=True)
class Said:
    """A value and how it is written: count, rate (0 to 1), days, date, moment (of the wall clock) or text."""

    value: Any
    form: str = "text"

    @property
    def number(self) -> float | None:
        """As a cell holds it; None for a text."""
        if isinstance(self.value, (date, datetime)):
            return serial(self.value)
        return float(self.value) if isinstance(self.value, (int, float)) else None

    @property
    def words(self) -> str:
        """As it reads within a text."""
        if self.value is None:
            return NOTHING
        if self.form == "rate" and self.number is not None:
            return f"{self.number:.1%}"
        if self.form == "days" and self.number is not None:
            return f"{self.number:.1f}"
        if self.form == "count" and self.number is not None:
            return f"{self.number:,.0f}"
        if isinstance(self.value, datetime):
            return f"{self.value:%Y-%m-%d %H:%M}"
        return str(self.value)


class Source(Protocol):
    """Where values come from: the figures and lists that one reader may see."""

    def prepare(self, asked: Sequence[tuple[Asked, Each | None]]) -> None:
        """Be told everything that will be asked for."""

    def lines(self, each: Each) -> Sequence[Any]:
        """What a block is written for, in order."""

    def said(self, asked: Asked, each: Each | None, line: Any) -> Said:
        """A value; of a line, within a block."""


class NotReady(Refused):
    """A template that has to be mended first."""


Alive = Callable[[int], None]


def filled(content: bytes, source: Source, *, alive: Alive = lambda rows: None) -> bytes:
    """The workbook that a template becomes; `alive` is told now and then how many rows are written.

    Raises Refused for a file that is no harmless workbook, or that has problems.
    """
    package = opened(content)
    plan = plan_of(Book.of(package))
    if plan.problems:
        raise NotReady(str(plan.problems[0]), code="workbook_problem")
    every = [(asked, each) for sheet in plan.sheets for _cell, asked, each in sheet.asked()]
    source.prepare([*every, *((asked, None) for some in plan.margins.values() for asked in some)])
    return _Filling(plan, source, alive).done()


@dataclass
class _Filling:
    """One template while it is filled."""

    plan: Plan
    source: Source
    alive: Alive
    cells: dict[Place, Scalar | Formula] = field(default_factory=dict)
    reckoned: list[tuple[Any, Place]] = field(default_factory=list)
    rows: int = 0
    made: int = 0

    def done(self) -> bytes:
        package = self.plan.book.package
        self.styles = Styles(package)
        lines: dict[str, list[Sequence[Any]]] = {}
        maps: dict[str, RowMap] = {}
        for plan in self.plan.sheets:
            found = [self.source.lines(each.each) for each in plan.repeated]
            lines[plan.sheet.part] = found
            blocks = [
                Block(each.block.first, each.block.last, max(1, len(some)))
                for each, some in zip(plan.repeated, found, strict=True)
            ]
            self.made += _cells_in(plan, blocks)
            if self.made > MOST_MADE:
                raise Refused(
                    _("填出来的格子超过 %(most)s 个。请在模板里加条件，或者拆成几个模板。")
                    % {"most": f"{MOST_MADE:,}"},
                    code="workbook_cells",
                )
            maps[plan.sheet.name.casefold()] = RowMap(blocks)
        self.mover = Mover(maps)
        for plan in self.plan.sheets:
            self._sheet(plan, maps[plan.sheet.name.casefold()], lines[plan.sheet.part])
            self._margins(plan)
        moving.move_the_rest(self.plan.book, self.mover)
        self._reckon()
        self.alive(self.rows)
        return package.packed()

    # -- rows ----------------------------------------------------------------------------------------------
    def _sheet(self, plan: SheetPlan, rows: RowMap, lines: Sequence[Sequence[Any]]) -> None:
        holder = plan.sheet.rows
        if holder is None:
            return
        self.heights = Heights(plan.sheet.root, self.styles)
        by_block: dict[int, list[Any]] = {at: [] for at in range(len(rows.blocks))}
        kept: list[Any] = []
        for row in list(holder):
            holder.remove(row)
            number = int(row.get("r"))
            at = next((at for at, block in enumerate(rows.blocks) if block.holds(number)), None)
            if at is None:
                kept.append((rows.first(number), row, None))
            else:
                by_block[at].append(row)
        for new, row, _none in self._in_order(kept, rows):
            if isinstance(new, int):
                self._row(plan, row, new, None, None, None)
                holder.append(row)
            else:
                at = rows.blocks.index(new)
                self._block(plan, holder, new, by_block[at], plan.repeated[at].each, lines[at])

    def _in_order(self, kept: list[Any], rows: RowMap) -> list[Any]:
        """Single rows and blocks, from the top down; a block stands for all of its rows."""
        starts = [(rows.first(block.first), block, None) for block in rows.blocks]
        whole = [(place, (place, row, None)) for place, row, _none in kept]
        whole += [(place, (block, None, None)) for place, block, _none in starts]
        return [each for _place, each in sorted(whole, key=lambda each: each[0])]

    def _block(
        self,
        plan: SheetPlan,
        holder: Any,
        block: Block,
        rows: Sequence[Any],
        each: Each,
        lines: Sequence[Any],
    ) -> None:
        where = self.mover.maps[plan.sheet.name.casefold()]
        for number in range(block.copies):
            line = lines[number] if number < len(lines) else None
            inside = Inside(block, number)
            for row in rows:
                made = copy.deepcopy(row)
                self._row(plan, made, where.at(int(row.get("r")), number), inside, each, line)
                holder.append(made)
            if number % 200 == 199:
                self.alive(self.rows)

    def _row(
        self, plan: SheetPlan, row: Any, new: int, inside: Inside | None, each: Each | None, line: Any
    ) -> None:
        row.set("r", str(new))
        self.rows += inside is not None
        texts: dict[str, str] = {}
        is_filled = False
        for cell in row:
            address = cell.get("r")
            column, _old = split(address)
            cell.set("r", f"{column}{new}")
            place = (plan.sheet.name.casefold(), column, new)
            pieces = plan.holders.get(address)
            if pieces is not None:
                texts[f"{column}{new}"] = self._fill(cell, place, pieces, each, line)
            else:
                self._keep(plan, cell, place, inside)
                held = self.cells[place]
                texts[f"{column}{new}"] = held if isinstance(held, str) else ""
            if address in self.heights.merged:
                texts.pop(f"{column}{new}", None)
            is_filled = is_filled or pieces is not None
        if is_filled:
            self.heights.fit(row, texts)

    def _fill(self, cell: Any, place: Place, pieces: list[Piece], each: Each | None, line: Any) -> str:
        """Put the values of a cell in: a number where the cell asks for one value alone, else a text, given back."""
        told = [piece for piece in pieces if not isinstance(piece, Each)]
        if each is not None and line is None:
            told = []  # a block without any line keeps one empty row
        said = [piece if isinstance(piece, str) else self.source.said(piece, each, line) for piece in told]
        if len(said) == 1 and isinstance(said[0], Said) and said[0].number is not None:
            value = said[0].number
            put_number(cell, value)
            self.cells[place] = value
            form = FORMS.get(said[0].form)
            if form is not None:
                cell.set("s", str(self.styles.fitting(int(cell.get("s") or 0), form)))
            return ""
        text = "".join(part if isinstance(part, str) else part.words for part in said)
        put_text(cell, text, self.styles)
        self.cells[place] = text or None
        return text

    def _keep(self, plan: SheetPlan, cell: Any, place: Place, inside: Inside | None) -> None:
        """A cell as the template has it, its formula moved."""
        formula = cell.find(f"{N}f")
        if formula is None:
            self.cells[place] = _held(self.plan.book, cell)
            return
        if formula.text:
            formula.text = self.mover.formula(formula.text, plan.sheet.name, inside)
        if formula.get("ref"):
            formula.set("ref", self.mover.area(formula.get("ref"), plan.sheet.name))
        for value in cell.findall(f"{N}v"):
            cell.remove(value)
        cell.attrib.pop("t", None)
        plain = formula.text and not formula.get("t")
        self.cells[place] = Formula(formula.text if plain else "?")
        self.reckoned.append((cell, place))

    # -- the rest ------------------------------------------------------------------------------------------
    def _margins(self, plan: SheetPlan) -> None:
        for element, text in margin_texts(plan.sheet):
            if syntax.has_holder(text):
                parts = [
                    piece
                    if isinstance(piece, str)
                    else self.source.said(piece, None, None).words.replace("&", "&&")
                    for piece in syntax.pieces(text)
                    if not isinstance(piece, Each)
                ]
                element.text = "".join(parts)

    def _reckon(self) -> None:
        grid = Grid(self.cells, frozenset(self.mover.maps))
        for cell, place in self.reckoned:
            try:
                _show(cell, grid.value(place))
            except (Unknown, RecursionError, OverflowError, ArithmeticError, ValueError):
                continue


def _cells_in(plan: SheetPlan, blocks: Sequence[Block]) -> int:
    """How many cells the repeated rows of a sheet come to."""
    rows = plan.sheet.rows if plan.sheet.rows is not None else ()
    wide = [(int(row.get("r")), len(row)) for row in rows]
    return sum(block.copies * n for block in blocks for at, n in wide if block.holds(at))


def _held(book: Book, cell: Any) -> Scalar:
    """The value of a cell that is neither filled in nor reckoned."""
    text = book.text(cell)
    if text is not None:
        return text
    written = cell.findtext(f"{N}v")
    if written is None or cell.get("t") in ("e", "d"):
        return None
    if cell.get("t") == "b":
        return written == "1"
    try:
        return float(written)
    except ValueError:
        return written


def _show(cell: Any, value: Any) -> None:
    """Write what a formula came to beside it."""
    kind, text = "", ""
    if isinstance(value, Fault):
        kind, text = "e", value.code
    elif isinstance(value, bool):
        kind, text = "b", str(int(value))
    elif isinstance(value, str):
        kind, text = "str", value
    else:
        text = numeral(value)
    if kind:
        cell.set("t", kind)
    etree.SubElement(cell, f"{N}v").text = text
