"""Telling a group's people apart for the desk: their place in the group, and no more of the name than that needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.cases.models import Party
from huiyin.kernel.permits import Permit, Purpose
from huiyin.people.models import Person

SHOWN_DIGITS = 4  # of a telephone number


@dataclass(frozen=True)
class Named:
    """One party as the desk tells them apart; `name` is "" where no identity was kept or it was erased."""

    party: Party
    place: int
    name: str = ""

    def __str__(self) -> str:
        told = {"place": self.place, "role": self.party.get_role_display(), "name": self.name}
        return (_("%(place)d. %(role)s %(name)s") if self.name else _("%(place)d. %(role)s")) % told

    @property
    def pk(self) -> int:
        """Of the party."""
        return self.party.pk


def named(parties: Sequence[Party], *, holder: str) -> list[Named]:
    """The parties with surname and last digits: enough for whoever wrote them down, not enough to know who it is.

    Name, telephone and address in full are opened by `open_original`, against a reason. Decision 0014.
    """
    permit = Permit(holder=holder, purpose=Purpose.CONTACT)
    return [Named(party, place, _hint(party.person, permit)) for place, party in enumerate(parties, start=1)]


def placed(parties: Sequence[Party]) -> list[Named]:
    """The parties by their place in the group and nothing of the name: all that a unit knows of them."""
    return [Named(party, place) for place, party in enumerate(parties, start=1)]


def _hint(person: Person | None, permit: Permit) -> str:
    if person is None:
        return ""
    name = person.name.open(permit) if person.name else ""
    phone = person.phone.open(permit).partition(";")[0] if person.phone else ""
    surname = _("%(letter)s某") % {"letter": name[0]} if name else ""
    return " ".join(filter(None, (surname, f"…{phone[-SHOWN_DIGITS:]}" if phone else "")))
