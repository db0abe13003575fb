"""The same expressions find the same numbers on DuckDB, on PostgreSQL and on Spark, over the same rows of the star.

The rows are made up: a few thousand, evenly strewn, with nothing in every tenth place but keys and days.
"""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from huiyin.analytics import asking, building, spark
from huiyin.analytics.asking import Question
from huiyin.analytics.catalogue import DAYS, FIGURES
from huiyin.analytics.dated import EVERY
from huiyin.analytics.engine import duck, opened, quoted, sql_of
from huiyin.analytics.star import FACTS, LEVELS, TABLES
from huiyin.analytics.tests.conftest import CLUSTER
from huiyin.cases import states

TYPES = {
    "int64": "bigint",
    "string": "text",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
    "float64": "double precision",
}
NOW = datetime(2026, 9, 1, 4, 5, 6, 700_800, tzinfo=UTC)
WHOLE = Question(NOW)
QUESTIONS = {
    "all": WHOLE,
    "a year that has not come": Question(NOW, since=date(9999, 1, 1), until=date(9999, 12, 31)),
    "a period": Question(NOW, since=date(2025, 12, 31), until=date(2026, 2, 28)),
    "long ago": Question(datetime(1970, 1, 1, tzinfo=UTC)),
    "a region with what lies in it": Question(NOW, region="r2"),
    "a unit, a category and a nature": Question(NOW, unit="u1", category="c1", nature="appeal"),
    "nobody complained of": Question(NOW, accusing=False),
    "nowhere": Question(NOW, region="nowhere"),
    "a stretch of time": Question(NOW, begins=NOW.replace(month=4), ends=NOW.replace(month=7)),
    "laid to a unit, but for some": Question(NOW, judged=2, without=frozenset(range(7, 77))),
}
CUTS = (
    "",
    *asking.CUTS,
    "region+month",
    "category:top+nature+quarter",
    "judged+place+category+omitted+complained",
)
NEEDS = {"policy": "policy", "post": "post_id", "omitted": "omitted"}
ENGINES = ["postgresql"] * (connection.vendor == "postgresql" and not CLUSTER) + ["spark"] * bool(CLUSTER)
WORDS = {
    "nature": ["appeal", "suggestion", "inquiry", "complaint", "praise"],
    "channel": ["phone", "web", "visit"],
    "door": ["", "north", "o'south"],
    "state": [*states.Case.OPEN, *states.Case.ENDED],
    "cause": ["first", "unsolved", "contested", "reopened", "appealed", "revoked", "returned"],
    "policy": ["hotline", "petition"],
    "solved": ["yes", "partly", "no"],
}
KEYS = {
    "region_id": 12,
    "unit_id": 4,
    "judged_id": 4,
    "category_id": 4,
    "satisfied": 5,
    "round": 2,
}  # 1 to this
PLACE = {  # up to the last, `path` begins as code, so that a code which begins another is no part of it
    "regions": [("r1", "county", "/r1/"), ("r2", "street", "/r1/r2/"), ("r20", "street", "/r1/r20/")]
    + [(f"r{at}", "community", f"/r1/r2/r{at}/") for at in range(4, 9)]
    + [(f"r{at}", "community", f"/r1/r20/r{at}/") for at in range(9, 13)],
    "units": [("u1", "", "/u1/"), ("u10", "", "/u10/"), ("u3", "", "/u1/u3/"), ("u4", "", "/u10/u4/")],
    "categories": [("c1", "", "/c1/"), ("c10", "", "/c10/"), ("c3", "", "/c1/c3/"), ("c4", "", "/c10/c4/")],
}


def die(salt, sides):
    """A number below `sides` that depends on the row i alone."""
    return f"(hash(i, '{salt}') % {sides})::BIGINT"


def strewn(name, type):
    """A value for a column of row i."""
    if name == "key":
        return "i"
    if name == "received_on":
        return f"DATE '2025-07-20' + {die(name, 420)}::INTEGER"
    words = ", ".join("'" + word.replace("'", "''") + "'" for word in WORDS.get(name, [""]))
    value = {
        "int64": f"1 + {die(name, KEYS.get(name, 40))}",
        "string": f"[{words}][1 + {die(name, len(WORDS.get(name, [''])))}]",
        "date": f"DATE '2025-09-01' + {die(name, 400)}::INTEGER",
        "timestamp": f"TIMESTAMP '2026-03-29 00:00:00' + to_microseconds({die(name, 31_536_000_000_000)})",
        "boolean": f"{die(name, 2)} = 0",
        "float64": f"{die(name, 1_000_000_007)} / 31415926.5::DOUBLE",
    }[type]
    return f"CASE WHEN {die('no ' + name, 10)} > 0 THEN {value} END"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A star in Parquet."""
    folder = tmp_path_factory.mktemp("star")
    with duck() as made:
        for name, columns in TABLES.items():
            if name in FACTS:
                listed = ", ".join(
                    f'{strewn(column, each.type)} AS "{column}"' for column, each in columns.items()
                )
                sql = f"SELECT {listed} FROM range({4000}) t(i) ORDER BY received_on"
            elif name == "dates":
                sql = building.STAR["dates"]
            else:
                sql = " UNION ALL ".join(_row(name, at) for at in range(len(PLACE[name])))
            made.execute(f"CREATE TABLE {name} AS {sql}")
            if name == "matters":
                made.execute("CREATE VIEW every_matter AS FROM matters")
            file = folder / f"{name}.parquet"
            if name in FACTS:
                (folder / name).mkdir()
                file = folder / name / "all.parquet"
            made.execute(f"COPY {name} TO {quoted(file)} (FORMAT PARQUET)")
    return folder


def _row(table, at):
    """A row of a dimension; whatever is not told here is nothing."""
    code, level, path = PLACE[table][at]
    above = {
        each: PLACE[table].index(row) + 1
        for row in PLACE[table]
        for each in [row[1]]
        if path.startswith(row[2])
    }
    known = {
        "key": at + 1,
        "code": f"'{code}'",
        "name": f"'的 {code}'",
        "name_en": f"'{code}'",
        "path": f"'{path}'",
    }
    known |= {"level": f"'{level}'", "top": 1 if path.startswith(f"/{PLACE[table][0][0]}/") else 2}
    known |= {each: above.get(each, "NULL") for each in LEVELS}
    said = [
        f'{known.get(column, "NULL")}::{_duck(each.type)} AS "{column}"'
        for column, each in TABLES[table].items()
    ]
    return f"SELECT {', '.join(said)}"


def _duck(type):
    return {**TYPES, "string": "varchar"}[type]


class OnPostgreSQL:
    """A star whose tables are those of a schema of their own in the test's database."""

    def ask(self, expression):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path TO star")
            cursor.execute(sql_of(expression, "postgres").replace("%", "%%"), [])
            names = [column[0] for column in cursor.description]
            found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            cursor.execute("SET LOCAL search_path TO DEFAULT")
        return found


def copied(star, folder):
    """The tables of a star, put into the database."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA star")
        for name, columns in TABLES.items():
            listed = ", ".join(f'"{column}" {TYPES[each.type]}' for column, each in columns.items())
            cursor.execute(f'CREATE TABLE star."{name}" ({listed})')
            file = folder / f"{name}.csv"
            star.connection.execute(f"COPY {name} TO {quoted(file)} (FORMAT CSV, HEADER)")
            with cursor.cursor.copy(f'COPY star."{name}" FROM STDIN (FORMAT CSV, HEADER MATCH)') as to:
                to.write(file.read_bytes())
    return OnPostgreSQL()


@pytest.fixture
def both(request, folder, tmp_path):
    """The star on DuckDB, and the same on another engine."""
    with opened(folder) as star:
        if request.param == "postgresql":
            request.getfixturevalue("db")
            yield star, copied(star, tmp_path)
            return
        session = request.getfixturevalue("spark_session")
        with spark.opened(folder, session) as other:
            yield star, other


def has(table, by):
    """Whether the rows of a table can be cut like this."""
    return all(NEEDS[each] in TABLES[table] for each in by.split("+") if each in NEEDS)


on_each = pytest.mark.parametrize("both", ENGINES, indirect=True)


def same(ours, theirs, what):
    """Both found the same lines: counts and denominators exactly, days to nine digits."""
    assert [(line.keys, line.names) for line in ours] == [(line.keys, line.names) for line in theirs], what
    for one, other in zip(ours, theirs, strict=True):
        assert list(one.figures) == list(other.figures)
        for name, found in one.figures.items():
            met = other.figures[name]
            close = found.kind == DAYS and found.counted is not None
            expected = pytest.approx(found.counted, rel=1e-9) if close else found.counted
            assert (met.n, met.counted) == (found.n, expected), (what, one.keys, name)


@on_each
def test_every_figure_is_the_same_in_every_cut(both):
    star, other = both
    for by in CUTS:
        names = [name for name, figure in EVERY.items() if has(figure.over, by)]
        ours = asking.ask(star, names, WHOLE, by=by)
        assert len(ours) > 1 or by in ("", "region:province", "region:city"), (
            "there is something to be compared"
        )
        same(ours, asking.ask(other, names, WHOLE, by=by), by)


@on_each
def test_every_figure_is_the_same_of_whatever_is_meant(both):
    star, other = both
    for what, question in QUESTIONS.items():
        for by in ("", "region+month"):
            same(
                asking.ask(star, FIGURES, question, by=by), asking.ask(other, FIGURES, question, by=by), what
            )
    answered = Question(NOW, answered=True)
    matters = [name for name, figure in FIGURES.items() if figure.over == "matters"]
    same(asking.ask(star, matters, answered), asking.ask(other, matters, answered), "answered")


@on_each
def test_the_bounds_of_the_median_are_the_same(both):
    star, other = both
    for question, by in ((WHOLE, ""), (WHOLE, "nature"), (QUESTIONS["a year that has not come"], "")):
        ours = asking.median_bounds(star, question, by=by)
        assert asking.median_bounds(other, question, by=by) == ours
