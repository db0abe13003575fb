"""The office's search box and the public's: what is typed, where it leads, what is marked, and what is never told."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.test import Client

from huiyin.cases import actions
from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.publication.actions import publish, withdraw_publication
from huiyin.publication.shelf import keep_up as keep_up_public
from huiyin.search.tasks import keep_up

pytestmark = pytest.mark.django_db
SEARCH, FIND, PUBLIC = "/work/search/", "/work/desk/find/", "/public/"
PUBLISHED = {"title": "夜市油烟扰民", "text": "夜市油烟大。", "answer": "已装净化器，谢谢您。"}
NUMBER = re.compile(r"\d{4}-\d{4}-\d{4}")
HOSTILE = (
    '"', "'", '" OR 1=1 --', "a AND b NOT c", "NEAR(a b)", "*", "路灯*", "^路灯", "title:路灯", "{路灯}", "(", ")",
    "路灯 | 噪声", "路灯 & !噪声", "路灯:*", "\\", "%s %d", "<script>alert(1)</script>", "\x00路灯", "路\u202e灯",
    "路灯" * 5000, "的" * 10_000, " " * 10_000, "👍🏽", "ａ" * 300, "𠀀𠀁", "e\u0301" * 100, "\ue000d1", "\ue000",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    cache.clear()
    with clock.frozen(roads.MONDAY):
        yield


@pytest.fixture
def kept_up() -> Callable[[], None]:
    """Does what the worker does in the second after an act."""

    def all_shelves() -> None:
        sequence()
        keep_up()
        keep_up_public()

    return all_shelves


def page_of(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, (address, asked, answer.status_code)
    return answer.content.decode()


# -- the office ----------------------------------------------------------------------------------------------
def test_words_lead_to_an_address_of_their_own_with_marks_and_an_extract(cast, sign_in, kept_up):
    roads.registered(cast, title="路灯不亮", text="<b>巷口</b>的路灯坏了")
    kept_up()
    client = sign_in(cast.clerk)
    answer = client.post(FIND, {"q": " 路灯 "})
    assert unquote(answer["Location"]) == f"{SEARCH}?q=路灯"
    page = client.get(answer["Location"]).content.decode()
    assert "<mark>路灯</mark>不亮</a>" in page
    assert "&lt;b&gt;巷口&lt;/b&gt;的<mark>路灯</mark>坏了" in page


@pytest.mark.parametrize(
    "typed", ["138 0000 0001", "请查 13800000001 的", "110101199003074610 ", "12345 678", "+86 138-0000-0001"]
)
def test_what_may_be_somebodys_number_gets_into_no_address(cast, sign_in, kept_up, typed):
    roads.registered(cast)
    kept_up()
    for who in ("clerk", "handler", "leader"):
        answer = sign_in(getattr(cast, who)).post(FIND, {"q": typed})
        assert answer.status_code in (200, 422), who
        assert "Location" not in answer


def test_a_unit_finds_by_number_and_words_and_never_by_telephone(cast, sign_in, kept_up):
    order = roads.dispatched(cast)
    kept_up()
    client = sign_in(cast.handler)
    assert order.case.number in page_of(client, SEARCH, q="噪声")
    assert client.post(FIND, {"q": order.case.number})["Location"].endswith(f"{order.case.number}/")
    answer = client.post(FIND, {"q": "13800000001"})
    assert answer.status_code == 422 and "不按电话" in answer.content.decode()


def test_a_unit_or_a_place_narrows_the_search_and_can_be_taken_as_words(cast, sign_in, kept_up):
    mine = roads.dispatched(cast, title="夜间噪声").case
    other = roads.registered(cast, title="城管局门口积水", region=cast.other_street)
    kept_up()
    client = sign_in(cast.clerk)
    found = page_of(client, SEARCH, q="城管局")
    assert mine.number in found and other.number not in found and "城管局</span>" in found
    as_words = page_of(client, SEARCH, q="城管局", **{"as": "words"})
    assert other.number in as_words and mine.number not in as_words
    assert other.number in page_of(client, SEARCH, q="青潭街道") and mine.number not in page_of(
        client, SEARCH, q="青潭街道"
    )
    both = page_of(client, SEARCH, q="青潭街道 噪声")
    assert mine.number not in both and other.number not in both


def test_filters_and_order_stand_in_the_address(cast, sign_in, kept_up):
    here = roads.registered(cast, title="路灯", region=cast.street)
    there = roads.registered(cast, title="路灯", region=cast.other_street, nature=Case.Nature.INQUIRY)
    kept_up()
    client = sign_in(cast.clerk)
    for asked, seen, unseen in (
        ({"region": "qingtan"}, there, here),
        ({"nature": "inquiry"}, there, here),
        ({"region": "shiqiao", "order": "best"}, here, there),
    ):
        page = page_of(client, SEARCH, q="路灯", **asked)
        assert seen.number in page and unseen.number not in page
    assert "order=best" in page_of(client, SEARCH, q="路灯", region="qingtan")


def test_an_empty_box_and_common_words_say_how_to_search(cast, sign_in):
    client = sign_in(cast.clerk)
    assert "查找您能看到的诉求" in page_of(client, SEARCH)
    assert "写得具体些" in page_of(client, SEARCH, q="的")
    assert client.post(FIND, {"q": ""})["Location"] == SEARCH
    assert client.get(FIND)["Location"] == SEARCH


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_does_harm(cast, sign_in, kept_up, typed):
    roads.registered(cast, title="路灯不亮")
    kept_up()
    client = sign_in(cast.clerk)
    for address in (SEARCH, PUBLIC):
        for order in ("newest", "best"):
            page = page_of(client, address, q=typed, order=order, after=typed[:50])
            assert "<script>alert" not in page
    assert client.post(FIND, {"q": typed}).status_code in (200, 302, 422)


def test_half_characters_in_an_address_do_no_harm(cast, sign_in):
    client = sign_in(cast.clerk)
    for address in (SEARCH, PUBLIC):
        assert client.get(f"{address}?q=%ED%A0%80%E8%B7%AF%E7%81%AF").status_code == 200


def test_administrators_and_strangers_have_no_search(cast, sign_in):
    assert sign_in(cast.administrator).get(SEARCH).status_code == 403
    assert sign_in(cast.auditor).get(SEARCH).status_code == 403
    assert Client().get(SEARCH).status_code == 302


def test_a_page_of_hits_asks_the_same_however_many_there_are(
    cast, sign_in, kept_up, django_assert_max_num_queries
):
    for _n in range(30):
        roads.registered(cast)
    kept_up()
    client = sign_in(cast.clerk)
    page_of(client, SEARCH, q="噪声")
    with django_assert_max_num_queries(12):
        page = page_of(client, SEARCH, q="噪声")
    assert len(set(NUMBER.findall(page))) == 25
    later = re.search(r'rel="next" href="([^"]+)"', page)
    assert later is not None
    rest = client.get(SEARCH + later[1].replace("&amp;", "&")).content.decode()
    assert len(set(NUMBER.findall(rest))) == 5 and not set(NUMBER.findall(rest)) & set(NUMBER.findall(page))


# -- the public ----------------------------------------------------------------------------------------------
def published(cast, **more: str) -> Case:
    case = roads.told(cast)
    publish(case, by=cast.reviewer, **{**PUBLISHED, **more})
    return case


def test_anybody_finds_what_is_published_by_title_text_and_answer(cast, kept_up):
    case = published(cast)
    kept_up()
    for asked in ("油烟", "净化器", "夜市 油烟大", "夜市"):
        page = page_of(Client(), PUBLIC, q=asked)
        assert case.number in page and "<mark>" in page, asked
    assert "已装<mark>净化器</mark>" in page_of(Client(), PUBLIC, q="净化器")


def test_what_is_not_published_is_found_by_nobody_outside(cast, kept_up):
    case = published(cast)
    roads.registered(cast, title="收受礼品")
    kept_up()
    assert not NUMBER.search(page_of(Client(), PUBLIC, q="收受礼品"))
    assert not NUMBER.search(
        page_of(Client(), PUBLIC, q="噪声")
    )  # of the matter itself, not of what was published
    withdraw_publication(case, by=cast.reviewer, reason="当事人要求")
    assert not NUMBER.search(page_of(Client(), PUBLIC, q="油烟"))  # at once, before the index hears of it
    kept_up()
    assert not NUMBER.search(page_of(Client(), PUBLIC, q="油烟"))


def test_the_publics_search_is_narrowed_by_nature_category_place_and_unit(cast, kept_up):
    case = published(cast)
    kept_up()
    fits = {"nature": case.nature, "category": "city", "region": "tingfeng", "unit": "chengguan"}
    assert case.number in page_of(Client(), PUBLIC, q="油烟", **fits)
    for name, other in (("nature", "praise"), ("category", "housing"), ("region", "qingtan"), ("unit", "zhujian"),
                        ("unit", "nobody"), ("nature", "'"), ("category", "?")):  # fmt: skip
        assert case.number not in page_of(Client(), PUBLIC, q="油烟", **{**fits, name: other}), (name, other)


def test_a_published_number_leads_to_its_page(cast):
    case = published(cast)
    assert Client().get(PUBLIC, {"q": case.number.replace("-", " ")})["Location"] == f"{PUBLIC}{case.number}/"
    other = roads.registered(cast)
    page = page_of(Client(), PUBLIC, q=other.number)
    assert other.title not in page and f"{PUBLIC}{other.number}" not in page


def test_where_nothing_has_all_the_words_those_with_some_are_offered(cast, kept_up):
    case = published(cast)
    kept_up()
    page = page_of(Client(), PUBLIC, q="夜市油烟 地铁")
    assert "有其中一些" in page and case.number in page
    assert not NUMBER.search(page_of(Client(), PUBLIC, q="地铁 公交"))


def test_the_publics_search_costs_the_same_whatever_there_is(cast, kept_up, django_assert_max_num_queries):
    for _n in range(3):
        published(cast)
    kept_up()
    page_of(Client(), PUBLIC, q="油烟")
    with django_assert_max_num_queries(8):
        page_of(Client(), PUBLIC, q="油烟")


def test_republished_in_other_words(cast, kept_up):
    case = published(cast)
    kept_up()
    withdraw_publication(case, by=cast.reviewer, reason="改字")
    publish(case, by=cast.reviewer, **{**PUBLISHED, "title": "烧烤摊扰民"})
    kept_up()
    assert case.number in page_of(Client(), PUBLIC, q="烧烤摊")


def test_an_answer_given_is_no_news_to_the_public(cast, kept_up):
    order = roads.signed(cast)
    actions.answer(order, by=cast.handler, text="已装净化器", outcome="solved")
    kept_up()
    assert not NUMBER.search(page_of(Client(), PUBLIC, q="净化器"))
