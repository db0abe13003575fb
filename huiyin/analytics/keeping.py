"""What was counted over many cases, kept for a minute for all who see the same ones (decision 0022)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Generic, TypeVar

from django.core.cache import cache
from django.utils.translation import get_language

from huiyin.cases import access
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor

T = TypeVar("T")
FRESH = timedelta(seconds=60)
SHOWN = 600  # seconds for which figures are still shown, with their time, while somebody else counts anew
COUNTING = 60  # seconds after which somebody who began to count is believed to have failed


@dataclass(frozen=True)
class Kept(Generic[T]):
    """What was counted, and when."""

    value: T
    at: datetime


def kept(name: str, by: Actor, count: Callable[[], T]) -> Kept[T]:
    """What `count` gives, at most a minute old, or older while one other request is counting anew.

    It is shared by readers of the same language for whom `access.sight` is the same, and by nobody else. What is
    counted must be picklable and hold no person's data.
    """
    shared = sha256(repr((get_language(), access.sight(by))).encode()).hexdigest()
    key = f"kept:{name}:{shared}"
    known: Kept[T] | None = cache.get(key)
    if known is not None and _is_fresh(known):
        return known
    if not cache.add(f"{key}:counting", True, COUNTING) and known is not None:
        return known
    found = Kept(count(), clock.now())
    cache.set(key, found, SHOWN)
    cache.delete(f"{key}:counting")
    return found


def _is_fresh(known: Kept[T]) -> bool:
    return timedelta() <= clock.now() - known.at < FRESH
