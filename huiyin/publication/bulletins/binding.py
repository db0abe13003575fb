"""The figures of a bulletin, counted once by the catalogue when it is drafted, and bound to it: nobody types them.

All that a text may name is counted at one moment and kept with its value, n, the place in the ledger and `as_of`; a
text that is edited shows the same numbers. Of a public bulletin nothing is kept that the public may not read. Ratings
stand in none but as a month's that everybody has been told (定稿): of dates and places that somebody chooses, or of a
month that still moves, the difference of two would be what one person said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from itertools import combinations
from typing import Any

from django.utils import translation

from huiyin.analytics import asking, freezing, snapshot, told
from huiyin.analytics.asking import Found, Question
from huiyin.analytics.catalogue import COUNT, DAYS, FIGURES
from huiyin.analytics.engine import Star
from huiyin.kernel import clock
from huiyin.kernel.few import LEAST, any_few
from huiyin.organisation.queries import root
from huiyin.publication.bulletins import between
from huiyin.publication.bulletins.marking import PUBLIC_CUTS
from huiyin.publication.bulletins.models import Bulletin
from huiyin.publication.bulletins.names import COLUMNS, CUTS
from huiyin.publication.bulletins.periods import DAYS as DAYS_OF_CHOICE
from huiyin.publication.bulletins.periods import MONTH, Span

Counted = dict[str, list[Any]]  # by name: what was counted, and n
# Of what a count is a part, in public: what is left of the whole after some of its parts follows from them. Those of
# which a rate tells as much stand first, the last goes first.
PARTS = (
    ("received", ("suggestions", "inquiries", "complaints")),
    ("appeals", ("inquiries", "complaints")),
    ("people", ("open_people",)),
)
TREND_MONTHS = 12
OF_ALL_TIME = ("nature", "unit")  # tables that the public page has too


@dataclass(frozen=True)
class Wanted:
    """Of what the figures are asked: a span, for whom, and the category, region or unit that it is about."""

    span: Span
    audience: str
    scope_kind: str = ""
    scope: str = ""

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.audience == Bulletin.Audience.PUBLIC


def bind(wanted: Wanted, *, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Count it all, over the copy that the worker wrote last; `before` is what an earlier issue said.

    The copy is one of after the span was over. A part of the place (a region, a unit) is told of in public by its
    published matters alone, without figures.
    """
    ended = datetime.combine(wanted.span.until + timedelta(days=1), time(), clock.zone())
    with translation.override("zh-hans"), snapshot.recent(after=ended) as (star, checkpoint):
        bound: dict[str, Any] = {
            "as_of": checkpoint.moment.isoformat(),
            "position": checkpoint.position,
            "running": checkpoint.running,
            "since": wanted.span.since.isoformat(),
            "until": wanted.span.until.isoformat(),
            "now": {}, "then": {}, "tables": {}, "frozen": {},
        }  # fmt: skip
        if wanted.is_public and wanted.scope:
            return bound
        asked = _question(wanted, wanted.span, checkpoint.moment)
        bound["now"] = _whole(star, asked, wanted)
        bound["then"] = _whole(star, _question(wanted, wanted.span.before(), checkpoint.moment), wanted)
        page = told.counted(star, Question(checkpoint.moment)) if wanted.is_public else None
        bound["tables"] = {
            by: rows for by in _cuts(wanted) if (rows := _table(star, asked, wanted, by, page))
        }
        _take_frozen(bound, wanted)
        if page is not None:
            _withhold(bound, wanted, star, page, checkpoint.moment)
    _keep_told(bound, before, wanted)
    return bound


def _question(wanted: Wanted, span: Span, moment: Any) -> Question:
    """Of the whole place no region is asked: what is placed above or outside it counts as on the public page.

    Inside the office no matter is counted that complains of somebody by name: whoever reads it may be the one, and has
    other papers that leave it out.
    """
    whole = Question(moment, since=span.since, until=span.until, accusing=wanted.is_public)
    return replace(whole, **{wanted.scope_kind: wanted.scope}) if wanted.scope else whole  # type: ignore[arg-type]


def _cuts(wanted: Wanted) -> Iterable[str]:
    return PUBLIC_CUTS.get(wanted.span.kind, ()) if wanted.is_public else CUTS.values()


def _whole(star: Star, question: Question, wanted: Wanted) -> Counted:
    """The figures as they are now, without those of ratings."""
    names = [name for name in FIGURES if not _is_of_ratings(name)]
    [line] = asking.ask(star, names, question)
    return _kept(line.figures, wanted)


def _withhold(bound: dict[str, Any], wanted: Wanted, star: Star, page: told.Told, moment: datetime) -> None:
    """Take out what would tell of few by subtraction from spans that everybody is told of; first of the span before."""
    kept = bound["now"].keys() | bound["then"].keys()
    names = sorted({each for name in kept for each in between.told_with(name)})
    unseen, first = between.not_on_the_page(page), between.first_month(star)

    @cache
    def counted(days: between.Stretch) -> Mapping[str, Found]:
        span = Span(DAYS_OF_CHOICE, days[0], days[1] - timedelta(days=1))
        [line] = asking.ask(star, names, _question(wanted, span, moment))
        return line.figures

    already = between.told_already(page, first)
    for place, span in (("now", wanted.span), ("then", wanted.span.before())):
        here = between.since(first, between.stretch(span))
        few = unseen | between.withheld({name: {here} for name in bound[place]}, already, counted)
        bound[place] = {name: each for name, each in bound[place].items() if name not in few}
        if fixed := bound["frozen"].get(place):
            fixed["names"] = [name for name in fixed["names"] if name not in few]
        for name in bound[place]:
            for each in between.told_with(name):
                already[each].add(here)


def _is_of_ratings(name: str) -> bool:
    return FIGURES[name].over == "evaluations"


def _kept(figures: Mapping[str, Found], wanted: Wanted) -> Counted:
    """What may be kept of the figures: of ratings never a few, for the public never any few."""
    kept = {name: [each.counted, each.n] for name, each in figures.items() if _may_tell(name, each, wanted)}
    if not wanted.is_public:
        return kept
    if not kept.keys() >= between.TOGETHER:
        kept = {name: each for name, each in kept.items() if name not in between.TOGETHER}
    for whole, parts in PARTS:
        for name in _telling_the_rest(whole, parts, figures, kept):
            kept.pop(name, None)
    return kept


def _telling_the_rest(
    whole: str, parts: Sequence[str], figures: Mapping[str, Found], kept: Mapping[str, Any]
) -> Iterator[str]:
    """Of the parts that are kept those by which one to four would be left of their whole.

    Even where the whole itself is not kept: what came stands below most rates.
    """
    if whole not in figures or (whole not in kept and whole != "received"):
        return
    there, gone = [name for name in parts if name in kept], set[str]()
    for size in range(1, len(there) + 1):
        for some in combinations(there, size):
            left = figures[whole].whole - sum(figures[name].whole for name in some)
            if any_few(left) and not gone & {*some}:
                gone.add(some[-1])
    yield from gone


def _may_tell(name: str, found: Found, wanted: Wanted) -> bool:
    if found.value is None:
        return False
    rated = _is_of_ratings(name)
    if not (wanted.is_public or rated):
        return True
    if found.kind == DAYS:
        return found.n >= LEAST
    if name in told.OF_THE_OFFICE:
        return not any_few(found.n)
    if found.kind == COUNT and not rated:
        return not any_few(found.whole, found.n, found.n - min(found.whole, found.n))
    rest = 0 if found.kind == COUNT else found.n - found.whole
    return found.n >= LEAST and not any_few(found.whole, rest)


# -- tables --------------------------------------------------------------------------------------------------
def _table(
    star: Star, question: Question, wanted: Wanted, by: str, page: told.Told | None
) -> list[dict[str, Any]]:
    if by == "month":
        question = replace(question, since=_months_ago(wanted))
    if page is not None:
        return _public_table(star, question, by, page)
    return [
        {"key": line.key, "name": line.name, "cells": {name: line.figures[name].value for name in COLUMNS}}
        for line in asking.every(star, COLUMNS, question, by=by)
    ]


def _public_table(star: Star, question: Question, by: str, page: told.Told) -> list[dict[str, Any]]:
    """As on the public page, without what it hides; a trend with a month that is not told is not told at all."""
    names = {line.key: line.name for line in asking.ask(star, ["received"], question, by=by)}
    beside = {"nature": page.natures, "unit": page.units, "month": page.months}.get(by)
    earlier = None
    if by in OF_ALL_TIME and question.since is not None:
        earlier = replace(question, since=None, until=question.since - timedelta(days=1))
    if by == "unit":
        lines = told.by_unit(star, question, earlier=earlier, beside=beside)
    else:
        lines = told.cut(star, question, by, earlier=earlier, beside=beside)
    if by == "month" and any(line.cases is None for line in lines):
        return []
    cells = (
        {"received": line.cases, "people": line.headcount, "answered": line.answered,
         "median_days": line.median_days, "mean_days": line.mean_days}
        for line in lines
    )  # fmt: skip
    return [
        {"key": line.key, "name": names.get(line.key, line.key), "cells": each}
        for line, each in zip(lines, cells, strict=True)
    ]


def _months_ago(wanted: Wanted) -> Any:
    first = wanted.span.until.replace(day=1)
    months = first.year * 12 + first.month - 1 - (TREND_MONTHS - 1)
    return first.replace(year=months // 12, month=months % 12 + 1)


# -- what was published stands -------------------------------------------------------------------------------
def _take_frozen(bound: dict[str, Any], wanted: Wanted) -> None:
    """Of a month that was published the figures that were frozen, with the revision and its day.

    In public they are all that is said of it: what was counted later would not agree with them.
    """
    if wanted.span.kind != MONTH or wanted.scope:
        return
    published = freezing.told_last()
    for place, span in (("now", wanted.span), ("then", wanted.span.before())):
        row = published.get(f"{span.since:%Y-%m}")
        if row is None:
            continue
        fixed = _kept(row.figures, wanted)
        others = {} if wanted.is_public else bound[place]
        live = {name: each for name, each in others.items() if name not in row.figures}
        bound[place] = live | fixed
        if wanted.is_public and place == "now":
            bound["tables"] = {}
        day = clock.local_date(row.frozen_at).isoformat()
        told_of = {"revision": row.revision, "day": day, "names": sorted(fixed)}
        bound["frozen"][place] = told_of


def _keep_told(bound: dict[str, Any], before: Mapping[str, Any] | None, wanted: Wanted) -> None:
    """A figure of ratings that moved by a few people since the issue that is corrected stays as it was told."""
    if before is None or not wanted.is_public:
        return
    for name, old in before.get("now", {}).items():
        new = bound["now"].get(name)
        if new is None or not _is_of_ratings(name):
            continue
        steps = (new[1] - old[1], new[0] - old[0], (new[1] - new[0]) - (old[1] - old[0]))
        if any_few(*steps):
            bound["now"][name] = old


def found(bound: Mapping[str, Any], name: str, place: str = "now") -> Found | None:
    """A bound figure; None where it is not told."""
    kept = bound[place].get(name)
    return Found(FIGURES[name].kind, kept[0], kept[1]) if kept else None


def place_name() -> str:
    """The place that is told of."""
    return root().name
