"""A code to a telephone or a mailbox, and the way back: who types it has shown that it is theirs.

Asking writes the same row whether or not anybody is known by it; only the worker looks, later, and sends nothing to
strangers. So neither the answer nor the time that it takes tells anything, and nobody is plagued with codes.
"""

import secrets
import unicodedata
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from huiyin.channels.models import Channel, SignInCode
from huiyin.channels.sending import outbox
from huiyin.channels.web.mine import Contact, parties
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import blind_index, keyed_digest
from huiyin.ledger import writing
from huiyin.people.acts import email_of, phone_of

LASTS = timedelta(minutes=10)
MOST_TRIES = 5
KEPT = timedelta(days=1)  # of rows that are of no use any more
PERMIT = Permit(holder="system:sign-in", purpose=Purpose.NOTICE)


def contact_of(channel: str, typed: str) -> Contact:
    """A telephone or mailbox as typed, by its blind index. Raises `Unreadable` when it cannot be one."""
    spelled = _spelled(channel, typed)
    kind = "phone" if channel == Channel.SMS else "email"
    return Contact(channel, blind_index(kind, spelled), shown=_masked(channel, spelled))


def ask(channel: str, typed: str) -> int:
    """Write down that a code is asked for; the key of the row, which only the asking browser keeps."""
    contact, at = contact_of(channel, typed), clock.now()
    code = f"{secrets.randbelow(10**6):06}"
    row = SignInCode.objects.create(
        channel=channel,
        contact=_spelled(channel, typed),
        contact_index=contact.index,
        code=code,
        code_hash=_hash(contact.index, code),
        language=get_language() or "zh-hans",
        made_at=at,
        expires_at=at + LASTS,
    )
    return row.pk


def look() -> int:
    """Prepare a message for each asked code whose owner is known, and forget the others; how many there were.

    For the worker. Killed anywhere, each code is prepared once: its row is marked in the same transaction.
    """
    asked = list(SignInCode.objects.filter(looked_at=None).order_by("pk")[:100])
    for row in asked:
        with transaction.atomic():
            _look_at(row)
    SignInCode.objects.filter(expires_at__lt=clock.now() - KEPT).delete()
    return len(asked)


def _look_at(row: SignInCode) -> None:
    mine = SignInCode.objects.filter(pk=row.pk, looked_at=None)
    if not mine.update(looked_at=clock.now(), contact=None, code=None):
        return
    if row.expires_at < clock.now() or not parties(_contact(row)).exists():
        return
    with override(row.language):
        outbox.prepare(
            row.channel,
            to=row.contact.open(PERMIT),
            subject=_("回音：登录验证码"),
            text=_(
                "验证码 %(code)s，10 分钟内有效，用来查看您的诉求。不是您本人操作的，不用理会，也别告诉别人。"
            )
            % {"code": row.code.open(PERMIT)},
            key=f"sign-in:{row.pk}",
            expires_at=row.expires_at,
        )


def check(key: int, code: str) -> Contact | None:
    """The proved contact, when this is the code of that row: once, within ten minutes and five tries.

    A wrong code, an old one and one that was never sent are answered alike.
    """
    at = clock.now()
    with transaction.atomic():
        live = SignInCode.objects.filter(pk=key, used_at=None, expires_at__gt=at, tries__lt=MOST_TRIES)
        if not live.update(tries=F("tries") + 1):
            return None
        row = SignInCode.objects.get(pk=key)
        plain = unicodedata.normalize("NFKC", code)  # Chinese keyboards also type １２３
        digits = "".join(letter for letter in plain if letter.isdigit())
        if not constant_time_compare(bytes(row.code_hash), _hash(bytes(row.contact_index), digits)):
            return None
        SignInCode.objects.filter(pk=key).update(used_at=at)
        facts = {"channel": row.channel}
        writing.record(f"sign-in:{key}", "sign_in", actor="citizen", occurred_at=at, facts=facts, first=True)
    return _contact(row)


def _contact(row: SignInCode) -> Contact:
    return Contact(row.channel, bytes(row.contact_index))


def _hash(index: bytes, code: str) -> bytes:
    return keyed_digest("sign_in_code", f"{index.hex()}:{code}")


def _spelled(channel: str, typed: str) -> str:
    return phone_of(typed) if channel == Channel.SMS else email_of(typed).casefold()


def _masked(channel: str, spelled: str) -> str:
    """What its owner recognises and nobody else can use: the last digits, or the first letter and the domain."""
    if channel == Channel.SMS:
        return f"…{spelled.partition(';')[0][-4:]}"
    name, _at, domain = spelled.partition("@")
    return f"{name[:1]}…@{domain}"
