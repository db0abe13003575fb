"""How many statements the lists and the page of a case cost, and that it is no more among more rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.cases import actions, asides, papers, queries
from huiyin.cases.models import Notice
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import answered, dispatched, party_of, registered
from huiyin.evaluation.actions import rate
from huiyin.publication.actions import propose
from huiyin.web.desk import views as desk_views
from huiyin.web.supervisor import views as supervisor_views
from huiyin.web.unit import views as unit_views

pytestmark = pytest.mark.django_db

MOST_OF_A_LIST = 8
NARROWED = (
    "",
    "&urgent_first=on",
    "&late=on",
    "&nature=praise&urgency=immediate&urgent_first=on",
    "&nature=appeal&urgency=normal&region=shiqiao&late=on",
    "&unit=chengguan&category=city&region=yinxing",
)
LISTS = {
    "/work/desk/": ("dispatcher", desk_views.TABS),
    "/work/unit/": ("handler", unit_views.TABS),
    "/work/supervision/matters/": ("supervisor", supervisor_views.TABS),
}


def cost(browser, address) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize(("page", "who", "tabs"), [(key, *value) for key, value in LISTS.items()])
def test_a_list_costs_few_statements_whatever_narrows_it(cast, sign_in, page, who, tabs):
    registered(cast), dispatched(cast), answered(cast)
    browser = sign_in(getattr(cast, who))
    browser.get(page)
    found = {
        address: cost(browser, address)
        for address in (f"{page}?tab={tab.name}{narrowed}" for tab in tabs for narrowed in NARROWED)
    }
    assert {address: n for address, n in found.items() if n > MOST_OF_A_LIST} == {}


@pytest.mark.parametrize(("page", "who"), [(key, value[0]) for key, value in LISTS.items()])
@pytest.mark.parametrize("asked", ["tab=all", "tab=open&urgent_first=on"])
def test_a_list_costs_the_same_among_more_rows(cast, sign_in, page, who, asked):
    registered(cast), dispatched(cast)
    browser, address = sign_in(getattr(cast, who)), f"{page}?{asked}"
    browser.get(address)
    few = cost(browser, address)
    for _each in range(4):
        registered(cast), dispatched(cast)
    assert cost(browser, address) == few


READERS = ("clerk", "dispatcher", "reviewer", "caller", "handler", "unit_leader", "supervisor", "leader")
MOST = 15


def widely_travelled(cast):
    """A matter that went to another unit, had its limit extended, was instructed about, told, rated and drafted."""
    objection = roads.objected(cast)
    case = objection.order.case
    actions.redispatch(objection, by=cast.dispatcher, unit=cast.chengguan, reason="属于城管局")
    order = case.orders.get(unit=cast.chengguan)
    actions.sign(order, by=cast.handler)
    actions.grant_extension(
        actions.ask_extension(order, by=cast.handler, days=3, reason="要等检测报告"), by=cast.dispatcher
    )
    for unit in (cast.chengguan, cast.centre, cast.chengguan):
        actions.instruct(case, by=cast.leader, unit=unit, text="三天内查明", days=3)
    actions.ask_upward(case, by=cast.unit_leader, said="能否联合执法", order=order)
    actions.note(case, by=cast.clerk, text="来电人情绪激动")
    actions.answer(order, by=cast.handler, text="已约谈店主", outcome="solved")
    actions.approve(case, by=cast.reviewer)
    for notice in Notice.objects.filter(case=case, told_at=None):
        actions.record_told(notice, by=party_of(case), how="delivered")
    rate(roads.fresh(case), by=party_of(case), contacted=True, solved="yes", satisfied=5)
    propose(case, by=cast.clerk)
    return case


@pytest.mark.parametrize("who", READERS)
def test_a_case_page_costs_few_whoever_reads_it(cast, sign_in, who):
    browser = sign_in(getattr(cast, who))
    for case in (registered(cast), answered(cast).case, roads.told(cast)):
        address = f"/work/cases/{case.number}/"
        if browser.get(address).status_code == 200:
            assert cost(browser, address) <= MOST, (who, case.state)


@pytest.mark.parametrize("who", READERS)
def test_a_case_page_costs_no_more_whatever_its_history(cast, sign_in, monkeypatch, who):
    case = widely_travelled(cast)
    everything = {act for aside in asides.ASIDES.values() for act in aside.born}
    asked = asides.asked(case, everything)
    monkeypatch.setattr(asides, "asked", lambda case, happened: asked)
    acts = {act for kind_acts, _rows in papers.ROWS.values() for act in kind_acts}
    monkeypatch.setattr(papers, "_seen", lambda by, happened: happened | acts)
    browser, address = sign_in(getattr(cast, who)), f"/work/cases/{case.number}/"
    browser.get(address)
    assert cost(browser, address) <= MOST


def test_all_rows_of_a_case_with_every_side_road_come_in_one_statement(cast, monkeypatch):
    case = answered(cast).case
    everything = {act for aside in asides.ASIDES.values() for act in aside.born}
    asked = asides.asked(case, everything)
    monkeypatch.setattr(asides, "asked", lambda case, happened: asked)
    for who in (cast.dispatcher, cast.handler, cast.supervisor):
        queries.page_of(case, who)
        with CaptureQueriesContext(connection) as seen:
            queries.page_of(case, who)
        assert len(asked) > 8 and len(seen) <= 3, who  # its history, who may not see it, and all its rows
