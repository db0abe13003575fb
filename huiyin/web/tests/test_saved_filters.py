"""Filters under names of one's own: kept, used, replaced, dropped; few, and nobody else's."""

import pytest

from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation import filters
from huiyin.organisation.models import SavedFilter

pytestmark = pytest.mark.django_db
INBOX, KEEP = "/work/desk/", "/work/desk/filters/keep/"


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def keep(client, name, query):
    return client.post(KEEP, {"name": name, "list": query}, follow=True)


def chips(answer):
    return [(each["name"], each["url"], each["current"]) for each in answer.context["saved"]]


def test_what_is_on_is_kept_under_a_name_and_stands_above_the_list(cast, sign_in):
    urgent, plain = roads.registered(cast, urgency="immediate"), roads.registered(cast)
    client = sign_in(cast.clerk)
    answer = keep(client, " 急件 ", "tab=registered&urgency=immediate&after=9~9&x=1")
    assert chips(answer) == [("急件", "?tab=registered&urgency=immediate", True)]
    assert "已存为“急件”" in answer.content.decode()
    [(_name, url, _current)] = chips(client.get(INBOX))
    shown = client.get(INBOX + url).content.decode()
    assert urgent.number in shown and plain.number not in shown


def test_the_same_name_takes_the_place_of_the_old_one(cast, sign_in):
    client = sign_in(cast.clerk)
    keep(client, "我的", "tab=registered")
    assert chips(keep(client, "我的", "tab=all&late=on")) == [("我的", "?tab=all&late=on", True)]


def test_twelve_and_no_more(cast, sign_in):
    client = sign_in(cast.clerk)
    for n in range(12):
        keep(client, f"第 {n} 个", f"tab=all&nature={n}")
    answer = keep(client, "第十三个", "tab=all")
    assert "没有存下" in answer.content.decode() and "最多存 12 个" in answer.content.decode()
    assert SavedFilter.objects.count() == 12
    assert len(chips(keep(client, "第 3 个", "tab=told"))) == 12


@pytest.mark.parametrize("name", ["", "   ", "\x00\n", "长" * 21])
def test_a_name_that_is_none_is_refused(cast, sign_in, name):
    assert "没有存下" in keep(sign_in(cast.clerk), name, "tab=all").content.decode()
    with pytest.raises(Refused):
        filters.keep_filter(cast.clerk.post, name=name, query="tab=all")
    assert not SavedFilter.objects.exists()


def test_they_are_ones_own_and_go_when_dropped(cast, sign_in):
    client, other = sign_in(cast.clerk), sign_in(cast.second_clerk)
    keep(client, "我的", "tab=all")
    [row] = SavedFilter.objects.all()
    assert chips(other.get(INBOX)) == []
    other.post(f"/work/desk/filters/{row.pk}/drop/")
    assert SavedFilter.objects.exists()
    answer = client.post(f"/work/desk/filters/{row.pk}/drop/", {"list": "tab=all"}, follow=True)
    assert chips(answer) == [] and "诉求没有变动" in answer.content.decode()


def test_only_the_desk_keeps_them(cast, sign_in):
    for who in (cast.handler, cast.supervisor, cast.administrator):
        assert sign_in(who).post(KEEP, {"name": "我的"}).status_code == 403
    assert sign_in(cast.clerk).get(KEEP).status_code == 405
