"""附议（我也一样）: somebody joins an open matter whose title is out, instead of writing it again. Decision 0016."""

from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.cases import groups, sent_again, words
from huiyin.cases.actions.add_party import Joined
from huiyin.cases.actions.register import PartyIn, identifies, person_of
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Notice, Party, ReleasedTitle
from huiyin.cases.ordering import owe
from huiyin.kernel import identifiers
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.people.models import Person


class _Known(Exception):
    """The same form has come before."""

    def __init__(self, party: Party) -> None:
        self.party = party


def join(case: Case, *, by: Actor, member: PartyIn, key: str) -> Joined:
    """Let a stranger join, with a code, an answer and a rating of their own; the headcount follows decision 0014.

    The form's `key` makes the code, so that a form sent twice is one joining, with the same code. Whether a
    telephone is in the matter already is neither asked nor told: anybody may type any number here.
    Raises `Refused` when the title is out no more, or everybody has been told the answer already.
    """
    private = words.optional(member.private, _("单独情况"), most=words.LONGEST_TEXT)
    code = identifiers.query_code_from(f"join:{key}")
    try:
        with opened(case, "join", by=by) as file:
            _require_new(file, code)
            _require_out(file)
            party = _write(file, member, code, private)
            groups.more_heads(file)
            file.facts |= {"party": party.pk, "headcount": file.case.headcount}
            if private:
                file.private["text"] = words.digest(private)
    except _Known as before:
        changed = sent_again.joins_otherwise(before.party, _person(case, member, by.when()), private, by=by)
        return Joined(before.party, code, changed=changed)
    return Joined(party, code)


def _require_new(file: CaseFile, code: str) -> None:
    hashed = identifiers.code_hash(code)
    for party in file.parts(Party):
        if party.code_hash is not None and bytes(party.code_hash) == hashed:
            raise _Known(party)


def _require_out(file: CaseFile) -> None:
    if not any(row.taken_back_at is None for row in file.parts(ReleasedTitle)):
        raise Refused(_("这件诉求现在不能加入了。您可以自己提交一件。"), code="closed")


def _write(file: CaseFile, member: PartyIn, code: str, private: str) -> Party:
    """The party, and, while the answer is being told, the notice of it."""
    who = _person(file.case, member, file.at)
    person = file.add(who) if who else None
    party = file.add(
        Party(
            case=file.case,
            role=Party.Role.JOINED,
            person=person,
            code_hash=identifiers.code_hash(code),
            joined_at=file.at,
            private=private or None,
        )
    )
    if file.case.state == Case.State.TELLING:
        owe(file, [party], Notice.About.ANSWER)
    file.move(file.case.state)
    return party


def _person(case: Case, member: PartyIn, at: datetime) -> Person | None:
    """Who joins, where identities are kept and they said it."""
    keeps = case.confidentiality != Case.Confidentiality.NONE and identifies(member)
    return person_of(member, at) if keeps else None
