"""What has to be walked, how far each sweep is, and what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from huiyin.accounts.roles import OVERSIGHT, UNIT
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.cases.paging import Listing
from huiyin.kernel import clock as wall
from huiyin.organisation.actors import Actor
from huiyin.organisation.succession import units_of_post
from huiyin.supervision.keyed import by_day, newest
from huiyin.supervision.sweeps.models import Finding, Sheet, Sweep

State = Sheet.State


@dataclass(frozen=True)
class Progress:
    """How far a sweep is: its sheets, those walked, those that should be by now and are not, and the findings."""

    sweep: Sweep
    sheets: int
    done: int
    overdue: int
    found: int


def _today() -> date:
    return wall.local_date(wall.now())


# -- the unit on the ground -----------------------------------------------------------------------------------
def own_sheets(by: Actor) -> QuerySet[Sheet]:
    """The sheets that the actor's unit has to walk, of rounds that have begun."""
    if by.role not in UNIT:
        return Sheet.objects.none()
    return Sheet.objects.filter(is_to_walk(), unit__in=units_of_post(by.post))


def to_walk(by: Actor, *, after: str = "", before: str = "") -> Listing:
    """A page of them, those due first at the top."""
    rows = own_sheets(by).select_related("sweep", "region", "person__user")
    return by_day(rows, "due_on", after=after, before=before)


def sheet_for(by: Actor, key: int) -> Sheet | None:
    """A sheet of the actor's own unit, however it stands; None for any other."""
    mine = Sheet.objects.filter(unit__in=units_of_post(by.post))
    if by.role not in UNIT:
        mine = mine.none()
    return mine.select_related("sweep", "region", "unit", "person__user").filter(pk=key).first()


def findings(sheet: Sheet, by: Actor) -> list[Finding]:
    """What a sheet found, the latest first; nothing that the reader is complained of in, and no report."""
    rows = Finding.objects.filter(sheet=sheet).exclude(case__nature=Case.Nature.REPORT)
    return list(rows.exclude(access.accused(by, "case")).select_related("case").order_by("-pk")[:100])


# -- those who oversee ----------------------------------------------------------------------------------------
def sweeps(by: Actor) -> QuerySet[Sweep]:
    """The sweeps of the place that the actor oversees."""
    if by.role not in OVERSIGHT or by.post is None:
        return Sweep.objects.none()
    return Sweep.objects.filter(region__path__startswith=by.post.unit.region.path)


def overseen(by: Actor) -> QuerySet[Sheet]:
    """The sheets of these sweeps."""
    return Sheet.objects.filter(sweep__in=sweeps(by))


def is_to_walk() -> Q:
    """The condition that a sheet has to be walked: its round has begun."""
    return Q(state=State.DUE, begins_on__lte=_today())


def listing(by: Actor, *, after: str = "", before: str = "") -> tuple[Listing, list[Progress]]:
    """A page of them, the newest first, with how far each is; two statements."""
    found = newest(sweeps(by).select_related("region", "unit"), after=after, before=before)
    return found, progress(found.rows)


def progress(rows: Sequence[Sweep]) -> list[Progress]:
    """How far each of these sweeps is, in one statement."""
    over = Q(state=State.DUE, due_on__lt=_today())
    counted = (
        Sheet.objects.filter(sweep__in=[row.pk for row in rows])
        .order_by()
        .values("sweep")
        .annotate(
            sheets=Count("pk", filter=~Q(state=State.CANCELLED)),
            done=Count("pk", filter=Q(state=State.DONE)),
            overdue=Count("pk", filter=over),
        )
    )
    by_key: dict[int, dict[str, Any]] = {row["sweep"]: row for row in counted}
    found = dict(
        Finding.objects.filter(sheet__sweep__in=[row.pk for row in rows])
        .order_by()
        .values_list("sheet__sweep")
        .annotate(n=Count("pk"))
    )
    return [
        Progress(
            row,
            **{name: by_key.get(row.pk, {}).get(name, 0) for name in ("sheets", "done", "overdue")},
            found=found.get(row.pk, 0),
        )
        for row in rows
    ]


def sheets_of(sweep: Sweep, *, tab: str = "overdue", after: str = "", before: str = "") -> Listing:
    """A page of a sweep's sheets, by their last day: those overdue, those walked without a finding, or all."""
    rows = Sheet.objects.filter(sweep=sweep)
    if tab == "overdue":
        rows = rows.filter(state=State.DUE, due_on__lt=_today())
    elif tab == "found":
        rows = rows.filter(found__gt=0)
    elif tab == "done":
        rows = rows.filter(state=State.DONE)
    return by_day(rows.select_related("region", "unit", "person__user"), "due_on", after=after, before=before)
