"""Statements that are asked over and over: PostgreSQL is told their values apart, and need not plan them anew.

Only for statements whose best plan is the same whatever their values are. For lists and counts it is not: of what is
rare it begins with the rare rows, of what is usual with the order.
"""

from typing import Any

from django.db import connection


def planned_once(kind: str = "Cursor") -> Any:
    """A cursor whose statements PostgreSQL keeps prepared; on SQLite an ordinary one. Django's wrappers see them all.

    As `RawCursor` it takes PostgreSQL's own marks ($1) instead of %s.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    driver: Any = connection
    bare = getattr(driver.Database, kind)(connection.connection)
    return connection.make_debug_cursor(bare) if connection.queries_logged else connection.make_cursor(bare)
