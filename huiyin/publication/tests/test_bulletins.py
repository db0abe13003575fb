"""Bulletins: drafted with figures of the catalogue, four eyes, issued once, nothing in them that is not public."""

import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection

from huiyin.analytics import asking, freezing, snapshot, told
from huiyin.analytics.asking import Found, Question
from huiyin.analytics.catalogue import COUNT, FIGURES, RATE
from huiyin.assessment.tests import town
from huiyin.cases.models import Case, Exclusion
from huiyin.cli.demo.issued import issue_some
from huiyin.kernel import clock
from huiyin.kernel.identifiers import case_number
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import history
from huiyin.publication.bulletins import actions, binding, marking, queries, showing, templates
from huiyin.publication.bulletins.models import Bulletin
from huiyin.publication.bulletins.names import figure_names
from huiyin.publication.bulletins.periods import Span

pytestmark = pytest.mark.django_db
NOW, THEN = datetime(2026, 12, 7, 1, 0, tzinfo=UTC), datetime(2026, 11, 10, 4, tzinfo=UTC)
NOVEMBER = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}
YEAR = {"since": date(2025, 1, 1), "until": date(2025, 12, 31)}


@pytest.fixture(autouse=True)
def _in_december(db):
    cache.clear()
    with clock.frozen(NOW):
        yield


@pytest.fixture
def _uncounted(monkeypatch):
    """For what does not look at figures: nothing is counted, which takes a second."""
    bound = {"as_of": NOW.isoformat(), "position": 0, "running": "", "since": "2026-11-01", "until": "2026-11-30",
             "now": {"received": [24, 24]}, "then": {}, "tables": {}, "frozen": {}}  # fmt: skip
    monkeypatch.setattr("huiyin.publication.bulletins.binding.bind", lambda wanted, before=None: dict(bound))


way = pytest.mark.usefixtures("_uncounted")


def month(cast, **more) -> Bulletin:
    """The draft of November's bulletin."""
    return actions.draft(by=cast.clerk, code="monthly", **{**NOVEMBER, **more})


def issued(cast, row: Bulletin) -> Bulletin:
    """The draft on its whole way."""
    row = actions.submit(row, by=cast.clerk, version=row.version)
    row = actions.approve(row, by=cast.reviewer, version=row.version)
    return actions.issue(row, by=cast.clerk)


def words(row: Bulletin) -> str:
    """All that a bulletin says, in one line."""
    return re.sub(r"\s+", " ", repr(queries.document_of(row).blocks))


# -- figures -------------------------------------------------------------------------------------------------
def test_every_figure_of_a_draft_is_the_catalogue_s_with_the_change_since_the_month_before(cast):
    town.history(cast, cast.chengguan, THEN, n=24, late=6)
    town.history(cast, cast.chengguan, THEN - timedelta(days=31), n=16)
    row = month(cast)
    with snapshot.live() as (star, checkpoint):
        [line] = asking.ask(star, FIGURES, Question(checkpoint.moment, **NOVEMBER))
    kept = {name: tuple(each) for name, each in row.bound["now"].items()}
    assert kept == {name: (line.figures[name].counted, line.figures[name].n) for name in kept}
    assert (
        kept["received"] == (24, 24) and row.bound["as_of"] and row.bound["position"] == checkpoint.position
    )
    said = words(row)
    assert "'24'" in said and "增加 50.0%" in said and "'75.0%'" in said, (
        "24, from 16 to 24, 18 of 24 in time"
    )
    assert showing.typed_in(queries.document_of(row).blocks) == []


def test_a_figure_cannot_be_changed_by_editing_and_typed_digits_are_told(cast):
    town.history(cast, cast.chengguan, THEN, n=24)
    row = month(cast)
    text = "共收到 {收到} 件，都说是 99 件，占 12.5%。另有 \\{收到} 和 {不存在}。"
    with pytest.raises(Refused, match="不认识“"):
        actions.edit(row, by=cast.clerk, title="月报", body=text, version=1)
    row = actions.edit(row, by=cast.clerk, title="月报", body=text.replace(" 和 {不存在}", ""), version=1)
    found = queries.document_of(row).blocks
    assert "".join(run.text for run in found[0].runs) == "共收到 24 件，都说是 99 件，占 12.5%。另有 {收到}。"
    assert showing.typed_in(found) == ["99", "12.5%"]


def test_a_month_that_was_published_shows_its_published_figures_with_their_revision_and_day(cast):
    town.history(cast, cast.chengguan, THEN, n=20)
    with clock.frozen(NOW + timedelta(days=5)):
        freezing.freeze("2026-11", by=cast.clerk)
    town.history(cast, cast.chengguan, THEN, n=10)
    with clock.frozen(NOW + timedelta(days=6)):
        row = month(cast)
        assert row.bound["now"]["received"] == [20, 20]
        assert "2026-12-12 定稿" in words(row)
        freezing.revise("2026-11", by=cast.clerk, reason="补录")
        row = actions.recount(row, by=cast.clerk, version=1)
    assert row.bound["now"]["received"] == [30, 30] and "2026-12-13 第 1 次更正" in words(row)


def test_of_a_published_month_nothing_is_said_in_public_but_what_was_frozen(cast):
    town.history(cast, cast.chengguan, THEN, n=20)
    assert month(cast).bound["tables"]
    Bulletin.objects.all().delete()
    with clock.frozen(NOW + timedelta(days=5)):
        freezing.freeze("2026-11", by=cast.clerk)
    town.history(cast, cast.chengguan, THEN, n=10)
    with clock.frozen(NOW + timedelta(days=6)):
        row = month(cast)
    assert row.bound["now"].keys() <= set(freezing.KEPT) and row.bound["now"]["received"] == [20, 20]
    assert row.bound["tables"] == {} and "30" not in words(row)


# -- ratings, and who is complained of -----------------------------------------------------------------------
RATED = {name for name, figure in FIGURES.items() if figure.over == "evaluations"}


def test_a_week_has_seven_days_also_where_nothing_came_on_some(cast):
    town.history(cast, cast.chengguan, THEN, n=6)
    row = actions.draft(by=cast.clerk, code="weekly", since=date(2026, 11, 9), until=date(2026, 11, 15))
    days = {each["key"]: each["cells"]["received"] for each in row.bound["tables"]["day"]}
    assert len(days) == 7 and days["2026-11-15"] == 0 and sum(days.values()) == 6


def test_a_part_of_few_is_not_told_in_public_for_its_n_would_tell_the_few():
    public = binding.Wanted(Span("month", **NOVEMBER), Bulletin.Audience.PUBLIC)
    kept = binding._kept({"overdue": Found(COUNT, 0, 3), "declined": Found(COUNT, 0, 30)}, public)
    assert kept == {"declined": [0, 30]}


def test_no_days_week_or_year_that_somebody_chooses_tells_a_rating(cast):
    town.history(cast, cast.chengguan, THEN, n=12)
    town.history(cast, cast.chengguan, THEN - timedelta(days=400), n=12)
    ask = {"by": cast.clerk, "code": "information", **NOVEMBER}
    drawn = [actions.draft(**ask), actions.draft(**ask, scope="city"),
             actions.draft(**{**ask, "by": cast.representative}),
             actions.draft(by=cast.clerk, code="weekly", since=date(2026, 11, 9), until=date(2026, 11, 15)),
             actions.draft(by=cast.clerk, code="annual", **YEAR)]  # fmt: skip
    for row in drawn:
        assert row.bound["now"]["received"] == [12, 12]
        assert not RATED & {*row.bound["now"], *row.bound["then"]}, row.template
    own = actions.edit(drawn[2], by=cast.representative, title="满意", body="{满意率}", version=1)
    assert "'—'" in words(own)


def test_a_late_rating_is_not_told_by_a_month_beside_its_published_figures(cast):
    town.history(cast, cast.chengguan, THEN, n=12, solved=6)
    early = month(cast)
    assert not RATED & early.bound["now"].keys()
    with clock.frozen(NOW + timedelta(days=5)):
        freezing.freeze("2026-11", by=cast.clerk)
    town.rated(town.matter(cast, cast.chengguan, THEN), THEN, solved="no", satisfied=1)
    with clock.frozen(NOW + timedelta(days=6)):
        late = actions.recount(early, by=cast.clerk, version=1)
    assert late.bound["now"]["ratings"] == [12, 12] and late.bound["now"]["solution_rate"] == [6, 12]


def test_a_matter_that_names_somebody_moves_no_figure_inside_the_office(cast):
    def drawn_up(hours: int) -> list[object]:
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            bound = actions.draft(by=cast.clerk, code="information", **NOVEMBER).bound
        return [bound[name] for name in ("now", "then", "tables")]

    town.history(cast, cast.chengguan, THEN, n=8)
    without = drawn_up(1)
    Exclusion.objects.create(case=town.matter(cast, cast.zhujian, THEN), unit=cast.weijian)
    assert drawn_up(2) == without


def test_the_public_table_by_unit_has_no_matter_that_names_somebody(cast):
    cases = town.history(cast, cast.chengguan, THEN - timedelta(days=400), n=8)
    town.history(cast, cast.zhujian, THEN - timedelta(days=400), n=6)
    Exclusion.objects.create(case=cases[0], unit=cast.weijian)
    lines = actions.draft(by=cast.clerk, code="annual", **YEAR).bound["tables"]["unit"]
    assert {line["key"]: line["cells"]["answered"] for line in lines} == {"chengguan": 7, "zhujian": None}, (
        "nor does it follow from the 14 that were answered less all units"
    )


def test_small_counts_are_in_no_public_bulletin_and_stand_in_an_internal_one(cast):
    town.history(cast, cast.chengguan, THEN, n=9)
    town.matter(cast, cast.chengguan, THEN, nature="suggestion")
    few = town.history(cast, cast.zhujian, THEN, n=3, category=cast.property)
    row = month(cast)
    assert not {"suggestions", "appeals", "suggestion_share", "appeal_share"} & row.bound["now"].keys()
    assert "satisfied" not in str(row.bound["tables"])
    cells = {line["key"]: line["cells"] for line in row.bound["tables"]["category:top"]}
    assert cells["housing"] == cells["city"] == dict.fromkeys(cells["city"], None), (
        "3 would follow from the rest"
    )
    assert "不单独公布" in words(row)
    inside = actions.draft(
        by=cast.clerk, code="information", since=NOVEMBER["since"], until=NOVEMBER["until"]
    )
    assert inside.bound["now"]["suggestions"] == [1, 13]
    rows = {line["key"]: line["cells"]["received"] for line in inside.bound["tables"]["category:top"]}
    assert rows == {"city": 10, "housing": 3}
    Exclusion.objects.create(case=few[0], unit=cast.zhujian)
    with clock.frozen(NOW + timedelta(hours=1)):
        inside = actions.recount(inside, by=cast.clerk, version=1)
    told = {line["key"]: line["cells"]["received"] for line in inside.bound["tables"]["unit"]}
    assert told["zhujian"] in (2, 3), told
    assert "ratings" not in str(inside.bound["tables"])


WEEK = binding.Wanted(Span("week", date(2026, 11, 9), date(2026, 11, 15)), Bulletin.Audience.PUBLIC)


def test_in_public_no_count_of_few_is_what_is_left_of_others():
    counts = {"received": 90, "suggestions": 20, "appeals": 70, "inquiries": 30, "complaints": 37}
    found = {name: Found(COUNT, n, 90) for name, n in counts.items()}
    kept = binding._kept(found, WEEK)
    assert "received" in kept and not {"suggestions", "inquiries", "complaints"} <= kept.keys(), kept
    inside = binding._kept(found, replace(WEEK, audience=Bulletin.Audience.INTERNAL))
    assert inside.keys() == found.keys()


def test_how_few_the_office_has_not_done_is_told_in_public():
    """“收到 30 件，办结 28 件”: what two wait for is its own affair; of one that came alone nothing is told."""
    found = {"received": Found(COUNT, 30, 30), "concluded": Found(COUNT, 28, 30), "open": Found(COUNT, 2, 30),
             "conclusion_rate": Found(RATE, 28, 30), "overdue": Found(COUNT, 1, 2)}  # fmt: skip
    assert binding._kept(found, WEEK).keys() == found.keys() - {"overdue"}
    few = {
        "received": Found(COUNT, 3, 3),
        "concluded": Found(COUNT, 1, 3),
        "conclusion_rate": Found(RATE, 1, 3),
    }
    assert not binding._kept(few, WEEK)


def test_two_spans_of_days_do_not_tell_of_the_few_between_them(cast):
    town.history(cast, cast.chengguan, THEN, n=24)
    town.history(cast, cast.chengguan, datetime(2026, 11, 20, 4, tzinfo=UTC), n=2)
    first = binding.bind(days(date(2026, 11, 2), date(2026, 11, 19)))
    assert first["now"]["received"] == [24, 24]
    Bulletin.objects.create(**row_of(cast, date(2026, 11, 2), date(2026, 11, 19), first))
    second = binding.bind(days(date(2026, 11, 2), date(2026, 11, 20)))
    assert "received" not in second["now"], "26 - 24 = the two of the 20th"
    assert "answered" not in second["now"] and "mean_days" not in second["now"]
    third = binding.bind(days(date(2026, 11, 9), date(2026, 11, 12)))
    assert third["now"]["received"] == [24, 24], "joined with nothing that is told"


def test_days_at_the_edge_of_a_month_do_not_follow_from_the_weeks_in_it(cast):
    """The page tells October and November: a week over both with another up to it tells of the last of October."""
    town.history(cast, cast.chengguan, datetime(2026, 10, 20, 4, tzinfo=UTC), n=10)
    town.history(cast, cast.chengguan, datetime(2026, 10, 31, 4, tzinfo=UTC), n=2)
    town.history(cast, cast.chengguan, THEN, n=24)
    found = binding.bind(days(date(2026, 11, 1), date(2026, 11, 29)))
    assert found["now"]["received"] == [24, 24], "nothing came on the 30th"
    found = binding.bind(days(date(2026, 10, 1), date(2026, 10, 30)))
    assert "received" not in found["now"], "12 - 10"
    found = binding.bind(days(date(2026, 10, 12), date(2026, 10, 25)))
    assert found["now"]["received"] == [10, 10], "no end of it is an end of a month"


def test_a_month_that_the_page_hides_does_not_follow_from_a_year(cast):
    town.history(cast, cast.chengguan, datetime(2024, 12, 10, 4, tzinfo=UTC), n=6)
    town.history(cast, cast.chengguan, datetime(2025, 2, 10, 4, tzinfo=UTC), n=3)
    town.history(cast, cast.chengguan, datetime(2025, 3, 10, 4, tzinfo=UTC), n=12)
    town.history(cast, cast.chengguan, datetime(2025, 4, 10, 4, tzinfo=UTC), n=20)
    page = {line.key: line.cases for line in told.count().months}
    assert (page["2025-02"], page["2025-03"]) == (None, 12)
    found = binding.bind(replace(WEEK, span=Span("year", YEAR["since"], YEAR["until"])))
    assert "received" not in found["now"], "35 - 12 - 20 = the three of February"


def test_a_month_that_stands_fixed_does_not_tell_the_few_of_another_that_the_page_hides(cast):
    """The page hides the seven of October with the three of September; all together are 30."""
    town.history(cast, cast.chengguan, datetime(2026, 9, 10, 4, tzinfo=UTC), n=3)
    town.history(cast, cast.chengguan, datetime(2026, 10, 10, 4, tzinfo=UTC), n=7)
    town.history(cast, cast.chengguan, THEN, n=20)
    with clock.frozen(NOW + timedelta(days=5)):
        october = replace(WEEK, span=Span("month", date(2026, 10, 1), date(2026, 10, 31)))
        assert "received" not in binding.bind(october)["now"]
        freezing.freeze("2026-10", by=cast.clerk)
        cache.clear()
        assert [line.cases for line in told.count().months][:3] == [None, None, 20]
        found = binding.bind(october)
        assert "received" not in found["now"] and "received" not in found["frozen"]["now"]["names"]
        november = binding.bind(replace(WEEK, span=Span("month", **NOVEMBER)))
    assert november["now"]["received"] == [20, 20] and "received" not in november["then"]


def test_what_came_before_does_not_follow_from_a_year_and_all_time(cast):
    town.history(cast, cast.chengguan, datetime(2024, 12, 10, 4, tzinfo=UTC), n=3)
    town.history(cast, cast.chengguan, datetime(2024, 12, 10, 4, tzinfo=UTC), n=7, nature="suggestion")
    for nature in ("appeal", "suggestion", "inquiry"):
        town.history(cast, cast.chengguan, datetime(2025, 3, 10, 4, tzinfo=UTC), n=9, nature=nature)
    found = binding.bind(replace(WEEK, span=Span("year", YEAR["since"], YEAR["until"])))
    rows = {line["key"]: line["cells"]["received"] for line in found["tables"]["nature"]}
    assert rows["appeal"] is None and list(rows.values()).count(None) == 2, "12 of all time less 9"


def at(year, month, day=10):
    return datetime(year, month, day, 4, tzinfo=UTC)


def test_a_span_from_before_the_first_month_begins_with_it(cast):
    """The page tells 42 of all time: less all up to the 25th, they are the two of the 28th."""
    town.history(cast, cast.chengguan, at(2026, 3), n=20)
    town.history(cast, cast.chengguan, THEN, n=20)
    town.history(cast, cast.chengguan, at(2026, 11, 28), n=2)
    assert "received" not in binding.bind(days(date(2026, 1, 1), date(2026, 11, 25)))["now"]


def test_no_figure_tells_how_much_came_where_that_is_not_told_itself(cast):
    """Beside most figures stands their n; page and open data tell of October and of November how many are concluded."""
    town.history(cast, cast.chengguan, at(2026, 10, 20), n=10)
    town.history(cast, cast.chengguan, at(2026, 10, 31), n=2)
    town.history(cast, cast.chengguan, THEN, n=24)
    found = binding.bind(days(date(2026, 10, 1), date(2026, 10, 30)))
    assert found["now"].keys() <= {
        "overdue",
        "redo_rate",
        "orders",
        "signed_rate",
        "objection_rate",
        "return_rate",
    }
    found = binding.bind(days(date(2026, 11, 1), date(2026, 11, 29)))
    assert found["now"]["concluded"][1] == found["now"]["suggestion_share"][1] == 24


@pytest.mark.parametrize("n", [3, 6])
def test_a_trend_does_not_tell_a_month_that_the_page_hides_for_another_s_sake(cast, n):
    """The page hides the six of March with the three of a November that is out of the trend."""
    town.history(cast, cast.chengguan, at(2025, 11), n=n)
    town.history(cast, cast.chengguan, at(2026, 3), n=6)
    for one in (1, 2, *range(4, 11)):
        town.history(cast, cast.chengguan, at(2026, one), n=8)
    town.history(cast, cast.chengguan, THEN, n=8)
    rows = binding.bind(replace(WEEK, span=Span("month", **NOVEMBER)))["tables"].get("month", [])
    assert [row["cells"]["received"] for row in rows[:4]] == ([] if n < 5 else [0, 8, 8, 6])


def test_a_year_tells_no_nature_and_no_unit_that_the_page_hides_for_another_s_sake(cast):
    """Of 11 that the page hides together 8 are inquiries, and 8 of one unit: the rest would be few."""
    town.history(cast, cast.weijian, at(2026, 5), n=3, nature="suggestion")
    town.history(cast, cast.zhujian, at(2025, 5), n=8, nature="inquiry")
    town.history(cast, cast.chengguan, at(2025, 5), n=40)
    page = told.count()
    assert [line.key for line in page.units if line.cases is None] == ["weijian", "zhujian"]
    found = binding.bind(replace(WEEK, span=Span("year", YEAR["since"], YEAR["until"])))
    for by, key in (("nature", "inquiry"), ("unit", "zhujian")):
        [cells] = [line["cells"] for line in found["tables"][by] if line["key"] == key]
        assert cells["received"] is None, by
    assert not {"inquiries", "suggestions", "appeals", "appeal_share"} & found["now"].keys()


def test_a_year_tells_no_answers_that_the_page_hides_for_another_s_sake(cast):
    """The page hides the answers to inquiries, eight, with the two to suggestions."""

    def without_answer(n, **more):
        for case in town.history(cast, cast.chengguan, at(2025, 5), n=n, **more):
            Case.objects.filter(pk=case.pk).update(first_answered_at=None)

    town.history(cast, cast.chengguan, at(2026, 5), n=2, nature="suggestion")
    without_answer(8, nature="suggestion")
    town.history(cast, cast.chengguan, at(2025, 5), n=8, nature="inquiry")
    town.history(cast, cast.chengguan, at(2025, 5), n=40)
    page = {line.key: (line.cases, line.answered) for line in told.count().natures}
    assert (page["suggestion"], page["inquiry"]) == ((10, None), (8, None))
    found = binding.bind(replace(WEEK, span=Span("year", YEAR["since"], YEAR["until"])))
    [cells] = [line["cells"] for line in found["tables"]["nature"] if line["key"] == "inquiry"]
    assert cells["received"] == 8 and cells["answered"] is cells["mean_days"] is None


def days(since, until):
    return replace(WEEK, span=Span("days", since, until))


def row_of(cast, since, until, bound):
    """A bulletin as it is kept."""
    return {"template": "weekly", "audience": Bulletin.Audience.PUBLIC, "every": "days", "since": since, "until": until,
            "title": "x", "body": "x", "bound": bound, "unit": cast.centre, "drafted_at": NOW, "edited_at": NOW,
            "once": f"{since}{until}"}  # fmt: skip


def test_no_table_that_could_be_subtracted_from_another_is_public():
    for every, text in (("month", "{表:单位:收到}"), ("month", "{图:日:收到}"), ("year", "{表:类别:收到}"),
                        ("week", "{图:月份:收到}"), ("days", "{表:类别:收到}")):  # fmt: skip
        with pytest.raises(Refused, match="不能按这一项"):
            marking.check(text, audience="public", every=every)
        marking.check(text, audience="internal", every=every)
    with pytest.raises(Refused):
        marking.check("{表:单位:满意率}", audience="internal", every="month")


# -- the way of a bulletin -----------------------------------------------------------------------------------
@way
def test_it_goes_from_draft_to_issue_with_an_event_for_each_act_and_no_text_in_them(cast):
    row = issued(cast, actions.edit(month(cast), by=cast.clerk, title="绝密标题", body="绝密正文", version=1))
    assert (row.year, row.number, row.state) == (2026, 1, "issued")
    events = list(history(f"bulletin:{row.pk}"))
    assert [each.kind for each in events] == [
        "draft_bulletin", "edit_bulletin", "submit_bulletin", "approve_bulletin", "issue_bulletin"
    ]  # fmt: skip
    assert "绝密" not in str([each.facts for each in events])
    assert events[-1].facts["digest"] == row.digest and queries.tampered() == []
    Bulletin.objects.filter(pk=row.pk).update(bound={**row.bound, "now": {"received": [7, 7]}})
    assert [each.pk for each in queries.tampered()] == [row.pk]


@way
def test_nobody_approves_what_they_wrote_whatever_seat_they_take(cast):
    row = month(cast)
    row = actions.edit(row, by=cast.reviewer, title="改", body="改", version=1)
    actions.submit(row, by=cast.clerk, version=row.version)
    for who in (cast.clerk, cast.reviewer, cast.handler, cast.representative, cast.caller):
        with pytest.raises(PermissionDenied):
            actions.approve(row, by=who, version=row.version)
    assert actions.approve(row, by=cast.supervisor, version=row.version).state == "approved"


@way
def test_it_is_sent_back_with_a_remark_and_comes_again(cast):
    row = month(cast)
    actions.submit(row, by=cast.clerk, version=1)
    with pytest.raises(Refused, match="请填写"):
        actions.send_back(row, by=cast.reviewer, remark="  ")
    row = actions.send_back(row, by=cast.reviewer, remark="第二段不通")
    assert queries.opened(cast.clerk, row).remark == "第二段不通"
    assert actions.submit(row, by=cast.clerk, version=1).remark is None
    with pytest.raises(Refused, match="待核准"):
        actions.edit(row, by=cast.clerk, title="改", body="改", version=1)
    with pytest.raises(Refused, match="待核准"):
        actions.issue(row, by=cast.reviewer)


@way
def test_of_two_who_edit_one_wins_and_the_other_is_told_who_did(cast):
    row = month(cast)
    actions.edit(row, by=cast.clerk, title="先", body="先", version=1)
    with pytest.raises(actions.Stale, match="改过这份简报"):
        actions.edit(row, by=cast.dispatcher, title="后", body="后", version=1)
    assert queries.text_of(Bulletin.objects.get(pk=row.pk)) == "先"
    with pytest.raises(actions.Stale):
        actions.submit(row, by=cast.clerk, version=1)


@way
def test_a_period_has_one_a_form_sent_twice_makes_one_and_an_issue_is_given_one_number(cast):
    row = month(cast)
    with pytest.raises(actions.Taken) as taken:
        month(cast)
    assert taken.value.key == row.pk
    ask = {"by": cast.clerk, "code": "information", **NOVEMBER, "key": "a" * 32}
    first = actions.draft(**ask)
    with pytest.raises(actions.Taken) as taken:
        actions.draft(**ask)
    assert taken.value.key == first.pk
    issued(cast, row)
    with pytest.raises(Refused, match="已签发"):
        actions.issue(row, by=cast.clerk)
    assert Bulletin.objects.filter(number=1).count() == 1


@way
def test_a_telephone_or_a_name_is_not_handed_in(cast):
    row = month(cast)
    for text in ("请打 13800000001", "身份证 11010519491231002X", "联系人：王小明，电话同上"):
        row = actions.edit(row, by=cast.clerk, title="月报", body=text, version=row.version)
        with pytest.raises(Refused, match="没有送出"):
            actions.submit(row, by=cast.clerk, version=row.version)
    row = actions.edit(row, by=cast.clerk, title="月报", body="收到 {收到} 件", version=row.version)
    assert actions.submit(row, by=cast.clerk, version=row.version).state == "submitted"


@way
def test_a_discarded_draft_makes_room_for_another(cast):
    row = month(cast)
    actions.discard(row, by=cast.clerk)
    assert month(cast).pk != row.pk


@way
def test_an_issue_is_corrected_by_the_next_that_names_it_and_withdrawn_with_a_trace(cast):
    old = issued(cast, month(cast))
    new = actions.correct(old, by=cast.clerk, reason="漏了一段")
    with pytest.raises(actions.Taken):
        actions.correct(old, by=cast.dispatcher, reason="又一次")
    assert queries.text_of(new) == queries.text_of(old) and new.bound == old.bound
    new = issued(cast, new)
    assert new.number == 2 and "本期更正2026 年第 1 期" in queries.document_of(new).notice
    assert Bulletin.objects.get(pk=old.pk).digest == old.digest and queries.tampered() == []
    with pytest.raises(PermissionDenied):
        actions.withdraw(old, by=cast.clerk, reason="有误")
    actions.withdraw(old, by=cast.reviewer, reason="数字有误")
    assert queries.public_find(old.pk).reason == "数字有误"
    assert queries.tampered() == []


def test_a_span_that_is_not_over_or_no_such_period_is_refused(cast):
    for since, until in ((date(2026, 12, 1), date(2026, 12, 31)), (date(2026, 11, 2), date(2026, 11, 30)),
                         (date(2026, 11, 30), date(2026, 11, 1)), (date(1900, 1, 1), date(1900, 1, 31))):  # fmt: skip
        with pytest.raises(Refused):
            actions.draft(by=cast.clerk, code="monthly", since=since, until=until)
    assert not Bulletin.objects.exists()


# -- cases in it ---------------------------------------------------------------------------------------------
@way
def test_an_information_bulletin_tells_of_chosen_cases_without_the_person_and_of_no_report(cast):
    [case, report, accusing] = town.history(cast, cast.chengguan, THEN, n=3)
    for each in (case, report, accusing):
        each.number = case_number(2026)
        Case.objects.filter(pk=each.pk).update(number=each.number)
    Case.objects.filter(pk=case.pk).update(title="# 王小明的事", text="电话 13800000001，{收到} **急**")
    Case.objects.filter(pk=report.pk).update(nature="report")
    Exclusion.objects.create(case=accusing, unit=cast.zhujian)
    ask = {"by": cast.clerk, "code": "information", **NOVEMBER}
    row = actions.draft(**ask, cases=[case.number])
    said = words(row)
    assert "13800000001" not in said and "{收到} **急**" in said and "# 王小明" in said
    for number in (report.number, accusing.number, "2648-3917-5062", "abc"):
        with pytest.raises(Refused, match="没有找到编号"):
            actions.draft(**ask, cases=[number])
    with pytest.raises(PermissionDenied):
        actions.draft(**{**ask, "by": cast.handler})


def test_a_report_changes_nothing_in_a_draft(cast):
    def drawn_up() -> list[object]:
        bound = month(cast).bound
        Bulletin.objects.all().delete()
        return [bound[name] for name in ("now", "then", "tables")]

    town.history(cast, cast.chengguan, THEN, n=8)
    without = drawn_up()
    town.matter(cast, cast.chengguan, THEN, nature="report")
    with clock.frozen(NOW + timedelta(hours=1)):
        assert drawn_up() == without


# -- templates -----------------------------------------------------------------------------------------------
def test_each_figure_has_one_name_in_chinese_and_each_default_template_can_be_drawn(cast):
    assert len(figure_names()) == 2 * len(FIGURES), "two figures of one title"
    found = templates.in_force(date(2026, 12, 1))
    assert {each.code for each in found} >= {"weekly", "monthly", "annual", "information", "notice-region"}
    assert templates.faults(templates.DEFAULTS.parent) == []


def test_a_profile_s_template_takes_the_place_of_the_program_s_from_its_day(cast, tmp_path, settings):
    settings.HUIYIN_PROFILE = str(tmp_path)
    (tmp_path / "bulletins").mkdir()
    head = 'code = "monthly"\nname = "月报"\nseries = "我县月报"\ntitle = "{本期}"\nevery = "month"\naudience = "public"\n'
    for day, text in (("2004-01-01", "旧：{收到}"), ("2026-11-15", "新：{收到}")):
        file = tmp_path / "bulletins" / f"monthly-{day}.md"
        file.write_text(f"+++\n{head}valid_from = {day}\n+++\n{text}\n", encoding="utf-8")
    assert templates.named("monthly", date(2026, 11, 30)).text == "新：{收到}"
    assert templates.named("monthly", date(2026, 10, 31)).text == "旧：{收到}"
    assert templates.faults(tmp_path) == []
    wrong = tmp_path / "bulletins" / "wrong.md"
    for text, why in ((f"+++\n{head}+++\n", "valid_from"), (f"+++\n{head}valid_from = 2026-01-01\n+++\n{{天气}}", "天气"),
                      (f"+++\n{head}valid_from = 2026-01-01\n+++\n共 1945 件", "写死"), ("没有头", "\\+\\+\\+")):  # fmt: skip
        wrong.write_text(text, encoding="utf-8")
        assert any(re.search(why, each) for each in templates.faults(tmp_path)), why


@way
def test_a_demonstration_has_some_once(cast):
    assert (issue_some(), issue_some()) == (2, 0)
    assert set(Bulletin.objects.values_list("template", "state")) == {
        ("monthly", "issued"),
        ("weekly", "draft"),
    }


# -- at once -------------------------------------------------------------------------------------------------
@way
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_four_who_issue_at_once_each_issue_has_its_own_number_and_is_issued_once(cast):
    rows = []
    for n in range(2):
        row = actions.draft(by=cast.clerk, code="information", **NOVEMBER, key=str(n))
        row = actions.submit(row, by=cast.clerk, version=1)
        rows += [actions.approve(row, by=cast.reviewer, version=1)] * 2
    ended: list[str] = []

    def issue(row: Bulletin) -> None:
        with clock.frozen(NOW):
            try:
                actions.issue(row, by=cast.clerk)
            except Refused as refused:
                ended.append(refused.code)
            else:
                ended.append("issued")
            finally:
                connection.close()

    threads = [threading.Thread(target=issue, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ended) == ["bulletin_state", "bulletin_state", "issued", "issued"]
    assert sorted(Bulletin.objects.values_list("number", flat=True)) == [1, 2]
