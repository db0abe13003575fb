"""An issue as files: made by the worker in a process of its own, whole or not at all, and never made again."""

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q

from huiyin.kernel import clock
from huiyin.publication.bulletins import queries
from huiyin.publication.bulletins.document import Document
from huiyin.publication.bulletins.models import Bulletin, BulletinFile
from huiyin.publication.bulletins.press import pdf, word

log = logging.getLogger(__name__)
SILENT = timedelta(minutes=3)  # whoever makes a file was killed, and it is begun anew
AT_ONCE = 50
FOLDER = "bulletins"
State = BulletinFile.State
Make = Callable[[Document], bytes]
MAKERS: Mapping[str, Make] = {"pdf": pdf.made, "docx": word.made}


def content(row: BulletinFile) -> IO[bytes]:
    """The file, open for reading. Raises FileNotFoundError where the storage has lost it."""
    return default_storage.open(row.stored_as)


def make_waiting() -> int:
    """Make every file that waits, and what a killed worker began; how many. For the worker."""
    done = 0
    while (row := _claimed()) is not None:
        _make(row)
        done += 1
    return done


def _claimed() -> BulletinFile | None:
    """The oldest that waits, claimed by one conditional update so that no two workers make it."""
    now = clock.now()
    left = Q(state=State.MAKING, touched_at__lt=now - SILENT)
    for row in BulletinFile.objects.filter(Q(state=State.ASKED) | left).order_by("pk")[:AT_ONCE]:
        same = BulletinFile.objects.filter(pk=row.pk, state=row.state, touched_at=row.touched_at)
        if same.update(state=State.MAKING, touched_at=now):
            return BulletinFile.objects.select_related("bulletin__unit", "bulletin__replaces").get(pk=row.pk)
    return None


def _make(row: BulletinFile) -> None:
    """Make it and store it, then say so on the row; what goes wrong is said there, and no half file is ever shown."""
    stored = ""
    try:
        made = MAKERS[row.kind](queries.document_of(row.bulletin))
        stored = default_storage.save(f"{FOLDER}/{secrets.token_hex(12)}.{row.kind}", ContentFile(made))
        _settle(row, State.READY, stored_as=stored, digest=sha256(made).hexdigest())
    except Exception as fault:  # the next file must not suffer for this one
        log.exception("bulletin file %s failed", row.pk)
        if stored:
            default_storage.delete(stored)
        _settle(row, State.FAILED, fault=type(fault).__name__)


def _settle(row: BulletinFile, state: str, **values: Any) -> None:
    BulletinFile.objects.filter(pk=row.pk, state=State.MAKING).update(
        state=state, touched_at=clock.now(), **values
    )


# -- for whoever looks after the machine ---------------------------------------------------------------------
def ask_again() -> int:
    """Let what could not be made be made once more; how many."""
    return BulletinFile.objects.filter(state=State.FAILED).update(
        state=State.ASKED, fault="", touched_at=clock.now()
    )


def failed() -> int:
    """How many could not be made."""
    return BulletinFile.objects.filter(state=State.FAILED).count()


def of_issue(key: int) -> list[BulletinFile]:
    """The files of one issue that can be given out."""
    row = Bulletin.objects.filter(pk=key).first()
    return queries.files_of(row) if row else []
