"""The outbox: prepared with the act that wants it, sent by the worker, and called uncertain where nobody can know.

A sending is marked uncertain before it leaves, and sent only when the other side has said so. Whoever dies in between
leaves the truth behind. An uncertain one goes again only by a way that knows its key; others stay as they are.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F

from huiyin.channels.models import Sending
from huiyin.channels.sending.letters import Letter, NotTaken
from huiyin.channels.sending.ways import way
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose

log = logging.getLogger(__name__)
State = Sending.State
MOST_TRIES = 5
PAUSE = timedelta(seconds=5)  # doubled with each try
AGAIN_AFTER = timedelta(minutes=1)  # before an uncertain one goes again
AT_ONCE = 50  # in one round of the worker
PERMIT = Permit(holder="system:outbox", purpose=Purpose.NOTICE)


def prepare(
    channel: str, *, to: str, text: str, key: str, expires_at: datetime, subject: str = ""
) -> Sending:
    """Put a message into the outbox, in the transaction of the act that wants it; the same key is one message."""
    at = clock.now()
    row, _new = Sending.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "to": to,
            "subject": subject,
            "text": text,
            "prepared_at": at,
            "not_before": at,
            "expires_at": expires_at,
        },
    )
    return row


def send_prepared() -> int:
    """Send what is due, oldest first; how many were tried. For the worker, outside of any transaction."""
    at = clock.now()
    open_ones = Sending.objects.filter(settled_at=None)
    for row in open_ones.filter(expires_at__lt=at)[:AT_ONCE]:
        _settle(row, State.UNCERTAIN if row.state == State.UNCERTAIN else State.FAILED, fault="expired")
    due = open_ones.filter(not_before__lte=at).order_by("not_before", "id")[:AT_ONCE]
    return sum(send(row) for row in due)


def send(row: Sending) -> bool:
    """Try once to let a message out; False when somebody else has it, or it must not go again."""
    out = way(row.channel)
    if out is None:
        _settle(row, State.FAILED, fault="no way out")
        return False
    if row.state == State.UNCERTAIN and not out.knows_keys:
        return False
    if not _claim(row):
        return False
    letter = Letter(to=row.to.open(PERMIT), text=row.text.open(PERMIT), key=row.key, subject=row.subject)
    try:
        trace = out.deliver(letter)
    except NotTaken as no:
        _not_taken(row, no)
    except Exception:  # whatever happens on the way, it may have arrived, and that is what the row says
        log.exception("nobody knows whether sending %s arrived", row.pk)
    else:
        _settle(row, State.SENT, trace=trace[:200])
    return True


def _claim(row: Sending) -> bool:
    """Mark the sending uncertain before it leaves; only one of several workers succeeds."""
    at = clock.now()
    mine = Sending.objects.filter(pk=row.pk, state=row.state, tries=row.tries, settled_at=None)
    taken = mine.update(state=State.UNCERTAIN, tries=F("tries") + 1, tried_at=at, not_before=at + AGAIN_AFTER)
    row.tries += taken
    return bool(taken)


def _not_taken(row: Sending, no: NotTaken) -> None:
    log.warning("sending %s was not taken: %s", row.pk, no)
    if no.permanent or row.tries >= MOST_TRIES:
        _settle(row, State.FAILED, fault=str(no)[:200])
        return
    pause = PAUSE * 2 ** (row.tries - 1)
    Sending.objects.filter(pk=row.pk).update(
        state=State.PREPARED, not_before=clock.now() + pause, fault=str(no)[:200]
    )


def _settle(row: Sending, state: str, *, trace: str = "", fault: str = "") -> None:
    """Its fate is known, or will never be: what it said is forgotten."""
    Sending.objects.filter(pk=row.pk).update(
        state=state, settled_at=clock.now(), to=None, text=None, trace=trace, fault=fault
    )
