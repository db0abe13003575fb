"""What deserves a second look: the marks by which lists are narrowed, counted by holder and by place."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q

from huiyin.cases import access, states
from huiyin.cases.models import (
    Extension,
    Instruction,
    Notice,
    Objection,
    Order,
    Question,
    Referral,
    Round,
    Whistle,
)
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock as wall
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region, Unit

# While the citizen still waits for an answer: a told case is open, but nobody waits for one any more.
UNTOLD = tuple(state for state in states.Case.OPEN if state != states.Case.TOLD)

SOON = timedelta(days=7)  # before a suspended matter comes back


# -- marks ---------------------------------------------------------------------------------------------------
def _late() -> Q:
    return Q(due_at__lt=wall.now(), state__in=UNTOLD)


def _yellow() -> Q:
    """Past the 70 % mark of the clock, and not late yet."""
    present = Round.objects.filter(case=OuterRef("pk"), number=OuterRef("round"))
    passed = present.filter(clock__yellow_at__lte=wall.now())
    return Q(Exists(passed), due_at__gte=wall.now(), state__in=UNTOLD)


def _objected() -> Q:
    return Q(Exists(Objection.objects.filter(order__case=OuterRef("pk"), state=Objection.State.OPEN)))


def _extension() -> Q:
    return Q(Exists(Extension.objects.filter(order__case=OuterRef("pk"), state=Extension.State.ASKED)))


def _redone() -> Q:
    """Sent back, contested or reopened: in its second round or a later one."""
    return Q(round__gt=1, state__in=states.Case.OPEN)


def _hopping() -> Q:
    """Dispatched at least twice: an order of it went on to another unit, not to its own unit's successor."""
    replaced = Order.objects.filter(case=OuterRef("pk"), state=states.Order.REPLACED)
    return Q(Exists(replaced), state__in=states.Case.OPEN)


def _owed() -> Q:
    return Q(Exists(Notice.objects.filter(case=OuterRef("pk"), told_at=None)))


def _awaited() -> Q:
    """Somebody outside should have been heard of by now: no receipt in time, or the day to look again has passed."""
    no_receipt = Q(clock__state=Clock.State.RUNNING, clock__due_at__lt=wall.now())
    waits = Referral.objects.filter(no_receipt | Q(until__lt=wall.now()), case=OuterRef("pk"), ended_at=None)
    return Q(Exists(waits))


def _instructed() -> Q:
    """A leader has told somebody something, and nobody has reported on it, or the report waits to be read."""
    waiting = (Instruction.State.GIVEN, Instruction.State.REPORTED)
    told = Instruction.objects.filter(case=OuterRef("pk"), state__in=waiting)
    return Q(Exists(told), state__in=states.Case.OPEN)


def _asked() -> Q:
    """Somebody asks upward, and nobody has decided."""
    waiting = Question.objects.filter(kind=Question.Kind.UPWARD, state=Question.State.OPEN)
    return Q(Exists(waiting.filter(case=OuterRef("pk"))))


def _whistle() -> Q:
    """A unit was called to the place, its time is over, and it has not come."""
    running = Whistle.objects.filter(case=OuterRef("pk"), came_at=None, clock__stopped_at=None)
    return Q(Exists(running.filter(clock__due_at__lt=wall.now())))


def _suspended() -> Q:
    return Q(state=states.Case.SUSPENDED)


def _returning() -> Q:
    """Suspended, and back within a week; while a clock stands, its bound is what the case shows as due."""
    return Q(state=states.Case.SUSPENDED, due_at__lt=wall.now() + SOON)


MARKS: Mapping[str, Callable[[], Q]] = {
    "open": lambda: Q(state__in=states.Case.OPEN),
    "late": _late,
    "yellow": _yellow,
    "objected": _objected,
    "extension": _extension,
    "redone": _redone,
    "hopping": _hopping,
    "owed": _owed,
    "instructed": _instructed,
    "asked": _asked,
    "whistle": _whistle,
    "suspended": _suspended,
    "returning": _returning,
    "awaited": _awaited,
}


def marked(mark: str) -> Q:
    """The condition that a case bears a mark; every case for a mark that does not exist."""
    return MARKS[mark]() if mark in MARKS else Q()


# -- tallies -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One unit or place with the number of its cases under each mark; `depth` is the place's own in the tree."""

    code: str
    name: str
    counts: Mapping[str, int]
    depth: int = 0


@dataclass(frozen=True)
class Tally:
    """How many visible cases bear each mark: in all, by the unit that holds them, by place with all below it."""

    totals: Mapping[str, int]
    units: list[Line] = field(default_factory=list)
    regions: list[Line] = field(default_factory=list)


# Conditions on the case alone: counted in one pass over the open ones.
TOGETHER = ("open", "late", "redone", "suspended", "returning")
# These start from few rows of other tables: one query each.
APART = ("yellow", "objected", "hopping", "owed", "instructed", "awaited", "asked", "whistle")


def tally(by: Actor) -> Tally:
    """Count what the actor may see under each watched mark: a query each of APART, one for the rest, two for names."""
    totals: Counter[str] = Counter()
    held: dict[int, Counter[str]] = {}
    placed: dict[str, Counter[str]] = {}
    for unit, path, mark, n in _counted(by):
        totals[mark] += n
        for above in organisation.paths_above(path):
            placed.setdefault(above, Counter())[mark] += n
        if unit is not None:
            held.setdefault(unit, Counter())[mark] += n
    return Tally(totals, _units(held), _regions(placed))


def _counted(by: Actor) -> Iterator[tuple[int | None, str, str, int]]:
    """(holder, path of the place, mark, number) of every combination that there is."""
    grouped = access.visible(by).order_by().values_list("holder_unit", "region__path")
    for mark in APART:
        for unit, path, n in grouped.filter(marked(mark)).annotate(n=Count("pk")):
            yield unit, path, mark, n
    several = {f"n_{mark}": Count("pk", filter=marked(mark)) for mark in TOGETHER}
    for unit, path, *counts in grouped.filter(marked("open")).annotate(**several):
        yield from ((unit, path, mark, n) for mark, n in zip(TOGETHER, counts, strict=True))


def _units(held: Mapping[int, Counter[str]]) -> list[Line]:
    """The units that hold something, those with most late ones first."""
    units = Unit.objects.in_bulk(list(held))
    lines = [Line(units[key].code, str(units[key]), counts) for key, counts in held.items()]
    return sorted(lines, key=lambda line: (-line.counts["late"], -line.counts["open"], line.code))


def _regions(placed: Mapping[str, Counter[str]]) -> list[Line]:
    """The places with cases, each with all that lies below it, as a tree that begins where it branches."""
    whole = max((counts.total() for counts in placed.values()), default=0)
    top = max((path for path, counts in placed.items() if counts.total() == whole), key=len, default="")
    shown = [path for path in placed if path.startswith(top)]
    named = Region.objects.filter(path__in=shown).order_by("path")
    return [Line(row.code, row.name, placed[row.path], row.path.count("/") - top.count("/")) for row in named]
