"""What everybody may read: counted over all cases but reports, without the small counts, kept by the worker.

A report is in no public count: whoever it complains of must not be able to tell that there is one. What is kept holds
codes and numbers, so that each reader gets the words of their own language.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from huiyin.analytics import figures, keeping
from huiyin.analytics.figures import Middle, OnTime, Row, Totals
from huiyin.analytics.hiding import hidden
from huiyin.analytics.keeping import Kept
from huiyin.cases.access import visible
from huiyin.cases.models import Case
from huiyin.organisation.actors import Actor

NAME = "told"
MONTHS = 24  # of receipt, in chart and table


@dataclass(frozen=True)
class Line:
    """One row of a public table, by its code or month; None stands for what is not told."""

    key: str
    cases: int | None
    headcount: int | None
    answered: int | None
    median_days: float | None
    mean_days: float | None


@dataclass(frozen=True)
class Told:
    """Everything that the public page, its charts and its file show. `months` are the last ones, the oldest first."""

    totals: Totals
    middle: Middle
    on_time: OnTime
    natures: Sequence[Line]
    units: Sequence[Line]
    months: Sequence[Line]


def to_all() -> Kept[Told]:
    """The figures as they were counted last; counted now only where nobody has, or the worker stands still."""
    return keeping.kept_for_all(NAME, count)


def keep() -> None:
    """Count anew for everybody, when it is time; run by the worker. Safe to be killed anywhere."""
    keeping.count_again(NAME, count)


def count() -> Told:
    """Count all of it: every case is read, so this is nothing for a request among a million."""
    cases = visible(Actor.system("public")).exclude(nature=Case.Nature.REPORT)
    totals = figures.totals(cases)
    return Told(
        totals=totals,
        middle=figures.middle(cases, totals.answered),
        on_time=_judged(figures.on_time(cases)),
        natures=lines(figures.by_nature(cases)),
        units=shuffled(lines(figures.by_unit(cases))),
        months=lines(figures.by_month(cases)[-MONTHS:]),
    )


def _judged(found: OnTime) -> OnTime:
    """How often each limit was the measure, the rare ones without a number."""
    without = hidden([policy.n for policy in found.policies])
    told = [replace(policy, n=0) if at in without else policy for at, policy in enumerate(found.policies)]
    return replace(found, policies=told)


def lines(rows: Sequence[Row]) -> list[Line]:
    """The rows of a table without small counts: a hidden row tells its name alone; answers are hidden apart.

    The answers of the hidden rows follow together from the total, so together they are one count more.
    """
    without = hidden([row.cases for row in rows])
    theirs = sum(rows[at].answered for at in without)
    unanswered = hidden([*(0 if at in without else row.answered for at, row in enumerate(rows)), theirs])
    return [_line(row, at in without, at in unanswered) for at, row in enumerate(rows)]


def shuffled(rows: Sequence[Line]) -> list[Line]:
    """Rows that stand by size, with the hidden ones last and by their code: their order would tell who has more."""
    without = [row for row in rows if row.cases is None]
    return [*(row for row in rows if row.cases is not None), *sorted(without, key=lambda row: row.key)]


def _line(row: Row, nothing: bool, no_answers: bool) -> Line:
    if nothing:
        return Line(row.key, None, None, None, None, None)
    if no_answers:
        return Line(row.key, row.cases, row.headcount, None, None, None)
    return Line(row.key, row.cases, row.headcount, row.answered, row.median_days, row.mean_days)
