"""Matters without their people: for the public, for outside supervisors, for units that only give their view."""

from collections.abc import Collection, Iterator, Sequence

from django.db.models import Q, QuerySet

from huiyin.cases.casefile import CaseFile
from huiyin.cases.kin import families, told_among_kin
from huiyin.cases.models import Case, Party
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.kernel.sealing import Sealed
from huiyin.organisation.actors import Actor
from huiyin.people import identity
from huiyin.people import queries as people


def require_nameless(file: CaseFile, said: str, *, sentence: str) -> None:
    """Refuse words that still hold a petitioner's particulars; `sentence` names them by its `%(what)s`."""
    permit = Permit(holder=file.by.name, purpose=Purpose.MATCH)
    known = [people.particulars(party.person, permit) for party in told_among_kin(file.case) if party.person]
    found = identity.still_named(said, known)
    if found:
        raise Refused(sentence % {"what": "、".join(found)}, code="identity")


def people_of(cases: Collection[Case]) -> dict[int, list[identity.Particulars]]:
    """The particulars of the parties of these cases, by their keys, opened only to be taken out of texts.

    Those of a case's family (`families`) stand under it too, since what was written for one may speak of the others.
    Two statements where none of them has kin, and one more for each step from kin to kin.
    """
    around = families(cases)
    known: dict[int, list[identity.Particulars]] = {}
    for key, each in _known(Party.objects.filter(case__in=set().union(*around.values()))):
        known.setdefault(key, []).append(each)
    return {
        case: [each for key in sorted(family) for each in known.get(key, ())]
        for case, family in around.items()
    }


def plain(text: str, known: Sequence[identity.Particulars]) -> str:
    """A readable text without these people's particulars, and without numbers."""
    return identity.masked(identity.without(text, known))


def opened(sealed: Sealed | None, by: Actor, known: Sequence[identity.Particulars]) -> str:
    """What somebody of the office wrote, the same way."""
    return plain(sealed.open(Permit(holder=by.name, purpose=Purpose.WORK)), known) if sealed else ""


def _known(parties: QuerySet[Party]) -> Iterator[tuple[int, identity.Particulars]]:
    """The key of the case of each party whose name is known, and the party's particulars.

    A party may also be somebody of the office who brought the matter in, or the other side, of whom only a name was
    written.
    """
    permit = Permit(holder="nameless", purpose=Purpose.MATCH)
    written = Q(role=Party.Role.RESPONDENT, private__isnull=False)
    rows = parties.filter(Q(person__isnull=False) | Q(post__isnull=False) | written)
    for party in rows.select_related("person", "post__user").order_by("pk"):
        known: list[identity.Particulars] = []
        if party.person:
            known.append(people.particulars(party.person, permit))
        if party.post:
            known.append(_by_name(party.post.user.name))
        if party.role == Party.Role.RESPONDENT and party.private:
            known.append(_by_name(party.private.open(permit)))
        for each in known:
            yield party.case_id, each


def _by_name(name: str) -> identity.Particulars:
    return {"name": name, "phone": "", "address": "", "email": ""}
