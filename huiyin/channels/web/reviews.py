"""复查复核, as the party who asks for it meets it: whom they may ask, and the request that they may still take back."""

from collections.abc import Iterable

from huiyin.cases import groups, petitions, reviewing
from huiyin.cases.models import Case, Party, Review
from huiyin.organisation.models import Unit


def own_request(case: Case, party: Party, parties: Iterable[Party]) -> Review | None:
    """The request that this party, or whom they act for, has made and can still take back."""
    if case.state != Case.State.IN_REVIEW:
        return None
    mine = {party.pk, party.acts_for_id, *(agent.pk for agent in groups.agents(parties, party))}
    asked = Review.objects.filter(case=case, state=Review.State.ASKED, party__in=mine - {None})
    return asked.select_related("case").first()


def bodies(case: Case) -> list[Unit]:
    """The bodies among which a party may choose for the review that can be asked now; the first is the usual one."""
    level = next((n for act, n in petitions.LEVELS.items() if petitions.fits(act, case)), None)
    if level is None:
        return []
    return reviewing.petitioners_choice(case, level, reviewing.bodies_for(case, level))
