"""Policies and clocks for this room's tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from huiyin.deadlines.models import Policy
from huiyin.organisation import remembering

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What one test wrote and rolled back must not be believed by the next."""
    remembering.clear()
    yield
    remembering.clear()


@pytest.fixture
def make_policy(db):
    """Saves a policy: five working days for the order of a hotline matter, unless told otherwise."""

    def make(code="order", **changes) -> Policy:
        fields = {
            "track": "hotline",
            "step": "order",
            "kind": "working_days",
            "amount": 5,
            "basis": "演示条例第一条",
            "pauses": ["hearing", "awaiting_petitioner"],
        }
        return Policy.objects.create(code=code, **{**fields, **changes})

    return make


@pytest.fixture
def local():
    """Reads a local time: local("2024-05-06 09:00")."""
    return lambda text: datetime.fromisoformat(text).replace(tzinfo=ZONE)
