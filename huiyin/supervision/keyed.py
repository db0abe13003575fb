"""Pages of a list by key: the newest first, or by a day and the id; the key of a row is written into the address."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from huiyin.cases.paging import PAGE, Listing, number_of

R = TypeVar("R", bound=Model)


def newest(rows: QuerySet[R], *, after: str = "", before: str = "") -> Listing:
    """A page of rows, the newest first; the keys are ids."""
    key = number_of(before or after)
    back = key is not None and bool(before)
    if key is not None:
        rows = rows.filter(**{"id__gt" if back else "id__lt": key})
    found = list(rows.order_by("id" if back else "-id")[: PAGE + 1])
    return _listing(found, _number, back=back, moved=key is not None)


def by_day(rows: QuerySet[R], column: str, *, after: str = "", before: str = "") -> Listing:
    """A page of rows by (a day that none lacks, id); `after` and `before` are keys of rows on the last page shown."""
    key = _read(before or after)
    back = key is not None and bool(before)
    if key is not None:
        rows = rows.filter(_beyond(column, key, "lt" if back else "gt"))
    sign = "-" if back else ""
    found = list(rows.order_by(f"{sign}{column}", f"{sign}id")[: PAGE + 1])
    return _listing(found, partial(_written, column=column), back=back, moved=key is not None)


def _listing(found: list[R], key_of: Callable[[Any], str], *, back: bool, moved: bool) -> Listing:
    """The rows of a page, of which one more than fits was read, with the keys of the pages beside it."""
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    earlier, later = (more, True) if back else (moved, more)
    return Listing(
        found,
        earlier=key_of(found[0]) if found and earlier else "",
        later=key_of(found[-1]) if found and later else "",
    )


def _beyond(column: str, key: tuple[date, int], sign: str) -> Q:
    day, row = key
    ties = Q(**{f"{column}__{sign}": day}) | Q(**{f"id__{sign}": row})
    return Q(**{f"{column}__{sign}e": day}) & ties


def _number(row: Any) -> str:
    return str(row.pk)


def _written(row: Any, *, column: str) -> str:
    return f"{getattr(row, column).isoformat()}~{row.pk}"


def _read(text: str) -> tuple[date, int] | None:
    """A key as it was written; anything else (an address typed by hand) begins at the first page."""
    day, _tilde, row = text.partition("~")
    key = number_of(row)
    try:
        return None if key is None else (date.fromisoformat(day), key)
    except ValueError:
        return None
