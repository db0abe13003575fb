"""Where in a template something is to be filled in, which rows are repeated, and what of it cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from huiyin.workbooks import syntax
from huiyin.workbooks.references import Block
from huiyin.workbooks.sheets import Book, N, Sheet
from huiyin.workbooks.syntax import Asked, Each, Piece, Unreadable


@dataclass(frozen=True)
class Problem:
    """Something that must be mended before a template can be used; `cell` is empty for what concerns a sheet."""

    sheet: str
    cell: str
    why: str

    def __str__(self) -> str:
        where = _("表“%(sheet)s”%(cell)s") % {
            "sheet": self.sheet,
            "cell": f" {self.cell}" if self.cell else "",
        }
        return _("%(where)s：%(why)s") % {"where": where, "why": self.why}


@dataclass(frozen=True)
class Repeated:
    """Rows that are written once for each of something."""

    block: Block
    each: Each
    cell: str


@dataclass
class SheetPlan:
    """The cells of a sheet that are filled in, by their addresses, and its blocks from the top down."""

    sheet: Sheet
    holders: dict[str, list[Piece]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    repeated: list[Repeated] = field(default_factory=list)

    def repeating(self, row: int) -> Repeated | None:
        """The block in which a row stands."""
        return next((each for each in self.repeated if each.block.holds(row)), None)

    def asked(self) -> Sequence[tuple[str, Asked, Each | None]]:
        """(address, what is asked for, the block in which it stands)."""
        return [
            (cell, piece, found.each if (found := self.repeating(self.rows[cell])) else None)
            for cell, pieces in self.holders.items()
            for piece in pieces
            if isinstance(piece, Asked)
        ]


@dataclass(frozen=True)
class Plan:
    """Everything that is filled in, and what stands in the way."""

    book: Book
    sheets: Sequence[SheetPlan]
    margins: Mapping[str, Sequence[Asked]]  # of headers and footers, by sheet
    problems: Sequence[Problem]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filled in anywhere."""
        return not any(plan.holders for plan in self.sheets) and not any(self.margins.values())


def plan_of(book: Book) -> Plan:
    """Read every text of every sheet."""
    problems: list[Problem] = []
    plans = [_sheet(book, sheet, problems) for sheet in book.sheets]
    margins = {sheet.name: _margin(sheet, problems) for sheet in book.sheets}
    return Plan(book, plans, margins, problems)


def _sheet(book: Book, sheet: Sheet, problems: list[Problem]) -> SheetPlan:
    plan = SheetPlan(sheet)
    for row, cell in book.cells(sheet):
        text = book.text(cell)
        if text is None or not syntax.has_holder(text):
            continue
        address = cell.get("r")
        try:
            found = syntax.pieces(text)
        except Unreadable as unreadable:
            problems.append(Problem(sheet.name, address, unreadable_words(unreadable)))
            continue
        plan.holders[address], plan.rows[address] = found, row
        for piece in found:
            if isinstance(piece, Each):
                _repeat(plan, row, address, piece, problems)
    plan.repeated.sort(key=lambda each: each.block.first)
    return plan


def _repeat(plan: SheetPlan, row: int, address: str, each: Each, problems: list[Problem]) -> None:
    block = Block(row, row + each.rows - 1)
    if any(block.first <= other.block.last and other.block.first <= block.last for other in plan.repeated):
        why = _("这一行已经按“每…”重复了。一行里只写一个，两组重复的行不能交叉。")
        problems.append(Problem(plan.sheet.name, address, why))
        return
    plan.repeated.append(Repeated(block, each, address))


def margin_texts(sheet: Sheet) -> list[tuple[Any, str]]:
    """The headers and footers of a sheet: the element and its text."""
    found = sheet.root.find(f"{N}headerFooter")
    return [] if found is None else [(each, each.text) for each in found if each.text]


def _margin(sheet: Sheet, problems: list[Problem]) -> list[Asked]:
    asked: list[Asked] = []
    for _element, text in margin_texts(sheet):
        try:
            found = syntax.pieces(text) if syntax.has_holder(text) else []
        except Unreadable as unreadable:
            problems.append(Problem(sheet.name, _("页眉页脚"), unreadable_words(unreadable)))
            continue
        if any(isinstance(piece, Each) for piece in found):
            problems.append(Problem(sheet.name, _("页眉页脚"), _("“每…”只能写在格子里。")))
        asked += [piece for piece in found if isinstance(piece, Asked)]
    return asked


def unreadable_words(unreadable: Unreadable) -> str:
    """What cannot be read between the brackets, and what to write instead."""
    shown = {"text": unreadable.text[:60]}
    return {
        "brackets": _("“%(text)s”的括号不成对。请写成 {{收到}}，两边各两个花括号。"),
        "empty": _("“{{%(text)s}}”里没有名称。请写上要填的内容，例如 {{收到}}。"),
        "cut": _("“{{%(text)s}}”看不懂。条件请写成“名称=内容”，用空格隔开，例如 {{收到 单位=城管局}}。"),
        "rows": _("“{{%(text)s}}”的行数请写 1 到 20，例如 {{每个单位 行=2}}。"),
    }[unreadable.why] % shown
