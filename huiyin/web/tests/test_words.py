"""Times and amounts as people say them, in both languages."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from huiyin.kernel import clock
from huiyin.web import words

NOW = datetime(2026, 11, 26, 6, 20, tzinfo=UTC)  # Thursday, 14:20 in Shanghai


@pytest.fixture(autouse=True)
def stand_still():
    with clock.frozen(NOW), translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=5), "5 分钟前"),
        (timedelta(hours=3), "3 小时前"),
        (timedelta(hours=15), "昨天 23:20"),
        (timedelta(days=3), "3 天前"),
        (timedelta(days=8), "11 月 18 日（周三）"),
        (timedelta(days=400), "2025 年 10 月 22 日（周三）"),
        (timedelta(hours=-2), "11 月 26 日（周四）16:20"),
    ],
)
def test_a_past_moment_is_told_as_people_would(passed, said):
    assert words.ago(NOW - passed) == said


@pytest.mark.parametrize(
    ("amount", "unit", "overdue", "said"),
    [
        (2, "working_days", False, "还有 2 个工作日"),
        (0, "working_days", False, "今天到期"),
        (0, "calendar_days", False, "今天到期"),
        (0, "minutes", False, "不到 1 分钟"),
        (5, "hours", False, "还有 5 小时"),
        (3, "calendar_days", True, "已超 3 天"),
        (0, "working_days", True, "刚刚超期"),
    ],
)
def test_what_is_left_is_told_in_the_clocks_own_unit(amount, unit, overdue, said):
    assert words.left(SimpleNamespace(amount=amount, unit=unit, overdue=overdue)) == said


def test_midnight_belongs_to_the_day_that_it_ends():
    midnight = datetime(2026, 11, 28, 16, tzinfo=UTC)
    assert words.by(midnight) == "11 月 28 日（周六）"
    assert words.by(midnight - timedelta(hours=7)) == "11 月 28 日（周六）17:00"


def test_without_a_calendar_plain_days_and_hours_are_told():
    assert words.until(NOW + timedelta(days=3)) == "还有 3 天"
    assert words.until(NOW + timedelta(hours=20)) == "还有 20 小时"
    assert words.until(NOW - timedelta(minutes=7)) == "已超 7 分钟"


@pytest.mark.parametrize(("days", "said"), [(3, "还有 3 天"), (0, "今天到期"), (-2, "已超 2 天")])
def test_a_term_that_ends_with_a_day_is_told_in_days(days, said):
    assert words.days_left(clock.local_date(NOW) + timedelta(days=days)) == said


def test_whoever_waits_is_told_for_how_long():
    assert words.waited(NOW - timedelta(days=4)) == "已等 4 天"


@pytest.mark.parametrize(
    ("code", "said", "in_english"),
    [
        ("2026-11", "2026 年 11 月", "November 2026"),
        ("2026-11-28", "11 月 28 日（周六）", None),
        ("yangliu", "yangliu", "yangliu"),
    ],
)
def test_the_key_of_a_month_or_a_day_is_said_as_people_say_it(code, said, in_english):
    assert words.dated(code) == said
    if in_english:
        with translation.override("en"):
            assert words.dated(code) == in_english


def test_sizes_of_files_are_short():
    assert [words.size(n) for n in (12, 84_000, 3_240_000)] == ["1 KB", "84 KB", "3.2 MB"]
