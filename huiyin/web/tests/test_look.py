"""Choosing theme, size and language without an account and without JavaScript."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory
from django.utils.html import escape

from huiyin.kernel.refusals import Refused
from huiyin.web import faults
from huiyin.web.navigation import CITIZEN, Way, resolved


def test_a_choice_is_kept_in_a_cookie_and_written_on_the_page():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/look/", {"size": "large", "next": "/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    client.post("/look/", {"theme": "dark", "next": "/"})
    page = client.get("/").content.decode()
    assert 'data-size="large"' in page and 'data-theme="dark"' in page


def test_language_can_be_changed_and_changed_back(client):
    client.post("/look/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/").content.decode()
    client.post("/look/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-hans"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""]
)
def test_the_way_back_never_leads_outside(client, target):
    assert client.post("/look/", {"theme": "dark", "next": target})["Location"] == "/"


def test_an_unknown_choice_changes_nothing(client):
    assert not client.post("/look/", {"theme": "pink", "size": "huge", "language": "xx"}).cookies


def test_a_visitor_gets_no_cookie_before_choosing(client):
    assert not client.get("/").cookies


def test_caches_are_told_that_pages_depend_on_cookies(client):
    assert "Cookie" in client.get("/")["Vary"]


def test_the_home_page_asks_the_database_nothing(client, django_assert_num_queries):
    assert client.get("/").status_code == 200  # no database mark: a query would fail the test


def test_a_page_that_is_not_there_says_what_to_do(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


def test_500_and_503_need_neither_request_data_nor_database():
    request = RequestFactory().get("/")
    assert "故障" in faults.server_error(request).content.decode()
    answer = faults.unavailable(request)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_a_refusal_becomes_a_sentence_and_what_is_possible_instead(client):
    request = RequestFactory().get("/", headers={"referer": "http://testserver/desk/"})
    request.user = None
    answer = faults.RefusalPage(lambda r: None).process_exception(
        request, Refused("已经派出", instead="可以补充说明")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已经派出" in page and "可以补充说明" in page and 'href="/desk/"' in page


def test_any_other_fault_rises():
    assert (
        faults.RefusalPage(lambda r: None).process_exception(RequestFactory().get("/"), ValueError()) is None
    )


def test_a_refusal_never_sends_the_reader_to_a_foreign_page():
    request = RequestFactory().get("/", headers={"referer": "http://testserver.evil.example/"})
    assert "evil" not in faults.refused(request, Refused("不行")).content.decode()


def test_navigation_marks_where_one_is_and_leaves_out_what_is_not_built():
    found = resolved([Way("首页", "home"), Way("组件", "components"), Way("没有", "nowhere")], "/components/")
    assert [(way.label, way.current) for way in found] == [("首页", False), ("组件", True)]
    assert all(way.label for way in CITIZEN)


@pytest.mark.parametrize("fault", [OperationalError("database is locked"), InterfaceError("closed")])
def test_a_database_that_is_away_becomes_503(fault):
    answer = faults.RefusalPage(lambda r: None).process_exception(RequestFactory().get("/"), fault)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "locked" not in answer.content.decode()


def test_a_part_drawn_once_has_the_address_of_each_page_escaped(client, settings):
    """What every page ends with is drawn once for a language and a look; the way back is each page's own."""
    for asked in ("/?q=%22%3E%3Cscript%3E", "/?q=b&after=1"):
        page = client.get(asked).content.decode()
        assert page.count(f'name="next" value="{escape(asked)}"') == 2, asked
        assert "\ue0f0" not in page
    client.cookies["huiyin_theme"] = "dark"
    assert 'value="dark" aria-current="true"' in client.get("/").content.decode()
    del client.cookies["huiyin_theme"]
    assert 'value="auto" aria-current="true"' in client.get("/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "颜色" not in client.get("/").content.decode()
