"""我的诉求: a code to a telephone or mailbox, and the list of what is theirs; for half an hour, and without an oracle."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from huiyin.cases import actions
from huiyin.channels.models import Sending, SignInCode
from huiyin.channels.sending import outbox
from huiyin.channels.web import signing_in
from huiyin.kernel import clock
from huiyin.ledger.models import Event
from huiyin.web.tests.citizens import WORDS, hand_in

pytestmark = pytest.mark.django_db
PHONE, STRANGER, MAIL = "13800000001", "13900000009", "ding@example.cn"
SECOND = {"key": "00000000-0000-4000-8000-000000000001"}


@pytest.fixture(autouse=True)
def a_folder_to_send_to(settings, tmp_path):
    cache.clear()
    settings.HUIYIN_HOME = tmp_path
    settings.HUIYIN_SMS, settings.HUIYIN_MAIL = "folder", {"way": "folder"}
    return tmp_path / "outbox"


@pytest.fixture
def sent(a_folder_to_send_to):
    """Let the worker do its round; the code of the newest message, None when there is none."""

    def newest() -> str | None:
        signing_in.look()
        outbox.send_prepared()
        files = sorted(
            a_folder_to_send_to.rglob("*.txt"), key=lambda file: int(re.findall(r"\d+", file.stem)[0])
        )
        return re.search(r"验证码 (\d{6})", files[-1].read_text())[1] if files else None

    return newest


def ask(client, **to):
    return client.post("/mine/", to or {"phone": PHONE})


def sign_in(sent, client=None, **to) -> Client:
    client = client or Client()
    ask(client, **to)
    assert client.post("/mine/code/", {"code": sent()}).status_code == 302
    return client


def test_a_code_opens_the_list_and_every_matter_in_it(cast, sent):
    mine, other = hand_in(), hand_in(**SECOND, phone=STRANGER)
    client = sign_in(sent)
    page = client.get("/mine/").content.decode()
    assert mine.number in page and WORDS[:10] in page and other.number not in page and "…0001" in page
    assert client.get(mine.page).status_code == 200
    assert client.get(other.page)["Location"].startswith("/follow/")
    assert client.post(f"{mine.page}add/", {"text": "又来了"}).status_code == 302


def test_a_mailbox_works_as_well_in_any_spelling(cast, sent):
    mine = hand_in(phone="", email="Ding@Example.cn")
    page = sign_in(sent, email=MAIL).get("/mine/").content.decode()
    assert mine.number in page


def test_who_joined_finds_it_under_its_public_title(cast, sent):
    case = hand_in(phone=STRANGER).case
    actions.release_title(case, by=cast.clerk, title="石桥路夜市噪声")
    Client().post(f"/join/{case.number}/", {"confidentiality": "sealed", "phone": PHONE, **SECOND})
    page = sign_in(sent).get("/mine/").content.decode()
    assert "石桥路夜市噪声" in page and "加入的" in page and WORDS[:10] not in page


def test_a_report_and_what_has_no_identity_are_never_listed_nor_opened(cast, sent):
    report = hand_in(nature="report")
    hidden = hand_in(**SECOND, confidentiality="none")
    ordinary = hand_in(key="00000000-0000-4000-8000-000000000002")
    client = sign_in(sent)
    page = client.get("/mine/").content.decode()
    assert ordinary.number in page and report.number not in page and hidden.number not in page
    assert client.get(report.page).status_code == 302 and client.get(hidden.page).status_code == 302


def test_only_a_reporters_telephone_gets_no_code(cast, sent):
    hand_in(nature="report")
    ask(Client())
    assert sent() is None


def test_who_has_left_sees_it_no_more(cast, sent):
    mine = hand_in()
    client = sign_in(sent)
    other = actions.add_party(
        mine.case, by=cast.clerk, member=actions.PartyIn(role="member", name="乙")
    ).party
    type(other).objects.filter(pk=other.pk).update(role="petitioner")
    actions.leave(mine.case, by=cast.clerk, party=mine.party)
    assert mine.number not in client.get("/mine/").content.decode()
    assert client.get(mine.page).status_code == 302


def test_who_left_one_part_of_theirs_still_reads_by_the_other(cast, sent):
    mine = hand_in()
    actions.release_title(mine.case, by=cast.clerk, title="石桥路夜市噪声")
    client = Client()
    client.post(f"/join/{mine.number}/", {"confidentiality": "sealed", "phone": PHONE, **SECOND})
    sign_in(sent, client)
    assert client.post(f"{mine.page}leave/", {"why": ""}).status_code == 302
    assert WORDS[:10] in client.get(mine.page).content.decode()
    client.post("/mine/leave/")
    assert client.get(mine.page)["Location"].startswith("/follow/")


# -- no oracle -------------------------------------------------------------------------------------------------
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def test_the_answer_the_pages_and_the_work_are_the_same_for_strangers(cast, sent, django_assert_num_queries):
    hand_in()
    told = []
    for phone in (PHONE, STRANGER):
        cache.clear()
        client = Client()
        client.get("/mine/")
        with CountedQueries() as counted:
            answer = ask(client, phone=phone)
        page = client.get("/mine/code/").content.decode().replace(phone[-4:], "")
        wrong = client.post("/mine/code/", {"code": "000000"}).content.decode().replace(phone[-4:], "")
        told.append(
            (answer.status_code, answer["Location"], counted.n, TOKEN.sub("", page), TOKEN.sub("", wrong))
        )
    assert told[0] == told[1]
    assert SignInCode.objects.count() == 2
    sent()
    assert Sending.objects.count() == 1, "a stranger is not plagued"


class CountedQueries:
    """How many statements a block runs."""

    def __enter__(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self._context = CaptureQueriesContext(connection)
        self._context.__enter__()
        return self

    def __exit__(self, *more):
        self._context.__exit__(*more)
        self.n = len(self._context)


def test_no_code_stays_readable_and_no_number_at_all(cast, sent):
    hand_in()
    ask(Client())
    code = sent()
    row, letter = SignInCode.objects.get(), Sending.objects.get()
    assert (row.code, row.contact, letter.to, letter.text) == (None, None, None, None)
    assert code.encode() not in bytes(row.code_hash)


def test_the_event_says_that_somebody_signed_in_and_not_who(cast, sent):
    hand_in()
    sign_in(sent)
    event = Event.objects.get(kind="sign_in")
    assert event.facts == {"channel": "sms"} and event.subject.startswith("sign-in:")
    assert event.private is None


# -- bounds ----------------------------------------------------------------------------------------------------
def test_a_code_works_once_and_five_tries_long(cast, sent):
    hand_in()
    client = Client()
    ask(client)
    code = sent()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _n in range(4):
        assert client.post("/mine/code/", {"code": wrong}).status_code == 422
    cookie = client.cookies["huiyin_code"].value
    assert client.post("/mine/code/", {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    again = Client()
    again.cookies["huiyin_code"] = cookie
    assert again.post("/mine/code/", {"code": code}).status_code == 422


def test_a_code_in_full_width_digits_is_the_same_code(cast, sent):
    hand_in()
    client = Client()
    ask(client)
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in sent())
    assert client.post("/mine/code/", {"code": f"{wide[:3]}　{wide[3:]}"}).status_code == 302


def test_after_five_wrong_ones_the_right_one_is_wrong(cast, sent):
    hand_in()
    client = Client()
    ask(client)
    code = sent()
    for _n in range(5):
        client.post("/mine/code/", {"code": f"{(int(code) + 1) % 10**6:06}"})
    assert client.post("/mine/code/", {"code": code}).status_code == 422


def test_a_code_lasts_ten_minutes_and_a_visit_half_an_hour(cast, sent):
    hand_in()
    start = clock.now()
    client = Client()
    ask(client)
    code = sent()
    with clock.frozen(start + timedelta(minutes=11)):
        assert client.post("/mine/code/", {"code": code}).status_code in (302, 422)
        assert "huiyin_mine" not in client.cookies
    client = sign_in(sent)
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert "发验证码" in client.get("/mine/").content.decode()


def test_nobody_uses_up_the_tries_of_somebody_else(cast, sent):
    hand_in()
    mine, other = Client(), Client()
    ask(mine)
    code = sent()
    ask(other)
    for _n in range(6):
        other.post("/mine/code/", {"code": "000000"})
    assert mine.post("/mine/code/", {"code": code}).status_code == 302


def test_codes_are_bounded_for_a_telephone_and_for_an_address(cast):
    for _n in range(5):
        assert ask(Client()).status_code == 302
    assert ask(Client()).status_code == 429
    for n in range(14):
        assert ask(Client(), phone=f"1370000{n:04}").status_code == 302
    assert ask(Client(), phone="13600000000").status_code == 429


def test_a_visit_gives_no_rights_in_the_office(cast, sent):
    hand_in()
    assert sign_in(sent).get("/work/").status_code == 302


def test_leaving_ends_it(cast, sent):
    mine = hand_in()
    client = sign_in(sent)
    client.post("/mine/leave/")
    assert client.get(mine.page).status_code == 302


def test_a_device_that_is_told_to_forget_forgets_who_signed_in_and_who_asked(cast, sent):
    mine = hand_in()
    client = sign_in(sent)
    assert client.get(mine.page).status_code == 200
    ask(client)
    code = sent()
    client.post("/follow/forget/")
    assert client.get(mine.page).status_code == 302
    assert mine.number not in client.get("/mine/").content.decode()
    assert client.post("/mine/code/", {"code": code})["Location"] == "/mine/"
    assert client.get(mine.page).status_code == 302


@pytest.mark.parametrize("value", ["", "AAAA", "é", "x" * 5000])
def test_a_forged_cookie_opens_nothing(cast, value):
    client = Client()
    client.cookies["huiyin_mine"] = value
    assert "发验证码" in client.get("/mine/").content.decode()


def test_the_list_pages_by_key_at_a_constant_cost(cast, sent, django_assert_max_num_queries):
    for n in range(22):
        hand_in(key=f"00000000-0000-4000-8000-{n:012}")
    client = sign_in(sent)
    with django_assert_max_num_queries(5):
        page = client.get("/mine/").content.decode()
    assert page.count("<article") == 20
    older = re.search(r'href="(\?before=\d+)"', page)[1]
    assert client.get(f"/mine/{older}").content.decode().count("<article") == 2
    assert client.get("/mine/?before=x").status_code == 200


def test_without_a_way_out_the_page_says_so_and_offers_number_and_code(client, settings):
    settings.HUIYIN_SMS, settings.HUIYIN_MAIL = "none", {"way": "none"}
    page = client.get("/mine/").content.decode()
    assert (
        "还不能发验证码" in page
        and "凭编号查进度" in page
        and "<input type" not in page.partition("<main")[2].partition("</main")[0]
    )
    assert client.post("/mine/", {"phone": PHONE}).status_code in (200, 422)


def test_without_cookies_the_way_back_is_explained(client):
    answer = client.get("/mine/code/", follow=True)
    assert "编号和查询码" in answer.content.decode()


def test_a_number_that_is_none_is_said_beside_the_field(client):
    answer = client.post("/mine/", {"phone": "12"})
    assert answer.status_code == 422 and 'value="12"' in answer.content.decode()
    assert client.post("/mine/", {}).status_code == 422
