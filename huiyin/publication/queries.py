"""What the public reads: published cases only, newest first, paged by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from huiyin.cases import likeness
from huiyin.cases.models import Case, Statement
from huiyin.cases.queries import categories
from huiyin.kernel.composed import Head, worded
from huiyin.organisation import queries as organisation
from huiyin.publication.models import Publication

PAGE = 20
LOOKED_AT = 400  # of the newest, when something similar is sought
OF_PUBLICATION = ("title", "text", "answer", "nature", "received_on", "answered_on", "confirmed_at")
NotPublished = Publication.DoesNotExist
PUBLIC_NOW = Q(state=Publication.State.PUBLISHED)


@dataclass(frozen=True)
class Page:
    """Some rows, and the key after which the next page begins ("" on the last)."""

    rows: Sequence[Publication]
    next_key: str = ""


def published() -> QuerySet[Publication]:
    """Everything that is public now."""
    return Publication.objects.filter(PUBLIC_NOW)


def as_listed() -> QuerySet[Publication]:
    """Published cases for lists and feeds: of the case itself only the number leaves the database."""
    names = [f"{place}__{name}" for place in ("category", "region") for name in ("name", "name_en")]
    unit = [f"unit__{name}" for name in ("name", "short_name", "name_en")]
    related = Publication.objects.select_related("case", "category", "unit", "region")
    return related.only(*OF_PUBLICATION, "case__number", *names, *unit)


AS_LISTED = Head(as_listed)


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
    rows = published()
    if nature:
        rows = rows.filter(nature=nature)
    if unit:
        rows = rows.filter(unit=organisation.unit_key(unit))
    if region:
        place = organisation.region_by_code(region)
        rows = rows.filter(organisation.placed_in(place.path)) if place else rows.none()
    before = _moment_and_id(after_key)
    if before:
        moment, key = before
        earlier = Q(confirmed_at__lt=moment) | Q(pk__lt=key)
        rows = rows.filter(earlier, confirmed_at__lte=moment)  # the bound is where the index begins
    if category:
        rows = _newest_of_each(rows, _filed_in(category), most=size + 1)
    found = AS_LISTED(rows, order=("-confirmed_at", "-id"), most=size + 1)
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], _key(last.confirmed_at, last.pk) if last else "")


@dataclass(frozen=True)
class StatementRead:
    """What was said in public on a matter: words, place, who said it and when; nothing leads to the matter.

    `earlier` are the words that it corrects, the latest first, with the time at which each was said; `reason` says why
    it was corrected. Of one that was taken back, `withdrawn_at` and the reason are all that is left.
    """

    text: str
    place: str
    unit: str
    at: datetime
    reason: str = ""
    earlier: tuple[tuple[datetime, str], ...] = ()
    withdrawn_at: datetime | None = None


def statements(*, after_key: str = "", size: int = PAGE) -> tuple[list[StatementRead], str]:
    """One page of public statements, the newest first, and the key after which the next begins; never of a report."""
    shown = (Statement.State.MADE, Statement.State.WITHDRAWN)
    rows = Statement.objects.filter(state__in=shown).exclude(case__nature=Case.Nature.REPORT)
    before = _moment_and_id(after_key)
    if before:
        moment, key = before
        rows = rows.filter(Q(made_at__lt=moment) | Q(pk__lt=key), made_at__lte=moment)
    related = ("case__region", "case__desk", "made_by__unit")
    found = list(rows.select_related(*related).order_by("-made_at", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    before_these = _corrected([row for row in found[:size] if row.replaces_id])
    read = [_read(row, before_these) for row in found[:size]]
    return read, _key(last.made_at, last.pk) if last else ""


def _corrected(rows: Sequence[Statement]) -> dict[int, Statement]:
    """The corrected statements of the matters of these, by their keys; one query, and none where there are none."""
    cases = [row.case_id for row in rows]
    known = Statement.objects.filter(case__in=cases, state=Statement.State.CORRECTED) if cases else ()
    return {row.pk: row for row in known}


def _read(row: Statement, corrected: Mapping[int, Statement]) -> StatementRead:
    by = row.made_by.unit if row.made_by else row.case.desk
    taken = row.state == Statement.State.WITHDRAWN
    earlier: list[tuple[datetime, str]] = []
    before = corrected.get(row.replaces_id or 0)
    while before is not None and not taken:
        earlier.append((before.made_at or before.owed_at, before.text))
        before = corrected.get(before.replaces_id or 0)
    return StatementRead(
        text="" if taken else row.text,
        place=str(row.case.region),
        unit=by.full_name,
        at=row.made_at or row.owed_at,
        reason=row.reason,
        earlier=tuple(earlier),
        withdrawn_at=row.withdrawn_at,
    )


def public_page(number: str) -> Publication:
    """The published case of that number. Raises `Publication.DoesNotExist` for any other, and never says why."""
    return published().select_related("case", "category", "unit", "region").get(case__number=number)


def published_between(
    began: datetime, ended: datetime, *, most: int, category: str = "", unit: str = "", region: str = ""
) -> list[Publication]:
    """What became public from the one moment up to the other, the newest first, `most` at the most."""
    rows = published().filter(confirmed_at__gte=began, confirmed_at__lt=ended)
    if category:
        rows = rows.filter(category__in=_filed_in(category))
    if unit:
        rows = rows.filter(unit=organisation.unit_key(unit))
    if region:
        place = organisation.region_by_code(region)
        rows = rows.filter(organisation.placed_in(place.path)) if place else rows.none()
    return AS_LISTED(rows, order=("-confirmed_at", "-id"), most=most)


def still_published(said: Mapping[str, str]) -> set[str]:
    """Those of the numbers that are public as they were confirmed at the moment given (ISO 8601)."""
    rows = published().filter(case__number__in=list(said)).values_list("case__number", "confirmed_at")
    return {number for number, at in rows if at is not None and said[number] == at.isoformat()}


def publication_of(case: Case) -> Publication | None:
    """Draft, publication or withdrawn one of a case, for the desk."""
    return Publication.objects.filter(case=case).select_related("confirmed_by", "unit").first()


def resembling(text: str, *, region: str = "", most: int = 5) -> list[Publication]:
    """Published cases whose title shares words with the text, the likest first; with a region, those in it or above.

    Looks at the newest 400 at most, in one query.
    """
    place = organisation.region_by_code(region) if region else None
    rows = published().select_related("case", "region").order_by("-confirmed_at", "-pk")[:LOOKED_AT]
    near = [row for row in rows if place is None or organisation.touches(row.region, place)]
    return likeness.likest(text, near, lambda row: row.title, most=most)


def _newest_of_each(
    rows: QuerySet[Publication], categories: Sequence[int], *, most: int
) -> QuerySet[Publication]:
    """Of each category the newest, which are all that a page can show.

    Asked for several categories at once a database walks through everything that is public, the newest first, until
    the page is full: among a million, of what is rare, for seconds. One category alone stands in an index in order.
    """
    these = worded(rows)
    if these is None or not categories:
        return rows.none()
    table = connection.ops.quote_name(Publication._meta.db_table)
    newest = f"ORDER BY confirmed_at DESC, id DESC LIMIT {most}"
    first = f"SELECT confirmed_at, id FROM {table} WHERE {these.sql} AND category_id = %s {newest}"  # noqa: S608
    parts = [f"SELECT * FROM ({first}) AS of_{key}" for key in categories]  # noqa: S608 - of numbers
    every = " UNION ALL ".join(parts)
    values = [value for key in categories for value in (*these.values, key)]
    keys = RawSQL(f"SELECT id FROM (SELECT * FROM ({every}) AS every {newest}) AS newest", values)  # noqa: S608, S611
    return published().filter(pk__in=keys)


def _filed_in(code: str) -> list[int]:
    """The keys of a category and all below it: an index on them serves."""
    return [row.pk for row in categories() if code in organisation.codes_of(row.path)]


def _key(at: datetime | None, pk: int) -> str:
    moment = at or datetime.min.replace(tzinfo=UTC)
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{pk}"


def _moment_and_id(key: str) -> tuple[datetime, int] | None:
    moment, _dash, pk = key.partition("-")
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(pk)
    except ValueError:
        return None
