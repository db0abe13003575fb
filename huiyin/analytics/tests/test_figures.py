"""The figures, against cases whose numbers can be worked out by hand."""

from datetime import date, timedelta
from statistics import mean, median

import pytest

from huiyin.analytics import figures
from huiyin.cases import actions
from huiyin.cases.access import visible
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Notice, Point
from huiyin.evaluation.tests.road import MONDAY, petitioner, registered, tell
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SOLVED = Point.Outcome.SOLVED


def answered_after(cast, days: float, *, unit: str = "chengguan", start=MONDAY, **more) -> Case:
    """A matter of `start`, with an answer that was let out and told so many days later."""
    lead, handler = {
        "chengguan": (cast.chengguan, cast.handler),
        "zhujian": (cast.zhujian, cast.zhujian_handler),
    }[unit]
    category = cast.night_noise if unit == "chengguan" else cast.property
    with clock.frozen(start):
        case = registered(cast, **more)
        actions.accept(case, by=cast.clerk, category=category)
        order = actions.dispatch(case, by=cast.dispatcher, lead=lead)
        actions.sign(order, by=handler)
    with clock.frozen(start + days * DAY - timedelta(minutes=1)):
        actions.answer(order, by=handler, text="已办。", outcome=SOLVED)
    with clock.frozen(start + days * DAY):
        tell(case, cast)
    return case


def all_cases(cast):
    return visible(cast.system)


@pytest.mark.parametrize("days", [[2.5], [3, 1], [1, 2, 9], [0.5, 4, 4, 20], [7, 1, 2, 3, 11]])
def test_median_mean_and_longest_are_those_of_the_answers(cast, days):
    for each in days:
        answered_after(cast, each)
    registered(cast)
    with clock.frozen(MONDAY + 30 * DAY):
        found = figures.totals(all_cases(cast))
    assert (found.cases, found.answered) == (len(days) + 1, len(days))
    assert found.median_days == pytest.approx(median(days))
    assert found.mean_days == pytest.approx(mean(days))
    assert found.max_days == pytest.approx(max(days))
    [unit] = figures.by_unit(all_cases(cast))
    assert (unit.key, unit.median_days) == ("chengguan", pytest.approx(median(days)))


def test_without_any_case_there_are_counts_and_no_averages(cast):
    found = figures.totals(all_cases(cast))
    assert found == figures.Totals(0, 0, 0, 0, 0, None, None, None)
    assert figures.on_time(all_cases(cast)) == figures.OnTime(None, 0, 0, None, 0, [])
    assert figures.by_nature(all_cases(cast)) == figures.by_unit(all_cases(cast)) == []


def test_people_are_counted_beside_cases(cast):
    with clock.frozen(MONDAY):
        registered(cast, headcount=30)
        registered(cast, nature=Case.Nature.COMPLAINT)
    assert figures.totals(all_cases(cast)).headcount == 31
    assert figures.totals(all_cases(cast)).open_headcount == 31
    rows = figures.by_nature(all_cases(cast))
    assert [(row.key, row.cases, row.headcount) for row in rows] == [("appeal", 1, 30), ("complaint", 1, 1)]


def test_a_case_counts_for_the_unit_that_answered_first(cast):
    answered_after(cast, 1)
    answered_after(cast, 2)
    answered_after(cast, 3, unit="zhujian")
    with clock.frozen(MONDAY):
        actions.register_and_answer(
            Intake(text="几点上班？", parties=[PartyIn()]), by=cast.clerk, text="九点。"
        )
        registered(cast)
    rows = figures.by_unit(all_cases(cast))
    assert [(row.key, row.name, row.cases) for row in rows] == [
        ("chengguan", "城管局", 2),
        ("centre", "受理中心", 1),
        ("zhujian", "住建局", 1),
    ]
    assert sum(row.cases for row in rows) == figures.totals(all_cases(cast)).answered


def test_a_merged_case_counts_for_the_unit_that_answered_its_parent(cast):
    with clock.frozen(MONDAY):
        parent, child = registered(cast), registered(cast)
        actions.accept(parent, by=cast.clerk, category=cast.night_noise)
        order = actions.dispatch(parent, by=cast.dispatcher, lead=cast.chengguan)
        actions.merge(child, into=parent, by=cast.clerk)
        actions.sign(order, by=cast.handler)
        actions.answer(order, by=cast.handler, text="已办。", outcome=SOLVED)
        tell(parent, cast)
        for notice in Notice.objects.filter(case=child, told_at=None):
            actions.record_told(notice, by=petitioner(child), how=Notice.How.DELIVERED)
    assert [(row.key, row.cases) for row in figures.by_unit(all_cases(cast))] == [("chengguan", 2)]


def test_months_are_those_of_the_local_date_of_receipt(cast):
    with clock.frozen(MONDAY - DAY - timedelta(hours=8)):  # 31 October, 17:00 UTC: 1 November in Shanghai
        registered(cast)
    with clock.frozen(MONDAY - 3 * DAY):
        registered(cast)
    assert [(row.key, row.cases) for row in figures.by_month(all_cases(cast))] == [
        ("2026-10", 1),
        ("2026-11", 1),
    ]


def test_told_in_time_late_and_still_waiting_make_the_rate(cast):
    in_time = answered_after(cast, 2)  # the limit is five working days
    answered_after(cast, 20)
    with clock.frozen(MONDAY):
        registered(cast)
        withdrawn = registered(cast)
        actions.withdraw(withdrawn, by=petitioner(withdrawn))
    with clock.frozen(MONDAY + 30 * DAY):
        registered(cast)
        found = figures.on_time(all_cases(cast))
        totals = figures.totals(all_cases(cast))
    assert (found.on_time, found.n, found.rate) == (1, 3, pytest.approx(1 / 3))
    assert [(policy.code, policy.limit, policy.n) for policy in found.policies] == [
        ("hotline-reply", "5 个工作日", 3)
    ]
    assert found.interval == figures.wilson(1, 3)
    assert (totals.open, totals.overdue) == (4, 1), "two told ones wait for a rating, not for an answer"
    actions.close(in_time, by=cast.caller)
    assert figures.totals(all_cases(cast)).open == 3


def test_a_redo_before_telling_is_judged_once_and_one_after_it_twice(cast):
    with clock.frozen(MONDAY):
        case = registered(cast)
        actions.accept(case, by=cast.clerk, category=cast.night_noise)
        order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
        actions.sign(order, by=cast.handler)
        actions.answer(order, by=cast.handler, text="已办。", outcome=SOLVED)
        [again] = actions.redo(case, by=cast.reviewer, reason="没有写明期限")
        actions.sign(again, by=cast.handler)
        actions.answer(again, by=cast.handler, text="已办，5 日前完成。", outcome=SOLVED)
        tell(case, cast)
        assert figures.on_time(all_cases(cast)).n == 1
        [third] = actions.redo(case, by=cast.reviewer, reason="没有解决")
        actions.sign(third, by=cast.handler)
        actions.answer(third, by=cast.handler, text="已完成。", outcome=SOLVED)
        tell(case, cast)
    assert (figures.on_time(all_cases(cast)).n, figures.on_time(all_cases(cast)).on_time) == (2, 2)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (1, 1, 0.2065, 1.0)],
)
def test_the_interval_is_wilsons(successes, n, low, high):
    """81 of 263 is Newcombe's worked example (Statistics in Medicine 17, 1998, table I)."""
    assert figures.wilson(successes, n) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_figures_cover_only_what_their_reader_may_see(cast):
    answered_after(cast, 1)
    answered_after(cast, 2, unit="zhujian")
    own = visible(cast.zhujian_handler)
    assert figures.totals(own).cases == 1 and [row.key for row in figures.by_unit(own)] == ["zhujian"]
    assert figures.on_time(own).n == 1
    assert figures.totals(visible(cast.outsider)).cases == 0


def test_a_period_takes_in_both_its_days(cast):
    for days in (0, 1, 2):
        with clock.frozen(MONDAY + days * DAY):
            registered(cast)
    cases = all_cases(cast)
    assert figures.within(cases, date(2026, 11, 3), None).count() == 2
    assert figures.within(cases, date(2026, 11, 2), date(2026, 11, 3)).count() == 2
    assert figures.within(cases, None, None).count() == 3


def test_it_stays_at_a_few_statements_however_many_cases(cast, django_assert_num_queries):
    for days in (1, 2, 3):
        answered_after(cast, days)
    cases = all_cases(cast)
    with django_assert_num_queries(2):
        figures.totals(cases)
    with django_assert_num_queries(3):
        figures.by_unit(cases)
    with django_assert_num_queries(1):
        figures.on_time(cases)
