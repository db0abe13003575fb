"""Several questions to the database in one statement: a page of thirty kinds of rows asks once, not thirty times.

Each question stays a query of its own, composed by Django; their rows come back as JSON, one beneath the other, and
become the same objects that the query itself would give.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet

from huiyin.kernel.composed import maker

PARSED: dict[str, Callable[[Any], Any]] = {  # what JSON has no word for, by the column's kind
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "BinaryField": lambda text: bytes.fromhex(text.removeprefix("\\x")),
    "JSONField": json.dumps,  # its converter reads the text again
}
AT_ONCE = 60  # columns that are put into JSON with one call: SQLite's functions take at most 127 values


def gathered(*asked: QuerySet[Any]) -> list[list[Any]]:
    """The rows of each of these queries, in its own order, by one statement.

    The queries are of models, with `select_related` as they like; no `values`, `prefetch_related` or annotations.
    """
    compilers = [rows.query.get_compiler(connection=connection) for rows in asked]
    named, taken, values = [], [], list[Any]()
    for place, compiler in enumerate(compilers):
        try:
            statement, given = compiler.as_sql()
        except EmptyResultSet:
            continue
        columns = [f"c{number}" for number in range(len(compiler.select))]
        named.append(f"asked_{place} ({', '.join(columns)}) AS ({statement})")
        taken.append(f"SELECT {place}, {_packed(compiler, columns, place)} FROM asked_{place}")  # noqa: S608
        values += given
    found: list[list[Any]] = [[] for _each in asked]
    if named:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(named)} {' UNION ALL '.join(taken)}", values)
            for place, packed in cursor.fetchall():
                found[place].append(packed)
    return [_rows(compiler, packed) for compiler, packed in zip(compilers, found, strict=True)]


def _packed(compiler: Any, columns: Sequence[str], place: int) -> str:
    """The columns of a row as one JSON text."""
    if connection.vendor == "postgresql":
        return f"CAST(row_to_json(asked_{place}.*) AS text)"
    written = [
        f"iif({name} IS NULL, NULL, hex({name}))" if _kind(each[0].output_field) == "BinaryField" else name
        for name, each in zip(columns, compiler.select, strict=True)
    ]
    parts = [written[start : start + AT_ONCE] for start in range(0, len(written), AT_ONCE)]
    return " || ',' || ".join(f"json_array({', '.join(part)})" for part in parts)


def _kind(field: models.Field) -> str:
    return field.get_internal_type()


def _rows(compiler: Any, packed: Sequence[str]) -> list[Any]:
    """The objects of a query from its packed rows."""
    if not packed:
        return []
    fields = [each[0].output_field for each in compiler.select]
    raw = [_unpacked(text, fields) for text in packed]
    converters = compiler.get_converters([each[0] for each in compiler.select])
    made = maker(compiler)
    return [made(row) for row in compiler.apply_converters(raw, converters)]


def _unpacked(text: str, fields: Sequence[models.Field]) -> list[Any]:
    """A packed row as the database's own driver would give it."""
    if connection.vendor == "postgresql":
        read = list(json.loads(text).values())
        known = [PARSED.get(_kind(field)) for field in fields]
    else:
        read = [value for part in json.loads(f"[{text}]") for value in part]
        known = [PARSED["BinaryField"] if _kind(field) == "BinaryField" else None for field in fields]
    return [
        value if value is None or parse is None else parse(value)
        for value, parse in zip(read, known, strict=True)
    ]
