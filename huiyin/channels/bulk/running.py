"""Runs a whole file: skips what is here already, replays the rest, puts aside what cannot be taken."""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases import pens
from huiyin.cases.batch import BatchPen
from huiyin.cases.models import Case
from huiyin.channels.bulk.mapping import Mapping
from huiyin.channels.bulk.progress import Bar
from huiyin.channels.bulk.reading import RawRow
from huiyin.channels.bulk.rejects import Rejects
from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import MessageRow, Problem
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused

AT_ONCE = 500
Checked = tuple[RawRow, MessageRow | list[Problem]]


@dataclass
class Tally:
    """What became of the rows."""

    rows: int = 0
    taken: int = 0
    known: int = 0
    rejected: int = 0


class OneByOne:
    """Each row is one transaction: killed anywhere, a row is wholly in or wholly out."""

    def take(self, replay: Replay, row: MessageRow) -> None:
        """Replay a row and commit it."""
        with transaction.atomic(), pens.writing_with(pens.HoldingPen()):
            replay(row)

    def flush(self) -> None:
        """Everything is committed already."""


class Together:
    """Rows are replayed by the same acts in memory and written some hundred at a time, all or none."""

    def __init__(self) -> None:
        self.pen = BatchPen()

    def take(self, replay: Replay, row: MessageRow) -> None:
        """Replay a row into the batch; one that is refused leaves nothing in it."""
        with pens.writing_with(self.pen), self.pen.whole():
            replay(row)

    def flush(self) -> None:
        """Write the batch."""
        self.pen.flush()


@dataclass(frozen=True)
class Run:
    """One import: how rows are replayed, where rejected ones go, and what shows the progress."""

    replay: Replay
    mapping: Mapping
    rejects: Rejects
    bar: Bar
    writer: OneByOne | Together

    def over(self, rows: Iterable[Checked]) -> Tally:
        """Take every row; a bad one never stops the run."""
        tally = Tally()
        for chunk in _chunks(rows):
            known = self._known(chunk)
            for raw, found in chunk:
                tally.rows += 1
                problems = found if isinstance(found, list) else self._take(found, known, tally)
                if problems:
                    self.rejects.add(raw, problems)
                    tally.rejected += 1
            self.writer.flush()
            self.bar.advance(len(chunk))
        return tally

    def _take(self, row: MessageRow, known: dict[str, Case], tally: Tally) -> list[Problem]:
        before = known.get(row.number)
        if before is not None:
            if not _same_words(before, row):
                return [Problem(self.mapping.column("number"), _another_matter(row), "number")]
            tally.known += 1
            return []
        try:
            self.writer.take(self.replay, row)
        except Refused as refusal:
            name = getattr(refusal, "field", "")
            return [Problem(self.mapping.column(name) if name else _("整行"), str(refusal), name)]
        tally.taken += 1
        return []

    def _known(self, chunk: Sequence[Checked]) -> dict[str, Case]:
        numbers = [found.number for _raw, found in chunk if isinstance(found, MessageRow)]
        cases = Case.objects.filter(source=self.replay.source, source_number__in=numbers)
        return {case.source_number: case for case in cases.only("source_number", "original_text", "number")}


def _same_words(case: Case, row: MessageRow) -> bool:
    """Whether the case kept under this number holds the same words; nobody gets to read them."""
    kept = case.original_text.open(Permit(holder="import", purpose=Purpose.MATCH))
    return hmac.compare_digest("".join(kept.split()).encode(), "".join(row.text.split()).encode())


def _another_matter(row: MessageRow) -> str:
    return _(
        "编号 %(number)s 已导入过，但内容不同。如果来自另一个系统，请加 --source 名称 再导入；"
        "如果是更正，请在诉求页面上更正。"
    ) % {"number": row.number}


def _chunks(rows: Iterable[Checked]) -> Iterator[list[Checked]]:
    rows = iter(rows)
    while chunk := list(islice(rows, AT_ONCE)):
        yield chunk
