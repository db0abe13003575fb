"""我也一样: similar matters before sending, the public page of an open one, and joining it."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from huiyin.cases import actions
from huiyin.cases.models import Case, Party
from huiyin.cases.tests.roads import fresh
from huiyin.channels.web import reading
from huiyin.organisation.actors import Actor
from huiyin.people.models import Person
from huiyin.publication.actions import publish
from huiyin.web.tests.citizens import FILLED, WORDS, Visitor, answered, hand_in, to_unit

pytestmark = pytest.mark.django_db
TITLE = "石桥路烧烤店油烟和划拳声"
KEY = "11111111-2222-4333-8444-555555555555"
ME = {
    "confidentiality": "sealed",
    "name": "丁四",
    "phone": "13900000004",
    "private": "我家在三楼",
    "key": KEY,
}


@pytest.fixture(autouse=True)
def nothing_cached():
    cache.clear()


@pytest.fixture
def matter(cast) -> Case:
    """An open matter whose title is out."""
    case = hand_in().case
    actions.release_title(case, by=cast.clerk, title=TITLE)
    return case


def join(case, client=None, **changed) -> Visitor:
    client = client or Client()
    answer = client.post(f"/join/{case.number}/", {**ME, **changed}, follow=True)
    code = re.search(r"receipt__code\">([A-Z0-9-]{9})<", answer.content.decode())[1]
    return Visitor(client, case, code)


def asked(client, **changed) -> str:
    told = {"text": WORDS, "region": "shiqiao", "nature": "complaint", **changed}
    answer = client.post("/new/similar/", told)
    assert answer.status_code == 200
    return answer.content.decode()


# -- before sending --------------------------------------------------------------------------------------------
def test_what_others_said_is_shown_before_it_is_written_again(client, cast, matter):
    page = asked(client)
    assert TITLE in page and f"/join/{matter.number}/" in page and "已有 3 人反映" in page


def test_a_report_is_never_compared_and_never_shown(client, cast, matter):
    assert asked(client, nature="report").strip() == ""
    hand_in(key=KEY, nature="report", text="烧烤店老板送礼")
    assert asked(client, text="烧烤店老板送礼").count("<li") <= 1


def test_only_titles_that_were_let_out_are_shown(client, cast):
    hand_in()
    assert asked(client).strip() == "" and WORDS[:6] not in asked(client)


def test_a_public_answer_is_shown_after_the_open_ones(client, cast, matter):
    other = hand_in(key=KEY)
    answered(cast, other.case)
    other.client.get(other.page)
    publish(other.case, by=cast.reviewer, title="烧烤店油烟已经治理", text="油烟。", answer="已装净化器。")
    page = asked(client)
    assert page.index(TITLE) < page.index("烧烤店油烟已经治理") and "已经有答复" in page


def test_without_a_script_a_button_shows_them_and_nothing_typed_or_chosen_is_lost(client, cast, matter):
    page = client.post("/new/", {**FILLED, "look": "similar", "phone": "12"}).content.decode()
    assert TITLE in page and WORDS in page and 'value="12"' in page and "错误：" not in page
    nothing = client.post("/new/", {**FILLED, "look": "similar", "text": "完全别的事情"}).content.decode()
    assert "没有找到类似的事" in nothing


def test_the_lookup_costs_two_queries_and_the_sending_none_of_them(
    client, cast, matter, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        asked(client)


# -- the public page -------------------------------------------------------------------------------------------
def test_an_open_matter_shows_its_title_and_nothing_that_anybody_wrote(client, cast, matter):
    page = client.get(f"/public/{matter.number}/").content.decode()
    assert TITLE in page and "我也一样" in page and "正在办理" in page
    assert WORDS not in page and "石桥路 8 号" not in page and "张三丰" not in page


def test_what_is_not_out_or_is_a_report_is_not_there(client, cast):
    number, report = hand_in().number, hand_in(key=KEY, nature="report").number
    for address in (f"/public/{number}/", f"/join/{number}/", f"/join/{report}/", "/join/1/"):
        assert client.get(address).status_code == 404


# -- joining ---------------------------------------------------------------------------------------------------
def test_one_page_joins_and_gives_a_receipt_with_a_code_of_its_own(cast, matter):
    mine = join(matter)
    receipt = mine.client.get(f"/new/{matter.number}/").content.decode()
    assert TITLE in receipt and "您已经加入" in receipt and WORDS not in receipt
    assert Client().post("/follow/", {"number": matter.number, "code": mine.code})["Location"] == mine.page
    matter.refresh_from_db()
    assert matter.headcount == 3 and Case.objects.count() == 1


def test_a_double_click_joins_once_with_the_same_code(cast, matter):
    assert join(matter).code == join(matter).code
    assert Party.objects.filter(case=matter, role="joined").count() == 1


def test_nothing_has_to_be_said_and_no_identity_is_kept_if_so_wished(cast, matter):
    join(matter, confidentiality="none", private="")
    join(matter, name="", phone="", private="", key=KEY.replace("1", "2"))
    assert Person.objects.count() == 1 and Party.objects.filter(role="joined", person=None).count() == 2


def test_who_joined_reads_the_answer_and_rates_it_and_nothing_of_the_petitioner(cast, matter):
    mine = join(matter)
    page = mine.client.get(mine.page).content.decode()
    assert TITLE in page and "您加入了这件诉求" in page and "我家在三楼" in page
    assert WORDS not in page and "石桥路 8 号" not in page and "撤回这件诉求" not in page
    actions.open_original(matter, by=cast.clerk, reason="核对门牌号")
    answered(cast, matter, text="张三丰您好，店主已装净化器。")
    page = mine.client.get(mine.page).content.decode()
    assert "净化器" in page and "张三丰" not in page and "核对门牌号" not in page
    assert Case.objects.get().state == "telling", "the petitioner has not been told yet"


def test_nor_which_unit_is_asked_for_its_view_nor_of_calls_to_the_petitioner(cast, matter):
    """Whoever joined may be of the unit that is looked at."""
    mine, order = join(matter), to_unit(cast, matter)
    actions.contact(matter, by=cast.handler, how="phone", outcome="reached", said="约好周五看", order=order)
    actions.answer(order, by=cast.handler, text="已约谈", outcome="solved")
    view = actions.ask_peer(fresh(matter), by=cast.reviewer, unit=cast.zhujian, question="还能不能降噪")
    actions.give_view(view, by=cast.zhujian_leader, verdict="unsure", opinion="说不准")
    page = mine.client.get(mine.page).content.decode()
    assert "城管局" in page and "住建局" not in page and "联系了您" not in page


def test_a_paper_tells_who_joined_the_released_title_and_the_petitioner_their_own(cast):
    first = hand_in(text="张三丰家楼下的烧烤店")
    actions.release_title(first.case, by=cast.clerk, title=TITLE)
    order = to_unit(cast, first.case)
    mine = join(first.case, confidentiality="none", name="", phone="", private="")
    asked = actions.ask_extension(order, by=cast.handler, days=3, reason="要等检测报告")
    actions.grant_extension(asked, by=cast.dispatcher)
    paper, own = (who.client.get(f"{who.page}papers/extension/").content.decode() for who in (mine, first))
    assert TITLE in paper and first.case.title not in paper and "张三丰" not in paper
    assert "张三丰家楼下的烧烤店" in own


def test_the_matter_waits_for_nobody_who_only_joined(cast, matter):
    mine = join(matter)
    answered(cast, matter)
    first = Party.objects.filter(case=matter).order_by("pk")[0]
    page = reading.own_case(Actor.citizen(first.pk), matter.number)
    for notice in page.owed:
        actions.record_told(notice, by=page.by, how="delivered")
    assert Case.objects.get().state == "told"
    assert "我来评价" in mine.client.get(mine.page).content.decode()


def test_a_mistake_keeps_what_was_typed(client, cast, matter):
    answer = client.post(f"/join/{matter.number}/", {**ME, "phone": "12"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "我家在三楼" in page and 'value="12"' in page


def test_joining_is_bounded_for_an_address(client, cast, matter):
    for n in range(30):
        join(matter, key=f"11111111-2222-4333-8444-{n:012}")
    answer = client.post(f"/join/{matter.number}/", {**ME, "key": "11111111-2222-4333-8444-999999999999"})
    assert answer.status_code == 429 and ME["private"] in answer.content.decode()


def test_units_never_learn_who_joined_even_where_the_petitioner_is_open_to_them(cast):
    case = hand_in(confidentiality="open").case
    actions.release_title(case, by=cast.clerk, title=TITLE)
    join(case)
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    actions.sign(order, by=cast.handler)
    seen = actions.open_original(case, by=cast.handler, reason="上门核实", order=order)
    assert [each["name"] for each in seen.people] == ["张三丰"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, False),
        ({"phone": "13900000009"}, True),
        ({"private": "别的情况"}, True),
        ({"confidentiality": "none"}, True),
    ],
)
def test_a_joining_sent_again_says_whether_something_was_changed(matter, changed, said):
    me = join(matter)
    page = me.client.post(f"/join/{matter.number}/", {**ME, **changed}, follow=True).content.decode()
    assert ("没有另存" in page) == said
    assert Party.objects.filter(role="joined").count() == 1


def test_what_was_told_since_is_no_change_of_the_form(cast, matter):
    me = join(matter)
    mine = Party.objects.get(role="joined")
    actions.tell_privately(fresh(matter), by=Actor.citizen(mine.pk), text="后来又漏水")
    assert "没有另存" not in me.client.post(f"/join/{matter.number}/", ME, follow=True).content.decode()
