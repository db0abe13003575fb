"""A ledger to try things on, with its copy of the head in a folder of its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from huiyin.kernel import clock
from huiyin.ledger import guards
from huiyin.ledger.models import Event
from huiyin.ledger.writing import record

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """The folder in which this test's head is copied."""
    settings.HUIYIN_HOME = tmp_path
    return tmp_path


@pytest.fixture
def write() -> Callable[..., Event]:
    """Writes an event as an act does: in a transaction."""

    def write_event(subject: str = "case:1", kind: str = "noted", **more: Any) -> Event:
        wanted = {"actor": "system", "occurred_at": NOON, "facts": {"unit": "街道办"}} | more
        with transaction.atomic(), clock.frozen(NOON):
            return record(subject, kind, **wanted)

    return write_event


@pytest.fixture
def by_hand() -> Iterator[Callable[..., None]]:
    """Runs SQL as somebody with the database password would, with the triggers out of the way."""

    def run(statement: str, *values: Any) -> None:
        guards.lift(connection)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
        guards.install(connection)

    yield run
