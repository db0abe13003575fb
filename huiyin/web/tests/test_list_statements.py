"""How many statements the lists and the page of a case cost, and that it is no more among more rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.cases import asides, queries
from huiyin.cases.tests.roads import answered, dispatched, registered

pytestmark = pytest.mark.django_db

LISTS = {
    "/work/desk/?tab=all": ("dispatcher", 8),
    "/work/desk/?tab=registered&nature=appeal&urgency=normal&region=shiqiao&late=on": ("dispatcher", 8),
    "/work/unit/?tab=all": ("handler", 9),
    "/work/supervision/matters/?tab=open": ("supervisor", 8),
}


def cost(browser, address) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize(("address", "who", "most"), [(key, *value) for key, value in LISTS.items()])
def test_a_list_costs_the_same_among_more_rows(cast, sign_in, address, who, most):
    registered(cast), dispatched(cast)
    browser = sign_in(getattr(cast, who))
    browser.get(address)
    few = cost(browser, address)
    for _each in range(4):
        registered(cast), dispatched(cast)
    assert cost(browser, address) == few <= most


def test_a_case_page_costs_few_whoever_reads_it(cast, sign_in):
    case = answered(cast).case
    for who, most in {"dispatcher": 15, "reviewer": 17, "handler": 17, "supervisor": 17}.items():
        browser = sign_in(getattr(cast, who))
        browser.get(f"/work/cases/{case.number}/")
        assert cost(browser, f"/work/cases/{case.number}/") <= most, who


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
