"""Counts that stay cheap however many rows there are: several in one statement, none going beyond a bound.

Why a bound, and why nothing is remembered: docs/decisions/0021-lists.md.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

MOST = 99  # beyond that a person at a desk wants to know only that there are many


class Question(NamedTuple):
    """A statement that finds at most MOST + 1 rows, with its values; and the words, for each of which it is asked."""

    statement: str
    values: tuple[Any, ...]
    words: tuple[str, ...]


def question(rows: QuerySet[Any], name: str) -> Question | None:
    """How many of these rows there are, as a question; None when nothing can be found."""
    return _composed(rows, (name,))


def each(rows: QuerySet[Any], column: str, words: Collection[str]) -> Question | None:
    """The same question for each word of a column: the database reads it once, which takes longer than the answer."""
    return _composed(rows.filter(**{column: RawSQL("asked.word", ())}), tuple(words)) if words else None


def _composed(rows: QuerySet[Any], words: tuple[str, ...]) -> Question | None:
    try:
        statement, values = rows.order_by().values("pk")[: MOST + 1].query.sql_with_params()
    except EmptyResultSet:
        return None
    return Question(statement, tuple(values), words)


def up_to_most(questions: Iterable[Question | None]) -> dict[str, int]:
    """The number for each word, all in one statement; MOST + 1 where there are more than MOST. None counts nothing."""
    parts, values = [], list[Any]()
    for asked in filter(None, questions):
        words = " UNION ALL ".join(["SELECT CAST(%s AS varchar(40)) AS word"] * len(asked.words))
        counted = f"(SELECT COUNT(*) FROM ({asked.statement}) AS found)"  # noqa: S608 - written by Django
        parts.append(f"SELECT asked.word, {counted} FROM ({words}) AS asked")  # noqa: S608 - of the two above
        values += [*asked.values, *asked.words]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return dict(cursor.fetchall())


def shown(count: int) -> int | str:
    """A bounded count as people read it: 12, or 99+."""
    return f"{MOST}+" if count > MOST else count
