"""Clock: how much of a deadline is used, as a thin bar with words beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from huiyin.kernel import clock as wall
from huiyin.web import words

Span = tuple[datetime, datetime | None]  # from, to; None while it lasts
YELLOW_SHARE = 0.7


@dataclass(frozen=True)
class Clock:
    """What a clock shows. Moments are aware.

    `due` is None while an open pause leaves it open; `remaining` (deadlines' Remaining) gives the amount in the
    clock's own unit, and without it plain days and hours are told; `yellow` is the stored 70 % instant.
    """

    started: datetime
    due: datetime | None
    stopped: datetime | None = None
    pauses: Sequence[Span] = ()
    remaining: words.Amount | None = None
    yellow: datetime | None = None
    basis: str = ""
    rests_until: datetime | None = None  # when an open pause ends at the latest


@dataclass(frozen=True)
class Segment:
    """A stretch of the bar, in per cent of its width, ready for SVG attributes."""

    x: str
    width: str


@dataclass(frozen=True)
class Face:
    """A clock ready to be drawn."""

    tone: str  # running | soon | late | done | paused
    left: str
    due: str
    due_exact: str
    basis: str
    spent: str  # per cent of the width, from the start
    mark: str
    end: str
    pauses: list[Segment]
    over: Segment | None


def face(clock: Clock) -> Face:
    """Work out words, tone and the geometry of the bar."""
    now = clock.stopped or wall.now()
    tone = _tone(clock, now)
    end = max(clock.due or now + (now - clock.started) / 2, now)
    scale = _Scale(clock.started, end)
    late = clock.due is not None and now > clock.due
    return Face(
        tone=tone,
        left=_words(clock, tone),
        due=words.by(clock.due) if clock.due else "",
        due_exact=words.exact(clock.due) if clock.due else "",
        basis=clock.basis,
        spent=scale.at(clock.due if late else now),
        mark=scale.at(clock.yellow or _share(clock.started, clock.due))
        if clock.due and not clock.stopped
        else "",
        end=scale.at(clock.due) if late and clock.due else "",
        pauses=[scale.segment(begun, ended or end) for begun, ended in clock.pauses],
        over=scale.segment(clock.due, now) if late and clock.due else None,
    )


class _Scale:
    def __init__(self, start: datetime, end: datetime) -> None:
        self.start = start
        self.whole = (end - start) or timedelta(seconds=1)

    def share(self, at: datetime | None) -> float:
        return 100 * min(max(((at or self.start) - self.start) / self.whole, 0.0), 1.0)

    def at(self, moment: datetime | None) -> str:
        return f"{self.share(moment):.2f}%"

    def segment(self, begun: datetime, ended: datetime | None) -> Segment:
        x = self.share(begun)
        return Segment(f"{x:.2f}%", f"{max(self.share(ended) - x, 0):.2f}%")


def _share(start: datetime, due: datetime | None) -> datetime | None:
    return None if due is None else start + (due - start) * YELLOW_SHARE


def _tone(clock: Clock, now: datetime) -> str:
    late = clock.due is not None and now > clock.due
    if clock.stopped:
        return "late" if late else "done"
    if clock.due is None or any(ended is None for _begun, ended in clock.pauses):
        return "paused"
    if late:
        return "late"
    yellow = clock.yellow or _share(clock.started, clock.due)
    return "soon" if yellow and now >= yellow else "running"


def _words(clock: Clock, tone: str) -> str:
    if tone == "paused":
        return (
            _("计时暂停，到 %(day)s") % {"day": words.by(clock.rests_until)}
            if clock.rests_until
            else _("计时已暂停")
        )
    if clock.stopped:
        if tone == "done":
            return _("按时完成")
        return _("超期完成") if clock.remaining is None else _late_by(clock.remaining)
    if clock.remaining is not None:
        return words.left(clock.remaining)
    return words.until(clock.due) if clock.due else ""


def _late_by(remaining: words.Amount) -> str:
    return _("晚了 %(time)s完成") % {"time": words.span(remaining.amount, remaining.unit)}
