"""Open data: rows from which every public figure can be worked out again, and no small count and no person.

A public figure is one that `told` shows, after its small counts are hidden. Each table is a file of its own, so that no
file says which nature, unit and month belong together; and no value of a row may lead to the same matter in another
file (`coarse`). Rows stand in an order that says nothing. Ratings are in no file. Months that stand fixed are told as
they were published; their rows go on, and each number says whether they still give it. `recomputing` works from these
files alone. What the office gave out is listed and signed (`manifest`), so that no copy of it can be altered unseen.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import Any

from django.utils.translation import gettext as _

from huiyin.analytics import manifest, snapshot, told
from huiyin.analytics.asking import Question
from huiyin.analytics.catalogue import DAYS, RATE
from huiyin.analytics.engine import Star, from_parquet, quoted
from huiyin.analytics.intervals import wilson
from huiyin.analytics.told import Line, Told
from huiyin.kernel import clock
from huiyin.kernel.few import LEAST
from huiyin.kernel.refusals import Refused

ABOUT, PUBLISHED, DICTIONARY = "about.json", "published.csv", "dictionary.csv"
FORM = "huiyin-opendata/4"  # raised when a file, a column or a word of the dictionary changes
FROZEN = "frozen"
GIVEN, MOVED, SUPERSEDED, ONLY_TOLD = "rows", "moved", "superseded", "told"
DECIMALS = 2  # of days
EXACTLY = 1e-9
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
        "open": ("是否还在办", "whether it has not ended"),
        "overdue": ("是否超期未答复", "whether it is overdue and unanswered"),
    },
    "headcounts": {"headcount": ("一起反映的人数，一件一行", "people behind a matter, one row a matter")},
    "days": {
        "took_days": (
            "从收到到第一次答复的天数，两位小数；已答复的一件一行",
            "days from receipt to the first answer, two decimals; one row an answered matter",
        ),
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
    "concluded_by_month": {
        "month": ("收到的月份", "month of receipt"),
        "concluded": ("是否已办结", "whether it has been concluded"),
    },
    "rounds_by_month": {
        "month": ("收到的月份", "month of receipt"),
        "on_time": ("是否在期限内告知", "whether it was told within its limit"),
    },
    "rounds": {"on_time": ("是否在期限内告知", "whether it was told within its limit")},
    "rounds_extended": {"extended": ("期限是否延长过", "whether its limit was extended")},
    "rounds_by_policy": {
        "policy": ("期限依据的编码；不足 5 次的为空", "code of the limit's rule; empty where fewer than 5"),
    },
    "published": {
        "table": ("哪张表；total 是总计，frozen 是已经定稿的月份", "which table; total for all, frozen for months that stand fixed"),
        "key": ("表里的哪一行", "which row of it"),
        "figure": ("指标", "figure"),
        "value": ("公布的数值", "value as published"),
        "n": ("分母", "denominator"),
        "low": ("95% 区间下限", "lower end of the 95 % interval"),
        "high": ("95% 区间上限", "upper end of the 95 % interval"),
        "revision": ("定稿的第几版，1 是第一次定稿", "revision of a month that stands fixed, 1 for the first"),
        "day": ("这一版定稿的日期", "day of that revision"),
        "given_by": (
            "rows：能由这些文件重算；moved：定稿以后数据变了，文件里是现在的；superseded：后来更正过；told：只公布，"
            "不能重算，满意率都是，因为评价不公开",
            "rows: comes out of these files; moved: the data have changed since, the files have them as they are now;"
            " superseded: corrected later; told: only told and never to be recomputed, as satisfaction always is, since"
            " ratings are not public",
        ),
    },
}  # fmt: skip
ROWS = tuple(name for name in COLUMNS if name != "published")
FILES = (
    *(f"{name}.csv" for name in ROWS),
    *(f"{name}.parquet" for name in ROWS),
    PUBLISHED,
    DICTIONARY,
    ABOUT,
)
TYPES = {
    "headcount": "BIGINT",
    "took_days": "DOUBLE",
    **dict.fromkeys(("answered", "open", "overdue", "concluded", "on_time", "extended"), "BOOLEAN"),
    **dict.fromkeys(("nature", "unit", "month", "policy"), "VARCHAR"),
}  # of columns, in DuckDB's words
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
    revision: int | None = None
    day: str = ""
    given_by: str = GIVEN

    @property
    def place(self) -> tuple[str, str, str]:
        """Which number it is; of months that stand fixed, all revisions are told of the same."""
        return self.table, self.key, self.figure


# -- writing -------------------------------------------------------------------------------------------------
def export(folder: Path) -> int:
    """Write the files of the live data into a folder; how many public numbers. Raises Refused for somebody else's."""
    _refuse_others(folder)
    folder.mkdir(parents=True, exist_ok=True)
    manifest.take_away(folder)
    with snapshot.live() as (star, checkpoint):
        found = told.counted(star, Question(checkpoint.moment))
        numbers = list(published(found))
        counted = {
            name: _write_rows(folder, name, sql, star)
            for name, sql in rows_of(found, star, checkpoint.moment.replace(tzinfo=None)).items()
        }
    day = clock.local_date(checkpoint.moment).isoformat()
    texts = {
        PUBLISHED: numbers_text(numbers),
        DICTIONARY: dictionary_text(),
        ABOUT: about_text(checkpoint.at, day, {**counted, "published": len(numbers)}),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    manifest.write(folder, FILES)
    return len(numbers)


def _refuse_others(folder: Path) -> None:
    """A folder with anything that no export writes is somebody else's; so is what a link of our name leads to."""
    if folder.exists() and not folder.is_dir():
        raise Refused(_("%(folder)s 不是文件夹，没有写入。") % {"folder": folder}, code="folder")
    ours = {*FILES, manifest.SUMS, manifest.SIGNATURE}
    if folder.exists() and any(
        each.name not in ours or not S_ISREG(each.lstat().st_mode) for each in folder.iterdir()
    ):
        raise Refused(
            _("文件夹 %(folder)s 里有不是导出写的文件、文件夹或者链接，没有写入。") % {"folder": folder},
            code="folder",
            instead=_("请换一个空的文件夹。"),
        )


def _write_rows(folder: Path, name: str, sql: str, star: Star) -> int:
    """A table in both forms, the second from the first, so that they are the same; how many rows."""
    rows, lines = folder / f"{name}.parquet", folder / f"{name}.csv"
    star.connection.execute(f"COPY ({sql}) TO {quoted(rows)} (FORMAT parquet)")
    [row] = star.rows(f"COPY (FROM {from_parquet(rows)}) TO {quoted(lines)} (FORMAT csv, HEADER)")
    return int(row["Count"])


def about_text(as_of: str, day: str, rows: Mapping[str, int]) -> str:
    """What the export says of itself: its form, its moment, and how many rows each table has."""
    about = {
        "form": FORM,
        "as_of": as_of,
        "day": day,
        "left_out": "reports of misconduct; ratings of single matters; rows and values of groups under five",
        "rows": rows,
    }
    return json.dumps(about, indent=2) + "\n"


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
        low, high = (None if end is None else round(end, DECIMALS) for end in (middle.low, middle.high))
        yield Published("total", "", "median_days", round(middle.value, DECIMALS), totals.answered, low, high)
    for name, days in (("mean_days", totals.mean_days), ("max_days", totals.max_days)):
        if days is not None:
            yield Published("total", "", name, round(days, DECIMALS), totals.answered)
    for table, lines in (("nature", found.natures), ("unit", found.units), ("month", found.months)):
        for line in lines:
            yield from _of_line(table, line)
    yield from (Published("policy", each.code, "judged", each.n) for each in rate.policies if each.n)
    yield from _fixed(found)


def _fixed(found: Told) -> Iterator[Published]:
    """The months that stand fixed: of each revision the figures that are told, and whether the rows still give them."""
    now = {(each.key, each.figure): each for each in _of_months(found)}
    holding = {row.period: max(each.revision for each in found.frozen if each.period == row.period)
               for row in found.frozen}  # fmt: skip
    for row in found.frozen:
        day = clock.local_date(row.frozen_at).isoformat()
        for name, one in row.figures.items():
            if one.value is None:
                continue
            low, high = (one.interval if one.kind == RATE else None) or (None, None)
            value, n = (round(one.value, DECIMALS), None) if one.kind == DAYS else (one.value, one.n)
            told_one = Published(FROZEN, row.period, name, value, n, low, high, row.revision, day)
            given = now.get((row.period, name))
            by = SUPERSEDED if row.revision < holding[row.period] else _given_by(told_one, given)
            yield replace(told_one, given_by=by)


def _given_by(told_one: Published, now: Published | None) -> str:
    if now is None:
        return ONLY_TOLD
    same_n = None in (told_one.n, now.n) or told_one.n == now.n
    return GIVEN if same_n and abs(told_one.value - now.value) <= EXACTLY else MOVED


def _of_months(found: Told) -> Iterator[Published]:
    """What the rows give now of the figures that are kept of a month."""
    cases = {line.key: line.cases for line in found.months}
    for line in found.months:
        yield from (each for each in _of_line(FROZEN, line) if each.figure in told.FIXED)
    for each in found.outcomes:
        yield from outcome(each.key, each.concluded, cases[each.key], each.on_time, each.judged)


def outcome(
    month: str, concluded: int | None, cases: int | None, on_time: int | None, judged: int | None
) -> Iterator[Published]:
    """What became of a month, as far as it is told."""
    if concluded is not None:
        yield Published(FROZEN, month, "concluded", concluded, cases)
    for name, good, n in (("conclusion_rate", concluded, cases), ("on_time_rate", on_time, judged)):
        if good is not None and n:
            yield Published(FROZEN, month, name, good / n, n, *wilson(good, n))


def _of_line(table: str, line: Line) -> Iterator[Published]:
    counts = {"received": line.cases, "people": line.headcount, "answered": line.answered}
    days = {"median_days": line.median_days, "mean_days": line.mean_days}
    for name, value in {**counts, **days}.items():
        if value is not None:
            yield Published(table, line.key, name, round(value, DECIMALS))


def rows_of(found: Told, star: Star, now: Any) -> dict[str, str]:
    """For each file the question that gives its rows; sorted by what is in them, so that their order says nothing.

    What a matter is (open, late), how many brought it and how long it took stand in three files: a rare number in one
    row would tell all the rest of it. What a round was (in time, with a longer limit, under which rule) stands in
    three others: together they would tell of few, as of those that were late under one rule.
    """
    unit = "coalesce((SELECT code FROM units WHERE units.key = unit_id), '')"
    month = "strftime(received_on, '%Y-%m')"
    overdue = f"waiting AND coalesce(due_at < TIMESTAMP '{now}', false)"
    judged = f"told OR due_at < TIMESTAMP '{now}'"
    ended_of = _listed([each.key for each in found.outcomes if each.concluded is not None])
    judged_of = _listed([each.key for each in found.outcomes if each.on_time is not None])
    told_policies = [each.code for each in found.on_time.policies if each.n]
    return {
        "matters": f"SELECT open, {overdue} AS overdue FROM matters ORDER BY ALL",
        "headcounts": "SELECT headcount FROM matters ORDER BY ALL",
        "days": f"SELECT round(took_days, {DECIMALS}) AS took_days FROM matters"
        " WHERE took_days IS NOT NULL ORDER BY ALL",
        "matters_by_nature": coarse("nature", "nature", found.natures, "true"),
        "matters_by_unit": coarse("unit", unit, found.units, "answered_at IS NOT NULL AND NOT accused"),
        "matters_by_month": coarse("month", month, found.months, "true"),
        "concluded_by_month": f"SELECT {month} AS month, concluded FROM matters"
        f" WHERE {month} IN ({ended_of}) ORDER BY ALL",
        "rounds_by_month": f"SELECT {month} AS month, told AND on_time AS on_time FROM rounds"
        f" WHERE ({judged}) AND {month} IN ({judged_of}) ORDER BY ALL",
        "rounds": f"SELECT told AND on_time AS on_time FROM rounds WHERE {judged} ORDER BY ALL",
        "rounds_extended": f"SELECT extended FROM rounds WHERE {judged} ORDER BY ALL",
        "rounds_by_policy": f"SELECT CASE WHEN policy IN ({_listed(told_policies)}) THEN policy ELSE '' END AS policy"
        f" FROM rounds WHERE {judged} ORDER BY ALL",
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


def numbers_text(numbers: Sequence[Published]) -> str:
    """The public numbers as they are written."""
    values = (
        (each.table, each.key, each.figure, each.value, each.n, each.low, each.high,
         each.revision, each.day, each.given_by)
        for each in numbers
    )  # fmt: skip
    return _csv(COLUMNS["published"], (["" if one is None else one for one in row] for row in values))


def dictionary_text() -> str:
    """What each column of each file says, in both languages."""
    rows = ((name, column, *says) for name, columns in COLUMNS.items() for column, says in columns.items())
    return _csv(("file", "column", "含义", "meaning"), rows)


def _csv(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(head)
    lines.writerows(rows)
    return text.getvalue()
