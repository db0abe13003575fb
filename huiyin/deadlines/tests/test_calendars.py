"""The working-day calendar says what the State Council notices say, quickly, and refuses to guess."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.deadlines.calendars import DayKind, WorkCalendar, YearTable, amended, builtin_tables, days_of
from huiyin.deadlines.refusals import UnknownYear

CALENDAR = WorkCalendar(builtin_tables())
known_days = st.dates(date(2004, 1, 1), date(2026, 12, 31))


def plain_year(year: int) -> YearTable:
    return YearTable(year=year, holidays=frozenset(), workdays=frozenset())


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_agrees_with_the_package_it_was_built_from(year):
    for day in days_of(year):
        assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day), day
        assert CALENDAR.is_holiday(day) == (day in chinese_calendar.constants.holidays), day


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2023, 1, 28), DayKind.WORKING),  # Saturday worked after Spring Festival
        (date(2023, 1, 27), DayKind.HOLIDAY),  # swapped day off
        (date(2024, 10, 1), DayKind.HOLIDAY),
        (date(2024, 10, 12), DayKind.WORKING),  # Saturday worked after National Day
        (date(2024, 10, 13), DayKind.WEEKEND),
        (date(2024, 2, 29), DayKind.WORKING),
        (date(2025, 1, 26), DayKind.WORKING),  # Sunday worked before Spring Festival
    ],
)
def test_holidays_weekends_and_swapped_days_are_told_apart(day, kind):
    assert CALENDAR.kind(day) is kind


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2024, 10, 11), 1, date(2024, 10, 12)),
        (date(2024, 10, 8), -1, date(2024, 9, 30)),
        (date(2024, 10, 5), -1, date(2024, 9, 30)),
        (date(2024, 10, 5), 0, date(2024, 10, 5)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # Sunday worked for the New Year bridge
        (date(2024, 2, 8), 1, date(2024, 2, 9)),
        (date(2024, 2, 9), 1, date(2024, 2, 18)),
    ],
)
def test_counting_forward_and_back_skips_days_off(day, count, expected):
    assert CALENDAR.add_working_days(day, count) == expected


@given(day=known_days, count=st.integers(1, 400))
def test_adding_and_counting_undo_each_other(day, count):
    if day.year > 2023:
        day = day.replace(year=2023, day=min(day.day, 28))
    end = CALENDAR.add_working_days(day, count)
    assert CALENDAR.working_days_between(day, end) == count
    assert CALENDAR.is_working(end)
    assert CALENDAR.add_working_days(end + timedelta(days=1), -1) == end


@given(days=st.lists(known_days, min_size=2, max_size=2))
def test_counting_agrees_with_looking_at_every_day(days):
    start = min(days)
    end = min(max(days), start + timedelta(days=90))
    one_by_one = sum(
        chinese_calendar.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1)
    )
    assert CALENDAR.working_days_between(start, end) == one_by_one
    assert CALENDAR.working_days_between(end, start) == 0


@pytest.mark.parametrize(
    ("ask", "year"),
    [
        (lambda: CALENDAR.is_working(date(2027, 1, 1)), 2027),
        (lambda: CALENDAR.add_working_days(date(2026, 12, 31), 1), 2027),
        (lambda: CALENDAR.add_working_days(date(2004, 1, 2), -3), 2003),
        (lambda: CALENDAR.working_days_between(date(2026, 12, 1), date(2027, 1, 1)), 2027),
        (lambda: CALENDAR.working_on_or_after(date(2003, 5, 1)), 2003),
    ],
)
def test_an_unknown_year_is_refused_by_name_with_the_command_to_type(ask, year):
    with pytest.raises(UnknownYear) as refusal:
        ask()
    assert refusal.value.year == year
    assert str(refusal.value) == f"没有 {year} 年的工作日历，期限算不出来。"
    assert refusal.value.code == "unknown-year"
    assert refusal.value.instead == (
        f"请把国务院办公厅该年放假通知写成文件，再运行：huiyin calendar load {year}.toml"
    )


def test_a_gap_between_known_years_is_not_counted_over():
    gap = WorkCalendar([plain_year(2026), plain_year(2028)])
    assert gap.add_working_days(date(2028, 1, 3), 1) == date(2028, 1, 4)
    for ask in (
        lambda: gap.add_working_days(date(2026, 12, 31), 1),
        lambda: gap.add_working_days(date(2028, 1, 3), -1),
        lambda: gap.working_days_between(date(2026, 12, 1), date(2028, 2, 1)),
        lambda: gap.is_working(date(2027, 5, 1)),
    ):
        with pytest.raises(UnknownYear) as refusal:
            ask()
        assert refusal.value.year == 2027


def test_an_operators_table_replaces_the_built_in_one():
    closed = YearTable(2026, holidays=frozenset({date(2026, 11, 23)}), workdays=frozenset())
    calendar = WorkCalendar([*builtin_tables(), closed])
    assert calendar.kind(date(2026, 11, 23)) is DayKind.HOLIDAY
    assert CALENDAR.is_working(date(2026, 11, 23))


def test_a_later_notice_that_names_no_basis_leaves_the_years_own_and_one_that_does_replaces_it():
    first = YearTable(2027, frozenset({date(2027, 1, 1)}), frozenset(), basis="通知一")
    silent = YearTable(2027, frozenset({date(2027, 1, 2)}), frozenset())
    assert amended(first, silent).basis == "通知一"
    assert amended(first, YearTable(2027, frozenset(), frozenset(), basis="通知二")).basis == "通知二"
    assert amended(None, silent) is silent
    assert builtin_tables()[-1].basis == "国务院办公厅关于2026年部分节假日安排的通知"


def test_a_calendar_of_no_year_is_a_programming_fault():
    with pytest.raises(ValueError, match="a calendar needs at least one year"):
        WorkCalendar([])
