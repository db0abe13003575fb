"""An incident on the screens: on top of the entry page, one click a call, one explanation on every caller's page."""

import re

import pytest
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Notice, Statement
from huiyin.cases.tests import roads
from huiyin.channels.clerk.joining import Call, join_incident
from huiyin.channels.web import reading
from huiyin.kernel import clock
from huiyin.web.tests.citizens import Visitor, hand_in

pytestmark = pytest.mark.django_db
ENTRY = "/work/desk/entry/"


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


@pytest.fixture
def incident(cast) -> Visitor:
    visitor = hand_in(nature="appeal", text="水管爆裂，我叫张三丰，一楼进水了。")
    actions.declare_incident(visitor.case, by=cast.dispatcher, reason="主水管爆裂")
    visitor.case.refresh_from_db()
    return visitor


def join(client, number: str, **more: str):
    page = client.get(ENTRY).content.decode()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    return client.post(reverse("desk:join", args=[number]), {"key": key, "phone": "13911112222", **more})


def called(cast, incident: Visitor) -> Case:
    """One more caller's matter."""
    taken = join_incident(incident.number, Call(key="b" * 32, name="李四"), by=cast.clerk)
    return Case.objects.get(number=taken.number)


def party_page(case: Case) -> reading.OwnCase:
    return reading.own_case(roads.party_of(case), case.number)


def test_it_stands_on_top_of_the_entry_page_and_one_click_joins_a_caller(cast, sign_in, incident):
    client = sign_in(cast.clerk)
    page = client.get(ENTRY).content.decode()
    assert "正在发生的突发事件" in page and page.index(incident.number) < page.index('data-draft="entry"')
    sent = join(client, incident.number)
    child = Case.objects.get(parent=incident.case)
    assert sent["Location"] == reverse("desk:receipt", args=[child.number])
    receipt = client.get(sent["Location"]).content.decode()
    assert "receipt__code" in receipt and child.number in receipt
    assert "已并入 1 件来电" in client.get(ENTRY).content.decode()


def test_nobody_who_may_not_merge_is_shown_it(cast, sign_in, incident):
    for who in (cast.caller, cast.representative, cast.handler):
        assert incident.number not in sign_in(who).get(ENTRY).content.decode()
        assert sign_in(who).get(reverse("desk:join", args=[incident.number])).status_code in (403, 404)


def test_a_wrong_number_comes_back_with_what_was_typed_and_nothing_kept(cast, sign_in, incident):
    client = sign_in(cast.clerk)
    answer = join(client, incident.number, phone="12", place="石桥路 9 号")
    assert answer.status_code == 422 and "石桥路 9 号" in answer.content.decode()
    assert not Case.objects.filter(parent=incident.case).exists()


def test_a_call_about_what_is_over_is_refused_in_words(cast, sign_in, incident):
    client = sign_in(cast.clerk)
    page = client.get(ENTRY).content.decode()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    Case.objects.filter(pk=incident.case.pk).update(incident=False)
    answer = client.post(reverse("desk:join", args=[incident.number]), {"key": key})
    assert answer.status_code == 422 and "已经结束" in answer.content.decode()


def test_the_entry_page_costs_the_same_however_many_called(
    cast, sign_in, incident, django_assert_max_num_queries
):
    client = sign_in(cast.clerk)
    join(client, incident.number)
    with django_assert_max_num_queries(60) as few:
        client.get(ENTRY)
    known = len(few)
    for _each in range(4):
        join(client, incident.number)
    with django_assert_max_num_queries(known):
        client.get(ENTRY)


def test_one_explanation_stands_on_every_callers_page_and_reading_it_is_being_told(cast, incident):
    child = called(cast, incident)
    actions.explain_to_all(
        incident.case, by=cast.caller, text="张三丰家楼下的主水管正在抢修，今晚八点恢复供水。"
    )
    page = incident.client.get(incident.page).content.decode()
    assert "今晚八点恢复供水" in page and "情况说明" in page
    assert not Notice.objects.filter(case=incident.case, about="statement", told_at=None).exists()
    read = party_page(child)
    (note,) = read.notes
    assert "今晚八点恢复供水" in note.text and "张三丰" not in note.text and note.unit == str(cast.centre)


def test_other_notes_of_the_incident_reach_no_other_caller(cast, incident):
    child = called(cast, incident)
    actions.note(incident.case, by=cast.clerk, text="只给您看：明天上门。", readers="all")
    actions.explain_to_all(incident.case, by=cast.caller, text="正在抢修。")
    assert [note.text for note in party_page(child).notes] == ["正在抢修。"]


def test_a_reopened_matter_keeps_the_answer_that_it_was_given_as_an_earlier_round(cast, incident):
    child = called(cast, incident)
    actions.answer_at_once(incident.case, by=cast.clerk, text="张三丰家楼下的水管已修好。")
    for notice in Notice.objects.filter(case=child, told_at=None):
        actions.record_told(notice, by=roads.party_of(child), how="delivered")
    actions.reopen(roads.fresh(child), by=roads.party_of(child), reason="又停水了")
    (answer,) = party_page(child).answers
    assert "水管已修好" in answer.text and "张三丰" not in answer.text and not answer.current


def test_what_the_parent_is_answered_later_does_not_reach_a_matter_that_left(cast, incident):
    child = called(cast, incident)
    actions.answer_at_once(incident.case, by=cast.clerk, text="水管已修好。")
    for notice in Notice.objects.filter(told_at=None):
        actions.record_told(notice, by=roads.party_of(notice.case), how="delivered")
    actions.reopen(roads.fresh(child), by=roads.party_of(child), reason="又停水了")
    actions.make_statement(Statement.objects.get(), by=cast.reviewer, text="已经修好。")
    actions.close(incident.case, by=cast.caller)
    actions.reopen(incident.case, by=cast.reviewer, reason="水压不足")
    actions.answer_at_once(incident.case, by=cast.clerk, text="只关这一户的话。")
    assert [answer.text for answer in party_page(child).answers] == ["水管已修好。"]


def test_an_explanation_names_no_caller_to_whoever_reported_it_first(cast, incident):
    called(cast, incident)
    actions.explain_to_all(incident.case, by=cast.caller, text="李四家门口的水管正在抢修。")
    (note,) = reading.own_case(roads.party_of(incident.case), incident.number).notes
    assert "正在抢修" in note.text and "李四" not in note.text


def test_a_representative_reads_of_no_call_that_is_not_theirs(cast, sign_in, incident):
    bringer = PartyIn(role="bringer", post=cast.representative.post)
    mine = roads.registered(cast, parties=[PartyIn(name="赵一"), bringer])
    other = roads.merged(cast, into=mine, title="孙二娘家漏水")
    where = reverse("cases:case", args=[mine.number])
    page = sign_in(cast.representative).get(where).content.decode()
    assert other.number not in page and "孙二娘" not in page
    assert other.number in sign_in(cast.clerk).get(where).content.decode()
