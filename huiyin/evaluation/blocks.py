"""What a judged unit may read of its ratings: sums of whole blocks, so that no two figures differ by fewer than five.

A block takes the ratings of one unit, month by month, until they are five and not all of one grade. What is left over
at a year's end goes up to the unit above, with what its other units have left. A figure of a month, a quarter, a year,
of a unit with those below it, is a sum of blocks; whatever is taken from whatever, blocks are left, or nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from huiyin.accounts.roles import UNIT
from huiyin.evaluation.groups import LEAST
from huiyin.evaluation.models import COUNTS, Block, Following, Rating
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
    first = _loose().aggregate(first=Min("on"))["first"]
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
    """Ratings that count and are in no block yet."""
    return Rating.objects.filter(COUNTS, block=None, unit__isnull=False)


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
    full = _loose().filter(on__lte=end).order_by().values("unit").annotate(n=Count("pk")).filter(n__gte=LEAST)
    return sorted(full.values_list("unit", flat=True))


def _make(unit: int, of: Sequence[int], end: date) -> bool:
    """Make a block of what these units have until that day, if it is enough; whether it was."""
    rows = _loose().filter(unit__in=of, on__lte=end)
    keys = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    taken = Rating.objects.filter(pk__in=keys)
    told = taken.aggregate(
        n=Count("pk"),
        since=Min("on"),
        contacted=Count("pk", filter=Q(contacted=True)),
        solved=Count("pk", filter=Q(solved=Rating.Solved.YES)),
        content=Count("pk", filter=Q(satisfied__gte=Rating.Satisfied.SATISFIED)),
        grades=Sum("satisfied"),
        best=Max("satisfied"),
        worst=Min("satisfied"),
    )
    alike = told.pop("best") == told.pop("worst")
    if told["n"] < LEAST or alike:
        return False
    told["since"] = told["since"].replace(day=1)
    block = Block.objects.create(unit_id=unit, until=end, made_at=clock.now(), **told)
    taken.update(block=block)
    return True


def _left_over(end: date) -> Mapping[int, list[int]]:
    """By the unit above: the units that have ratings in no block at the year's end, itself among them."""
    left = _loose().filter(on__lte=end).order_by().values_list("unit", flat=True).distinct()
    parents = dict(Unit.objects.filter(pk__in=left).values_list("pk", "parent"))
    found: dict[int, list[int]] = defaultdict(list)
    for unit, parent in sorted(parents.items()):
        if parent is not None:
            found[parent].append(unit)
    return {above: [*below, above] for above, below in found.items()}


# -- reading -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cell:
    """The ratings of one unit with those below it in one period: counts of whole blocks, or none at all.

    `since` and `until` are the months that are in it: a small unit's figure can begin earlier than its period.
    """

    unit: str
    period: str
    since: date
    until: date
    n: int
    contacted: int
    solved: int
    content: int
    grades: int

    @property
    def mean(self) -> float:
        """The mean grade, 1 to 5."""
        return self.grades / self.n


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
        **{
            name: sum(getattr(each, name) for each in blocks)
            for name in ("n", "contacted", "solved", "content", "grades")
        },
    )


def units_below(by: Actor) -> list[Unit]:
    """The unit of the actor and those below it that any block is of, by their place in the tree."""
    if by.unit is None:
        return []
    kept = Block.objects.filter(unit__path__startswith=by.unit.path).values("unit")
    return list(Unit.objects.filter(Q(pk__in=kept) | Q(pk=by.unit.pk)).order_by("path"))
