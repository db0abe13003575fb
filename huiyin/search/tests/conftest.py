"""Fixtures for this room's tests: a shelf that is up to date."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache

from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.search import tasks


@pytest.fixture
def monday(db: None) -> Iterator[None]:
    cache.clear()
    with clock.frozen(roads.MONDAY):
        yield


@pytest.fixture
def kept_up(monday: None) -> Callable[[], None]:
    """Does what the worker does in the second after an act."""

    def keep_up() -> None:
        sequence()
        tasks.keep_up()

    return keep_up
