"""DuckDB over the tables of the star: opened for one question and closed again; Ibis only writes the SQL.

Neither library is imported before somebody asks for a figure. Ibis is used without its own connection to DuckDB,
which would bring pandas and Arrow, four times as large as all the rest (decision 0029).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from huiyin.analytics.star import DIMENSIONS, TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from ibis.expr.types import Table

MEMORY = "2GB"  # beyond this DuckDB writes into SPILL
FOLDER = "figures"  # of the home
SPILL = "spill"  # in it; each connection has files of its own there, and takes away those of killed processes
REMEMBERED = 200  # statements, which take longer to write than to answer


@cache
def table(name: str) -> Table:
    """A table of the star, for expressions; it stands for no data yet."""
    import ibis  # 0.2 s and 37 MB: only for whoever asks for a figure

    return ibis.table({column: each.type for column, each in TABLES[name].items()}, name=name)


def sql_of(expression: Any, dialect: str = "duckdb") -> str:
    """The expression in the words of a database: duckdb, postgres or pyspark.

    For the last Ibis wants its whole backend (requirements/spark.txt); the others are written without theirs.
    """
    if dialect == "pyspark":
        import ibis

        return str(ibis.pyspark.compile(expression))
    return _written(expression.op(), dialect)


@lru_cache(maxsize=REMEMBERED)
def _written(asked: Any, dialect: str) -> str:
    """The statement for a node of Ibis, which is the same as another when all that it asks is the same."""
    import ibis

    return str(ibis.to_sql(asked.to_expr(), dialect=dialect, pretty=False))


def home() -> Path:
    """Where the copies that are counted lie, and what does not fit into memory."""
    return Path(settings.HUIYIN_HOME) / FOLDER


@dataclass
class Star:
    """The tables of one snapshot, open for reading."""

    connection: DuckDBPyConnection

    def ask(self, expression: Any) -> list[dict[str, Any]]:
        """The rows of an expression, each by the names of its columns."""
        return self.rows(sql_of(expression))

    def rows(self, sql: str, given: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a statement."""
        asked = self.connection.execute(sql, list(given))
        names = [column[0] for column in asked.description or ()]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


@contextmanager
def duck() -> Iterator[DuckDBPyConnection]:
    """An empty DuckDB in memory that downloads nothing and counts days in UTC."""
    import duckdb

    spill = home() / SPILL
    spill.mkdir(parents=True, exist_ok=True, mode=0o700)
    given: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(spill),  # unless told, it would be the folder in which the process was started
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    connection = duckdb.connect(":memory:", config=given)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


@contextmanager
def opened(folder: Path) -> Iterator[Star]:
    """The star whose Parquet files lie in a folder: of facts a folder each, of dimensions a file each."""
    with duck() as connection:
        for name in TABLES:
            connection.execute(f"CREATE VIEW {name} AS {all_of(folder, name)}")
        yield Star(connection)


def all_of(folder: Path, name: str) -> str:
    """What reads a table of a snapshot, in DuckDB's words."""
    if name in DIMENSIONS:
        return f"FROM {from_parquet(folder / f'{name}.parquet')}"
    return f"FROM read_parquet({quoted(folder / name / '**' / '*.parquet')}, hive_partitioning = false)"


def quoted(path: Path) -> str:
    """A path as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def from_parquet(file: Path) -> str:
    """What reads one Parquet file: its own columns, and none of a folder above it that is named like `day=1`."""
    return f"read_parquet({quoted_file(file)}, hive_partitioning = false)"


def quoted_file(path: Path) -> str:
    """The path of one file to be read, as a literal: DuckDB takes brackets, stars and question marks for patterns."""
    return quoted(Path(re.sub(r"([\[*?])", r"[\1]", str(path))))
