"""Who replays the rows of a file: one after another, many at once, several processes, or nobody for a rehearsal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from django.db import IntegrityError, transaction

from huiyin.cases import pens
from huiyin.cases.batch import BatchPen, LookingPen
from huiyin.cases.models import Case
from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import MessageRow
from huiyin.kernel.refusals import Refused


@dataclass(frozen=True)
class Outcome:
    """What became of a row: taken, known already, or refused for a reason, with the field where it lies."""

    taken: bool = False
    reason: str = ""
    field: str = ""


TAKEN = Outcome(taken=True)
KNOWN = Outcome()


class Writer(Protocol):
    """Takes rows by the chunk. `ahead` chunks may be given to it before the outcomes of the first are asked for."""

    at_once: int
    ahead: int
    stopped: bool

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def take(self, replay: Replay, rows: Sequence[MessageRow]) -> Iterator[Outcome]:
        """The outcome of each row, in their order; each is yielded once the row is safely written."""

    def stop(self) -> None:
        """Begin nothing more, and finish what has been begun; called from within anything by Ctrl-C."""


class Alone:
    """A writer that works in this process, and begins a chunk when its outcomes are asked for."""

    at_once = 400
    ahead = 0
    stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left open."""

    def stop(self) -> None:
        """Begin nothing more."""
        self.stopped = True


class OneByOne(Alone):
    """Each row is one transaction: killed anywhere, a row is wholly in or wholly out."""

    at_once = 20

    def take(self, replay: Replay, rows: Sequence[MessageRow]) -> Iterator[Outcome]:
        """Replay each row and commit it."""
        for row in rows:
            if self.stopped:
                return
            yield self._take(replay, row)

    def _take(self, replay: Replay, row: MessageRow) -> Outcome:
        try:
            with transaction.atomic(), pens.writing_with(pens.HoldingPen()):
                replay(row)
        except Refused as refusal:
            return refused(refusal)
        except IntegrityError:
            # Another run, or one just killed whose last commit was still under way, was first.
            if not Case.objects.filter(source=replay.source, source_number=row.number).exists():
                raise
            return KNOWN
        return TAKEN


class Together(Alone):
    """Rows are replayed by the same acts in memory and written some hundred at a time, all or none."""

    def __init__(self) -> None:
        self.pen = BatchPen()

    def take(self, replay: Replay, rows: Sequence[MessageRow]) -> Iterator[Outcome]:
        """Replay all rows into the batch, and write it; a row that is refused leaves nothing in it."""
        return iter(self.taken(replay, rows))

    def taken(self, replay: Replay, rows: Sequence[MessageRow]) -> list[Outcome]:
        """The outcomes of all the rows, after the batch was written."""
        try:
            with pens.writing_with(self.pen):
                outcomes = [self._take(replay, row) for row in rows]
            self.flush()
        except IntegrityError:  # a row of somebody else's stands where one of these was to go: find out which
            self.pen.forget()
            return list(OneByOne().take(replay, rows))
        except BaseException:
            self.pen.forget()
            raise
        return outcomes

    def flush(self) -> None:
        """Write the batch."""
        self.pen.flush()

    def _take(self, replay: Replay, row: MessageRow) -> Outcome:
        try:
            with self.pen.whole():
                replay(row)
        except Refused as refusal:
            return refused(refusal)
        return TAKEN


class Rehearsal(Together):
    """Replays every row in memory and writes none: what would be refused shows beforehand."""

    def __init__(self) -> None:
        self.pen = LookingPen()


def refused(refusal: Refused) -> Outcome:
    """A refusal as an outcome, in the words for its reader."""
    return Outcome(reason=str(refusal), field=getattr(refusal, "field", ""))
