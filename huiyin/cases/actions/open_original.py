"""查看原文: the citizen's own words and name, against a reason, on the record, and shown to the citizen."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.accounts.roles import UNIT
from huiyin.cases import words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Order, Party
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.people import queries as people

SHORTEST_REASON = 4


@dataclass(frozen=True)
class Original:
    """What was sealed: the texts as written, and each told party's name, phone and address."""

    title: str
    text: str
    place: str
    people: list[dict[str, str]]


def open_original(
    case: Case, *, by: Actor, reason: str, order: Order | None = None, purpose: str = Purpose.READ_ORIGINAL
) -> Original:
    """Open the original texts and identity. The event is written whether or not anything is done with them.

    A unit may open only what the petitioner left open to units. Raises `Refused` without a real reason.
    """
    said = words.required(reason, _("查看原文的理由"))
    if len(said) < SHORTEST_REASON:
        raise Refused(_("请写清楚为什么要看原文（至少 4 个字），诉求人会看到这条记录。"), code="reason")
    if by.role in UNIT and case.confidentiality != Case.Confidentiality.OPEN:
        raise PermissionDenied(_("诉求人要求对承办单位保密。需要联系时，请由受理中心代为联系。"))
    with opened(case, "open_original", by=by, order=order) as file:
        file.require_in_hand(order)
        parties = [party for party in file.parts(Party) if party.role in Party.TOLD and open_to(by, party)]
        file.move(file.case.state)
        file.facts |= {"unit": by.unit.code if by.unit else "", "purpose": str(purpose)}
        file.private["reason"] = said  # in words: the petitioner reads it on their own page
        permit = Permit(holder=by.name, purpose=purpose)
        return Original(
            title=file.case.original_title.open(permit),
            text=file.case.original_text.open(permit),
            place=file.case.original_place.open(permit) if file.case.original_place else "",
            people=[people.particulars(party.person, permit) for party in parties if party.person],
        )


def open_to(by: Actor, party: Party) -> bool:
    """Whether the reader may know who this is: who joined by the title is known to the desk alone."""
    return party.role != Party.Role.JOINED or by.role not in UNIT
