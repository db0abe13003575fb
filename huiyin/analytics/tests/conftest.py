"""Spark for the tests of the figures: only where `make test-spark` says at which cluster."""

import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest

from huiyin.analytics import snapshot, spark

CLUSTER = os.environ.get("HUIYIN_SPARK", "")
# Few rows: to cut them small and to compile each question would cost more than to count. The zone is wrong on purpose.
SETTINGS = {
    "spark.sql.session.timeZone": "America/St_Johns",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    """A session at the cluster, which is stopped at the end."""
    from pyspark.sql import SparkSession

    logging.getLogger("py4j").setLevel(logging.WARNING)  # it talks on when the terminal is closed
    building = SparkSession.builder.master(CLUSTER).appName("huiyin-test")
    for name, value in SETTINGS.items():
        building = building.config(name, value)
    session = building.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(autouse=True)
def on_spark(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is a cluster, it answers in DuckDB's place."""
    if CLUSTER:
        session = request.getfixturevalue("spark_session")
        monkeypatch.setattr(snapshot, "opened", lambda folder: spark.opened(folder, session))
