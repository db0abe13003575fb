"""What the public reads of statements: made ones only, newest first, by key; nothing that leads to a matter."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.models import Case, Statement
from huiyin.cases.tests.roads import MONDAY, at, registered
from huiyin.publication.queries import statements

pytestmark = pytest.mark.django_db


def made(cast, text: str, *, hours: int = 0) -> Case:
    with at(MONDAY + timedelta(hours=hours)):
        case = registered(cast, region=cast.street)
        owed = actions.owe_statement(case, by=cast.dispatcher)
        actions.make_statement(owed, by=cast.reviewer, text=text)
    return case


def test_pages_follow_one_another_without_gap_or_repeat(cast):
    for n, hours in enumerate((0, 1, 1, 2, 3)):
        made(cast, f"第 {n} 份", hours=hours)
    seen, key = [], ""
    for _page in range(3):
        rows, key = statements(after_key=key, size=2)
        seen += [row.text for row in rows]
    assert key == "" and seen == ["第 4 份", "第 3 份", "第 2 份", "第 1 份", "第 0 份"]


def test_owed_and_lapsed_ones_and_reports_are_not_public(cast):
    with at(MONDAY):
        actions.owe_statement(registered(cast), by=cast.dispatcher)
    case = made(cast, "正在抢修")
    assert len(statements()[0]) == 1
    Case.objects.filter(pk=case.pk).update(nature=Case.Nature.REPORT)
    assert statements() == ([], "")


def test_the_page_shows_the_words_and_no_number(cast, client):
    case = made(cast, "水管爆裂，正在抢修。")
    page = client.get(reverse("public:statements"))
    told = page.content.decode()
    assert page.status_code == 200 and "水管爆裂" in told and "石桥街道" in told
    assert case.number not in told and "赵钱孙" not in told
    assert reverse("public:statements") in client.get(reverse("public:list")).content.decode()


def test_an_empty_page_says_what_will_stand_here_and_a_bad_key_begins_at_the_newest(cast, client):
    assert "这里会列出公开说明" in client.get(reverse("public:statements")).content.decode()
    made(cast, "正在抢修")
    assert "正在抢修" in client.get(reverse("public:statements"), {"after": "%%"}).content.decode()


def test_a_page_takes_one_query(cast, django_assert_num_queries):
    for hours in range(3):
        made(cast, "正在抢修", hours=hours)
    with django_assert_num_queries(1):
        statements()
    assert Statement.objects.count() == 3
