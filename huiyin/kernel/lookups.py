"""Conditions that Django does not have: a value among the words of a fixed table, written into the statement itself."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Lookup, Q

WORD = re.compile(r"[a-z_]+")


def among(column: str, words: Sequence[str]) -> Q:
    """The condition that a column holds one of these words of the program's own tables."""
    return Q(**{f"{column}__among": tuple(words)})


@CharField.register_lookup
class Among(Lookup):
    """As `__in`, but with the words in the statement instead of beside it.

    SQLite uses an index on some of the rows only for a statement that repeats the index's own condition word for
    word, and cannot know that of values that come beside the statement. Never for what a user has typed: anything
    but small letters raises ValueError.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """`column IN ('one', 'two')`."""
        words = tuple(map(str, self.rhs))
        if not words or not all(map(WORD.fullmatch, words)):
            raise ValueError(f"only words of a table of the program stand in a statement, not {words}")
        column, values = self.process_lhs(compiler, connection)
        listed = ", ".join(f"'{word}'" for word in words)
        return f"{column} IN ({listed})", values
