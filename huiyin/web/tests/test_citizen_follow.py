"""Following a matter: the door by number and code, what the page tells, and that reading is being told."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.models import Case, Notice, Party, Point
from huiyin.channels.web import reading
from huiyin.ledger.models import Event
from huiyin.organisation.actors import Actor
from huiyin.web.citizen import pocket
from huiyin.web.tests.citizens import WORDS, answered, hand_in, to_unit

pytestmark = pytest.mark.django_db
WRONG = "编号和查询码对不上"
OTHER_CODE = "K7QM-3XRD"


@pytest.fixture(autouse=True)
def no_tries():
    cache.clear()


@pytest.fixture
def visitor(cast):
    return hand_in()


def enter(number, code, client=None, **more):
    return (client or Client()).post("/follow/", {"number": number, "code": code}, **more)


def read(visitor):
    answer = visitor.client.get(visitor.page)
    assert answer.status_code == 200
    return answer.content.decode()


# -- the door ------------------------------------------------------------------------------------------------
def test_number_and_code_as_people_type_them_open_the_case(visitor):
    number = visitor.number.replace("-", " ").translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    client = Client()
    assert enter(number, visitor.code.lower().replace("-", ""), client)["Location"] == visitor.page
    assert "现在轮到" in client.get(visitor.page).content.decode()


def test_an_unknown_number_and_a_wrong_code_get_the_same_sentence(visitor):
    wrong_code, unknown = enter(visitor.number, OTHER_CODE), enter("2648-3917-5062", visitor.code)
    for answer in (wrong_code, unknown):
        assert answer.status_code == 422 and WRONG in answer.content.decode()


def test_they_ask_the_database_the_same_questions(visitor, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (visitor.number, "2648-3917-5062"):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            enter(number, OTHER_CODE)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("number", "code", "sentence"),
    [
        ("", OTHER_CODE, "请填写：编号"),
        ("123", OTHER_CODE, "编号应为 12 位数字"),
        ("2648-3917-5063", OTHER_CODE, "可能输错了一位"),
        ("2648-3917-5062", "", "请填写：查询码"),
        ("2648-3917-5062", "K7QM", "查询码是 8 位字母和数字"),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field_and_stays(cast, number, code, sentence):
    answer = enter(number, code)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and WRONG not in page
    assert f'value="{number}"' in page or not number


def test_five_wrong_codes_close_the_number_for_a_while_even_to_the_right_one(visitor):
    for _n in range(5):
        assert enter(visitor.number, OTHER_CODE).status_code == 422
    shut = enter(visitor.number, visitor.code)
    assert (shut.status_code, shut["Retry-After"]) == (429, "900") and "15 分钟" in shut.content.decode()


def test_twenty_wrong_codes_close_the_address_for_every_number(visitor, cast):
    numbers = [hand_in(key=f"00000000-0000-4000-8000-00000000000{n}").number for n in range(4)]
    for number in numbers:
        for _n in range(5):
            enter(number, OTHER_CODE)
    assert enter(visitor.number, visitor.code).status_code == 429
    assert enter(visitor.number, visitor.code, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_right_codes_use_up_no_tries(visitor):
    for _n in range(8):
        assert enter(visitor.number, visitor.code).status_code == 302


def test_a_malformed_number_uses_up_no_tries(visitor):
    for _n in range(30):
        enter("123", OTHER_CODE)
    assert enter(visitor.number, visitor.code).status_code == 302


def test_nothing_of_address_or_number_stands_in_the_cache(visitor, settings):
    enter(visitor.number, OTHER_CODE, REMOTE_ADDR="192.0.2.7")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select cache_key, value from huiyin_cache")
        kept = str(cursor.fetchall())
    assert visitor.number not in kept and "192.0.2.7" not in kept


def test_without_the_code_the_number_leads_to_the_door(visitor):
    answer = Client().get(visitor.page)
    assert answer["Location"] == f"/follow/?number={visitor.number}"
    assert f'value="{visitor.number}"' in Client().get(answer["Location"]).content.decode()


def test_a_case_that_does_not_exist_leads_to_the_same_door(cast):
    assert Client().get("/follow/2648-3917-5062/")["Location"] == "/follow/?number=2648-3917-5062"
    assert Client().get("/follow/nonsense/").status_code == 404


def test_a_forged_or_foreign_cookie_opens_nothing(visitor):
    client = Client()
    for forged in ("e30=", "x", "6d7a" * 40):
        client.cookies[pocket.COOKIE] = forged
        assert client.get(visitor.page).status_code == 302


def test_the_cookie_is_unreadable_and_only_for_the_server(visitor):
    cookie = visitor.client.cookies[pocket.COOKIE]
    assert visitor.number not in cookie.value and visitor.code not in cookie.value
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_several_cases_are_kept_and_forgotten_together(visitor):
    other = hand_in(visitor.client, key="00000000-0000-4000-8000-000000000001")
    page = visitor.client.get("/follow/").content.decode()
    assert visitor.number in page and other.number in page
    visitor.client.post("/follow/forget/")
    assert visitor.client.get(visitor.page).status_code == 302


def test_a_party_who_has_left_reads_nothing_more(visitor):
    Party.objects.update(left_at=visitor.case.received_at)
    assert visitor.client.get(visitor.page).status_code == 302
    assert WRONG in enter(visitor.number, visitor.code).content.decode()


# -- the page ------------------------------------------------------------------------------------------------
def test_whose_turn_and_until_when_stand_at_the_top(cast, visitor):
    page = read(visitor)
    assert "受理中心" in page and "最迟" in page and "看该由谁办" in page
    to_unit(cast, visitor.case)
    page = read(visitor)
    assert "我们已把您的诉求交给城管局" in page and "城管局已签收" in page


def test_the_sender_reads_their_own_words_and_another_party_the_redacted_ones(cast, visitor):
    assert WORDS in read(visitor)
    Case.objects.update(title="夜间噪声", text="〔遮住了〕")
    Party.objects.update(role="member")
    page = read(visitor)
    assert "〔遮住了〕" in page and WORDS not in page


def test_opening_the_original_is_shown_with_unit_and_reason(cast, visitor):
    actions.open_original(visitor.case, by=cast.clerk, reason="核对噪声发生的楼号")
    page = read(visitor)
    assert "受理中心查看了您的原文" in page and "核对噪声发生的楼号" in page
    assert cast.clerk.user.name not in page


def test_an_answer_is_hidden_until_it_is_approved(cast, visitor):
    order = to_unit(cast, visitor.case)
    actions.answer(order, by=cast.handler, text="还没审核的话", outcome=Point.Outcome.SOLVED)
    assert "还没审核的话" not in read(visitor)
    actions.approve(visitor.case, by=cast.reviewer)
    assert "还没审核的话" in read(visitor)


def test_reading_the_answer_is_being_told_and_is_recorded_once(cast, visitor):
    answered(cast, visitor.case)
    assert Case.objects.get().state == "telling"
    read(visitor)
    read(visitor)
    notice = Notice.objects.get(about="answer")
    assert notice.how == "delivered" and Case.objects.get().state == "told"
    told = Event.objects.filter(kind="record_told")
    assert [event.actor for event in told] == [f"party:{visitor.party.pk}"]


@pytest.mark.parametrize("how", ["head", "prefetch"])
def test_what_nobody_looks_at_tells_nobody(cast, visitor, how):
    answered(cast, visitor.case)
    if how == "head":
        visitor.client.head(visitor.page)
    else:
        visitor.client.get(visitor.page, headers={"Sec-Purpose": "prefetch"})
    assert Case.objects.get().state == "telling"


def test_only_the_reader_is_told_not_the_other_parties(cast, visitor):
    Party.objects.create(case=visitor.case, role="member", joined_at=visitor.case.received_at)
    answered(cast, visitor.case)
    read(visitor)
    assert Notice.objects.filter(about="answer", told_at=None).count() == 1
    assert Case.objects.get().state == "telling"


def test_a_refusal_shows_ground_basis_route_and_the_way_to_contest(cast, visitor):
    actions.decline(visitor.case, by=cast.clerk, reason=cast.no_duty, words_to_citizen="请保存好证据。")
    page = read(visitor)
    for words in (
        "超出单位职责",
        "《某条例》第十一条",
        "请向人民法院提起诉讼",
        "请保存好证据。",
        "/contest/",
    ):
        assert words in page
    assert Notice.objects.get().how == "delivered"


def test_notes_of_the_office_for_itself_stay_there(cast, visitor):
    actions.note(visitor.case, by=cast.clerk, text="只给内部看", readers="office")
    actions.note(visitor.case, by=cast.clerk, text="也给诉求人看", readers="all")
    page = read(visitor)
    assert "也给诉求人看" in page and "只给内部看" not in page


def test_a_merged_matter_says_so_without_the_other_number_and_gets_its_answer(cast, visitor):
    other = hand_in(key="00000000-0000-4000-8000-000000000001")
    actions.merge(visitor.case, into=other.case, by=cast.clerk)
    page = read(visitor)
    assert "和另一件说同一件事的诉求一起办" in page and other.number not in page
    answered(cast, other.case, text="已约谈店主，联系人电话13800000001。")
    page = read(visitor)
    assert "已约谈店主" in page and "13800000001" not in page
    assert Notice.objects.get(case=visitor.case, about="answer").how == "delivered"
    assert visitor.number not in read(other)


SPOKEN_OF = "张三丰和慕容拂晓：石桥路 1 号 2 栋 301 室与南湖路 7 号 3 栋 502 室楼下的店已加装隔音。"


def two_neighbours(visitor):
    """The visitor's own address, and a second matter from somebody else at another."""
    other = hand_in(
        key="00000000-0000-4000-8000-000000000001", name="慕容拂晓", phone="13900000002", region="shiqiao"
    )
    for each, address in ((visitor, "石桥路 1 号 2 栋 301 室"), (other, "南湖路 7 号 3 栋 502 室")):
        person = each.party.person
        person.address = address
        person.save()
    return other


def test_a_merged_matter_and_its_parent_read_nothing_of_each_other_in_the_answer(cast, visitor):
    other = two_neighbours(visitor)
    actions.merge(visitor.case, into=other.case, by=cast.clerk)
    answered(cast, other.case, text=SPOKEN_OF)
    merged, parent = read(visitor), read(other)
    assert "慕容拂晓" not in merged and "502 室" not in merged and "南湖路" not in merged
    assert "石桥路 1 号 2 栋 301 室" in merged and "的店已加装隔音" in merged
    assert "张三丰" not in parent and "301 室" not in parent and "慕容拂晓" in parent


def test_a_member_reads_the_answer_without_the_petitioner(cast, visitor):
    two_neighbours(visitor)
    answered(cast, visitor.case, text=SPOKEN_OF)
    member = Party.objects.create(case=visitor.case, role="member", joined_at=visitor.case.received_at)
    actions.note(visitor.case, by=Actor.citizen(visitor.party.pk), text="我是张三丰，住 301")
    mine = reading.own_case(Actor.citizen(visitor.party.pk), visitor.number)
    theirs = reading.own_case(Actor.citizen(member.pk), visitor.number)
    assert "张三丰" in mine.answers[0].text and [note.mine for note in mine.notes] == [True]
    assert "张三丰" not in theirs.answers[0].text and "301" not in theirs.answers[0].text
    assert theirs.notes == []


def test_whoever_else_is_party_to_the_case_stays_unknown(cast, visitor):
    member = Party.objects.create(case=visitor.case, role="member", joined_at=visitor.case.received_at)
    client = Client()
    response = client.get("/follow/")
    kept = pocket.Pocket()
    kept.put(visitor.number, member.pk)
    client.cookies[pocket.COOKIE] = pocket.keep(response, kept).cookies[pocket.COOKIE].value
    page = client.get(visitor.page).content.decode()
    assert "张三丰" not in page and "13800000001" not in page


@pytest.mark.parametrize("leaves", ["unmerge", "reopen"])
def test_nobody_reads_the_name_of_whose_matter_was_merged_with_theirs_and_left(cast, visitor, leaves):
    other = hand_in(key="00000000-0000-4000-8000-000000000001", name="慕容拂晓", phone="13900000002")
    actions.merge(other.case, into=visitor.case, by=cast.clerk)
    order = to_unit(cast, Case.objects.get(pk=visitor.case.pk))
    actions.answer(order, by=cast.handler, text="慕容拂晓家楼下已加装隔音。", outcome="solved")
    if leaves == "unmerge":
        actions.unmerge(other.case, by=cast.clerk)
    actions.approve(visitor.case, by=cast.reviewer)
    if leaves == "reopen":
        read(other)
        other.client.post(f"{other.page}reopen/", {"why": "又吵了"})
    assert Case.objects.get(pk=other.case.pk).parent is None
    page = read(visitor)
    assert "家楼下已加装隔音" in page and "慕容拂晓" not in page


def test_the_page_takes_the_same_few_statements_whatever_the_history(
    cast, visitor, django_assert_max_num_queries
):
    for n in range(6):
        actions.note(visitor.case, by=cast.clerk, text=f"说明{n}", readers="all")
        actions.open_original(visitor.case, by=cast.clerk, reason="核对地址和楼号")
    answered(cast, visitor.case)
    read(visitor)
    with django_assert_max_num_queries(24):
        read(visitor)


def test_every_address_on_the_page_is_without_code_or_name(cast, visitor):
    for address in re.findall(r'(?:href|action)="([^"]*)"', read(visitor)):
        assert visitor.code not in address and "张三丰" not in address


def test_a_matter_and_the_part_split_off_lead_to_each_other(cast, visitor):
    child = actions.split(visitor.case, by=cast.clerk, title="清运", text="垃圾没人清")
    there = reverse("citizen:case", args=[child.number])
    assert f'<a href="{there}">编号 {child.number}' in read(visitor)
    asked = visitor.client.get(there)
    assert asked.status_code == 302 and asked["Location"] == f"/follow/?number={child.number}"
    enter(child.number, visitor.code, visitor.client)
    assert f'<a href="{visitor.page}">从 {visitor.number} 分出' in visitor.client.get(there).content.decode()
