"""The sweep marks and lifts without loading what is open; a changed calendar is worked through in batches."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.deadlines import clocks, queries, tasks
from huiyin.deadlines.models import CalendarYear, Clock, Pause
from huiyin.deadlines.tasks import restate, sweep
from huiyin.kernel.clock import frozen

pytestmark = pytest.mark.django_db
NOON = "2024-05-10 12:00"


def marked(mark: int) -> int:
    return Clock.objects.filter(mark=mark).count()


def expected_mark(clock: Clock, at) -> int:
    if clock.state != "running" or clock.due_at is None:
        return Clock.Mark.NONE
    if at > clock.due_at:
        return Clock.Mark.RED
    return Clock.Mark.YELLOW if at >= clock.yellow_at else Clock.Mark.NONE


@pytest.fixture
def two_thousand(make_policy, local):
    """Clocks begun an hour apart; some stopped, some paused without bound."""
    policy, begun = make_policy(), []
    for n in range(2000):
        clock = clocks.start(policy, local(NOON) - timedelta(hours=n), f"case-{n}")
        if n % 7 == 0:
            clocks.stop(clock, clock.started_at + timedelta(minutes=5))
        elif n % 11 == 0:
            clocks.pause(clock, clock.started_at + timedelta(minutes=5), Pause.Reason.HEARING)
        begun.append(clock)
    Clock.objects.bulk_create(begun)
    return begun


def test_one_sweep_marks_every_open_clock_in_at_most_four_statements(two_thousand, local):
    at = local(NOON)
    with (
        frozen(at),
        CaptureQueriesContext(
            connection,
        ) as seen,
    ):
        told = sweep()
    statements = [each["sql"] for each in seen if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 4, statements
    assert told == {"lifted": 0, "yellow": marked(Clock.Mark.YELLOW), "red": marked(Clock.Mark.RED)}
    assert told["yellow"] > 0 and told["red"] > 1000
    for clock in Clock.objects.all():
        assert clock.mark == expected_mark(clock, at), clock.started_at


def test_a_second_sweep_finds_nothing_and_a_later_one_only_what_is_new(two_thousand, local):
    with frozen(local(NOON)):
        sweep()
        assert sweep() == {"lifted": 0, "yellow": 0, "red": 0}
    with frozen(local(NOON) + timedelta(days=30)):
        late = sweep()
    running = Clock.objects.filter(state="running")
    assert late["yellow"] == 0
    assert running.exclude(mark=Clock.Mark.RED).count() == 0


def test_the_due_instant_itself_is_not_yet_red(make_policy, local):
    clock = clocks.start(make_policy(), local("2024-05-06 09:00"), "x")
    clock.save()
    with frozen(clock.due_at):
        assert sweep()["red"] == 0
    with frozen(clock.due_at + timedelta(microseconds=1)):
        assert sweep()["red"] == 1


def test_pauses_that_reached_their_bound_are_lifted_as_of_the_bound(make_policy, local, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    policy = make_policy()
    for n in range(5):
        clock = clocks.start(policy, local("2024-05-06 09:00"), f"case-{n}")
        clock.save()
        bound = local(f"2024-05-0{9 if n < 4 else 8} 09:00")
        stood = clocks.pause(clock, local("2024-05-07 10:00"), "awaiting_petitioner", until=bound)
        clock.save()
        stood.save()
    with frozen(local("2024-05-08 10:00")):
        assert sweep()["lifted"] == 1
    with frozen(local("2024-05-15 10:00")):
        assert sweep() == {"lifted": 4, "yellow": 0, "red": 5}
    assert {queries.last_day(clock) for clock in Clock.objects.filter(subject__lt="case-4")} == {
        date(2024, 5, 14)
    }
    assert Pause.objects.filter(ended_at=None).count() == 0
    assert marked(Clock.Mark.RED) == 5


@pytest.mark.parametrize("batch", [1, 500])
def test_a_pause_into_an_unknown_year_waits_without_stopping_the_sweep(
    make_policy, local, caplog, monkeypatch, batch
):
    monkeypatch.setattr(tasks, "BATCH", batch)
    policy = make_policy()
    for n, start in enumerate(("2026-12-21 09:00", "2026-11-02 09:00")):
        clock = clocks.start(policy, local(start), f"case-{n}")
        clock.save()
        begun = clock.started_at + timedelta(hours=3)
        clocks.pause(clock, begun, "awaiting_petitioner", until=begun + timedelta(days=9)).save()
        clock.save()
    waiting = Clock.objects.get(subject="case-0")
    with frozen(local("2027-02-01 09:00")):
        assert sweep()["lifted"] == 1
        assert f"clock {waiting.pk} stays paused: year 2027 is not loaded" in caplog.messages
        CalendarYear.objects.create(year=2027, holidays=["2027-01-01"], workdays=[])
        assert sweep()["lifted"] == 1


def test_lifting_reads_pauses_and_clocks_together_however_many(
    make_policy, local, django_assert_max_num_queries
):
    policy = make_policy()
    for n in range(6):
        clock = clocks.start(policy, local("2024-05-06 09:00"), f"case-{n}")
        clock.save()
        clocks.pause(clock, local("2024-05-07 10:00"), "hearing", until=local("2024-05-09 09:00")).save()
        clock.save()
    queries.work_calendar()
    with frozen(local("2024-05-15 10:00")), django_assert_max_num_queries(6):
        assert len(tasks.lift_ended_pauses()) == 6


def test_a_changed_calendar_is_worked_in_beside_the_pauses_that_there_were_and_marks_follow(
    make_policy, local
):
    clock = clocks.start(make_policy(), local("2026-11-02 09:00"), "x")
    stood = clocks.pause(clock, local("2026-11-03 10:00"), "hearing")
    clocks.resume(clock, local("2026-11-05 09:00"), pauses=[stood])  # 3 and 4 November are spared
    clock.mark = Clock.Mark.YELLOW
    clock.save()
    stood.save()
    assert (queries.last_day(clock), clock.yellow_at) == (date(2026, 11, 11), local("2026-11-10 12:00"))
    CalendarYear.objects.create(year=2026, holidays=["2026-11-06"], workdays=[])
    with frozen(local("2026-11-10 18:00")):
        assert [changed for _, _, changed in restate(2026)] == [1]
    clock.refresh_from_db()
    assert (queries.last_day(clock), clock.yellow_at) == (date(2026, 11, 12), local("2026-11-11 12:00"))
    assert clock.mark == Clock.Mark.NONE


def test_a_changed_year_is_nothing_to_clocks_of_hours_and_to_those_of_other_years(make_policy, local):
    days, hours = make_policy(), make_policy("h", kind="hours", amount=48)
    starts = {"before": "2024-12-16 09:00", "into": "2024-12-30 09:00", "within": "2025-06-02 09:00"}
    starts |= {"last": "2025-12-31 09:00", "after": "2026-01-05 09:00"}
    Clock.objects.bulk_create([clocks.start(days, local(at), name) for name, at in starts.items()])
    clocks.start(hours, local("2025-06-02 09:00"), "hours").save()
    held = clocks.start(days, local("2024-06-03 09:00"), "held")
    clocks.pause(held, local("2024-06-04 09:00"), "hearing")
    held.save()
    told = []
    with frozen(local("2025-06-03 09:00")):
        list(restate(2025, told=told.extend))
    assert {clock.subject for clock in told} == {"into", "within", "last", "held"}


def test_a_clock_that_would_need_an_unknown_year_keeps_its_due_time_and_the_others_move(
    make_policy, local, caplog
):
    policy = make_policy()
    CalendarYear.objects.create(year=2027, holidays=["2027-01-01"], workdays=[])
    far = clocks.start(policy, local("2026-12-28 09:00"), "far")
    Clock.objects.bulk_create([far, clocks.start(policy, local("2026-11-02 09:00"), "near")])
    CalendarYear.objects.all().delete()
    CalendarYear.objects.create(year=2026, holidays=["2026-11-04"], workdays=[])
    far = Clock.objects.get(subject="far")
    with frozen(local("2026-11-03 09:00")):
        assert sum(changed for _, _, changed in restate(2026)) == 1
    assert Clock.objects.get(subject="far").due_at == far.due_at
    assert f"clock {far.pk} keeps its due time: year 2027 is not loaded" in caplog.messages


def test_a_changed_calendar_moves_open_clocks_and_leaves_judged_ones(make_policy, local):
    policy = make_policy()
    spring = ["2026-11-09", "2026-11-10"]
    begun = {}
    for name, start in (
        ("before", "2026-10-12 09:00"),
        ("across", "2026-11-02 09:00"),
        ("stopped", "2026-11-02 09:00"),
    ):
        begun[name] = clocks.start(policy, local(start), name)
    clocks.stop(begun["stopped"], local("2026-11-09 10:00"))
    Clock.objects.bulk_create(begun.values())
    CalendarYear.objects.create(year=2026, holidays=spring, workdays=[])
    told = []
    with frozen(local("2026-11-03 09:00")):
        assert sum(changed for _, _, changed in restate(2026, told=told.extend)) == 1
        assert sum(changed for _, _, changed in restate(2026)) == 0
    assert [clock.subject for clock in told] == ["before", "across"]
    days = {clock.subject: queries.last_day(clock) for clock in Clock.objects.all()}
    assert days == {"before": date(2026, 10, 19), "across": date(2026, 11, 11), "stopped": date(2026, 11, 9)}


def test_restating_goes_on_where_it_was_interrupted(make_policy, local, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    policy = make_policy()
    Clock.objects.bulk_create([clocks.start(policy, local("2026-11-02 09:00"), str(n)) for n in range(5)])
    CalendarYear.objects.create(year=2026, holidays=["2026-11-04"], workdays=[])
    with frozen(local("2026-11-03 09:00")):
        after, seen, changed = next(restate(2026))
        assert (seen, changed) == (2, 2)
        assert sum(changed for _, _, changed in restate(2026, after=after)) == 3
    assert {queries.last_day(clock) for clock in Clock.objects.all()} == {date(2026, 11, 10)}
