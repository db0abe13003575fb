"""Writing many rows at once: COPY on PostgreSQL, executemany on SQLite; no signals, no model code."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models, transaction

from huiyin.kernel.sealing import Sealed, SealedTextField


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
    if not rows:
        return
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    prepare = [_converter(field) for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = (
        tuple(convert(row.__dict__[name]) for name, convert in zip(names, prepare, strict=True))
        for row in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for line in values:
                    copy.write_row(line)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def _converter(field: models.Field) -> Callable[[Any], Any]:
    if isinstance(field, SealedTextField):
        place = field.place
        return lambda value: _sealed(value, place)
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, cls=field.encoder)
    if connection.vendor == "sqlite":
        if isinstance(field, models.DateTimeField):
            return _sqlite_moment
        if isinstance(field, models.DateField):
            return _sqlite_day
    return lambda value: value


def _sealed(value: Any, place: str) -> bytes | None:
    if value is None:
        return None
    return (value if isinstance(value, Sealed) else Sealed.of(value)).token_for(place)


def _sqlite_moment(value: datetime | None) -> str | None:
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))


def _sqlite_day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
