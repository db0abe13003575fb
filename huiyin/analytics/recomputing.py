"""Working the public figures out again from the files of the open data alone, by other means than the catalogue's."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, sqrt
from pathlib import Path

from django.utils.translation import gettext as _

from huiyin.analytics import told
from huiyin.analytics.engine import Star, duck, quoted
from huiyin.analytics.intervals import Z95, wilson
from huiyin.analytics.opendata import (
    EXACTLY,
    FROZEN,
    GIVEN,
    MOVED,
    PUBLISHED,
    ROWS,
    TABLES,
    Published,
    outcome,
)
from huiyin.kernel.refusals import Refused

NEARLY = 0.011  # of days: rounded once in the rows and once as published


@dataclass(frozen=True)
class Checked:
    """What came of a check: the published numbers, and those that the rows do not give, with what they give.

    `moved` are those of months that stand fixed whose data have changed since, with what the rows give now; that is no
    fault.
    """

    numbers: Sequence[Published]
    wrong: Sequence[tuple[Published, float | None]]
    moved: Sequence[tuple[Published, float | None]]

    @property
    def compared(self) -> list[tuple[str, int, str]]:
        """Of each month that stands fixed the revision to which the rows were compared, with its day."""
        found = ((each.key, each.revision or 1, each.day) for each in self.numbers
                 if each.table == FROZEN and each.given_by in (GIVEN, MOVED))  # fmt: skip
        return sorted(set(found))


def checked(folder: Path) -> Checked:
    """Hold the published numbers of a folder to its own rows.

    A month that stands fixed may differ from its data, which go on: those figures are held to themselves alone (a rate
    has the interval of its count), as those that were corrected later and those that are only told. One that is said to
    have moved must not come out of the rows all the same.
    """
    numbers, found = read_numbers(folder), recomputed(folder)
    wrong, moved = [], []
    for each in numbers:
        got = found.get(each.place, _nought(each))
        if each.given_by == MOVED:
            moved.append((each, got.value if got else None))
        if each.given_by == GIVEN:
            holds = _same(each, got)
        else:
            holds = _is_sound(each) and not (each.given_by == MOVED and each.n and _same(each, got))
        if not holds:
            wrong.append((each, got.value if got else None))
    return Checked(numbers, wrong, moved)


def _nought(each: Published) -> Published | None:
    """What no rows give of a month: that nothing came in it."""
    counted = each.table == "month" and each.figure in ("received", "people", "answered")
    return replace(each, value=0.0) if counted else None


def _is_sound(each: Published) -> bool:
    """Whether a rate is a count of its n, with the interval of that."""
    if each.n is None or each.low is None:
        return True
    good = round(each.value * each.n)
    return abs(good / each.n - each.value) <= EXACTLY and _same(
        each, replace(each, low=wilson(good, each.n)[0], high=wilson(good, each.n)[1])
    )


def read_numbers(folder: Path) -> list[Published]:
    """The published numbers. Raises Refused where the folder has none."""
    try:
        with (folder / PUBLISHED).open(newline="", encoding="utf-8") as lines:
            return [_read(row) for row in csv.DictReader(lines)]
    except (OSError, KeyError, ValueError) as fault:
        raise Refused(
            _("%(folder)s 不是回音的开放数据文件夹。") % {"folder": folder}, code="folder"
        ) from fault


def _read(row: Mapping[str, str]) -> Published:
    low, high = (float(row[end]) if row[end] else None for end in ("low", "high"))
    n = int(row["n"]) if row["n"] else None
    revision = int(row["revision"]) if row.get("revision") else None
    return Published(
        row["table"], row["key"], row["figure"], float(row["value"]), n, low, high,
        revision, row.get("day") or "", row.get("given_by") or GIVEN,
    )  # fmt: skip


def _same(told_one: Published, found: Published | None) -> bool:
    if found is None:
        return False
    near = NEARLY if told_one.figure.endswith("_days") else EXACTLY
    pairs = (
        (told_one.value, found.value),
        (told_one.low, found.low),
        (told_one.high, found.high),
        (told_one.n, found.n),
    )
    return all(a is None or (b is not None and abs(a - b) <= near) for a, b in pairs)


def recomputed(folder: Path) -> dict[tuple[str, str, str], Published]:
    """Every number again, from the Parquet files alone, by other means than the catalogue's."""
    found = list[Published]()
    with duck() as connection:
        for name in ROWS:
            connection.execute(
                f"CREATE VIEW {name} AS FROM read_parquet({quoted(folder / f'{name}.parquet')})"
            )
        star = Star(connection)
        found += _totals(star)
        for table, file in TABLES.items():
            found += _lines(star, table, file)
        found += _months(star, found)
        policies = star.rows("SELECT policy, count(*) AS n FROM rounds WHERE policy <> '' GROUP BY 1")
        found += [Published("policy", row["policy"], "judged", row["n"]) for row in policies]
    return {each.place: each for each in found}


def _totals(star: Star) -> Iterator[Published]:
    [row] = star.rows(
        "SELECT count(*) AS received, (SELECT coalesce(sum(headcount), 0) FROM headcounts) AS people,"
        " count(*) FILTER (answered) AS answered, count(*) FILTER (open) AS open, count(*) FILTER (overdue) AS overdue,"
        " (SELECT avg(took_days) FROM days) AS mean_days, (SELECT max(took_days) FROM days) AS max_days FROM matters"
    )
    [rate] = star.rows(
        "SELECT count(*) AS n, count(*) FILTER (on_time) AS good, count(*) FILTER (extended) AS extended FROM rounds"
    )
    answered = row["answered"]
    of = {"people": row["people"], "overdue": row["open"], "extended": rate["n"],
          "mean_days": answered, "max_days": answered}  # fmt: skip
    for name, value in {**row, "extended": rate["extended"]}.items():
        if value is not None:
            yield Published("total", "", name, float(value), int(of.get(name, row["received"])))
    if rate["n"]:
        share = rate["good"] / rate["n"]
        yield Published("total", "", "on_time_rate", share, rate["n"], *wilson(rate["good"], rate["n"]))
    days = [each["took_days"] for each in star.rows("SELECT took_days FROM days ORDER BY 1")]
    if days:
        low, high = (
            floor((answered - Z95 * sqrt(answered)) / 2),
            ceil(1 + (answered + Z95 * sqrt(answered)) / 2),
        )
        ends = (days[low - 1], days[high - 1]) if low >= 1 and high <= answered else (None, None)
        yield Published("total", "", "median_days", _middle(days), answered, *ends)


def _lines(star: Star, table: str, file: str) -> Iterator[Published]:
    grouped = star.rows(
        f"SELECT {table} AS key, count(*) AS received, sum(headcount) AS people,"
        " count(*) FILTER (answered) AS answered, count(answered) AS told, avg(took_days) AS mean_days,"
        f" median(took_days) AS median_days FROM {file} GROUP BY 1"
    )
    for row in grouped:
        key, is_told = row.pop("key"), row.pop("told")
        for name, value in row.items():
            if value is not None and (is_told or name in ("received", "people")):
                yield Published(table, key, name, float(value))


def _months(star: Star, found: Sequence[Published]) -> Iterator[Published]:
    """The figures that are kept of a month, from its rows."""
    yield from (replace(each, table=FROZEN, n=int(each.value) if each.figure == "received" else None)
                for each in found if each.table == "month" and each.figure in told.FIXED)  # fmt: skip
    ended = star.rows(
        "SELECT month, count(*) AS n, count(*) FILTER (concluded) AS good FROM concluded_by_month GROUP BY 1"
    )
    judged = star.rows(
        "SELECT month, count(*) AS n, count(*) FILTER (on_time) AS good FROM rounds_by_month GROUP BY 1"
    )
    for row in ended:
        yield from outcome(row["month"], row["good"], row["n"], None, None)
    for row in judged:
        yield from outcome(row["month"], None, None, row["good"], row["n"])


def _middle(ordered: Sequence[float]) -> float:
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
