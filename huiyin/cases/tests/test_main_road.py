"""The main road through the acts: from the citizen's words to the closed case, with one objection and one redo."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.cases import actions
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Notice, Objection, Order, Party, Point, Round
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock
from huiyin.ledger.queries import history
from huiyin.organisation.actors import Actor

MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, a plain working week ahead
pytestmark = pytest.mark.django_db


def noise(**more) -> Intake:
    person = PartyIn(name="赵钱孙", phone="13800000001", address="石桥街道 1 号")
    words = "楼下烧烤店每晚到两点，我电话13800000001。"
    return Intake(text=words, title="夜间噪声", parties=[person], **more)


def test_a_matter_goes_from_the_form_to_the_closed_case(cast):
    with clock.frozen(MONDAY):
        registered = actions.register(noise(), by=cast.citizen)
        case, code = registered.case, registered.codes[0]
        assert case.state == Case.State.REGISTERED and case.holder_unit == cast.centre and code
        assert "13800000001" not in case.text
        actions.accept(case, by=cast.clerk, category=cast.night_noise)
        wrong = actions.dispatch(case, by=cast.dispatcher, lead=cast.weijian)
        objection = actions.object_to(
            wrong, by=cast.outsider, reason=cast.not_ours, explanation="餐饮噪声由城管局管"
        )
        assert Case.objects.get(pk=case.pk).holder_unit == cast.centre
        order = actions.redispatch(objection, by=cast.dispatcher, unit=cast.chengguan, reason="归城管")
        actions.sign(order, by=cast.handler)
    citizen = Actor.citizen(Party.objects.get(case=case).pk)
    with clock.frozen(MONDAY + timedelta(days=1)):
        actions.contact(case, by=cast.handler, order=order, how="phone", outcome="reached", said="已约时间")
        actions.answer(order, by=cast.handler, text="已约谈店主", outcome=Point.Outcome.PARTLY)
        [second] = actions.redo(case, by=cast.reviewer, reason="没有写明整改期限")
        actions.sign(second, by=cast.handler)
        actions.answer(
            second, by=cast.handler, text="店主 11 月 5 日前加装隔音", outcome=Point.Outcome.SOLVED
        )
        actions.approve(case, by=cast.reviewer)
        notice = Notice.objects.get(case=case)
        actions.record_told(notice, by=citizen, how=Notice.How.DELIVERED)
        actions.close(case, by=cast.caller)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.round, case.holder_unit) == (Case.State.CLOSED, 2, None)
    assert [r.cause for r in Round.objects.filter(case=case).order_by("number")] == ["first", "review"]
    assert list(Order.objects.filter(case=case).order_by("pk").values_list("state", flat=True)) == [
        "replaced",
        "returned",
        "approved",
    ]
    assert not Clock.objects.filter(subject=case.number).exclude(state=Clock.State.STOPPED).exists()
    assert Objection.objects.get().state == Objection.State.REDISPATCHED
    kinds = [event.kind for event in history(f"case:{case.number}")]
    assert kinds[0] == "register" and kinds[-1] == "close" and len(kinds) == case.version
