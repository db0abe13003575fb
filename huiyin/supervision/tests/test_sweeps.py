"""排查: sheets by grid and round, findings that are cases, “nothing found” said in so many words, what is overdue."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.cases.models import Case
from huiyin.cases.tests.roads import DAY, MONDAY, at, merge_units
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import latest
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from huiyin.supervision.sweeps import queries
from huiyin.supervision.sweeps.actions import finish_sheet, ground_of, plan_sweep, report_finding, stop_sweep
from huiyin.supervision.sweeps.models import Finding, Sheet, Sweep
from huiyin.supervision.sweeps.rules import SweepKind, in_season, kind_of

pytestmark = pytest.mark.django_db
FLOOD = SweepKind("flood", "汛期", "看护坡", 7, (6, 7, 8))
WINTER = SweepKind("winter", "冬季", "看炉子", 10, (11, 12))


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr("huiyin.supervision.sweeps.rules.sweep_kinds", lambda: [FLOOD, WINTER])
    with clock.frozen(MONDAY):
        yield


def planned(cast, **more) -> Sweep:
    values = {"kind": WINTER, "title": "冬季排查", "what": "看炉子", "region": cast.town, "every": 7,
              "since": date(2026, 11, 2), "until": date(2026, 11, 22)}  # fmt: skip
    return plan_sweep(by=cast.supervisor, **{**values, **more})


def first_sheet(sweep: Sweep) -> Sheet:
    return sweep.sheets.order_by("round", "pk").first()


def found(cast, sheet, key="k1", **more):
    said = {"title": "护坡开裂", "text": "桥头护坡裂了两指宽", **more}
    return report_finding(sheet, by=cast.community_handler, key=key, **said)


# -- planning -------------------------------------------------------------------------------------------------
def test_each_grid_has_a_sheet_for_each_round(cast):
    sweep = planned(cast)
    sheets = list(sweep.sheets.order_by("round"))
    assert [(row.round, row.begins_on.day, row.due_on.day) for row in sheets] == [
        (1, 2, 8),
        (2, 9, 15),
        (3, 16, 22),
    ]
    assert {(row.region, row.unit, row.person) for row in sheets} == {
        (cast.community_region, cast.community, cast.community_handler.post)
    }
    event = latest(f"sweep:{sweep.pk}")
    assert (event.kind, event.facts["sheets"], event.facts["region"]) == ("plan_sweep", 3, "tingfeng")


def test_a_street_that_has_communities_is_walked_by_them(cast):
    cast.community.region = cast.street
    cast.community.save()
    assert [place for place, _unit, _post in ground_of(cast.town)] == [cast.street]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"until": date(2026, 11, 1)}, "days"),
        ({"since": date(2026, 11, 1)}, "days"),
        ({"until": date(2028, 1, 1)}, "days"),
        ({"every": 0}, "every"),
        ({"title": " "}, "missing"),
    ],
)
def test_what_makes_no_sense_is_refused(cast, more, code):
    with pytest.raises(Refused) as refused:
        planned(cast, **more)
    assert refused.value.code == code and not Sweep.objects.exists()


def test_a_place_without_anybody_on_the_ground_is_no_place_to_sweep(cast):
    with pytest.raises(Refused) as refused:
        planned(cast, region=cast.other_street)
    assert refused.value.code == "ground"


def test_only_whoever_oversees_the_place_plans_and_stops(cast):
    for by in (cast.clerk, cast.handler, cast.community_handler, cast.citizen):
        with pytest.raises(PermissionDenied):
            plan_sweep(by=by, kind=WINTER, title="查", what="看", region=cast.town, every=7,
                       since=date(2026, 11, 2), until=date(2026, 11, 8))  # fmt: skip
        with pytest.raises(PermissionDenied):
            stop_sweep(planned(cast), by=by, reason="不查了")


def test_a_form_sent_again_plans_once_under_whichever_post_and_for_nobody_else(cast):
    second = Post.objects.create(code="also", user=cast.supervisor.user, unit=cast.duban, role="leader")
    form = {"kind": WINTER, "title": "查", "what": "看", "region": cast.town, "every": 7, "once": "a" * 32,
            "since": date(2026, 11, 2), "until": date(2026, 11, 8)}  # fmt: skip
    first = plan_sweep(by=cast.supervisor, **form)
    assert plan_sweep(by=Actor.of(second), **form).pk == first.pk
    with pytest.raises(Refused, match="别人已经用过"):
        plan_sweep(by=cast.leader, **form)
    assert Sweep.objects.count() == 1


def test_the_kinds_of_the_season_stand_first():
    assert [kind.code for kind in in_season(7)] == ["flood", "winter"]
    assert [kind.code for kind in in_season(12)] == ["winter", "flood"]


@pytest.mark.parametrize("row", [{}, {"code": "a", "name": "b"}, {"code": "a", "name": "b", "what": "c", "every": 0},
                                 {"code": "a", "name": "b", "what": "c", "months": [13]}])  # fmt: skip
def test_a_kind_that_cannot_be_meant_is_none(row):
    assert kind_of(row) is None


# -- walking --------------------------------------------------------------------------------------------------
def test_what_is_found_becomes_a_case_once(cast):
    sheet = first_sheet(planned(cast))
    taken, again = found(cast, sheet), found(cast, sheet)
    assert taken.number == again.number
    case = Case.objects.get(number=taken.number)
    assert (case.channel, case.region, case.state) == ("sweep", cast.community_region, "registered")
    assert (Finding.objects.count(), Sheet.objects.get(pk=sheet.pk).found) == (1, 1)
    event = latest(f"sweep:{sheet.sweep_id}")
    assert event.facts == {"round": 1, "region": "yinxing", "case": case.number}


def test_nothing_found_is_a_finding_too_and_has_to_be_said(cast):
    sheet = first_sheet(planned(cast))
    with pytest.raises(Refused) as refused:
        finish_sheet(sheet, by=cast.community_handler, nothing=False)
    assert refused.value.code == "nothing"
    row = finish_sheet(sheet, by=cast.community_handler, nothing=True, text="都看过")
    assert (row.state, row.found) == ("done", 0)
    event = latest(f"sweep:{sheet.sweep_id}")
    assert event.facts["found"] == 0 and "都看过" not in str(event.facts)


def test_who_found_something_cannot_say_that_nothing_was_found(cast):
    sheet = first_sheet(planned(cast))
    found(cast, sheet)
    with pytest.raises(Refused) as refused:
        finish_sheet(sheet, by=cast.community_handler, nothing=True)
    assert refused.value.code == "found"
    assert finish_sheet(sheet, by=cast.community_handler, nothing=False).state == "done"


def test_a_sheet_is_finished_once_and_only_by_its_unit(cast):
    sheet = first_sheet(planned(cast))
    for by in (cast.handler, cast.supervisor, cast.clerk):
        with pytest.raises(PermissionDenied):
            finish_sheet(sheet, by=by, nothing=True)
        with pytest.raises(PermissionDenied):
            report_finding(sheet, by=by, key="k", title="裂", text="裂了")
    finish_sheet(sheet, by=cast.community_handler, nothing=True)
    for act in (
        lambda: finish_sheet(sheet, by=cast.community_handler, nothing=True),
        lambda: found(cast, sheet),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "state"
    assert not Case.objects.exists()


def test_a_round_that_has_not_begun_is_not_walked(cast):
    later = planned(cast).sheets.get(round=3)
    with pytest.raises(Refused) as refused:
        finish_sheet(later, by=cast.community_handler, nothing=True)
    assert refused.value.code == "early"


def test_a_stopped_sweep_asks_for_nothing_more(cast):
    sweep = planned(cast)
    finish_sheet(first_sheet(sweep), by=cast.community_handler, nothing=True)
    stop_sweep(sweep, by=cast.leader, reason="雨停了")
    assert sorted(sweep.sheets.values_list("state", flat=True)) == ["cancelled", "cancelled", "done"]
    with pytest.raises(Refused):
        stop_sweep(sweep, by=cast.leader, reason="雨停了")


# -- after a merger -------------------------------------------------------------------------------------------
def test_the_last_successor_of_a_unit_walks_its_sheets(cast):
    sheet = first_sheet(planned(cast))
    with at(MONDAY + 2 * DAY):
        assert (
            queries.to_walk(cast.outsider).rows == [] and queries.sheet_for(cast.outsider, sheet.pk) is None
        )
        merge_units(cast.community, into=cast.zhujian)
        merge_units(cast.zhujian, into=cast.weijian)
        heir = cast.outsider
        assert queries.to_walk(heir).rows == [sheet] and queries.sheet_for(heir, sheet.pk) == sheet
        said = {"title": "护坡开裂", "text": "桥头护坡裂了两指宽"}
        taken = report_finding(sheet, by=heir, key="k1", **said)
        assert [row.case.number for row in queries.findings(sheet, heir)] == [taken.number]
        assert Case.objects.get(number=taken.number).region == cast.community_region
        assert finish_sheet(sheet, by=heir, nothing=False).done_by == heir.post


def test_nobody_else_does_nor_before_the_last_day_is_over(cast):
    sheet = first_sheet(planned(cast))
    Unit.objects.filter(pk=cast.community.pk).update(valid_to=date(2026, 11, 3), successor=cast.zhujian)
    remembering.clear()
    for who, day in ((cast.zhujian_handler, 1), (cast.handler, 2)):
        with at(MONDAY + day * DAY), pytest.raises(PermissionDenied):
            finish_sheet(sheet, by=who, nothing=True)
    with at(MONDAY + 2 * DAY):
        assert finish_sheet(sheet, by=cast.zhujian_handler, nothing=True).state == "done"


def test_a_sheet_of_a_successor_is_walked_on_the_pages(cast, sign_in):
    sheet = first_sheet(planned(cast))
    with at(MONDAY + 2 * DAY):
        merge_units(cast.community, into=cast.zhujian)
        walker = sign_in(cast.zhujian_handler)
        assert "冬季排查" in walker.get("/work/unit/sweeps/").content.decode()
        page = f"/work/unit/sweeps/{sheet.pk}/"
        assert walker.get(page).status_code == 200
        assert walker.post(page, {"nothing": "on", "text": "都看了"}).status_code == 302
    assert Sheet.objects.get(pk=sheet.pk).state == "done"


def test_a_sweep_planned_after_the_merger_goes_to_the_units_that_stand(cast):
    with at(MONDAY + 2 * DAY):
        merge_units(cast.community, into=cast.zhujian)
        with pytest.raises(Refused) as refused:
            planned(cast, since=date(2026, 11, 5))
        assert refused.value.code == "ground"


# -- how far --------------------------------------------------------------------------------------------------
def test_progress_counts_what_is_done_overdue_and_found(cast):
    sweep = planned(cast)
    sheet = first_sheet(sweep)
    found(cast, sheet)
    finish_sheet(sheet, by=cast.community_handler, nothing=False)
    with at(MONDAY + 14 * DAY):
        [far] = queries.progress([sweep])
        assert (far.sheets, far.done, far.overdue, far.found) == (3, 1, 1, 1)
        assert [row.round for row in queries.sheets_of(sweep).rows] == [2]
        assert [row.round for row in queries.to_walk(cast.community_handler).rows] == [2, 3]
    assert queries.to_walk(cast.handler).rows == [] and list(queries.sweeps(cast.clerk)) == []


def test_lists_page_by_the_last_day(cast):
    sweep = planned(cast, every=1, until=date(2026, 12, 31))
    with at(MONDAY + 80 * DAY):
        first = queries.to_walk(cast.community_handler)
        second = queries.to_walk(cast.community_handler, after=first.later)
        back = queries.to_walk(cast.community_handler, before=second.earlier)
        assert [row.round for row in first.rows] == list(range(1, 26)) and second.rows[0].round == 26
        assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
        third = queries.sheets_of(sweep, tab="overdue", after="2026-99-99~1")
        assert third.rows[0].round == 1, "a key that is none begins at the beginning"


# -- pages ----------------------------------------------------------------------------------------------------
def test_from_the_plan_to_the_finding_on_the_pages(cast, sign_in):
    supervisor = sign_in(cast.supervisor)
    form = supervisor.get("/work/supervision/sweeps/new/")
    assert "看炉子" in form.content.decode()
    sent = {"kind": "winter", "title": "冬季排查", "region": "tingfeng", "since": "2026-11-02", "until": "2026-11-08",
            "every": "7", "what": "看炉子"}  # fmt: skip
    assert supervisor.post("/work/supervision/sweeps/new/", {**sent, "until": ""}).status_code == 422
    assert supervisor.post("/work/supervision/sweeps/new/", {**sent, "region": "qingtan"}).status_code == 422
    assert supervisor.post("/work/supervision/sweeps/new/", sent).status_code == 302
    sheet = Sheet.objects.get()
    worker = sign_in(cast.community_handler)
    assert "冬季排查" in worker.get("/work/unit/sweeps/").content.decode()
    page = f"/work/unit/sweeps/{sheet.pk}/"
    said = {"title": "炉子漏烟", "text": "三楼老人家的炉子漏烟", "urgency": "pressing", "key": "a" * 32}
    assert worker.post(f"{page}find/", {**said, "text": ""}).status_code == 422
    assert worker.post(f"{page}find/", said).status_code == 302
    assert "炉子漏烟" in worker.get(page).content.decode()
    assert worker.post(page, {"nothing": "on"}).status_code == 422
    assert worker.post(page, {"text": "都看了"}).status_code == 302
    for tab in ("overdue", "found", "done", "all"):
        assert supervisor.get(f"/work/supervision/sweeps/{sheet.sweep_id}/?tab={tab}").status_code == 200
    assert "1 / 1" in supervisor.get("/work/supervision/sweeps/").content.decode()
    assert sign_in(cast.handler).get(page).status_code == 404
    assert supervisor.post(f"/work/supervision/sweeps/{sheet.sweep_id}/stop/", {}).status_code == 422
    assert (
        supervisor.post(f"/work/supervision/sweeps/{sheet.sweep_id}/stop/", {"reason": "完"}).status_code
        == 302
    )
