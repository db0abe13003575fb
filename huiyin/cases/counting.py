"""Counts that stay cheap however many rows there are: several in one statement, none going beyond a bound.

Why a bound, and why nothing is remembered: docs/decisions/0016-lists.md.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST = 99  # beyond that a person at a desk wants to know only that there are many


def up_to_most(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each of these questions finds, in one statement; MOST + 1 where there are more than MOST."""
    counted, parts, values = dict.fromkeys(wanted, 0), [], list[Any]()
    asked = []
    for name, rows in wanted.items():
        try:
            statement, given = rows.order_by().values("pk")[: MOST + 1].query.sql_with_params()
        except EmptyResultSet:  # nothing can be found, and Django writes no statement for that
            continue
        asked.append(name)
        parts.append(f"(SELECT COUNT(*) FROM ({statement}) AS counted)")  # noqa: S608 - Django wrote it
        values += given
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            counted.update(zip(asked, cursor.fetchone(), strict=True))
    return counted


def shown(count: int) -> int | str:
    """A bounded count as people read it: 12, or 99+."""
    return f"{MOST}+" if count > MOST else count
