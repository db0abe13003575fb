"""Writing events: one at a time inside an act's transaction, or built in memory for a bulk import."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from huiyin.kernel import clock, rows
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import Sealed, commitment
from huiyin.ledger.canonical import GENESIS, canonical_bytes, event_hash, event_mac
from huiyin.ledger.models import Event

SALT_BYTES = 32
ERASED = "private_erased"  # the kind of event that says that another's private facts were erased


class NothingToErase(ValueError):
    """The event never had private facts, or they are gone already."""


class NoTransaction(RuntimeError):
    """An event written outside the transaction of its act: the one could survive without the other."""


def record(
    subject: str,
    kind: str,
    *,
    actor: str,
    occurred_at: datetime,
    facts: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
    first: bool = False,
    after: Event | None = None,
) -> Event:
    """Write what happened, inside the act's transaction and under the lock of the subject's own row.

    `occurred_at` is the claimed time; the recorded time is the clock's. `facts` are public; `private` is
    sealed and committed to. Pass `first=True` for a new subject, or `after=` the event just written, to
    spare the query for the previous one. Raises NoTransaction outside a transaction, FactsNotPlain for
    facts without one form, IntegrityError if the subject's row was not locked and another writer came first.
    """
    _require_transaction()
    seq, prev = (0, GENESIS) if first else (after.subject_seq, bytes(after.hash)) if after else _last(subject)
    event = build(
        subject,
        kind,
        actor=actor,
        occurred_at=occurred_at,
        facts=facts,
        private=private,
        prev=prev,
        seq=seq + 1,
    )
    rows.insert(event)
    return event


def first(
    subject: str,
    kind: str,
    *,
    actor: str,
    occurred_at: datetime,
    facts: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
) -> Event:
    """The unsaved first event of a new subject, for whoever inserts it in one statement with the subject's own rows.

    Raises as `record`, but needs no transaction: neither can be stored without the other.
    """
    return build(subject, kind, actor=actor, occurred_at=occurred_at, facts=facts, private=private)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise NoTransaction("an event is written in the transaction of its act")


def build(
    subject: str,
    kind: str,
    *,
    actor: str,
    occurred_at: datetime,
    facts: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
    prev: bytes = GENESIS,
    seq: int = 1,
    recorded_at: datetime | None = None,
) -> Event:
    """An unsaved event that follows the one whose hash is `prev`, as number `seq` of its subject.

    Raises ValueError for a subject that is not 1 to 40 visible ASCII letters, FactsNotPlain as `record`.
    """
    if not (0 < len(subject) <= 40 and subject.isascii() and subject.isprintable() and " " not in subject):
        raise ValueError(f"{subject!r} is not a subject: 1 to 40 visible ASCII letters")
    salted, commits_to = (None, None) if private is None else _committed_to(private)
    content: dict[str, Any] = {
        "subject": subject,
        "subject_seq": seq,
        "kind": kind,
        "actor": actor,
        "occurred_at": occurred_at,
        "recorded_at": recorded_at or clock.now(),
        "facts": dict(facts),
        "commitment": commits_to,
        "prev": bytes(prev),
    }
    written = canonical_bytes(**content)
    return rows.made(
        Event,
        {
            "id": None,
            **content,
            "private": salted,
            "hash": event_hash(written),
            "mac": event_mac(settings.HUIYIN_KEYS.ledger, written),
            "position": None,
            "running": None,
        },
    )


def _committed_to(private: Mapping[str, Any]) -> tuple[Sealed, bytes]:
    """Private facts with a fresh salt, sealed, and what commits to them."""
    salt = os.urandom(SALT_BYTES)
    return Sealed.of(json.dumps({"salt": salt.hex(), "private": private})), commitment(salt, private)


def private_facts(event: Event, permit: Permit) -> dict[str, Any] | None:
    """The private facts of an event, opened with a permit; None if there are none, or they were erased."""
    return None if event.private is None else json.loads(event.private.open(permit))["private"]


def committed(event_commitment: bytes | None, sealed: Sealed) -> bool:
    """Whether sealed private facts are those that an event committed to; raises SealBroken."""
    content = json.loads(sealed.open(Permit(holder="ledger", purpose=Purpose.VERIFY)))
    return commitment(bytes.fromhex(content["salt"]), content["private"]) == event_commitment


@transaction.atomic
def erase_private(event: Event, *, by: str) -> Event:
    """Erase an event's private facts and their salt for good, and return the event that says so.

    The erased event itself stands, and its subject's chain does not grow. `by` is the ledger's name of who
    erases. Raises NothingToErase if there are no private facts.
    """
    if not Event.objects.filter(pk=event.pk, private__isnull=False).update(private=None):
        raise NothingToErase(f"event {event.pk} has no private facts")
    event.private = None
    subject = erasure_subject(bytes(event.hash))
    facts = erasure_facts(event.subject, event.subject_seq, bytes(event.hash))
    return record(subject, ERASED, actor=by, occurred_at=clock.now(), facts=facts, first=True)


def erasure_subject(digest: bytes) -> str:
    """The subject of the erasure of the event with this hash: as much of the hash as a subject has room for."""
    return f"erasure:{digest.hex()[:32]}"


def erasure_facts(subject: str, seq: int, digest: bytes) -> dict[str, Any]:
    """Which event was erased, as its erasure names it."""
    return {"subject": subject, "subject_seq": seq, "hash": digest.hex()}


def _last(subject: str) -> tuple[int, bytes]:
    last = (
        Event.objects.filter(subject=subject)
        .order_by("-subject_seq")
        .values_list("subject_seq", "hash")
        .first()
    )
    return (last[0], bytes(last[1])) if last else (0, GENESIS)
