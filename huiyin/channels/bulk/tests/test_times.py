"""Times as people write them: read when there is one reading, refused in words when there are two."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from huiyin.channels.bulk.times import Unreadable, read_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2019, 4, 25, 1, 32, tzinfo=UTC)  # 09:32 in Shanghai


@pytest.mark.parametrize(
    "text",
    [
        "2019/4/25 9:32",
        "2019-04-25 09:32",
        "2019-04-25 09:32:00",
        "2019-04-25T09:32:00+08:00",
        "2019-04-25T01:32:00Z",
        "2019-04-25 09:32:00.000",
        "2019.4.25 9:32",
        "2019年4月25日 9时32分",
        "2019年4月25日9时32分0秒",
        "2019年04月25日 09:32",
        "２０１９年４月２５日　９：３２",
        "2019/4/25 上午 9:32",
        "2019/4/25 星期四 上午9:32:00",
        "2019-04-25 9:32 AM",
        "201904250932",
        "20190425093200",
        "20190425 093200",
        "43580.3972222222",
        "25/04/2019 09:32",
        "04/25/2019 9:32 AM",
        "Apr 25, 2019 9:32 AM",
        "Thu, 25 Apr 2019 09:32:00 +0800",
        "1556155920",
        "1556155920000",
        datetime(2019, 4, 25, 9, 32),  # noqa: DTZ001 - as a spreadsheet gives it
        datetime(2019, 4, 25, 1, 32, tzinfo=UTC),
    ],
)
def test_many_spellings_of_one_minute_are_one_moment(text: str | datetime) -> None:
    reading = read_time(text, SHANGHAI)
    assert (reading.moment, reading.date_only) == (MORNING, False)


@pytest.mark.parametrize(
    "text",
    [
        "2019-04-25",
        "2019.4.25",
        "2019年4月25日",
        "20190425",
        "25/04/2019",
        "43580",
        "2019/4/25 ",
        date(2019, 4, 25),
    ],
)
def test_a_bare_date_is_the_local_midnight_and_says_so(text: str | date) -> None:
    reading = read_time(text, SHANGHAI)
    assert reading.date_only
    assert reading.moment == datetime(2019, 4, 24, 16, tzinfo=UTC)
    assert reading.day_end(SHANGHAI) == datetime(2019, 4, 25, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("2019-4-25 下午2:30", 14, 30),
        ("2019-4-25 下午 14:30", 14, 30),
        ("2019-4-25 12:30 PM", 12, 30),
        ("2019-4-25 上午12:30", 0, 30),
        ("2019-4-25 中午1:00", 13, 0),
        ("2019-4-25 晚上9点半", 21, 30),
        ("2019-4-25 9时", 9, 0),
        ("2019-4-25 0:00:00", 0, 0),
    ],
)
def test_halves_of_the_day_are_understood(text: str, hour: int, minute: int) -> None:
    reading = read_time(text, SHANGHAI)
    local = reading.moment.astimezone(SHANGHAI)
    assert (local.day, local.hour, local.minute, reading.date_only) == (25, hour, minute, False)


def test_twenty_four_hours_is_the_next_midnight() -> None:
    assert read_time("2019-04-30 24:00", SHANGHAI).moment == datetime(2019, 4, 30, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("03/04/2019", "time_two_readings"),
        ("19/4/25", "time_short_year"),
        ("2019-02-29", "time_impossible"),
        ("2019-13-01", "time_impossible"),
        ("31/31/2019", "time_impossible"),
        ("2019-4-25 25:00", "time_impossible"),
        ("2019-4-25 9:60", "time_impossible"),
        ("2019-4-25 晚上12:00", "time_impossible"),
        ("1899-12-30", "time_too_early"),
        ("0", "time_form"),
        ("4月25日", "time_form"),
        ("2019年4月", "time_form"),
        ("昨天", "time_form"),
        ("2019-4-25 9:32 等", "time_form"),
        ("2019-04-255", "time_form"),
        ("99999999999999999999", "time_form"),
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused_in_words(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_time(text, SHANGHAI)
    assert caught.value.code == code
    assert text in str(caught.value)


def test_an_order_that_was_told_settles_day_and_month() -> None:
    assert read_time("03/04/2019", SHANGHAI, order="dmy").moment.astimezone(SHANGHAI).month == 4
    assert read_time("03/04/2019", SHANGHAI, order="mdy").moment.astimezone(SHANGHAI).month == 3
    assert read_time("04/04/2019", SHANGHAI).date_only


def test_the_future_is_refused_only_beyond_the_given_moment() -> None:
    read_time("2019-04-25 09:32", SHANGHAI, not_after=MORNING)
    with pytest.raises(Unreadable, match="将来"):
        read_time("2019-04-25 09:33", SHANGHAI, not_after=MORNING)


def test_a_sentence_quotes_no_more_than_a_little_of_a_long_cell() -> None:
    with pytest.raises(Unreadable) as caught:
        read_time("不是时间" * 1000, SHANGHAI)
    assert len(str(caught.value)) < 100
