"""What a leader reads in a minute, against cases counted by hand."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from huiyin.analytics import asking, keeping, lately, snapshot
from huiyin.cases import access, actions
from huiyin.cases.models import Case, Round
from huiyin.cases.tests import roads
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
LATER = roads.MONDAY + 40 * roads.DAY


@pytest.fixture(autouse=True)
def _on_monday():
    cache.clear()
    with clock.frozen(roads.MONDAY):
        yield


def seen(cast) -> lately.Glance:
    return lately.glance(access.visible(cast.leader))


def test_each_day_of_four_weeks_stands_there_with_what_came_and_what_is_late(cast):
    roads.registered(cast), roads.registered(cast)
    with clock.frozen(roads.MONDAY + roads.DAY):
        roads.registered(cast)
    with clock.frozen(roads.MONDAY + 27 * roads.DAY):
        days = seen(cast).days
        assert [(day.received, day.late) for day in days] == [(2, 2), (1, 1), *[(0, 0)] * 26]
        assert (days[0].people, days[-1].day - days[0].day) == (2, timedelta(days=27))
    with clock.frozen(roads.MONDAY + 28 * roads.DAY):
        found = seen(cast)
        assert (sum(day.received for day in found.days), found.before) == (1, 2)


def test_what_was_told_too_late_stays_late_on_its_day(cast):
    case = roads.told(cast)
    assert seen(cast).days[-1].late == 0
    Round.objects.get(case=case).clock.__class__.objects.filter(rounds__case=case).update(late=True)
    assert seen(cast).days[-1].late == 1


def test_open_and_late_now_and_a_week_ago(cast):
    ended, still = roads.registered(cast), roads.registered(cast)
    with clock.frozen(LATER):
        actions.withdraw(ended, by=cast.clerk)
        roads.registered(cast, headcount=3)
        now = seen(cast).now
        assert (now.open, now.people, now.late, now.newly_late, now.open_before) == (2, 4, 1, 0, 2)
    with clock.frozen(Case.objects.get(pk=still.pk).due_at + roads.DAY):
        now = seen(cast).now
        assert (now.late, now.newly_late) == (1, 1)


def test_whatever_waits_past_its_limit_counts_against_what_was_told_in_time(cast):
    roads.told(cast)
    roads.registered(cast)
    found = seen(cast)
    assert (found.told, found.told_only) == (lately.Share(1, 1), lately.Share(1, 1))
    with clock.frozen(roads.MONDAY + 27 * roads.DAY):
        found = seen(cast)
        assert (found.told, found.told_only) == (lately.Share(1, 2), lately.Share(1, 1))
        assert found.told.interval[0] < 0.5 < found.told.interval[1]
    with clock.frozen(LATER):
        found = seen(cast)
        assert (found.told, found.told_only_before) == (lately.Share(0, 1), lately.Share(1, 1))


def test_the_middle_of_the_days_that_answers_took_in_each_period(cast):
    for days in (1, 3, 8):
        case = roads.told(cast)
        Case.objects.filter(pk=case.pk).update(received_at=roads.MONDAY - days * roads.DAY)
    found = seen(cast)
    assert (found.answered, found.median, found.median_before) == (3, 3.0, None)
    with clock.frozen(LATER):
        assert (seen(cast).answered, seen(cast).median_before) == (0, 3.0)


def test_a_unit_with_few_answers_is_not_compared(cast):
    for _each in range(4):
        roads.told(cast)
    assert seen(cast).units == []
    case = roads.told(cast)
    Case.objects.filter(pk=case.pk).update(received_at=roads.MONDAY - 9 * roads.DAY)
    [pace] = seen(cast).units
    assert (pace.code, pace.n, pace.median_days) == ("chengguan", 5, 0.0)


def test_the_largest_categories_come_first(cast):
    roads.accepted(cast), roads.accepted(cast)
    other = roads.registered(cast)
    actions.accept(other, by=cast.clerk, category=cast.property)
    roads.registered(cast)
    assert [(row.code, row.cases) for row in seen(cast).categories] == [
        ("city-noise-night", 2),
        ("housing-property", 1),
    ]


def test_a_place_counts_all_that_lies_below_it_and_shows_one_tier(cast):
    roads.registered(cast, region=cast.community_region)
    roads.told(cast, region=cast.street)
    roads.registered(cast, region=cast.other_street)
    with clock.frozen(roads.MONDAY + 27 * roads.DAY):
        rows = seen(cast).places
    assert [(row.code, row.depth, row.received, row.open, row.late, row.told) for row in rows] == [
        ("tingfeng", 0, 3, 3, 2, lately.Share(1, 3)),
        ("qingtan", 1, 1, 1, 1, lately.Share(0, 1)),
        ("shiqiao", 1, 2, 2, 1, lately.Share(1, 2)),
    ]


def test_nothing_at_all_is_counted_too(cast):
    found = seen(cast)
    assert (found.places, found.units, found.categories, found.told.rate, found.median) == (
        [],
        [],
        [],
        None,
        None,
    )


def test_it_asks_the_same_number_of_questions_among_more_cases(cast, django_assert_max_num_queries):
    for n in range(12):
        roads.told(cast, region=(cast.street, cast.other_street)[n % 2])
        roads.dispatched(cast, lead=(cast.chengguan, cast.weijian)[n % 2])
    seen(cast)
    with django_assert_max_num_queries(22):
        seen(cast)


def test_what_is_counted_live_for_the_page_is_what_the_catalogue_counts(cast):
    """The page asks the database, for speed and for what its readers may see; its numbers are the catalogue's."""
    for days, moved in enumerate((1, 2.5, 5, 33, 0.2, 4, 8)):
        with clock.frozen(roads.MONDAY + days * roads.DAY):
            case = roads.told(cast, region=(cast.street, cast.other_street)[days % 2], headcount=1 + days)
            Case.objects.filter(pk=case.pk).update(received_at=clock.now() - timedelta(days=moved))
            roads.dispatched(cast), roads.registered(cast, region=cast.community_region, headcount=2)
            roads.registered(cast, nature="report")
    Clock.objects.filter(
        rounds__told_at__isnull=False, pk__in=[clock_.pk for clock_ in Clock.objects.all()[::3]]
    ).update(late=True)
    at = roads.MONDAY + 25 * roads.DAY
    with clock.frozen(at), snapshot.live() as (star, checkpoint):
        found = seen(cast)
        days = {"since": found.days[0].day, "until": found.days[-1].day}
        lately_at = {"begins": at - timedelta(days=28)}

        def asked(*names, by="", **more):
            return asking.ask(star, names, asking.Question(checkpoint.moment, **more), by=by)

        def one(name, **more):
            return asked(name, **more)[0].figures[name]

        assert found.now.open == one("open").value > 0 and found.now.late == one("overdue").value > 0
        assert found.now.people == one("open_people").value
        by_day = {day.day.isoformat(): (day.received, day.people) for day in found.days if day.received}
        assert by_day == {
            line.key: (line.figures["received"].value, line.figures["people"].value)
            for line in asked("received", "people", by="day", **days)
        }
        told = one("told_in_time_rate", **lately_at)
        assert (found.told_only.good, found.told_only.n) == (told.whole, told.n) and 0 < told.whole < told.n
        pace = one("answered_median_days", **lately_at)
        assert (found.answered, found.median) == (pace.n, pytest.approx(pace.value))
        assert {row.code: (row.n, pytest.approx(row.median_days)) for row in found.units} == {
            line.key: (line.figures["answered_median_days"].n, line.figures["answered_median_days"].value)
            for line in asked("answered_median_days", by="unit", **lately_at)
        }
        assert {row.code: row.cases for row in found.categories} == {
            line.key: line.figures["received"].value
            for line in asked("received", by="category", **days)
            if line.key
        }
        for place in found.places:
            assert place.received == one("received", region=place.code, **days).value
            assert (place.open, place.late) == (
                one("open", region=place.code).value,
                one("overdue", region=place.code).value,
            )


def test_behind_a_rate_and_a_median_stand_the_cases_that_they_count(cast):
    told, late = roads.told(cast), roads.told(cast)
    Clock.objects.filter(rounds__case=late).update(late=True)
    waiting = roads.registered(cast)
    with clock.frozen(roads.MONDAY + 27 * roads.DAY):
        visible = access.visible(cast.leader)
        found = {name: [case.pk for case in lately.behind(visible, name)[0]] for name in lately.BEHIND}
        assert lately.behind(visible, "told", after=late.pk) == ([Case.objects.get(pk=told.pk)], 0)
    assert found == {
        "told": [waiting.pk, late.pk, told.pk],
        "not_in_time": [waiting.pk, late.pk],
        "answered": [late.pk, told.pk],
    }


# -- kept for a minute ---------------------------------------------------------------------------------------
def counted(cast, who: str) -> keeping.Kept[int]:
    by = getattr(cast, who)
    return keeping.kept("test", by, lambda: access.visible(by).count())


def test_what_was_counted_holds_for_a_minute_and_says_when(cast):
    roads.registered(cast)
    assert counted(cast, "supervisor") == keeping.Kept(1, roads.MONDAY)
    roads.registered(cast)
    with clock.frozen(roads.MONDAY + timedelta(seconds=59)):
        assert counted(cast, "supervisor") == keeping.Kept(1, roads.MONDAY)
    with clock.frozen(roads.MONDAY + timedelta(seconds=60)):
        assert counted(cast, "supervisor").value == 2


def test_who_may_not_know_of_a_report_never_gets_the_figures_of_who_may(cast):
    roads.registered(cast, nature="report", accused_units=[cast.chengguan])
    assert counted(cast, "supervisor").value == 1
    assert counted(cast, "leader").value == 0
    assert counted(cast, "supervisor").value == 1


def test_an_accused_overseer_shares_nothing_with_colleagues(cast):
    colleague = access.sight(cast.supervisor)
    roads.registered(cast, nature="report", accused_posts=[cast.supervisor.post])
    assert access.sight(cast.supervisor) != colleague
    assert counted(cast, "supervisor").value == 0


def test_while_one_counts_the_others_see_what_there_was(cast):
    roads.registered(cast)
    counted(cast, "supervisor")
    with clock.frozen(roads.MONDAY + timedelta(minutes=2)):
        during = []
        keeping.kept("test", cast.supervisor, lambda: during.append(counted(cast, "supervisor")) or 7)
        assert during == [keeping.Kept(1, roads.MONDAY)]
        assert counted(cast, "supervisor").value == 7
