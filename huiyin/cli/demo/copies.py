"""A large demonstration: histories that walked through the acts are cast again and again, over three years.

Each chunk is one transaction, written by whichever process made it; on SQLite one process writes for all. A chunk
is known by its keys, so that a run that was cut short is gone on with.
"""

import os
import signal
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, count
from multiprocessing import get_context
from random import Random

from django.db import connection, models

from huiyin.cases import batch
from huiyin.cases.batch import Prepared
from huiyin.cases.models import Case
from huiyin.channels.bulk.processes import (
    die_with,
    disown_connections,
    forget_connections,
    rare_collections,
)
from huiyin.cli.demo.elsewhere import Elsewhere
from huiyin.cli.demo.moulds import Mould, moulds, twins
from huiyin.deadlines.queries import work_calendar
from huiyin.kernel import bulk, clock
from huiyin.kernel.identifiers import RANDOM_PARTS, case_number_of
from huiyin.ledger.models import Event

CHUNK = 500  # cases
YEARS = timedelta(days=3 * 365)
WAITING = 0.02  # the share of all cases that is still under way: what comes in within three weeks
OFTEN = 150  # days: a history that can lie on fewer is cast the less often, or all its copies would lie on a few days
QUIET = 0.4  # of a day off, against a working day: how likely a history begins on it
NUMBERS_OF_CHUNK = 1_000
Days = int | Elsewhere  # by how many days a history is moved, or where it is told of instead


@dataclass
class Plan:
    """Which moulds may be cast, and onto which days (by how many days away, with a weight for each)."""

    seed: int
    waiting: list[Mould]
    settled: list[tuple[Mould, list[int], list[float]]]
    taken: frozenset[str]

    def __post_init__(self) -> None:
        dice = Random(f"{self.seed}:numbers")  # noqa: S311 (invented cases, not secrets)
        self._often = list(accumulate(min(len(days), OFTEN) for _mould, days, _weights in self.settled))
        self.first, self.step = dice.randrange(RANDOM_PARTS), 10 * dice.randrange(RANDOM_PARTS // 10) + 7

    def pick(self, dice: Random) -> tuple[Mould, Days]:
        """A history, and by how many days to move it."""
        if self.waiting and dice.random() < WAITING:
            return dice.choice(self.waiting), 0
        [(mould, days, weights)] = dice.choices(self.settled, cum_weights=self._often)
        return mould, dice.choices(days, cum_weights=weights)[0]

    def key(self, chunk: int) -> str:
        """What the keys of a chunk's cases begin with."""
        return key_of(self.seed, chunk)

    def number(self, serial: int, year: int) -> str:
        """A case number: every serial has another one, in an order that only the seed explains."""
        return case_number_of(year, (self.first + self.step * serial) % RANDOM_PARTS)


def plan(seed: int) -> Plan:
    """What the cases that stand allow. Reads them all."""
    walked = Case.objects.filter(idempotency_key__startswith="demo:").exclude(
        idempotency_key__contains=":copy:"
    )
    found = list(moulds(list(walked.order_by("idempotency_key"))))
    earliest = clock.local_date(clock.now()) - YEARS
    works, settled = work_calendar().is_working, []
    for mould in found:
        if mould.settled:
            days = twins(mould.span, earliest=earliest, works=works) or [0]
            begins = (mould.span[0] + timedelta(days=each) for each in days)
            settled.append((mould, days, list(accumulate(1.0 if works(day) else QUIET for day in begins))))
    numbers = frozenset(Case.objects.values_list("number", flat=True))
    return Plan(seed, [each for each in found if not each.settled], settled, numbers)


def cast(made: Plan, *, chunk: int, cases: int) -> Prepared:
    """A chunk of so many cases (one more, when the last history has two), ready to be written."""
    dice = Random(f"{made.seed}:{chunk}")  # noqa: S311 (invented cases, not secrets)
    chosen, found = list[tuple[Mould, Days]](), 0
    while found < cases:
        chosen.append(made.pick(dice))
        found += len(chosen[-1][0].cases)
    wanted: dict[type[models.Model], int] = defaultdict(int)
    for mould, _days in chosen:
        for model, size in mould.size.items():
            wanted[model] += size
    keys = {model: iter(bulk.reserve(model, size)) for model, size in wanted.items()}
    serials, places = count(chunk * NUMBERS_OF_CHUNK), count()

    def number(year: int) -> str:
        return next(n for n in (made.number(serial, year) for serial in serials) if n not in made.taken)

    lines: dict[type[models.Model], list] = defaultdict(list)
    events: list[Event] = []
    for mould, days in chosen:
        rows, told = mould.cast(
            days=days, dice=dice, keys=keys, number=number,
            name=lambda: f"{made.key(chunk)}{next(places)}",
        )  # fmt: skip
        for model, each in rows.items():
            lines[model] += each
        events += told
    return Prepared(rows=list(lines.items()), events=bulk.lines(Event, events))


def key_of(seed: int, chunk: int) -> str:
    """What the keys of a chunk's cases begin with."""
    return f"demo:{seed}:copy:{chunk}:"


def fill(made: Plan, *, wanted: int, tell: Callable[[int], None], processes: int = 0) -> tuple[int, int]:
    """Cast chunks until there are so many cases of copies: how many are new, how many stood before."""
    new = known = 0
    with Casters(made, processes or os.cpu_count() or 1) as casters:
        for chunk in count():
            asked = sum(each.cases for each in casters.asked)  # under way
            if new + known + asked >= wanted:
                break
            standing = Case.objects.filter(idempotency_key__startswith=key_of(made.seed, chunk)).count()
            known += standing
            if standing:
                tell(standing)
                continue
            casters.ask(chunk, min(CHUNK, wanted - new - known - asked))
            while len(casters.asked) > casters.processes + 1:
                done = casters.settle()
                new += done
                tell(done)
        while casters.asked:
            done = casters.settle()
            new += done
            tell(done)
    return new, known


@dataclass
class Asked:
    """A chunk that a process is at."""

    cases: int
    result: Future[tuple[int, Prepared | None]]


class Casters:
    """Processes that cast chunks side by side, and on PostgreSQL write them too."""

    def __init__(self, made: Plan, processes: int) -> None:
        self.made, self.processes = made, processes
        self.asked: deque[Asked] = deque()
        self._open = ExitStack()

    def __enter__(self) -> "Casters":
        global _plan  # noqa: PLW0603 — handed to the processes as they are split off
        _plan = self.made
        forget_connections()
        self._open.enter_context(rare_collections())
        self._pool = ProcessPoolExecutor(
            self.processes, mp_context=get_context("fork"), initializer=_begin, initargs=(os.getpid(),)
        )
        self._pool.submit(os.getpid).result()  # starts them all, now that no thread or connection is open
        self._open.enter_context(bulk.much_to_write())
        return self

    def __exit__(self, *fault: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._open.close()

    def ask(self, chunk: int, cases: int) -> None:
        """Begin a chunk."""
        self.asked.append(Asked(cases, self._pool.submit(_cast, chunk, cases)))

    def settle(self) -> int:
        """Wait for the oldest chunk, and write it if that is left to us; how many cases it has."""
        cases, prepared = self.asked.popleft().result.result()
        if prepared is not None:
            batch.write(prepared)
        return cases


_plan: Plan


def _begin(parent: int) -> None:
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    disown_connections()


def _cast(chunk: int, cases: int) -> tuple[int, Prepared | None]:
    prepared = cast(_plan, chunk=chunk, cases=cases)
    made = next(len(lines) for model, lines in prepared.rows if model is Case)
    if connection.vendor != "postgresql":
        return made, prepared
    batch.write(prepared)
    return made, None
