"""Trying an act beforehand: everything that it would refuse is said, and nothing of it stays."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from huiyin.kernel.refusals import Refused


class _Over(Exception):
    """Ends a rehearsal, so that the database forgets it."""


def rehearse(act: Callable[[], object]) -> Refused | PermissionDenied | None:
    """What the act would be refused with now; None when it would go through.

    The act really runs, under its locks, in a transaction that is then taken back; objects that it has
    changed in memory are not to be used any more.
    """
    try:
        with transaction.atomic():
            act()
            raise _Over
    except (Refused, PermissionDenied) as refusal:
        return refusal
    except _Over:
        return None
