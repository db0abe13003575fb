"""The pages of bulletins: from the draft to the public page in a browser's words; nothing typed is lost."""

import re
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from huiyin.accounts.roles import DESK, OVERSIGHT, Role
from huiyin.assessment.tests import town
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.publication.actions import publish, withdraw_publication
from huiyin.publication.bulletins import actions
from huiyin.publication.bulletins.models import Bulletin
from huiyin.publication.tests.test_bulletins import _uncounted, issued, way  # noqa: F401

pytestmark = pytest.mark.django_db
NOW, THEN = datetime(2026, 12, 7, 1, 0, tzinfo=UTC), datetime(2026, 11, 10, 4, tzinfo=UTC)
NOVEMBER = "20261101-20261130"


@pytest.fixture(autouse=True)
def _in_december(db):
    cache.clear()
    with clock.frozen(NOW):
        yield


def drafted(client, code: str = "monthly", **more) -> Bulletin:
    """What the form of that kind makes."""
    answer = client.post(reverse("bulletins:new", args=[code]), {"span": NOVEMBER, "key": "a" * 32, **more})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Bulletin.objects.get(pk=int(answer.headers["Location"].strip("/").split("/")[-1]))


def do(client, row: Bulletin, deed: str, **sent):
    """One act as its page sends it."""
    return client.post(reverse("bulletins:deed", args=[row.pk, deed]), {"version": row.version, **sent})


def shown(client, name: str, *key) -> str:
    """A page that opens."""
    answer = client.get(reverse(name, args=key))
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_form_to_the_public_page(cast, sign_in, client):
    town.history(cast, cast.chengguan, THEN, n=24)
    clerk, leader = sign_in(cast.clerk), sign_in(cast.leader)
    assert "这里还没有简报" in shown(clerk, "bulletins:list")
    row = drafted(clerk)
    assert row.title in shown(clerk, "bulletins:list")
    edit = reverse("bulletins:edit", args=[row.pk])
    typed = {"title": "十一月", "body": "收到 {收到} 件 <b>粗</b>，手写 77 件", "version": row.version}
    before = clerk.post(edit, {**typed, "act": "preview"})
    assert before.status_code == 200 and "<mark>77</mark>" in before.content.decode()
    assert Bulletin.objects.get().version == 1, "a preview saves nothing"
    assert clerk.post(edit, typed).status_code == 302
    row.refresh_from_db()
    page = shown(clerk, "bulletins:bulletin", row.pk)
    assert "<mark>77</mark>" in page and "&lt;b&gt;粗" in page and ">24</span>" in page
    assert do(clerk, row, "submit").status_code == 302
    waiting = clerk.get(reverse("bulletins:bulletin", args=[row.pk])).content.decode()
    assert "改过这一份的人不能核准" in waiting, "whose turn it is, also for whoever is not offered the button"
    assert do(clerk, row, "approve").status_code == 403, "four eyes"
    assert client.get(reverse("public:bulletin", args=[row.pk])).status_code == 404
    assert do(leader, row, "approve").status_code == 302
    assert do(clerk, row, "issue").status_code == 302 and do(clerk, row, "issue").status_code == 422
    assert "十一月" in shown(client, "public:bulletins") and "十一月" in shown(
        client, "public:bulletins_feed"
    )
    page = shown(client, "public:bulletin", row.pk)
    assert "收到 24 件" in page and "<mark>" not in page and "2026 年第 1 期" in page
    assert do(leader, row, "withdraw", words="有误").status_code == 302
    page = shown(client, "public:bulletin", row.pk)
    assert "收到 24" not in page and "有误" in page
    assert "十一月" not in shown(client, "public:bulletins_feed")


@way
def test_the_title_of_what_was_taken_back_is_on_no_public_page(cast, client):
    row = actions.draft(by=cast.clerk, code="monthly", since=date(2026, 11, 1), until=date(2026, 11, 30))
    row = issued(cast, actions.edit(row, by=cast.clerk, title="写错的标题", body="正文", version=1))
    assert "写错的标题" in shown(client, "public:bulletins")
    actions.withdraw(row, by=cast.reviewer, reason="标题写错了人")
    for page in (shown(client, "public:bulletins"), shown(client, "public:bulletin", row.pk)):
        assert "写错的标题" not in page and f"{row.series} 2026 年第 1 期" in page


@way
def test_whoever_comes_second_keeps_what_they_typed(cast, sign_in):
    one, two = sign_in(cast.clerk), sign_in(cast.dispatcher)
    row = drafted(one)
    edit = reverse("bulletins:edit", args=[row.pk])
    one.post(edit, {"title": "先", "body": "先写的", "version": 1})
    for sent, why in (
        ({"title": "后", "body": "后写的", "version": 1}, "改过这份简报"),
        ({"title": "", "body": "后写的", "version": 2}, "请填写"),
        ({"title": "后", "body": "后写的 {没有}", "version": 2}, "不认识"),
        ({"title": "后", "body": "后写的" + "长" * 100_000, "version": 2}, "太长"),
        ({"title": "后", "body": "后写的", "version": "x"}, "后写的"),
    ):
        answer = two.post(edit, sent)
        assert (
            answer.status_code == 422
            and why in answer.content.decode()
            and "后写的" in answer.content.decode()
        )
    assert Bulletin.objects.get().title == "先"


@way
def test_nobody_approves_a_text_that_changed_after_they_read_it(cast, sign_in):
    clerk, leader = sign_in(cast.clerk), sign_in(cast.leader)
    row = drafted(clerk)
    do(clerk, row, "submit")
    read = re.search(r'href="([^"]+/approve/[^"]*)"', shown(leader, "bulletins:bulletin", row.pk))[1]
    do(clerk, row, "send_back", words="再改")
    clerk.post(reverse("bulletins:edit", args=[row.pk]), {"title": "换了", "body": "换了", "version": 1})
    do(clerk, Bulletin.objects.get(), "submit")
    asked = re.search(r'name="version" value="(\d+)"', leader.get(read).content.decode())[1]
    answer = leader.post(read, {"version": asked})
    assert answer.status_code == 422 and "改过这份简报" in answer.content.decode()
    assert Bulletin.objects.get().state == "submitted"


@way
def test_it_opens_for_the_desk_and_who_oversees_and_a_representative_sees_their_own(cast, sign_in):
    row = drafted(sign_in(cast.clerk))
    for who, actor in cast.staff().items():
        client = sign_in(actor)
        status = client.get(reverse("bulletins:bulletin", args=[row.pk])).status_code
        reads = actor.role in DESK | OVERSIGHT
        assert status == (200 if reads else 404 if actor.role == Role.REPRESENTATIVE else 403), who
    own = sign_in(cast.representative)
    sent = {"since": "2026-11-01", "until": "2026-11-30", "key": "b" * 32}
    assert own.post(reverse("bulletins:new", args=["monthly"]), {"span": NOVEMBER}).status_code == 403
    mine = drafted(own, "information", **sent)
    assert mine.title in shown(own, "bulletins:list") and row.title not in shown(own, "bulletins:list")


@way
def test_what_is_no_longer_public_stands_in_no_bulletin_any_more(cast, sign_in, client):
    case = roads.told(cast)
    publish(case, by=cast.clerk, title="楼道灯亮了", text="楼道灯不亮", answer="已经修好")
    with clock.frozen(datetime(2027, 1, 4, 1, tzinfo=UTC)):
        ask = {"since": date(2026, 12, 1), "until": date(2026, 12, 31), "scope": case.region.code}
        row = issued(cast, actions.draft(by=cast.clerk, code="notice-region", **ask))
        page = shown(client, "public:bulletin", row.pk)
        assert "楼道灯亮了" in page and f"region={case.region.code}" in page
        withdraw_publication(case, by=cast.clerk, reason="本人要求")
        assert "楼道灯" not in shown(client, "public:bulletin", row.pk)
        assert "楼道灯" not in shown(sign_in(cast.clerk), "bulletins:bulletin", row.pk)


@way
def test_a_list_costs_as_much_for_thirty_as_for_three(cast, sign_in, client, django_assert_max_num_queries):
    row = issued(cast, drafted(sign_in(cast.clerk)))
    for n in range(2, 32):
        Bulletin.objects.filter(pk=row.pk).update(replaces=None)
        row.pk, row.once, row.number = None, f"copy:{n}", n
        row.save(force_insert=True)
    staff = sign_in(cast.clerk)
    for reader, address in (
        (client, reverse("public:bulletins")),
        (staff, reverse("bulletins:list") + "?tab=issued"),
    ):
        with django_assert_max_num_queries(8):
            first = reader.get(address).content.decode()
        assert "after=" in first, "paged by key"
    assert reader.get(address + "&after=x").status_code == 200


@way
def test_what_a_draft_needs_is_asked_for_by_its_name_and_an_act_without_a_form_keeps_nothing(cast, sign_in):
    clerk = sign_in(cast.clerk)
    missing = clerk.post(reverse("bulletins:new", args=["information"]), {"key": "b" * 32})
    assert missing.status_code == 422 and "请填写：从哪一天" in missing.content.decode()
    late = do(clerk, drafted(clerk), "submit", version="99")
    assert late.status_code == 422 and "您填写的内容还在下面" not in late.content.decode()


@way
@pytest.mark.parametrize("deed", ["nothing", "submit", "withdraw"])
def test_an_act_that_is_not_there_or_not_now_is_refused_in_words(cast, sign_in, deed):
    clerk = sign_in(cast.clerk)
    row = drafted(clerk)
    answer = do(clerk, row, deed, version="99", words="x")
    assert answer.status_code == {"nothing": 404, "submit": 422, "withdraw": 422}[deed]
    for key in (99, 10**18, 10**30):
        assert clerk.get(f"/work/bulletins/{key}/").status_code == 404
        assert clerk.get(f"/bulletins/{key}/").status_code == 404
