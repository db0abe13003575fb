"""How fast matters may come in: from one address, and from all together.

Counted in this process alone and without asking the database, so it costs nothing and holds when nothing else does;
with several processes the limits are as many times as high. It keeps a machine run wild, or a hand full of them, from
burying the desk. Nobody is known by it: addresses are kept in memory, for a quarter of an hour at most.
"""

import ipaddress
import threading
import time
from functools import cache

from django.conf import settings
from django.http import HttpRequest

QUARTER = 15 * 60.0  # seconds
ROUNDING = 0.001  # seconds
MOST_REMEMBERED = 50_000  # addresses; beyond it those that have been quiet are forgotten


class Pace:
    """At most so many in a quarter of an hour for each name, and from then on as many as come free (GCRA)."""

    def __init__(self, most: int) -> None:
        self.each = QUARTER / most  # seconds that one takes up
        self._busy: dict[str, float] = {}  # name: until when it has used its time up
        self._lock = threading.Lock()

    def wait(self, name: str, now: float) -> float:
        """0.0 and a place is taken; or the seconds until one comes free, and nothing is taken."""
        with self._lock:
            if len(self._busy) >= MOST_REMEMBERED and name not in self._busy:
                self._forget_the_quiet(now)
            until = max(self._busy.get(name, now), now) + self.each
            if until - now > QUARTER + ROUNDING:
                return until - now - QUARTER
            self._busy[name] = until
            return 0.0

    def _forget_the_quiet(self, now: float) -> None:
        self._busy = {name: until for name, until in self._busy.items() if until > now}
        if len(self._busy) >= MOST_REMEMBERED:  # a flood from everywhere: the limit of all together stops it
            self._busy.clear()


def wait(request: HttpRequest) -> float:
    """Count one sending of the form; the seconds after which the next has room, 0.0 when this one had it."""
    now, address = time.monotonic(), whence(request)
    alone = _of_address().wait(address, now) if address and settings.HUIYIN_SENDINGS_OF_ADDRESS else 0.0
    return alone or (_of_all().wait("", now) if settings.HUIYIN_SENDINGS else 0.0)


def whence(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the network, because each line has many. Empty for this machine itself.

    What comes from this machine comes through a proxy that does not say for whom: everybody would share one limit.
    """
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return "" if address.is_loopback else str(ipaddress.ip_network((address, 64), strict=False))
        address = address.ipv4_mapped
    return "" if address.is_loopback else str(address)


@cache
def _of_address() -> Pace:
    return Pace(settings.HUIYIN_SENDINGS_OF_ADDRESS)


@cache
def _of_all() -> Pace:
    return Pace(settings.HUIYIN_SENDINGS)


def forget() -> None:
    """Count anew, under the limits as they are set now."""
    _of_address.cache_clear()
    _of_all.cache_clear()
