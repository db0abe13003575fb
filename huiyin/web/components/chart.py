"""Charts drawn on the server: columns over time and bars by size, each with its table for whoever reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

WIDE = 1000  # the drawing's own units; it stretches to its place
GAP = 0.25  # of a column's share, left free beside it


@dataclass(frozen=True)
class Point:
    """One column or bar: what it stands for, how much, the number in words, and the way to what it was counted from."""

    label: Any
    value: float
    text: str = ""
    url: str = ""
    late: float = 0.0  # the part of the value that is late, drawn in another colour and said in the table

    @property
    def words(self) -> str:
        """The number as it is read."""
        return self.text or f"{self.value:,.0f}"


@dataclass(frozen=True)
class Column:
    """A column as it is drawn, in the drawing's units; y runs down."""

    x: str
    y: str
    width: str
    height: str
    late_y: str
    late_height: str
    point: Point


@dataclass(frozen=True)
class Trend:
    """Columns from left to right in time. `late_label` names the part drawn in another colour, when there is one."""

    title: Any
    points: Sequence[Point]
    head: Any = ""  # of the table's first column: day, month
    measure: Any = ""  # of its second: cases
    late_label: Any = ""

    @property
    def most(self) -> Point | None:
        """The highest column, the first of several; None without any."""
        return max(self.points, key=lambda point: point.value, default=None)

    @property
    def summary(self) -> str:
        """What a screen reader says instead of the picture."""
        most = self.most
        if most is None:
            return str(self.title)
        return _("%(title)s：%(first)s 到 %(last)s，最多 %(most)s（%(when)s），最近 %(now)s。") % {
            "title": self.title, "first": self.points[0].label, "last": self.points[-1].label,
            "most": most.words, "when": most.label, "now": self.points[-1].words,
        }  # fmt: skip

    @property
    def columns(self) -> list[Column]:
        """Where each column stands."""
        highest = self.most.value if self.most and self.most.value > 0 else 1.0
        share = WIDE / max(len(self.points), 1)
        return [
            Column(
                x=f"{at * share + share * GAP / 2:.2f}",
                y=f"{100 - 100 * point.value / highest:.2f}",
                width=f"{share * (1 - GAP):.2f}",
                height=f"{100 * point.value / highest:.2f}",
                late_y=f"{100 - 100 * point.late / highest:.2f}",
                late_height=f"{100 * point.late / highest:.2f}",
                point=point,
            )
            for at, point in enumerate(self.points)
        ]


@dataclass(frozen=True)
class Bars:
    """The largest first, each with its bar; the table is the picture."""

    title: Any
    points: Sequence[Point]
    head: Any = ""
    measure: Any = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each row with the length of its bar, in hundredths of the longest."""
        longest = max((point.value for point in self.points), default=0) or 1.0
        return [{"point": point, "length": f"{100 * point.value / longest:.2f}"} for point in self.points]
