"""Writing many rows at once: COPY on PostgreSQL, executemany on SQLite; no signals, no model code."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection, models, transaction

from huiyin.kernel.sealing import Sealed, SealedTextField

CACHE_KIB = 256 * 1024
PAGES_BETWEEN_CHECKPOINTS = 16_384  # 64 MiB of write-ahead log


def reserve(model: type[models.Model], count: int) -> Sequence[int]:
    """Take `count` primary keys of a table out of circulation and return them, rising. Committed at once."""
    table, key = model._meta.db_table, model._meta.pk.column
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, key, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
        return range(last - count + 1, last + 1)


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert rows whose primary keys are set. Raises the database's own errors; the caller's transaction decides."""
    write(model, lines(model, rows))


def lines(model: type[models.Model], rows: Sequence[models.Model]) -> list[list[Any]]:
    """The rows as `write` wants them: sealed and converted, which a writer need not do within a transaction."""
    values_of = _shape(model, connection.vendor)[1]
    return [values_of(row) for row in rows]


def column(model: type[models.Model], name: str) -> int:
    """Where in a line of `lines` a field stands."""
    return [field.name for field in model._meta.concrete_fields].index(name)


@contextmanager
def much_to_write() -> Iterator[None]:
    """On SQLite, give this connection more memory and longer breaths between checkpoints; elsewhere nothing.

    Rows with random keys touch pages all over the indexes: with room for them they are read and written once.
    """
    if connection.vendor != "sqlite":
        yield
        return
    settings = {"cache_size": -CACHE_KIB, "wal_autocheckpoint": PAGES_BETWEEN_CHECKPOINTS}
    with connection.cursor() as cursor:
        before = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in settings}
        for name, value in settings.items():
            cursor.execute(f"PRAGMA {name}={value}")
        try:
            yield
        finally:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name}={value}")
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def write(model: type[models.Model], prepared: Sequence[Sequence[Any]]) -> None:
    """Insert what `lines` has prepared."""
    if not prepared:
        return
    columns = _shape(model, connection.vendor)[0]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)"
            with connection.wrap_database_errors, cursor.copy(copying) as copy:
                copy.set_types(_types(model))
                for line in prepared:
                    copy.write_row(line)
        else:
            marks = ", ".join(["%s"] * len(prepared[0]))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 — only names
            cursor.executemany(statement, prepared)


@lru_cache(maxsize=64)
def _types(model: type[models.Model]) -> list[str]:
    """PostgreSQL's types of the columns, without their limits: binary COPY wants to know them."""
    return [str(field.db_type(connection)).partition("(")[0] for field in model._meta.concrete_fields]


@lru_cache(maxsize=64)
def _shape(model: type[models.Model], vendor: str) -> tuple[str, Callable[[models.Model], list[Any]]]:
    """The columns of a model, and what takes a row's values for them: most columns take a value as it is."""
    fields = model._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    pick = itemgetter(*(field.attname for field in fields))
    special = list(converters(model).items())

    def values_of(row: models.Model) -> list[Any]:
        values = list(pick(row.__dict__))
        for place, convert in special:
            value = values[place]
            if value is not None:
                values[place] = convert(value)
        return values

    return columns, values_of


def converters(model: type[models.Model]) -> dict[int, Callable[[Any], Any]]:
    """What brings values that are not None to the form that the database takes, by their places in a line."""
    found = (_converter(field, connection.vendor) for field in model._meta.concrete_fields)
    return {place: convert for place, convert in enumerate(found) if convert is not None}


def _converter(field: models.Field, vendor: str) -> Callable[[Any], Any] | None:
    """What brings a value that is not None to the form that the database takes; None if it is in it already."""
    if isinstance(field, SealedTextField):
        place = field.place
        return lambda value: (value if isinstance(value, Sealed) else Sealed.of(value)).token_for(place)
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        if vendor == "postgresql":
            return lambda value: connection.ops.adapt_json_value(value, encoder)
        return (encoder or json.JSONEncoder)().encode
    if vendor == "sqlite" and isinstance(field, models.DateTimeField):
        return _sqlite_moment
    if vendor == "sqlite" and isinstance(field, models.DateField):
        return date.isoformat
    return None


def _sqlite_moment(value: datetime) -> str:
    """As Django writes it: in UTC, without saying so."""
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(" ")[:-6]
