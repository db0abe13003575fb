"""Units in a period: every measure with and without what is left out, its interval, and the band it allows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from huiyin.assessment import access, closing, rules, source, statistics
from huiyin.assessment.measures import RATED, met
from huiyin.assessment.models import Rule, Target
from huiyin.assessment.periods import Period
from huiyin.assessment.secrecy import KeptBack, counts_in, kept_back
from huiyin.assessment.source import Cell, Counted
from huiyin.assessment.statistics import FEWEST_COMPARED, Band, Share
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import barred_among
from huiyin.organisation.models import Unit

Counting = Callable[[Period], Mapping[int, int]]
FEWEST_OF_OTHERS = 10  # cases of other units in a category, before it says how hard the category is


@dataclass(frozen=True)
class Reading:
    """One measure of one unit. `kept` counts, `whole` has what is left out in it too; both None where not told.

    `own` is what the other units of its kind would reach on this unit's categories, and the band is told against it;
    `adjusted` is the rate as it would be on everybody's categories, `shrunk` the rate drawn towards all.
    """

    kept: Share | None
    whole: Share | None
    band: Band = Band.TOO_FEW
    own: float | None = None
    adjusted: float | None = None
    shrunk: float | None = None
    omitted: int = 0
    target: float | None = None
    reached: bool | None = None


@dataclass(frozen=True)
class Line:
    """One unit with its measures."""

    code: str
    name: str
    kind: str
    readings: Mapping[str, Reading]


@dataclass(frozen=True)
class Group:
    """Units of one kind, which alone are compared (分级分类); `centres` is what all of them reach, n = 0 if untold."""

    kind: str
    name: str
    lines: Sequence[Line]
    centres: Mapping[str, Share]
    spreads: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Assessed:
    """A period as it was assessed: by which rule, whether what people said is told of it, and the units by kind.

    `barred`: nothing of ratings is told to a reader who also belongs to one of the units.
    """

    period: Period
    rule: str
    basis: str
    measures: tuple[str, ...]
    fewest: int
    told: bool
    groups: Sequence[Group]
    as_of: datetime = field(compare=False)  # of which moment the numbers are
    barred: bool = False


def assessed(by: Actor, period: Period, *, rule: Rule | None = None) -> Assessed:
    """The units that the actor oversees in a period; by the rule in force then, or by another to see what it does.

    Raises PermissionDenied for whoever does not oversee, NoRule for a period without rules.
    """
    access.require_reader(by)
    judging = rule or rules.rule_of(period)
    sight = access.sight(by)
    with source.opened() as book:
        found = source.counted(closing.tally(book, sight, period), judging)
        told = closing.is_closed(period)
        hidden = _hidden(period, found, closing.rated(book, sight, period)) if told else KeptBack()
    units = Unit.objects.in_bulk({unit for unit, _measure in found})
    # Who also belongs to a unit reads there what people said of it, in blocks: a sum would cut across them.
    barred = bool(barred_among(by, units.values()) & units.keys())
    if not told or barred:
        hidden = KeptBack(frozenset(units))
    return replace(_assessed(found, period, judging, hidden, book.as_of, told=told), barred=barred)


def own(by: Actor, period: Period) -> Line | None:
    """The actor's own unit; None where it had nothing in the period.

    It is compared by the cases of which nobody is barred from knowing, so that a matter that is kept from the unit
    moves nothing that it sees. What people said is told to a judged unit in blocks alone (`evaluation.blocks`): a sum
    over a period would cut across them, and give a few away. Raises PermissionDenied, NoRule.
    """
    unit = by.unit
    access.require_reader(by, unit)
    judging = rules.rule_of(period)
    with source.opened() as book:
        others = source.counted(closing.tally(book, access.COMMON, period, closing.WORK), judging)
        mine = source.counted(closing.tally(book, access.sight(by), period, closing.WORK), judging)
    found = {key: cells for key, cells in others.items() if key[0] != unit.pk}
    found |= {key: cells for key, cells in mine.items() if key[0] == unit.pk}
    hidden = KeptBack(frozenset(key for key, _measure in found))
    whole = _assessed(found, period, judging, hidden, book.as_of, told=closing.is_closed(period))
    return next((line for group in whole.groups for line in group.lines if line.code == unit.code), None)


def _hidden(period: Period, found: Counted, rated: Mapping[Period, Mapping[int, int]]) -> KeptBack:
    """What of ratings is not told of a closed period."""
    counts: Counting = cache(lambda each: _added(rated[month] for month in each.months() if month in rated))
    kinds = {unit.pk: unit.kind for unit in Unit.objects.filter(pk__in=_rated_units(period, counts))}
    return kept_back(period, counts, kinds)


def _added(months: Iterable[Mapping[int, int]]) -> Counter[int]:
    """The ratings of each unit in several months."""
    return sum((Counter(each) for each in months), Counter[int]())


def _rated_units(period: Period, counts: Counting) -> set[int]:
    return {unit for each in (period, *period.quarters(), *period.months()) for unit in counts(each)}


def _assessed(
    found: Counted, period: Period, rule: Rule, hidden: KeptBack, as_of: datetime, *, told: bool
) -> Assessed:
    units = Unit.objects.in_bulk({unit for unit, _measure in found})
    promised = rules.targets(period.year)
    groups = []
    for kind in Unit.Kind:
        members = sorted((unit for unit in units.values() if unit.kind == kind), key=lambda unit: unit.code)
        if members:
            groups.append(_group(kind, members, found, rule, hidden, promised))
    return Assessed(
        period=period,
        rule=str(rule),
        basis=rule.basis,
        measures=tuple(rule.measures),
        fewest=rule.fewest,
        told=told,
        groups=groups,
        as_of=as_of,
    )


def _group(
    kind: Unit.Kind,
    members: Sequence[Unit],
    found: Counted,
    rule: Rule,
    hidden: KeptBack,
    promised: Mapping[tuple[int, str], Target],
) -> Group:
    readings: dict[int, dict[str, Reading]] = {unit.pk: {} for unit in members}
    centres, spreads = {}, {}
    for measure in rule.measures:
        cells = {unit.pk: found.get((unit.pk, measure), []) for unit in members}
        secret = hidden.units if measure in RATED else frozenset[int]()
        counted = {unit: _told(some, measure) for unit, some in cells.items()}
        # Against what is hidden nobody is measured: it would follow from their own expectation.
        common = _Field.of({unit: some for unit, some in counted.items() if unit not in secret}, rule.fewest)
        centres[measure] = statistics.pooled([source.shares(some)[0] for some in counted.values()])
        spreads[measure] = common.spread
        for unit in members:
            target = promised.get((unit.pk, measure))
            reading = Reading(None, None) if unit.pk in secret else common.reading(unit.pk, cells[unit.pk])
            readings[unit.pk][measure] = _against(reading, measure, target)
        any_told = any((reading[measure].kept or Share(0, 0)).n for reading in readings.values())
        if secret and (kind.value in hidden.groups or not any_told):
            centres[measure] = Share(0, 0)
    lines = [Line(unit.code, str(unit), unit.kind, readings[unit.pk]) for unit in members]
    return Group(kind.value, str(kind.label), lines, centres, spreads)


def _told(cells: Sequence[Cell], measure: str) -> list[Cell]:
    """The cells that count; ratings that are left out stay in where they must."""
    left_out = sum(cell.n for cell in cells if cell.omitted)
    kept = sum(cell.n for cell in cells if not cell.omitted)
    if measure in RATED and counts_in(left_out, kept):
        return [Cell(cell.category, False, cell.good, cell.n) for cell in cells]
    return list(cells)


@dataclass(frozen=True)
class _Field:
    """All units of one kind in one measure: what they reach together, in each category, and how they spread."""

    cells: Mapping[int, list[Cell]]
    whole: Share
    expected: Mapping[int, float]
    prior: statistics.Prior | None
    spread: float
    fewest: int
    compared: bool

    @classmethod
    def of(cls, cells: Mapping[int, list[Cell]], fewest: int) -> "_Field":
        """Reckon what is common to all."""
        kept = {unit: source.shares(some)[0] for unit, some in cells.items()}
        whole = statistics.pooled(list(kept.values()))
        expected = _expected(cells, kept)
        enough = {unit: share for unit, share in kept.items() if share.n >= fewest}
        return cls(
            cells=cells,
            whole=whole,
            expected=expected,
            prior=statistics.prior_of(list(kept.values())) if whole.n else None,
            spread=statistics.spread_of(list(enough.values()), [expected.get(unit, 0.0) for unit in enough]),
            fewest=fewest,
            compared=len(enough) >= FEWEST_COMPARED,
        )

    def reading(self, unit: int, every: Sequence[Cell]) -> Reading:
        """One unit among them."""
        kept, whole = source.shares(self.cells[unit])
        expected = self.expected.get(unit)
        if not kept.n or expected is None or self.prior is None:
            return Reading(kept, whole, self._band(kept, None), omitted=whole.n - kept.n)
        return Reading(
            kept=kept,
            whole=whole,
            band=self._band(kept, expected),
            own=expected,
            adjusted=statistics.adjusted(kept, expected, self.whole.rate or 0.0),
            shrunk=statistics.shrunk(kept, self.prior),
            omitted=sum(cell.n for cell in every if cell.omitted),
        )

    def _band(self, kept: Share, expected: float | None) -> Band:
        """Where a unit lies; with cases enough of its own, whether there are others to lie among."""
        if kept.n >= max(1, self.fewest) and (expected is None or not self.compared):
            return Band.FEW_PEERS
        return statistics.band(kept, expected or 0.0, fewest=self.fewest, spread=self.spread)


def _expected(cells: Mapping[int, list[Cell]], kept: Mapping[int, Share]) -> dict[int, float]:
    """What the other units would reach on each unit's own categories; of a unit alone in its kind, nothing.

    By the others, because a unit that is nearly alone in a category (as duty lists make it) would else be measured by
    itself, and never be found wanting. A category in which the others have few cases says nothing of how hard it is:
    there the unit is measured by what they reach in all.
    """
    by_unit = {unit: _by_category(some) for unit, some in cells.items()}
    every = statistics.pooled(list(kept.values()))
    categories = {name for found in by_unit.values() for name in found}
    total = {
        name: statistics.pooled([found[name] for found in by_unit.values() if name in found])
        for name in categories
    }
    expected = {}
    for unit, found in by_unit.items():
        rest = _less(every, kept[unit])
        if rest.rate is None:
            continue
        standard = {}
        for name in found:
            others = _less(total[name], found[name])
            standard[name] = rest.rate if others.n < FEWEST_OF_OTHERS else others.good / others.n
        reached = statistics.expected({name: share.n for name, share in found.items()}, standard)
        if reached is not None:
            expected[unit] = reached
    return expected


def _by_category(cells: Sequence[Cell]) -> dict[str, Share]:
    found: dict[str, list[Share]] = {}
    for cell in cells:
        if not cell.omitted:
            found.setdefault(str(cell.category), []).append(Share(cell.good, cell.n))
    return {name: statistics.pooled(some) for name, some in found.items()}


def _less(whole: Share, part: Share) -> Share:
    """The others; what rounding leaves below nought is nought."""
    n = whole.n - part.n
    return Share(min(max(0.0, whole.good - part.good), n), n)


def _against(reading: Reading, measure: str, target: Target | None) -> Reading:
    """The reading beside what the unit has promised for the year."""
    if target is None:
        return reading
    rate = reading.kept.rate if reading.kept else None
    reached = None if rate is None else met(measure, rate, float(target.percent))
    return replace(reading, target=float(target.percent), reached=reached)
