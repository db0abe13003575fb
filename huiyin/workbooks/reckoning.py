"""Reckons the plain formulas of a filled workbook, so that a viewer that cannot calculate shows numbers too.

What a table program would calculate and this cannot (other functions, circles) is left without a value; the file
asks to be calculated anew when it is opened, so nothing here can make a number wrong for long.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from huiyin.workbooks.references import letters, number, sheet_named

Scalar = float | int | str | bool | None
Place = tuple[str, str, int]  # sheet (folded), column, row

TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"]|"")*")
    | (?P<cell>(?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?
        \$?(?P<c1>[A-Za-z]{1,3})\$?(?P<r1>[1-9]\d{0,6})(?::\$?(?P<c2>[A-Za-z]{1,3})\$?(?P<r2>[1-9]\d{0,6}))?
        (?![\w(.!:]))
    | (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)
    | (?P<name>[A-Za-z][A-Za-z0-9.]*)
    | (?P<sign><=|>=|<>|[-+*/^&=<>%(),])
    )""",
    re.VERBOSE,
)
MOST_CELLS = 1_000_000  # in all areas together
LONGEST = 32_767  # letters in a cell
MOST_LETTERS = 5_000_000  # of all texts that are put together
DEEPEST = 40  # brackets within brackets, and formulas that ask for formulas


class Unknown(Exception):
    """Something that this does not reckon."""


@dataclass(frozen=True)
class Fault:
    """What a cell shows instead of a value: #DIV/0!, #VALUE!."""

    code: str


DIVIDED, WRONG = Fault("#DIV/0!"), Fault("#VALUE!")


class Faulty(Exception):
    """A fault on its way to the cell, or to IFERROR."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True)
class Formula:
    """A cell that is reckoned."""

    text: str


@dataclass
class Grid:
    """Every cell of the workbook that has something in it; formulas are reckoned when they are asked for."""

    cells: Mapping[Place, Scalar | Formula]
    sheets: frozenset[str]
    _known: dict[Place, Any] = field(default_factory=dict)
    _areas: dict[tuple[Any, ...], "Area"] = field(default_factory=dict)
    _depth: int = 0
    _read: int = 0
    _letters: int = 0

    def joined(self, left: str, right: str) -> str:
        """Two texts as one. Raises Unknown for more than a cell, or all of them together, may hold."""
        self._letters += len(left) + len(right)
        if len(left) + len(right) > LONGEST or self._letters > MOST_LETTERS:
            raise Unknown
        return left + right

    def area(self, sheet: str, first: tuple[str, int], last: tuple[str, int]) -> "Area":
        """The values of a rectangle. Raises Unknown, also when all areas together have become too many cells."""
        key = sheet, first, last
        if key not in self._areas:
            across = range(number(first[0]), number(last[0]) + 1)
            down = range(first[1], last[1] + 1)
            self._read += len(across) * len(down)
            if self._read > MOST_CELLS:
                raise Unknown
            values = [self.value((sheet, letters(x), y)) for y in down for x in across]
            self._areas[key] = Area(values)
        return self._areas[key]

    def value(self, place: Place) -> Any:
        """The value of a cell, a Fault among them. Raises Unknown."""
        found = self.cells.get(place)
        if not isinstance(found, Formula):
            return found
        if place not in self._known:
            self._known[place] = Unknown  # a circle meets this
            self._depth += 1
            try:
                if self._depth > DEEPEST:
                    raise Unknown
                self._known[place] = _Reading(found.text, place[0], self).whole()
            except Faulty as faulty:
                self._known[place] = faulty.fault
            except Unknown:
                if self._depth > DEEPEST:
                    del self._known[place]  # asked from elsewhere, it may be within reach
                raise
            finally:
                self._depth -= 1
        if self._known[place] is Unknown:
            raise Unknown
        return self._known[place]


@dataclass
class Area:
    """The values of a rectangle of cells; what many formulas ask of the same one is worked out once."""

    values: Sequence[Any]

    @cached_property
    def numbers(self) -> Sequence[float] | Fault:
        """Its numbers alone, or the first fault in it."""
        fault = next((value for value in self.values if isinstance(value, Fault)), None)
        if fault is not None:
            return fault
        plain = (value for value in self.values if isinstance(value, (int, float)))
        return [float(value) for value in plain if not isinstance(value, bool)]

    @cached_property
    def total(self) -> float:
        """Their sum. Raises Faulty."""
        if isinstance(self.numbers, Fault):
            raise Faulty(self.numbers)
        return float(sum(self.numbers))


class _Reading:
    """One formula, read from left to right."""

    def __init__(self, text: str, sheet: str, grid: Grid) -> None:
        self.tokens = list(_tokens(text))
        self.at, self.sheet, self.grid, self.deep = 0, sheet, grid, 0

    def whole(self) -> Any:
        """The value of all of it. Raises Unknown, Faulty."""
        found = _single(self.compared())
        if self.at != len(self.tokens):
            raise Unknown
        return 0 if found is None else found

    def next(self, *signs: str) -> str:
        """The sign that comes next, if it is one of these; then it has been read."""
        if self.at < len(self.tokens) and self.tokens[self.at]["sign"] in signs and signs:
            self.at += 1
            return str(self.tokens[self.at - 1]["sign"])
        return ""

    def compared(self) -> Any:
        left = self.joined()
        while sign := self.next("=", "<>", "<=", ">=", "<", ">"):
            left = _compare(sign, _single(left), _single(self.joined()))
        return left

    def joined(self) -> Any:
        left = self.summed()
        while self.next("&"):
            left = self.grid.joined(_text(_single(left)), _text(_single(self.summed())))
        return left

    def summed(self) -> Any:
        left = self.multiplied()
        while sign := self.next("+", "-"):
            right = _number(_single(self.multiplied()))
            left = _number(_single(left)) + (right if sign == "+" else -right)
        return left

    def multiplied(self) -> Any:
        left = self.raised()
        while sign := self.next("*", "/"):
            right = _number(_single(self.raised()))
            if sign == "/" and right == 0:
                raise Faulty(DIVIDED)
            left = _number(_single(left))
            left = left * right if sign == "*" else left / right
        return left

    def raised(self) -> Any:
        left = self.signed()
        if self.next("^"):
            raise Unknown
        return left

    def signed(self) -> Any:
        sign = self.next("+", "-")
        if sign:
            found = _number(_single(self.signed()))
            return -found if sign == "-" else found
        found = self.atom()
        while self.next("%"):
            found = _number(_single(found)) / 100
        return found

    def atom(self) -> Any:
        if self.at >= len(self.tokens):
            raise Unknown
        token = self.tokens[self.at]
        self.at += 1
        if token["text"]:
            return token["text"][1:-1].replace('""', '"')
        if token["cell"]:
            return self.cells(token)
        if token["number"]:
            return float(token["number"])
        if token["name"]:
            return self.called(token["name"].upper())
        if token["sign"] == "(":
            found = self.within(self.compared)
            if not self.next(")"):
                raise Unknown
            return found
        raise Unknown

    def within(self, read: Callable[[], Any]) -> Any:
        self.deep += 1
        if self.deep > DEEPEST:
            raise Unknown
        try:
            return read()
        finally:
            self.deep -= 1

    def cells(self, token: re.Match[str]) -> Any:
        sheet = sheet_named(token["sheet"]).casefold() if token["sheet"] else self.sheet
        if sheet not in self.grid.sheets:
            raise Unknown
        column, row = token["c1"].upper(), int(token["r1"])
        if not token["c2"]:
            return self.grid.value((sheet, column, row))
        return self.grid.area(sheet, (column, row), (token["c2"].upper(), int(token["r2"])))

    def called(self, name: str) -> Any:
        if name in ("TRUE", "FALSE") and not self.next("("):
            return name == "TRUE"
        if self.tokens[self.at - 1]["sign"] != "(" and not self.next("("):
            raise Unknown
        given: list[Any] = []
        while not self.next(")"):
            given.append(self.argument())
            if not self.next(",") and not self.closes():
                raise Unknown
        if name == "IFERROR" and len(given) == 2:
            return given[1] if isinstance(_single(given[0]), Fault) else given[0]
        if name == "IF" and 2 <= len(given) <= 3:
            chosen = _single(given[0])
            if isinstance(chosen, Fault):
                return chosen
            return given[1] if chosen else given[2] if len(given) == 3 else False
        if name not in FUNCTIONS:
            raise Unknown
        return FUNCTIONS[name](given)

    def argument(self) -> Any:
        """One thing that a function is given; at fault it is the fault, and the next one is read all the same."""
        begin = self.at
        try:
            return self.within(self.compared)
        except Faulty as faulty:
            self.at = self.end_of(begin)
            return faulty.fault

    def closes(self) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at]["sign"] == ")"

    def end_of(self, begin: int) -> int:
        """Where the argument that begins here ends: at its comma, or at the bracket behind it."""
        deep = 0
        for at in range(begin, len(self.tokens)):
            sign = self.tokens[at]["sign"]
            if not deep and sign in (",", ")"):
                return at
            deep += (sign == "(") - (sign == ")")
        raise Unknown


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at, text = 0, text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Unknown
        yield match
        at = match.end()


def _single(found: Any) -> Any:
    if isinstance(found, Area):
        raise Unknown
    return found


def _number(found: Any) -> float:
    if isinstance(found, Fault):
        raise Faulty(found)
    if found is None:
        return 0.0
    if isinstance(found, str):
        raise Faulty(WRONG)
    return float(found)


def _text(found: Any) -> str:
    if isinstance(found, Fault):
        raise Faulty(found)
    if found is None:
        return ""
    if isinstance(found, bool):
        return str(found).upper()
    return str(int(found)) if isinstance(found, float) and found.is_integer() else str(found)


def _compare(sign: str, left: Any, right: Any) -> bool:
    for each in (left, right):
        if isinstance(each, Fault):
            raise Faulty(each)
    left, right = _of_kind(left, right), _of_kind(right, left)
    if isinstance(left, str) != isinstance(right, str):
        return (
            sign == "<>"
            or (sign in ("<", "<=") and isinstance(right, str))
            or (sign in (">", ">=") and isinstance(left, str))
        )
    if isinstance(left, str):
        left, right = left.casefold(), right.casefold()
    return {
        "=": left == right, "<>": left != right, "<": left < right,
        ">": left > right, "<=": left <= right, ">=": left >= right,
    }[sign]  # fmt: skip


def _of_kind(one: Any, other: Any) -> Any:
    """An empty cell is nought beside a number, and no text beside a text."""
    return one if one is not None else "" if isinstance(other, str) else 0.0


# -- functions -------------------------------------------------------------------------------------------------
def _numbers(given: Sequence[Any]) -> list[float]:
    """What a gathering function counts: of an area its numbers alone. Raises Faulty."""
    found: list[float] = []
    for each in given:
        some = each.numbers if isinstance(each, Area) else each
        if isinstance(some, Fault):
            raise Faulty(some)
        if isinstance(some, str):
            raise Unknown
        if isinstance(each, Area):
            found += some
        elif isinstance(some, (int, float)) and not isinstance(some, bool):
            found.append(float(some))
    return found


def _sum(given: Sequence[Any]) -> float:
    if len(given) == 1 and isinstance(given[0], Area):
        return given[0].total
    return float(sum(_numbers(given)))


def _average(given: Sequence[Any]) -> float:
    found = _numbers(given)
    if not found:
        raise Faulty(DIVIDED)
    return sum(found) / len(found)


def _round(given: Sequence[Any]) -> float:
    """Half away from nought, as table programs round."""
    if len(given) != 2:
        raise Unknown
    value, places = _number(_single(given[0])), int(_number(_single(given[1])))
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _filled(given: Sequence[Any]) -> float:
    every = [value for each in given for value in (each.values if isinstance(each, Area) else [each])]
    return float(sum(value is not None for value in every))


FUNCTIONS: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "SUM": _sum,
    "AVERAGE": _average,
    "MAX": lambda given: max(_numbers(given), default=0.0),
    "MIN": lambda given: min(_numbers(given), default=0.0),
    "COUNT": lambda given: float(len(_numbers(given))),
    "COUNTA": _filled,
    "ROUND": _round,
    "ABS": lambda given: abs(_number(_single(given[0]))),
}
