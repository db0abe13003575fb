"""What waits for whoever oversees a place, and with what they wait for others: each counted in one statement."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from huiyin.accounts.roles import Role
from huiyin.cases import peer_pages, promises
from huiyin.cases.models import PeerView, Promise
from huiyin.evaluation import contests, pressures, second_opinions
from huiyin.evaluation.models import Contest
from huiyin.kernel import clock as wall
from huiyin.kernel.lookups import among
from huiyin.organisation.actors import Actor
from huiyin.supervision import access, queries
from huiyin.supervision.entries import queries as entries
from huiyin.supervision.entries.models import LedgerEntry
from huiyin.supervision.feedback import queries as feedback
from huiyin.supervision.models import OPEN, Proposal
from huiyin.supervision.outside import queries as outside
from huiyin.supervision.outside.models import Inquiry
from huiyin.supervision.sweeps import queries as sweeps


@dataclass(frozen=True)
class Owed:
    """How much others owe, and how much of that is past its day."""

    n: int
    late: int


@dataclass(frozen=True)
class _Kind:
    """Rows of one kind: those that the reader may know of, as their own list has them, and which of them wait."""

    readable: Callable[[Actor], QuerySet[Any]]
    waits: Callable[[], Q]
    late: Callable[[], Q] = lambda: Q(due_on__lt=wall.local_date(wall.now()))

    def counted(self, by: Actor, name: str, **several: Q) -> QuerySet[Any]:
        """The name and these counts. Few wait among many, so it is asked row by row whether each is readable."""
        own = self.readable(by)
        known = Exists(own.filter(pk=OuterRef("pk")))
        rows = own.model.objects.filter(self.waits()).order_by().annotate(what=Value(name)).values("what")
        counts = {each: Count("pk", filter=Q(known) & of) for each, of in several.items()}
        return rows.annotate(**counts).values_list("what", *several)


TO_ACT_ON: Mapping[str, _Kind] = {
    "replied": _Kind(access.to_look_at, lambda: among("state", OPEN) & queries.of_list("replied")),
    "proposals": _Kind(access.proposals, lambda: Q(state=Proposal.State.WAITING)),
    "entries": _Kind(entries.to_look_at, lambda: Q(state=LedgerEntry.State.SUBMITTED)),
    "contests": _Kind(contests.to_decide_on, lambda: Q(state=Contest.State.ASKED)),
    "feedback": _Kind(feedback.own_copies, lambda: Q(received_at=None)),
}
OF_SUPERVISORS: Mapping[str, _Kind] = {
    "second": _Kind(second_opinions.to_give, second_opinions.is_open),
    "pressed": _Kind(pressures.visible, lambda: Q(looked_into_at=None)),
}
OWED: Mapping[str, _Kind] = {
    "rungs": _Kind(access.visible, lambda: among("state", OPEN), lambda: queries.of_list("overdue")),
    "promises": _Kind(promises.in_force, lambda: Q(state=Promise.State.MADE)),
    "inquiries": _Kind(outside.inquiries, lambda: Q(state=Inquiry.State.ASKED)),
    "sheets": _Kind(sweeps.overseen, sweeps.is_to_walk),
}
OWED_TO_SUPERVISORS: Mapping[str, _Kind] = {
    "views": _Kind(peer_pages.visible, lambda: Q(state=PeerView.State.ASKED))
}


def to_act_on(by: Actor) -> dict[str, int]:
    """How many wait for this person to decide, sign, look or give receipt, by kind."""
    kinds = _of(by, TO_ACT_ON, OF_SUPERVISORS)
    found = _together(kind.counted(by, name, n=Q()) for name, kind in kinds.items())
    return {name: dict(found).get(name, 0) for name in kinds}


def owed(by: Actor) -> dict[str, Owed]:
    """With what whoever oversees waits for others, by kind; the same for all with the same sight of cases."""
    kinds = _of(by, OWED, OWED_TO_SUPERVISORS)
    found = _together(kind.counted(by, name, n=Q(), late=kind.late()) for name, kind in kinds.items())
    counts = {name: Owed(n, late) for name, n, late in found}
    return {name: counts.get(name, Owed(0, 0)) for name in kinds}


def _of(
    by: Actor, all_who_oversee: Mapping[str, _Kind], supervisors: Mapping[str, _Kind]
) -> dict[str, _Kind]:
    return {**all_who_oversee, **(supervisors if by.role == Role.SUPERVISOR else {})}


def _together(counted: Iterable[QuerySet[Any]]) -> list[Any]:
    first, *others = counted
    return list(first.union(*others, all=True))
