"""A funnel plot: each unit's share over its number of cases, between the limits that chance draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any

WIDE, HIGH = 1000, 420
EDGE = 14  # left free, so that no unit is cut
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
    """A unit as it is drawn."""

    x: str
    y: str
    diamond: str
    dot: Dot


@dataclass(frozen=True)
class Funnel:
    """Units of one kind around the share that all of them reach. `usual` and `strict` are limits by number of cases."""

    title: Any
    centre: float
    dots: Sequence[Dot]
    usual: Sequence[Limit]
    strict: Sequence[Limit]
    summary: Any = ""

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest share of the drawing, a little wider than what is in it."""
        within = [
            *(dot.rate for dot in self.dots),
            self.centre,
            *(edge for each in self.usual for edge in _ends(each)),
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
        for dot in self.dots:
            x, y = self._x(dot.n), self._y(dot.rate)
            corners = f"{x:.1f},{y - 9:.1f} {x + 9:.1f},{y:.1f} {x:.1f},{y + 9:.1f} {x - 9:.1f},{y:.1f}"
            found.append(Placed(f"{x:.1f}", f"{y:.1f}", corners, dot))
        return found

    @property
    def centre_y(self) -> str:
        """The height of what all reach together."""
        return f"{self._y(self.centre):.1f}"

    @property
    def lines(self) -> list[dict[str, str]]:
        """The four drawn limits: corners of a line, and which funnel it belongs to."""
        return [
            {
                "name": name,
                "points": " ".join(f"{self._x(each.n):.1f},{self._y(edge(each)):.1f}" for each in limits),
            }
            for name, limits in (("usual", self.usual), ("strict", self.strict))
            for edge in (lambda each: each.low, lambda each: each.high)
        ]

    def _x(self, n: int) -> float:
        """Numbers of cases stand by their logarithm: small units are many, and large ones far away."""
        least, most = self.ends
        return 20 + (WIDE - 40) * (log(max(n, 1)) - log(least)) / ((log(most) - log(least)) or 1)

    def _y(self, rate: float) -> float:
        low, high = self.bounds
        return EDGE + (HIGH - 2 * EDGE) * (1 - min(1.0, max(0.0, (rate - low) / ((high - low) or 1))))


def sizes(least: int, most: int) -> list[int]:
    """The numbers of cases at which limits are drawn, evenly by their logarithm."""
    low, high = log(max(1, least)), log(max(2, most, least + 1))
    return sorted({round(exp(low + (high - low) * at / STEPS)) for at in range(STEPS + 1)})


def _ends(limit: Limit) -> tuple[float, float]:
    return limit.low, limit.high
