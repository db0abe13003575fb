"""The printed papers of a party's own case: their own name on them, nobody else's particulars in them."""

from huiyin.cases import papers
from huiyin.cases.papers import Paper
from huiyin.channels.web import reading
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import Sealed
from huiyin.organisation.actors import Actor
from huiyin.people import identity
from huiyin.people import queries as people


def own_paper(by: Actor, number: str, kind: str) -> Paper | None:
    """One paper of the party's own case, under the title that they may read; None where there is none (yet).

    Raises `access.NotFound`.
    """
    found = reading.own_case(by, number)
    others, permit = reading.others_of(found), Permit(holder=by.name, purpose=Purpose.OWN)

    def opened(sealed: Sealed | None) -> str:
        return identity.without(sealed.open(permit), others) if sealed else ""

    person = found.party.person
    name = people.particulars(person, permit).get("name", "") if person else ""
    return papers.paper(found.case, kind, by=by, opened=opened, to=name, title=found.title)
