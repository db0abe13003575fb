"""我也一样: somebody of the public joins an open matter that they found by its title."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from huiyin.cases import actions, pens, released
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Party, ReleasedTitle
from huiyin.channels.web.handing_in import HandedIn
from huiyin.ledger import queries as ledger
from huiyin.organisation.actors import Actor


@dataclass(frozen=True)
class Joining:
    """Who joins, as far as they say it, and what only they and the desk read; `key` is the form's own, used once."""

    key: str
    name: str = ""
    phone: str = ""
    email: str = ""
    private: str = ""


def join(number: str, who: Joining) -> HandedIn:
    """Join the open matter of that number; a form sent twice joins once.

    Raises `released.NotReleased` for any number that is not out, `Refused` when it can be joined no more.
    """
    member = PartyIn(
        role=Party.Role.JOINED,
        name=who.name,
        phone=who.phone,
        email=who.email,
        private=who.private,
        language=get_language() or "zh-hans",
    )
    joined = actions.join(released.case_of(number), by=Actor.citizen(), member=member, key=who.key)
    return HandedIn(number=number, party_id=joined.party.pk, code=joined.code, changed=joined.changed)


def receipt_of(party_id: int) -> dict[str, Any]:
    """What stands otherwise on the receipt of somebody who joined: title, time and event; nothing for others."""
    joined = Party.objects.filter(pk=party_id, role=Party.Role.JOINED).select_related("case").first()
    if joined is None:
        return {}
    event = ledger.history(pens.subject_of(joined.case)).filter(kind="join", facts__party=party_id).first()
    return {
        "title": released.title_of(ReleasedTitle.objects.filter(case=joined.case)),
        "handed_in": joined.joined_at,
        "signature": bytes(event.hash).hex()[:16] if event else "",
    }
