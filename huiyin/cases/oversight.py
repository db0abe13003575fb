"""What deserves a second look: the marks by which lists are narrowed, counted by holder and by place."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from huiyin.cases import access, states
from huiyin.cases.models import (
    Extension,
    Instruction,
    Notice,
    Objection,
    Question,
    Referral,
    Round,
    Whistle,
)
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock as wall
from huiyin.kernel.lookups import among
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region, Unit
from huiyin.organisation.place import limit

OPEN = among("state", states.Case.OPEN)
UNTOLD = among("state", states.Case.UNTOLD)


# -- marks ---------------------------------------------------------------------------------------------------
def _late() -> Q:
    return UNTOLD & Q(due_at__lt=wall.now())


def _yellow() -> Q:
    """Past the 70 % mark of the clock, and not late yet."""
    present = Round.objects.filter(case=OuterRef("pk"), number=OuterRef("round"))
    passed = present.filter(clock__yellow_at__lte=wall.now())
    return UNTOLD & Q(Exists(passed), due_at__gte=wall.now())


def _objected() -> QuerySet[Any]:
    return Objection.objects.filter(state=Objection.State.OPEN).order_by().values("order__case")


def _extension() -> QuerySet[Any]:
    return Extension.objects.filter(state=Extension.State.ASKED).order_by().values("order__case")


def _redone() -> Q:
    """Sent back, contested or reopened: in its second round or a later one."""
    return OPEN & Q(round__gt=1)


def _hopping() -> Q:
    """Dispatched at least twice: an order of it went on to another unit, not to its own unit's successor."""
    return OPEN & Q(hopped=True)


def _owed() -> QuerySet[Any]:
    return Notice.objects.filter(told_at=None).order_by().values("case")


def _awaited() -> QuerySet[Any]:
    """Somebody outside should have been heard of by now: no receipt in time, or the day to look again has passed."""
    waiting = Referral.objects.filter(ended_at=None).order_by().values("case")
    running = {"clock__state": Clock.State.RUNNING, "clock__step": "receipt"}
    no_receipt = waiting.filter(**running, clock__due_at__lt=wall.now())
    # Apart: asked for either, a database looks up the clock of everything that waits.
    return no_receipt.union(waiting.filter(until__lt=wall.now()), all=True)


def _instructed() -> Q:
    """A leader has told somebody something, and nobody has reported on it, or the report waits to be read."""
    waiting = (Instruction.State.GIVEN, Instruction.State.REPORTED)
    return OPEN & Q(pk__in=Instruction.objects.filter(state__in=waiting).order_by().values("case"))


def _asked() -> QuerySet[Any]:
    """Somebody asks upward, and nobody has decided."""
    waiting = Question.objects.filter(kind=Question.Kind.UPWARD, state=Question.State.OPEN)
    return waiting.order_by().values("case")


def _whistle() -> QuerySet[Any]:
    """A unit was called to the place, its time is over, and it has not come."""
    running = Whistle.objects.filter(came_at=None, clock__stopped_at=None)
    return running.filter(clock__due_at__lt=wall.now()).order_by().values("case")


def _reminded() -> Q:
    """Somebody was asked to hurry, and has not done anything since."""
    return Q(reminded_until__isnull=False)


def _unheeded() -> Q:
    """Asked to hurry, and the day by which they were to act is over."""
    return Q(reminded_until__lt=wall.local_date(wall.now()))


def _suspended() -> Q:
    return Q(state=states.Case.SUSPENDED)


def _returning() -> Q:
    """Suspended, and back within a week; while a clock stands, its bound is what the case shows as due."""
    return Q(state=states.Case.SUSPENDED, due_at__lt=wall.now() + timedelta(days=limit("returning_days")))


# Marks that hang on rows of another table: the keys of their cases are few, and a database begins with them.
FEW: Mapping[str, Callable[[], QuerySet[Any]]] = {
    "objected": _objected,
    "extension": _extension,
    "owed": _owed,
    "asked": _asked,
    "whistle": _whistle,
    "awaited": _awaited,
}
OTHERS: Mapping[str, Callable[[], Q]] = {
    "open": lambda: OPEN,
    "late": _late,
    "yellow": _yellow,
    "redone": _redone,
    "hopping": _hopping,
    "instructed": _instructed,
    "suspended": _suspended,
    "returning": _returning,
    "reminded": _reminded,
    "unheeded": _unheeded,
}
MARKS = (*FEW, *OTHERS)


def marked(mark: str) -> Q:
    """The condition that a case bears a mark; every case for a mark that does not exist."""
    if mark in FEW:
        return Q(pk__in=FEW[mark]())
    return OTHERS[mark]() if mark in OTHERS else Q()


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
TOGETHER = ("open", "late", "redone", "hopping", "suspended", "returning")
# These start from few rows, of other tables or of cases that may have ended: one query each.
APART = ("yellow", "objected", "owed", "instructed", "awaited", "asked", "whistle", "reminded", "unheeded")


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
    return [Line(row.code, str(row), placed[row.path], row.path.count("/") - top.count("/")) for row in named]
