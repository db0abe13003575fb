"""Open matters whose title is out: what anybody may know of them, and which of them resemble what somebody writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from huiyin.cases import likeness, states
from huiyin.cases.models import Case, Exclusion, ReleasedTitle
from huiyin.organisation import queries as organisation

JOINABLE = states.sources(states.CASE_TABLE, "join")
MOST, LOOKED_AT = 5, 400  # shown; the newest ones that are compared
NotReleased = ReleasedTitle.DoesNotExist


@dataclass(frozen=True)
class OpenMatter:
    """What anybody may know of an open matter: no words, no people, no place smaller than a community."""

    number: str
    title: str
    nature: str
    region: str
    unit: str
    received_at: datetime
    due_at: datetime | None
    people: int


def out() -> QuerySet[ReleasedTitle]:
    """The titles that are out now, of matters that can still be joined; never of a report."""
    accused = Exclusion.objects.filter(case=OuterRef("case_id"))
    rows = ReleasedTitle.objects.filter(taken_back_at=None, case__state__in=JOINABLE).exclude(Exists(accused))
    return rows.exclude(case__nature=Case.Nature.REPORT)


def find(number: str) -> OpenMatter:
    """The open matter of that number. Raises `NotReleased` for any other, and never says why."""
    return _read(_with_case(out()).get(case__number=number))


def case_of(number: str) -> Case:
    """The case behind it, for whoever joins. Raises `NotReleased`."""
    return out().select_related("case").get(case__number=number).case


def similar(text: str, *, region: str = "", most: int = MOST) -> list[OpenMatter]:
    """Open matters whose title shares words with the text, the likest first, of equals the newest.

    With a region, only those in it, below it and above it. Looks at the newest 400 titles at most, in one query.
    """
    place = organisation.region_by_code(region) if region else None
    rows = _with_case(out()).order_by("-pk")[:LOOKED_AT]
    near = [row for row in rows if place is None or organisation.touches(row.case.region, place)]
    return [_read(row) for row in likeness.likest(text, near, lambda row: row.title, most=most)]


def title_of(rows: Iterable[ReleasedTitle]) -> str:
    """The title that somebody who joined may read; "" once it was taken back."""
    return next((row.title for row in rows if row.taken_back_at is None), "")


def titles_of(cases: Sequence[Case]) -> dict[int, str]:
    """The titles that are out, by case, in one query."""
    rows = ReleasedTitle.objects.filter(case__in=cases, taken_back_at=None)
    return dict(rows.values_list("case_id", "title"))


def _with_case(rows: QuerySet[ReleasedTitle]) -> QuerySet[ReleasedTitle]:
    return rows.select_related("case__region", "case__holder_unit", "case__desk")


def _read(row: ReleasedTitle) -> OpenMatter:
    case = row.case
    return OpenMatter(
        number=case.number,
        title=row.title,
        nature=case.get_nature_display(),
        region=case.region.name,
        unit=str(case.holder_unit or case.desk),
        received_at=case.received_at,
        due_at=case.due_at,
        people=case.headcount,
    )
