"""Questions of every page, whose SQL Django writes once: writing it anew takes longer than the answer.

A question is built as usual, with stand-ins for what differs from one asking to the next; each asking puts its values
in their places. Whatever decides what the SQL looks like must not be among them.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=models.Model)
Make = Callable[[Sequence[Any]], Any]

MARK = re.compile("%%|%s")  # of the database's driver; the first means a single per cent
FIRST_NUMBER = 2_094_872_113  # a key that no row has; a column of whole numbers has room for it
FIRST_DAY = date(1801, 2, 3)
FIRST_MOMENT = datetime.fromisoformat("1801-02-03T04:05:06.789012+00:00")


class Composed(Generic[Row]):
    """A question about rows of one model, put with other values each time: keywords of numbers, days, moments, words.

    Values must be of the same kinds at every asking, and each must stand in the question as it is; one that Django
    would change on its way (the words of `startswith`) raises ValueError when first asked.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self._build = build
        self._written: dict[str, _Statement] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """The rows, as the query itself would give them."""
        statement = self._written.get(connection.vendor)
        if statement is None:
            statement = self._written[connection.vendor] = self._write(values)
        return statement.rows(statement.sql, statement.given(values), bound=statement.differing)

    def _write(self, values: dict[str, Any]) -> "_Statement":
        stands = {name: _stand_in(value, place) for place, (name, value) in enumerate(values.items())}
        statement = _Statement.of(self._build(**stands))
        places = {_adapted(stand): name for name, stand in stands.items()}
        if missing := set(places) - {each for each in statement.values if _hashable(each)}:
            raise ValueError(f"not in the SQL as they are: {sorted(places[each] for each in missing)}")
        return statement.with_places(places)


def keys_in(listed: str) -> RawSQL:
    """The keys of a list written as JSON, for `__in` of a composed question: one text however many there are."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT value::bigint FROM json_array_elements_text(%s::json)", (listed,))
    return RawSQL("SELECT value FROM json_each(%s)", (listed,))


class Head(Generic[Row]):
    """How rows of a model are read with what belongs to them; which rows, and in which order, is said each time."""

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self._build = build
        self._written: dict[str, _Statement] = {}

    def __call__(self, which: QuerySet[Row], *, most: int, order: Sequence[str] = ()) -> list[Row]:
        """At most so many of the rows that meet a condition on their own columns, in the order of these columns.

        `order` as `order_by` takes it; without it the head's own. Joins in `which` are refused with ValueError.
        """
        statement = self._written.get(connection.vendor)
        if statement is None:
            statement = self._written[connection.vendor] = _Statement.of(self._build())
        found = worded(which)
        if found is None:
            return []
        start, _mark, its_order = statement.sql.partition(" ORDER BY ")
        its_order = _order(which.model, order) if order else its_order
        sql = f"{start} WHERE {found.sql} ORDER BY {its_order} LIMIT {int(most)}"
        return statement.rows(sql, (*statement.values, *found.values))


@dataclass(frozen=True)
class Wording:
    """A condition in SQL, with its values."""

    sql: str
    values: tuple[Any, ...]


def worded(rows: QuerySet[Any]) -> Wording | None:
    """The condition of rows on their own columns, in SQL; None when no row can meet it. ValueError if it joins."""
    query = rows.query
    compiler = query.get_compiler(connection=connection)
    try:
        sql, values = compiler.compile(query.where) if query.where else ("", ())
    except EmptyResultSet:
        return None
    except FullResultSet:
        sql, values = "", ()
    if sum(map(bool, query.alias_refcount.values())) > 1:
        raise ValueError("a condition on other rows than these")
    return Wording(sql or "1 = 1", tuple(values))


@dataclass(frozen=True)
class _Statement:
    """A query as Django wrote it once, and what turns its rows into objects."""

    sql: str
    values: tuple[Any, ...]
    compiler: Any
    converters: dict[int, Any]
    make: Make
    places: tuple[str | None, ...] = ()

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> "_Statement":
        compiler = rows.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        converters = compiler.get_converters([each[0] for each in compiler.select])
        return cls(sql, tuple(values), compiler, converters, maker(compiler))

    def with_places(self, places: dict[Any, str]) -> "_Statement":
        """The same, knowing which of its values are to be replaced by what is named so."""
        found = tuple(places.get(each) if _hashable(each) else None for each in self.values)
        return _Statement(self.sql, self.values, self.compiler, self.converters, self.make, found)

    def given(self, values: dict[str, Any]) -> list[Any]:
        return [
            kept if name is None else _adapted(values[name])
            for kept, name in zip(self.values, self.places, strict=True)
        ]

    @property
    def differing(self) -> list[int]:
        """The places of what differs from one asking to the next."""
        return [place for place, name in enumerate(self.places) if name is not None]

    def rows(self, sql: str, values: Sequence[Any], *, bound: Collection[int] = ()) -> list[Any]:
        found: Any = asked(sql, values, bound=bound)
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        return [self.make(row) for row in found]


def asked(sql: str, values: Sequence[Any], *, bound: Collection[int] = ()) -> list[Any]:
    """The rows that a statement finds, which is met again and again with other numbers, days and moments.

    PostgreSQL plans it once for each connection. Words are written into its text, but for those at the places in
    `bound`: states and the like decide which index serves, and a plan that does not know them would go through the
    whole table. So the words of one statement must be few.
    """
    if (
        connection.vendor != "postgresql" or connection.queries_logged
    ):  # whoever reads the log wants the values too
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
    words = (each if isinstance(each, str) and i not in bound else None for i, each in enumerate(values))
    with connection.wrap_database_errors:  # a word that the database has no letters for is refused as usual
        text, left = _with_words(sql, tuple(words))
    with _binding() as cursor:
        cursor.execute(text, [values[place] for place in left])
        return cursor.fetchall()


def _binding() -> Any:
    """A cursor that binds values on the server; it passes every wrapper of Django's."""
    # Itself: `connection` looks it up for each of its attributes.
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    wrapper.ensure_connection()
    return wrapper.make_cursor(wrapper.Database.Cursor(wrapper.connection))


@lru_cache(maxsize=512)
def _with_words(sql: str, words: tuple[str | None, ...]) -> tuple[str, list[int]]:
    """The statement with these words in the places of theirs, and which places are left to be bound."""
    from psycopg.sql import quote  # an installation on SQLite has no need of it

    coming = iter(words)

    def put(mark: re.Match[str]) -> str:
        word = next(coming) if mark[0] == "%s" else None
        return mark[0] if word is None else quote(word, connection.connection).replace("%", "%%")

    return MARK.sub(put, sql), [place for place, word in enumerate(words) if word is None]


def maker(compiler: Any) -> Make:
    """What turns a row's values into the object with its related ones, as Django's own iteration does."""
    described, db = compiler.klass_info, connection.alias
    model, chosen = described["model"], described["select_fields"]
    first, end = chosen[0], chosen[-1] + 1
    names = [each[0].target.attname for each in compiler.select[first:end]]
    populators = get_related_populators(described, compiler.select, db)  # type: ignore[call-arg]  # stubs of 6.0
    annotations = list(compiler.annotation_col_map.items())

    def make(row: Sequence[Any]) -> Any:
        found = model.from_db(db, names, row[first:end])
        for populator in populators:
            populator.populate(row, found)
        for name, place in annotations:
            setattr(found, name, row[place])
        return found

    return make


def _stand_in(value: Any, place: int) -> Any:
    """A value of the same kind that nothing else in a query is equal to."""
    if isinstance(value, datetime):
        return FIRST_MOMENT + timedelta(seconds=place)
    if isinstance(value, date):
        return FIRST_DAY + timedelta(days=place)
    if isinstance(value, str):
        return f"\ue0f0{place}\ue0f0"
    if type(value) is int:
        return FIRST_NUMBER + place
    raise TypeError(f"nothing stands in for a value like {type(value).__name__}")


def _adapted(value: Any) -> Any:
    """A value as the database's driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _hashable(value: Any) -> bool:
    return isinstance(value, (str, int, date))


def _order(model: type[models.Model], names: Sequence[str]) -> str:
    quote, table = connection.ops.quote_name, connection.ops.quote_name(model._meta.db_table)
    parts = []
    for name in names:
        column = cast(models.Field, model._meta.get_field(name.removeprefix("-"))).column
        parts.append(f"{table}.{quote(str(column))} {'DESC' if name.startswith('-') else 'ASC'}")
    return ", ".join(parts)
