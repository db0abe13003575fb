"""Waiting and calling on the pages: who is offered what, who reads what, and what the petitioner sends."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.models import Attachment, Order
from huiyin.cases.tests.roads import (
    asked_petitioner,
    asked_upward,
    called,
    fresh,
    party_of,
    signed,
    suspended,
)
from huiyin.channels.web.reading import own_case
from huiyin.web.tests.citizens import hand_in
from tests.journeys.pages import photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def page(client, case) -> str:
    return client.get(reverse("cases:case", args=[case.number])).content.decode()


def test_a_unit_is_offered_what_it_may_do_and_only_streets_may_call(cast, sign_in):
    order = signed(cast)
    told = page(sign_in(cast.handler), order.case)
    assert "请诉求人补充" in told and "提出挂账" in told and "吹哨" not in told
    assert ">请示" not in told, "asking upward is for the leader"
    assert "请示" in page(sign_in(cast.unit_leader), order.case)
    call = called(cast)
    assert "吹哨" in page(sign_in(cast.community_handler), call.case)


def test_the_desk_is_not_offered_to_ask_for_the_unit(cast, sign_in):
    order = signed(cast)
    assert reverse("cases:act", args=[order.case.number, "ask_petitioner"]) not in page(
        sign_in(cast.clerk), order.case
    )


def test_a_question_upward_is_read_by_its_unit_and_above_not_by_a_helper(cast, sign_in):
    asked = asked_upward(cast, assisting=[cast.zhujian])
    assert "能否联合执法" in page(sign_in(cast.handler), asked.case)
    assert "能否联合执法" in page(sign_in(cast.leader), asked.case)
    assert "能否联合执法" not in page(sign_in(cast.zhujian_handler), asked.case)


def test_what_a_party_supplies_is_masked_for_units_alone(cast, sign_in):
    asked = asked_petitioner(cast)
    actions.supply(asked, by=party_of(asked.case), text="三号楼，我电话13800000001")
    unit = page(sign_in(cast.handler), asked.case)
    assert "三号楼" in unit and "〔电话〕" in unit and "13800000001" not in unit
    assert "13800000001" in page(sign_in(cast.clerk), asked.case)


def test_a_call_is_read_by_caller_and_called(cast, sign_in):
    call = called(cast)
    other = actions.whistle(
        Order.objects.get(pk=call.order_id), by=cast.community_handler, units=[cast.zhujian], said="楼后会合"
    )[0]
    assert "三号楼下会合" in page(sign_in(cast.handler), call.case)
    told = page(sign_in(cast.handler), call.case)
    assert reverse("cases:act", args=[call.case.number, "report_in", call.pk]) in told
    assert reverse("cases:act", args=[call.case.number, "report_in", other.pk]) not in told


def test_the_petitioner_may_answer_with_a_file_alone_and_only_while_asked(cast):
    visitor = hand_in()
    actions.ask_petitioner(visitor.case, by=cast.clerk, said="请拍一张照片")
    told = visitor.client.get(visitor.page).content.decode()
    assert "请拍一张照片" in told and "请您补充" in told
    where = reverse("citizen:act", args=[visitor.number, "supply"])
    sent = {"text": "", "files": [SimpleUploadedFile("a.png", photo(), "image/png")]}
    assert visitor.client.post(where, sent).status_code == 302
    assert Attachment.objects.filter(case=visitor.case).count() == 1
    again = visitor.client.post(where, {"text": "再说一句"})
    assert again.status_code == 422 and "现在没有要您补充的" in again.content.decode()
    assert fresh(visitor.case).due_at is not None


def test_the_petitioner_reads_plan_and_day_while_it_rests(cast):
    rests = suspended(cast)
    read = own_case(party_of(rests.case), rests.case.number)
    assert (read.suspension.plan, read.suspension.until) == ("等老旧小区改造开工时一并更换", rests.until)
    actions.end_suspension(rests, by=cast.reviewer)
    assert own_case(party_of(rests.case), rests.case.number).suspension is None


def test_what_the_desk_writes_down_for_the_petitioner_is_masked_for_units_too(cast, sign_in):
    asked = asked_petitioner(cast)
    actions.supply(asked, by=cast.clerk, text="他说是三号楼，请打13800000001")
    told = page(sign_in(cast.handler), asked.case)
    assert "三号楼" in told and "13800000001" not in told
    assert "13800000001" in page(sign_in(cast.clerk), asked.case)
