"""What was counted over many cases, kept for all who see the same ones (decision 0022).

For the office it is a minute old at most, and counted by whoever asks. What everybody may read is counted by the
worker, so that no visitor waits for it, however many cases there are.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Generic, TypeVar

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.cases import access
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

T = TypeVar("T")
FRESH = timedelta(seconds=60)
SHOWN = 600  # seconds for which figures are still shown, with their time, while somebody else counts anew
FOR_ALL = timedelta(minutes=5)  # after which the worker counts anew what everybody reads
STALE = timedelta(hours=1)  # after which no worker is believed in, and one who asks counts
SHARE = 50  # the worker rests so many times as long as it counted, so that a million cases cost 2 % of a processor
COUNTING = 60  # seconds after which somebody who began to count is believed to have failed


@dataclass(frozen=True)
class Kept(Generic[T]):
    """What was counted, when, and how many seconds that took."""

    value: T
    at: datetime
    took: float = field(default=0.0, compare=False)


class NotCounted(Refused):
    """What is asked for is not counted yet, and is not while somebody waits for a page."""


def first_count() -> NotCounted:
    """The refusal for whoever comes while somebody else counts for the first time."""
    return NotCounted(
        _("数字正在第一次计算，还看不到。"),
        code="first_count",
        instead=_("请过几分钟再打开这一页。"),
    )


def kept(name: str, by: Actor, count: Callable[[], T]) -> Kept[T]:
    """What `count` gives, at most a minute old, or older while one other request is counting anew.

    It is shared by readers of the same language for whom `access.sight` is the same, and by nobody else. What is
    counted must be picklable and hold no person's data.
    """
    shared = sha256(repr((get_language(), access.sight(by))).encode()).hexdigest()
    key = f"kept:{name}:{shared}"
    known: Kept[T] | None = cache.get(key)
    if known is not None and _younger(known, FRESH):
        return known
    return _counted(key, known, count, SHOWN)


def kept_for_all(name: str, count: Callable[[], T]) -> Kept[T]:
    """What `count` gave the worker last; counted now where there is nothing yet, or nothing new for an hour.

    Only one who asks counts: others read what is known, or, where that is nothing, NotCounted is raised. Everybody
    reads the same, in any language: what is counted must be picklable and hold neither words nor persons.
    """
    key = _for_all(name)
    known: Kept[T] | None = cache.get(key)
    if known is not None and _younger(known, max(STALE, _rest(known))):
        return known
    if not _alone(key):
        if known is None:
            raise first_count()
        return known
    return _anew(key, count, None)


def count_again(name: str, count: Callable[[], T]) -> None:
    """Count what everybody reads, unless it is young yet, or took so long that the machine deserves a rest."""
    key = _for_all(name)
    known: Kept[T] | None = cache.get(key)
    if known is None or not _younger(known, max(FOR_ALL, _rest(known))):
        _counted(key, known, count, None)


def _counted(key: str, known: Kept[T] | None, count: Callable[[], T], shown: int | None) -> Kept[T]:
    """Count and keep it for so many seconds; while somebody else is counting, what is known."""
    if not _alone(key) and known is not None:
        return known
    return _anew(key, count, shown)


def _alone(key: str) -> bool:
    """Whether nobody else is counting this; from now on somebody is."""
    return bool(cache.add(f"{key}:counting", True, COUNTING))


def _anew(key: str, count: Callable[[], T], shown: int | None) -> Kept[T]:
    began = monotonic()
    try:
        found = Kept(count(), clock.now(), monotonic() - began)
        cache.set(key, found, shown)
    finally:
        cache.delete(f"{key}:counting")
    return found


def _for_all(name: str) -> str:
    return f"kept:{name}:all"


def _rest(known: Kept[T]) -> timedelta:
    return timedelta(seconds=SHARE * known.took)


def _younger(known: Kept[T], span: timedelta) -> bool:
    return timedelta() <= clock.now() - known.at < span
