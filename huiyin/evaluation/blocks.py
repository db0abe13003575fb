"""What a judged unit may read of its ratings: full blocks, and of each only what gives no single grade away.

A block takes the ratings of one unit, month by month, until they are ten. What is left over at a year's end goes up to
the unit above, with what its other units have left. When a block is made, and of which ratings, hangs on their number,
days and unit alone, never on what they say. Of a block is told what `spans` allows; a figure of a month, a quarter, a
year, of a unit with those below it, is made of what is told of its blocks, and so tells nothing more.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from huiyin.accounts.roles import UNIT
from huiyin.evaluation.models import COUNTS, Block, Following, Rating
from huiyin.evaluation.spans import FULL, Span, count_told, sum_told, together
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

DECEMBER = 12
NAME = "blocks"


# -- making --------------------------------------------------------------------------------------------------
def make_blocks() -> int:
    """Make the blocks of each month that is over; returns how many. Killed anywhere, it goes on where it stopped.

    A month is done once: what comes in for it afterwards goes into a block of a later one.
    """
    first = _loose().aggregate(first=Min("given"))["first"]
    if first is None:
        return 0
    known, _new = Following.objects.get_or_create(pk=NAME, defaults={"position": 0})
    today, made = clock.local_date(clock.now()), 0
    for end in (each for each in _ends(first, today) if _place(each) > known.position):
        with transaction.atomic():
            mine = Following.objects.filter(pk=NAME, position__lt=_place(end))
            if not mine.update(position=_place(end)):
                continue  # another worker has done it
            made += sum(_make(unit, [unit], end) for unit in _units_with(end))
            if end.month == DECEMBER:
                made += sum(_make(above, below, end) for above, below in _left_over(end).items())
    return made


def _loose() -> QuerySet[Rating]:
    """Ratings that count and are in no block yet, with the day on which their giver first rated (`given`).

    One given anew in the place of another stands where that one stood, in time too: the judged know of the first
    alone, and a block that waited a month longer would tell of the second.
    """
    before = Rating.objects.filter(
        party=OuterRef("party"), round=OuterRef("round"), set_aside=Rating.Aside.PRESSED
    )
    rows = Rating.objects.filter(COUNTS, block=None, unit__isnull=False)
    return rows.annotate(given=Coalesce(Subquery(before.values("on")[:1]), F("on")))


def _place(day: date) -> int:
    """The place of a day's month among all months."""
    return day.year * 12 + day.month


def _ends(first: date, today: date) -> Iterator[date]:
    """The last days of the months from the one of `first` on that are over today."""
    begin = first.replace(day=1)
    while (after := (begin + timedelta(days=31)).replace(day=1)) <= today:
        yield after - timedelta(days=1)
        begin = after


def _units_with(end: date) -> list[int]:
    enough = _loose().filter(given__lte=end).order_by().values("unit").annotate(n=Count("pk"))
    return sorted(enough.filter(n__gte=FULL).values_list("unit", flat=True))


def _make(unit: int, of: Sequence[int], end: date) -> bool:
    """Make a block of what these units have until that day, if it is enough; whether it was."""
    rows = _loose().filter(unit__in=of, given__lte=end)
    taken = dict(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", "given"))
    if len(taken) < FULL:
        return False
    ratings = Rating.objects.filter(pk__in=taken)
    told = ratings.aggregate(
        n=Count("pk"),
        contacted=Count("pk", filter=Q(contacted=True)),
        solved=Count("pk", filter=Q(solved=Rating.Solved.YES)),
        content=Count("pk", filter=Q(satisfied__gte=Rating.Satisfied.SATISFIED)),
        grades=Sum("satisfied"),
    )
    since = min(taken.values()).replace(day=1)
    block = Block.objects.create(unit_id=unit, since=since, until=end, made_at=clock.now(), **told)
    ratings.update(block=block)
    return True


def _left_over(end: date) -> Mapping[int, list[int]]:
    """By the unit above: the units that have ratings in no block at the year's end, itself among them."""
    left = _loose().filter(given__lte=end).order_by().values_list("unit", flat=True).distinct()
    parents = dict(Unit.objects.filter(pk__in=left).values_list("pk", "parent"))
    found: dict[int, list[int]] = defaultdict(list)
    for unit, parent in sorted(parents.items()):
        if parent is not None:
            found[parent].append(unit)
    return {above: [*below, above] for above, below in found.items()}


# -- reading -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cell:
    """The ratings of one unit with those below it in one period: what is told of whole blocks, or none at all.

    `since` and `until` are the months that are in it: a small unit's figure can begin earlier than its period.
    `n` is exact; how many were contacted, called it solved, were content, and the sum of the grades lie in a span.
    """

    unit: str
    period: str
    since: date
    until: date
    n: int
    contacted: Span
    solved: Span
    content: Span
    grades: Span


PERIODS = {
    "month": lambda day: f"{day:%Y-%m}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "year": lambda day: f"{day.year}",
}


def told_to(by: Actor, *, period: str, below: str = "") -> list[Cell]:
    """What somebody of a unit may read of its ratings: by month, quarter or year, the newest first.

    Of their own unit with those below it, or of one unit `below` (its code) with those below that. Raises
    PermissionDenied for whoever is of no unit, and for a unit that is not below their own.
    """
    if by.role not in UNIT or by.unit is None:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    unit = by.unit if not below else Unit.objects.filter(code=below, path__startswith=by.unit.path).first()
    if unit is None:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    return cells(unit, period=period)


def cells(unit: Unit, *, period: str) -> list[Cell]:
    """The figures of a unit with those below it; for readers of whom it has been asked who they are."""
    found: dict[str, list[Block]] = defaultdict(list)
    for block in Block.objects.filter(unit__path__startswith=unit.path).order_by("until", "pk"):
        found[PERIODS[period](block.until)].append(block)
    return [_cell(unit, name, found[name]) for name in sorted(found, reverse=True)]


def _cell(unit: Unit, period: str, blocks: Sequence[Block]) -> Cell:
    return Cell(
        unit=unit.code,
        period=period,
        since=min(each.since for each in blocks),
        until=max(each.until for each in blocks),
        n=sum(each.n for each in blocks),
        contacted=together(count_told(each.contacted, each.n) for each in blocks),
        solved=together(count_told(each.solved, each.n) for each in blocks),
        content=together(count_told(each.content, each.n) for each in blocks),
        grades=together(sum_told(each.grades, each.n) for each in blocks),
    )


def units_below(by: Actor) -> list[Unit]:
    """The unit of the actor and those below it that any block is of, by their place in the tree."""
    if by.unit is None:
        return []
    kept = Block.objects.filter(unit__path__startswith=by.unit.path).values("unit")
    return list(Unit.objects.filter(Q(pk__in=kept) | Q(pk=by.unit.pk)).order_by("path"))
