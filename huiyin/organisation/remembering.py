"""Keeps answers about reference rows (regions, units, duty lists) for a few seconds in this process."""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = 5.0  # the longest that another process may go on believing a row that an operator changed
MOST = 20_000  # answers kept of one question, then all are dropped: bounds the memory of a long import

_kept: list[dict[Hashable, Any]] = []
_relied_until = 0.0  # the database is away: until then nobody waits for it in vain


def remembered(question: Callable[P, T]) -> Callable[P, T]:
    """Answer the same question about reference rows from memory for SECONDS; arguments must be hashable.

    A refusal is never kept, so that what the operator mends works at once. While the database is away what is
    known stays true: nobody can have changed it.
    """
    answers: dict[Hashable, tuple[float, T]] = {}
    _kept.append(answers)

    @wraps(question)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (args, tuple(kwargs.items()))
        known = answers.get(key)
        if known is not None and (time.monotonic() - known[0] < SECONDS or time.monotonic() < _relied_until):
            return known[1]
        try:
            found = question(*args, **kwargs)
        except (OperationalError, InterfaceError):
            rely()
            if known is None:
                raise
            return known[1]
        if len(answers) >= MOST:
            answers.clear()
        answers[key] = (time.monotonic(), found)
        return found

    return answer


def rely() -> None:
    """The database has just been found away: for SECONDS whatever was ever known is answered without asking."""
    global _relied_until  # noqa: PLW0603 — one database, one moment
    _relied_until = time.monotonic() + SECONDS


def clear(**_signal: object) -> None:
    """Forget everything: after reference rows changed, and after a transaction that read them was undone."""
    global _relied_until  # noqa: PLW0603
    _relied_until = 0.0
    for answers in _kept:
        answers.clear()
