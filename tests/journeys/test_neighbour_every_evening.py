"""A person who writes every day, told through the pages: repeats are merged, each is answered, a measure is agreed."""

import pytest

from huiyin.cases.models import Case
from huiyin.channels.models import SignInCode
from huiyin.channels.web.signing_in import PERMIT
from huiyin.people.models import ContactMeasure
from huiyin.web.tests.citizens import answered
from tests.journeys.pages import DESK
from tests.journeys.steps import hand_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWER = "店主已加装隔音，十点后不再外摆。"
AGREED = "由回访员一人接听和回复，工作日 9 点到 11 点。您随时可以在网上写。"
WHY = "同一事项每天来电十次以上，每次都已答复。"
PHONE = "13800000001"


def follows(screen, number, code):
    return screen.open("/follow/").write("编号", number).write("查询码", code).press("查看")


def test_each_message_keeps_its_number_and_only_the_way_of_talking_changes(town, sit, later, settings):
    settings.HUIYIN_SMS = "folder"
    citizen, clerk = sit("citizen"), sit("clerk", town.clerk, size=DESK)
    reviewer = sit("reviewer", town.reviewer, size=DESK)
    first, _code = hand_in(citizen, "楼下烧烤店每晚到两点。", name="赵钱孙", phone=PHONE)
    later(days=1)
    second, code = hand_in(citizen, "昨晚又吵到两点。", name="赵钱孙", phone=PHONE)
    clerk.open(f"/work/cases/{second}/").press("并入另一件").write("主案编号", first).press("并案").tells(
        "已并案"
    )
    answered(town, Case.objects.get(number=first), text=ANSWER)
    later(hours=1)
    follows(citizen, second, code).tells(second, ANSWER)

    clerk.open("/work/desk/measures/new/").write("电话", PHONE).tick("联系方式", "固定联系人")
    clerk.pick("理由", "同一事项一天来电").write("约定的内容", AGREED).write("发生了什么", WHY)
    clerk.write("最后一天", "2026-07-08").press("提出联系约定").tells(AGREED).hides(PHONE)
    measure = ContactMeasure.objects.get()
    reviewer.open(f"/work/desk/measures/{measure.pk}/").press("确认约定").press("确认约定")
    follows(citizen, second, code).hides(AGREED)
    citizen.open("/mine/").write("您留的手机号", PHONE).press("发验证码")
    citizen.write("验证码", SignInCode.objects.latest("pk").code.open(PERMIT)).press("看我的诉求")
    follows(citizen, second, code).tells(AGREED, town.too_often.basis).hides(WHY)
    citizen.press("对联系约定有异议").write("理由", "我每次说的都是新的一晚").press("提出异议")
    citizen.tells("异议已收到", "正在复核")
    clerk.open("/work/desk/measures/").tells("有异议，待复核")
