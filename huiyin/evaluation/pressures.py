"""被要求打好评: who was pressed to rate well, for supervision alone."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import access
from huiyin.evaluation.independence import judges_own
from huiyin.evaluation.models import Pressure, Rating
from huiyin.evaluation.raters import answering_unit_id
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

PAGE = 25


@dataclass(frozen=True)
class Told:
    """One of them in the clear. `before` and `now` are (solved, satisfied) as they were given, None where not."""

    row: Pressure
    number: str
    title: str
    unit: str
    words: str
    finding: str
    before: tuple[str, int] | None
    now: tuple[str, int] | None
    at: datetime


def visible(by: Actor) -> QuerySet[Pressure]:
    """Those that a supervisor may know of. Raises PermissionDenied for everybody else, desk and leaders among them."""
    if by.role != Role.SUPERVISOR:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    return Pressure.objects.filter(~judges_own(by), case__in=access.visible(by).values("pk"))


def told(by: Actor, *, before: int | None = None) -> tuple[list[Told], int | None]:
    """A page of them, the newest first, and the key before which the next page begins."""
    rows = visible(by) if before is None else visible(by).filter(pk__lt=before)
    found = list(rows.select_related("case__parent", "anew").order_by("-pk")[: PAGE + 1])
    page = found[:PAGE]
    old = _ratings_before(page)
    units = Unit.objects.in_bulk([key for key in (row.unit_id for row in old.values()) if key])
    return [_told(row, old.get((row.party_id, row.round)), units, by) for row in page], (
        page[-1].pk if len(found) > PAGE else None
    )


def one(by: Actor, key: int) -> Told | None:
    """One of them; None when there is none that this supervisor may know of."""
    row = visible(by).select_related("case__parent", "anew").filter(pk=key).first()
    if row is None:
        return None
    old = _ratings_before([row]).get((row.party_id, row.round))
    unit = old.unit_id if old else answering_unit_id(row.case)
    return _told(row, old, Unit.objects.in_bulk([unit] if unit else []), by)


def _ratings_before(rows: list[Pressure]) -> dict[tuple[int, int], Rating]:
    """The rating that each party had given when they said so: set aside since, or still counting."""
    given = Rating.objects.filter(party__in=[row.party_id for row in rows]).exclude(
        set_aside__in=(Rating.Aside.SECOND, Rating.Aside.VOID)
    )
    anew = {row.anew_id for row in rows}
    return {(each.party_id, each.round): each for each in given if each.pk not in anew}


def _told(row: Pressure, old: Rating | None, units: dict[int, Unit], by: Actor) -> Told:
    permit = Permit(holder=by.name, purpose=Purpose.NOTICE)
    unit = units.get(old.unit_id) if old and old.unit_id else next(iter(units.values()), None)
    return Told(
        row=row,
        number=row.case.number,
        title=row.case.title,
        unit=str(unit) if unit is not None else "",
        words=row.words.open(permit) if row.words else "",
        finding=row.finding.open(permit) if row.finding else "",
        before=(old.get_solved_display(), old.satisfied) if old else None,
        now=(row.anew.get_solved_display(), row.anew.satisfied) if row.anew else None,
        at=row.at,
    )
