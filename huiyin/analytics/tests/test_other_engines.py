"""The same expressions on PostgreSQL find the same numbers as DuckDB, over the same rows of the star."""

import csv
from datetime import timedelta

import pytest
from django.db import connection

from huiyin.analytics import asking, snapshot
from huiyin.analytics.asking import Question
from huiyin.analytics.dated import DATED, EVERY
from huiyin.analytics.engine import quoted, sql_of
from huiyin.analytics.star import TABLES
from huiyin.analytics.tests.test_figures import answered_after
from huiyin.evaluation import actions as evaluation
from huiyin.evaluation.tests.road import MONDAY, petitioner, registered
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TYPES = {
    "int64": "bigint",
    "string": "text",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
    "float64": "double precision",
}


JUDGED = [name for name, figure in DATED.items() if "omitted" in TABLES[figure.over]]


class OnPostgreSQL:
    """A star whose tables are those of a schema of their own in the test's database."""

    def ask(self, expression):
        return self.rows(sql_of(expression, "postgres"))

    def rows(self, sql, given=()):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path TO star")
            cursor.execute(sql.replace("%", "%%").replace("?", "%s"), list(given))
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
            with cursor.cursor.copy(f'COPY star."{name}" FROM STDIN (FORMAT CSV, HEADER)') as to:
                to.write(file.read_bytes())
            assert next(csv.reader([file.read_text().splitlines()[0]])) == list(columns)
    return OnPostgreSQL()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL")
@pytest.mark.parametrize(
    ("by", "names"),
    [
        *(
            (by, EVERY)
            for by in ("", "month", "region+nature", "unit", "category:top", "assessed", "quarter")
        ),
        ("judged+place+category+omitted+complained", JUDGED),
    ],
)
def test_every_figure_is_the_same_on_postgresql(cast, tmp_path, by, names):
    for days in (1, 2.5, 9, 4):
        case = answered_after(cast, days)
    with clock.frozen(MONDAY + 6 * DAY):
        evaluation.rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=4)
    with clock.frozen(MONDAY):
        registered(cast, nature="suggestion")
    with clock.frozen(MONDAY + 40 * DAY), snapshot.live() as (star, checkpoint):
        question = Question(checkpoint.moment, region=case.region.code)
        ours = asking.ask(star, names, question, by=by)
        theirs = asking.ask(copied(star, tmp_path), names, question, by=by)
    assert [line.keys for line in ours] == [line.keys for line in theirs]
    for one, other in zip(ours, theirs, strict=True):
        for name in names:
            assert one.figures[name].n == other.figures[name].n, name
            assert one.figures[name].value == pytest.approx(other.figures[name].value), name
