"""Runs a whole file: skips what is here already, has the rest replayed, puts aside what cannot be taken."""

import hmac
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from types import FrameType

from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.channels.bulk.mapping import Mapping
from huiyin.channels.bulk.progress import Bar
from huiyin.channels.bulk.reading import RawRow
from huiyin.channels.bulk.rejects import Rejects
from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import MessageRow, Problem, Seen
from huiyin.channels.bulk.writers import Outcome, Writer
from huiyin.kernel.permits import Permit, Purpose

MOST_NAMES = 5  # of unknown regions, told at the end
Checked = tuple[RawRow, MessageRow | list[Problem]]


@dataclass
class Tally:
    """What became of the rows; `elsewhere` of those taken named a region that is not known here."""

    rows: int = 0
    taken: int = 0
    known: int = 0
    rejected: int = 0
    elsewhere: int = 0


@dataclass(frozen=True)
class Run:
    """One import: how rows are replayed, by whom, where rejected ones go, and what shows the progress.

    `tally` is true at every moment, also after the run was interrupted.
    """

    replay: Replay
    mapping: Mapping
    rejects: Rejects
    bar: Bar
    writer: Writer
    tally: Tally = field(default_factory=Tally)
    regions: dict[str, None] = field(default_factory=dict)

    def over(self, rows: Iterable[Checked]) -> Tally:
        """Take every row; a bad one never stops the run. After Ctrl-C what has been begun is finished."""
        begun: deque[_Chunk] = deque()
        with _ctrl_c_stops(self.writer):
            for chunk in _chunks(rows, self.writer.at_once):
                begun.append(self._begin(chunk))
                while len(begun) > self.writer.ahead:
                    self._settle(begun.popleft())
                if self.writer.stopped:
                    break
            while begun:
                self._settle(begun.popleft())
        if self.writer.stopped:
            raise KeyboardInterrupt
        return self.tally

    def _begin(self, chunk: list[Checked]) -> "_Chunk":
        """Judge what can be judged by looking, and hand the rest to the writer."""
        known = self._known(chunk)
        judged = [(raw, found, self._judged(found, known)) for raw, found in chunk]
        wanted = [row for _raw, row, problems in judged if problems is None and isinstance(row, MessageRow)]
        return _Chunk(judged, self.writer.take(self.replay, wanted))

    def _judged(self, found: MessageRow | list[Problem], known: dict[str, Case]) -> list[Problem] | None:
        """Problems; none at all for a row that is here already; None for one that is to be taken."""
        if isinstance(found, list):
            return found
        before = known.get(found.number)
        if before is None:
            return None
        return [] if _same_words(before, found) else [self._problem(_another_matter(found), "number")]

    def _settle(self, chunk: "_Chunk") -> None:
        """Count every row of a chunk, in the order of the file, once its outcome is there."""
        for raw, found, problems in chunk.judged:
            taken = False
            if problems is None and isinstance(found, MessageRow):
                outcome = next(chunk.outcomes, None)
                if outcome is None:  # not begun any more
                    return
                taken = outcome.taken
                problems = [self._problem(outcome.reason, outcome.field)] if outcome.reason else []
                if taken and self.replay.elsewhere(found):
                    self._note_region(found.region)
            self._count(raw, problems or [], taken=taken)
        self.bar.advance(len(chunk.judged))

    def _count(self, raw: RawRow, problems: list[Problem], *, taken: bool) -> None:
        self.tally.rows += 1
        if problems:
            self.rejects.add(raw, problems)
            self.tally.rejected += 1
        elif taken:
            self.tally.taken += 1
        else:
            self.tally.known += 1

    def _note_region(self, name: str) -> None:
        self.tally.elsewhere += 1
        if len(self.regions) < MOST_NAMES:
            self.regions[name] = None

    def _problem(self, reason: str, name: str) -> Problem:
        return Problem(self.mapping.column(name) if name else _("整行"), reason, name)

    @cached_property
    def _before(self) -> Seen:
        """The numbers of this source that were here when the run began."""
        seen = Seen()
        cases = Case.objects.filter(source=self.replay.source).values_list("source_number", flat=True)
        for number in cases.iterator(chunk_size=10_000):
            seen.add(number, 1)
        return seen

    def _known(self, chunk: Sequence[Checked]) -> dict[str, Case]:
        """The cases that some of the rows became before; asking about each row would cost more than writing it."""
        met = self._before
        numbers = [row.number for _raw, row in chunk if isinstance(row, MessageRow) and row.number in met]
        if not numbers:
            return {}
        cases = Case.objects.filter(source=self.replay.source, source_number__in=numbers)
        return {case.source_number: case for case in cases.only("source_number", "original_text", "number")}


@dataclass(frozen=True)
class _Chunk:
    """Rows with what is known of them, and the outcomes to come of those that are not judged yet."""

    judged: list[tuple[RawRow, MessageRow | list[Problem], list[Problem] | None]]
    outcomes: Iterator[Outcome]


@contextmanager
def _ctrl_c_stops(writer: Writer) -> Iterator[None]:
    """Let the first Ctrl-C stop the writer between two rows; the second interrupts as ever."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        writer.stop()

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _same_words(case: Case, row: MessageRow) -> bool:
    """Whether the case kept under this number holds the same words; nobody gets to read them."""
    kept = case.original_text.open(Permit(holder="import", purpose=Purpose.MATCH))
    return hmac.compare_digest("".join(kept.split()).encode(), "".join(row.text.split()).encode())


def _another_matter(row: MessageRow) -> str:
    return _(
        "编号 %(number)s 已导入过，但内容不同。如果来自另一个系统，请加 --source 名称 再导入；"
        "如果是更正，请在诉求页面上更正。"
    ) % {"number": row.number}


def _chunks(rows: Iterable[Checked], size: int) -> Iterator[list[Checked]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk
