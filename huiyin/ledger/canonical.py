"""The bytes of an event: the one form that is hashed, authenticated, and kept for ever (huiyin-event/1)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring as _quoted
from typing import Any

FORM = "huiyin-event/1"
GENESIS = bytes(32)  # what stands before the first event of a subject, and before the first of all
LARGEST_NUMBER = 2**53 - 1  # the largest whole number that every JSON reader holds exactly
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class FactsNotPlain(ValueError):
    """A fact that two JSON readers, or two databases, could read differently."""


def canonical_bytes(
    *,
    subject: str,
    subject_seq: int,
    kind: str,
    actor: str,
    occurred_at: datetime,
    recorded_at: datetime,
    facts: Mapping[str, Any],
    commitment: bytes | None,
    prev: bytes,
) -> bytes:
    """The canonical bytes of an event: JSON by RFC 8785, in UTF-8, times in UTC to the microsecond.

    Raises FactsNotPlain for facts that have no single form (see `check_plain`).
    """
    check_plain(facts)
    # Laid out by hand, for it is done for every event: ten keys in their order, and only facts have depth.
    text = (
        f'{{"actor":{_quoted(actor)}'
        f',"commitment":{_hex(commitment)}'
        f',"facts":{_ENCODER.encode(facts)}'
        f',"form":"{FORM}"'
        f',"kind":{_quoted(kind)}'
        f',"occurred_at":"{time_text(occurred_at)}"'
        f',"prev":{_hex(prev)}'
        f',"recorded_at":"{time_text(recorded_at)}"'
        f',"subject":{_quoted(subject)}'
        f',"subject_seq":{int(subject_seq)}}}'
    )
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise FactsNotPlain("a text holds half a character (a lone surrogate)") from None


def _hex(digest: bytes | None) -> str:
    return "null" if digest is None else f'"{digest.hex()}"'


def event_hash(content: bytes) -> bytes:
    """SHA-256 of an event's canonical bytes."""
    return hashlib.sha256(content).digest()


def event_mac(key: bytes, content: bytes) -> bytes:
    """HMAC-SHA256 of an event's canonical bytes under the ledger key, which the database never holds."""
    return hmac.digest(key, content, "sha256")


def next_running(running: bytes, event: bytes) -> bytes:
    """The hash over the whole ledger after one more event: SHA-256(running hash so far ‖ event hash)."""
    return hashlib.sha256(running + event).digest()


def time_text(moment: datetime) -> str:
    """An aware moment as "2026-03-01T02:03:04.000005Z"; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("an event's time names its zone")
    moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[:-6] + "Z"


def check_plain(value: Any) -> None:
    """Raise FactsNotPlain unless a value reads the same everywhere.

    Plain are: texts without NUL, whole numbers up to 2^53-1, true, false, null, lists, and objects whose
    keys are ASCII. Fractions are not (databases spell them differently): write a text, or a smaller unit.
    """
    if isinstance(value, str):
        if "\x00" in value:
            raise FactsNotPlain("a text holds a NUL character")
    elif value is None or isinstance(value, bool):
        return
    elif isinstance(value, int):
        if abs(value) > LARGEST_NUMBER:
            raise FactsNotPlain(f"{value} is too large a number")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii() or "\x00" in key:
                raise FactsNotPlain(f"the key {key!r} is not a plain ASCII word")
            if type(inner) is not str or "\x00" in inner:  # most facts are words
                check_plain(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            check_plain(inner)
    else:
        raise FactsNotPlain(f"a {type(value).__name__} is not a plain fact")
