"""Where a workbook's values come from: the catalogue of figures, lists and assessment, as one reader may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT
from huiyin.analytics import asking, freezing, snapshot
from huiyin.analytics.asking import Found, Question
from huiyin.analytics.catalogue import FIGURES
from huiyin.analytics.engine import Star
from huiyin.assessment.measures import DEFINITIONS, MEASURES
from huiyin.assessment.periods import Period, period_of
from huiyin.cases.models import Case
from huiyin.kernel import clock
from huiyin.kernel.few import any_few
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region, Unit
from huiyin.workbooks import access, assessed, listed, spans
from huiyin.workbooks.filling import Said
from huiyin.workbooks.syntax import Asked, Each
from huiyin.workbooks.vocabulary import COUNTED, LISTS, OF_TIME, Meaning, block_of, canonical, meaning_of

HIDDEN = Said(_("不列出"))
Cuts = tuple[tuple[str, str], ...]
LABELS: Mapping[str, Mapping[str, Any]] = {
    "nature": dict(Case.Nature.choices),
    "channel": dict(Case.Channel.choices),
}


@dataclass(frozen=True)
class Line:
    """One line of a block: its key in the figures, and what is known of it by itself."""

    key: str
    fields: Mapping[str, Said] = field(default_factory=dict)
    row: Any = None


@contextmanager
def reading(
    by: Actor, period: Period, *, alive: Callable[[int], None] = lambda rows: None
) -> Iterator[Reader]:
    """The values for one reader and period, from the figures as they are now."""
    with snapshot.live() as (star, checkpoint):
        yield Reader(by, period, star, checkpoint.moment, alive)


@dataclass
class Reader:
    """A source of values (filling.Source). Asks for all figures that are cut alike in one question."""

    by: Actor
    period: Period
    star: Star
    as_of: datetime
    alive: Callable[[int], None]
    _names: dict[tuple[str, Cuts], dict[str, None]] = field(default_factory=dict)
    _found: dict[tuple[str, Cuts], dict[str, asking.Line]] = field(default_factory=dict)
    _meant: dict[tuple[Asked, Each | None], Meaning] = field(default_factory=dict)
    _narrowed: dict[tuple[Meaning, Each | None], tuple[str, Cuts]] = field(default_factory=dict)
    _published: Mapping[str, freezing.Fixed] | None = None

    def prepare(self, asked: Sequence[tuple[Asked, Each | None]]) -> None:
        """Gather what is asked for, by how it is cut."""
        for each_asked, each in asked:
            meaning = self._meaning(each_asked, each)
            if meaning.kind == "figure" and FIGURES[meaning.name].over != "evaluations":
                key = self._cut(meaning, each)
                self._names.setdefault(key, {})[meaning.name] = None

    def _meaning(self, asked: Asked, each: Each | None) -> Meaning:
        if (asked, each) not in self._meant:
            narrowed = canonical(each.cuts) if each else ()
            self._meant[asked, each] = meaning_of(asked, block_of(each) if each else "", narrowed)
        return self._meant[asked, each]

    def _cut(self, meaning: Meaning, each: Each | None) -> tuple[str, Cuts]:
        """The dimension and the cuts of a figure; what the block is narrowed to narrows its figures too."""
        if (meaning, each) not in self._narrowed:
            cuts = {**dict(canonical(each.cuts) if each else ()), **dict(meaning.cuts)}
            self._narrowed[meaning, each] = (block_of(each) if each else "", tuple(sorted(cuts.items())))
        return self._narrowed[meaning, each]

    # -- lines ---------------------------------------------------------------------------------------------
    def lines(self, each: Each) -> Sequence[Line]:
        """What a block is written for."""
        block = block_of(each)
        if block in COUNTED:
            return self._counted(each, block)
        if block in LISTS:
            rows = listed.rows(self.by, block, self._span(canonical(each.cuts)), canonical(each.cuts))
            return [Line(str(at), row=row) for at, row in enumerate(rows, 1)]
        if block == "figure":
            return [_numbered(at, name, _of_figure(name)) for at, name in enumerate(FIGURES, 1)]
        if block == "measure":
            return [_numbered(at, name, _of_measure(name)) for at, name in enumerate(MEASURES, 1)]
        found = assessed.lines(self.by, block, self.period)
        return [_numbered(at, each.key, each.fields, each.row) for at, each in enumerate(found, 1)]

    def _counted(self, each: Each, block: str) -> list[Line]:
        """The lines that any figure of the block has; of a span of time every month, also one without anything."""
        names: dict[str, str] = {}
        if block in OF_TIME:
            names = dict.fromkeys(spans.codes_within(self._span(canonical(each.cuts)), block), "")
        own = [key for key in self._names if key[0] == block and self._belongs(key[1], each)]
        for dimension, cuts in own or [(block, canonical(each.cuts))]:
            for line in self._ask(dimension, cuts).values():
                if block not in OF_TIME or line.key in names:
                    names[line.key] = line.name
        return [
            _numbered(at, key, {"name": Said(self._name(block, key, names[key])), "code": Said(key)})
            for at, key in enumerate(sorted(names, key=lambda key: (key == "", key)), 1)
        ]

    @staticmethod
    def _belongs(cuts: Cuts, each: Each) -> bool:
        return set(canonical(each.cuts)) <= set(cuts) or not each.cuts

    @staticmethod
    def _name(block: str, key: str, name: str) -> str:
        if not key:
            return _("未定")
        return str(LABELS.get(block, {}).get(key, name or key))

    # -- values --------------------------------------------------------------------------------------------
    def said(self, asked: Asked, each: Each | None, line: Any) -> Said:
        """One value."""
        meaning = self._meaning(asked, each)
        if meaning.kind == "figure":
            return self._figure(meaning, each, line)
        if meaning.kind == "word":
            return self._word(meaning.name)
        if meaning.kind == "field":
            block = block_of(each) if each else ""
            if block in LISTS:
                return listed.cell(block, line, meaning.name)
            return line.fields.get(meaning.name, Said(None))
        return assessed.said(meaning, line.row)

    def _figure(self, meaning: Meaning, each: Each | None, line: Line | None) -> Said:
        figure = FIGURES[meaning.name]
        if meaning.part in ("title", "definition", "unit", "basis", "denominator"):
            return Said(str(getattr(figure, meaning.part)))
        if not access.reads_figure(self.by, meaning.name):
            return HIDDEN
        dimension, cuts = self._cut(meaning, each)
        key = line.key if line else ""
        if figure.over == "evaluations":
            rating = self._rating(meaning.name, self._span(cuts), key)
            return _part(rating, meaning.part) if rating else HIDDEN
        found = self._ask(dimension, cuts).get(key)
        value = found.figures[meaning.name] if found else Found(figure.kind, _nought(figure.kind), 0)
        return _part(value, meaning.part)

    def _rating(self, name: str, span: spans.Span, key: str) -> Found | None:
        """What people said in a span, or in the month or quarter of it that is named: the sum of published months.

        None while one of them is not published, or says too little to be told: of days or matters that a reader
        chooses, or counted anew, the difference of two numbers would be what one person said.
        """
        if not access.reads_ratings(self.by):
            return None
        if self._published is None:
            self._published = freezing.told_last()
        within = period_of(key) if key else None
        months = [each for each in span.months if within is None or within.first <= each.first <= within.last]
        told = [found for each in months if (found := self._told(name, each.code))]
        if not months or len(told) < len(months):
            return None
        return Found(FIGURES[name].kind, sum(each.whole for each in told), sum(each.n for each in told))

    def _told(self, name: str, month: str) -> Found | None:
        """What was told of a month at last; None where that would be of one to four people."""
        fixed = (self._published or {}).get(month)
        found = fixed.figures.get(name) if fixed else None
        if found is None:
            return None
        return None if any_few(found.n, found.whole, found.n - found.whole) else found

    def _word(self, name: str) -> Said:
        unit = self.by.unit
        told: dict[str, Callable[[], Said]] = {
            "period": lambda: Said(spans.words(self.period)),
            "since": lambda: Said(self.period.first, "date"),
            "until": lambda: Said(self.period.last, "date"),
            "year": lambda: Said(self.period.year, "number"),
            "month": lambda: Said(self.period.last.month, "number"),
            "place": lambda: Said(str(unit.region) if unit else ""),
            "unit": lambda: Said(unit.full_name if unit else ""),
            "post": lambda: Said(str(self.by.post or "")),
            "filled": lambda: Said(_local(clock.now()), "moment"),
            "as_of": lambda: Said(_local(self.as_of), "moment"),
            "rule": lambda: Said(assessed.rule_words(self.period)),
        }
        return told[name]()

    # -- asking --------------------------------------------------------------------------------------------
    def _span(self, cuts: Cuts) -> spans.Span:
        return spans.span_of(self.period, dict(cuts).get("period", ""))

    def _ask(self, dimension: str, cuts: Cuts) -> dict[str, asking.Line]:
        """The figures that are cut so, by the keys of their lines."""
        key = dimension, cuts
        if key not in self._found:
            names = [name for name in self._names.get(key, {}) if access.reads_figure(self.by, name)]
            question = self._question(cuts)
            found = asking.ask(self.star, names or ["answered"], question, by=dimension) if question else []
            self._found[key] = {line.key: line for line in found}
            self.alive(0)
        return self._found[key]

    def _question(self, cuts: Cuts) -> Question:
        """What is counted: of the own place, or of the own unit, and no matter that complains of anybody by name.

        Who is complained of reads what everybody reads: a number that differed from another's would tell them.
        """
        told, span = dict(cuts), self._span(cuts)
        question = Question(self.as_of, since=span.since, until=span.until, accusing=False)
        question = replace(question, category=told.get("category", ""), nature=told.get("nature", ""))
        unit = self.by.unit
        if unit is None:
            return replace(question, unit=NOBODY)
        if self.by.role in OVERSIGHT:
            region = _within(Region, told.get("region", ""), unit.region)
            return replace(question, region=region, unit=told.get("unit", ""))
        own = _within(Unit, told.get("unit", ""), unit)
        return replace(question, unit=own, region=told.get("region", ""))


NOBODY = "\x00"  # a code that there cannot be


def _within(model: Any, code: str, own: Any) -> str:
    """The code, if it lies within what is the reader's own; the own one where none is named."""
    if not code:
        return str(own.code)
    inside = model.objects.filter(code=code, path__startswith=own.path).exists()
    return code if inside else NOBODY


def _nought(kind: str) -> int | None:
    return 0 if kind == "count" else None


def _part(found: Found, part: str) -> Said:
    if part == "n":
        return Said(found.n, "count")
    if part in ("low", "high"):
        low, high = found.interval or (None, None)
        return Said(low if part == "low" else high, found.kind)
    return Said(found.value, found.kind)


def _numbered(at: int, key: str, fields: Mapping[str, Said], row: Any = None) -> Line:
    return Line(key, {"no": Said(at, "number"), **fields}, row)


def _of_figure(name: str) -> dict[str, Said]:
    figure = FIGURES[name]
    told = {each: Said(str(getattr(figure, each))) for each in ("definition", "unit", "denominator", "basis")}
    return {"name": Said(str(figure.title)), "code": Said(name), **told}


def _of_measure(name: str) -> dict[str, Said]:
    return {"name": Said(str(MEASURES[name])), "code": Said(name), "definition": Said(str(DEFINITIONS[name]))}


def _local(moment: datetime) -> datetime:
    return moment.astimezone(clock.zone()).replace(tzinfo=None)
