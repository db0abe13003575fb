"""A pen that gathers: the same acts, thousands of new cases, a few writes.

Only for histories that begin inside the batch (an import): the cases are nobody else's yet, so there is
nothing to lock. All rows of a batch, their events and the events' places in the order reach the database
in one transaction, or not at all.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

from huiyin.cases.models import Answer, Case, Notice, Order, Party, Point, Round
from huiyin.cases.pens import subject_of
from huiyin.deadlines.models import Clock
from huiyin.kernel import bulk
from huiyin.kernel.identifiers import case_number
from huiyin.ledger import sequencer, writing
from huiyin.ledger.canonical import GENESIS
from huiyin.ledger.models import Event
from huiyin.people.models import Person

# What an imported history is made of, in an order in which every key points at a row already written.
WRITTEN = (Person, Clock, Case, Party, Point, Round, Order, Answer, Notice)
KEYS_AT_ONCE = 2_000


class BatchPen:
    """Gathers rows in memory; `flush` writes them. Reads only what it has gathered."""

    def __init__(self) -> None:
        self._keys: dict[type[models.Model], Iterator[int]] = {}
        self._numbers: dict[int, list[str]] = {}
        self._forget()

    def _forget(self) -> None:
        self._rows: dict[type[models.Model], list[models.Model]] = {model: [] for model in WRITTEN}
        self._parts: dict[int, dict[type[models.Model], list[Any]]] = {}
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._events: list[Event] = []

    # -- what a case file asks for ---------------------------------------------------------------------------
    @contextmanager
    def atomic(self) -> Iterator[None]:
        """An act that raises leaves the case half done in memory; the importer then discards that case whole."""
        yield

    def free_number(self, year: int) -> str:
        """A number that is neither in the database nor in this batch; drawn by the thousand."""
        pool = self._numbers.setdefault(year, [])
        if not pool:
            drawn = {case_number(year) for _each in range(KEYS_AT_ONCE)}
            taken = set(Case.objects.filter(number__in=drawn).values_list("number", flat=True))
            in_batch = {case.number for case in self._rows[Case]}
            pool.extend(drawn - taken - in_batch)
        return pool.pop()

    def take(self, case: Case) -> Case:
        """The case in memory is the case."""
        return case

    def add(self, row: models.Model) -> None:
        """Give the row its key now and write it later."""
        model = type(row)
        row.pk = self._key(model)
        self._rows[model].append(row)
        if model is Case:
            self._parts[row.pk] = defaultdict(list)
        elif model not in (Person, Clock):
            self._parts[row.case_id][model].append(row)

    def change(self, row: models.Model, fields: list[str]) -> None:
        """Nothing to do: rows are written as they are in the end."""

    def parts(self, case: Case, model: type[models.Model]) -> list[Any]:
        """The rows gathered for the case; a copy, since the file appends what it adds itself."""
        return list(self._parts[case.pk][model])

    def children(self, case: Case) -> list[Case]:
        """An imported case has no merged matters yet."""
        return []

    @contextmanager
    def lock(self, *cases: Case) -> Iterator[None]:
        """Nobody else knows these cases."""
        yield

    def finish(self, case: Case, fields: set[str], event: dict[str, Any]) -> None:
        """Build the event that follows the case's last one."""
        subject = subject_of(case)
        seq, prev = self._heads.get(subject, (0, GENESIS))
        built = writing.build(subject, prev=prev, seq=seq + 1, **event)
        self._heads[subject] = (seq + 1, built.hash)
        self._events.append(built)
        case.version = seq + 1

    # -- what an importer asks for ---------------------------------------------------------------------------
    @contextmanager
    def whole(self) -> Iterator[None]:
        """Keep all that is gathered inside the block, or, if it raises, none of it."""
        marks = {model: len(rows) for model, rows in self._rows.items()}
        events = len(self._events)
        try:
            yield
        except Exception:
            for model, rows in self._rows.items():
                del rows[marks[model] :]
            del self._events[events:]
            raise

    def __len__(self) -> int:
        return len(self._rows[Case])

    def flush(self) -> None:
        """Write everything gathered, with its events already in order, in one transaction."""
        with transaction.atomic():
            for model in WRITTEN:
                bulk.insert(model, self._rows[model])
            for event, key in zip(self._events, bulk.reserve(Event, len(self._events)), strict=True):
                event.pk = key
            sequencer.append_sequenced(self._events)
            bulk.insert(Event, self._events)
        self._forget()

    def _key(self, model: type[models.Model]) -> int:
        keys = self._keys.get(model)
        key = next(keys, None) if keys else None
        if key is None:
            self._keys[model] = iter(bulk.reserve(model, KEYS_AT_ONCE))
            key = next(self._keys[model])
        return key
