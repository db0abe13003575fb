"""Entry for somebody: what becomes of it, what is asked again, and that nothing typed is lost."""

import re

import pytest
from django.urls import reverse

from huiyin.cases import access, queries
from huiyin.cases.models import Answer, Case, Party
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.kernel.identifiers import code_hash
from huiyin.web.desk import receipts

pytestmark = pytest.mark.django_db
ENTRY = "/work/desk/entry/"
CODE = re.compile(r'receipt__code">([A-Z0-9]{4}-[A-Z0-9]{4})<')


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def written(**more):
    """The least that one writes, and more."""
    given = {
        "channel": "phone",
        "text": "楼道灯坏了三天，老人摔了一跤。",
        "nature": "appeal",
        "urgency": "normal",
        "confidentiality": "sealed",
        "reply_required": "on",
        "headcount": "1",
        "key": "a" * 32,
    }
    return {**given, **more}


def test_a_call_becomes_a_case_and_a_receipt_with_its_code(cast, sign_in):
    client = sign_in(cast.clerk)
    sent = client.post(ENTRY, written(name="孙悟空", phone="138 0000 0007", region="yinxing"))
    case = Case.objects.get()
    assert sent["Location"] == reverse("desk:receipt", args=[case.number])
    assert (case.channel, case.state, case.region, case.desk) == (
        "phone",
        "registered",
        cast.community_region,
        cast.centre,
    )
    page = client.get(sent["Location"]).content.decode()
    [code] = set(CODE.findall(page))
    assert queries.by_code(case.number, code_hash(code)).role == "petitioner"
    assert "孙悟空" not in page and "13800000007" not in page


def test_a_nameless_call_answered_at_once_is_told_in_one_step(cast, sign_in):
    client = sign_in(cast.clerk)
    told = written(nature="inquiry", text="居住证怎么办", answer="带身份证到派出所。", outcome="informed")
    page = client.get(client.post(ENTRY, told)["Location"]).content.decode()
    case = Case.objects.get()
    assert case.state == "told" and Answer.objects.get().outcome == "informed"
    assert Party.objects.get().person is None
    assert "已记录当场答复" in page


def test_several_people_several_points_and_a_headcount(cast, sign_in):
    members = "猪八戒 13800000008\n沙和尚，13800000009\n\n白龙马"
    points = "修灯\n换楼道的门"
    client = sign_in(cast.clerk)
    sent = client.post(
        ENTRY, written(name="孙悟空", members=members, points=points, headcount="12", channel="visit")
    )
    case = Case.objects.get()
    assert (case.headcount, case.channel) == (12, "visit")
    assert [point.text for point in case.points.order_by("ordinal")] == ["修灯", "换楼道的门"]
    roles = list(case.parties.order_by("pk").values_list("role", flat=True))
    assert roles == ["petitioner", "member", "member", "member"]
    page = client.get(sent["Location"]).content.decode()
    assert len(set(CODE.findall(page))) == 4


def test_an_urgent_matter_takes_the_urgent_track_and_a_chosen_one_wins(cast, sign_in):
    client = sign_in(cast.clerk)
    client.post(ENTRY, written(urgency="immediate", key="b" * 32))
    client.post(ENTRY, written(channel="mailbox", key="c" * 32))
    with clock.frozen(roads.MONDAY - 90 * roads.DAY):  # sixty days on, the calendar is known
        client.post(ENTRY, written(track="petition", key="d" * 32))
    assert list(Case.objects.order_by("pk").values_list("track", flat=True)) == [
        "urgent",
        "mailbox",
        "petition",
    ]


def test_a_representative_stays_part_of_what_they_bring(cast, sign_in):
    client = sign_in(cast.representative)
    client.post(ENTRY, written(channel="representative", name="孙悟空"))
    case = Case.objects.get()
    bringer = case.parties.get(role="bringer")
    assert bringer.post == cast.representative.post and bringer.person is None
    assert list(access.visible(cast.representative)) == [case]
    assert case.number in client.get(reverse("desk:brought")).content.decode()


def test_a_handler_at_a_counter_gets_a_receipt_but_not_the_case(cast, sign_in):
    client = sign_in(cast.handler)
    sent = client.post(ENTRY, written(channel="visit"))
    page = client.get(sent["Location"]).content.decode()
    case = Case.objects.get()
    assert case.number in page and reverse("cases:case", args=[case.number]) not in page
    assert client.get(reverse("cases:case", args=[case.number])).status_code == 404


def test_only_the_desk_is_asked_what_was_answered_at_once(cast, sign_in):
    assert "当场怎么答的" in sign_in(cast.clerk).get(ENTRY).content.decode()
    assert "当场怎么答的" not in sign_in(cast.handler).get(ENTRY).content.decode()


def test_a_form_sent_twice_is_one_case_with_the_same_code(cast, sign_in):
    client = sign_in(cast.clerk)
    first, second = client.post(ENTRY, written()), client.post(ENTRY, written())
    assert first["Location"] == second["Location"] and Case.objects.count() == 1
    codes = set(CODE.findall(client.get(second["Location"]).content.decode()))
    assert len(codes) == 1 and queries.by_code(Case.objects.get().number, code_hash(codes.pop()))


def test_a_form_changed_and_sent_again_says_what_was_kept(cast, sign_in):
    client = sign_in(cast.clerk)
    client.post(ENTRY, written())
    again = client.post(ENTRY, written(text="完全另外一件事"))
    assert "这张表之前已经登记过" in client.get(again["Location"]).content.decode()
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "then", "n"),
    [
        ({}, {"members": "乙 13800000022"}, 1),
        ({"members": "乙\n丙"}, {}, 3),
        ({"members": "乙"}, {"members": "丁"}, 2),
    ],
)
def test_the_codes_of_a_form_sent_again_are_those_of_the_people_who_were_kept(cast, sign_in, first, then, n):
    client = sign_in(cast.representative)  # who is a party too, and has a code of their own
    client.post(ENTRY, written(name="甲", **first))
    again = client.get(client.post(ENTRY, written(name="甲", **then))["Location"]).content.decode()
    number = Case.objects.get().number
    kept = {queries.by_code(number, code_hash(code)) for code in CODE.findall(again)}
    assert {party.role for party in kept} <= {"petitioner", "member"} and len(kept) == n
    assert "这次改动的内容没有保存" in again


def test_an_empty_form_says_what_is_missing(cast, sign_in):
    answer = sign_in(cast.clerk).post(ENTRY, {})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写：说了什么" in page and "请选择：从哪里来" in page
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phone": "12"}, "这不像一个电话号码"),
        ({"members": "好人\n坏号 123"}, "第 2 行的电话不对"),
        ({"members": "\n".join(f"第{n}人" for n in range(31))}, "一次最多写 30 个人，现在有 31 个"),
        ({"points": "\n".join("一" for _n in range(21))}, "最多分成 20 个诉求点，现在有 21 个"),
        ({"points": "长" * 301}, "最多 300 个字"),
        ({"headcount": "100001"}, "100000"),
        ({"answer": "已解释"}, "当场答复要选办理结果。这类诉求可以选：已解决"),
        ({"answer": "已采纳", "outcome": "adopted"}, "当场答复要选办理结果"),
        ({"outcome": "solved"}, "选了办理结果，请写下当场怎么答的"),
        ({"nature": "praise", "answer": "谢谢", "outcome": "solved"}, "这类诉求可以选：已答疑"),
        ({"text": "字" * 20_001}, "最多 20000 个字，现在有 20001 个"),
        ({"text": " \u200b "}, "请填写诉求内容"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast, sign_in, wrong, sentence):
    told = written(name="孙悟空", place="银杏路一号", title="路灯")
    answer = sign_in(cast.clerk).post(ENTRY, {**told, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page, page[:3000]
    assert not Case.objects.exists()
    for kept in ("孙悟空", "银杏路一号", "路灯", *wrong.values()):
        assert kept.strip("\u200b \n") in page
    assert f'value="{"a" * 32}"' in page  # the same form, so that pressing twice is still one case


def test_a_known_phone_shows_the_earlier_matters_first(cast, sign_in):
    earlier = roads.registered(cast)
    client = sign_in(cast.clerk)
    told = written(phone="13800000001", members="猪八戒", points="一\n二")
    asked = client.post(ENTRY, told)
    page = asked.content.decode()
    assert asked.status_code == 200 and "这个电话名下已有 1 件" in page and earlier.number in page
    assert Case.objects.count() == 1
    back = client.post(ENTRY, {**told, "step": "back"}).content.decode()
    assert told["text"] in back and "13800000001" in back and "猪八戒" in back
    sent = client.post(ENTRY, {**told, "step": "go_on"})
    assert sent.status_code == 302 and Case.objects.count() == 2


def test_the_page_of_earlier_matters_carries_every_value_on(cast, sign_in):
    roads.registered(cast)
    told = written(phone="13800000001", nature="report", accused_units=["weijian", "zhujian"], accused="某人")
    page = sign_in(cast.clerk).post(ENTRY, told).content.decode()
    sent = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    assert [value for name, value in sent if name == "accused_units"] == ["weijian", "zhujian"]
    assert dict(sent)["key"] == told["key"] and dict(sent)["accused"] == "某人"


def test_nobody_learns_of_matters_that_they_may_not_see(cast, sign_in):
    roads.dispatched(cast)  # the handler sees this case, but not who brought it
    for who in (cast.handler, cast.supervisor):
        sent = sign_in(who).post(ENTRY, written(phone="13800000001", key=who.post.code))
        assert sent.status_code == 302, who  # trying numbers tells nobody whose case it is


def test_a_report_bars_those_whom_it_is_about(cast, sign_in):
    told = written(nature="report", accused_units=["weijian"], accused="华某", text="收红包")
    sign_in(cast.clerk).post(ENTRY, told)
    case = Case.objects.get()
    assert case.exclusions.get().unit == cast.weijian
    assert not access.visible(cast.two_hats).exists()
    assert {party.role for party in case.parties.all()} == {"petitioner", "respondent"}


def test_who_is_accused_cannot_register_it_and_keeps_what_was_typed(cast, sign_in):
    told = written(nature="report", accused_units=["chengguan"], text="城管局有人收钱")
    answer = sign_in(cast.handler).post(ENTRY, told)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "您或您的单位是被举报对象" in page and "城管局有人收钱" in page
    assert not Case.objects.exists()


def test_accused_units_of_another_nature_bar_nobody(cast, sign_in):
    sign_in(cast.clerk).post(ENTRY, written(nature="appeal", accused_units=["weijian"], accused="某人"))
    case = Case.objects.get()
    assert not case.exclusions.exists() and "某人" not in case.text


def test_a_receipt_is_for_whoever_wrote_it_and_for_an_hour(cast, sign_in):
    client = sign_in(cast.clerk)
    where = client.post(ENTRY, written())["Location"]
    number = Case.objects.get().number
    assert sign_in(cast.second_clerk).get(where)["Location"] == reverse("cases:case", args=[number])
    assert sign_in(cast.handler).get(where)["Location"] == reverse("work")
    with clock.frozen(roads.MONDAY + receipts.KEPT * 1.01):
        assert client.get(where)["Location"] == reverse("cases:case", args=[number])


def test_no_query_code_lies_open_in_the_session(cast, sign_in):
    client = sign_in(cast.clerk)
    where = client.post(ENTRY, written())["Location"]
    [code] = set(CODE.findall(client.get(where).content.decode()))
    assert code not in str(dict(client.session)) and code.replace("-", "") not in str(dict(client.session))


def test_markup_and_odd_characters_are_text_like_any_other(cast, sign_in):
    client = sign_in(cast.clerk)
    told = written(
        text="<script>alert(1)</script> 'OR 1=1 -- 😀 \u202e", name="<b>悟空</b>", title="<i>灯</i>"
    )
    page = client.get(client.post(ENTRY, told)["Location"]).content.decode()
    assert "<i>灯" not in page and "&lt;i&gt;灯" in page
    assert "\u202e" not in Case.objects.get().text


def test_the_form_asks_a_fixed_number_of_questions(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.clerk)
    with django_assert_max_num_queries(12):
        client.get(ENTRY)
