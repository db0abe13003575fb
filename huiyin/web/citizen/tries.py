"""Wrong codes are counted, so that nobody finds one by trying, and nobody shuts an owner out by failing.

Few tries at a number from one address, few from one address at all numbers, and many at a number from everywhere:
the last is a bound on guessing by many machines (a code has 40 bits), high enough that it takes malice to reach.
"""

from django.core.cache import cache
from django.http import HttpRequest

from huiyin.kernel.sealing import keyed_digest
from huiyin.web.citizen import pace

MINUTES = 15
AT_NUMBER, AT_ADDRESS, EVERYWHERE = 5, 20, 200  # wrong tries in that time


class TooMany(Exception):
    """Every try of the last quarter of an hour is used up."""


class Try:
    """One try in progress; `succeeded` gives its places back."""

    def __init__(self, taken: list[str]) -> None:
        self._taken = taken

    def succeeded(self) -> None:
        """The code was right: this try does not count."""
        cache.delete_many(self._taken)


def begin(request: HttpRequest, number: str) -> Try:
    """Take a place among the tries at this number and from this address before the code is looked at.

    Places are taken one by one and atomically, so that tries sent at the same moment are counted too; each
    comes free a quarter of an hour later. Raises `TooMany` when none is left, right code or not.
    """
    taken: list[str] = []
    address = _address(request)
    for kind, value, most in (
        ("number", f"{number} {address}", AT_NUMBER),
        ("address", address, AT_ADDRESS),
        ("everywhere", number, EVERYWHERE),
    ):
        place = _place(kind, value, most)
        if place is None:
            cache.delete_many(taken)
            raise TooMany
        taken.append(place)
    return Try(taken)


def spend(request: HttpRequest, kind: str, *, most: int, minutes: int, value: str = "") -> None:
    """Count one doing of this kind by this address, or with this value from anywhere. Raises `TooMany`."""
    counted = value or _address(request)
    if _place(kind, counted, most, minutes) is None:
        raise TooMany


def _address(request: HttpRequest) -> str:
    """Of IPv6 the network: whoever has a line has more addresses there than anybody could count."""
    return pace.whence(request) or request.META.get("REMOTE_ADDR", "")


def _place(kind: str, value: str, most: int, minutes: int = MINUTES) -> str | None:
    name = keyed_digest(f"tries:{kind}", value).hex()[:32]
    places = [f"tries:{kind}:{name}:{n}" for n in range(most)]
    used = cache.get_many(places)
    free = (place for place in places if place not in used)
    return next((place for place in free if cache.add(place, 1, minutes * 60)), None)
