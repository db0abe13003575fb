"""What everybody reads: no small counts, no reports, counted by the worker and not by visitors."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from huiyin.analytics import asking, figures, keeping, own, snapshot, told
from huiyin.analytics.figures import Row
from huiyin.analytics.hiding import LEAST, hidden
from huiyin.analytics.tests.test_figures import answered_after
from huiyin.cases.access import visible
from huiyin.cases.models import Case, Exclusion
from huiyin.cases.tests.roads import MONDAY, answered, at, registered
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.web.words import moment


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    (snapshot.home() / snapshot.CURRENT).unlink(missing_ok=True)
    with clock.frozen(MONDAY):
        yield


pytestmark = pytest.mark.django_db


# -- hiding --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("counts", "places"),
    [
        ((5, 6, 7), set()),
        ((0, 9), set()),
        ((3, 40, 12), {0, 2}),
        ((1, 1, 30, 9), {0, 1, 3}),
        ((4, 4, 30), {0, 1}),
        ((2,), {0}),
        ((), set()),
    ],
)
def test_small_counts_are_hidden_and_what_would_give_them_away(counts, places):
    assert hidden(counts) == places


@given(st.lists(st.integers(0, 40), max_size=12))
def test_no_small_count_is_told_and_none_follows_from_the_total(counts):
    without = hidden(counts)
    told_ones = [n for at, n in enumerate(counts) if at not in without]
    assert all(n == 0 or n >= LEAST for n in told_ones)
    assert 0 not in {counts[at] for at in without}
    if without and any(told_ones):
        assert len(without) > 1 and sum(counts) - sum(told_ones) >= LEAST


def test_a_hidden_row_tells_its_name_alone_and_few_answers_tell_no_times():
    rows = [
        Row("a", "A", 3, 9, 3, 1.0, 1.0),
        Row("b", "B", 50, 60, 2, 1.5, 2.0),
        Row("c", "C", 7, 7, 7, 3.0, 3.0),
    ]
    a, b, c = told.lines(rows)
    assert (a.cases, a.headcount, a.answered, a.median_days) == (None, None, None, None)
    assert (b.cases, b.answered, b.median_days) == (50, None, None)
    assert c.cases is None


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_no_small_count_of_answers_follows_from_the_total(counts):
    rows = [
        Row(str(at), "", max(pair), 0, min(pair), 1.0, 1.0) for at, pair in enumerate(counts) if any(pair)
    ]
    lines = told.lines(rows)
    shown = [line.answered for line in lines if line.answered is not None]
    rest = sum(row.answered for row in rows) - sum(shown)
    assert all(n == 0 or n >= LEAST for n in shown)
    assert rest == 0 or rest >= LEAST or not any(shown)


def test_how_few_still_wait_or_were_late_is_told():
    """It is the office's own affair; hidden, it would blank the months for which people come."""
    answers = {"2026-09": (40, 38), "2026-10": (20, 3), "2026-11": (9, 0), "2026-12": (30, 8)}
    rows = [Row(key, "", n, n, of_them, 2.0, 2.0) for key, (n, of_them) in answers.items()]
    lines = {line.key: line for line in told.lines(rows)}
    assert lines["2026-09"].answered == 38 and lines["2026-09"].median_days == 2.0
    assert lines["2026-10"].answered is None is lines["2026-10"].median_days, "the days of single matters"
    late = asking.Found("rate", 38, 40)
    assert told.may_tell("on_time_rate", late) and not told.may_tell("satisfaction_rate", late)


def test_answers_to_rare_matters_are_not_told_by_leaving_out_the_others():
    """Of 3 + 6 matters that are not told one was answered: 31 answers in all, less 10 and 20, would say so."""
    rows = [Row(key, "", n, n, answered, 1.0, 1.0)
            for key, n, answered in (("a", 3, 0), ("b", 6, 1), ("c", 12, 10), ("d", 30, 20))]  # fmt: skip
    assert [(line.cases, line.answered) for line in told.lines(rows)] == [
        (None, None), (None, None), (12, None), (30, 20),
    ]  # fmt: skip


# -- the middle ----------------------------------------------------------------------------------------------
def test_the_median_has_an_interval_from_eight_answers_on(cast):
    for hours in range(1, 8):
        _answered_after(cast, hours)
    cases = visible(cast.system)
    few = figures.middle(cases, 7)
    assert (few.value, few.low, few.high) == (pytest.approx(4 / 24), None, None)
    for hours in range(8, 21):
        _answered_after(cast, hours)
    found = figures.middle(cases, 20)
    assert found.value == pytest.approx(figures.median_days(cases, 20)) == pytest.approx(10.5 / 24)
    assert (found.low, found.high) == (pytest.approx(5 / 24), pytest.approx(16 / 24))
    assert figures.middle(cases, 0) == figures.Middle()


def _answered_after(cast, hours):
    case = registered(cast)
    Case.objects.filter(pk=case.pk).update(first_answered_at=case.received_at + timedelta(hours=hours))


# -- keeping -------------------------------------------------------------------------------------------------
def test_reports_are_in_no_figure(cast):
    registered(cast)
    registered(cast, nature=Case.Nature.REPORT)
    assert told.count().totals.cases == 1
    assert "report" not in [line.key for line in told.count().natures]


def test_how_many_name_somebody_does_not_follow_from_the_total_less_all_units(cast):
    """Of twenty answers two are to matters that name somebody: 20 less what all units answered would say so."""
    cases = [answered_after(cast, 1 + at, unit=("chengguan", "zhujian")[at % 2]) for at in range(20)]
    for case in cases[:2]:
        Exclusion.objects.create(case=case, unit=cast.chengguan)
    with clock.frozen(MONDAY + timedelta(days=40)):
        found = told.count()
    assert found.totals.answered == 20
    assert [line.answered for line in found.units].count(None) == 1, "9 of one unit and the 2 are 11 together"
    assert {line.answered for line in found.units} == {None, 9}
    Exclusion.objects.all().delete()
    cache.clear()
    with clock.frozen(MONDAY + timedelta(days=41)):
        assert [line.answered for line in told.count().units] == [10, 10]


def test_who_is_complained_of_by_name_learns_nothing_from_the_public_line_of_their_unit(cast):
    cases = [answered_after(cast, days) for days in (1, 2, 3, 4, 5, 6, 7, 8)]
    for days in (1, 2, 3, 4, 5, 6):
        answered_after(cast, days, unit="zhujian")
    Exclusion.objects.create(case=cases[0], user=cast.unit_leader.user)
    with clock.frozen(datetime(2027, 4, 1, 4, tzinfo=UTC)):
        public = {line.key: line.cases for line in told.count().units}
        mine = own.of_unit(cast.chengguan).work["answered"].value
    assert public == {"zhujian": None, "chengguan": 7} and mine == 7


@pytest.mark.parametrize(("older", "hidden_ones"), [((1,), 1), ((2, 2), 1), ((5,), 0), ((), 0)])
def test_a_small_month_that_the_table_has_no_more_does_not_follow_from_the_total(older, hidden_ones):
    counts = [*older, *([5] * told.MONTHS)]
    rows = [Row(f"{at:02}", "", n, n, n, 1.0, 1.0) for at, n in enumerate(counts)]
    lines = told.last_months(rows)
    assert [line.key for line in lines] == [row.key for row in rows[len(older) :]]
    assert sum(line.cases is None for line in lines) == hidden_ones
    assert sum(counts) - sum(line.cases or 0 for line in lines) == sum(older) + 5 * hidden_ones


def test_a_month_without_a_case_is_told_beside_hidden_ones_and_gives_none_away(cast):
    for days, n in ((-70, 2), (-8, 3), (0, 9)):
        with at(MONDAY + timedelta(days=days)):
            for _each in range(n):
                registered(cast)
    found = told.count()
    counts = {line.key: line.cases for line in found.months}
    assert counts == {"2026-08": None, "2026-09": 0, "2026-10": None, "2026-11": 9}
    assert found.totals.cases - 9 >= LEAST, "what is left for both hidden months together"


def test_a_visitor_reads_what_the_worker_counted_however_many_cases_came_since(
    cast, django_assert_max_num_queries
):
    answered(cast)
    told.keep()
    registered(cast)
    with django_assert_max_num_queries(1):
        assert told.to_all().value.totals.cases == 1
    with at(MONDAY + timedelta(minutes=4)):
        told.keep()
        assert told.to_all().value.totals.cases == 1
    with at(MONDAY + timedelta(minutes=6)):
        told.keep()
        assert told.to_all().value.totals.cases == 2


def test_without_a_worker_one_who_asks_counts_once_an_hour_over_the_last_copy(cast, client, monkeypatch):
    found = told.to_all().value
    assert (found.totals.cases, found.as_of) == (0, MONDAY)
    while sequence():
        pass
    registered(cast)
    snapshot.brought_up_to_date()
    assert told.to_all().value.totals.cases == 0
    registered(cast)
    monkeypatch.setattr(snapshot, "_written", lambda: pytest.fail("a visitor wrote a copy"))
    with at(MONDAY + timedelta(minutes=61)):
        found = told.to_all()
        assert (found.value.totals.cases, found.at) == (1, clock.now())
        assert moment(MONDAY) in client.get("/figures/").content.decode(), "of when the copy is"
    cache.clear()
    with at(MONDAY + timedelta(days=3)):
        assert told.to_all().value.totals.cases == 1


def test_while_one_visitor_counts_for_the_first_time_the_others_are_told_to_come_back(client):
    def counted_by_another():
        for address in ("/figures/", "/figures/figures.csv"):
            answer = client.get(address)
            assert answer.status_code == 422 and "数字正在第一次计算" in answer.content.decode()
        return "counted"

    assert keeping.kept_for_all(told.NAME, counted_by_another).value == "counted"
    assert keeping.kept_for_all(told.NAME, lambda: pytest.fail("counted twice")).value == "counted"


def test_a_count_that_fails_keeps_nobody_from_counting():
    with pytest.raises(ZeroDivisionError):
        keeping.kept_for_all("broken", lambda: 1 // 0)
    assert keeping.kept_for_all("broken", lambda: "counted").value == "counted"


def test_the_worker_rests_longer_the_longer_it_counts(cast):
    keeping.cache.set("kept:slow:all", keeping.Kept("old", MONDAY, took=30.0), None)
    for minutes, value in ((6, "old"), (24, "old"), (26, "new")):
        with at(MONDAY + timedelta(minutes=minutes)):
            keeping.count_again("slow", lambda: "new")
            assert keeping.kept_for_all("slow", lambda: "asked").value == value


def test_the_order_of_hidden_units_tells_nothing():
    rows = [
        Row("z", "Z", 9, 9, 9, 1.0, 1.0),
        Row("y", "Y", 4, 4, 4, 1.0, 1.0),
        Row("b", "B", 2, 2, 2, 1.0, 1.0),
    ]
    assert [row.key for row in told.shuffled(told.lines(rows))] == ["z", "b", "y"]
