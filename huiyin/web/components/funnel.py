"""A funnel plot: each unit's share over its number of cases, between the limits that chance draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any

WIDE, HIGH = 1000, 520
EDGE = 22  # left free, so that no unit is cut
DOT, LETTER, LINE = 16, 23, 38  # half of a drawn unit; a letter and a line as large as a phone shows them
NEAR = 40  # units that stand closer share one label
NAMED = 3  # numbers in a label, at most; the table has them all
Box = tuple[float, float, float, float]  # left, top, right, bottom
STEPS = 48  # corners of each drawn limit


@dataclass(frozen=True)
class Dot:
    """A unit: its name, number of cases, share from 0 to 1, and where it lies, as a word and as one of three shapes."""

    label: Any
    n: int
    rate: float
    words: Any = ""
    tone: str = "within"  # within, out, few
    url: str = ""


@dataclass(frozen=True)
class Limit:
    """One drawn limit at one number of cases."""

    n: int
    low: float
    high: float


@dataclass(frozen=True)
class Placed:
    """A unit as it is drawn; its number, which is no rank, stands in the table too."""

    number: int
    x: str
    y: str
    diamond: str
    dot: Dot


@dataclass(frozen=True)
class Label:
    """The numbers of units that stand together, where they are written and how that place is meant."""

    x: str
    y: str
    anchor: str  # start, middle, end
    text: str


@dataclass(frozen=True)
class Funnel:
    """Units of one kind around the share that all of them reach. `usual` and `strict` are limits by number of cases.

    `measured` says which rate it is that they stand at.
    """

    title: Any
    centre: float
    dots: Sequence[Dot]
    usual: Sequence[Limit]
    strict: Sequence[Limit]
    summary: Any = ""
    measured: Any = ""

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest share of the drawing, a little wider than what is in it.

        The limits of units that are not compared are so wide that all others would be pressed together.
        """
        least = min((dot.n for dot in self.dots if dot.tone != "few"), default=0)
        within = [
            *(dot.rate for dot in self.dots),
            self.centre,
            *(edge for each in self.usual if each.n >= least for edge in _ends(each)),
        ]
        low, high = min(within), max(within)
        pad = max(0.01, 0.08 * (high - low))
        return max(0.0, low - pad), min(1.0, high + pad)

    @property
    def ends(self) -> tuple[int, int]:
        """The fewest and the most cases of the drawing."""
        counts = [*(dot.n for dot in self.dots if dot.n), *(each.n for each in self.usual)]
        return max(1, min(counts, default=1)), max(counts, default=2)

    @property
    def placed(self) -> list[Placed]:
        """Where each unit stands."""
        found = []
        for number, dot in enumerate(self.dots, 1):
            x, y = self._spot(dot)
            corners = f"{x:.1f},{y - 11:.1f} {x + 11:.1f},{y:.1f} {x:.1f},{y + 11:.1f} {x - 11:.1f},{y:.1f}"
            found.append(Placed(number, f"{x:.1f}", f"{y:.1f}", corners, dot))
        return found

    @property
    def labels(self) -> list[Label]:
        """The number beside each unit; units that stand too close to each other have one label together."""
        together: list[list[tuple[float, float, int]]] = []
        for number, dot in enumerate(self.dots, 1):
            x, y = self._spot(dot)
            near = (some for some in together if abs(some[0][0] - x) < NEAR and abs(some[0][1] - y) < NEAR)
            group = next(near, None)
            together.append([(x, y, number)]) if group is None else group.append((x, y, number))
        taken = [_around([self._spot(dot)]) for dot in self.dots]
        found = []
        for some in together:
            places = _places(_around([(x, y) for x, y, _number in some]), _text([each[2] for each in some]))
            label, box = next((each for each in places if _is_free(each[1], taken)), places[0])
            taken.append(box)
            found.append(label)
        return found

    @property
    def centre_y(self) -> str:
        """The height of what all reach together."""
        return f"{self._y(self.centre):.1f}"

    @property
    def lines(self) -> list[dict[str, str]]:
        """The four drawn limits: corners of a line, and which funnel it belongs to; it may leave the drawing."""
        return [
            {
                "name": name,
                "points": " ".join(f"{self._x(each.n):.1f},{self._y(edge(each)):.1f}" for each in limits),
            }
            for name, limits in (("usual", self.usual), ("strict", self.strict))
            for edge in (lambda each: each.low, lambda each: each.high)
        ]

    def _spot(self, dot: Dot) -> tuple[float, float]:
        return self._x(dot.n), self._y(dot.rate)

    def _x(self, n: int) -> float:
        """Numbers of cases stand by their logarithm: small units are many, and large ones far away."""
        least, most = self.ends
        return 20 + (WIDE - 40) * (log(max(n, 1)) - log(least)) / ((log(most) - log(least)) or 1)

    def _y(self, rate: float) -> float:
        low, high = self.bounds
        return EDGE + (HIGH - 2 * EDGE) * (1 - (rate - low) / ((high - low) or 1))


def sizes(least: int, most: int) -> list[int]:
    """The numbers of cases at which limits are drawn, evenly by their logarithm."""
    low, high = log(max(1, least)), log(max(2, most, least + 1))
    return sorted({round(exp(low + (high - low) * at / STEPS)) for at in range(STEPS + 1)})


def _text(numbers: Sequence[int]) -> str:
    return "·".join(str(number) for number in numbers[:NAMED]) + ("…" if len(numbers) > NAMED else "")


def _around(spots: Sequence[tuple[float, float]]) -> Box:
    """The box around units that stand together."""
    x, y = [spot[0] for spot in spots], [spot[1] for spot in spots]
    return min(x) - DOT, min(y) - DOT, max(x) + DOT, max(y) + DOT


def _places(box: Box, text: str) -> list[tuple[Label, Box]]:
    """Where a label may stand: right of its units, left, above or below; each with the box that it fills."""
    left, top, right, bottom = box
    x, y, wide = (left + right) / 2, (top + bottom) / 2, LETTER * len(text)
    return [
        (
            Label(f"{at:.1f}", f"{line:.1f}", anchor, text),
            (begin, line - LINE / 2, begin + wide, line + LINE / 2),
        )
        for at, line, anchor, begin in (
            (right, y, "start", right),
            (left, y, "end", left - wide),
            (x, top - LINE / 2, "middle", x - wide / 2),
            (x, bottom + LINE / 2, "middle", x - wide / 2),
        )
    ]


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    """Whether nothing else is drawn there, and it is not cut."""
    left, top, right, bottom = box
    if left < 0 or right > WIDE or top < 0 or bottom > HIGH:
        return False
    return not any(
        left < other[2] and other[0] < right and top < other[3] and other[1] < bottom for other in taken
    )


def _ends(limit: Limit) -> tuple[float, float]:
    return limit.low, limit.high
