"""Replays chunks of a file in several processes side by side; they end when the one that started them ends."""

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from django.db import IntegrityError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from huiyin.cases import batch
from huiyin.cases.batch import Prepared
from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import MessageRow
from huiyin.channels.bulk.writers import OneByOne, Outcome, Together
from huiyin.kernel import bulk
from huiyin.kernel.refusals import Refused

PR_SET_PDEATHSIG = 1  # linux/prctl.h: the signal to get when the parent dies
ROWS_BETWEEN_COLLECTIONS = 100_000  # a chunk makes tens of thousands, which are dropped together
Result = tuple[list[Outcome], Prepared | None]


class SideBySide:
    """Hands chunks to as many processes as it is told; each replays its chunk in memory.

    On PostgreSQL a process also writes what it has gathered; only putting events in order is done in turns. On
    SQLite, where two writers would only spoil each other's memory of pages, this process writes for all. The
    processes inherit the locks on files that this one holds, so that no other import begins before the last of
    them has ended.
    """

    at_once = 250
    stopped = False

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self.ahead = processes + 2  # so that nobody waits for the reader, nor for the writer
        self._open = ExitStack()

    def __enter__(self) -> Self:
        forget_connections()
        self._open.enter_context(rare_collections())  # the processes inherit it
        self._pool = ProcessPoolExecutor(
            self.processes,
            mp_context=get_context("fork"),
            initializer=_begin,
            initargs=(os.getpid(), connection.vendor == "postgresql"),
        )
        self._pool.submit(os.getpid).result()  # starts them all, now that no thread or connection is open
        self._open.enter_context(bulk.much_to_write())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._open.close()

    def take(self, replay: Replay, rows: Sequence[MessageRow]) -> Iterator[Outcome]:
        """Give the rows to a process now; their outcomes come when they are written."""
        try:
            return _outcomes(self._pool.submit(_take, replay, list(rows)), replay, rows)
        except BrokenProcessPool:
            raise _died() from None

    def stop(self) -> None:
        """Begin nothing more; the few chunks handed out are finished."""
        self.stopped = True


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for cyclic garbage far less often: over and over again, every row of a chunk was found alive."""
    before = gc.get_threshold()
    gc.freeze()  # what was loaded before stays, and is not looked through any more
    gc.set_threshold(ROWS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def forget_connections() -> None:
    """Close every connection: a process that is split must not share them."""
    connections.close_all()


def disown_connections() -> None:
    """In a new process: leave alone every connection that came along, and open one's own when one is needed.

    `forget_connections` closes what the parent can see; where an event loop runs in its thread, Django keeps the
    connections opened before the loop out of sight. They are put aside unclosed: to close one says good-bye to
    the server in the parent's name.
    """
    for each in connections.all(initialized_only=True):
        _inherited.append(each)
        del connections[each.alias]


def _outcomes(future: Future[Result], replay: Replay, rows: Sequence[MessageRow]) -> Iterator[Outcome]:
    """Wait for a chunk, write it if that is left to us, and give its outcomes."""
    try:
        outcomes, prepared = future.result()
    except BrokenProcessPool:
        raise _died() from None
    if prepared is not None:
        try:
            batch.write(prepared)
        except IntegrityError:  # a row of somebody else's stands where one of these was to go: find out which
            outcomes = list(OneByOne().take(replay, rows))
    yield from outcomes


def _died() -> Refused:
    return Refused(
        _("一个导入进程被系统中止了，可能是内存不足。已经写入的都在。"),
        code="process_died",
        instead=_("再运行一次同样的命令，会从中断处接着导入；内存不足时加 --processes 1。"),
    )


class _Apart(Together):
    """Gathers like `Together`, and writes unless that is left to the process that asked."""

    def __init__(self, *, writes: bool) -> None:
        super().__init__()
        self.writes = writes
        self.handed_over: Prepared | None = None

    def flush(self) -> None:
        if self.writes:
            super().flush()
        else:
            self.handed_over = self.pen.prepared()
            self.pen.forget()


_worker: _Apart
_inherited: list[BaseDatabaseWrapper] = []


def _begin(parent: int, writes: bool) -> None:
    """In a new process: die with the parent, leave Ctrl-C to it, and gather in a batch of one's own."""
    global _worker  # noqa: PLW0603 — a process has one
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    disown_connections()
    _worker = _Apart(writes=writes)


def _take(replay: Replay, rows: list[MessageRow]) -> Result:
    return _worker.taken(replay, rows), _worker.handed_over


def die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, however that ends; only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)
