"""The people of a case for the office: how many, and one by one as far as the desk tells them apart."""

from dataclasses import dataclass, field
from typing import Any

from huiyin.accounts.roles import DESK, Role
from huiyin.cases import groups, naming
from huiyin.cases.queries import CasePage

ACTS = (
    "add_party", "leave", "appoint_spokespersons", "appoint_agent", "end_agency", "tell_privately", "open_private",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One line of the list; `acts_for` says whom an agent speaks for, `private` that something was told apart."""

    name: str
    since: Any
    until: Any = None
    acts_for: str = ""
    private: bool = False


@dataclass(frozen=True)
class People:
    """How many there are; one by one for the desk only."""

    named: int
    heads: int
    agents: int
    left: int
    rows: list[Person] = field(default_factory=list)


def people_of(page: CasePage) -> People:
    """The people of the case as this reader may know them."""
    people = everybody(page)
    gone = [party for party in people if party.left_at is not None]
    return People(
        named=len(groups.present(people)),
        heads=page.case.headcount,
        agents=len(groups.acting(people)),
        left=len(gone),
        rows=_rows(page, people) if at_own_desk(page) else [],
    )


def at_own_desk(page: CasePage) -> bool:
    """Whether the reader sits at the desk that has the case; at a supervising one that is its supervisor."""
    sits = page.by.post is not None and page.by.post.unit_id == page.case.desk_id
    return sits and page.by.role in (*DESK, Role.SUPERVISOR)


def names_of(page: CasePage) -> dict[int, str]:
    """How the reader tells the parties apart, by their ids: by surname and last digits at the desk, else by role."""
    if not at_own_desk(page):
        return {party.pk: party.get_role_display() for party in page.parties}
    return {each.pk: str(each) for each in naming.named(everybody(page), holder=page.by.name)}


def places_of(page: CasePage) -> dict[int, str]:
    """Like `names_of`, but everybody else tells the parties apart by their place in the group."""
    if at_own_desk(page):
        return names_of(page)
    return {each.pk: str(each) for each in naming.placed(everybody(page))}


def everybody(page: CasePage) -> list[Any]:
    """All who are, or were, of the petitioners' side, in the order of the list of people."""
    return [party for party in page.parties if party.role != "respondent"]


def _rows(page: CasePage, parties: list[Any]) -> list[Person]:
    told = {each.pk: each for each in naming.named(parties, holder=page.by.name)}
    return [
        Person(
            name=str(told[party.pk]),
            since=party.joined_at,
            until=party.left_at,
            acts_for=str(told[party.acts_for_id]) if party.acts_for_id in told else "",
            private=bool(party.private),
        )
        for party in parties
    ]
