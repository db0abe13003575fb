"""What supervisor and leader count, and that every count leads to a list of as many."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from huiyin.analytics import figures
from huiyin.cases import access, actions, oversight
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.organisation.models import Region
from huiyin.supervision.models import Proposal
from huiyin.web.tests.test_desk import shown

pytestmark = pytest.mark.django_db
WATCH, MATTERS, TODAY = "/work/supervision/", "/work/supervision/matters/", "/work/today/"


@pytest.fixture(autouse=True)
def _on_monday():
    cache.clear()
    with clock.frozen(roads.MONDAY):
        yield


def moved_on(cast):
    """A case whose first unit objected and which went to another."""
    objection = roads.objected(cast)
    actions.redispatch(objection, by=cast.dispatcher, unit=cast.chengguan, reason="属于城管局")
    return objection.order.case


def test_each_mark_counts_what_it_says(cast):
    roads.registered(cast)
    moved_on(cast)
    roads.objected(cast)
    actions.redo(roads.answered(cast).case, by=cast.reviewer, reason="没有说清楚")
    actions.approve(roads.answered(cast).case, by=cast.reviewer)
    found = oversight.tally(cast.supervisor).totals
    assert (found["open"], found["objected"], found["redone"], found["hopping"], found["owed"]) == (
        *(5, 1, 1, 1),
        1,
    )
    assert (found["late"], found["yellow"]) == (0, 0)


def test_yellow_begins_at_seventy_per_cent_and_ends_with_red(cast):
    case = roads.registered(cast)
    present = case.rounds.get().clock
    for moment, marks in (
        (present.yellow_at - roads.DAY / 24, (0, 0)),
        (present.yellow_at, (1, 0)),
        (present.due_at, (1, 0)),
        (present.due_at + roads.DAY / 24, (0, 1)),
    ):
        with clock.frozen(moment):
            found = oversight.tally(cast.supervisor).totals
            assert (found["yellow"], found["late"]) == marks, moment


def test_a_matter_that_was_told_is_not_late(cast):
    case = roads.told(cast)
    with clock.frozen(roads.MONDAY + 90 * roads.DAY):
        assert oversight.tally(cast.supervisor).totals["late"] == 0
    assert case.state == "told"


def test_places_count_all_that_lies_below_and_begin_where_the_tree_branches(cast):
    roads.registered(cast, region=cast.community_region)
    roads.registered(cast, region=cast.street)
    roads.registered(cast, region=cast.other_street)
    lines = oversight.tally(cast.supervisor).regions
    assert [(line.code, line.depth, line.counts["open"]) for line in lines] == [
        ("tingfeng", 0, 3),
        ("qingtan", 1, 1),
        ("shiqiao", 1, 2),
        ("yinxing", 2, 1),
    ]
    Region.objects.filter(code="tingfeng").update(name_en="Tingfeng County")
    with translation.override("en"):
        assert oversight.tally(cast.supervisor).regions[0].name == "Tingfeng County"


def test_every_count_leads_to_a_list_of_as_many(cast, sign_in):
    roads.registered(cast, region=cast.community_region)
    roads.dispatched(cast, region=cast.street)
    roads.dispatched(cast, lead=cast.weijian)
    moved_on(cast)
    roads.objected(cast)
    client = sign_in(cast.supervisor)
    page = client.get(WATCH)
    marks = [(mark["url"], mark["n"]) for mark in page.context["marks"]]
    cells = [
        (cell["url"], cell["text"])
        for table in page.context["tables"]
        for row in table["rows"]
        for cell in row[1:]
        if not cell.get("none")
    ]
    assert cells
    for url, n in (*marks, *cells):
        assert len(shown(client.get(url))) == n, url


def test_the_supervisor_sees_reports_and_the_leader_does_not(cast, sign_in):
    report = roads.registered(cast, nature="report", accused_units=[cast.weijian])
    assert shown(sign_in(cast.supervisor).get(MATTERS)) == [report.number]
    assert shown(sign_in(cast.leader).get(MATTERS)) == []
    assert "<strong>1</strong>" not in sign_in(cast.leader).get(WATCH).content.decode()
    assert oversight.tally(cast.leader).totals["open"] == 0


def test_a_report_about_the_supervisors_own_unit_is_nowhere(cast, sign_in):
    roads.registered(cast, nature="report", accused_units=[cast.duban])
    assert oversight.tally(cast.supervisor).totals["open"] == 0
    assert shown(sign_in(cast.supervisor).get(MATTERS, {"tab": "all"})) == []


def test_a_report_about_the_centre_waits_at_the_supervisors_own_desk(cast, sign_in):
    case = roads.registered(cast, nature="report", accused_units=[cast.centre])
    page = sign_in(cast.supervisor).get(WATCH)
    assert page.context["own"]["n"] == 1
    assert shown(sign_in(cast.supervisor).get(page.context["own"]["url"])) == [case.number]


def test_lists_narrow_by_unit_and_place(cast, sign_in):
    one, other = roads.dispatched(cast, region=cast.street), roads.dispatched(cast, lead=cast.weijian)
    client = sign_in(cast.supervisor)
    assert shown(client.get(MATTERS, {"unit": "weijian"})) == [other.case.number]
    assert shown(client.get(MATTERS, {"unit": "chengguan", "region": "shiqiao"})) == [one.case.number]
    assert shown(client.get(MATTERS, {"unit": "nobody"})) == [one.case.number, other.case.number]


def test_marks_that_nobody_bears_have_no_column(cast, sign_in):
    roads.dispatched(cast), roads.objected(cast)
    units, regions = sign_in(cast.supervisor).get(WATCH).context["tables"]
    assert [str(column["label"]) for column in units["columns"]] == ["单位", "在办", "退回待裁定"]
    assert [cell["text"] for row in units["rows"] for cell in row[1:]] == [1, 1, 1, 0]
    assert len(regions["columns"]) == 3


def test_units_with_most_that_is_late_come_first_and_are_drawn(cast, sign_in):
    roads.dispatched(cast, lead=cast.weijian), roads.dispatched(cast, lead=cast.weijian)
    roads.dispatched(cast)
    with clock.frozen(roads.MONDAY + 90 * roads.DAY):
        page = sign_in(cast.supervisor).get(WATCH)
    assert [(point.label, point.value) for point in page.context["late"].points] == [
        (str(cast.weijian), 2),
        (str(cast.chengguan), 1),
    ]
    assert page.context["tables"][0]["rows"][0][0] == str(cast.weijian)


def test_the_overview_is_counted_once_a_minute_and_says_when(cast, sign_in):
    roads.registered(cast)
    client = sign_in(cast.supervisor)
    for seconds, n in ((0, 1), (59, 1), (60, 2)):
        with clock.frozen(roads.MONDAY + timedelta(seconds=seconds)):
            page = client.get(WATCH)
            assert page.context["marks"][0]["n"] == n
            assert page.context["counted_at"] == roads.MONDAY + timedelta(seconds=seconds // 60 * 60)
            roads.registered(cast) if not seconds else None
    assert "截至 09:01" in page.content.decode()


def test_the_leaders_figures_are_those_of_the_statistics(cast, sign_in):
    roads.registered(cast)
    roads.told(cast)
    visible = access.visible(cast.leader)
    page = sign_in(cast.leader).get(TODAY)
    told = {str(each.label): each.value for each in page.context["figures"]}
    whole = figures.totals(visible)
    assert told["还在办"] == str(whole.open) and told["超期未答复"] == str(whole.overdue)
    assert told["今天收到"] == "2" and told["按时告知率"] == "100.0"
    assert [point.value for point in page.context["trend"].points] == [*[0] * 27, 2]


def test_every_count_of_the_leaders_page_leads_to_a_list_of_as_many(cast, sign_in):
    roads.registered(cast, region=cast.community_region)
    roads.dispatched(cast, region=cast.street)
    filed = roads.registered(cast, region=cast.other_street)
    actions.accept(filed, by=cast.clerk, category=cast.property)
    with clock.frozen(roads.MONDAY + 25 * roads.DAY):
        client = sign_in(cast.leader)
        page = client.get(TODAY)
        bars = [(point.url, point.value) for point in page.context["categories"].points]
        cells = [
            (cell["url"], int(cell["text"]))
            for row in page.context["places"]
            for cell in row[1:]
            if isinstance(cell, dict)
        ]
        assert bars and len(cells) == 9
        for url, n in (*bars, *cells):
            assert len(shown(client.get(url))) == n, url


def test_a_list_narrows_by_a_category_and_all_below_it(cast, sign_in):
    noise = roads.accepted(cast)
    other = roads.registered(cast)
    actions.accept(other, by=cast.clerk, category=cast.property)
    client = sign_in(cast.supervisor)
    for tab in ("all", "open"):
        for code, numbers in (
            ("city-noise-night", [noise.number]),
            ("city-noise", [noise.number]),
            ("housing", [other.number]),
        ):
            assert shown(client.get(MATTERS, {"tab": tab, "category": code})) == numbers


def test_an_empty_town_has_empty_figures_and_says_how_they_come(cast, sign_in):
    assert "有了登记的诉求" in sign_in(cast.leader).get(TODAY).content.decode()
    assert "有了在办的诉求" in sign_in(cast.supervisor).get(WATCH).content.decode()


@pytest.mark.parametrize(
    ("page", "first", "then"),
    [(WATCH, 32, 7), (MATTERS, 12, 9), (MATTERS + "?category=city", 12, 10), (TODAY, 40, 6)],
)
def test_pages_ask_a_fixed_number_of_questions(
    cast, sign_in, page, first, then, django_assert_max_num_queries
):
    for n in range(12):
        roads.dispatched(cast, lead=(cast.chengguan, cast.squad, cast.weijian)[n % 3])
        roads.registered(cast, region=(cast.street, cast.community_region, cast.other_street)[n % 3])
    client = sign_in(cast.supervisor)
    for most in (first, then):
        with django_assert_max_num_queries(most):
            client.get(page)


def test_the_rows_of_the_first_page_are_ordered_by_what_they_ask_of_the_reader(cast, sign_in):
    empty = sign_in(cast.supervisor).get(WATCH).content.decode()
    assert "现在没有等您决定" in empty
    case = roads.dispatched(cast).case
    Proposal.objects.create(
        case=case, round=1, kind="order", rule="late", proposed_at=roads.MONDAY, state="waiting"
    )
    page = sign_in(cast.supervisor).get(WATCH)
    text = page.content.decode()
    heads = [text.index(f'<h2 id="{name}">') for name in ("to-act-on", "to-follow", "to-read")]
    assert heads == sorted(heads) and "现在没有等您决定" not in text
    assert {chip["url"]: chip["n"] for chip in page.context["to_act_on"]}[reverse("ladder:proposals")] == 1
    for row in ("to_act_on", "to_follow", "to_read"):
        for chip in page.context[row]:
            assert sign_in(cast.supervisor).get(chip["url"]).status_code == 200, chip
    urls = {
        chip["url"]
        for row in ("to_act_on", "to_read")
        for chip in sign_in(cast.leader).get(WATCH).context[row]
    }
    assert not urls & {reverse(f"supervisor:{name}") for name in ("pressed", "book")}


def test_the_administrator_reads_units_and_commands(cast, sign_in):
    page = sign_in(cast.administrator).get(reverse("keeping:office")).content.decode()
    for word in ("城市管理局", "lu-zhishen", "联络员", "huiyin user create", "没有联络员，不能派单给它"):
        assert word in page, word


def test_the_auditor_reads_how_the_ledger_stands(cast, sign_in):
    roads.registered(cast)
    page = sign_in(cast.auditor).get(reverse("keeping:ledger")).content.decode()
    assert "1 条等待排序" in page and "huiyin ledger verify" in page


def test_the_wall_shows_the_same_figures_and_asks_anew_by_itself(cast, sign_in):
    leader = sign_in(cast.leader)
    plain, wall = leader.get("/work/today/"), leader.get("/work/today/?wall=on")
    assert "Refresh" not in plain and wall["Refresh"] == "60"
    assert "?wall=on" in plain.content.decode() and 'class="band"' not in wall.content.decode()
    assert [each.value for each in wall.context["figures"]] == [
        each.value for each in plain.context["figures"]
    ]


def test_every_number_of_the_leader_s_page_leads_to_the_cases_that_it_counts(cast, sign_in):
    late = roads.told(cast)
    roads.registered(cast)
    with clock.frozen(roads.MONDAY + 27 * roads.DAY):
        leader = sign_in(cast.leader)
        page = leader.get("/work/today/")
        links = [each.table for each in page.context["figures"]]
        links += [cell["url"] for row in page.context["places"] for cell in row if isinstance(cell, dict)]
        links += [
            point.url
            for point in (*page.context["trend"].points, *page.context["categories"].points)
            if point.url
        ]
        assert len(links) > 9 and all(links)
        for link in links:
            assert leader.get(link).status_code == 200, link
        [place, *_others] = page.context["places"]
        listed = leader.get(place[1]["url"]).content.decode()
        assert place[1]["text"] == "2" and listed.count("data-row-link") == 2
        behind = leader.get("/work/today/cases/", {"figure": "answered"}).content.decode()
        assert late.number in behind and behind.count("data-row-link") == 1
        assert leader.get("/work/today/cases/", {"figure": "all"}).status_code == 400
        assert sign_in(cast.clerk).get("/work/today/cases/").status_code == 403
