"""The catalogue over the star, against cases whose numbers can be worked out by hand and against the older counts."""

from datetime import timedelta

import pytest

from huiyin.analytics import asking, building, figures, snapshot
from huiyin.analytics.asking import Question
from huiyin.analytics.catalogue import COUNT, FIGURES, RATE
from huiyin.analytics.dated import DATED, EVERY
from huiyin.analytics.engine import table
from huiyin.analytics.star import TABLES
from huiyin.analytics.tests.test_figures import answered_after
from huiyin.assessment.tests.town import left_out
from huiyin.cases import actions
from huiyin.cases.access import visible
from huiyin.cases.models import Case, Point
from huiyin.deadlines.models import Policy
from huiyin.evaluation.tests.road import MONDAY, registered, tell
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SIX = ("received", "concluded", "conclusion_rate", "suggestions", "appeals", "satisfaction_rate")


def asked(*names, by="", at=MONDAY + 30 * DAY, **where):
    """The figures of the live data, as of a moment."""
    with clock.frozen(at), snapshot.live() as (star, checkpoint):
        return asking.ask(star, names or FIGURES, Question(checkpoint.moment, **where), by=by)


def total(*names, **where):
    [line] = asked(*names, **where)
    return line.figures


def test_every_figure_has_a_name_a_definition_a_unit_a_denominator_and_a_source():
    assert not FIGURES.keys() & DATED.keys()
    for name, figure in EVERY.items():
        assert name == figure.name and name.isidentifier()
        assert all(map(str, (figure.title, figure.definition, figure.unit, figure.denominator, figure.basis)))
        assert figure.over in TABLES and figure.dated in TABLES[figure.over]


def test_of_no_cases_there_are_counts_and_no_rates(cast):
    for name, found in total().items():
        kind = FIGURES[name].kind
        assert found.value == (0 if kind == COUNT else None), name
        assert found.n == 0 and (kind == COUNT or found.interval is None)


def test_the_catalogue_counts_what_the_older_figures_count(cast):
    for days in (1, 2.5, 9, 0.5, 3, 4, 30, 12, 2):
        answered_after(cast, days)
    answered_after(cast, 4, unit="zhujian")
    with clock.frozen(MONDAY):
        registered(cast, headcount=12)
        registered(cast, nature=Case.Nature.SUGGESTION)
    end = MONDAY + 30 * DAY
    found = total(at=end)
    with clock.frozen(end):
        cases = visible(cast.system)
        old, on_time = figures.totals(cases), figures.on_time(cases)
        units = {row.key: row for row in figures.by_unit(cases)}
        months = {row.key: row.cases for row in figures.by_month(cases)}
        middle = figures.middle(cases, old.answered)
    same = {"received": old.cases, "people": old.headcount, "answered": old.answered, "open": old.open,
            "overdue": old.overdue, "open_people": old.open_headcount, "extended": on_time.extended}  # fmt: skip
    assert {name: found[name].value for name in same} == same
    times = {"median_days": old.median_days, "mean_days": old.mean_days, "max_days": old.max_days}
    assert {name: found[name].value for name in times} == pytest.approx(times)
    assert (found["on_time_rate"].value, found["on_time_rate"].n) == (on_time.rate, on_time.n)
    assert found["on_time_rate"].interval == on_time.interval
    lines = {line.key: line.figures for line in asked("received", "median_days", by="unit", at=end)}
    assert {key: lines[key]["received"].value for key in units} == {k: row.cases for k, row in units.items()}
    for key, row in units.items():
        assert lines[key]["median_days"].value == pytest.approx(row.median_days)
    assert {line.key: line.figures["received"].value for line in asked("received", by="month")} == months
    with clock.frozen(end), snapshot.live() as (star, checkpoint):
        bounds = asking.median_bounds(star, Question(checkpoint.moment))[""]
    assert bounds == pytest.approx((middle.low, middle.high))


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("month", ["2026-11", "2026-12", "2027-01"]),
        ("assessed", ["2026-11", "2026-12", "2027-01", "2027-02"]),
        ("quarter", ["2026-Q4", "2027-Q1"]),
        ("year", ["2026", "2027"]),
        ("nature", ["appeal"]),
    ],
)
def test_a_period_in_which_nothing_came_stands_with_its_noughts(cast, by, names):
    with clock.frozen(MONDAY):
        for days in (0, 62):
            case = registered(cast)
            Case.objects.filter(pk=case.pk).update(received_on=clock.local_date(MONDAY + days * DAY))
    with clock.frozen(MONDAY + 90 * DAY), snapshot.live() as (star, checkpoint):
        found = asking.every(star, FIGURES, Question(checkpoint.moment), by=by)
        days = asking.every(
            star, ["received"], Question(checkpoint.moment, since=(MONDAY - 2 * DAY).date(),
                                         until=(MONDAY + 4 * DAY).date()), by="day")  # fmt: skip
        none = asking.every(star, ["received"], Question(checkpoint.moment, unit="nobody"), by=by)
    assert [line.key for line in found] == names and none == []
    assert [line.figures["received"].value for line in days] == [0, 0, 1, 0, 0, 0, 0]
    if by == "month":
        empty = found[1].figures
        assert (empty["received"].value, empty["conclusion_rate"].value, empty["median_days"].value) == (
            0,
            None,
            None,
        )
    assert sum(line.figures["received"].value for line in found) == 2


def test_reports_are_in_no_table_of_the_star(cast):
    with clock.frozen(MONDAY):
        registered(cast)
        registered(cast, nature=Case.Nature.REPORT)
    assert total("received")["received"].value == 1
    assert [line.key for line in asked("received", by="nature")] == ["appeal"]


def test_an_act_moves_the_figures_and_only_what_changed_is_read_again(cast, monkeypatch):
    with clock.frozen(MONDAY):
        cases = [registered(cast) for _each in range(8)]
    before = total(*SIX)
    assert (before["received"].value, before["concluded"].value) == (8, 0)
    _put_in_order()
    total("received")
    with clock.frozen(MONDAY + DAY):
        actions.decline(cases[0], by=cast.clerk, reason=cast.no_duty)
    monkeypatch.setattr(snapshot, "_read_all", lambda: pytest.fail("everything was read"))
    after = total(*SIX)
    assert (after["concluded"].value, after["conclusion_rate"].value) == (1, 1 / 8)
    monkeypatch.undo()
    (snapshot.home() / "current.json").unlink()
    assert total() == total()
    assert total(*SIX) == after


def test_what_is_read_in_part_is_what_is_read_in_whole(cast):
    for days in (1, 3):
        answered_after(cast, days)
    _put_in_order()
    total()
    answered_after(cast, 2, unit="zhujian")
    with clock.frozen(MONDAY + 40 * DAY):
        registered(cast)
    in_part = asked(by="unit"), total()
    (snapshot.home() / "current.json").unlink()
    assert (asked(by="unit"), total()) == in_part


def test_parts_in_which_nothing_has_changed_are_the_same_files(cast, monkeypatch):
    monkeypatch.setattr(building, "PART", 2)
    with clock.frozen(MONDAY):
        cases = [registered(cast) for _each in range(12)]
        for case in cases[:8]:
            actions.decline(case, by=cast.clerk, reason=cast.no_duty)
    _put_in_order()
    total("received")
    before = _files()
    with clock.frozen(MONDAY + DAY):
        actions.decline(cases[9], by=cast.clerk, reason=cast.no_duty)
    monkeypatch.setattr(snapshot, "_read_all", lambda: pytest.fail("everything was read"))
    assert total("declined")["declined"].value == 9
    after = _files()
    made_again = {f"{building.LAID}=-1", f"{building.LAID}={cases[9].pk // 2}"}
    kept = {
        path
        for path in before
        if path.parent.name.startswith(building.LAID) and path.parent.name not in made_again
    }
    assert len({path.parent.name for path in kept}) >= 3
    assert {path: after[path] for path in kept} == {path: before[path] for path in kept}
    assert not set(before.values()) & {node for path, node in after.items() if path.parent.name in made_again}


def test_a_merged_matter_follows_its_parent_into_another_part(cast, monkeypatch):
    monkeypatch.setattr(building, "PART", 1)
    with clock.frozen(MONDAY):
        parent, child, *_others = [registered(cast) for _each in range(12)]
        actions.accept(parent, by=cast.clerk, category=cast.night_noise)
        order = actions.dispatch(parent, by=cast.dispatcher, lead=cast.chengguan)
        actions.merge(child, into=parent, by=cast.clerk)
        actions.sign(order, by=cast.handler)
        actions.answer(order, by=cast.handler, text="已办。", outcome=Point.Outcome.SOLVED)
    _put_in_order()
    assert {line.key for line in asked("received", by="unit")} == {""}
    with clock.frozen(MONDAY + DAY):
        tell(parent, cast)
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "_read_all", lambda: pytest.fail("everything was read"))
        in_part = asked(by="unit")
    assert {line.key: line.figures["received"].value for line in in_part} == {"": 10, "chengguan": 2}
    (snapshot.home() / "current.json").unlink()
    assert asked(by="unit") == in_part


def test_what_is_left_out_later_is_left_out_of_a_part_that_stood(cast, monkeypatch):
    monkeypatch.setattr(building, "PART", 1)
    cases = [answered_after(cast, 3), answered_after(cast, 3)]
    with clock.frozen(MONDAY + 5 * DAY):
        for case in cases:
            actions.close(case, by=cast.caller)
        for _each in range(10):
            registered(cast)
    _put_in_order()
    assert [line.key for line in asked("redone_rate", by="omitted")] == ["False"]
    left_out(cases[0], cast.chengguan, cast)
    monkeypatch.setattr(snapshot, "_changed_since", lambda position: [])
    monkeypatch.setattr(snapshot, "_read_all", lambda: pytest.fail("everything was read"))
    found = asked("redone_rate", by="omitted")
    assert {line.key: line.figures["redone_rate"].n for line in found} == {"False": 1, "True": 1}


def test_a_policy_that_is_worded_anew_is_so_in_every_part(cast, monkeypatch):
    with clock.frozen(MONDAY):
        actions.decline(registered(cast), by=cast.clerk, reason=cast.no_duty)
    _put_in_order()
    total("received")
    Policy.objects.update(basis="新的依据")
    monkeypatch.setattr(snapshot, "_read_all", lambda: pytest.fail("everything was read"))
    with clock.frozen(MONDAY + 30 * DAY), snapshot.live() as (star, _checkpoint):
        assert star.ask(table("rounds").select("policy_basis").distinct()) == [{"policy_basis": "新的依据"}]


def _files():
    """Each file of the present snapshot, by its place in it, and what the disk knows it by."""
    folder = snapshot.home() / snapshot.current().folder
    return {file.relative_to(folder): file.stat().st_ino for file in folder.rglob("*.parquet")}


def test_a_case_that_turns_out_to_be_a_report_leaves_the_figures(cast):
    with clock.frozen(MONDAY):
        cases = [registered(cast) for _each in range(10)]
    _put_in_order()
    assert total("received")["received"].value == 10
    Case.objects.filter(pk=cases[0].pk).update(nature=Case.Nature.REPORT)
    assert total("received")["received"].value == 9


def test_places_count_all_that_lies_in_them(cast):
    with clock.frozen(MONDAY):
        case = registered(cast)
    for code in [each for each in case.region.path.split("/") if each]:
        assert total("received", region=code)["received"].value == 1
    assert total("received", region="nowhere")["received"].value == 0
    [line] = asked("received", by=f"region:{case.region.level}")
    assert line.key == case.region.code


def test_a_period_takes_both_its_ends_by_local_date(cast):
    day = clock.local_date(MONDAY)
    for at in (MONDAY - DAY, MONDAY, MONDAY + DAY):
        with clock.frozen(at):
            registered(cast)
    assert total("received", since=day, until=day)["received"].value == 1
    assert total("received", since=day)["received"].value == 2
    assert total("received", since=day + 9 * DAY)["received"].value == 0
    assert len(asked("received", by="day")) == 3


def test_a_rate_lies_within_its_interval_and_a_full_count_is_exact(cast):
    for days in (1, 2, 30):
        answered_after(cast, days)
    for name, found in total().items():
        if FIGURES[name].kind == RATE and found.n:
            low, high = found.interval
            assert 0 <= low <= found.value <= high <= 1, name
        if FIGURES[name].kind == COUNT:
            assert found.interval == (found.value, found.value)


def test_what_happened_in_a_stretch_of_time_goes_by_its_own_moment_both_days_included(cast):
    day = clock.local_date(MONDAY)
    answered_after(cast, 3)
    told_on = {"since": day + 3 * DAY, "until": day + 3 * DAY}
    assert total("told_in_time_rate", **told_on)["told_in_time_rate"].n == 1
    assert total("told_in_time_rate", since=day, until=day + 2 * DAY)["told_in_time_rate"].n == 0
    assert total("on_time_rate", since=day, until=day)["on_time_rate"].n == 1, (
        "others go by the day of receipt"
    )
    at = MONDAY + 3 * DAY
    assert total("told_in_time_rate", begins=at, ends=at)["told_in_time_rate"].n == 0, "the end is not in it"
    assert total("told_in_time_rate", begins=at)["told_in_time_rate"].n == 1
    key = Case.objects.get().pk
    assert total("told_in_time_rate", without=frozenset({key}))["told_in_time_rate"].n == 0


def test_what_is_left_out_of_a_unit_s_figures_stands_in_the_star_with_its_clause(cast):
    answered_after(cast, 3), answered_after(cast, 3)
    case = Case.objects.order_by("pk").first()
    left_out(case, cast.chengguan, cast)
    found = asked("redone_rate", by="omitted")
    assert {line.key: line.figures["redone_rate"].n for line in found} == {"False": 1, "True": 1}
    with clock.frozen(MONDAY + 30 * DAY), snapshot.live() as (star, _checkpoint):
        rows = star.ask(table("exclusions").select("matter", "unit_id", "clause", "accused"))
    assert rows == [{"matter": case.pk, "unit_id": cast.chengguan.pk, "clause": "beyond", "accused": False}]
    Case.objects.filter(pk=case.pk).update(nature=Case.Nature.REPORT)
    with clock.frozen(MONDAY + 30 * DAY), snapshot.live() as (star, _checkpoint):
        assert star.ask(table("exclusions")) == [], "a report is in no table"


def _put_in_order():
    from huiyin.ledger.sequencer import sequence

    while sequence():
        pass
