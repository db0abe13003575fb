"""Whom to ask whether it came back, and how often it did."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet

from huiyin.accounts.roles import DESK, OVERSIGHT, Role
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.cases.paging import Listing
from huiyin.kernel import clock as wall
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from huiyin.supervision.keyed import newest
from huiyin.supervision.recurrence.models import Recheck

State = Recheck.State
ASKERS = (Role.CALLER, Role.REVIEWER)


@dataclass(frozen=True)
class Recurrence:
    """How often what was closed came back, so many days later: of those who answered; `n` is who answered."""

    days: int
    asked: int
    n: int
    came_back: int
    unit: Unit | None = None

    @property
    def rate(self) -> float | None:
        """The share of those who answered, from 0 to 1; None when nobody has."""
        return self.came_back / self.n if self.n else None


def open_for(case: Case) -> Recheck | None:
    """The question that waits for an answer of this case's petitioner; the earliest where there are two."""
    waiting = Recheck.objects.filter(case=case, round=case.round, state=State.ASKED)
    return waiting.filter(until__gte=wall.local_date(wall.now())).order_by("pk").first()


def last_of(case: Case) -> Recheck | None:
    """The question that waits, or else the latest there was: its act says what became of it."""
    return open_for(case) or Recheck.objects.filter(case=case).order_by("-pk").first()


def may_ask(by: Actor) -> QuerySet[Recheck]:
    """The questions that wait, of cases that the actor may know of; nothing for those who are judged by them."""
    if by.role not in (*DESK, *OVERSIGHT):
        return Recheck.objects.none()
    waiting = Recheck.objects.filter(state=State.ASKED, until__gte=wall.local_date(wall.now()))
    return waiting.filter(case__in=access.visible(by))


def to_ask(by: Actor, *, after: str = "", before: str = "") -> Listing:
    """A page of them, the newest first."""
    return newest(may_ask(by).select_related("case__region", "unit"), after=after, before=before)


def recurrence(by: Actor, *, since: date | None = None, until: date | None = None) -> list[Recurrence]:
    """How often it came back, by the number of days; of the cases that the actor may know of, asked in a period."""
    rows = _of_period(by, since, until).values("days").annotate(**COUNTED).order_by("days")
    return [Recurrence(row["days"], row["asked"], row["n"], row["back"]) for row in rows]


def by_unit(by: Actor, *, since: date | None = None, until: date | None = None) -> list[Recurrence]:
    """The same for each unit that led, those of which most came back first."""
    counted = _of_period(by, since, until).exclude(unit=None).values("unit", "days").annotate(**COUNTED)
    rows = list(counted.order_by("unit", "days"))
    units = Unit.objects.in_bulk({row["unit"] for row in rows})
    found = [Recurrence(row["days"], row["asked"], row["n"], row["back"], units[row["unit"]]) for row in rows]
    return sorted(found, key=lambda line: (-line.came_back, line.unit.code if line.unit else "", line.days))


COUNTED = {
    "asked": Count("pk"),
    "n": Count("pk", filter=Q(state=State.ANSWERED)),
    "back": Count("pk", filter=Q(came_back=True)),
}


def _of_period(by: Actor, since: date | None, until: date | None) -> QuerySet[Recheck]:
    rows = Recheck.objects.order_by()
    if by.role not in (*DESK, *OVERSIGHT):
        return rows.none()
    rows = rows.filter(case__in=access.visible(by))
    if since is not None:
        rows = rows.filter(asked_at__gte=_midnight(since))
    return rows if until is None else rows.filter(asked_at__lt=_midnight(until))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=wall.zone())
