"""Pages of a list by key: the place of a row in the order is written into the address, and read from it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from huiyin.cases.models import Case

R = TypeVar("R", bound=Model)
# Reads at most so many of some rows in an order: head(which, order=…, most=…); mostly a `kernel.composed.Head`.
Head = Callable[..., list[R]]

PAGE = 25
HIGHEST_ID = 2**63 - 1  # of a BigAutoField
ID_DIGITS = len(str(HIGHEST_ID))
# How urgent a case is, the most urgent first: its place here is its rank.
URGENCIES = (Case.Urgency.IMMEDIATE, Case.Urgency.PRESSING, Case.Urgency.NORMAL)
A_RANK = "\ue0f0"  # in a condition: any one of them

# What each order goes by, before the id; the newest and the latest received come first, every other order rises.
ORDERS: dict[str, Sequence[str]] = {
    "due": ("due_at",),
    "newest": (),
    "received": ("received_on",),
    "urgent": ("rank", "due_at"),
    "day": ("due_on",),
}
DUE = ("due_at", "due_on")  # what a row may lack
NONE = "none"  # in the key of a row that lacks it
FALLING = (ORDERS["newest"], ORDERS["received"])


@dataclass(frozen=True)
class Listing:
    """One page of rows, and the keys of the pages beside it ("" where there is none)."""

    rows: list[Any]
    earlier: str = ""
    later: str = ""


def page(rows: QuerySet[R], order: str, *, head: Head[R], after: str = "", before: str = "",
         case: str = "") -> Listing:  # fmt: skip
    """A page of rows: by due time, newest or latest received first, or the urgent before the others, each by due time.

    `after` and `before` are keys of rows on the last page shown; `case` is the way from a row to its case; `head`
    reads what is shown of a row.
    """
    columns = ORDERS[order]
    key = _read(before or after, columns, rows.model)
    back = key is not None and bool(before)
    if "rank" in columns:
        found = _by_urgency(rows, columns, key, back=back, case=case, head=head)
    else:
        found = list[R]()
        for beyond, its_order in _next(rows, columns, key, back=back):
            if len(found) <= PAGE:
                found += head(beyond, order=its_order, most=PAGE + 1 - len(found))
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    has_earlier = more if back else key is not None
    has_later = (key is not None) if back else more
    return Listing(
        found,
        earlier=_write(found[0], columns, case) if found and has_earlier else "",
        later=_write(found[-1], columns, case) if found and has_later else "",
    )


def key_of(case: Case, order: str) -> str:
    """The key of a case in an order, whether or not it stands in the list (any more); "" while it has no due time."""
    columns = ORDERS[order]
    return "" if "due_at" in columns and case.due_at is None else _write(case, columns, "")


def _next(
    rows: QuerySet[R], columns: Sequence[str], key: Sequence[Any] | None, *, back: bool
) -> list[tuple[QuerySet[R], list[str]]]:
    """The rows beyond a key, or all of them, and their order: as an index gives them, so that none is sorted.

    What has no due time stands at one end, by the habit of the database. Beyond a key it is a part of its own, read
    when the first has not filled the page: asked for with the others it would keep the index from beginning at the key.
    """
    falling = columns in FALLING
    sign = "-" if back != falling else ""
    order = [sign + name for name in (*columns, "id")]
    if key is None:
        return [(rows, order)]
    parts = [rows.filter(_beyond(key, columns, forward=back == falling))]
    lacks = key[0] is None
    if columns and _may_lack(rows.model, columns[0]) and (lacks == _lacking_first()) != back:
        parts.append(rows.filter(**{f"{columns[0]}__isnull": not lacks}))
    return [(part, order) for part in parts]


def _may_lack(model: type[Model], column: str) -> bool:
    """Whether rows can stand in an order by a column without a value in it."""
    return column in DUE and model._meta.get_field(column).null


def _lacking_first() -> bool:
    """Whether the database puts what has no value before what has one."""
    return connection.features.order_by_nulls_first


def _by_urgency(rows: QuerySet[R], columns: Sequence[str], key: Sequence[Any] | None, *, back: bool, case: str,
                head: Head[R]) -> list[R]:  # fmt: skip
    """The same for the order of urgency: each urgency is asked in its turn until the page is full, in one statement.

    No index knows that order, and sorting by it would read all that is open for every page.
    """
    rank, *rest = key if key is not None else (None,)
    tier = rows.filter(**{f"{case}urgency": A_RANK})
    whole = [_Tier.of(*part) for part in _next(tier, columns[1:], None, back=back)]
    begun = [_Tier.of(*part) for part in _next(tier, columns[1:], tuple(rest), back=back)] if rest else whole
    parts, values = list[str](), list[Any]()
    for place in reversed(range(len(URGENCIES))) if back else range(len(URGENCIES)):
        if rank is not None and (place > rank if back else place < rank):
            continue
        for found in filter(None, begun if place == rank else whole):
            parts.append(f"SELECT * FROM ({found.sql}) AS tier_{len(parts)}")  # noqa: S608 - written by Django
            values += (URGENCIES[place] if value == A_RANK else value for value in found.values)
    if not parts:
        return []
    keys = RawSQL(f"{' UNION ALL '.join(parts)} LIMIT {PAGE + 1}", values)  # noqa: S611 - of the above alone
    read = head(rows.model._default_manager.filter(pk__in=keys), order=("id",), most=PAGE + 1)
    return sorted(read, key=lambda row: _sortable(_place_of(row, columns, case)), reverse=back)


@dataclass(frozen=True)
class _Tier:
    """The keys of the first cases of one urgency in SQL, the same for each but for `A_RANK` among the values."""

    sql: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any], order: Sequence[str]) -> "_Tier | None":
        """Of these rows in this order; None where there can be none."""
        try:
            return cls(*rows.order_by(*order).values("pk")[: PAGE + 1].query.sql_with_params())
        except EmptyResultSet:
            return None


def _sortable(place: Sequence[Any]) -> list[tuple[Any, ...]]:
    """A place in the order; what has no due time stands where the database puts it."""
    first = _lacking_first()
    return [((each is None) != first, *(() if each is None else (each,))) for each in place]


def _place_of(row: Any, columns: Sequence[str], case: str) -> tuple[Any, ...]:
    its_case = row.case if case else row
    values = (URGENCIES.index(its_case.urgency) if name == "rank" else getattr(row, name) for name in columns)
    return (*values, row.pk)


def _beyond(key: Sequence[Any], columns: Sequence[str], *, forward: bool) -> Q:
    """The rows after (or before) a key: a bound on the column that an index can begin at, and ties by the id."""
    sign = "gt" if forward else "lt"
    further = Q(**{f"id__{sign}": key[-1]})
    for name, value in zip(columns, key, strict=False):
        if value is None:
            further &= Q(**{f"{name}__isnull": True})
        else:
            further = Q(**{f"{name}__{sign}e": value}) & (Q(**{f"{name}__{sign}": value}) | further)
    return further


def _write(row: Any, columns: Sequence[str], case: str) -> str:
    *values, key = _place_of(row, columns, case)
    return "~".join([*map(_written, values), str(key)])


def _written(value: int | date | None) -> str:
    """A part of a key."""
    if value is None:
        return NONE
    return str(value) if isinstance(value, int) else value.isoformat()


def _read(text: str, columns: Sequence[str], model: type[Model]) -> tuple[Any, ...] | None:
    """A key as it was written; anything else (an address typed by hand) begins at the first page."""
    parts = text.split("~")
    if len(parts) != len(columns) + 1:
        return None
    *values, row = parts
    if (number := number_of(row)) is None:
        return None
    read = list[Any]()
    for name, value in zip(columns, values, strict=True):
        lacks = value == NONE and _may_lack(model, name)
        read.append(None if lacks else READERS.get(name, moment_of)(value))
        if read[-1] is None and not lacks:
            return None
    return (*read, number)


def number_of(text: str) -> int | None:
    """The id of a row as a key has it; None for anything that is none."""
    good = text.isascii() and text.isdecimal() and len(text) <= ID_DIGITS and int(text) <= HIGHEST_ID
    return int(text) if good else None


def _rank_of(text: str) -> int | None:
    return {str(rank): rank for rank in range(len(URGENCIES))}.get(text)


def moment_of(text: str) -> datetime | None:
    """A moment as a key has it, in UTC; None for anything that is none, or has no zone."""
    try:
        moment = datetime.fromisoformat(text)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter from a moment that UTC's calendar does not have
        return None


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


READERS: dict[str, Callable[[str], Any]] = {"rank": _rank_of, "received_on": _day_of, "due_on": _day_of}
