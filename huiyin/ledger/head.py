"""The head of the ledger: how many events it has and the hash over them all, in the database and beside it.

The copy in HUIYIN_HOME may lag behind the database (the process can die between commit and file), but what
it says must be a true beginning of the ledger. A copy that is ahead means that the database lost its tail.
"""

import fcntl
import hmac
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from django.conf import settings
from django.utils.dateparse import parse_datetime

from huiyin.ledger.canonical import GENESIS, time_text
from huiyin.ledger.models import Event, LedgerHead

FILE_NAME = "ledger-head.json"
FORM = "huiyin-head/1"
ROW = 1  # the head is one row
logger = logging.getLogger(__name__)


class HeadUnreadable(ValueError):
    """The copy of the head beside the database is not what this programme writes."""


@dataclass(frozen=True)
class Head:
    """`count` events, and the running hash over them, as of a moment; `mac` proves who wrote it."""

    count: int
    running: bytes
    at: datetime
    mac: bytes

    @classmethod
    def signed(cls, *, count: int, running: bytes, at: datetime) -> Self:
        """A head authenticated with this installation's ledger key."""
        return cls(count=count, running=running, at=at, mac=_mac(count, running, at))

    @property
    def genuine(self) -> bool:
        """Whether the mac was made with this installation's ledger key."""
        return hmac.compare_digest(self.mac, _mac(self.count, self.running, self.at))

    def as_json(self) -> dict[str, str | int]:
        """The head in plain words, as written to the file and shown by the command."""
        return {
            "form": FORM,
            "count": self.count,
            "running": self.running.hex(),
            "at": time_text(self.at),
            "mac": self.mac.hex(),
        }


def stored_head() -> Head | None:
    """The head row of the database; None before the first event is put in order."""
    row = LedgerHead.objects.filter(pk=ROW).first()
    if row is None:
        return None
    return Head(count=row.count, running=bytes(row.running), at=row.at, mac=bytes(row.mac))


def store_head(head: Head) -> None:
    """Write the head row, inside the sequencer's transaction."""
    LedgerHead.objects.update_or_create(
        pk=ROW, defaults={"count": head.count, "running": head.running, "at": head.at, "mac": head.mac}
    )


def head_file() -> Path:
    """Where the copy of the head lies."""
    return Path(settings.HUIYIN_HOME) / FILE_NAME


def read_head_file() -> Head | None:
    """The copy beside the database; None if there is none. Raises HeadUnreadable if it is not a head."""
    try:
        content = json.loads(head_file().read_text(encoding="utf-8"))
        at = parse_datetime(content["at"])
        if content["form"] != FORM or at is None or isinstance(content["count"], bool):
            raise HeadUnreadable(head_file().name)
        return Head(
            count=int(content["count"]),
            running=bytes.fromhex(content["running"]),
            at=at,
            mac=bytes.fromhex(content["mac"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as fault:
        raise HeadUnreadable(head_file().name) from fault


def publish_head() -> None:
    """Bring the copy beside the database up to the database's head, after commit.

    A copy that is not a true beginning of the ledger is evidence: it stays, with a line in the log.
    """
    with _file_lock():
        head = stored_head()
        if head is None or not _may_replace_file(head):
            return
        beside = head_file().with_name(f".{FILE_NAME}.{os.getpid()}.new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(head.as_json(), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(head_file())
        _sync_folder(head_file().parent)


def is_true_beginning(copy: Head) -> bool:
    """Whether the ledger in the database begins as an older copy of its head says."""
    if copy.count == 0:
        return copy.running == GENESIS
    running = Event.objects.filter(position=copy.count).values_list("running", flat=True).first()
    return running is not None and bytes(running) == copy.running


def _may_replace_file(head: Head) -> bool:
    try:
        copy = read_head_file()
    except HeadUnreadable:
        logger.error("%s cannot be read and is left as it is: run huiyin ledger verify", FILE_NAME)
        return False
    if copy is None:
        return True
    if copy.count > head.count or not copy.genuine or not is_true_beginning(copy):
        logger.error(
            "%s disagrees with the database and is left as it is: run huiyin ledger verify", FILE_NAME
        )
        return False
    return copy != head


@contextmanager
def _file_lock() -> Iterator[None]:
    """One writer of the copy at a time; the lock is on a file of its own because the copy is replaced."""
    folder = head_file().parent
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / f".{FILE_NAME}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """A rename survives a power cut only when its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mac(count: int, running: bytes, at: datetime) -> bytes:
    content = f"{FORM}\n{count}\n{running.hex()}\n{time_text(at)}\n"
    return hmac.digest(settings.HUIYIN_KEYS.ledger, content.encode(), "sha256")
