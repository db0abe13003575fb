"""Replays chunks of a file in several processes side by side; they end when the one that started them ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

from django.db import connection, connections
from django.utils.translation import gettext as _

from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import MessageRow
from huiyin.channels.bulk.writers import Outcome, Together
from huiyin.kernel.refusals import Refused

PR_SET_PDEATHSIG = 1  # linux/prctl.h: the signal to get when the parent dies


class SideBySide:
    """Hands chunks to as many processes as it is told; each gathers its chunk in memory and writes it at once.

    On SQLite, which has one writer, the processes take turns at writing; on PostgreSQL they write at once, and
    only putting events in order is done in turns. The processes inherit the locks on files that this one holds,
    so that no other import begins before the last of them has ended.
    """

    at_once = 250
    stopped = False

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self.ahead = processes + 1  # so that nobody waits for the reader

    def __enter__(self) -> Self:
        forget_connections()
        context = get_context("fork")
        turn = context.Lock() if connection.vendor == "sqlite" else None
        self._pool = ProcessPoolExecutor(
            self.processes, mp_context=context, initializer=_begin, initargs=(os.getpid(), turn)
        )
        self._pool.submit(os.getpid).result()  # starts them all, now that no thread or connection is open
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def take(self, replay: Replay, rows: Sequence[MessageRow]) -> Iterator[Outcome]:
        """Give the rows to a process now; their outcomes come when they are written."""
        return _outcomes(self._pool.submit(_take, replay, list(rows)))

    def stop(self) -> None:
        """Begin nothing more; the few chunks handed out are finished."""
        self.stopped = True


def forget_connections() -> None:
    """Close every connection and pool: a process that is split must not share them."""
    connections.close_all()
    for each in connections.all(initialized_only=True):
        close: Callable[[], None] | None = getattr(each, "close_pool", None)
        if close is not None:
            close()


def _outcomes(future: Future[list[Outcome]]) -> Iterator[Outcome]:
    try:
        yield from future.result()
    except BrokenProcessPool:
        raise Refused(
            _("一个导入进程被系统中止了，可能是内存不足。已经写入的都在。"),
            code="process_died",
            instead=_("再运行一次同样的命令，会从中断处接着导入；内存不足时加 --processes 1。"),
        ) from None


class _InTurn(Together):
    """Gathers like `Together`; writes while it holds the turn."""

    def __init__(self, turn: AbstractContextManager[Any]) -> None:
        super().__init__()
        self.turn = turn

    def flush(self) -> None:
        with self.turn:
            super().flush()


_worker: _InTurn


def _begin(parent: int, turn: AbstractContextManager[Any] | None) -> None:
    """In a new process: die with the parent, leave Ctrl-C to it, and gather in a batch of one's own."""
    global _worker  # noqa: PLW0603 — a process has one
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = _InTurn(turn or nullcontext())


def _take(replay: Replay, rows: list[MessageRow]) -> list[Outcome]:
    return _worker.taken(replay, rows)


def die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, however that ends; only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)
