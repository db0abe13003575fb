"""A group's people: who still belongs to it, whose rights an agent has, how many they are, and one of them going.

The rules are those of decision 0014.
"""

from collections.abc import Iterable, Sequence

from huiyin.accounts.roles import Role
from huiyin.cases import petitions
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.telling import advance


def present(parties: Iterable[Party]) -> list[Party]:
    """The people in whose name the matter is brought now; agents, bringers and respondents are not among them."""
    return [party for party in parties if party.role in Party.PEOPLE and party.left_at is None]


def acting(parties: Iterable[Party]) -> list[Party]:
    """Who acts for somebody now."""
    return [party for party in parties if party.role == Party.Role.AGENT and party.left_at is None]


def agents(parties: Iterable[Party], of: Party) -> list[Party]:
    """Who speaks for this party now."""
    return [each for each in parties if each.acts_for_id == of.pk and each.left_at is None]


def may_leave(party: Party, parties: Iterable[Party]) -> bool:
    """Whether the matter keeps somebody to speak for it, and a petitioner to take it back, without this party."""
    if party.role not in Party.PEOPLE or party.left_at is not None:
        return False
    stays = [each for each in present(parties) if each.pk != party.pk]
    owners = [each for each in stays if each.role == Party.Role.PETITIONER]
    return bool(owners if party.role == Party.Role.PETITIONER else stays)


def speaks_as(party: Party) -> str:
    """The role whose rights the party has: an agent those of whoever they act for, everybody else their own."""
    if party.role == Party.Role.AGENT and party.acts_for is not None:
        return party.acts_for.role
    return Party.Role.PETITIONER if party.role == Party.Role.AGENT else party.role


def require_own(file: CaseFile, party: Party, sentence: str) -> None:
    """Refuse a citizen who acts for somebody else without being their agent or the one whom they act for."""
    if file.by.kind != "citizen":
        return
    mine = {party.pk, party.acts_for_id, *(agent.pk for agent in agents(file.parts(Party), party))}
    if file.by.party_id not in mine:
        raise file.refusal(sentence)


def more_heads(file: CaseFile) -> None:
    """Somebody has joined: one of those counted already, until more are named than were counted."""
    if _counts(file.case):
        file.set(headcount=max(file.case.headcount, len(present(file.parts(Party)))))


def fewer_heads(file: CaseFile) -> None:
    """Somebody has left: one fewer, and never fewer than are named."""
    if _counts(file.case):
        file.set(headcount=max(file.case.headcount - 1, len(present(file.parts(Party))), 1))


def suits(act: str, parties: Sequence[Party]) -> bool:
    """Whether an act about a case's people makes sense with these: no spokesperson for one."""
    people = present(parties)
    if act in ("leave", "tell_privately", "answer_privately"):
        return len(people) > 1
    if act == "appoint_spokespersons":
        return any(party.role != Party.Role.PETITIONER for party in people)
    if act == "end_agency":
        return bool(acting(parties))
    return act != "open_private" or any(
        party.private and party.role != Party.Role.RESPONDENT for party in parties
    )


def _counts(case: Case) -> bool:
    """With the first answer the number is settled: figures of what was answered never change.

    The people of a part that was split off are counted with the message that it came from (decision 0013).
    """
    return case.first_answered_at is None and case.split_from_id is None


def depart(file: CaseFile, *leaving: Party) -> None:
    """Let parties go: nothing more is owed to them, what they were told stays. The last step of an act.

    When only they still waited for the answer, everybody has it now.
    """
    gone, waited = {party.pk for party in leaving}, False
    for party in leaving:
        file.change(party, left_at=file.at)
    for notice in file.parts(Notice):
        if notice.party_id in gone and notice.told_at is None:
            file.change(notice, told_at=file.at, how=Notice.How.LAPSED)
            waited |= notice.about in petitions.ANSWERING and notice.round == file.case.round
    advance(file, answer=waited)


def is_representative(party: Party) -> bool:
    """Whether a representative brought the matter in as this party."""
    return (
        party.role == Party.Role.BRINGER and party.post is not None and party.post.role == Role.REPRESENTATIVE
    )
