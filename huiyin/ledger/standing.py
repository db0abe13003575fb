"""How the ledger stands, quickly: its head, the copy beside the database, and what waits for its place.

This reads a handful of rows. Only `huiyin ledger verify` reads them all.
"""

from dataclasses import dataclass

from django.db import connection

from huiyin.ledger import guards
from huiyin.ledger.head import Head, HeadUnreadable, is_true_beginning, read_head_file, stored_head
from huiyin.ledger.models import Event


@dataclass(frozen=True)
class Standing:
    """`head` in the database and `copy` beside it (None: there is none yet), and what is wrong at first sight.

    `copy_state` is agrees, missing, unreadable, forged, ahead or differs; a copy may lag and still agree.
    """

    head: Head | None
    head_genuine: bool
    copy: Head | None
    copy_state: str
    waiting: int
    guards_missing: list[str]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong at first sight."""
        behind = self.copy_state == "missing" and self.head is None
        return self.head_genuine and not self.guards_missing and (behind or self.copy_state == "agrees")


def standing() -> Standing:
    """How the ledger stands now."""
    head = stored_head()
    copy, state = _copy(head)
    return Standing(
        head=head,
        head_genuine=head is None or head.genuine,
        copy=copy,
        copy_state=state,
        waiting=Event.objects.filter(position__isnull=True).count(),
        guards_missing=list(guards.missing(connection)),
    )


def _copy(head: Head | None) -> tuple[Head | None, str]:
    try:
        copy = read_head_file()
    except HeadUnreadable:
        return None, "unreadable"
    if copy is None:
        return None, "missing"
    if not copy.genuine:
        return copy, "forged"
    if copy.count > (head.count if head else 0):
        return copy, "ahead"
    return copy, "agrees" if is_true_beginning(copy) else "differs"
