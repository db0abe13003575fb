"""What everybody may read: counted over all cases but reports, without the small counts, kept by the worker.

A report is in no public count: whoever it complains of must not be able to tell that there is one. What is kept holds
codes and numbers, so that each reader gets the words of their own language.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from huiyin.analytics import asking, freezing, keeping, snapshot
from huiyin.analytics.asking import Found, Question
from huiyin.analytics.catalogue import DAYS
from huiyin.analytics.engine import Star
from huiyin.analytics.figures import Judged, Middle, OnTime, Row, Totals, limit_words
from huiyin.analytics.freezing import Fixed
from huiyin.analytics.hiding import hidden
from huiyin.analytics.keeping import Kept
from huiyin.cases.choices import NATURES
from huiyin.kernel.few import LEAST, any_few

NAME = "told:2"  # another number where another Told is kept
MONTHS = 24  # of receipt, in chart and table
TOTALS = ("received", "people", "answered", "open", "open_people", "overdue", "median_days", "mean_days", "max_days",
          "on_time_rate", "extended")  # fmt: skip
MEASURES = ("received", "people", "answered", "median_days", "mean_days")  # of a row, as in figures.Row
FIXED = (
    "received",
    "concluded",
    "conclusion_rate",
    "on_time_rate",
    "median_days",
    "satisfaction_rate",
)  # of a month
# How far the office has come, and how it has ended matters. Nobody is known by that: it is told however few were late,
# or still wait, or else the page would be silent on the last months, which people come for.
OF_THE_OFFICE = frozenset({
    "concluded", "conclusion_rate", "answered", "declined", "withdrawn", "open", "overdue", "overdue_rate",
    "on_time_rate", "extended", "redo_rate", "orders", "signed_rate", "objection_rate", "return_rate",
})  # fmt: skip
POLICIES = "SELECT DISTINCT policy, policy_kind, policy_amount, policy_basis FROM rounds"


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
class Outcome:
    """What became of a month's matters, and of its rounds that were judged; None stands for what is not told."""

    key: str
    concluded: int | None
    judged: int | None
    on_time: int | None


@dataclass(frozen=True)
class Told:
    """Everything that the public page, its charts and its file show. `months` are the last ones, the oldest first.

    `whole` is the n of each figure of the totals, as the catalogue has it.
    """

    totals: Totals
    middle: Middle
    on_time: OnTime
    natures: Sequence[Line]
    units: Sequence[Line]
    months: Sequence[Line]
    outcomes: Sequence[Outcome] = ()
    frozen: Sequence[Fixed] = ()
    whole: Mapping[str, int] = field(default_factory=dict)
    as_of: datetime | None = None  # when the copy was read over which they were counted


def to_all() -> Kept[Told]:
    """The figures as they were counted last; counted now only where nobody has, or the worker stands still.

    No visitor writes a copy for that, but the first of all: it is counted over the last. Raises NotCounted while
    somebody else counts for the first time.
    """
    return keeping.kept_for_all(NAME, _over_the_last)


def keep() -> None:
    """Count anew for everybody, when it is time; run by the worker. Safe to be killed anywhere."""
    keeping.count_again(NAME, count)


def count() -> Told:
    """Count all of it by the catalogue, over the copy of the live data; brings the copy up to date first."""
    with snapshot.live() as (star, checkpoint):
        return counted(star, Question(checkpoint.moment))


def _over_the_last() -> Told:
    with snapshot.recent() as (star, checkpoint):
        return counted(star, Question(checkpoint.moment))


def counted(star: Star, question: Question) -> Told:
    """The public's figures of the matters that a question means, with what is too small hidden."""
    [whole] = asking.ask(star, TOTALS, question)
    low, high = asking.median_bounds(star, question).get("") or (None, None)
    natures = {row.key: row for row in _rows(star, question, "nature")}
    every_month = _rows(star, question, "month")
    months = last_months(every_month)
    outcomes = _outcomes(star, question, every_month, months)
    return Told(
        totals=_totals(whole),
        middle=Middle(whole.figures["median_days"].value, low, high),
        on_time=_judged(_on_time(star, question, whole)),
        natures=lines([natures[str(nature)] for nature, _label in NATURES if str(nature) in natures]),
        units=shuffled(by_unit(star, question)),
        months=months,
        outcomes=outcomes,
        frozen=fixed(freezing.published(), months, outcomes),
        whole={name: found.n for name, found in whole.figures.items()},
        as_of=question.as_of,
    )


def cut(
    star: Star,
    question: Question,
    by: str,
    *,
    earlier: Question | None = None,
    beside: Sequence[Line] | None = None,
) -> list[Line]:
    """A table by one dimension as the public may read it: small counts hidden, and what would tell them.

    Where the public page tells the same rows, `beside` are its own: what it hides of a row, for its own sake or for
    another's, is hidden here too. Where they are of all time, `earlier` is what came before: a row that had one to
    four then is not told, for they would follow.
    """
    rows = _rows(star, question, by)
    also = _few_before(rows, star, earlier, by) | _untold(rows, beside, "cases")
    return lines(rows, also=also, unanswered=_untold(rows, beside, "answered"))


def by_unit(
    star: Star,
    question: Question,
    *,
    earlier: Question | None = None,
    beside: Sequence[Line] | None = None,
) -> list[Line]:
    """What each unit answered first, the busiest first; `earlier` and `beside` as of `cut`.

    A unit's own figures have no matter that complains of somebody by name: the difference would tell the unit of it.
    What is answered of those follows from the total, so while small counts are hidden it is one row more, which is
    dropped.
    """
    meant = replace(question, answered=True, accusing=False)
    before = earlier and replace(earlier, answered=True, accusing=False)
    rows = sorted(_rows(star, meant, "unit"), key=lambda row: (-row.cases, row.key))
    [whole] = asking.ask(star, ["answered"], question)
    others = whole.figures["answered"].whole - sum(row.cases for row in rows)
    also = _few_before(rows, star, before, "unit") | _untold(rows, beside, "cases")
    unanswered = _untold(rows, beside, "answered")
    every = [*rows, Row("", "", others, others, others, None, None)]
    return lines(every, also=also, unanswered=unanswered)[:-1]


def _few_before(rows: Sequence[Row], star: Star, earlier: Question | None, by: str) -> frozenset[int]:
    """The places of rows that had one to four before."""
    few = {
        row.key for row in (_rows(star, earlier, by) if earlier else ()) if any_few(row.cases, row.answered)
    }
    return frozenset(at for at, row in enumerate(rows) if row.key in few)


def _untold(rows: Sequence[Row], beside: Sequence[Line] | None, name: str) -> frozenset[int]:
    """The places of rows of which other lines, where there are any, do not tell this count; nought is no secret."""
    if beside is None:
        return frozenset()
    told_of = {line.key for line in beside if getattr(line, name) is not None}
    return frozenset(at for at, row in enumerate(rows) if getattr(row, name) and row.key not in told_of)


def last_months(months: Sequence[Row]) -> list[Line]:
    """The last months. The older ones together are one row more while small counts are hidden, then it is dropped.

    They follow from the total of all time less the months that are told.
    """
    older = months[:-MONTHS]
    cases, people, answers = (
        sum(getattr(row, name) for row in older) for name in ("cases", "headcount", "answered")
    )
    return lines([Row("", "", cases, people, answers, None, None), *months[-MONTHS:]])[1:]


def _totals(line: asking.Line) -> Totals:
    found = line.figures
    return Totals(
        cases=found["received"].whole,
        headcount=found["people"].whole,
        answered=found["answered"].whole,
        open=found["open"].whole,
        overdue=found["overdue"].whole,
        median_days=found["median_days"].value,
        mean_days=found["mean_days"].value,
        max_days=found["max_days"].value,
        open_headcount=found["open_people"].whole,
    )


def _rows(star: Star, question: Question, by: str) -> list[Row]:
    """A table by one dimension; the median and the mean are those of what was answered.

    A day or month in which nothing came stands with its nought: that is about nobody, and no row would say the same.
    """
    return [
        Row(line.key, line.name, *(line.figures[name].value for name in MEASURES))  # type: ignore[arg-type]
        for line in asking.every(star, MEASURES, question, by=by)
    ]


def _on_time(star: Star, question: Question, whole: asking.Line) -> OnTime:
    """The rate, and by which limits it was judged, of those that any round was judged by."""
    rate = whole.figures["on_time_rate"]
    policies = {row["policy"]: row for row in star.rows(POLICIES)}
    judged = asking.ask(star, ["on_time_rate"], question, by="policy")
    return OnTime(
        rate=rate.value,
        on_time=rate.whole,
        n=rate.n,
        interval=rate.interval,
        extended=whole.figures["extended"].whole,
        policies=[
            _policy(policies[line.key], line.figures["on_time_rate"].n)
            for line in judged
            if line.figures["on_time_rate"].n
        ],
    )


def _policy(row: dict[str, Any], n: int) -> Judged:
    kind, amount = row["policy_kind"], row["policy_amount"]
    return Judged(row["policy"], limit_words(kind, amount), row["policy_basis"], n, kind, amount)


def _judged(found: OnTime) -> OnTime:
    """How often each limit was the measure, the rare ones without a number."""
    without = hidden([policy.n for policy in found.policies])
    told = [replace(policy, n=0) if at in without else policy for at, policy in enumerate(found.policies)]
    return replace(found, policies=told)


def _outcomes(star: Star, question: Question, every: Sequence[Row], months: Sequence[Line]) -> list[Outcome]:
    """What became of the months that the table of months tells, hidden apart as answers are."""
    names = ("concluded", "on_time_rate")
    found = {line.key: line.figures for line in asking.ask(star, names, question, by="month")}
    keys, last = [row.key for row in every], {line.key for line in months}
    told_of = {line.key for line in months if line.cases is not None}
    without = frozenset(at for at, key in enumerate(keys) if key not in told_of)

    def shown(counts: Sequence[int], without: frozenset[int]) -> frozenset[int]:
        return without | (apart(counts, without) - {len(keys)})

    concluded = [found[key]["concluded"].whole if key in found else 0 for key in keys]
    judged = [found[key]["on_time_rate"].n if key in found else 0 for key in keys]
    on_time = [found[key]["on_time_rate"].whole if key in found else 0 for key in keys]
    unended, unjudged = shown(concluded, without), shown(judged, without)
    untimely = shown(on_time, unjudged)
    return [
        Outcome(
            key,
            None if at in unended else concluded[at],
            None if at in unjudged else judged[at],
            None if at in untimely else on_time[at],
        )
        for at, key in enumerate(keys)
        if key in last
    ]


def fixed(rows: Sequence[Fixed], months: Sequence[Line], outcomes: Sequence[Outcome]) -> list[Fixed]:
    """The months that stand fixed, each with the figures of it that may be told, and no others.

    What the tables by month do not tell now is not told here either: it would give others away. A month that has gone
    out of them goes out of here too.
    """
    first = months[0].key if len(months) >= MONTHS else ""
    small = {line.key for line in months if line.cases is None}
    unended = small | {each.key for each in outcomes if each.concluded is None}
    untimely = small | {each.key for each in outcomes if each.on_time is None}
    unanswered = small | {line.key for line in months if line.answered is None}
    without = {"concluded": unended, "conclusion_rate": unended, "on_time_rate": untimely,
               "median_days": unanswered}  # fmt: skip
    return [
        replace(row, figures={
            name: found for name in FIXED
            if (found := row.figures.get(name)) is not None
            and row.period not in without.get(name, small) and may_tell(name, found)
        })
        for row in rows if row.period >= first
    ]  # fmt: skip


def may_tell(name: str, found: Found) -> bool:
    """Whether a figure of a month is told: not of fewer than five, nor one to four; nor ratings that leave so few."""
    if found.value is None or found.n < LEAST:
        return False
    if found.kind == DAYS:
        return True
    rest = 0 if name in OF_THE_OFFICE else found.n - found.whole
    return not any_few(found.whole, rest)


def apart(counts: Sequence[int], without: frozenset[int], also: Set[int] = frozenset()) -> frozenset[int]:
    """The counts that are hidden beside those of rows that tell nothing; `also` are others that must not be told.

    These follow together from the total, so together they are one count more, the last.
    """
    theirs = sum(counts[at] for at in without)
    return hidden([*(0 if at in without else n for at, n in enumerate(counts)), theirs], also - without)


def lines(
    rows: Sequence[Row], *, also: Set[int] = frozenset(), unanswered: Set[int] = frozenset()
) -> list[Line]:
    """The rows of a table without small counts: a hidden row tells its name alone.

    Answers are hidden apart where they are few, since their median and mean would be those of single matters; of the
    rows `also` nothing may be told, of those `unanswered` no answers.
    """
    without = hidden([row.cases for row in rows], also)
    silent = apart([row.answered for row in rows], without, unanswered)
    return [_line(row, at in without, at in silent) for at, row in enumerate(rows)]


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
