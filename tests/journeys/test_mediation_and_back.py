"""Neighbours are referred to mediation and come back: the clocks stand still, and nobody has to ask again."""

import pytest

from huiyin.cases import tasks
from huiyin.cases.models import Order
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from tests.journeys.pages import DESK, PHONE
from tests.journeys.steps import hand_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, TELEPHONE = "程灵素", "13800000022"
WORDS = f"楼上漏水把我家吊顶泡坏了，两家吵了三次。我叫{NAME}，电话{TELEPHONE}。"
TITLE, READABLE = "楼上漏水两家争执", "楼上漏水，吊顶泡坏，两家争执三次，希望有人主持公道。"
MEDIATORS, WHY = "银杏社区人民调解委员会", "双方都愿意先调解，请等调解结果。"
FAILED = "调解两次，赔多少谈不拢，已告知可以起诉"
ANSWER = "物业已更换楼上水管，两家签了调解协议，赔偿一千二百元当场付清。"


def test_neighbours_go_to_mediation_and_come_back_on_the_day(town, sit, later):
    citizen, clerk = sit("citizen", size=PHONE), sit("clerk", town.clerk, size=DESK)
    dispatcher = sit("dispatcher", town.dispatcher, size=DESK)
    handler = sit("handler", town.community_handler, size=PHONE)

    number, code = hand_in(citizen, WORDS, place="银杏社区", name=NAME, phone=TELEPHONE)
    later(hours=1)
    bring_to_the_community(clerk, dispatcher, handler, number)
    due = Order.objects.get(case__number=number).due_at
    refer(clerk, number, until="2026-06-15")
    the_matter_rests(citizen, handler, number)
    later(days=8)
    assert tasks.resume_elsewhere() == 1
    it_goes_on_by_itself(handler, number)
    assert Order.objects.get(case__number=number).due_at > due, "the days of mediation are not counted"
    refer(clerk, number, until="2026-06-30")
    later(days=1)
    come_back_without_agreement(clerk, number)
    refer(clerk, number, until="2026-06-30")
    later(days=2)
    settle(clerk, number)
    read_the_answer(citizen, handler, number, code)
    assert sequence() > 12 and verify().sound


def bring_to_the_community(clerk, dispatcher, handler, number):
    clerk.open(f"/work/cases/{number}/").press("受理这件诉求").pick("类别", "邻里便民")
    clerk.write("给承办单位看的标题", TITLE).write("给承办单位看的内容", READABLE).press("受理")
    dispatcher.open(f"/work/cases/{number}/").press("派单").pick("主办单位", "银杏社区").press("派单")
    handler.open("/work/").press(TITLE).press("签收工单").press("签收").tells("已签收。")


def refer(clerk, number, *, until):
    clerk.open(f"/work/cases/{number}/").press("另循程序").press("另循程序", status=422)
    clerk.tells("请选择：什么程序", "请填写：由谁主持").tick("什么程序", "调解")
    clerk.write("由谁主持", MEDIATORS).write("最迟哪天恢复办理", until).write("给诉求人的说明", WHY)
    clerk.press("另循程序").tells("已暂停计时", MEDIATORS, "等另一程序的结果")


def the_matter_rests(citizen, handler, number):
    citizen.open(f"/follow/{number}/")
    citizen.tells("另一程序正在进行，期限暂停", MEDIATORS, WHY, "6 月 15 日", "到时候不用您再来催")
    handler.open(f"/work/cases/{number}/").tells(MEDIATORS, "另循程序").hides("提交答复", NAME, TELEPHONE)


def it_goes_on_by_itself(handler, number):
    handler.open("/work/").tells(TITLE).press(TITLE).tells("恢复办理", "系统", "轮到")


def come_back_without_agreement(clerk, number):
    clerk.open(f"/work/cases/{number}/").press("恢复办理").write("另一程序的结果", FAILED)
    clerk.press("恢复办理").tells("已恢复办理，期限接着计算。", FAILED, "银杏社区")


def settle(clerk, number):
    clerk.open(f"/work/cases/{number}/").press("另循程序已解决").write("给诉求人的答复", ANSWER)
    clerk.tick("办理结果", "已解决").press("作为答复").tells("等待告知诉求人", ANSWER, "已撤销")


def read_the_answer(citizen, handler, number, code):
    handler.open(f"/work/cases/{number}/").tells(ANSWER)
    citizen.open("/follow/").write("编号", number).write("查询码", code).press("查看")
    citizen.tells(ANSWER, "请您评价", "另一程序有了结果", "恢复办理，期限接着计算", MEDIATORS).hides(FAILED)
