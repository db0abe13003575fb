"""Open data: rows from which every public figure can be worked out again, and no small count and no person.

A public figure is one that `told` shows, after its small counts are hidden. Each table is a file of its own, so that no
file says which nature, unit and month belong together; and no value of a row may lead to the same matter in another
file (`coarse`). Rows stand in an order that says nothing. Ratings are in no file. `recomputed` works from these files
alone.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.analytics import snapshot, told
from huiyin.analytics.asking import Question
from huiyin.analytics.engine import Star, duck, quoted
from huiyin.analytics.intervals import Z95, wilson
from huiyin.analytics.told import Line, Told
from huiyin.kernel import clock
from huiyin.kernel.few import LEAST
from huiyin.kernel.refusals import Refused

ABOUT, PUBLISHED, DICTIONARY = "about.json", "published.csv", "dictionary.csv"
FORM = "huiyin-opendata/2"
FORMS = {"csv": "CSV, HEADER", "parquet": "PARQUET"}
DECIMALS, NEARLY = 2, 0.011  # of days: rounded once in the rows and once as published
SPREAD = (
    "本组的人次平均分到每一件，合计不变",
    "people of the group, spread evenly over its matters; the sum holds",
)
ANSWERED = ("是否已有第一次答复；不公布的为空", "whether it has had a first answer; empty where not told")
COARSE = (
    "答复天数：和相近的至少五件取平均，中位数、平均数不变；不公布的为空",
    "days to the answer: mean of five or more that are alike; median and mean hold; empty where not told",
)
GROUPED = {"headcount": SPREAD, "answered": ANSWERED, "took_days": COARSE}
COLUMNS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "matters": {
        "answered": ("是否已有第一次答复", "whether it has had a first answer"),
        "open": ("是否还在办", "whether it has not ended"),
        "overdue": ("是否超期未答复", "whether it is overdue and unanswered"),
    },
    "headcounts": {"headcount": ("一起反映的人数，一件一行", "people behind a matter, one row a matter")},
    "days": {
        "took_days": ("从收到到第一次答复的天数，两位小数", "days from receipt to the first answer, two decimals"),
    },
    "matters_by_nature": {"nature": ("性质", "nature"), **GROUPED},
    "matters_by_unit": {
        "unit": (
            "第一次答复的单位的编码，只含已答复的，不含指名投诉单位、人员的",
            "code of the unit that answered first; answered matters, none that complains of anybody by name",
        ),
        **GROUPED,
    },
    "matters_by_month": {"month": ("收到的月份，最近二十四个", "month of receipt, the last twenty-four"), **GROUPED},
    "rounds": {
        "policy": ("期限依据的编码；不足 5 次的为空", "code of the limit's rule; empty where fewer than 5"),
        "on_time": ("是否在期限内告知", "whether it was told within its limit"),
        "extended": ("期限是否延长过", "whether its limit was extended"),
    },
    "published": {
        "table": ("哪张表；total 是总计", "which table; total for all"),
        "key": ("表里的哪一行", "which row of it"),
        "figure": ("指标", "figure"),
        "value": ("公布的数值", "value as published"),
        "n": ("分母", "denominator"),
        "low": ("95% 区间下限", "lower end of the 95 % interval"),
        "high": ("95% 区间上限", "upper end of the 95 % interval"),
    },
}  # fmt: skip
ROWS = tuple(name for name in COLUMNS if name != "published")
TABLES = {"nature": "matters_by_nature", "unit": "matters_by_unit", "month": "matters_by_month"}


@dataclass(frozen=True)
class Published:
    """One public number; n and the interval where it has them."""

    table: str
    key: str
    figure: str
    value: float
    n: int | None = None
    low: float | None = None
    high: float | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """Which number it is."""
        return self.table, self.key, self.figure


# -- writing -------------------------------------------------------------------------------------------------
def export(folder: Path) -> int:
    """Write the files of the live data into a folder; how many public numbers. Raises Refused for somebody else's."""
    if folder.exists() and any(folder.iterdir()) and not (folder / ABOUT).is_file():
        raise Refused(
            _("文件夹 %(folder)s 里有别的文件，没有写入。") % {"folder": folder},
            code="folder",
            instead=_("请换一个空的文件夹。"),
        )
    folder.mkdir(parents=True, exist_ok=True)
    with snapshot.live() as (star, checkpoint):
        found = told.counted(star, Question(checkpoint.moment))
        numbers = list(published(found))
        for name, sql in rows_of(found, star, checkpoint.moment.replace(tzinfo=None)).items():
            for ending, form in FORMS.items():
                file = quoted(folder / f"{name}.{ending}")
                star.connection.execute(f"COPY ({sql}) TO {file} (FORMAT {form})")
    _write_numbers(folder / PUBLISHED, numbers)
    _write_dictionary(folder / DICTIONARY)
    about = {
        "form": FORM,
        "as_of": checkpoint.at,
        "day": clock.local_date(checkpoint.moment).isoformat(),
        "left_out": "reports of misconduct; ratings of single matters; rows and values of groups under five",
        "files": [
            *(f"{name}.csv" for name in ROWS),
            *(f"{name}.parquet" for name in ROWS),
            PUBLISHED,
            DICTIONARY,
        ],
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return len(numbers)


def published(found: Told) -> Iterator[Published]:
    """Every number that the public reads."""
    totals, rate = found.totals, found.on_time
    counts = {"received": totals.cases, "people": totals.headcount, "answered": totals.answered,
              "open": totals.open, "overdue": totals.overdue, "extended": rate.extended}  # fmt: skip
    yield from (Published("total", "", name, value, found.whole[name]) for name, value in counts.items())
    if rate.rate is not None and rate.interval is not None:
        yield Published("total", "", "on_time_rate", rate.rate, rate.n, *rate.interval)
    middle = found.middle
    if middle.value is not None:
        ends = (None if end is None else round(end, DECIMALS) for end in (middle.low, middle.high))
        yield Published("total", "", "median_days", round(middle.value, DECIMALS), totals.answered, *ends)
    for name, days in (("mean_days", totals.mean_days), ("max_days", totals.max_days)):
        if days is not None:
            yield Published("total", "", name, round(days, DECIMALS), totals.answered)
    for table, lines in (("nature", found.natures), ("unit", found.units), ("month", found.months)):
        for line in lines:
            yield from _of_line(table, line)
    yield from (Published("policy", each.code, "judged", each.n) for each in rate.policies if each.n)


def _of_line(table: str, line: Line) -> Iterator[Published]:
    counts = {"received": line.cases, "people": line.headcount, "answered": line.answered}
    days = {"median_days": line.median_days, "mean_days": line.mean_days}
    for name, value in {**counts, **days}.items():
        if value is not None:
            yield Published(table, line.key, name, round(value, DECIMALS))


def rows_of(found: Told, star: Star, now: Any) -> dict[str, str]:
    """For each file the question that gives its rows; sorted by what is in them, so that their order says nothing.

    What a matter is (open, late), how many brought it and how long it took stand in three files: a rare number in one
    row would tell all the rest of it.
    """
    unit = "coalesce((SELECT code FROM units WHERE units.key = unit_id), '')"
    month = "strftime(received_on, '%Y-%m')"
    overdue = f"waiting AND coalesce(due_at < TIMESTAMP '{now}', false)"
    judged = f"told OR due_at < TIMESTAMP '{now}'"
    told_policies = [each.code for each in found.on_time.policies if each.n]
    return {
        "matters": f"SELECT answered_at IS NOT NULL AS answered, open, {overdue} AS overdue FROM matters ORDER BY ALL",
        "headcounts": "SELECT headcount FROM matters ORDER BY ALL",
        "days": f"SELECT round(took_days, {DECIMALS}) AS took_days FROM matters"
        " WHERE took_days IS NOT NULL ORDER BY ALL",
        "matters_by_nature": coarse("nature", "nature", found.natures, "true"),
        "matters_by_unit": coarse("unit", unit, found.units, "answered_at IS NOT NULL AND NOT accused"),
        "matters_by_month": coarse("month", month, found.months, "true"),
        "rounds": f"SELECT CASE WHEN policy IN ({_listed(told_policies)}) THEN policy ELSE '' END AS policy,"
        f" told AND on_time AS on_time, extended FROM rounds WHERE {judged} ORDER BY ALL",
    }


def coarse(name: str, key: str, lines: Sequence[Line], which: str) -> str:
    """The rows of the groups that are told; no value of theirs is that of a single matter, but for the median.

    Days are ordered, and LEAST or more neighbours on either side of the median bear their mean (microaggregation;
    Hundepool et al., Statistical Disclosure Control, 2012, ch. 3.5.1): median and mean of the group hold, and a value
    that stands in two files leads from at least LEAST matters to as many. Where a side has fewer, it gets what median,
    mean and number, all of them public, leave for it. People are spread evenly: one matter with a hundred people would
    be known in every file.
    """
    shown = [line.key for line in lines if line.cases is not None]
    whole = [line.key for line in lines if line.answered is not None]
    return f"""
        WITH rows AS (
            SELECT {key} AS own, headcount, answered_at IS NOT NULL AS answered, took_days FROM matters WHERE {which}
        ), ranked AS (
            SELECT own, answered, took_days AS exact, row_number() OVER every AS nth,
                sum(headcount) OVER alike AS people, count(*) OVER alike AS cases,
                row_number() OVER (PARTITION BY own, answered ORDER BY took_days) AS place,
                count(took_days) OVER alike AS n, median(took_days) OVER alike AS middle,
                avg(took_days) OVER alike AS mean
            FROM rows WHERE own IN ({_listed(shown)})
            WINDOW alike AS (PARTITION BY own), every AS (PARTITION BY own ORDER BY answered, took_days)
        ), sided AS (
            SELECT *, CASE WHEN NOT answered OR 2 * place BETWEEN n AND n + 2 THEN 0 WHEN 2 * place < n THEN -1
                ELSE 1 END AS side, (n - 1) // 2 AS most FROM ranked
        ), blocks AS (
            SELECT *, ((CASE WHEN side < 0 THEN place ELSE place - n + most END) - 1) * greatest(most // {LEAST}, 1)
                // greatest(most, 1) AS block FROM sided
        )
        SELECT own AS {name}, (people // cases + (nth <= people % cases)::INT)::BIGINT AS headcount,
            CASE WHEN own IN ({_listed(whole)}) THEN answered END AS answered,
            CASE WHEN own IN ({_listed(whole)}) AND answered THEN round(CASE
                WHEN side = 0 THEN middle
                WHEN most >= {LEAST} THEN avg(exact) OVER (PARTITION BY own, answered, side, block)
                WHEN side = sign(mean - middle) THEN middle + n * (mean - middle) / most
                ELSE middle END, {DECIMALS}) END AS took_days
        FROM blocks ORDER BY ALL"""


def _listed(words: Sequence[str]) -> str:
    quoted_words = ("'" + word.replace("'", "''") + "'" for word in words)
    return ", ".join(quoted_words) or "NULL"


def _write_numbers(file: Path, numbers: Sequence[Published]) -> None:
    with file.open("w", newline="", encoding="utf-8") as to:
        lines = csv.writer(to, lineterminator="\n")
        lines.writerow(COLUMNS["published"])
        for each in numbers:
            values = (each.table, each.key, each.figure, each.value, each.n, each.low, each.high)
            lines.writerow("" if value is None else value for value in values)


def _write_dictionary(file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as to:
        lines = csv.writer(to, lineterminator="\n")
        lines.writerow(("file", "column", "含义", "meaning"))
        for name, columns in COLUMNS.items():
            lines.writerows((name, column, *says) for column, says in columns.items())


# -- checking ------------------------------------------------------------------------------------------------
def differences(folder: Path) -> tuple[int, list[tuple[Published, float | None]]]:
    """How many numbers are published in a folder, and those that its own rows do not give, with what they give."""
    numbers = read_numbers(folder)
    found = recomputed(folder)
    wrong = [(each, got.value if (got := found.get(each.place)) else None) for each in numbers
             if not _same(each, found.get(each.place))]  # fmt: skip
    return len(numbers), wrong


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
    return Published(row["table"], row["key"], row["figure"], float(row["value"]), n, low, high)


def _same(told_one: Published, found: Published | None) -> bool:
    if found is None:
        return False
    near = NEARLY if told_one.figure.endswith("_days") else 1e-9
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


def _middle(ordered: Sequence[float]) -> float:
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
