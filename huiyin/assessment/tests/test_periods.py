"""Months from the 1st and from the 19th, quarters and years made of them, and the moments at which they end."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.assessment.periods import Kind, NotAPeriod, Period, back_from, holding, period_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(1950, 1, 1), date(2900, 1, 1))


def test_a_month_of_the_calendar():
    found = holding(date(2026, 11, 30), Kind.MONTH)
    assert (found.code, found.first, found.last) == ("2026-11", date(2026, 11, 1), date(2026, 11, 30))
    assert found.bounds(SHANGHAI)[0] == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert found.bounds(SHANGHAI)[1] == datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_a_month_from_the_19th_to_the_18th_from_noon_to_noon():
    found = holding(date(2026, 10, 19), Kind.MONTH, opens=19, hour=12)
    assert (found.code, found.first, found.last) == ("2026-11", date(2026, 10, 19), date(2026, 11, 18))
    assert found.bounds(SHANGHAI)[0] == datetime(2026, 10, 19, 4, tzinfo=UTC)
    assert holding(date(2026, 11, 18), Kind.MONTH, opens=19) == Period(Kind.MONTH, 2026, 11, 19)
    turn = holding(date(2026, 12, 19), Kind.MONTH, opens=19)
    assert (turn.code, turn.first, turn.last) == ("2027-01", date(2026, 12, 19), date(2027, 1, 18))


def test_quarters_and_years_are_made_of_whole_months():
    year = period_of("2026", opens=19)
    assert (year.first, year.last) == (date(2025, 12, 19), date(2026, 12, 18))
    assert [each.code for each in year.quarters()] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert [each.code for each in period_of("2026-Q4").months()] == ["2026-10", "2026-11", "2026-12"]
    assert period_of("2026-Q4").quarters() == [] and period_of("2026-11").months() == [period_of("2026-11")]


def test_before_and_after_turn_the_year():
    assert period_of("2026-01").before().code == "2025-12" and period_of("2026-Q4").after().code == "2027-Q1"
    assert [each.code for each in back_from(period_of("2026"), 3)] == ["2026", "2025", "2024"]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "26",
        "2026-13",
        "2026-00",
        "2026-1",
        "2026-Q5",
        "2026-Q0",
        "2026-Q11",
        "2026-",
        "２０２６",
        "9999",
        "x",
    ],
)
def test_what_names_no_period_is_said_to_name_none(code):
    with pytest.raises(NotAPeriod):
        period_of(code)


@given(DAYS, st.sampled_from(Kind), st.integers(1, 28))
def test_every_day_lies_in_exactly_one_period_of_each_kind(day, kind, opens):
    found = holding(day, kind, opens=opens)
    assert found.first <= day <= found.last
    assert (found.after().first - found.last).days == 1 and found.after().before() == found
    assert period_of(found.code, opens=opens) == found


@given(DAYS, st.integers(1, 28))
def test_the_months_of_a_year_fill_it_without_a_gap(day, opens):
    year = holding(day, Kind.YEAR, opens=opens)
    months = year.months()
    assert (months[0].first, months[-1].last, len(months)) == (year.first, year.last, 12)
    assert [each for quarter in year.quarters() for each in quarter.months()] == months


@pytest.mark.parametrize(("opens", "hour"), [(0, 0), (29, 0), (1, 24)])
def test_no_month_begins_on_a_day_that_some_months_lack(opens, hour):
    with pytest.raises(ValueError, match="28th"):
        holding(date(2026, 1, 1), Kind.MONTH, opens=opens, hour=hour)
