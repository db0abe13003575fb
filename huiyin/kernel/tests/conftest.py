"""Keys of a test's own."""

from typing import Any

import pytest

from huiyin.kernel import keys


@pytest.fixture
def own_keys(settings: Any) -> keys.Keys:
    """Fresh keys, in force for one test."""
    settings.HUIYIN_KEYS = keys.fresh()
    return settings.HUIYIN_KEYS
