"""What the public reads: published cases only, newest first, paged by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from huiyin.cases.models import Case, Category
from huiyin.organisation import queries as organisation
from huiyin.publication.models import Publication

PAGE = 20
NotPublished = Publication.DoesNotExist


@dataclass(frozen=True)
class Page:
    """Some rows, and the key after which the next page begins ("" on the last)."""

    rows: Sequence[Publication]
    next_key: str = ""


def published() -> QuerySet[Publication]:
    """Everything that is public now."""
    return Publication.objects.filter(state=Publication.State.PUBLISHED)


def public_list(
    *,
    after_key: str = "",
    nature: str = "",
    category: str = "",
    unit: str = "",
    region: str = "",
    size: int = PAGE,
) -> Page:
    """One page of published cases, the newest first, with at most one query more than its filters.

    `category` and `region` are codes and take in everything below them; `unit` is the code of the unit that
    answered. A key that cannot be read begins at the newest; an unknown code finds nothing.
    """
    rows = published().select_related("case", "category", "unit", "region")
    if nature:
        rows = rows.filter(nature=nature)
    if unit:
        rows = rows.filter(unit__code=unit)
    if category:
        rows = rows.filter(category__path__startswith=_category_path(category))
    if region:
        place = organisation.region_by_code(region)
        rows = rows.filter(region__path__startswith=place.path if place else "?")
    before = _moment_and_id(after_key)
    if before:
        moment, key = before
        rows = rows.filter(Q(confirmed_at__lt=moment) | Q(confirmed_at=moment, pk__lt=key))
    found = list(rows.order_by("-confirmed_at", "-pk")[: size + 1])
    return Page(found[:size], _key(found[size - 1]) if len(found) > size else "")


def public_page(number: str) -> Publication:
    """The published case of that number. Raises `Publication.DoesNotExist` for any other, and never says why."""
    return published().select_related("case", "category", "unit", "region").get(case__number=number)


def publication_of(case: Case) -> Publication | None:
    """Draft, publication or withdrawn one of a case, for the desk."""
    return Publication.objects.filter(case=case).select_related("confirmed_by", "unit").first()


def _category_path(code: str) -> str:
    return Category.objects.filter(code=code).values_list("path", flat=True).first() or "?"


def _key(row: Publication) -> str:
    moment = row.confirmed_at or datetime.min.replace(tzinfo=UTC)
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{row.pk}"


def _moment_and_id(key: str) -> tuple[datetime, int] | None:
    moment, _dash, pk = key.partition("-")
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(pk)
    except ValueError:
        return None
