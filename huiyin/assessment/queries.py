"""Questions about what is left out: the list, a page by key, and what each reader may do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.assessment import access
from huiyin.assessment.models import Clause, Omission
from huiyin.assessment.rules import LARGEST_KEY
from huiyin.cases import access as cases
from huiyin.cases.models import Case, Order
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from huiyin.organisation.queries import holds_on, today

PAGE = 25


@dataclass(frozen=True)
class Entry:
    """One omission as a reader sees it: its evidence opened, and whether they may decide it."""

    row: Omission
    evidence: str
    why_not: str
    may_decide: bool


@dataclass(frozen=True)
class Listing:
    """A page of omissions, the newest first; `later` is the key to go on from, 0 at the end."""

    entries: Sequence[Entry]
    later: int


def omissions(by: Actor, *, after: int = 0) -> Listing:
    """Those that the actor may know of, after a key."""
    found = access.omissions(by).order_by("-pk")
    page = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    return Listing([_entry(row, by) for row in page[:PAGE]], page[PAGE - 1].pk if len(page) > PAGE else 0)


def omission(by: Actor, key: int) -> Entry | None:
    """One of them; None for a key that there cannot be, or of one that the actor may not know of."""
    if key >= LARGEST_KEY:
        return None
    row = access.omissions(by).filter(pk=key).first()
    return None if row is None else _entry(row, by)


def _entry(row: Omission, by: Actor) -> Entry:
    permit = Permit(holder=by.name, purpose=Purpose.WORK)
    return Entry(
        row=row,
        evidence=row.evidence.open(permit),
        why_not=row.why_not.open(permit) if row.why_not else "",
        may_decide=row.state == Omission.State.PROPOSED and access.may_decide(by, row),
    )


def clauses() -> list[Clause]:
    """The clauses that may be cited today."""
    return list(Clause.objects.filter(holds_on(today())).order_by("code"))


def case_of(by: Actor, number: str) -> Case | None:
    """The case of a number, of those that may be judged; None for one that the actor may not know of."""
    try:
        case = cases.find(by, number)
    except cases.NotFound:
        return None
    return case if access.judged(by).filter(pk=case.pk).exists() else None


def judged_units(by: Actor, case: Case) -> list[Unit]:
    """The units that led the case and for which the actor may ask."""
    led = Order.objects.filter(case=case, part=Order.Part.LEAD).values("unit")
    found: list[Any] = [unit for unit in Unit.objects.filter(pk__in=led) if access.may_propose(by, unit)]
    return sorted(found, key=lambda unit: unit.code)
