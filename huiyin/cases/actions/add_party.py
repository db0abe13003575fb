"""加入: somebody joins a group, with a query code, a private part and a rating right of their own."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.cases import groups, words
from huiyin.cases.actions.register import MOST_SPOKESPERSONS, PartyIn, identifies, person_of
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.ordering import owe
from huiyin.kernel import identifiers
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

JOINING = (Party.Role.MEMBER, Party.Role.SPOKESPERSON)


@dataclass(frozen=True)
class Joined:
    """The new party, and their query code, which is shown once.

    `changed` says that the same form had come before and said something else, which stands as it was.
    """

    party: Party
    code: str
    changed: bool = False


def add_party(case: Case, *, by: Actor, member: PartyIn) -> Joined:
    """Let one more person join a matter that is not answered to everybody yet; their answer is owed like the others'.

    Raises `Refused` for a sixth spokesperson (信访工作条例 art. 20), a telephone that is in the group already, and
    somebody who leaves neither name nor telephone although identities are kept.
    """
    if member.role not in JOINING:
        raise Refused(_("加入的人只能是成员或代表人。"), code="role")
    private = words.optional(member.private, _("单独情况"), most=words.LONGEST_TEXT)
    with opened(case, "add_party", by=by) as file:
        if member.role == Party.Role.SPOKESPERSON:
            require_few_spokespersons(1 + sum(is_spokesperson(party) for party in file.parts(Party)))
        party, code = join(file, member)
        file.change(party, private=private or None)
        groups.more_heads(file)
        file.facts |= {"party": party.pk, "role": party.role, "headcount": file.case.headcount}
        if private:
            file.private["text"] = words.digest(private)
    return Joined(party, code)


def join(file: CaseFile, who: PartyIn) -> tuple[Party, str]:
    """Write the party; while the answer is being told, it is owed to them too. The case stays where it is."""
    keeps = file.case.confidentiality != Case.Confidentiality.NONE
    if keeps and who.post is None:
        _require_new(file, who)
    person = file.add(person_of(who, file.at)) if keeps and identifies(who) else None
    code = identifiers.query_code()
    party = file.add(
        Party(
            case=file.case,
            role=who.role,
            person=person,
            post=who.post,
            code_hash=identifiers.code_hash(code),
            joined_at=file.at,
        )
    )
    if file.case.state == Case.State.TELLING:
        owe(file, [party], Notice.About.ANSWER)
    file.move(file.case.state)
    return party, code


def _require_new(file: CaseFile, who: PartyIn) -> None:
    if not (words.clean(who.name) or words.clean(who.phone)):
        raise Refused(_("请写明姓名或电话，至少一样。"), code="name")
    index = person_of(who, file.at).phone_index
    known = [party.person for party in file.parts(Party) if party.person and party.left_at is None]
    if index is not None and any(
        person.phone_index and bytes(person.phone_index) == index for person in known
    ):
        raise Refused(_("用这个电话的人已经在这件诉求里了。请核对电话。"), code="phone")


def is_spokesperson(party: Party) -> bool:
    """Whether the party speaks for the group now."""
    return party.role == Party.Role.SPOKESPERSON and party.left_at is None


def require_few_spokespersons(n: int) -> None:
    """Refuse more than five. Source: 信访工作条例 art. 20."""
    if n > MOST_SPOKESPERSONS:
        raise Refused(_("多人反映同一事项，代表人最多 5 名。请推选 5 名以内的代表。"), code="spokespersons")
