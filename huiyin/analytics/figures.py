"""Every figure once: pages, the command line and later the sheets of assessment all take it from here.

Each function takes the cases that somebody may see (`cases.access.visible`), so that a figure never counts what its
reader may not know of. Days are exact spans in days of 24 hours, from receipt to first answer.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from math import ceil, floor, sqrt
from typing import Any

from django.db.models import (
    Avg,
    CharField,
    Count,
    DurationField,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Window,
)
from django.db.models.functions import Cast, Coalesce, RowNumber, Substr
from django.utils.translation import ngettext

from huiyin.analytics.intervals import Z95, wilson
from huiyin.cases import states
from huiyin.cases.models import Answer, Case, Round
from huiyin.deadlines.models import Clock, Policy
from huiyin.kernel import clock
from huiyin.organisation.models import Unit
from huiyin.organisation.place import doors

DAY = timedelta(days=1)
# A told case is open, but nobody waits for an answer any more: it cannot be overdue.
WAITING = tuple(state for state in states.Case.OPEN if state != states.Case.TOLD)


@dataclass(frozen=True)
class Totals:
    """Counts of cases 件 and people 人次, and how long the first answers took, in days (None without any)."""

    cases: int
    headcount: int
    answered: int
    open: int
    overdue: int
    median_days: float | None
    mean_days: float | None
    max_days: float | None
    open_headcount: int = 0


@dataclass(frozen=True)
class Middle:
    """A median with its 95 % interval, which needs eight values or more; None where there is none."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of a table of figures: `key` is a code (or a month, 2026-11), `name` is for reading."""

    key: str
    name: str
    cases: int
    headcount: int
    answered: int
    median_days: float | None
    mean_days: float | None


@dataclass(frozen=True)
class Judged:
    """A policy by which answers were judged, and how many."""

    code: str
    limit: str
    basis: str
    n: int
    kind: str = ""
    amount: int = 0


@dataclass(frozen=True)
class OnTime:
    """The share of rounds told within their limit, with its 95 % Wilson interval and what it was judged by.

    `n` counts every round that was told, and every one that is overdue and still waits; `extended` says how
    many of them had their limit prolonged. Declined, merged-away and withdrawn matters are not judged.
    """

    rate: float | None
    on_time: int
    n: int
    interval: tuple[float, float] | None
    extended: int
    policies: Sequence[Judged]


def within(visible: QuerySet[Case], since: date | None, until: date | None) -> QuerySet[Case]:
    """The cases received from one local date to another, both included; None leaves that side open."""
    if since is not None:
        visible = visible.filter(received_on__gte=since)
    return visible if until is None else visible.filter(received_on__lte=until)


def received_on(visible: QuerySet[Case], days: Sequence[date]) -> list[int]:
    """How many cases were received on each of these local dates, in one query."""
    found = visible.order_by().filter(received_on__in=days).values_list("received_on").annotate(n=Count("pk"))
    counted = dict(found)
    return [counted.get(day, 0) for day in days]


def headcount_on(visible: QuerySet[Case], day: date) -> int:
    """How many people brought something on this local date."""
    people = visible.order_by().filter(received_on=day).aggregate(people=Sum("headcount", default=0))
    return int(people["people"])


def totals(visible: QuerySet[Case]) -> Totals:
    """Cases, people, answers, open and overdue ones, and the days that answers took."""
    overdue = Q(state__in=WAITING, due_at__lt=clock.now())
    counted = timed(visible).aggregate(
        cases=Count("pk"),
        open_headcount=Sum(
            "headcount", filter=Q(state__in=states.Case.OPEN), default=0
        ),  # before the name is taken
        headcount=Sum("headcount", default=0),
        answered=Count("first_answered_at"),
        open=Count("pk", filter=Q(state__in=states.Case.OPEN)),
        overdue=Count("pk", filter=overdue),
        mean=Avg("took"),
        longest=Max("took"),
    )
    mean, longest = counted.pop("mean"), counted.pop("longest")
    return Totals(
        **counted,
        median_days=median_days(visible, counted["answered"]),
        mean_days=_days(mean),
        max_days=_days(longest),
    )


def by_nature(visible: QuerySet[Case]) -> list[Row]:
    """Figures of each nature, in the order of the natures."""
    labels = {str(value): str(label) for value, label in Case.Nature.choices}
    rows = {row.key: row for row in _grouped(visible, F("nature"), labels)}
    return [rows[key] for key in labels if key in rows]


def by_door(visible: QuerySet[Case]) -> list[Row]:
    """Figures of each door of the front desk, in the profile's order, then of doors that it has dropped.

    Matters that came by none of them are not counted here; none at all where there is one desk for everything.
    """
    names = {door.code: door.name for door in doors()}
    rows = {row.key: row for row in _grouped(visible.exclude(door=""), F("door"), names)}
    return [rows[key] for key in (*names, *sorted(set(rows) - set(names))) if key in rows]


def by_unit(visible: QuerySet[Case]) -> list[Row]:
    """Figures of each unit that answered; the busiest first.

    A case counts once, for the unit that answered it first; a merged one for the unit that answered its parent.
    """
    answered = visible.filter(first_answered_at__isnull=False)
    unit = first_answer_unit()
    units = {str(unit.pk): unit for unit in Unit.objects.all()}
    rows = _grouped(answered, unit, {})
    known = {key: {"key": unit.code, "name": str(unit)} for key, unit in units.items()}
    nobody = {"key": "", "name": "–"}  # answered with its parent, and reopened alone since
    coded = [Row(**{**asdict(row), **known.get(row.key, nobody)}) for row in rows]
    return sorted(coded, key=lambda row: (-row.cases, row.key))


def by_month(visible: QuerySet[Case]) -> list[Row]:
    """Figures of each month of receipt, by local date, the oldest first."""
    month = Substr(Cast("received_on", CharField()), 1, 7)
    return sorted(_grouped(visible, month, {}), key=lambda row: row.key)


def on_time(visible: QuerySet[Case]) -> OnTime:
    """How many rounds were told within their limit, of those that were told or should have been by now.

    Limits are those that each round's clock ran under, with the pauses and extensions that it had.
    """
    told = Q(told_at__isnull=False)
    waiting = Q(
        told_at__isnull=True,
        number=F("case__round"),
        case__state__in=WAITING,
        clock__state=Clock.State.RUNNING,
        clock__due_at__lt=clock.now(),
    )
    policy = ("clock__policy__code", "clock__policy__kind", "clock__policy__amount", "clock__policy__basis")
    rows = list(
        Round.objects.filter(told | waiting, case__in=visible.order_by().values("pk"))
        .values_list(*policy)
        .annotate(
            n=Count("pk"),
            good=Count("pk", filter=told & Q(clock__late=False)),
            extended=Count("pk", filter=~Q(clock__prolonged="")),
        )
        .order_by("clock__policy__code")
    )
    n, good = sum(row[4] for row in rows), sum(row[5] for row in rows)
    return OnTime(
        rate=good / n if n else None,
        on_time=good,
        n=n,
        interval=wilson(good, n) if n else None,
        extended=sum(row[6] for row in rows),
        policies=[
            Judged(code, limit_words(kind, amount), basis, n, kind, amount)
            for code, kind, amount, basis, n, *_r in rows
        ],
    )


def limit_words(kind: str, amount: int) -> str:
    """A limit as people say it: 5 个工作日."""
    words = {
        Policy.Kind.HOURS: ngettext("%(amount)d 小时", "%(amount)d 小时", amount),
        Policy.Kind.WORKING_DAYS: ngettext("%(amount)d 个工作日", "%(amount)d 个工作日", amount),
        Policy.Kind.CALENDAR_DAYS: ngettext("%(amount)d 个自然日", "%(amount)d 个自然日", amount),
    }
    return words[Policy.Kind(kind)] % {"amount": amount}


def first_answer_unit() -> Coalesce:
    """The key of the unit that answered a case first; of a merged one, that answered its parent."""
    return Coalesce(_first_answer("pk"), _first_answer("parent"))


def _first_answer(case: str) -> Subquery:
    """The unit of the first answer that was let out, to the case that a field of the outer row names."""
    told = Answer.objects.filter(case=OuterRef(case), state=Answer.State.APPROVED)
    return Subquery(told.order_by("given_at", "pk").values("unit")[:1])


class Span(Func):
    """The time from the second moment to the first: whole milliseconds on SQLite, microseconds on PostgreSQL.

    Django's own subtraction calls back into Python for every row on SQLite, which is three times slower.
    """

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = DurationField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Days between Julian dates, as microseconds."""
        days = "(julianday(%(expressions)s))"
        return super().as_sql(
            compiler,
            connection,
            template=f"(CAST(ROUND({days} * 86400000) AS INTEGER) * 1000)",
            arg_joiner=") - julianday(",
            **context,
        )


def timed(visible: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with `took`, the time that the first answer took."""
    return visible.order_by().annotate(took=Span("first_answered_at", "received_at"))


def median_days(visible: QuerySet[Case], answered: int) -> float | None:
    """The middle of the ordered times: of an even number, the mean of the two in the middle."""
    if not answered:
        return None
    ordered = timed(visible).filter(first_answered_at__isnull=False).order_by("took")
    first, last = (answered - 1) // 2, answered // 2
    return _mean_days(list(ordered.values_list("took", flat=True)[first : last + 1]))


def middle(visible: QuerySet[Case], answered: int) -> Middle:
    """The median of the days to the first answer with its 95 % interval: one question, whatever the number.

    The bounds are the values whose ranks are (n ± 1.96 √n) / 2, the lower rounded down and the upper up from the
    next (Conover, Practical Nonparametric Statistics, 1999, § 3.2): no shape of the distribution is assumed.
    """
    if not answered:
        return Middle()
    low = floor((answered - Z95 * sqrt(answered)) / 2)
    high = ceil(1 + (answered + Z95 * sqrt(answered)) / 2)
    middles = {(answered + 1) // 2, answered // 2 + 1}
    ranked = timed(visible).filter(first_answered_at__isnull=False)
    ranked = ranked.annotate(rank=Window(RowNumber(), order_by=["took", "pk"]))
    found = dict(ranked.filter(rank__in=middles | {low, high}).values_list("rank", "took"))
    value = _mean_days([found[rank] for rank in middles if rank in found])
    if low < 1 or high > answered:
        return Middle(value)
    return Middle(value, _days(found.get(low)), _days(found.get(high)))


def _grouped(visible: QuerySet[Case], key: Any, names: dict[str, str]) -> list[Row]:
    keyed = timed(visible).annotate(key=key)
    middles = medians(keyed)
    counted = keyed.values("key").annotate(
        cases=Count("pk"), people=Sum("headcount"), answered=Count("first_answered_at"), mean=Avg("took")
    )
    return [
        Row(
            key=str(row["key"]),
            name=names.get(str(row["key"]), str(row["key"])),
            cases=row["cases"],
            headcount=row["people"],
            answered=row["answered"],
            median_days=middles.get(row["key"]),
            mean_days=_days(row["mean"]),
        )
        for row in counted
    ]


def medians(keyed: QuerySet[Case]) -> dict[Any, float | None]:
    """The median of every group at once: the database numbers each group and hands over its middle, 1 or 2 rows."""
    numbered = keyed.filter(first_answered_at__isnull=False).annotate(
        rank=Window(RowNumber(), partition_by=[F("key")], order_by="took") * 2,
        of=Window(Count("pk"), partition_by=[F("key")]),
    )
    middle: dict[Any, list[timedelta]] = {}
    for key, took in numbered.filter(rank__gte=F("of"), rank__lte=F("of") + 2).values_list("key", "took"):
        middle.setdefault(key, []).append(took)
    return {key: _mean_days(spans) for key, spans in middle.items()}


def _mean_days(spans: Sequence[timedelta]) -> float | None:
    return _days(sum(spans, timedelta()) / len(spans)) if spans else None


def _days(span: timedelta | None) -> float | None:
    return None if span is None else span / DAY
