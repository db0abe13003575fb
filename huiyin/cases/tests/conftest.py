"""Every test of this room stands at nine on a plain Monday, unless it moves the clock itself."""

from collections.abc import Iterator

import pytest

from huiyin.cases.tests.roads import MONDAY
from huiyin.kernel import clock


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with clock.frozen(MONDAY):
        yield
