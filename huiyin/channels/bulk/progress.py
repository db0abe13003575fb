"""Shows how far a long run has come: a bar on a terminal, plain lines elsewhere, nothing when told so."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import IO, Protocol, Self

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

TERMINAL_PAUSE = 0.1  # seconds between two drawings
LINE_PAUSE = 2.0  # seconds between two lines


class Face(Protocol):
    """One way of showing progress."""

    pause: float

    def show(self, done: int, elapsed: float) -> None:
        """Show how many are done after so many seconds."""

    def end(self, done: int, elapsed: float) -> None:
        """Show the last state and leave the screen in order."""


class Bar:
    """Counts what is done out of `total` and shows it; a context. Cheap enough to be told of every row."""

    def __init__(self, total: int, face: Face, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self.total, self.done = total, 0
        self._face, self._ticks = face, ticks
        self._begun = self._shown = ticks()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._face.end(self.done, self._ticks() - self._begun)

    def advance(self, count: int = 1) -> None:
        """So many more are done."""
        self.done += count
        now = self._ticks()
        if now - self._shown >= self._face.pause:
            self._shown = now
            self._face.show(self.done, now - self._begun)


class Silent:
    """Shows nothing: for `--json`."""

    pause = float("inf")

    def show(self, done: int, elapsed: float) -> None:
        """Nothing."""

    def end(self, done: int, elapsed: float) -> None:
        """Nothing."""


class Lines:
    """Plain lines, for logs and pipes."""

    pause = LINE_PAUSE

    def __init__(self, total: int, label: str, stream: IO[str]) -> None:
        self.total, self.label, self.stream = total, label, stream

    def show(self, done: int, elapsed: float) -> None:
        """One line: count, rate and time left."""
        rate = done / elapsed if elapsed > 0 else 0.0
        left = _duration((self.total - done) / rate) if rate else "?"
        self._say(
            _("%(label)s：%(done)d / %(total)d，每秒 %(rate)d 条，还要 %(left)s")
            % {"label": self.label, "done": done, "total": self.total, "rate": rate, "left": left}
        )

    def end(self, done: int, elapsed: float) -> None:
        """One last line."""
        self._say(
            _("%(label)s：%(done)d / %(total)d，用时 %(took)s")
            % {"label": self.label, "done": done, "total": self.total, "took": _duration(elapsed)}
        )

    def _say(self, sentence: str) -> None:
        print(sentence, file=self.stream, flush=True)


class Terminal:
    """A bar that redraws itself."""

    pause = TERMINAL_PAUSE

    def __init__(self, total: int, label: str, stream: IO[str]) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=Console(file=stream),
        )
        self._task = self._progress.add_task(label, total=total)
        self._progress.start()

    def show(self, done: int, elapsed: float) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=done)

    def end(self, done: int, elapsed: float) -> None:
        """Leave the bar as it stands, and the cursor below it."""
        self._progress.update(self._task, completed=done)
        self._progress.stop()


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed or 0.0
        return Text(_("%(rate)d 条/秒") % {"rate": speed})


def bar(total: int, *, label: str, stream: IO[str] | None = None) -> Bar:
    """A bar fit for where the output goes: drawn on a terminal, in lines elsewhere (standard error)."""
    stream = stream or sys.stderr
    face: Face = Terminal(total, label, stream) if stream.isatty() else Lines(total, label, stream)
    return Bar(total, face)


def silent(total: int) -> Bar:
    """A bar that shows nothing, for output that programs read."""
    return Bar(total, Silent())


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
