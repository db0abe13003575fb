"""Handing a matter in: the form, its refusals, its receipt."""

import re
import uuid

import pytest
from django.db import OperationalError, connection
from django.test import Client

from huiyin.cases.models import Case, Party
from huiyin.channels.web import handing_in
from huiyin.kernel.permits import Permit, Purpose
from huiyin.people.models import Person
from huiyin.web.tests.citizens import FILLED, WORDS, hand_in

pytestmark = pytest.mark.django_db
OWN = Permit(holder="test", purpose=Purpose.OWN)


def send(client, **changed):
    return client.post("/new/", {**FILLED, **changed})


def test_a_filled_form_becomes_one_case_with_all_that_was_said(cast):
    case = hand_in().case
    assert (case.nature, case.channel, case.headcount) == ("complaint", "web", 3)
    assert (case.region, case.desk, case.confidentiality) == (cast.street, cast.centre, "sealed")
    assert case.original_text.open(OWN) == WORDS
    assert Person.objects.get().phone.open(OWN) == "+8613800000001"


def test_the_receipt_shows_number_code_deadline_and_a_qr_with_the_number_only(client, cast):
    visitor = hand_in(client)
    page = client.get(f"/new/{visitor.number}/").content.decode()
    assert visitor.number in page and visitor.code in page and "最迟答复" in page and "<svg" in page
    assert 'data-draft-done="new"' in page


def test_the_receipt_is_shown_again_on_reload_and_to_nobody_else(client, cast):
    visitor = hand_in(client)
    assert visitor.code in client.get(f"/new/{visitor.number}/").content.decode()
    other = Client().get(f"/new/{visitor.number}/")
    assert (other.status_code, other["Location"]) == (302, f"/follow/?number={visitor.number}")


def test_the_code_opens_the_case_elsewhere(cast):
    visitor = hand_in()
    answer = Client().post("/follow/", {"number": visitor.number, "code": visitor.code})
    assert answer["Location"] == visitor.page


def test_sent_twice_it_is_one_case_with_the_same_receipt(client, cast):
    first, second = hand_in(client), hand_in(client)
    assert first.number == second.number and first.code == second.code
    assert Case.objects.count() == 1


def test_sent_again_with_other_words_the_first_ones_stand_and_the_page_says_so(client, cast):
    first = hand_in(client)
    again = client.post("/new/", {**FILLED, "text": "改过的话"}, follow=True)
    assert "没有另存" in again.content.decode()
    assert Case.objects.get(number=first.number).original_text.open(OWN) == WORDS


@pytest.mark.parametrize(
    "changed",
    [
        {"confidentiality": "open"},
        {"confidentiality": "none"},
        {"phone": "13900000009"},
        {"name": "李四"},
        {"nature": "report", "accused_unit": "chengguan"},
        {"region": ""},
        {"place": "石桥路 9 号"},
        {"headcount": "4"},
        {"reply_required": ""},
    ],
)
def test_sent_again_with_something_else_changed_the_page_says_so_too(client, cast, changed):
    hand_in(client)
    again = client.post("/new/", {**FILLED, **changed}, follow=True)
    assert "没有另存" in again.content.decode() and Case.objects.count() == 1


def test_sent_again_unchanged_nothing_is_said(client, cast):
    hand_in(client)
    assert "没有另存" not in client.post("/new/", FILLED, follow=True).content.decode()


def test_each_opened_form_has_a_key_of_its_own(client, cast):
    keys = {re.search(r'name="key" value="([^"]+)"', client.get("/new/").content.decode())[1] for _ in "ab"}
    assert len(keys) == 2


@pytest.mark.parametrize("key", ["", "not-a-key", "x" * 36])
def test_a_mangled_key_hands_the_matter_in_all_the_same(client, cast, key):
    assert hand_in(client, key=key).case.state == "registered"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("text", "", "请填写：发生了什么"),
        ("text", "   \u200b\u202e ", "请写下发生了什么"),
        ("text", "长" * 20_001, "太长了：最多 20000 个字，现在有 20001 个"),
        ("nature", "", "请选择：这是一件什么事"),
        ("nature", "war", "请从列出的里面选：这是一件什么事"),
        ("region", "atlantis", "请从列出的里面选：在哪个地方"),
        ("place", "远" * 121, "最多 120 个字"),
        ("confidentiality", "", "请选择：您的身份让谁知道"),
        ("name", "名" * 61, "最多 60 个字"),
        ("phone", "12", "这不像一个电话号码"),
        ("headcount", "很多", "人数请填数字"),
        ("headcount", "0", "人数至少是 1"),
        ("headcount", "100001", "人数最多填 100000"),
        ("accused_unit", "nobody", "请从列出的里面选：举报哪个单位"),
    ],
)
def test_a_bad_field_gets_its_sentence_and_nothing_typed_is_lost(client, cast, field, typed, sentence):
    answer = send(client, **{field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and not Case.objects.exists()
    kept = {**FILLED, field: typed}
    for name in ("text", "place", "name", "phone", "headcount", "key"):
        if kept[name].strip() and name != "text":
            assert f'value="{kept[name]}"' in page, name
    assert kept["text"].strip() in page
    if field not in ("nature", "confidentiality"):
        assert re.search(r'value="complaint"[^>]*checked', page)
    if field != "region":
        assert re.search(r'value="shiqiao"[^>]*selected', page)


def test_hostile_words_are_kept_and_never_run(client, cast):
    hostile = "<script>alert(1)</script> '; DROP TABLE cases; \ud83d\ude00 {{ 7|add:7 }}".encode(
        "utf-16", "surrogatepass"
    ).decode("utf-16")
    visitor = hand_in(client, text=hostile)
    page = client.get(visitor.page).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert visitor.case.original_text.open(OWN) == hostile


def test_no_identity_keeps_no_identity(client, cast):
    visitor = hand_in(client, confidentiality="none")
    assert not Person.objects.exists() and visitor.party.person is None


def test_name_and_phone_may_be_left_out(client, cast):
    assert hand_in(client, name="", phone="", headcount="", region="", place="").case.headcount == 1


def test_a_report_shuts_the_accused_unit_out(client, cast):
    visitor = hand_in(client, nature="report", accused_unit="chengguan", accused="鲁智深，执法队员")
    assert [row.unit for row in visitor.case.exclusions.all()] == [cast.chengguan]
    respondent = Party.objects.get(case=visitor.case, role="respondent")
    assert respondent.private.open(OWN) == "鲁智深，执法队员"
    assert "鲁智深" in visitor.case.original_text.open(OWN)


def test_what_is_written_about_the_accused_counts_only_in_a_report(client, cast):
    visitor = hand_in(client, accused_unit="chengguan", accused="鲁智深")
    assert not visitor.case.exclusions.exists() and "鲁智深" not in visitor.case.original_text.open(OWN)


def test_a_report_of_the_centre_goes_to_the_supervision(client, cast):
    assert hand_in(client, nature="report", accused_unit="centre").case.desk == cast.duban


def test_a_report_that_nobody_here_may_take_is_refused_in_words_and_kept(client, cast):
    cast.duban.valid_to = cast.duban.valid_from
    cast.duban.save()
    answer = send(client, nature="report", accused_unit="centre")
    assert answer.status_code == 422 and "纪检监察" in answer.content.decode()
    assert WORDS in answer.content.decode() and not Case.objects.exists()


def test_no_address_ever_holds_a_code_a_name_or_a_telephone(client, cast):
    answer = client.post("/new/", FILLED, follow=True)
    for address, _status in answer.redirect_chain:
        assert "13800000001" not in address and "张三丰" not in address
        assert re.fullmatch(r"/new/\d{4}-\d{4}-\d{4}/", address)


def test_the_form_may_lie_in_the_history_but_the_receipt_may_not(client, cast):
    visitor = hand_in(client)
    assert "no-store" not in client.get("/new/")["Cache-Control"]
    assert "no-store" in client.get(f"/new/{visitor.number}/")["Cache-Control"]


def test_handing_in_takes_few_statements(client, cast, django_assert_max_num_queries):
    hand_in(client)  # the memory of places, units and deadlines is warm
    once = connection.vendor == "postgresql"  # which is given the whole case at once
    with django_assert_max_num_queries(4 if once else 10):  # with the two of a transaction
        assert send(client, key=str(uuid.uuid4())).status_code == 302


@pytest.mark.parametrize("address", ["/", "/new/"])
def test_the_pages_on_the_way_there_ask_nothing(client, cast, django_assert_num_queries, address):
    client.get(address)
    with django_assert_num_queries(0):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+852 2123 4567", "+85221234567"),
        ("0044 20 7946 0958", "+442079460958"),
        ("+1 (650) 253-0000", "+16502530000"),
        ("０５７１－８８８８００００ 转 12", "+8657188880000;ext=12"),
    ],
)
def test_a_telephone_number_from_elsewhere_is_as_welcome(client, cast, typed, kept):
    hand_in(client, phone=typed)
    assert Person.objects.get().phone.open(OWN) == kept


def test_when_the_database_is_busy_all_that_was_typed_is_shown_again(client, cast, monkeypatch):
    def busy(message):
        raise OperationalError("database is locked")

    with monkeypatch.context() as held:
        held.setattr(handing_in, "hand_in", busy)
        answer = send(client)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "还没有存下" in page and "locked" not in page
    for typed in ("text", "place", "name", "phone", "key"):
        assert FILLED[typed] in page
    assert not Case.objects.exists()
    assert send(client).status_code == 302  # the same form, sent again


# -- nothing is lost -----------------------------------------------------------------------------------------
def test_a_browser_without_cookies_hands_in_and_sees_its_receipt_at_once(cast):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/new/", {**FILLED, "csrfmiddlewaretoken": "from a page whose cookie was refused"})
    assert answer.status_code == 200 and "receipt__code" in answer.content.decode()
    assert Case.objects.count() == 1


def test_a_form_with_an_old_token_gives_its_words_back(cast):
    visitor = hand_in()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.client.cookies
    page = strict.post(f"{visitor.page}add/", {"text": "昨晚又来了", "csrfmiddlewaretoken": "old"})
    assert page.status_code == 403 and "昨晚又来了" in page.content.decode()


def test_words_that_come_after_the_visit_ran_out_are_given_back_at_the_door(cast):
    visitor = hand_in()
    page = Client().post(f"{visitor.page}add/", {"text": "昨晚又来了"})
    assert page.status_code == 422 and "昨晚又来了" in page.content.decode()
    assert visitor.number in page.content.decode()
