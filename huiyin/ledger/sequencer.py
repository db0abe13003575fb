"""The sequencer: gives committed events one dense order, with a running hash over all of them.

Writers never wait for it, and it never waits for them: it takes what is committed, in the order of ids, which
keeps each subject's order because a subject's events are written under the lock of its row. It may be killed
at any point: a round is one transaction.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from huiyin.kernel import clock
from huiyin.ledger.canonical import GENESIS, next_running
from huiyin.ledger.head import Head, publish_head, store_head, stored_head
from huiyin.ledger.models import Event, LedgerHead

ROUND = 5_000
ADVISORY_LOCK = 4808_2026  # a number of our own in PostgreSQL's space of advisory locks


class HeadDisagrees(RuntimeError):
    """The head row and the last event in order differ: the ledger was changed. Nothing more is ordered."""


def sequence(limit: int | None = None) -> int:
    """Put up to `limit` committed events (all, if None) in order, and return how many.

    Waits if another sequencer is at work. Raises HeadDisagrees rather than cover up a changed ledger.
    """
    done = 0
    pending = Event.objects.filter(position__isnull=True)
    while (limit is None or done < limit) and pending.exists():
        room = ROUND if limit is None else min(ROUND, limit - done)
        with transaction.atomic():
            count = _one_round(_take_turn(), room)
        done += count
    return done


def append_sequenced(events: Sequence[Event]) -> None:
    """Give unsaved events their places after everything that is pending, so that no second pass is needed.

    Call inside the transaction that then inserts them, as late in it as possible: no other sequencer works
    until it ends. Insert them before calling again. Events of one subject come in their own order.
    Raises HeadDisagrees as `sequence`.
    """
    places = take_places([bytes(event.hash) for event in events])
    for event, (position, running) in zip(events, places, strict=True):
        event.position, event.running = position, running


def take_places(hashes: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """The place (position, running hash) of each event that is about to be inserted; as `append_sequenced`."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("places are taken inside the importing transaction")
    head = _take_turn()
    while pending := _one_round(head, ROUND):
        head = _last_head()
        if pending < ROUND:
            break
    position, running = head.count, head.running
    places = []
    for digest in hashes:
        position, running = position + 1, next_running(running, digest)
        places.append((position, running))
    _move_head(position, running)
    return places


def _one_round(head: Head, room: int) -> int:
    """Order up to `room` pending events after `head`, inside the caller's transaction and turn."""
    pending = list(
        Event.objects.filter(position__isnull=True).order_by("id").values_list("id", "hash")[:room]
    )
    if not pending:
        return 0
    position, running = head.count, head.running
    places: list[tuple[int, bytes, int]] = []
    for event_id, digest in pending:
        position, running = position + 1, next_running(running, bytes(digest))
        places.append((position, running, event_id))
    _write_places(places)
    _move_head(position, running)
    return len(places)


def _take_turn() -> Head:
    """Wait until this transaction is the only sequencer, and return the head it continues from."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
    else:
        # The first statement writes, so SQLite's one write lock is ours even where BEGIN was deferred.
        LedgerHead.objects.filter(pk=0).update(count=0)
    return _last_head()


def _last_head() -> Head:
    head = stored_head() or Head.signed(count=0, running=GENESIS, at=clock.now())
    last = (
        Event.objects.filter(position__isnull=False)
        .order_by("-position")
        .values_list("position", "running")
        .first()
    )
    position, running = (last[0], bytes(last[1] or b"")) if last else (0, GENESIS)
    if not head.genuine:
        raise HeadDisagrees(
            "the stored head was changed, or signed with another key than this installation's"
        )
    if (head.count, head.running) != (position, running):
        raise HeadDisagrees(f"the head says {head.count} events, the order ends at {position}")
    return head


def _move_head(count: int, running: bytes) -> None:
    store_head(Head.signed(count=count, running=running, at=clock.now()))
    transaction.on_commit(publish_head)


def _write_places(places: list[tuple[int, bytes, int]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            positions, runnings, ids = (list(column) for column in zip(*places, strict=True))
            cursor.execute(
                "UPDATE ledger_event SET position = place.position, running = place.running"
                " FROM unnest(%s::bigint[], %s::bytea[], %s::bigint[]) AS place(position, running, id)"
                " WHERE ledger_event.id = place.id",
                [positions, runnings, ids],
            )
        else:
            cursor.executemany("UPDATE ledger_event SET position = %s, running = %s WHERE id = %s", places)
