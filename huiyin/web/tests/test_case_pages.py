"""The case page and the pages of acts, for whoever sits at desk and unit."""

import re
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.cases import actions, offering, queries
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Order
from huiyin.cases.tests import roads
from huiyin.cases.tests.test_positions import png
from huiyin.kernel import clock
from huiyin.web.acts.form import ActForm, RowField
from huiyin.web.acts.registry import FORMS
from huiyin.web.cases.page import turn

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Row:
    """Something that a form offers."""

    pk: int


@pytest.fixture
def case(cast):
    person = PartyIn(name="赵钱孙", phone="13800000001")
    told = Intake(text="楼下烧烤店每晚到两点，电话13800000001。", title="夜间噪声", parties=[person])
    return actions.register(told, by=cast.citizen).case


@pytest.fixture
def order(cast, case):
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    return actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)


def test_every_lawful_act_of_a_person_has_a_page():
    programmes = {"register", "take_in", "let_go", "follow", "share_answer", "accept_silently", "propose"}
    programmes |= {"join", "supplement_lapsed", "suspension_due", "hear_merged", "supervise"}
    programmes |= {"ask_recurrence"}
    elsewhere = {"open_original", "open_private", "call", "receive_feedback"}  # pages of their own
    from huiyin.cases.access import PERMITTED

    elsewhere |= {"dial", "call_back", "say_pressed", "look_into_pressure", "rate_bringer"}
    elsewhere |= {"give_view", "entrust_view"}
    assert set(PERMITTED) - programmes - elsewhere == set(FORMS)


def test_the_case_page_shows_the_masked_text_and_the_acts_of_the_role(cast, case, sign_in):
    page = sign_in(cast.clerk).get(reverse("cases:case", args=[case.number]))
    told = page.content.decode()
    assert page.status_code == 200 and "13800000001" not in told and "赵钱孙" not in told
    assert "受理这件诉求" in told and reverse("cases:act", args=[case.number, "accept"]) in told
    assert reverse("cases:act", args=[case.number, "dispatch"]) not in told


def test_a_case_walks_through_the_pages_of_desk_and_unit(cast, case, sign_in):
    def send(actor, name, target=None, **told):
        where = reverse("cases:act", args=[case.number, name, *([target] if target else [])])
        client = sign_in(actor)
        assert client.get(where).status_code == 200
        answer = client.post(where, told)
        assert answer.status_code == 302, answer.content.decode()

    texts = {"readable_title": "夜间噪声", "readable_text": "烧烤店夜里太吵", "readable_place": ""}
    send(cast.clerk, "accept", category=cast.night_noise.pk, urgency="normal", **texts)
    send(cast.dispatcher, "dispatch", lead=cast.chengguan.pk, note="请到现场看看")
    order = Order.objects.get(case=case)
    send(cast.handler, "sign", order.pk)
    send(cast.handler, "contact", order.pk, how="phone", outcome="reached", said="约好明天")
    send(cast.handler, "answer", order.pk, text="已要求店主 22 点后停止外摆。", outcome="solved")
    send(cast.reviewer, "approve")
    page = queries.page_of(Case.objects.get(pk=case.pk), cast.caller)
    [notice] = [row for name, row in offering.offered(page) if name == "record_told"]
    send(cast.caller, "record_told", notice.pk, how="spoken", said="今天上午电话告知本人")
    send(cast.caller, "close")
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_a_latecomer_reads_who_did_what_and_keeps_what_was_typed(cast, case, order, sign_in):
    where = reverse("cases:act", args=[case.number, "dispatch"])
    answer = sign_in(cast.dispatcher).post(where, {"lead": cast.weijian.pk, "note": "写了很久的说明"})
    told = answer.content.decode()
    assert answer.status_code == 422 and "zhuge-liang" in told and "写了很久的说明" in told


def test_a_latecomer_reads_what_became_of_an_order(cast, case, order, sign_in):
    actions.sign(order, by=cast.handler)
    answer = sign_in(cast.handler).post(reverse("cases:act", args=[case.number, "sign", order.pk]))
    assert answer.status_code == 422 and answer.context["refusal"] is not None


@pytest.mark.parametrize("name", sorted(name for name, form in FORMS.items() if "case" not in form.about))
def test_an_act_on_a_part_of_the_case_is_nowhere_without_that_part(cast, case, order, sign_in, name):
    client = sign_in(cast.reviewer)
    for about in ([], [order.pk + 1_000_000]):
        where = reverse("cases:act", args=[case.number, name, *about])
        assert (client.get(where).status_code, client.post(where).status_code) == (404, 404)


@pytest.mark.parametrize("name", ["redispatch", "grant_extension", "accept"])
def test_an_act_addressed_to_another_kind_of_row_is_nowhere(cast, case, order, sign_in, name):
    where = reverse("cases:act", args=[case.number, name, order.pk])
    assert sign_in(cast.dispatcher).get(where).status_code == 404


def test_an_empty_form_says_what_is_missing(cast, case, sign_in):
    answer = sign_in(cast.clerk).post(reverse("cases:act", args=[case.number, "decline"]), {"said": "对不起"})
    assert answer.status_code == 422 and "请选择：理由" in answer.content.decode()
    assert "对不起" in answer.content.decode()


def test_an_outsider_finds_nothing(cast, case, order, sign_in):
    assert sign_in(cast.outsider).get(reverse("cases:case", args=[case.number])).status_code == 404


def test_the_original_opens_against_a_reason_and_is_on_the_record(cast, case, sign_in):
    where = reverse("cases:original", args=[case.number])
    assert "13800000001" not in sign_in(cast.clerk).get(where).content.decode()
    assert sign_in(cast.clerk).post(where, {"reason": "看"}).status_code == 422
    answer = sign_in(cast.clerk).post(where, {"reason": "核对事发地址"})
    assert "+8613800000001" in answer.content.decode() and answer["Cache-Control"] == "no-store"
    assert Case.objects.get(pk=case.pk).version == 2


def test_the_case_page_asks_a_fixed_number_of_questions(
    cast, case, order, sign_in, django_assert_max_num_queries
):
    client = sign_in(cast.dispatcher)
    for n in range(12):
        actions.note(case, by=cast.dispatcher, text=f"第 {n} 条")
    client.get(reverse("cases:case", args=[case.number]))
    with django_assert_max_num_queries(24):
        client.get(reverse("cases:case", args=[case.number]))


def test_a_file_goes_up_and_comes_down_only_as_a_download(cast, case, order, sign_in):
    where = reverse("cases:act", args=[case.number, "attach"])
    sent = SimpleUploadedFile("现场记录.txt", "已到现场。".encode())
    assert sign_in(cast.handler).post(where, {"upload": sent, "readers": "office"}).status_code == 302
    [kept] = queries.page_of(case, cast.handler).attachments
    answer = sign_in(cast.dispatcher).get(reverse("cases:file", args=[case.number, kept.pk]))
    assert (
        answer["Content-Disposition"].startswith("attachment") and b"".join(answer) == "已到现场。".encode()
    )
    assert sign_in(cast.outsider).get(reverse("cases:file", args=[case.number, kept.pk])).status_code == 404


def test_a_programme_is_not_taken_as_a_file(cast, case, order, sign_in):
    where = reverse("cases:act", args=[case.number, "attach"])
    sent = SimpleUploadedFile("现场.jpg", b"MZ\x90\x00 not a picture")
    answer = sign_in(cast.handler).post(where, {"upload": sent, "readers": "office"})
    assert answer.status_code == 422 and "现场.jpg" in answer.content.decode()


def buttons(page):
    """The names of the acts that a case page offers."""
    return set(re.findall(r'href="/work/cases/[\d-]+/([a-z_]+)/', page.content.decode()))


def test_a_unit_that_answers_the_second_time_tells_and_contacts_under_its_present_order(
    cast, case, order, sign_in
):
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="转办。", outcome="solved")
    [second] = actions.redo(case, by=cast.reviewer, reason="没有说做了什么")
    actions.sign(second, by=cast.handler)
    actions.answer(second, by=cast.handler, text="已要求店主 22 点后停止外摆。", outcome="solved")
    actions.approve(case, by=cast.reviewer)
    client, notice = sign_in(cast.handler), case.notices.get(about="answer")
    assert "record_told" in buttons(client.get(reverse("cases:case", args=[case.number])))
    told = {"how": "spoken", "said": "今天上午电话告知本人"}
    answer = client.post(reverse("cases:act", args=[case.number, "record_told", notice.pk]), told)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.parametrize(("confidentiality", "offered"), [("open", True), ("sealed", False)])
def test_a_unit_is_offered_the_original_only_when_the_petitioner_left_it_open(
    cast, sign_in, confidentiality, offered
):
    told = Intake(text="楼下太吵。", parties=[PartyIn(name="赵钱孙")], confidentiality=confidentiality)
    case = actions.register(told, by=cast.citizen).case
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    page = sign_in(cast.handler).get(reverse("cases:case", args=[case.number]))
    assert ("original" in buttons(page)) is offered


def test_publishing_is_offered_once_answered_and_taking_back_once_public(cast, case, sign_in):
    client, address = sign_in(cast.clerk), reverse("cases:case", args=[case.number])
    assert not buttons(client.get(address)) & {"publish", "unpublish"}
    actions.answer_at_once(case, by=cast.clerk, text="店家十点后不再外摆。", outcome="solved")
    assert buttons(client.get(address)) & {"publish", "unpublish"} == {"publish"}
    texts = {"public_title": "夜间噪声", "public_text": "夜里太吵", "public_answer": "十点后不再外摆。"}
    assert client.post(reverse("cases:act", args=[case.number, "publish"]), texts).status_code == 302
    assert buttons(client.get(address)) & {"publish", "unpublish"} == {"unpublish"}


def test_a_waiting_order_is_signed_or_objected_to_before_it_is_answered(cast, case, order, sign_in):
    offered = buttons(sign_in(cast.handler).get(reverse("cases:case", args=[case.number])))
    assert {"sign", "object"} <= offered and "answer" not in offered


def test_every_act_has_an_icon_that_exists():
    known = set((Path(__file__).parent.parent / "static_src" / "icons.txt").read_text().split())
    assert {form.icon for form in FORMS.values() if form.icon} <= known


def test_of_two_acts_in_one_moment_the_later_stands_above(cast, case, order, sign_in):
    with clock.frozen(clock.now()):
        actions.sign(order, by=cast.handler)
        actions.contact(case, by=cast.handler, how="phone", outcome="reached", order=order)
    told = sign_in(cast.dispatcher).get(reverse("cases:case", args=[case.number])).content.decode()
    assert 0 < told.index('event__act">联系诉求人') < told.index('event__act">签收')


def test_the_desk_sees_the_persons_earlier_matters_and_a_unit_does_not(cast, case, order, sign_in):
    person = PartyIn(name="赵钱孙", phone="13800000001")
    again = actions.register(
        Intake(text="路灯也不亮。", title="路灯不亮", parties=[person]), by=cast.citizen
    ).case
    told = sign_in(cast.dispatcher).get(reverse("cases:case", args=[case.number])).content.decode()
    assert again.number in told
    told = sign_in(cast.handler).get(reverse("cases:case", args=[case.number])).content.decode()
    assert again.number not in told


def test_a_dispatch_can_name_units_that_assist(cast, case, sign_in):
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    told = {"lead": cast.chengguan.pk, "assisting": [cast.zhujian.pk], "note": ""}
    where = reverse("cases:act", args=[case.number, "dispatch"])
    assert sign_in(cast.dispatcher).post(where, told).status_code == 302
    sent = set(Order.objects.values_list("part", "unit__code"))
    assert sent == {("lead", "chengguan"), ("assist", "zhujian")}


def test_the_choices_of_one_form_are_not_those_of_the_next():
    first, second = RowField("主办单位"), RowField("主办单位")
    copies = deepcopy(first), deepcopy(first)
    copies[0].offer([("", [Row(7)])])
    assert copies[0].clean("7") == Row(7) and copies[1].rows == first.rows == second.rows == {}


def test_a_call_is_one_tap_on_the_record_and_the_citizen_reads_who_took_the_number(cast, case, sign_in):
    caller, address = sign_in(cast.caller), reverse("cases:call", args=[case.number])
    assert address in caller.get(reverse("cases:case", args=[case.number])).text
    asked = caller.get(address)
    assert "13800000001" not in asked.text and "取电话" in asked.text
    shown = caller.post(address)
    assert 'href="tel:+8613800000001"' in shown.text and shown["Cache-Control"] == "no-store"
    assert reverse("cases:act", args=[case.number, "contact"]) in shown.text
    assert [event.kind for event in queries.page_of(case, cast.caller).history][-1] == "call"


def test_whoever_may_not_call_is_told_so(cast, case, sign_in):
    assert sign_in(cast.supervisor).post(reverse("cases:call", args=[case.number])).status_code == 403


def test_an_order_is_printed_without_the_petitioner_and_by_its_own_unit_alone(cast, case, order, sign_in):
    address = reverse("cases:order", args=[case.number, order.pk])
    assert address in sign_in(cast.handler).get(reverse("cases:case", args=[case.number])).text
    printed = sign_in(cast.handler).get(address).text
    assert case.number in printed and str(order.unit) in printed and order.basis in printed
    assert "13800000001" not in printed and "赵钱孙" not in printed
    assert sign_in(cast.dispatcher).get(address).status_code == 200
    assert sign_in(cast.outsider).get(address).status_code == 404
    assert sign_in(cast.handler).get(reverse("cases:order", args=[case.number, 99999])).status_code == 404


def test_who_assists_does_not_print_the_order_of_who_leads(cast, case, sign_in):
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    lead = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, assisting=[cast.zhujian])
    shown = sign_in(cast.zhujian_handler).get(reverse("cases:case", args=[case.number])).text
    assert reverse("cases:order", args=[case.number, lead.pk]) not in shown
    assert (
        sign_in(cast.zhujian_handler).get(reverse("cases:order", args=[case.number, lead.pk])).status_code
        == 404
    )


def test_a_template_begins_the_answer_and_photos_go_with_it(cast, case, order, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    actions.sign(order, by=cast.handler)
    handler, address = sign_in(cast.handler), reverse("cases:act", args=[case.number, "answer", order.pk])
    offered = handler.get(address).text
    assert "?template=fixed" in offered and "用答复模板开头" in offered
    assert "我们于＿＿到现场查看" in handler.get(f"{address}?template=fixed").text.split("<textarea", 1)[1]
    unfinished = handler.post(address, {"text": "已于＿＿修好。", "outcome": "solved"})
    assert unfinished.status_code == 422 and "没填的空" in unfinished.text
    photo = SimpleUploadedFile("灯.png", png(), content_type="image/png")
    told = {"text": "已于昨晚修好。", "outcome": "solved", "after": photo}
    assert handler.post(address, told).status_code == 302
    shown = handler.get(reverse("cases:case", args=[case.number])).text
    row = queries.page_of(case, cast.handler).attachments[0]
    file = reverse("cases:file", args=[case.number, row.pk])
    assert f'<img src="{file}"' in shown and "办理后" in shown
    assert handler.get(file)["Content-Type"] == "image/png"


def test_a_form_that_does_not_say_what_it_does_cannot_be_made(cast, case):
    class Forgetful(ActForm):
        act = "note"

    with pytest.raises(TypeError, match="perform"):
        Forgetful(page=queries.page_of(case, cast.clerk), target=case)


# -- after a merger ------------------------------------------------------------------------------------------
def test_an_heir_with_an_order_of_its_own_opens_the_original_and_calls(cast, sign_in):
    order = roads.signed(cast, assisting=[cast.zhujian], confidentiality="open")
    actions.sign(order.case.orders.get(unit=cast.zhujian), by=cast.zhujian_handler)
    roads.merge_units(cast.chengguan, into=cast.zhujian)
    client, number = sign_in(cast.zhujian_handler), order.case.number
    assert client.post(reverse("cases:original", args=[number]), {"reason": "上门核实"}).status_code == 200
    assert client.post(reverse("cases:call", args=[number])).status_code == 200


def test_an_heir_with_an_order_of_its_own_ends_a_suspension(cast, sign_in):
    until = clock.local_date(clock.now() + 30 * roads.DAY)
    case = roads.signed(cast, assisting=[cast.zhujian]).case
    row = actions.propose_suspension(case, by=cast.reviewer, plan="等改造开工", until=until)
    actions.approve_suspension(row, by=cast.supervisor)
    roads.merge_units(cast.chengguan, into=cast.zhujian)
    address = reverse("cases:act", args=[row.case.number, "end_suspension", row.pk])
    assert sign_in(cast.zhujian_handler).post(address).status_code == 302
    assert Case.objects.get(pk=row.case_id).state == "handling"


def test_it_is_an_heir_s_turn_when_the_order_has_been_handed_on(cast):
    order = roads.signed(cast)
    roads.merge_units(cast.chengguan, into=cast.zhujian)
    assert not turn(queries.page_of(roads.fresh(order.case), cast.zhujian_leader)).you
    actions.take_over(order, by=cast.dispatcher)
    assert turn(queries.page_of(roads.fresh(order.case), cast.zhujian_leader)).you
