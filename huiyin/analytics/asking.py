"""Asking for figures of the catalogue: of a period, of a place, unit or category, cut by one of the dimensions.

A matter belongs to the period in which it was received, by local date, both ends included; so do its rounds, orders
and ratings, however late they come. Only figures of `dated` go by a moment of each row's own.
Rates are not rounded here: whoever shows them does that, half to even, at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, floor, sqrt
from typing import Any, NamedTuple

from huiyin.analytics.catalogue import COUNT, RATE, RECEIPT, Figure
from huiyin.analytics.dated import EVERY
from huiyin.analytics.engine import Star, table
from huiyin.analytics.intervals import Z95, wilson
from huiyin.analytics.star import LEVELS
from huiyin.kernel import clock
from huiyin.organisation.models import named

Bounds = tuple[float, float] | None
Naming = Callable[[Any], tuple[str, str]]
Row = Mapping[str, Any]
Together = tuple[str, str]
Cut = Callable[[Any, int], tuple[Any, str]]  # the rows with a column, and the name of that column
NOBODY = -1  # a key that no row has


@dataclass(frozen=True)
class Question:
    """Which matters are meant, and as of which moment. Codes; empty or None leaves a side open."""

    as_of: datetime
    since: date | None = None
    until: date | None = None
    region: str = ""  # with all that lies in it
    unit: str = ""  # with all below it
    category: str = ""  # with all below it
    nature: str = ""
    answered: bool = False  # only matters with a first answer
    accusing: bool = True  # also matters in which somebody is complained of by name
    begins: datetime | None = None  # for figures with a moment of their own: from it
    ends: datetime | None = None  # before it; without both, the local days from `since` to `until`
    judged: int | None = None  # key of the one unit to which a rating, order or answer is laid
    without: frozenset[int] = frozenset()  # keys of matters that the reader may not know of


class Found(NamedTuple):
    """A figure of one line: what was counted (of a rate, its numerator), and n, the whole number below it.

    The rest is worked out when it is asked for: most lines of a large table are only looked through.
    """

    kind: str
    counted: float | int | None
    n: int

    @property
    def value(self) -> float | int | None:
        """The count, the rate from 0 to 1, or the days; None where there is nothing to divide by or to order."""
        if self.kind != RATE:
            return self.counted
        return self.counted / self.n if self.n and self.counted is not None else None

    @property
    def whole(self) -> int:
        """What was counted, where that is a whole number."""
        return int(self.counted or 0)

    @property
    def interval(self) -> Bounds:
        """The 95 % interval: of a rate by Wilson; a full count has no sampling error, so both ends are itself."""
        if self.kind == COUNT and self.counted is not None:
            return self.counted, self.counted
        return wilson(self.whole, self.n) if self.kind == RATE and self.n else None

    @property
    def share(self) -> float | None:
        """What a count is of its whole, where it is a part of it."""
        return (self.counted or 0) / self.n if self._is_part else None

    @property
    def share_interval(self) -> Bounds:
        """The 95 % interval of the share (Wilson)."""
        return wilson(self.whole, self.n) if self._is_part else None

    @property
    def _is_part(self) -> bool:
        return self.kind == COUNT and self.n > 0 and (self.counted or 0) <= self.n


class Place(NamedTuple):
    """Where a figure stands: in which columns of the rows over its table its number and its n are."""

    figure: Figure
    value: str
    n: str


class Counted(Mapping[str, Found]):
    """The figures of one line, by their names, in the order in which they were asked for.

    It holds the rows as they were counted, one for each reading that has any of this line; a large table has a hundred
    thousand figures, and few of them are looked at.
    """

    __slots__ = ("places", "rows")

    def __init__(self, places: Mapping[str, Place], rows: Mapping[Together, Row]) -> None:
        self.places = places
        self.rows = rows

    def __getitem__(self, name: str) -> Found:
        figure, value, n = self.places[name]
        row = self.rows.get(_together(figure))
        if row is None:
            return Found(figure.kind, 0 if figure.kind == COUNT else None, 0)
        return Found(figure.kind, row[value], row[n] or 0)

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __reduce__(self) -> tuple[Any, ...]:
        """What is kept between requests are the figures alone."""
        return dict, (dict(self),)


@dataclass(frozen=True)
class Line:
    """The figures of one row of a table, by their names; a key for each dimension: a code, or the period's name."""

    keys: tuple[str, ...]
    names: tuple[str, ...]  # in the reader's language
    figures: Mapping[str, Found] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key in the first dimension."""
        return self.keys[0] if self.keys else ""

    @property
    def name(self) -> str:
        """The name in the first dimension."""
        return self.names[0] if self.names else ""


def ask(star: Star, names: Iterable[str], question: Question, *, by: str = "") -> list[Line]:
    """The named figures, one line for all of it or one for each value of a dimension that has any matter.

    `by` is "", "day", "month", "quarter", "year", "assessed" (19th to 18th), "region" (streets), "region:LEVEL",
    "unit", "category", "category:top", "nature", "channel", "door" or (of rounds) "policy", or several of them, as
    "region+month".
    A region above the level that is asked for stands by itself; what has no value in
    a dimension stands under the key "". Raises KeyError for an unknown figure or dimension.
    """
    dimensions = _dimensions(by)
    naming = [_naming(star, each) for each in dimensions]
    cut = [_line(naming, keys, found) for keys, found in keyed(star, names, question, by=by).items()]
    return sorted(cut, key=lambda line: line.keys)


def every(star: Star, names: Iterable[str], question: Question, *, by: str) -> list[Line]:
    """As `ask`, with a line of noughts for each day, month, quarter or year in which nothing came; none of nothing."""
    names = list(names)
    found = {line.key: line for line in ask(star, names, question, by=by)}
    if not found or by not in OVER_TIME:
        return list(found.values())
    places = {name: Place(EVERY[name], "", "") for name in names}
    empty = {name: Line((name,), (name,), Counted(places, {})) for name in _periods(star, question, by)}
    return sorted(
        [*found.values(), *(empty[name] for name in empty.keys() - found)], key=lambda line: line.keys
    )


def _periods(star: Star, question: Question, by: str) -> Iterable[str]:
    """The names of all periods of a question as far as they have begun; no month before anything was ever received."""
    dates = table("dates")
    [row] = star.ask(dates.aggregate(first=dates.day.min()))
    last = clock.local_date(question.as_of)
    first, last = question.since or row["first"], min(question.until or last, last)
    if by != "day":
        first = max(first, row["first"])
    days = (first + timedelta(days=after) for after in range((last - first).days + 1))
    return dict.fromkeys(_assessed(day) if by == "assessed" else _period(by, day) for day in days)


def _assessed(day: date) -> str:
    """The month of assessment of a day, as in `dates`: from the 19th on it is the next."""
    return (day.replace(day=1) + timedelta(days=31 if day.day > 18 else 0)).isoformat()[:7]


def keyed(
    star: Star, names: Iterable[str], question: Question, *, by: str = ""
) -> dict[tuple[Any, ...], Mapping[str, Found]]:
    """As `ask`, by the keys that the rows have: the numbers of units, regions, categories and posts, no names."""
    wanted = [EVERY[name] for name in names]
    cuts = [f"cut{at}" for at in range(len(_dimensions(by)))]
    found: dict[tuple[Any, ...], dict[Together, Row]] = {} if by else {(): {}}
    places: dict[str, Place] = {}
    for together in dict.fromkeys(map(_together, wanted)):
        some = [figure for figure in wanted if _together(figure) == together]
        reading = read_once(some, question, star, by=by)
        places.update(reading.places)
        for row in star.ask(reading.expression):
            found.setdefault(tuple([row[cut] for cut in cuts]), {})[together] = row
    ordered = {figure.name: places[figure.name] for figure in wanted}
    return {keys: Counted(ordered, rows) for keys, rows in found.items()}


def _together(figure: Figure) -> Together:
    """What figures have in common that are counted in one reading: their table, and the moment that they go by."""
    return figure.over, figure.dated


def behind(
    star: Star, name: str, question: Question, *, good: bool | None = None, post: int | None = None
) -> list[int]:
    """The keys of the matters behind a rate: of all that is below the line, or of what counts above it, or does not."""
    figure = EVERY[name]
    rows = meant(table(figure.over), question, star, figure)
    now = _moment(question.as_of)
    if figure.among is not None:
        rows = rows.filter(figure.among(rows, now))
    if good is not None and figure.good is not None:
        holds = figure.good(rows, now)
        rows = rows.filter(holds if good else ~holds)
    if post is not None:
        rows = rows.filter(rows.post_id == post)
    return [row["key"] for row in star.ask(rows.select(key=_matter(rows)).distinct())]


def _dimensions(by: str) -> list[str]:
    return by.split("+") if by else []


def _line(naming: Sequence[Naming], keys: tuple[Any, ...], figures: Mapping[str, Found]) -> Line:
    said = [name(key) for name, key in zip(naming, keys, strict=True)]
    return Line(tuple(code for code, _name in said), tuple(name for _code, name in said), figures)


@dataclass(frozen=True)
class Reading:
    """One reading of one table, and in which columns of its rows each figure and its n stand."""

    expression: Any
    places: Mapping[str, Place]


def read_once(figures: Sequence[Figure], question: Question, star: Star, *, by: str = "") -> Reading:
    """One reading of one table that counts all these figures, which must be over the same table and dated alike.

    What several figures share, as the number of all rows, is counted and handed over once.
    """
    rows = meant(table(figures[0].over), question, star, figures[0])
    now = _moment(question.as_of)
    cuts = {}
    for at, dimension in enumerate(_dimensions(by)):
        rows, cuts[f"cut{at}"] = CUTS[dimension](rows, at)
    counted: dict[Any, str] = {}
    places = {}
    for figure in figures:
        value, n = figure.value(rows, now).op(), figure.of(rows, now).op()
        columns = [counted.setdefault(each, f"counted{len(counted)}") for each in (value, n)]
        places[figure.name] = Place(figure, columns[0], columns[1])
    grouped = rows.group_by(**{name: rows[column] for name, column in cuts.items()}) if by else rows
    return Reading(grouped.aggregate(**{name: each.to_expr() for each, name in counted.items()}), places)


def meant(rows: Any, question: Question, star: Star, figure: Figure | None = None) -> Any:
    """The rows of a fact table that a question means, for a figure with a moment of its own by that."""
    if figure is not None and figure.dated != RECEIPT:
        rows = _happened(rows, question, figure.dated)
    else:
        if question.since is not None:
            rows = rows.filter(rows.received_on >= question.since)
        if question.until is not None:
            rows = rows.filter(rows.received_on <= question.until)
    if question.without:
        rows = rows.filter(~_matter(rows).isin(sorted(question.without)))
    if not question.accusing:
        rows = rows.filter(~rows.accused)
    if question.answered:
        rows = rows.filter(rows.answered_at.notnull())
    if question.nature:
        rows = rows.filter(rows.nature == question.nature)
    for of, column in (("regions", "region"), ("units", "unit"), ("categories", "category")):
        code = getattr(question, column)
        if code:
            rows = rows.filter(rows[f"{column}_id"].isin(_below(star, of, code)))
    if question.judged is not None:
        rows = rows.filter(rows[_judged(rows)] == question.judged)
    return rows


def _happened(rows: Any, question: Question, dated: str) -> Any:
    """The rows whose moment lies in the stretch of time, its end not included."""
    zone = clock.zone()
    begins, ends = question.begins, question.ends
    if begins is None and question.since is not None:
        begins = datetime.combine(question.since, time(), zone)
    if ends is None and question.until is not None:
        ends = datetime.combine(question.until + timedelta(days=1), time(), zone)
    if begins:
        rows = rows.filter(rows[dated] >= _moment(begins))
    return rows.filter(rows[dated] < _moment(ends)) if ends else rows


def _moment(at: datetime) -> datetime:
    """A moment as the star has it."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _matter(rows: Any) -> Any:
    """The matter of a row; of a matter, itself."""
    return rows.matter if "matter" in rows.columns else rows.key


def _judged(rows: Any) -> str:
    """The unit that a row is laid to: a rating to that which it is about, all else to the row's own."""
    return "judged_id" if "judged_id" in rows.columns else "unit_id"


def _below(star: Star, of: str, code: str) -> list[int]:
    """The keys of a region, unit or category and of all below it, by the whole path."""
    rows = table(of)
    paths = star.ask(rows.filter(rows.code == code).select("path"))
    if not paths:
        return [NOBODY]
    below = rows.path.startswith(paths[0]["path"])
    return [row["key"] for row in star.ask(rows.filter(below).select("key"))]


# -- dimensions ----------------------------------------------------------------------------------------------
def _own(column: str) -> Cut:
    return lambda rows, at: (rows, column)


def _beginning(unit: str) -> Cut:
    def cut(rows: Any, at: int) -> tuple[Any, str]:
        return rows.mutate(**{f"began{at}": rows.received_on.truncate(unit)}), f"began{at}"

    return cut


def _through(dimension: str, key: str, column: str) -> Cut:
    def cut(rows: Any, at: int) -> tuple[Any, str]:
        other = table(dimension)
        own = "day" if dimension == "dates" else "key"
        key_of = other[column] if dimension != "regions" else other[column].coalesce(other.key)
        keyed = other.select(**{f"joined{at}": other[own], f"through{at}": key_of})
        return rows.left_join(keyed, rows[key] == keyed[f"joined{at}"]), f"through{at}"

    return cut


def _complained_of(rows: Any, at: int) -> tuple[Any, str]:
    """The matter itself where somebody is complained of in it by name; all others stand together."""
    name = f"complained{at}"
    return rows.mutate(**{name: rows.accused.ifelse(_matter(rows), 0)}), name


CUTS: Mapping[str, Cut] = {
    "day": _own("received_on"),
    "month": _beginning("M"),
    "quarter": _beginning("Q"),
    "year": _beginning("Y"),
    "assessed": _through("dates", "received_on", "assessed"),
    "region": _through("regions", "region_id", "street"),
    **{f"region:{level}": _through("regions", "region_id", level) for level in LEVELS},
    "unit": _own("unit_id"),
    "category": _own("category_id"),
    "category:top": _through("categories", "category_id", "top"),
    "nature": _own("nature"),
    "channel": _own("channel"),
    "door": _own("door"),
    "policy": _own("policy"),
    "judged": lambda rows, at: (rows, _judged(rows)),
    "post": _own("post_id"),
    "place": _own("region_id"),
    "omitted": _own("omitted"),
    "complained": _complained_of,
}
SHORT = {"month": 7, "year": 4}  # characters of an ISO date
OVER_TIME = frozenset({"day", "month", "quarter", "year", "assessed"})


def _naming(star: Star, dimension: str) -> Naming:
    """What turns a group's key into its code and its name."""
    of = {
        "region": "regions",
        "place": "regions",
        "unit": "units",
        "judged": "units",
        "category": "categories",
    }.get(dimension.partition(":")[0])
    if of is None:
        return lambda key: (_period(dimension, key),) * 2
    rows = star.ask(table(of).select("key", "code", "name", "name_en"))
    known = {row["key"]: (row["code"], named(row["name"], row["name_en"])) for row in rows}
    return lambda key: known.get(key, ("", ""))


def _period(dimension: str, key: Any) -> str:
    """A period as in `dates`; of other dimensions the key itself."""
    if key is None or not isinstance(key, date):
        return "" if key is None else str(key)
    if dimension == "quarter":
        return f"{key.year}-Q{(key.month + 2) // 3}"
    return key.isoformat()[: {"month": 7, "year": 4}.get(dimension, 10)]


# -- values --------------------------------------------------------------------------------------------------
def median_bounds(star: Star, question: Question, *, by: str = "") -> dict[str, Bounds]:
    """The 95 % interval of the median days to the first answer, for each line of a table ("" without one).

    The values whose ranks are (n ± 1.96 √n) / 2, the lower rounded down and the upper up from the next (Conover,
    Practical Nonparametric Statistics, 1999, § 3.2): no shape of the distribution is assumed. It takes eight values.
    """
    rows = meant(table("matters"), question, star)
    rows = rows.filter(rows.took_days.notnull())
    column = ""
    if by:
        rows, column = CUTS[by](rows, 0)
    sized = rows.group_by(cut=rows[column]) if by else rows
    sizes = {row.get("cut"): row["n"] for row in star.ask(sized.aggregate(n=rows.count()))}
    name = _naming(star, by) if by else lambda key: ("", "")
    return {
        name(key)[0]: _ranked(star, rows.filter(_is(rows[column], key)) if by else rows, n)
        for key, n in sizes.items()
    }


def _is(column: Any, key: Any) -> Any:
    return column.isnull() if key is None else column == key


def _ranked(star: Star, rows: Any, n: int) -> Bounds:
    low, high = floor((n - Z95 * sqrt(n)) / 2), ceil(1 + (n + Z95 * sqrt(n)) / 2)
    if low < 1 or high > n:
        return None
    ordered = rows.select("took_days").order_by("took_days")
    ends = [star.ask(ordered.limit(1, offset=rank - 1))[0]["took_days"] for rank in (low, high)]
    return ends[0], ends[1]
