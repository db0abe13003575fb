"""Published matters as feeds: what is in them, what leaves them, and that readers are not sent the same twice."""

import json
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.publication.actions import withdraw_publication
from huiyin.publication.models import Publication
from huiyin.web.public import feeds
from huiyin.web.tests.test_public_pages import published, told_case

pytestmark = pytest.mark.django_db
RSS, JSON = "/public/feed.xml", "/public/feed.json"


@pytest.fixture(autouse=True)
def nothing_cached():
    cache.clear()


def read(address):
    answer = Client().get(address)
    assert answer.status_code == 200
    if "json" in answer["Content-Type"]:
        return json.loads(answer.content)
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own


def test_both_feeds_hold_what_is_published_and_nothing_else(cast):
    case, waiting = published(cast, 1), told_case(cast, 2)
    items = read(JSON)["items"]
    assert [item["id"] for item in items] == [case.number]
    assert items[0]["_huiyin"]["answer"] == "已装净化器。"
    assert "(" not in read(JSON)["title"]
    titles = [item.findtext("title") for item in read(RSS).iter("item")]
    assert titles == ["夜市油烟扰民"]
    assert waiting.number not in Client().get(RSS).text + Client().get(JSON).text


def test_every_address_in_them_is_whole_and_leads_to_its_matter(cast):
    case = published(cast)
    link = read(RSS).find("channel/item").findtext("link")
    assert link == f"http://testserver/public/{case.number}/" == read(JSON)["items"][0]["url"]
    assert Client().get(link).status_code == 200


def test_what_is_taken_back_leaves_both(cast):
    case = published(cast)
    withdraw_publication(case, by=cast.reviewer, reason="当事人要求")
    assert read(JSON)["items"] == [] and list(read(RSS).iter("item")) == []


def test_a_reader_who_has_the_newest_is_told_so_until_something_changes(cast):
    case = published(cast, 1)
    tag = Client().get(RSS)["ETag"]
    again = Client().get(RSS, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    withdraw_publication(case, by=cast.reviewer, reason="当事人要求")
    assert Client().get(RSS, headers={"If-None-Match": tag}).status_code == 200


def test_the_filters_of_the_list_are_those_of_the_feeds(cast):
    published(cast)
    assert len(read(f"{JSON}?nature=appeal")["items"]) + len(read(f"{JSON}?nature=complaint")["items"]) == 1
    assert read(f"{JSON}?unit=nowhere")["items"] == []
    assert f"{RSS}?unit=nowhere" in Client().get("/public/?unit=nowhere").text


def test_older_matters_follow_by_key(cast, monkeypatch):
    monkeypatch.setattr(feeds, "MOST", 1)
    first, second = published(cast, 1), published(cast, 2)
    newest = read(JSON)
    assert [item["id"] for item in newest["items"]] == [second.number]
    older = read(newest["next_url"].removeprefix("http://testserver"))
    assert [item["id"] for item in older["items"]] == [first.number] and "next_url" not in older


def test_what_xml_cannot_hold_does_not_break_the_feed(cast):
    published(cast)
    Publication.objects.update(text="甲\x0b乙\x1f<丙>&")
    assert "甲乙<丙>&" in read(RSS).find("channel/item").findtext("description")


def test_a_feed_is_one_question_and_sets_no_cookie(cast):
    published(cast)
    with CaptureQueriesContext(connection) as seen:
        answer = Client().get(JSON)
    assert len(seen) == 1 and not answer.cookies and "max-age=300" in answer["Cache-Control"]
