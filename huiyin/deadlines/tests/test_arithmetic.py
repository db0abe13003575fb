"""Due instants against tables worked out by hand, and the rules that hold for every date."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.deadlines.arithmetic import (
    CalendarDays,
    Hours,
    Remaining,
    WorkingDays,
    counted_days,
    due,
    end_of_day,
    is_late,
    last_day,
    left_when_paused,
    mark_at,
    paused_days,
    remaining,
)
from huiyin.deadlines.calendars import WorkCalendar, builtin_tables
from huiyin.deadlines.refusals import UnknownYear

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(builtin_tables())
KINDS = {"h": Hours, "w": WorkingDays, "d": CalendarDays}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def limit(text: str):
    return KINDS[text[-1]](int(text[:-1]))


def spans(*pairs: str) -> list:
    """`"2024-05-06 10:00/2024-05-08 09:00"`; nothing after the stroke is a pause that lasts."""
    halves = (pair.split("/") for pair in pairs)
    return [(local(begun), local(ended) if ended else None) for begun, ended in halves]


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


LAST_DAYS = """
2024-09-27 10:00 | 5w  | 2024-10-10 | National Day 2024; Sunday 29 September was worked
2024-09-29 10:00 | 5w  | 2024-10-11 | started on that worked Sunday
2024-09-30 23:59 | 1w  | 2024-10-08 | the minute before the holiday
2024-10-01 00:00 | 1w  | 2024-10-08 | started on a holiday: the first working day is day one
2024-10-11 09:00 | 1w  | 2024-10-12 | Saturday worked in exchange
2024-10-12 09:00 | 1w  | 2024-10-14 | and the Sunday after it is not
2024-02-08 09:00 | 2w  | 2024-02-18 | Spring Festival 2024; Sunday 18 February was worked
2025-01-24 09:00 | 5w  | 2025-02-07 | Spring Festival 2025; Sunday 26 January was worked
2023-01-19 17:30 | 5w  | 2023-01-31 | Spring Festival 2023; 28 and 29 January were worked
2020-01-23 09:00 | 5w  | 2020-02-07 | Spring Festival 2020, lengthened to 2 February by notice
2022-12-30 09:00 | 3w  | 2023-01-05 | year end
2025-12-31 09:00 | 1w  | 2026-01-04 | year end with a Sunday worked
2024-02-28 09:00 | 2w  | 2024-03-01 | leap day is an ordinary Thursday
2023-02-27 09:00 | 2w  | 2023-03-01 | no leap day
2024-05-06 09:00 | 5d  | 2024-05-11 | the last day is a Saturday that is worked: it stays
2024-05-07 09:00 | 5d  | 2024-05-13 | the last day is a Sunday: moves to Monday
2024-09-06 09:00 | 30d | 2024-10-08 | the last day is 6 October: moves behind the holiday
2024-01-30 09:00 | 30d | 2024-02-29 | ends on the leap day
2023-12-02 09:00 | 30d | 2024-01-02 | 1 January moves on
2023-12-02 00:00 | 60d | 2024-01-31 | the day of the start is not counted, even from its first instant
2026-11-02 09:00 | 30d | 2026-12-02 | plain month
2004-12-31 09:00 | 4w  | 2005-01-07 | the oldest tables
"""


@pytest.mark.parametrize(("start", "amount", "expected", "why"), rows(LAST_DAYS))
def test_the_last_day(start, amount, expected, why):
    instant = due(local(start), limit(amount), CALENDAR, ZONE)
    assert last_day(instant, ZONE).isoformat() == expected, why
    assert instant == end_of_day(date.fromisoformat(expected), ZONE)


def test_a_day_ends_at_local_midnight_and_that_instant_is_still_in_time():
    instant = due(local("2024-05-06 09:00"), WorkingDays(1), CALENDAR, ZONE)
    assert instant == datetime(2024, 5, 7, 16, 0, tzinfo=UTC)
    assert not is_late(instant, instant)
    assert is_late(instant + timedelta(microseconds=1), instant)
    assert not is_late(instant, None)


def test_hours_run_through_holidays_and_nights():
    assert due(local("2024-09-30 22:15"), Hours(24), CALENDAR, ZONE) == local("2024-10-01 22:15")
    assert due(local("2026-12-31 22:15"), Hours(2), CALENDAR, ZONE) == local("2027-01-01 00:15")


@pytest.mark.parametrize(("start", "amount"), [("2026-12-29 09:00", "5w"), ("2026-12-02 09:00", "30d")])
def test_day_counts_into_an_unknown_year_are_refused(start, amount):
    with pytest.raises(UnknownYear) as refusal:
        due(local(start), limit(amount), CALENDAR, ZONE)
    assert refusal.value.year == 2027


PAUSED = """
2024-05-06 09:00 | 5w | 2024-05-07 10:00/2024-05-09 09:00 | 2024-05-14 | two midnights spared
2024-05-06 09:00 | 5w | 2024-05-07 10:00/2024-05-07 17:00 | 2024-05-11 | within one day: nothing spared
2024-05-06 09:00 | 5w | 2024-05-06 10:00/2024-05-07 09:00 | 2024-05-11 | the day of the start is spared anyway
2024-05-06 09:00 | 5w | 2024-05-12 00:00/2024-05-13 09:00 | 2024-05-11 | after the end: no effect
2024-05-06 09:00 | 5w | 2024-05-09 00:00/2024-05-10 00:00 | 2024-05-13 | exactly one day
2024-05-06 09:00 | 5d | 2024-05-07 10:00/2024-05-09 09:00 | 2024-05-13 | calendar days
2024-05-07 09:00 | 5d | 2024-05-12 10:00/2024-05-14 09:00 | 2024-05-14 | paused while waiting for Monday
2024-05-06 09:00 | 5w | 2024-05-11 10:00/2024-05-13 09:00 | 2024-05-13 | paused on the last day itself
2024-05-07 09:00 | 5d | 2024-05-13 10:00/2024-05-14 09:00 | 2024-05-14 | paused on the Monday that was waited for
2024-05-07 09:00 | 5d | 2024-05-13 10:00/                 |            | and open from that Monday on
2024-05-06 09:00 | 5w | 2024-05-07 10:00/                 |            | open
2024-05-06 09:00 | 5w | 2024-05-12 10:00/                 | 2024-05-11 | opened after the end
2024-05-06 09:00 | 5d | 2024-05-07 10:00/                 |            | open
"""


@pytest.mark.parametrize(("start", "amount", "pause", "expected", "why"), rows(PAUSED))
def test_pauses_prolong_day_clocks_by_the_midnights_they_cover(start, amount, pause, expected, why):
    instant = due(local(start), limit(amount), CALENDAR, ZONE, spans(pause))
    assert (last_day(instant, ZONE).isoformat() if instant else "") == expected, why


def test_pauses_prolong_hours_by_their_length_and_overlaps_count_once():
    pauses = spans("2024-05-06 10:00/2024-05-06 12:00", "2024-05-06 11:00/2024-05-06 13:00")
    assert due(local("2024-05-06 09:00"), Hours(2), CALENDAR, ZONE, pauses) == local("2024-05-06 14:00")
    assert due(local("2024-05-06 09:00"), Hours(2), CALENDAR, ZONE, spans("2024-05-06 10:00/")) is None
    assert due(local("2024-05-06 09:00"), Hours(1), CALENDAR, ZONE, spans("2024-05-06 10:00/")) is not None


MARKS = """
2024-05-06 09:00 | 5w  | 2024-05-10 12:00 | noon of the fourth working day
2024-05-06 09:00 | 10w | 2024-05-15 00:00 | 24:00 of the seventh; Saturday 11 May was worked
2024-05-06 09:00 | 1w  | 2024-05-07 16:48 | 70 % of one day
2024-09-30 09:00 | 1w  | 2024-10-08 16:48 | no part of the holiday counts
2024-05-07 09:00 | 5d  | 2024-05-12 04:48 | the moved last day counts: 70 % of six days
2024-05-06 09:00 | 10h | 2024-05-06 16:00 | hours
2024-05-06 03:00 | 5w  | 2024-05-10 12:00 | begun in the small hours, while it is still yesterday in Greenwich
2024-05-15 09:00 | 10w | 2024-05-25 00:00 | 24:00 of the seventh, a Friday: not put off to the next working day
"""


@pytest.mark.parametrize(("start", "amount", "expected", "why"), rows(MARKS))
def test_yellow_comes_at_seven_tenths_of_the_clocks_own_time(start, amount, expected, why):
    begun, allowed = local(start), limit(amount)
    instant = due(begun, allowed, CALENDAR, ZONE)
    assert mark_at(begun, instant, type(allowed), CALENDAR, ZONE) == local(expected), why


def test_yellow_waits_for_the_days_that_a_pause_has_spared():
    pauses = spans("2024-05-07 03:00/2024-05-09 03:00")
    instant = due(local("2024-05-06 09:00"), WorkingDays(5), CALENDAR, ZONE, pauses)
    yellow = mark_at(local("2024-05-06 09:00"), instant, WorkingDays, CALENDAR, ZONE, pauses)
    assert yellow == local("2024-05-13 12:00")  # counted: 9, 10, 11, 13 and 14 May; 13 May is the fourth


@pytest.mark.parametrize(("kind", "expected"), [(WorkingDays, 3), (CalendarDays, 3)])
def test_days_spared_before_after_and_across_the_ends_are_each_counted_once(kind, expected):
    spared = [(date(2024, 5, 14), date(2024, 5, 18)), (date(2024, 5, 18), date(2024, 5, 21))]
    spared.append((date(2024, 5, 24), date(2024, 5, 28)))
    counted = counted_days(date(2024, 5, 16), date(2024, 5, 24), kind, CALENDAR, spared)
    assert counted == expected  # 21 to 23 May; of six working or eight calendar days the others are spared


def test_pauses_that_touch_are_one_range_of_spared_days():
    pauses = spans("2024-05-07 03:00/2024-05-08 03:00", "2024-05-08 04:00/2024-05-10 03:00")
    assert paused_days(pauses, ZONE) == [(date(2024, 5, 7), date(2024, 5, 10))]
    assert paused_days(spans("2024-05-07 10:00/2024-05-07 17:00"), ZONE) == []


def test_a_pause_that_was_lifted_at_once_and_taken_up_again_counts_once():
    begun, pauses = local("2024-05-06 09:00"), spans("2024-05-06 10:00/2024-05-06 10:00", "2024-05-06 10:00/")
    assert due(begun, Hours(2), CALENDAR, ZONE, pauses) is None
    assert left_when_paused(begun, Hours(2), CALENDAR, ZONE, pauses) == Remaining(1, "hours", False)


def test_two_pauses_of_hours_put_the_mark_off_by_both():
    begun = local("2024-05-06 09:00")
    pauses = spans("2024-05-06 10:00/2024-05-06 11:00", "2024-05-06 12:00/2024-05-06 13:00")
    instant = due(begun, Hours(10), CALENDAR, ZONE, pauses)
    assert instant == local("2024-05-06 21:00")
    assert mark_at(begun, instant, Hours, CALENDAR, ZONE, pauses) == local("2024-05-06 18:00")
    waiting = [*pauses, *spans("2024-05-06 14:30/")]
    assert left_when_paused(begun, Hours(10), CALENDAR, ZONE, waiting) == Remaining(6, "hours", False)


def test_an_instant_belongs_to_its_local_day_and_midnight_to_the_day_that_it_ends():
    assert last_day(local("2024-05-07 03:00"), ZONE) == date(2024, 5, 7)
    assert last_day(local("2024-05-07 00:00"), ZONE) == date(2024, 5, 6)
    assert last_day(local("2024-05-07 00:00") + timedelta(microseconds=1), ZONE) == date(2024, 5, 7)


REMAINING = """
w | 2024-05-06 09:00 | 2024-05-11 | 5 | working_days  | False
w | 2024-05-11 23:59 | 2024-05-11 | 0 | working_days  | False
w | 2024-05-12 09:00 | 2024-05-11 | 0 | working_days  | True
w | 2024-10-08 09:00 | 2024-09-30 | 1 | working_days  | True
d | 2024-05-06 09:00 | 2024-05-13 | 7 | calendar_days | False
d | 2024-05-15 09:00 | 2024-05-13 | 2 | calendar_days | True
h | 2024-05-13 20:10 | 2024-05-13 | 3 | hours         | False
h | 2024-05-13 23:10 | 2024-05-13 | 50 | minutes      | False
h | 2024-05-14 02:10 | 2024-05-13 | 2 | hours         | True
h | 2024-05-13 23:00 | 2024-05-13 | 1 | hours         | False
h | 2024-05-13 23:10:30 | 2024-05-13 | 49 | minutes   | False
w | 2024-05-06 03:00 | 2024-05-11 | 5 | working_days  | False
d | 2024-05-15 03:00 | 2024-05-13 | 2 | calendar_days | True
"""


@pytest.mark.parametrize(("kind", "now", "last", "amount", "unit", "overdue"), rows(REMAINING))
def test_what_remains_is_told_in_the_clocks_own_unit(kind, now, last, amount, unit, overdue):
    instant = end_of_day(date.fromisoformat(last), ZONE)
    told = remaining(local(now), instant, KINDS[kind], CALENDAR, ZONE)
    assert told == Remaining(int(amount), unit, overdue == "True")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("5w", Remaining(3, "working_days", False)), ("5d", Remaining(3, "calendar_days", False))],
)
def test_a_paused_day_clock_keeps_its_running_remainder(amount, expected):
    pauses = spans("2024-05-09 10:00/")
    assert left_when_paused(local("2024-05-06 09:00"), limit(amount), CALENDAR, ZONE, pauses) == expected


@pytest.mark.parametrize(
    ("amount", "left"),
    [("5w", Remaining(3, "working_days", False)), ("5d", Remaining(1, "calendar_days", False))],
)
def test_a_clock_that_stood_before_has_only_used_the_days_on_which_it_ran(amount, left):
    pauses = spans("2024-05-17 03:00/2024-05-18 03:00", "2024-05-22 03:00/")  # Friday; Wednesday until now
    assert left_when_paused(local("2024-05-16 03:00"), limit(amount), CALENDAR, ZONE, pauses) == left


def test_nothing_is_left_of_calendar_days_that_only_wait_for_the_next_working_day():
    told = left_when_paused(
        local("2024-05-07 09:00"), CalendarDays(5), CALENDAR, ZONE, spans("2024-05-13 10:00/")
    )
    assert told == Remaining(0, "calendar_days", False)


def test_a_paused_hour_clock_keeps_its_running_remainder():
    pauses = spans("2024-05-06 10:00/2024-05-06 11:00", "2024-05-06 12:00/")
    told = left_when_paused(local("2024-05-06 09:00"), Hours(5), CALENDAR, ZONE, pauses)
    assert told == Remaining(3, "hours", False)


BOUNDS = datetime(2005, 1, 1), datetime(2025, 6, 1)  # noqa: DTZ001 (hypothesis wants them naive)
moments = st.datetimes(*BOUNDS, timezones=st.just(ZONE))
limits = st.one_of(
    st.builds(Hours, st.integers(1, 400)),
    st.builds(WorkingDays, st.integers(1, 60)),
    st.builds(CalendarDays, st.integers(1, 90)),
)


@st.composite
def runs(draw):
    """A start, a limit and a few closed pauses around them, overlapping or not."""
    start = draw(moments)
    hours = st.integers(-48, 24 * 60)
    pairs = draw(st.lists(st.tuples(hours, st.integers(0, 24 * 12)), max_size=4))
    pauses = [
        (start + timedelta(hours=begun), start + timedelta(hours=begun + length)) for begun, length in pairs
    ]
    return start, draw(limits), pauses


@given(run=runs(), later=st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_later_start_is_never_due_earlier(run, later):
    start, allowed, pauses = run
    assert due(start + later, allowed, CALENDAR, ZONE, pauses) >= due(start, allowed, CALENDAR, ZONE, pauses)


@given(run=runs(), more=st.integers(0, 20))
def test_a_longer_limit_is_never_due_earlier(run, more):
    start, allowed, pauses = run
    longer = type(allowed)(allowed.amount + more)
    assert due(start, longer, CALENDAR, ZONE, pauses) >= due(start, allowed, CALENDAR, ZONE, pauses)


@given(run=runs())
def test_day_clocks_end_on_a_working_day_after_the_start(run):
    start, allowed, pauses = run
    instant = due(start, allowed, CALENDAR, ZONE, pauses)
    assert instant > start
    if not isinstance(allowed, Hours):
        assert CALENDAR.is_working(last_day(instant, ZONE))
        assert last_day(instant, ZONE) > start.date()


@given(run=runs())
def test_pauses_only_prolong_and_one_more_never_shortens(run):
    start, allowed, pauses = run
    fewer = due(start, allowed, CALENDAR, ZONE, pauses[1:])
    assert due(start, allowed, CALENDAR, ZONE, pauses) >= fewer >= due(start, allowed, CALENDAR, ZONE)


@given(run=runs(), cut=st.floats(0, 1))
def test_cutting_a_pause_in_two_changes_nothing(run, cut):
    start, allowed, pauses = run
    cut_up = [
        half
        for begun, ended in pauses
        for half in ((begun, begun + (ended - begun) * cut), (begun + (ended - begun) * cut, ended))
    ]
    assert due(start, allowed, CALENDAR, ZONE, cut_up) == due(start, allowed, CALENDAR, ZONE, pauses)


@given(run=runs())
def test_yellow_lies_between_start_and_due(run):
    start, allowed, pauses = run
    instant = due(start, allowed, CALENDAR, ZONE, pauses)
    assert start <= mark_at(start, instant, type(allowed), CALENDAR, ZONE, pauses) <= instant


@given(run=runs())
def test_days_agree_with_walking_through_them_one_by_one(run):
    start, allowed, pauses = run
    if isinstance(allowed, Hours):
        return
    spared = {
        first + timedelta(days=n)
        for first, end in paused_days(pauses, ZONE)
        for n in range((end - first).days)
    }
    day, left = start.date(), allowed.amount
    while True:
        day += timedelta(days=1)
        if day in spared:
            continue
        counts = isinstance(allowed, CalendarDays) or CALENDAR.is_working(day)
        left -= counts
        if left <= 0 and CALENDAR.is_working(day):
            break
    assert last_day(due(start, allowed, CALENDAR, ZONE, pauses), ZONE) == day


def test_a_limit_of_nothing_is_a_programming_fault():
    with pytest.raises(ValueError, match="at least 1, not 0"):
        WorkingDays(0)


def test_a_zone_with_summer_time_still_ends_days_at_its_own_midnight():
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2024, 3, 29, 9, 0, tzinfo=berlin)
    instant = due(start, WorkingDays(1), CALENDAR, berlin)
    assert instant.astimezone(berlin) == datetime(2024, 4, 2, 0, 0, tzinfo=berlin)


def test_west_of_greenwich_days_marks_and_remainders_keep_to_the_zone_that_was_given():
    zone = ZoneInfo("America/New_York")
    at = lambda text: datetime.fromisoformat(text).replace(tzinfo=zone)  # noqa: E731
    instant = due(at("2024-05-06 22:00"), WorkingDays(4), CALENDAR, zone)
    assert last_day(instant, zone) == date(2024, 5, 10)  # Saturday the 11th was worked in exchange
    assert mark_at(at("2024-05-06 22:00"), instant, WorkingDays, CALENDAR, zone) == at("2024-05-09 19:12")
    assert remaining(at("2024-05-08 22:00"), instant, WorkingDays, CALENDAR, zone).amount == 2
    stood = [(at("2024-05-07 22:00"), at("2024-05-08 22:00")), (at("2024-05-09 22:00"), None)]
    assert left_when_paused(at("2024-05-06 22:00"), WorkingDays(5), CALENDAR, zone, stood).amount == 4
    assert end_of_day(date(2024, 5, 6), zone).utcoffset() == timedelta(0)
