"""Pages of a list by key: the place of a row in the order is written into the address, and read from it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Q, QuerySet, SmallIntegerField, Value, When

from huiyin.cases.models import Case

PAGE = 25
HIGHEST_ID = 2**63 - 1  # of a BigAutoField
ID_DIGITS = len(str(HIGHEST_ID))
RANKS = {Case.Urgency.IMMEDIATE: 0, Case.Urgency.PRESSING: 1}
OTHERWISE = 2

# What each order goes by, before the id; newest first falls, every other order rises.
ORDERS: dict[str, Sequence[str]] = {"due": ("due_at",), "newest": (), "urgent": ("rank", "due_at")}


@dataclass(frozen=True)
class Listing:
    """One page of rows, and the keys of the pages beside it ("" where there is none)."""

    rows: list[Any]
    earlier: str = ""
    later: str = ""


def page(rows: QuerySet[Any], order: str, *, after: str = "", before: str = "", case: str = "") -> Listing:
    """A page of rows: by due time, newest first, or the urgent ones before the others and each by due time.

    `after` and `before` are keys of rows on the last page shown; `case` is the way from a row to its case.
    """
    columns = ORDERS[order]
    if "rank" in columns:
        rows = rows.annotate(rank=_rank(case))
    key = _read(before or after, columns)
    back, falling = key is not None and bool(before), not columns
    if key is not None:
        rows = rows.filter(_beyond(key, columns, forward=back == falling))
    sign = "-" if back != falling else ""
    found = list(rows.order_by(*(sign + name for name in (*columns, "id")))[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    has_earlier = more if back else key is not None
    has_later = (key is not None) if back else more
    return Listing(
        found,
        earlier=_write(found[0], columns) if found and has_earlier else "",
        later=_write(found[-1], columns) if found and has_later else "",
    )


def _rank(case: str) -> Choose:
    """How urgent a row's case is, as a number that rises."""
    tiers = [When(**{f"{case}urgency": urgency}, then=Value(rank)) for urgency, rank in RANKS.items()]
    return Choose(*tiers, default=Value(OTHERWISE), output_field=SmallIntegerField())


def _beyond(key: Sequence[Any], columns: Sequence[str], *, forward: bool) -> Q:
    """The rows after (or before) a key, column by column."""
    sign = "gt" if forward else "lt"
    names, beyond, same = (*columns, "id"), Q(), Q()
    for name, value in zip(names, key, strict=True):
        beyond |= same & Q(**{f"{name}__{sign}": value})
        same &= Q(**{name: value})
    return beyond


def _write(row: Any, columns: Sequence[str]) -> str:
    written = [str(row.rank) if name == "rank" else getattr(row, name).isoformat() for name in columns]
    return "~".join([*written, str(row.pk)])


def _read(text: str, columns: Sequence[str]) -> tuple[Any, ...] | None:
    """A key as it was written; anything else (an address typed by hand) begins at the first page."""
    parts = text.split("~")
    if len(parts) != len(columns) + 1:
        return None
    *values, row = parts
    if not (row.isascii() and row.isdecimal() and len(row) <= ID_DIGITS and int(row) <= HIGHEST_ID):
        return None
    read = [
        _rank_of(value) if name == "rank" else _moment_of(value)
        for name, value in zip(columns, values, strict=True)
    ]
    return None if None in read else (*read, int(row))


def _rank_of(text: str) -> int | None:
    ranks = {str(rank): rank for rank in (*RANKS.values(), OTHERWISE)}
    return ranks.get(text)


def _moment_of(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter from a moment that UTC's calendar does not have
        return None
