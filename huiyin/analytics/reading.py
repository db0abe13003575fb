"""What is read of the live database for the star: rows of codes and moments, as CSV, of every case or of some."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Max, Model, Q, QuerySet

from huiyin.cases import states
from huiyin.cases.models import Answer, Case, Category, Exclusion, Objection, Order, Round
from huiyin.deadlines.models import Policy
from huiyin.evaluation.models import COUNTS, Rating
from huiyin.organisation.models import Region, Unit

AT_ONCE = 10_000  # rows
NUMBERS = 500  # in one question; SQLite takes no more than a thousand


EVERY = Q()


@dataclass(frozen=True)
class Source:
    """Rows of one model: the columns with their types in DuckDB, and how its rows hang on a case."""

    model: type[Model]
    columns: Mapping[str, str]
    case: str = "case_id"
    only: Q = EVERY

    def rows(self, cases: QuerySet[Case] | None) -> QuerySet[Any]:
        """The rows of these cases, or of all; never those of a report, which no kept figure counts (decision 0018)."""
        prefix = self.case.removesuffix("_id") + "__" if self.model is not Case else ""
        rows: QuerySet[Any] = self.model._default_manager.filter(self.only)
        wanted = rows.exclude(**{f"{prefix}nature": Case.Nature.REPORT})
        if cases is not None:
            wanted = wanted.filter(**{f"{self.case if prefix else 'pk'}__in": cases.values("pk")})
        return wanted.order_by().values_list(*self.columns)


KEY, CODE, AT, DAY, YES = "BIGINT", "VARCHAR", "TIMESTAMP", "DATE", "BOOLEAN"
OF_CASES: Mapping[str, Source] = {
    "cases": Source(
        Case,
        {
            "id": KEY, "number": CODE, "state": CODE, "nature": CODE, "channel": CODE, "track": CODE,
            "urgency": CODE, "door": CODE, "headcount": KEY, "category_id": KEY, "region_id": KEY, "parent_id": KEY,
            "parent__nature": CODE, "parent__state": CODE, "round": KEY, "received_at": AT, "received_on": DAY,
            "first_answered_at": AT, "ended_at": AT, "due_at": AT,
        },
        case="id",
    ),
    "case_rounds": Source(
        Round,
        {
            "id": KEY, "case_id": KEY, "number": KEY, "cause": CODE, "told_at": AT, "clock__late": YES,
            "clock__state": CODE, "clock__due_at": AT, "clock__prolonged": CODE, "clock__policy_id": KEY,
        },
    ),
    "case_orders": Source(
        Order,
        {
            "id": KEY, "case_id": KEY, "unit_id": KEY, "part": CODE, "state": CODE, "sent_at": AT, "signed_at": AT,
            "answered_at": AT, "due_at": AT, "person_id": KEY, "signed_by_id": KEY, "objection_until": AT,
            "clock__late": YES,
        },
    ),
    "case_answers": Source(
        Answer,
        {
            "id": KEY, "case_id": KEY, "unit_id": KEY, "given_at": AT, "state": CODE, "round": KEY, "given_by_id": KEY,
            "order__part": CODE,
        },
    ),
    # A merged matter was answered as its parent, which may lie in another part.
    "parent_answers": Source(
        Case,
        {"id": KEY, "parent__answers__id": KEY, "parent__answers__unit_id": KEY, "parent__answers__given_at": AT},
        case="id",
        only=Q(parent__answers__state=Answer.State.APPROVED) & ~Q(parent__nature=Case.Nature.REPORT),
    ),
    "case_objections": Source(Objection, {"id": KEY, "order_id": KEY, "order__case_id": KEY}, case="order__case_id"),
    "case_accused": Source(Exclusion, {"id": KEY, "case_id": KEY}),
    "case_ratings": Source(
        Rating,
        {
            "id": KEY, "case_id": KEY, "round": KEY, "at": AT, "how": CODE, "contacted": YES, "solved": CODE,
            "satisfied": KEY, "unit_id": KEY,
        },
        only=COUNTS,
    ),
}  # fmt: skip
OF_PLACE: Mapping[str, tuple[type[Model], Mapping[str, str]]] = {
    "all_regions": (
        Region,
        {
            "id": KEY, "code": CODE, "name": CODE, "name_en": CODE, "level": CODE, "path": CODE, "population": KEY,
            "valid_from": DAY, "valid_to": DAY, "successor_id": KEY,
        },
    ),
    "all_units": (
        Unit,
        {
            "id": KEY, "code": CODE, "name": CODE, "short_name": CODE, "name_en": CODE, "kind": CODE, "path": CODE,
            "region_id": KEY, "valid_from": DAY, "valid_to": DAY, "successor_id": KEY,
        },
    ),
    "all_policies": (Policy, {"id": KEY, "code": CODE, "kind": CODE, "amount": KEY, "basis": CODE}),
    "all_categories": (
        Category,
        {
            "id": KEY, "code": CODE, "name": CODE, "name_en": CODE, "path": CODE, "valid_from": DAY, "valid_to": DAY,
            "successor_id": KEY,
        },
    ),
}  # fmt: skip


# What a room above lays beside the cases: the columns here, whoever has the rows there (`lay_beside`). Read in whole.
BESIDE: Mapping[str, Mapping[str, str]] = {
    "all_omissions": {"id": KEY, "case_id": KEY, "unit_id": KEY, "clause__code": CODE, "decided_at": AT},
}
_beside: dict[str, Callable[[], QuerySet[Any]]] = {}


def lay_beside(name: str, rows: Callable[[], QuerySet[Any]]) -> None:
    """Say who has the rows of a table of BESIDE; done once, when the room that has them is loaded."""
    _beside[name] = rows


def write_beside(folder: Path) -> None:
    """The rows of the rooms above, each kind as a CSV file."""
    for name, rows in _beside.items():
        write(rows().order_by().values_list(*BESIDE[name]), folder / f"{name}.csv")


def roughly() -> int:
    """How many cases there are, without counting them: the last key."""
    return Case.objects.aggregate(last=Max("pk"))["last"] or 0


def open_cases() -> QuerySet[Case]:
    """Cases under way: read anew each time, since clocks of theirs move without an event of the case."""
    return Case.objects.filter(state__in=states.Case.OPEN)


def cases_numbered(numbers: Sequence[str]) -> Iterable[QuerySet[Case]]:
    """The cases with these numbers, so many at a time, and those that were merged into them."""
    for at in range(0, len(numbers), NUMBERS):
        some = numbers[at : at + NUMBERS]
        yield Case.objects.filter(number__in=some)
        yield Case.objects.filter(parent__in=Case.objects.filter(number__in=some).values("pk"))


def write(rows: QuerySet[Any], file: Path) -> None:
    """The rows of a query behind those that a CSV file has; moments in UTC, nothing for what is not there."""
    sql, given = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                file.open("ab") as to,
                cursor.cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT CSV)", given) as out,
            ):
                to.writelines(out)
            return
        with file.open("a", newline="", encoding="utf-8") as to:
            lines = csv.writer(to, lineterminator="\n")
            cursor.execute(sql, given)
            while some := cursor.fetchmany(AT_ONCE):
                lines.writerows(some)
