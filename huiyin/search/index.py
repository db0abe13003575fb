"""The words of entries in the database at hand: SQLite's FTS5, PostgreSQL's tsvector under a GIN index.

Both get the same terms, which `words` and `scope` have made of letters and digits alone, so that nothing that
somebody typed is ever read as an operator. Both give places, the highest (newest) first.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection

from huiyin.kernel.composed import asked
from huiyin.search.models import Entry

MARK = "\ue000"  # a private letter that no word has: terms that are no words begin with it
KEY_BITS = 35  # of a case's key within a place: 34 thousand million cases
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEAR = 4  # quarters


@dataclass(frozen=True)
class Terms:
    """What an entry must have: all of `every` and one at least of `some`; those with all of `but` are left out."""

    every: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def spelled(self, *, both: str, either: str, neither: str, quote: str) -> str:
        """In the language of an engine, by its words for and, or, and not."""
        every = [f"{quote}{term}{quote}" for term in self.every]
        some = either.join(f"{quote}{term}{quote}" for term in self.some)
        but = both.join(f"{quote}{term}{quote}" for term in self.but)
        asked = both.join([*every, *([f"({some})"] if some else [])])
        return f"{asked}{neither}({but})" if but else asked


@dataclass(frozen=True)
class Line:
    """An entry as it is to be kept: where, of which case, what it was made from, and its terms."""

    place: int
    case: int
    digest: bytes
    terms: Collection[str]


def place_of(moment: datetime, case: int) -> int:
    """Where the case with this key stands among entries of this moment (to the minute)."""
    return (int((moment - EPOCH).total_seconds()) // 60 << KEY_BITS) | case


def quarter_at(place: int) -> int:
    """The quarter of a year, in UTC, of a place; counted through, so that the one before is one less."""
    moment = EPOCH + timedelta(minutes=place >> KEY_BITS)
    return moment.year * YEAR + (moment.month - 1) // 3


def first_place(quarter: int) -> int:
    """The lowest place that an entry of this quarter can have."""
    year, number = divmod(quarter, YEAR)
    return place_of(datetime(year, 3 * number + 1, 1, tzinfo=UTC), 0)


def in_quarter(quarter: int) -> str:
    """The term that every entry of a quarter has."""
    return f"{MARK}q{quarter}"


def case_at(place: int) -> int:
    """The key of the case at a place."""
    return place & ((1 << KEY_BITS) - 1)


# -- shape ---------------------------------------------------------------------------------------------------
def install(table: str, connection: Any) -> None:
    """Make room for the words of a table of entries; for migrations."""
    for statement in _INSTALLING[connection.vendor]:
        _run(connection, statement.format(table=table))


def uninstall(table: str, connection: Any) -> None:
    """Undo `install`."""
    for statement in _REMOVING[connection.vendor]:
        _run(connection, statement.format(table=table))


# FTS5's ascii tokenizer leaves every other letter alone; our terms are whole between spaces.
_INSTALLING = {
    "sqlite": [
        "CREATE VIRTUAL TABLE {table}_words USING fts5(terms, tokenize='ascii', detail=none, columnsize=0)",
        "CREATE TRIGGER {table}_gone AFTER DELETE ON {table}"
        " BEGIN DELETE FROM {table}_words WHERE rowid = OLD.place; END",
    ],
    "postgresql": [
        "ALTER TABLE {table} ADD COLUMN terms tsvector NOT NULL DEFAULT ''",
        "CREATE INDEX {table}_terms ON {table} USING gin (terms)",
    ],
}
_REMOVING = {
    "sqlite": ["DROP TRIGGER {table}_gone", "DROP TABLE {table}_words"],
    "postgresql": ["ALTER TABLE {table} DROP COLUMN terms"],
}


def _run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# -- writing -------------------------------------------------------------------------------------------------
def remove(entries: type[Entry], cases: Collection[int]) -> None:
    """Take the entries of these cases away, with their words."""
    if cases:
        entries._default_manager.filter(case__in=list(cases)).delete()


def insert(entries: type[Entry], lines: Sequence[Line]) -> None:
    """Add entries whose cases have none."""
    if not lines:
        return
    new = [(line.place, line.case, line.digest, " ".join(sorted(line.terms))) for line in lines]
    _INSERTING[connection.vendor](_table(entries), new)


def _insert_sqlite(table: str, new: Sequence[tuple]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (place, case_id, digest) VALUES (%s, %s, %s)",  # noqa: S608 — our own name
            [(place, case, digest) for place, case, digest, _terms in new],
        )
        cursor.executemany(
            f"INSERT INTO {table}_words (rowid, terms) VALUES (%s, %s)",  # noqa: S608
            [(place, terms) for place, _case, _digest, terms in new],
        )


def _insert_postgresql(table: str, new: Sequence[tuple]) -> None:
    """All in one statement; their terms wait in a list, which is then put into the index at once.

    That takes a fifth of putting them there one by one. The list is empty again before anybody can see the rows, so
    no search has to look through it.
    """
    columns = [list(column) for column in zip(*new, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (place, case_id, digest, terms)"  # noqa: S608 — our own name
            " SELECT place, case_id, digest, array_to_tsvector(string_to_array(terms, ' '))"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::text[])"
            " AS new (place, case_id, digest, terms)",
            columns,
        )
        cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [f"{table}_terms"])


_INSERTING = {"sqlite": _insert_sqlite, "postgresql": _insert_postgresql}


def _table(entries: type[Entry]) -> str:
    return entries._meta.db_table


# -- reading -------------------------------------------------------------------------------------------------
def newest(entries: type[Entry], terms: Terms, *, before: int | None = None, most: int) -> list[int]:
    """The places of the newest entries that have these terms, at most so many, from `before` on backwards."""
    return _NEWEST[connection.vendor](entries, terms, HIGHEST if before is None else before, most)


HIGHEST = 2**63 - 1
WALK = 500  # places looked at one by one, before PostgreSQL's index is asked
FARTHEST = 4_000  # of them, where it can be foreseen that they fill the page
SPARE = 1.3  # times as many as the hits so far foretell


def _newest_sqlite(entries: type[Entry], terms: Terms, before: int, most: int) -> list[int]:
    table = _table(entries)
    match = terms.spelled(both=" AND ", either=" OR ", neither=" NOT ", quote='"')
    statement = (
        f"SELECT rowid FROM {table}_words WHERE {table}_words MATCH %s AND rowid < %s"  # noqa: S608
        " ORDER BY rowid DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [match, before, most])
        return [place for (place,) in cursor.fetchall()]


def _newest_postgresql(entries: type[Entry], terms: Terms, before: int, most: int) -> list[int]:
    """First walk back through the last places, which fills a page of any usual word; then ask the index.

    The index alone gives every hit there is before the newest can be told, and the planner, left to choose,
    takes rare words for usual ones. So it is asked span by span, in one statement that ends when it has enough.
    """
    table, query = _table(entries), terms.spelled(both=" & ", either=" | ", neither=" & !", quote="'")
    hits: list[int] = []
    gone, step = 0, WALK
    while step:
        walked = _walked(table, query, before, step)
        hits += walked.hits
        if len(hits) >= most or walked.reached <= walked.lowest:
            return hits[:most]
        before, gone = walked.reached, gone + step
        step = _worth_walking(gone, len(hits), most - len(hits))
    return hits + _asked_by_span(table, query, walked, most - len(hits))


def _worth_walking(gone: int, hits: int, missing: int) -> int:
    """How many places further the missing hits are to be expected, by those so far; 0 where that is too far.

    A word that one in fifty entries has is in thousands of a quarter's, each of which the index would have read.
    """
    step = ceil(SPARE * missing * gone / hits / WALK) * WALK if hits else FARTHEST
    return step if gone + step <= FARTHEST else 0


@dataclass(frozen=True)
class _Walk:
    """The hits of a walk, the place where it ended, and the lowest place there is."""

    hits: list[int]
    reached: int = 0
    lowest: int = 0


def _walked(table: str, query: str, before: int, most: int) -> _Walk:
    """Look at the last places before one, at most so many."""
    statement = (
        f"WITH walk AS MATERIALIZED (SELECT place, terms @@ %s::tsquery AS hit FROM {table}"  # noqa: S608
        f" WHERE place < %s ORDER BY place DESC LIMIT {int(most)}),"
        f" ends AS (SELECT (SELECT min(place) FROM walk) AS reached, (SELECT min(place) FROM {table}) AS lowest)"
        " SELECT place, hit, reached, lowest FROM walk, ends WHERE hit OR place = reached ORDER BY place DESC"
    )
    rows = asked(
        statement, [query, before], bound=[0]
    )  # planned once: the limit, which decides, is in its text
    if not rows:
        return _Walk([])
    return _Walk([place for place, hit, *_ends in rows if hit], *rows[-1][2:])


def _asked_by_span(table: str, query: str, walked: _Walk, most: int) -> list[int]:
    """The newest hits before the end of a walk: of its quarter, of the three before, of all earlier ones."""
    last, first = quarter_at(walked.reached), quarter_at(walked.lowest)
    spans = [(f"({query}) & {_any_of(quarters)}", walked.reached) for quarters in _spans(last, first)]
    if first <= last - YEAR:
        spans.append((query, min(walked.reached, first_place(last - YEAR + 1))))
    # "place + 0": found and sorted by no index, or the planner walks through all places after all.
    of_one = (
        f"SELECT place FROM {table} WHERE terms @@ spans.query AND place + 0 < spans.bound"  # noqa: S608
        " ORDER BY place + 0 DESC LIMIT %s"
    )
    both = f"unnest(%s::tsquery[], %s::bigint[]) AS spans(query, bound), LATERAL ({of_one}) AS hits"
    statement = f"SELECT hits.place FROM {both} LIMIT %s"  # noqa: S608
    queries, bounds = map(list, zip(*spans, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(statement, [queries, bounds, most, most])
        return [place for (place,) in cursor.fetchall()]


def _spans(last: int, first: int) -> list[range]:
    """The quarters that are asked about by their terms: the last one, then the others of a year as far as there are."""
    spans = [range(last, last - 1, -1), range(last - 1, max(first - 1, last - YEAR), -1)]
    return [span for span in spans if span]


def _any_of(quarters: Iterable[int]) -> str:
    return "(" + " | ".join(f"'{in_quarter(quarter)}'" for quarter in quarters) + ")"


_NEWEST = {"sqlite": _newest_sqlite, "postgresql": _newest_postgresql}
