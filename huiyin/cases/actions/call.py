"""拨打电话: the numbers by which the parties can be reached, on the record, and shown to the citizen.

A handler's tap to call is a permit: it opens names and numbers, nothing that was written.
"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.accounts.roles import UNIT
from huiyin.cases.actions.open_original import open_to
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Order, Party
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.people import queries as people


def call(case: Case, *, by: Actor, order: Order | None = None) -> list[dict[str, str]]:
    """Name, phone and e-mail of everybody to be told, for a call that is about to be made.

    A unit gets them only where the petitioner left it open to units. Raises `Refused` when nobody left a number,
    and then nothing is on record.
    """
    if by.role in UNIT and case.confidentiality != Case.Confidentiality.OPEN:
        raise PermissionDenied(_("诉求人要求对承办单位保密。需要联系时，请由受理中心代为联系。"))
    with opened(case, "call", by=by, order=order) as file:
        file.require_in_hand(order)
        parties = [party for party in file.parts(Party) if party.role in Party.TOLD and open_to(by, party)]
        permit = Permit(holder=by.name, purpose=Purpose.CONTACT)
        kept = [people.particulars(party.person, permit) for party in parties if party.person]
        found = [{name: each[name] for name in ("name", "phone", "email")} for each in kept]
        found = [each for each in found if each["phone"] or each["email"]]
        if not found:
            raise Refused(_("诉求人没有留下电话。有新的答复，会在查询页告诉诉求人。"), code="no_phone")
        file.move(file.case.state)
        file.facts |= {"unit": by.unit.code if by.unit else "", "purpose": str(Purpose.CONTACT)}
    return found
