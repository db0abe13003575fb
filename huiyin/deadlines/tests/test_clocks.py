"""A clock starts, pauses, resumes, is prolonged and stops as its policy allows."""

from datetime import date, timedelta

import pytest

from huiyin.deadlines import clocks, queries
from huiyin.deadlines.arithmetic import CalendarDays, Hours, Remaining, WorkingDays
from huiyin.deadlines.calendars import YearTable
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
        lambda: clocks.carried_on(clock),
        lambda: clocks.bring_forward(clock, clock.policy, local("2024-05-08 09:00")),
    ):
        with pytest.raises(Refused, match=r"^这个期限已经停止，不能再改动。$") as refusal:
            again()
        assert refusal.value.code == "stopped"


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
    ("reason", "until", "code", "said"),
    [
        ("suspended", None, "pause", "按照“演示条例第一条”，这个期限不能因“挂账”暂停。"),
        ("awaiting_petitioner", None, "unbounded", "等待诉求人补充时，请写明最晚等到什么时候。"),
        ("awaiting_petitioner", "2024-05-07 10:00", "bound", "暂停的截止时间要晚于开始时间。"),
        ("hearing", "2024-05-07 09:59", "bound", "暂停的截止时间要晚于开始时间。"),
    ],
)
def test_a_pause_without_ground_or_bound_is_refused(clock, local, reason, until, code, said):
    with pytest.raises(Refused, match=f"^{said}$") as refusal:
        clocks.pause(clock, local("2024-05-07 10:00"), reason, until=until and local(until))
    assert refusal.value.code == code
    assert clock.state == "running"


@pytest.mark.parametrize(
    ("allowed", "instead"),
    [(["hearing", "force_majeure"], "可以暂停的情形：听证、不可抗力"), ([], "")],
)
def test_a_pause_without_ground_is_refused_with_the_grounds_that_there_are(
    make_policy, local, allowed, instead
):
    clock = clocks.start(make_policy(pauses=allowed), local(START), "x")
    with pytest.raises(Refused) as refusal:
        clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.SUSPENDED)
    assert refusal.value.instead == instead


def test_a_pause_that_is_bounded_keeps_its_reason_its_beginning_and_its_bound(clock, local):
    stood = clocks.pause(
        clock, local("2024-05-07 10:00"), Pause.Reason.HEARING, until=local("2024-05-09 09:00")
    )
    assert (stood.reason, stood.ended_at) == ("hearing", None)
    assert (stood.began_at, stood.until) == (local("2024-05-07 10:00"), local("2024-05-09 09:00"))


def test_a_pause_at_the_very_due_instant_opens_it_and_one_later_does_not(make_policy, local):
    for later, opened in ((timedelta(0), True), (timedelta(microseconds=1), False)):
        clock = clocks.start(make_policy(f"p-{later}"), local(START), "x")
        clocks.pause(clock, clock.due_at + later, Pause.Reason.HEARING)
        assert (clock.due_at is None, clock.yellow_at is None) == (opened, opened)


def test_a_time_that_somebody_set_replaces_the_policys(make_policy, local):
    clock = clocks.start(make_policy(), local(START), "x", amount=2)
    assert (clock.amount, day(clock)) == (2, "2024-05-08")


def test_a_calendar_that_is_handed_in_decides_instead_of_the_one_in_force(make_policy, local):
    shut = queries.calendar_with([YearTable(2024, frozenset({date(2024, 5, 7)}), frozenset())])
    policy = make_policy()
    assert queries.last_day(clocks.start(policy, local(START), "x", calendar=shut)) == date(2024, 5, 13)
    assert clocks.due_under(policy, local(START), calendar=shut) == local("2024-05-14 00:00")
    clock = clocks.start(policy, local(START), "x")
    stood = clocks.pause(clock, local("2024-05-08 10:00"), Pause.Reason.HEARING)
    clocks.resume(clock, local("2024-05-08 12:00"), pauses=[stood], calendar=shut)
    assert day(clock) == "2024-05-13"
    clocks.prolong(
        clock, WorkingDays(1), at=local("2024-05-08 12:00"), basis="b", pauses=[stood], calendar=shut
    )
    assert day(clock) == "2024-05-14"


def test_stopping_ends_the_pause_that_was_handed_in(clock, local):
    stood = clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING)  # not saved
    assert clocks.stop(clock, local("2024-05-08 10:00"), pauses=[stood]) is stood
    assert stood.ended_at == local("2024-05-08 10:00")


def test_a_pause_never_ends_before_it_began(clock, local):
    stood = clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING)
    clocks.resume(clock, local("2024-05-07 09:00"), pauses=[stood])
    assert stood.ended_at == local("2024-05-07 10:00")


def test_work_that_changes_hands_goes_on_with_the_time_that_is_left(clock, local):
    stood = clocks.pause(
        clock, local("2024-05-07 10:00"), Pause.Reason.HEARING, until=local("2024-05-09 09:00")
    )
    stood.save()
    clock.mark = Clock.Mark.YELLOW
    clock.save()
    Pause.objects.create(
        clock=clock, reason="hearing", began_at=local(START), ended_at=local("2024-05-06 10:00")
    )
    new, [copied, over] = clocks.carried_on(clock)
    assert (over.began_at, over.ended_at) == (local(START), local("2024-05-06 10:00"))
    assert len(clocks.carried_on(clock, pauses=[stood])[1]) == 1
    kept = (
        "subject",
        "step",
        "policy",
        "kind",
        "amount",
        "started_at",
        "due_at",
        "yellow_at",
        "state",
        "mark",
    )
    assert new.pk is None and copied.pk is None and copied.clock is new
    assert [getattr(new, name) for name in kept] == [getattr(clock, name) for name in kept]
    for name in ("reason", "began_at", "until", "ended_at"):
        assert getattr(copied, name) == getattr(stood, name)


def test_pausing_twice_or_resuming_what_runs_is_refused(clock, local):
    with pytest.raises(Refused, match=r"^这个期限没有暂停，不需要恢复。$") as refusal:
        clocks.resume(clock, local("2024-05-07 10:00"))
    assert refusal.value.code == "not-paused"
    clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING).save()
    with pytest.raises(Refused, match=r"^这个期限已经暂停。$") as refusal:
        clocks.pause(clock, local("2024-05-07 11:00"), Pause.Reason.HEARING)
    assert (refusal.value.code, refusal.value.instead) == ("paused", "恢复计时")


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
    ("last", "code", "said", "instead"),
    [
        (date(2024, 5, 11), "not-later", "延期后的最后一天要晚于 2024-05-11。", ""),
        (date(2024, 5, 9), "not-later", "延期后的最后一天要晚于 2024-05-11。", ""),
        (date(2024, 5, 19), "rest-day", "2024-05-19 不是工作日，不能作为最后一天。", "可以延到 2024-05-20"),
    ],
)
def test_an_extension_to_an_impossible_day_is_refused_and_changes_nothing(
    clock, local, last, code, said, instead
):
    with pytest.raises(Refused, match=f"^{said}$") as refusal:
        clocks.prolong(clock, last, at=local("2024-05-10 09:00"), basis="b")
    assert (refusal.value.code, refusal.value.instead) == (code, instead)
    assert (clock.until, clock.prolonged, day(clock)) == (None, "", "2024-05-11")


def test_an_overdue_clock_can_be_extended_to_the_end_of_today_but_not_to_the_past(clock, local):
    now = local("2024-05-15 10:00")
    with pytest.raises(Refused, match=r"^2024-05-14 已经过去，不能作为最后一天。$") as refusal:
        clocks.prolong(clock, date(2024, 5, 14), at=now, basis="b")
    assert refusal.value.code == "past"
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
    with pytest.raises(Refused, match=r"不能再加天数。$") as refusal:
        clocks.prolong(clock, CalendarDays(3), at=local("2024-05-06 11:00"), basis="b")
    assert (refusal.value.code, refusal.value.instead) == ("fixed", "写一个新的日期")


def test_days_are_not_prolonged_by_hours(clock, local):
    with pytest.raises(ValueError, match="a clock of working_days is not prolonged by Hours"):
        clocks.prolong(clock, Hours(3), at=local("2024-05-06 11:00"), basis="b")


def test_a_paused_clock_is_not_extended_to_a_day_whose_distance_nobody_knows(clock, local):
    clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING).save()
    with pytest.raises(Refused, match=r"^期限暂停时不能延到确定的日期。$") as refusal:
        clocks.prolong(clock, date(2024, 5, 31), at=local("2024-05-08 10:00"), basis="b")
    assert (refusal.value.code, refusal.value.instead) == ("paused", "恢复计时")
    assert clock.until is None


def test_a_stricter_policy_brings_a_running_clock_forward_and_a_laxer_one_does_not(make_policy, clock, local):
    at = local("2024-05-07 09:30")
    assert not clocks.bring_forward(clock, make_policy("lax", amount=9), at)
    assert not clocks.bring_forward(clock, make_policy("same", amount=4), at)
    assert (clock.policy.code, day(clock), clock.mark) == ("order", "2024-05-11", Clock.Mark.NONE)
    assert clocks.bring_forward(clock, make_policy("three", amount=3), at)
    assert (clock.policy.code, clock.kind, day(clock)) == ("three", "working_days", "2024-05-10")
    assert clock.started_at == local(START)
    assert clocks.bring_forward(clock, make_policy("urgent", kind="hours", amount=4), at)
    assert (clock.kind, clock.amount, clock.until) == ("hours", 29, None)  # a begun hour counts whole
    assert clock.due_at == local("2024-05-07 14:00")
    assert clock.mark == Clock.Mark.YELLOW  # 70 % of the hours since it began are over


def test_a_clock_is_brought_forward_by_the_calendar_that_is_handed_in(make_policy, clock, local):
    shut = queries.calendar_with([YearTable(2024, frozenset({date(2024, 5, 8)}), frozenset())])
    three = make_policy("three", amount=3)
    assert not clocks.bring_forward(
        clock, three, local("2024-05-07 09:30"), calendar=shut
    )  # ends on the 11th
    assert clocks.bring_forward(clock, make_policy("two", amount=2), local("2024-05-07 09:30"), calendar=shut)
    assert day(clock) == "2024-05-10"


def test_a_clock_begun_in_the_small_hours_belongs_to_its_local_day(make_policy, local):
    assert day(clocks.start(make_policy(), local("2024-05-06 03:00"), "x")) == "2024-05-11"
    hours = clocks.start(make_policy("h", kind="hours", amount=10), local(START), "x")
    assert (hours.due_at, hours.yellow_at) == (local("2024-05-06 19:00"), local("2024-05-06 16:00"))


def test_a_clock_that_stood_still_is_brought_forward_to_the_hours_that_it_ran(make_policy, local):
    clock = clocks.start(make_policy(), local(START), "x")
    stood = clocks.pause(clock, local("2024-05-06 10:00"), Pause.Reason.HEARING)
    clocks.resume(clock, local("2024-05-06 13:00"), pauses=[stood])
    clock.save()
    stood.save()
    assert clocks.bring_forward(
        clock, make_policy("urgent", kind="hours", amount=4), local("2024-05-06 14:00")
    )
    assert (clock.amount, clock.due_at) == (6, local("2024-05-06 18:00"))


def test_a_clock_whose_due_time_a_pause_leaves_open_is_not_brought_forward(make_policy, clock, local):
    clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING).save()
    assert not clocks.bring_forward(clock, make_policy("urgent", amount=1), local("2024-05-07 11:00"))
    assert clock.policy.code == "order"


def test_a_clock_looks_at_its_own_pauses_under_another_calendar(clock, local):
    shut = queries.calendar_with([YearTable(2024, frozenset({date(2024, 5, 10)}), frozenset())])
    assert clocks.restate(clock, at=local("2024-05-07 09:00"), pauses=(), calendar=shut)
    assert (day(clock), clock.mark) == ("2024-05-13", Clock.Mark.NONE)
    assert not clocks.restate(clock, at=local("2024-05-07 09:00"), pauses=(), calendar=shut)
    assert clocks.restate(clock, at=local("2024-05-13 09:00"), pauses=(), calendar=queries.work_calendar())
    assert (day(clock), clock.mark) == ("2024-05-11", Clock.Mark.RED)


def test_time_left_is_ready_for_words(clock, local):
    assert queries.time_left(clock, local("2024-05-08 20:00")) == Remaining(3, "working_days", False)
    assert queries.time_left(clock, local("2024-05-14 20:00")) == Remaining(2, "working_days", True)
    assert queries.time_left(clock, local("2024-05-08 03:00")) == Remaining(3, "working_days", False)
    clocks.stop(clock, local("2024-05-14 20:00"))
    assert queries.time_left(clock, local("2024-05-14 20:00")) is None


def test_while_a_pause_leaves_the_end_open_there_is_neither_a_last_day_nor_time_left(clock, local):
    clocks.pause(clock, local("2024-05-07 10:00"), Pause.Reason.HEARING)
    assert queries.last_day(clock) is None
    assert queries.time_left(clock, local("2024-05-07 11:00")) is None


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
