"""The last weeks at a glance: what a leader reads in a minute, counted by index however many cases there are.

Each function takes the cases that somebody may see (`cases.access.visible`), as those of `figures` do, but reads only
what was received, answered, told or ended within PERIOD, and what is open now: docs/decisions/0022-figures.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from huiyin.analytics.figures import (
    WAITING,
    Row,
    by_door,
    first_answer_unit,
    median_days,
    medians,
    timed,
    wilson,
)
from huiyin.cases import states
from huiyin.cases.models import Case, Category, Round
from huiyin.kernel import clock
from huiyin.kernel.lookups import among
from huiyin.organisation import queries as organisation
from huiyin.organisation.models import Region, Unit
from huiyin.organisation.place import limit

PERIOD = 28  # days: four whole weeks, so that weekends weigh the same in each
WEEK = 7
MOST = 8  # categories and units shown: what one sees without scrolling
OPEN = among("state", states.Case.OPEN)


@dataclass(frozen=True)
class Day:
    """A local date of receipt: cases and people, and how many of the cases ran or run over their limit."""

    day: date
    received: int = 0
    people: int = 0
    late: int = 0


@dataclass(frozen=True)
class Share:
    """So many of n, with the 95 % interval (Wilson); the rate is None without any."""

    good: int = 0
    n: int = 0

    @property
    def rate(self) -> float | None:
        """The share, 0 to 1."""
        return self.good / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its bounds, 0 to 1."""
        return wilson(self.good, self.n) if self.n else None


@dataclass(frozen=True)
class Size:
    """How many cases of a category were received in the period."""

    code: str
    name: str
    cases: int


@dataclass(frozen=True)
class Pace:
    """A unit's first answers of the period: the middle of the days that they took, and how many there were."""

    code: str
    name: str
    n: int
    median_days: float | None


@dataclass(frozen=True)
class Place:
    """A place with all that lies below it: received and told in the period, open and late now."""

    code: str
    name: str
    depth: int
    received: int
    open: int
    late: int
    told: Share


@dataclass(frozen=True)
class Now:
    """What is open at this moment, and what was open a week ago as far as receipts and endings tell."""

    open: int
    people: int
    late: int
    newly_late: int
    open_before: int


@dataclass(frozen=True)
class Glance:
    """Everything that the leader's page shows. `told` counts what still waits past its limit as late; the two
    `told_only` are of rounds told in this period and in the one before, so that they compare like with like."""

    days: Sequence[Day]
    before: int  # cases received in the period before
    now: Now
    told: Share
    told_only: Share
    told_only_before: Share
    answered: int
    median: float | None
    median_before: float | None
    categories: Sequence[Size] = ()
    units: Sequence[Pace] = ()
    least: int = 0  # answers that a unit must have given to be shown
    places: Sequence[Place] = ()
    doors: Sequence[Row] = ()


def glance(visible: QuerySet[Case]) -> Glance:
    """Count all of it, in a fixed number of questions, none of which reads a case that has long been over."""
    visible = visible.order_by()
    today = organisation.today()
    first = today - timedelta(days=PERIOD - 1)
    recent = visible.filter(received_on__gte=first, received_on__lte=today)
    began, before = (clock.now() - timedelta(days=days) for days in (PERIOD, 2 * PERIOD))
    told = _told(visible, began)
    answered = visible.filter(first_answered_at__gt=began)
    n = answered.count()
    earlier = visible.filter(first_answered_at__gt=before, first_answered_at__lte=began)
    waiting = _by_region(visible.filter(_late()))
    told_only = _summed(told.values())
    return Glance(
        days=days_of_receipt(recent, first, today),
        before=visible.filter(received_on__gte=first - timedelta(days=PERIOD), received_on__lt=first).count(),
        now=now(visible, today),
        told=Share(told_only.good, told_only.n + waiting.total()),
        told_only=told_only,
        told_only_before=_summed(_told(visible, before, began).values()),
        answered=n,
        median=median_days(answered, n),
        median_before=median_days(earlier, earlier.count()),
        categories=categories(recent),
        units=slowest(answered, least=limit("fewest_answers")),
        least=limit("fewest_answers"),
        places=places(recent, visible, told, waiting),
        doors=by_door(recent),
    )


# -- by day --------------------------------------------------------------------------------------------------
def days_of_receipt(recent: QuerySet[Case], first: date, last: date) -> list[Day]:
    """Each local date from first to last, also those on which nothing came."""
    counted = recent.values_list("received_on").annotate(
        cases=Count("pk"), people=Sum("headcount", default=0), over=Count("pk", filter=_ran_over())
    )
    found = {day: Day(day, cases, people, over) for day, cases, people, over in counted}
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [found.get(day, Day(day)) for day in every]


def _late() -> Q:
    """Past the limit, and still waiting for an answer."""
    return among("state", WAITING) & Q(due_at__lt=clock.now())


def _ran_over() -> Q:
    """Answered too late in some round, or late now."""
    return _late() | Q(Exists(Round.objects.filter(case=OuterRef("pk"), clock__late=True)))


# -- now -----------------------------------------------------------------------------------------------------
def now(visible: QuerySet[Case], today: date) -> Now:
    """What is open and late, and how both have moved in a week."""
    week = clock.now() - timedelta(days=WEEK)
    late = _late()
    counted = visible.filter(OPEN).aggregate(
        open=Count("pk"),
        people=Sum("headcount", default=0),
        late=Count("pk", filter=late),
        newly_late=Count("pk", filter=late & Q(due_at__gte=week)),
        came=Count("pk", filter=Q(received_at__gt=week)),
    )
    came = counted.pop("came")
    ended = visible.filter(ended_at__gt=week, received_at__lte=week).count()
    return Now(**counted, open_before=counted["open"] - came + ended)


# -- told in time --------------------------------------------------------------------------------------------
def _told(visible: QuerySet[Case], since: Any, until: Any = None) -> dict[str, Share]:
    """Rounds told within a stretch of time, and how many of them within their limit, by the path of the place."""
    told = {"rounds__told_at__gt": since, **({"rounds__told_at__lte": until} if until else {})}
    counted = visible.filter(**told).values_list("region__path")
    good = Count("rounds", filter=Q(rounds__clock__late=False))
    return {path: Share(good, n) for path, n, good in counted.annotate(n=Count("rounds"), good=good)}


def _summed(shares: Iterable[Share]) -> Share:
    shares = list(shares)
    return Share(sum(each.good for each in shares), sum(each.n for each in shares))


# -- the cases behind a number -------------------------------------------------------------------------------
BEHIND = ("told", "not_in_time", "answered")
PAGE = 25


def behind(visible: QuerySet[Case], name: str, *, after: int = 0) -> tuple[Sequence[Case], int]:
    """A page of the cases behind a rate or a median, the newest first, after a key; and the key to go on from, or 0.

    `told`: a round told in the period, or late now; `not_in_time`: of these what was told late or is late; `answered`:
    first answered in the period. Raises KeyError for another name.
    """
    began = clock.now() - timedelta(days=PERIOD)
    rounds = Round.objects.filter(told_at__gt=began)
    untimely = rounds.exclude(clock__late=False)
    wanted = {
        "told": Q(pk__in=rounds.values("case")) | _late(),
        "not_in_time": Q(pk__in=untimely.values("case")) | _late(),
        "answered": Q(first_answered_at__gt=began),
    }[name]
    found = visible.filter(wanted).select_related("region", "category").order_by("-pk")
    page = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else 0


# -- by category and unit ------------------------------------------------------------------------------------
def categories(recent: QuerySet[Case]) -> list[Size]:
    """The categories with most cases, the largest first; of what nobody has filed yet, nothing is said."""
    counted = recent.filter(category__isnull=False).values_list("category").annotate(n=Count("pk"))
    largest = list(counted.order_by("-n", "category")[:MOST])
    named = Category.objects.in_bulk([key for key, _n in largest])
    return [Size(named[key].code, str(named[key]), n) for key, n in largest]


def slowest(answered: QuerySet[Case], *, least: int) -> list[Pace]:
    """The units whose first answers took longest, by the median, the slowest first.

    Only units with at least `least` answers: of fewer, a median says more about the cases than about the unit.
    """
    keyed = timed(answered).annotate(key=first_answer_unit())
    counted = dict(keyed.values_list("key").annotate(n=Count("pk")))
    enough = {key for key, n in counted.items() if key is not None and n >= least}
    units = Unit.objects.in_bulk(list(enough))
    middle = medians(keyed)
    paces = [Pace(units[key].code, str(units[key]), counted[key], middle[key]) for key in units]
    return sorted(paces, key=lambda pace: (-(pace.median_days or 0), pace.code))[:MOST]


# -- by place ------------------------------------------------------------------------------------------------
def _by_region(cases: QuerySet[Case]) -> Counter[str]:
    return Counter(dict(cases.values_list("region__path").annotate(n=Count("pk"))))


def places(recent: QuerySet[Case], visible: QuerySet[Case], told: Mapping[str, Share],
           late: Counter[str]) -> list[Place]:  # fmt: skip
    """The place in which everything lies, and those right below it; each counts all that lies within it."""
    received, going = _by_region(recent), _by_region(visible.filter(OPEN))
    paths = {*received, *going, *late, *told}
    if not paths:
        return []
    top = _common(paths)
    depth = top.count("/")
    shown = {path for each in paths for path in organisation.paths_above(each) if _near(path, top, depth)}
    rows = Region.objects.filter(path__in=shown).order_by("path")
    return [_place(row, depth, received, going, told, late) for row in rows]


def _near(path: str, top: str, depth: int) -> bool:
    return path.startswith(top) and path.count("/") <= depth + 1


def _common(paths: Iterable[str]) -> str:
    """The longest path in which all of these lie."""
    every = [organisation.paths_above(path) for path in paths]
    return [tier[0] for tier in zip(*every, strict=False) if len(set(tier)) == 1][-1]


def _place(row: Region, depth: int, received: Counter[str], going: Counter[str], told: Mapping[str, Share],
           late: Counter[str]) -> Place:  # fmt: skip
    def within(counts: Counter[str]) -> int:
        return sum(n for path, n in counts.items() if path.startswith(row.path))

    share = _summed(each for path, each in told.items() if path.startswith(row.path))
    return Place(
        code=row.code,
        name=str(row),
        depth=row.path.count("/") - depth,
        received=within(received),
        open=within(going),
        late=within(late),
        told=Share(share.good, share.n + within(late)),
    )
