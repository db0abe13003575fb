"""The star on Spark: the same expressions over the same Parquet files, for whoever has outgrown one machine.

Nothing of the house opens it yet; `make test-spark` holds the catalogue to it. It needs the packages of
requirements/spark.txt and Java 17 on every machine of the cluster, and files that all of them reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huiyin.analytics.engine import sql_of
from huiyin.analytics.star import FACTS, TABLES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# As DuckDB writes them: moments carry no zone, whatever that of the cluster is.
TYPES = {
    "int64": "bigint",
    "string": "string",
    "date": "date",
    "timestamp": "timestamp_ntz",
    "boolean": "boolean",
    "float64": "double",
}


@dataclass
class SparkStar:
    """The tables of one snapshot as views of a session, open for reading."""

    session: SparkSession

    def ask(self, expression: Any) -> list[dict[str, Any]]:
        """The rows of an expression, each by the names of its columns, of the types that the expression has.

        Spark's own are others at times: the beginning of a month is a moment to it.
        """
        found = self.session.sql(sql_of(expression, "pyspark"))
        kinds = expression.as_table().schema().items()
        typed = found.select(*[found[name].cast(TYPES.get(str(kind), str(kind))) for name, kind in kinds])
        return [row.asDict() for row in typed.collect()]


@contextmanager
def opened(folder: Path, session: SparkSession) -> Iterator[SparkStar]:
    """The star whose Parquet files lie in a folder, read by a session of its own that counts days in UTC."""
    own = session.newSession()
    own.conf.set("spark.sql.session.timeZone", "UTC")
    for name, columns in TABLES.items():
        schema = ", ".join(f"`{column}` {TYPES[each.type]}" for column, each in columns.items())
        place = (folder / (name if name in FACTS else f"{name}.parquet")).resolve().as_uri()
        read = own.read.schema(schema).option("recursiveFileLookup", "true")
        read.parquet(place).createOrReplaceTempView(name)
    try:
        yield SparkStar(own)
    finally:
        for name in TABLES:
            own.catalog.dropTempView(name)
