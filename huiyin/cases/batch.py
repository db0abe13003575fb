"""A pen that gathers: the same acts, thousands of new cases, a few writes.

Only for histories that begin inside the batch (an import): the cases are nobody else's yet, so there is
nothing to lock. All rows of a batch, their events and the events' places in the order reach the database
in one transaction, or not at all.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

from django.db import models, transaction

from huiyin.cases.models import Answer, Case, Exclusion, Notice, Order, Party, Point, Round
from huiyin.cases.pens import subject_of
from huiyin.deadlines.models import Clock
from huiyin.kernel import bulk, rows
from huiyin.kernel.identifiers import case_number
from huiyin.ledger import sequencer, writing
from huiyin.ledger.canonical import GENESIS
from huiyin.ledger.models import Event
from huiyin.people.models import Person

# What an imported history is made of, in an order in which every key points at a row already written.
WRITTEN = (Person, Clock, Case, Party, Point, Round, Order, Answer, Notice, Exclusion)
FIRST_KEYS, MOST_KEYS = 250, 32_000  # reserved at once, ever more: each time costs a commit
NUMBERS_AT_ONCE = 500


class BatchPen:
    """Gathers rows in memory; `flush` writes them. Reads only what it has gathered."""

    def __init__(self) -> None:
        self._keys: dict[type[models.Model], Iterator[int]] = {}
        self._reserved: dict[type[models.Model], int] = {}
        self._numbers: dict[int, list[str]] = {}
        self._draws: dict[int, int] = {}
        self.forget()

    def forget(self) -> None:
        """Drop everything gathered."""
        self._rows: dict[type[models.Model], list[models.Model]] = {model: [] for model in WRITTEN}
        self._parts: dict[int, dict[type[models.Model], list[Any]]] = {}
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._events: list[Event] = []

    # -- what a case file asks for ---------------------------------------------------------------------------
    def atomic(self) -> Any:
        """An act that raises leaves the case half done in memory; the importer then discards that case whole."""
        return nullcontext()

    def free_number(self, year: int) -> str:
        """A number that is neither in the database nor in this batch; many are drawn at once, ever more of a year."""
        pool = self._numbers.setdefault(year, [])
        while not pool:
            self._draws[year] = min(4 * self._draws.get(year, 4), NUMBERS_AT_ONCE)
            drawn = {case_number(year) for _each in range(self._draws[year])}
            taken = set(Case.objects.filter(number__in=drawn).values_list("number", flat=True))
            in_batch = {cast(Case, case).number for case in self._rows[Case]}
            pool.extend(drawn - taken - in_batch)
        return pool.pop()

    def take(self, case: Case) -> Case:
        """The case in memory is the case."""
        return case

    def add(self, row: models.Model) -> None:
        """Give the row its key now and write it later."""
        model = type(row)
        row.__dict__["id"] = key = self._key(model)
        self._rows[model].append(row)
        if model is Case:
            self._parts[key] = defaultdict(list)
        elif model not in (Person, Clock):
            self._parts[row.case_id][model].append(row)  # type: ignore[attr-defined]

    def bear(self, case: Case, new: Sequence[models.Model], event: dict[str, Any]) -> None:
        """Give every row of a new case its key, and build its first event."""
        for row in new:
            rows.link(row)
            self.add(row)
        self.finish(case, set(), event)

    def change(self, row: models.Model, fields: list[str]) -> None:
        """Nothing to do: rows are written as they are in the end."""

    def parts(self, case: Case, model: type[models.Model]) -> list[Any]:
        """The rows gathered for the case; a copy, since the file appends what it adds itself."""
        return list(self._parts[case.pk][model])

    def children(self, case: Case) -> list[Case]:
        """An imported case has no merged matters yet."""
        return []

    def happened(self, case: Case) -> set[str]:
        """An imported history has no side roads."""
        return set()

    def lock(self, *cases: Case) -> Any:
        """Nobody else knows these cases."""
        return nullcontext()

    def finish(self, case: Case, fields: set[str], event: dict[str, Any]) -> None:
        """Build the event that follows the case's last one."""
        subject = subject_of(case)
        seq, prev = self._heads.get(subject, (0, GENESIS))
        built = writing.build(subject, prev=prev, seq=seq + 1, **event)
        self._heads[subject] = (seq + 1, bytes(built.hash))
        self._events.append(built)
        case.version = seq + 1

    # -- what an importer asks for ---------------------------------------------------------------------------
    @contextmanager
    def whole(self) -> Iterator[None]:
        """Keep all that is gathered inside the block, or, if it raises, none of it."""
        marks = {model: len(gathered) for model, gathered in self._rows.items()}
        events = len(self._events)
        try:
            yield
        except Exception:
            for model, gathered in self._rows.items():
                del gathered[marks[model] :]
            del self._events[events:]
            raise

    def __len__(self) -> int:
        return len(self._rows[Case])

    def flush(self) -> None:
        """Write everything gathered, with its events already in order, in one transaction."""
        write(self.prepared())
        self.forget()

    def prepared(self) -> "Prepared":
        """Everything gathered, in a form that another process can write."""
        return Prepared(
            rows=[(model, bulk.lines(model, self._rows[model])) for model in WRITTEN],
            events=bulk.lines(Event, self._events),
        )

    def _key(self, model: type[models.Model]) -> int:
        keys = self._keys.get(model)
        key = next(keys, None) if keys else None
        if key is None:
            self._reserved[model] = min(2 * self._reserved.get(model, FIRST_KEYS), MOST_KEYS)
            self._keys[model] = iter(bulk.reserve(model, self._reserved[model]))
            key = next(self._keys[model])
        return key


@dataclass(frozen=True)
class Prepared:
    """The rows and events of a batch as `kernel.bulk` lays them out: sealed, with keys, events without a place."""

    rows: list[tuple[type[models.Model], list[list[Any]]]]
    events: list[list[Any]]


def write(batch: Prepared) -> None:
    """Write a batch with its events in order: all of it or, when anything clashes (IntegrityError), nothing."""
    if not batch.events:
        return
    key, digest, position, running = (
        bulk.column(Event, name) for name in ("id", "hash", "position", "running")
    )
    with transaction.atomic():
        for model, lines in batch.rows:
            bulk.write(model, lines)
        keys = bulk.reserve(Event, len(batch.events))
        places = sequencer.take_places([line[digest] for line in batch.events])
        for line, own, place in zip(batch.events, keys, places, strict=True):
            line[key] = own
            line[position], line[running] = place
        bulk.write(Event, batch.events)


class LookingPen(BatchPen):
    """Lets every act judge a history and writes nothing: for saying beforehand what would be refused."""

    def __init__(self) -> None:
        super().__init__()
        self._next_key = count(1)

    def flush(self) -> None:
        """Drop what was gathered."""
        self.forget()

    def _key(self, model: type[models.Model]) -> int:
        return next(self._next_key)
