"""Every test of this room stands on a plain Monday in December, when November is over."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from huiyin.analytics import snapshot
from huiyin.kernel import clock

NOW = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_december() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture(autouse=True)
def _read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the worker had just been there: what a test has planted is counted."""
    monkeypatch.setattr(snapshot, "recent", lambda after=None: snapshot.live())
