"""A profile may carry a provisional working-day table; what an operator loaded stands."""

import pytest

from huiyin.deadlines.models import CalendarYear
from huiyin.deadlines.profile import load_calendar
from huiyin.ledger.models import Event

pytestmark = pytest.mark.django_db


def test_a_profile_without_a_calendar_loads_none(tmp_path):
    assert load_calendar(tmp_path / "calendar.toml") == []


def test_a_year_is_loaded_once_and_the_operators_own_stands(tmp_path):
    file = tmp_path / "calendar.toml"
    file.write_text('[2027]\nholidays = ["2027-01-01"]\nworkdays = []\nbasis = "暂定"\n', encoding="utf-8")
    assert load_calendar(file) == [2027]
    assert Event.objects.get(subject="calendar:2027").actor == "system:profile"
    CalendarYear.objects.filter(year=2027).update(basis="国务院办公厅通知")
    assert load_calendar(file) == []
    assert CalendarYear.objects.get(year=2027).basis == "国务院办公厅通知"
