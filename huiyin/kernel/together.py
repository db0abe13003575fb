"""Inserting rows that belong together in one statement: the place that is tuned by hand, for what happens most often.

To PostgreSQL a row costs little, and being asked costs much: sending, reading, planning, answering. So a new case goes
there whole. The columns are the models' own, so none can be forgotten; the statement is composed once for each shape
of such a family, and the server keeps it prepared.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache, lru_cache
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

from huiyin.kernel import rows
from huiyin.kernel.bulk import _converter

VALUE = "value"
Mark = (
    str | int | None
)  # VALUE: the column's value is sent; None: it is empty; a number: the key of the row there
Shape = tuple[tuple[type[models.Model], tuple[Mark, ...]], ...]


def whole() -> AbstractContextManager[object]:
    """What makes one `insert` happen whole or not at all, also within a longer transaction that goes on without it.

    To PostgreSQL one statement outside a transaction is one of its own: nothing is asked for its beginning and end.
    """
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    return nullcontext() if alone else transaction.atomic()


def insert(new: Sequence[models.Model]) -> None:
    """Insert rows, of which later ones may point at earlier, in a transaction or `whole`, and give each its key.

    Raises the database's own errors. SQLite works in this process and takes the rows one by one.
    """
    if connection.vendor == "postgresql":
        _insert_at_once(new)
        return
    for row in new:
        rows.link(row)
        rows.insert(row)


def _insert_at_once(new: Sequence[models.Model]) -> None:
    places = {id(row): place for place, row in enumerate(new)}
    values: list[Any] = []
    shape = tuple((type(row), _gather(row, places, values)) for row in new)
    with _cursor() as cursor:
        cursor.execute(_statement(shape), values)
        keys = cursor.fetchone()
    for row, key in zip(new, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    for row in new:
        rows.link(row)


def _gather(row: models.Model, places: dict[int, int], values: list[Any]) -> tuple[Mark, ...]:
    """Put the row's values behind those that are there, and tell what becomes of each of its columns."""
    kept, related = row.__dict__, row._state.fields_cache
    marks: list[Mark] = []
    for column, relation, convert in _columns(type(row)):
        value = kept[column]
        if value is not None:
            values.append(value if convert is None else convert(value))
            marks.append(VALUE)
        else:
            marks.append(places.get(id(related.get(relation))) if relation else None)
    return tuple(marks)


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, str, Callable[[Any], Any] | None]]:
    """For each column but the key: its attribute, its relation ("" for none), and what prepares its value."""
    return [
        (field.attname, field.name if field.is_relation else "", _converter(field, "postgresql"))
        for field in model._meta.concrete_fields
        if not field.primary_key
    ]


@lru_cache(maxsize=512)
def _statement(shape: Shape) -> str:
    numbers, parts = count(1), []
    for place, (model, marks) in enumerate(shape):
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        columns = ", ".join(_quoted(field.column) for field in fields)
        values = ", ".join(_written(mark, numbers) for mark in marks)
        parts.append(
            f"row{place} AS (INSERT INTO {_quoted(model._meta.db_table)} ({columns})"  # noqa: S608 — only names
            f" VALUES ({values}) RETURNING {_quoted(model._meta.pk.column)} AS key)"
        )
    return f"WITH {', '.join(parts)} SELECT {', '.join(map(_key, range(len(shape))))}"


def _written(mark: Mark, numbers: "count[int]") -> str:
    if mark is None:
        return "NULL"
    return f"${next(numbers)}" if mark == VALUE else _key(int(mark))


def _key(place: int) -> str:
    return f"(SELECT key FROM row{place})"  # noqa: S608 — a number


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def _cursor() -> Any:
    """A cursor that takes PostgreSQL's own marks and binds values there; it passes every wrapper of Django's."""
    # Itself: `connection` looks it up for each of its attributes.
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    wrapper.ensure_connection()
    bare = wrapper.Database.RawCursor(wrapper.connection)
    return wrapper.make_debug_cursor(bare) if wrapper.queries_logged else wrapper.make_cursor(bare)
