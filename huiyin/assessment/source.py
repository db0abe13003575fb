"""What measures are counted from: the catalogue's figures of a period, by unit, category and what is left out 剔除.

Months that are closed are read as they were closed (`closing`), all others from the copy that the worker wrote last.
What the detectors and the sheet of representatives look at row by row is at the end.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, F, OuterRef, QuerySet

from huiyin.accounts.roles import Role
from huiyin.analytics import asking, snapshot
from huiyin.analytics.asking import Question
from huiyin.analytics.engine import Star
from huiyin.assessment.models import Measure, Rule
from huiyin.assessment.periods import Period
from huiyin.assessment.statistics import Share
from huiyin.cases.models import Answer, Case, Order, Party
from huiyin.evaluation.models import COUNTS, Rating
from huiyin.kernel import clock

# The figure of the catalogue that each measure is; the composite and the satisfied share weigh several (`_rated`).
FIGURE_OF: Mapping[str, str] = {
    Measure.CONTACTED.value: "rated_contacted_rate",
    Measure.SOLVED.value: "rated_solved_rate",
    Measure.SATISFIED.value: "rated_satisfied_rate",
    Measure.FIRST_TIME.value: "rated_first_time_rate",
    Measure.ON_TIME.value: "due_on_time_rate",
    Measure.SIGNED.value: "signed_in_time_rate",
    Measure.RETURNED.value: "objected_rate",
    Measure.REDONE.value: "redone_rate",
    Measure.REPEATED.value: "repeated_rate",
}
FAIR, RATED = "rated_fair_rate", "rated_contacted_rate"
NAMES = (*FIGURE_OF.values(), FAIR)
Key = tuple[int | None, int | None, bool]  # unit, category, left out
Tally = Mapping[Key, Mapping[str, Share]]  # by name of the figure
POST_NAMES = tuple(FIGURE_OF[measure] for measure in (Measure.ON_TIME, Measure.SIGNED, Measure.REDONE))
OfPosts = Mapping[tuple[int, bool], Mapping[str, Share]]  # by post and left out, then by name of the figure
Of = TypeVar("Of", bound=Hashable)


@dataclass(frozen=True)
class Cell:
    """The cases of one category, left out by an omission or not, and how many of them are good."""

    category: int | None
    omitted: bool
    good: float
    n: int


Counted = Mapping[tuple[int, str], list[Cell]]  # by unit and measure


@dataclass(frozen=True)
class Sight:
    """Which matters are counted: those of a region (a code, empty for all), without those of which one may not know."""

    region: str = ""
    without: frozenset[int] = frozenset()
    accusing: bool = True  # also those in which somebody is complained of by name
    unit: int | None = None

    def question(self, as_of: datetime, begins: datetime, ends: datetime) -> Question:
        """What is asked of the catalogue."""
        return Question(as_of, begins=begins, ends=ends, region=self.region, without=self.without,
                        accusing=self.accusing, judged=self.unit)  # fmt: skip


@dataclass(frozen=True)
class Book:
    """The catalogue's copy, open for reading, and the moment of which it tells."""

    star: Star
    as_of: datetime

    def tally(self, sight: Sight, period: Period) -> Tally:
        """Every figure of a period, as it is now."""
        return self.between(sight, *period.bounds(clock.zone()))

    def between(self, sight: Sight, begins: datetime, ends: datetime, names: Iterable[str] = NAMES) -> Tally:
        """The named figures from one moment to another."""
        question = sight.question(self.as_of, begins, ends)
        found = asking.keyed(self.star, names, question, by="judged+category+omitted")
        return {
            keys: {name: Share(each.whole, each.n) for name, each in figures.items() if each.n}
            for keys, figures in found.items()
        }

    def rated(self, sight: Sight, period: Period) -> dict[int, int]:
        """How many ratings each unit got in a period, left out or not."""
        question = sight.question(self.as_of, *period.bounds(clock.zone()))
        found = asking.keyed(self.star, [RATED], question, by="judged")
        return {unit: each[RATED].n for (unit,), each in found.items() if unit is not None}

    def by_post(self, sight: Sight, begins: datetime, ends: datetime) -> OfPosts:
        """The figures of posts from one moment to another, for each post that had anything then."""
        question = sight.question(self.as_of, begins, ends)
        found = asking.keyed(self.star, POST_NAMES, question, by="post+omitted")
        return {
            (post, omitted): {name: Share(each.whole, each.n) for name, each in figures.items() if each.n}
            for (post, omitted), figures in found.items()
            if post is not None
        }

    def matters(
        self, sight: Sight, period: Period, name: str, *, good: bool | None, post: int | None
    ) -> list[int]:
        """The keys of the cases behind a figure, the newest first."""
        question = sight.question(self.as_of, *period.bounds(clock.zone()))
        return sorted(asking.behind(self.star, name, question, good=good, post=post), reverse=True)

    def number(self, sight: Sight, period: Period, name: str, *, good: bool | None, post: int | None) -> int:
        """How many orders or answers a figure counts, where a matter may have several; as `matters`."""
        question = sight.question(self.as_of, *period.bounds(clock.zone()))
        found = asking.keyed(self.star, [name], question, by="post" if post else "")
        each = found.get((post,) if post else (), {}).get(name)
        if each is None:
            return 0
        whole = round(each.whole)
        return each.n if good is None else whole if good else each.n - whole


@contextmanager
def opened() -> Iterator[Book]:
    """The copy that the worker wrote last."""
    with snapshot.recent() as (star, checkpoint):
        yield Book(star, checkpoint.moment)


def as_of() -> datetime | None:
    """The moment of which the copy tells; None before there is one."""
    checkpoint = snapshot.current()
    return checkpoint.moment if checkpoint else None


def counted(tally: Tally, rule: Rule) -> Counted:
    """All measures of all units, by a rule."""
    found: dict[tuple[int, str], list[Cell]] = defaultdict(list)
    for (unit, category, omitted), figures in tally.items():
        if unit is None:
            continue
        for measure, name in FIGURE_OF.items():
            share = figures.get(name)
            if share is not None:
                good = _satisfied(figures, rule) if measure == Measure.SATISFIED else share.good
                found[unit, measure].append(Cell(category, omitted, good, share.n))
        if RATED in figures:
            found[unit, Measure.COMPOSITE.value].append(
                Cell(category, omitted, _composite(figures, rule), figures[RATED].n)
            )
    return found


def _satisfied(figures: Mapping[str, Share], rule: Rule) -> float:
    fair = figures[FAIR].good
    return figures[FIGURE_OF[Measure.SATISFIED]].good + float(rule.k) * fair


def _composite(figures: Mapping[str, Share], rule: Rule) -> float:
    parts = {
        "contacted": figures[RATED].good,
        "solved": figures[FIGURE_OF[Measure.SOLVED]].good,
        "satisfied": _satisfied(figures, rule),
    }
    return sum(rule.weights[name] * parts[name] for name in parts) / sum(rule.weights.values())


def rated_counts(tally: Tally) -> dict[int, int]:
    """How many ratings each unit got, left out or not."""
    found: dict[int, int] = defaultdict(int)
    for (unit, _category, _omitted), figures in tally.items():
        if unit is not None and RATED in figures:
            found[unit] += figures[RATED].n
    return dict(found)


def summed(tallies: Iterable[Mapping[Of, Mapping[str, Share]]]) -> Mapping[Of, Mapping[str, Share]]:
    """Several periods as one, of units or of posts."""
    every: dict[Of, dict[str, Share]] = defaultdict(dict)
    for tally in tallies:
        for key, figures in tally.items():
            for name, share in figures.items():
                so_far = every[key].get(name, Share(0, 0))
                every[key][name] = Share(so_far.good + share.good, so_far.n + share.n)
    return every


def shares(cells: Iterable[Cell]) -> tuple[Share, Share]:
    """(without what is left out, with it)."""
    every = list(cells)
    kept = [cell for cell in every if not cell.omitted]
    return _sum(kept), _sum(every)


def _sum(cells: list[Cell]) -> Share:
    return Share(sum(cell.good for cell in cells), sum(cell.n for cell in cells))


# -- row by row ---------------------------------------------------------------------------------------------
def ratings(cases: QuerySet[Case], period: Period) -> QuerySet[Rating]:
    """The valid ratings given in a period, each with `judged`, the unit that answered; of a merged matter its parent's.

    By the time at which they were given: a rating that comes late belongs to the period in which it comes. A period
    that is over only loses one when its giver says that it was pressed out of them (`Rating.set_aside`).
    """
    begins, ends = period.bounds(clock.zone())
    given = Rating.objects.filter(COUNTS, case__in=_keys(cases), at__gte=begins, at__lt=ends)
    return given.annotate(judged=F("unit"))


def limited(cases: QuerySet[Case], period: Period) -> QuerySet[Order]:
    """The leading orders whose limit lies in a period, whatever became of them."""
    begins, ends = period.bounds(clock.zone())
    led = Order.objects.filter(case__in=_keys(cases), part=Order.Part.LEAD)
    return led.filter(due_at__gte=begins, due_at__lt=ends)


def brought(cases: QuerySet[Case], period: Period) -> QuerySet[Party]:
    """The parts of representatives who brought a matter in that was received in a period; `told`: it is answered."""
    begins, ends = period.bounds(clock.zone())
    answered = Answer.objects.filter(case=OuterRef("case"), state=Answer.State.APPROVED)
    parts = Party.objects.filter(
        role=Party.Role.BRINGER, post__role=Role.REPRESENTATIVE, case__in=_keys(cases)
    )
    return parts.filter(case__received_at__gte=begins, case__received_at__lt=ends).annotate(
        told=Exists(answered)
    )


def _keys(cases: QuerySet[Case]) -> Any:
    return cases.order_by().values("pk")
