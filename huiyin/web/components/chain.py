"""Chain: with whom a matter lay and how long, as lanes over one axis of time, and the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.kernel import clock as wall

WIDE = 1000  # the drawing's own units; it stretches to its place
THINNEST = 4  # a moment still has to be seen


@dataclass(frozen=True)
class Span:
    """A time with somebody: `end` None is still going on; tone is active, late, paused, done or quiet."""

    start: datetime
    end: datetime | None
    words: Any
    tone: str = "active"


@dataclass(frozen=True)
class Mark:
    """Something at one moment: an objection, a return, an answer."""

    at: datetime
    words: Any
    tone: str


@dataclass(frozen=True)
class Lane:
    """One holder with their times."""

    name: str
    spans: Sequence[Span]
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class Drawn:
    """A span as it is drawn, in the drawing's units."""

    x: str
    width: str
    span: Span


@dataclass(frozen=True)
class Chain:
    """Everything from `began` to `ended` (None: now); `due` draws a line through all lanes."""

    began: datetime
    lanes: Sequence[Lane]
    ended: datetime | None = None
    due: datetime | None = None
    now: datetime = field(default_factory=wall.now)

    @property
    def last(self) -> datetime:
        """Where the axis ends: at the end of the matter, else now, and never before the limit while it runs."""
        found = [
            self.ended or self.now,
            *(span.end or self.now for lane in self.lanes for span in lane.spans),
        ]
        return max([*found, *([self.due] if self.due and not self.ended else [])])

    @property
    def due_x(self) -> str:
        """Where the limit stands; "" without one or past the axis."""
        return f"{self._x(self.due):.1f}" if self.due and self.began <= self.due <= self.last else ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lanes with their spans and marks in place."""
        return [
            {
                "lane": lane,
                "spans": [self._drawn(span) for span in lane.spans],
                "marks": [{"x": f"{self._x(mark.at):.1f}", "mark": mark} for mark in lane.marks],
            }
            for lane in self.lanes
        ]

    def _drawn(self, span: Span) -> Drawn:
        start, end = self._x(span.start), self._x(span.end or self.now)
        width = max(end - start, THINNEST)
        return Drawn(x=f"{min(start, WIDE - width):.1f}", width=f"{width:.1f}", span=span)

    def _x(self, moment: datetime) -> float:
        whole = (self.last - self.began).total_seconds() or 1.0
        return min(max((moment - self.began).total_seconds() / whole, 0.0), 1.0) * WIDE
