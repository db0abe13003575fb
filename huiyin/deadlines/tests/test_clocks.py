"""A clock starts, pauses, resumes, is prolonged and stops as its policy allows."""

from datetime import date, timedelta

import pytest

from huiyin.deadlines import clocks, queries
from huiyin.deadlines.arithmetic import Hours, Remaining, WorkingDays
from huiyin.deadlines.models import Clock, Pause
from huiyin.deadlines.refusals import UnknownYear
from huiyin.kernel.clock import frozen
from huiyin.kernel.refusals import Refused

pytestmark = pytest.mark.django_db
START = "2024-05-06 09:00"  # Monday; five working days end on Saturday 11 May, which is worked


def day(clock: Clock) -> str:
    return queries.last_day(clock).isoformat()


@pytest.fixture
def clock(make_policy, local) -> Clock:
    clock = clocks.start(make_policy(), local(START), "2648-3917-5062")
    clock.save()
    return clock


def test_a_new_clock_keeps_what_its_policy_said(clock, local):
    assert (clock.step, clock.kind, clock.amount) == ("order", "working_days", 5)
    assert (clock.state, clock.mark, clock.late) == ("running", Clock.Mark.NONE, None)
    assert day(clock) == "2024-05-11"
    assert clock.yellow_at == local("2024-05-10 12:00")


def test_starting_touches_no_database_once_calendar_and_policy_are_known(
    make_policy, local, django_assert_num_queries
):
    policy, calendar = make_policy(), queries.work_calendar()
    with django_assert_num_queries(0):
        begun = clocks.start(policy, local(START), "x", calendar=calendar)
        clocks.stop(begun, local("2024-05-07 09:00"))
        assert clocks.due_under(policy, local(START), calendar=calendar) == begun.due_at


@pytest.mark.parametrize(
    ("at", "late", "mark"),
    [
        ("2024-05-10 11:59", False, Clock.Mark.NONE),
        ("2024-05-10 12:00", False, Clock.Mark.YELLOW),
        ("2024-05-12 00:00", False, Clock.Mark.YELLOW),
        ("2024-05-12 00:01", True, Clock.Mark.RED),
    ],
)
def test_stopping_judges_by_the_moment_itself_not_by_the_last_sweep(clock, local, at, late, mark):
    assert clocks.stop(clock, local(at)) is None
    assert (clock.state, clock.late, clock.mark) == ("stopped", late, mark)
    assert clock.stopped_at == local(at)


def test_a_stopped_clock_is_not_touched_again(clock, local):
    clocks.stop(clock, local("2024-05-07 09:00"))
    for again in (
        lambda: clocks.stop(clock, local("2024-05-08 09:00")),
        lambda: clocks.pause(clock, local("2024-05-08 09:00"), Pause.Reason.HEARING),
        lambda: clocks.prolong(clock, WorkingDays(5), at=local("2024-05-08 09:00"), basis="b"),
    ):
        with pytest.raises(Refused):
            again()


def test_a_pause_opens_the_due_time_and_resuming_gives_the_days_back(clock, local):
    clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING).save()
    assert (clock.state, clock.due_at, clock.yellow_at) == ("paused", None, None)
    ended = clocks.resume(clock, local("2024-05-09 09:00"))
    assert (clock.state, day(clock)) == ("running", "2024-05-14")
    assert ended.ended_at == local("2024-05-09 09:00")


def test_a_bounded_pause_ends_at_its_bound_however_late_somebody_resumes(clock, local):
    bound = local("2024-05-09 09:00")
    clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.AWAITING_PETITIONER, until=bound).save()
    assert clocks.resume(clock, local("2024-05-20 09:00")).ended_at == bound
    assert (day(clock), clock.mark) == ("2024-05-14", Clock.Mark.RED)


@pytest.mark.parametrize(
    ("reason", "until", "code"),
    [
        ("suspended", None, "pause"),  # the policy does not name it
        ("awaiting_petitioner", None, "unbounded"),
        ("awaiting_petitioner", "2024-05-07 10:00", "bound"),
    ],
)
def test_a_pause_without_ground_or_bound_is_refused(clock, local, reason, until, code):
    with pytest.raises(Refused) as refusal:
        clocks.pause(clock, local("2024-05-07 10:00"), reason, until=until and local(until))
    assert refusal.value.code == code
    assert clock.state == "running"


def test_pausing_twice_or_resuming_what_runs_is_refused(clock, local):
    with pytest.raises(Refused):
        clocks.resume(clock, local("2024-05-07 10:00"))
    clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING).save()
    with pytest.raises(Refused):
        clocks.pause(clock, local("2024-05-07 11:00"), Pause.Reason.HEARING)


def test_pausing_an_overdue_clock_does_not_make_it_timely(clock, local):
    clocks.pause(clock, local("2024-05-13 10:00"), Pause.Reason.HEARING).save()
    assert day(clock) == "2024-05-11"
    clocks.stop(clock, local("2024-05-14 10:00"))
    assert clock.late


def test_stopping_a_paused_clock_ends_its_pause_and_is_in_time(clock, local):
    clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING).save()
    ended = clocks.stop(clock, local("2024-06-07 10:00"))
    assert ended.ended_at == local("2024-06-07 10:00")
    assert (clock.late, clock.mark) == (False, Clock.Mark.NONE)


def test_an_extension_adds_to_the_limit_and_takes_the_mark_back(clock, local):
    clock.mark = Clock.Mark.YELLOW
    clocks.prolong(clock, WorkingDays(10), at=local("2024-05-11 09:00"), basis="演示条例第二条")
    assert (clock.amount, day(clock), clock.mark) == (15, "2024-05-24", Clock.Mark.NONE)
    assert clock.prolonged == "演示条例第二条"


def test_an_extension_to_a_day_ends_on_that_day_and_later_pauses_still_count(clock, local):
    clocks.prolong(clock, date(2024, 5, 31), at=local("2024-05-10 09:00"), basis="b")
    clock.save()
    assert day(clock) == "2024-05-31"
    clocks.pause(clock, local("2024-05-30 09:00"), Pause.Reason.HEARING).save()
    clocks.resume(clock, local("2024-06-03 09:00"))
    assert day(clock) == "2024-06-04"  # Thursday's and Friday's midnight were paused


@pytest.mark.parametrize(
    ("last", "code"),
    [(date(2024, 5, 11), "not-later"), (date(2024, 5, 9), "not-later"), (date(2024, 5, 19), "rest-day")],
)
def test_an_extension_to_an_impossible_day_is_refused_and_changes_nothing(clock, local, last, code):
    with pytest.raises(Refused) as refusal:
        clocks.prolong(clock, last, at=local("2024-05-10 09:00"), basis="b")
    assert refusal.value.code == code
    assert (clock.until, clock.prolonged, day(clock)) == (None, "", "2024-05-11")


def test_an_overdue_clock_can_be_extended_to_the_end_of_today_but_not_to_the_past(clock, local):
    now = local("2024-05-15 10:00")
    with pytest.raises(Refused):
        clocks.prolong(clock, date(2024, 5, 14), at=now, basis="b")
    clocks.prolong(clock, date(2024, 5, 15), at=now, basis="b")
    assert (day(clock), clock.due_at > now) == ("2024-05-15", True)


def test_hours_can_be_extended_to_the_end_of_the_day_on_which_they_are_over(make_policy, local):
    clock = clocks.start(make_policy(kind="hours", amount=2), local(START), "x")
    clocks.prolong(clock, date(2024, 5, 6), at=local("2024-05-06 10:00"), basis="b")
    assert clock.due_at == local("2024-05-07 00:00")


def test_an_extension_into_an_unknown_year_changes_nothing(make_policy, local):
    clock = clocks.start(make_policy(), local("2026-12-07 09:00"), "x")
    with pytest.raises(UnknownYear):
        clocks.prolong(clock, WorkingDays(30), at=local("2026-12-08 09:00"), basis="b")
    assert (clock.amount, clock.prolonged) == (5, "")


def test_hours_can_be_extended_by_hours_or_to_a_day(make_policy, local):
    clock = clocks.start(make_policy(kind="hours", amount=24), local(START), "x")
    clocks.prolong(clock, Hours(12), at=local("2024-05-06 10:00"), basis="b")
    assert clock.due_at == local("2024-05-07 21:00")
    clocks.prolong(clock, date(2024, 5, 9), at=local("2024-05-06 10:00"), basis="b")
    assert (clock.kind, day(clock)) == ("calendar_days", "2024-05-09")
    with pytest.raises(Refused):
        clocks.prolong(
            clock,
            type(clocks.limit_of(make_policy("d", kind="calendar_days")))(3),
            at=local("2024-05-06 11:00"),
            basis="b",
        )


def test_time_left_is_ready_for_words(clock, local):
    assert queries.time_left(clock, local("2024-05-08 20:00")) == Remaining(3, "working_days", False)
    assert queries.time_left(clock, local("2024-05-14 20:00")) == Remaining(2, "working_days", True)
    clocks.stop(clock, local("2024-05-14 20:00"))
    assert queries.time_left(clock, local("2024-05-14 20:00")) is None


def test_time_left_in_a_year_without_calendar_falls_back_to_calendar_days(make_policy, local):
    clock = clocks.start(make_policy(), local("2026-12-14 09:00"), "x")
    assert queries.time_left(clock, local("2027-01-05 09:00")) == Remaining(15, "calendar_days", True)


def test_an_unsaved_clock_can_run_through_its_whole_life(make_policy, local):
    clock = clocks.start(make_policy(), local(START), "x")
    stood = clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING)
    clocks.resume(clock, local("2024-05-09 09:00"), pauses=[stood])
    clocks.stop(clock, local("2024-05-14 18:00"))
    assert clock.late is False


def test_the_claimed_time_decides_not_the_wall_clock(make_policy, local):
    with frozen(local("2026-11-02 09:00")):
        clock = clocks.start(make_policy(), local(START), "x")
    assert day(clock) == "2024-05-11"
    assert clock.due_at - clock.started_at < timedelta(days=6)
