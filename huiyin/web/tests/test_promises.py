"""Promises on the screens: with the answer, on the author's page, and in the list of what is still to be kept."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huiyin.cases import actions, promises
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Notice, Promise
from huiyin.cases.promising import Pledge
from huiyin.cases.tests import roads
from huiyin.channels.web import reading
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.web.tests.citizens import Visitor, hand_in, to_unit

pytestmark = pytest.mark.django_db
DUE = "/work/unit/promises/"
NEXT_YEAR = roads.MONDAY + timedelta(days=400)


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def adopted(cast) -> Visitor:
    """A suggestion that was adopted with a promise, its answer let out."""
    visitor = hand_in(nature="suggestion", text="建议在巷口装路灯。")
    order = to_unit(cast, visitor.case)
    pledge = Pledge("在巷口装三盏路灯", clock.local_date(clock.now() + timedelta(days=200)))
    actions.answer(order, by=cast.handler, text="采纳您的建议", outcome="adopted", pledge=pledge)
    actions.approve(visitor.case, by=cast.reviewer)
    return visitor


def test_the_unit_adopts_in_one_form_with_what_and_when(cast, sign_in):
    visitor = hand_in(nature="suggestion", text="建议在巷口装路灯。")
    order = to_unit(cast, visitor.case)
    where, client = reverse("cases:act", args=[visitor.number, "answer", order.pk]), sign_in(cast.handler)
    assert "承诺做什么" in client.get(where).content.decode()
    sent = {"text": "采纳", "outcome": "adopted"}
    refused = client.post(where, sent)
    assert refused.status_code == 422 and "采纳建议要写明承诺" in refused.content.decode()
    half = client.post(where, {**sent, "promise": "装路灯"})
    assert half.status_code == 422 and "请写明什么时候做到" in half.content.decode()
    other = client.post(where, {**sent, "due_on": "2027-06-30"})
    assert other.status_code == 422 and "请写明承诺做什么" in other.content.decode()
    assert client.post(where, {**sent, "promise": "装路灯", "due_on": "2027-06-30"}).status_code == 302
    assert Promise.objects.get().due_on.isoformat() == "2027-06-30"


def test_other_matters_ask_for_no_promise(cast, sign_in):
    order = roads.signed(cast)
    where = reverse("cases:act", args=[order.case.number, "answer", order.pk])
    assert "承诺做什么" not in sign_in(cast.handler).get(where).content.decode()


def test_the_author_reads_the_promise_and_later_that_it_was_kept(cast):
    visitor = adopted(cast)
    page = visitor.client.get(visitor.page).content.decode()
    assert "在巷口装三盏路灯" in page and "待兑现" in page
    actions.close(visitor.case, by=cast.caller)
    actions.archive(visitor.case, by=cast.reviewer)
    with clock.frozen(NEXT_YEAR):
        actions.fulfil_promise(Promise.objects.get(), by=cast.handler, text="三盏路灯已亮")
        receipt = {"number": visitor.number, "code": visitor.code}
        page = visitor.client.post("/follow/", receipt, follow=True).content.decode()
    assert "三盏路灯已亮" in page and "已兑现" in page
    assert not Notice.objects.filter(told_at=None).exists()


def test_a_promise_that_is_not_let_out_yet_is_nobodys_to_read(cast):
    visitor = hand_in(nature="suggestion", text="建议在巷口装路灯。")
    order = to_unit(cast, visitor.case)
    pledge = Pledge("装三盏路灯", clock.local_date(NEXT_YEAR))
    actions.answer(order, by=cast.handler, text="采纳", outcome="adopted", pledge=pledge)
    assert "装三盏路灯" not in visitor.client.get(visitor.page).content.decode()


def test_office_pages_show_the_promise_and_offer_to_keep_or_move_it(cast, sign_in):
    visitor = adopted(cast)
    promise = Promise.objects.get()
    page = sign_in(cast.handler).get(reverse("cases:case", args=[visitor.number])).content.decode()
    assert "在巷口装三盏路灯" in page
    for act in ("fulfil_promise", "change_promise"):
        assert reverse("cases:act", args=[visitor.number, act, promise.pk]) in page
    where = reverse("cases:act", args=[visitor.number, "change_promise", promise.pk])
    sent = {"promise": "装三盏路灯", "due_on": "2027-12-31", "reason": "等招标"}
    assert sign_in(cast.handler).post(where, sent).status_code == 302
    assert sorted(Promise.objects.values_list("state", flat=True)) == ["changed", "made"]


def test_the_list_holds_what_is_due_for_the_unit_and_for_supervision(cast, sign_in):
    adopted(cast)
    for who in (cast.handler, cast.supervisor, cast.dispatcher):
        assert "在巷口装三盏路灯" in sign_in(who).get(DUE).content.decode()
    assert "现在没有待兑现的承诺" in sign_in(cast.zhujian_handler).get(DUE).content.decode()
    assert sign_in(cast.representative).get(DUE).status_code == 403
    with clock.frozen(NEXT_YEAR):
        assert "1 项已过期，请兑现" in sign_in(cast.handler).get(DUE).content.decode()
        watched = sign_in(cast.supervisor).get(DUE).content.decode()
        assert "1 项已过期。轮到作出承诺的单位" in watched and reverse("supervisor:overview") in watched


def test_the_list_is_paged_by_key(cast, monkeypatch):
    monkeypatch.setattr(promises, "PAGE", 2)
    for _each in range(5):
        roads.promised(cast)
    by, seen, after = cast.supervisor, [], ""
    for _page in range(3):
        page = promises.listing(by, after=after)
        seen += [row.pk for row in page.rows]
        after = page.later
    assert seen == sorted(seen) and len(set(seen)) == 5 and after == ""
    last = promises.listing(by, after=f"{Promise.objects.first().due_on}~{seen[3]}")
    back = promises.listing(by, before=last.earlier)
    assert [row.pk for row in back.rows] == seen[2:4]
    assert [row.pk for row in promises.listing(by, after="x~y").rows] == seen[:2]


def test_a_citizen_is_no_reader_of_the_list(cast):
    roads.promised(cast)
    assert list(promises.in_force(Actor.citizen())) == []


def test_what_was_promised_and_done_names_no_other_of_the_group(cast):
    two = [PartyIn(name="李铁拐"), PartyIn(role="member", name="何仙姑")]
    promise = roads.promised(cast, parties=two)
    actions.fulfil_promise(promise, by=cast.handler, text="何仙姑家门口的路灯已亮")
    (read,) = reading.own_case(roads.party_of(promise.case), promise.case.number).promises
    assert "路灯已亮" in read.fulfilment and "何仙姑" not in read.fulfilment
    (own,) = reading.own_case(roads.party_of(promise.case, "member"), promise.case.number).promises
    assert "何仙姑" in own.fulfilment
