"""Counts that stay cheap however many rows there are: several in one statement, none going beyond a bound.

Why a bound, and why no count is remembered: docs/decisions/0021-lists.md. What may be remembered is how a condition
reads in SQL: Django would work it out anew for every page. The present moment is put into it each time.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from huiyin.kernel import clock
from huiyin.kernel.composed import Wording, asked, worded

MOST = 99  # beyond that a person at a desk wants to know only that there are many
ASKED = RawSQL("asked.word", ())  # in a condition: each of the words in turn
STAND_IN = datetime(1970, 1, 2, 3, 4, 5, 678901, UTC)  # the present moment, in a condition that is remembered


class Question(NamedTuple):
    """A condition on the rows that are counted, and the words for each of which it is asked."""

    condition: Wording
    words: tuple[str, ...]


_remembered: dict[Hashable, Wording | None] = {}


def question(
    rows: QuerySet[Any], build: Callable[[], Q], *words: str, name: Hashable = None
) -> Question | None:
    """How many of the rows meet a condition on their own columns, for each word (`ASKED`); None when none can.

    Under a `name` the condition is remembered in SQL for good: of rows of one kind, the name must say all that it
    depends on but the present moment, which may only stand in it as it is.
    """
    key = rows.model, name, connection.vendor
    if name is None:
        found = worded(rows.model._default_manager.filter(build()))
    elif key in _remembered:
        found = _remembered[key]
    else:
        with clock.frozen(STAND_IN):
            found = _remembered[key] = worded(rows.model._default_manager.filter(build()))
    return None if found is None else Question(_of_now(found), words)


def among_keys(kinds: Mapping[str, Callable[[], QuerySet[Any]]]) -> Q:
    """The condition that a row's key is among those that are found for the word that is asked about."""
    parts, values = [], list[Any]()
    for word, keys in kinds.items():
        statement, its_values = keys().query.sql_with_params()
        parts.append(f"SELECT CAST(%s AS varchar(40)), found.* FROM ({statement}) AS found")  # noqa: S608 - Django's
        values += [word, *its_values]
    named = f"WITH named (word, key) AS ({' UNION ALL '.join(parts)})"
    chosen = f"{named} SELECT key FROM named WHERE named.word = asked.word"  # noqa: S608 - of the above
    return Q(pk__in=RawSQL(chosen, values))  # noqa: S611 - likewise


def up_to_most(rows: QuerySet[Any], questions: Iterable[Question | None]) -> dict[str, int]:
    """The number of the rows for each word, all in one statement; MOST + 1 where there are more than MOST.

    Of `rows` only the condition counts, which must be on their own columns.
    """
    among, table = worded(rows), connection.ops.quote_name(rows.model._meta.db_table)
    parts, values = [], list[Any]()
    for condition, words in filter(None, questions if among else ()):
        found = f"SELECT 1 FROM {table} WHERE {among.sql} AND {condition.sql} LIMIT {MOST + 1}"  # noqa: S608 - Django's
        listed = " UNION ALL ".join(["SELECT CAST(%s AS varchar(40)) AS word"] * len(words))
        count = f"SELECT COUNT(*) FROM ({found}) AS found"  # noqa: S608
        parts.append(f"SELECT asked.word, ({count}) FROM ({listed}) AS asked")  # noqa: S608
        values += [*among.values, *condition.values, *words]
    if not parts:
        return {}
    return dict(asked(" UNION ALL ".join(parts), values))


def shown(count: int) -> int | str:
    """A bounded count as people read it: 12, or 99+."""
    return f"{MOST}+" if count > MOST else count


def _of_now(condition: Wording) -> Wording:
    """The condition with the present moment in the place of its stand-in."""
    adapted = connection.ops.adapt_datetimefield_value
    stands, now = adapted(STAND_IN), adapted(clock.now())
    return Wording(condition.sql, tuple(now if value == stands else value for value in condition.values))
