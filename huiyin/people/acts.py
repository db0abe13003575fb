"""Keeping a person's particulars sealed, and erasing them for good."""

import re
import unicodedata
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from huiyin import ledger
from huiyin.kernel.identifiers import normal_phone
from huiyin.kernel.refusals import Refused
from huiyin.kernel.sealing import blind_index
from huiyin.organisation.actors import Actor
from huiyin.people.models import ContactMeasure, Person

SEALED = ("name", "phone", "address", "identity_number", "email")
INDEXES = ("phone_index", "identity_index", "email_index")
LONGEST_NAME = 60
LONGEST_ADDRESS = 200
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


class Unreadable(Refused):
    """A particular that is not what its field asks for; `field` names the field of the form."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence, code=f"{field}_form")
        self.field = field


def build(
    *,
    at: datetime,
    name: str = "",
    phone: str = "",
    address: str = "",
    identity_number: str = "",
    email: str = "",
    kind: str = Person.Kind.NATURAL,
    language: str = "zh-hans",
) -> Person:
    """A person not saved yet, sealed and findable; `at` is when they were first heard of (aware).

    Each particular may be empty. Raises Unreadable, naming the field, for a phone number, identity number or
    e-mail address that cannot be one, and for a name or address that is too long.
    """
    number, identity = phone_of(phone), identity_of(identity_number, kind=kind)
    mailbox = email_of(email)
    return Person(
        kind=kind,
        name=_short(name, LONGEST_NAME, field="name") or None,
        phone=number or None,
        address=_short(address, LONGEST_ADDRESS, field="address") or None,
        identity_number=identity or None,
        email=mailbox or None,
        phone_index=blind_index("phone", number) if number else None,
        identity_index=blind_index("identity", identity) if identity else None,
        email_index=blind_index("email", mailbox.casefold()) if mailbox else None,
        language=language,
        created_at=at,
    )


def keep(
    *,
    at: datetime,
    name: str = "",
    phone: str = "",
    address: str = "",
    identity_number: str = "",
    email: str = "",
    kind: str = Person.Kind.NATURAL,
    language: str = "zh-hans",
) -> Person:
    """As `build`, and saved."""
    person = build(
        at=at,
        name=name,
        phone=phone,
        address=address,
        identity_number=identity_number,
        email=email,
        kind=kind,
        language=language,
    )
    person.save(force_insert=True)
    return person


@transaction.atomic
def erase(person: Person, *, by: Actor) -> None:
    """Erase every particular and every index for good; the row stays, so that cases keep their parties.

    Writes one event that says when and by whom, and nothing about whom. Erasing twice changes nothing.
    Source: Personal Information Protection Law 个人信息保护法 art. 47.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at is not None:
        return
    for field in (*SEALED, *INDEXES):
        setattr(person, field, None)
    person.erased_at = by.when()
    person.save()
    ContactMeasure.objects.filter(person=person).delete()  # it says how to reach them, and why
    ledger.record(f"person:{person.pk}", "person_erased", actor=by.name, occurred_at=by.when(), facts={})


def phone_of(text: str) -> str:
    """A phone number in its one spelling ("+86138…"), foreign ones too; "" for nothing. Raises Unreadable."""
    if not text.strip():
        return ""
    try:
        return normal_phone(text)
    except Refused as refusal:
        raise Unreadable(str(refusal), field="phone") from refusal


def identity_of(text: str, *, kind: str = Person.Kind.NATURAL) -> str:
    """A Chinese identity number (GB 11643) or credit code (GB 32100), by the kind of person; "" for nothing.

    Raises Unreadable when the check character does not fit.
    """
    number = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).upper()
    if not number:
        return ""
    checked, sentence = _checks()[kind == Person.Kind.NATURAL]
    try:
        return checked.validate(number)
    except ValidationError as fault:
        raise Unreadable(sentence, field="identity_number") from fault


def _checks() -> dict[bool, tuple]:
    return {
        True: (ric, _("身份证号不对，可能输错了一位。请对照证件再输一次，也可以不填。")),
        False: (uscc, _("统一社会信用代码不对，可能输错了一位。请对照证照再输一次，也可以不填。")),
    }


def email_of(text: str) -> str:
    """An e-mail address; "" for nothing. Raises Unreadable."""
    address = unicodedata.normalize("NFKC", text).strip()
    if address and (len(address) > 254 or not EMAIL.fullmatch(address)):
        raise Unreadable(_("这不像一个邮箱地址。请检查，例如 name@example.cn，也可以不填。"), field="email")
    return address


def _short(text: str, most: int, *, field: str) -> str:
    text = " ".join(text.split())
    if len(text) > most:
        raise Unreadable(_("太长了，最多 %(most)d 个字。请缩短后再提交。") % {"most": most}, field=field)
    return text
