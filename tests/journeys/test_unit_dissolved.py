"""A unit is dissolved in mid-case: its successor has the order with the same date, and the resident's stays too."""

import pytest

from huiyin.cases import actions
from huiyin.cases.actions import Intake, PartyIn
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from huiyin.organisation import remembering
from tests.journeys.pages import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_successor_goes_on_where_the_dissolved_unit_stood(town, sit, later, javascript):
    def at(who, actor):
        return sit(who, actor, size=DESK, javascript=javascript)

    number, code = a_matter_in_hand(town)
    citizen = sit("citizen", javascript=javascript)
    citizen.open(f"/follow/?number={number}").write("查询码", code).press("查看").tells("城管局")
    due = citizen.page.locator("main .clock__due").first.get_attribute("title")
    later(days=1)
    the_unit_is_merged_into_another(town)
    later(days=1)
    dispatcher = at("dispatcher", town.dispatcher)
    dispatcher.open(f"/work/cases/{number}/").press("承继工单").tells("原单位已经撤并", "期限")
    dispatcher.press("交给后继单位").tells("已由后继单位承继", "由城管局改为住建局", "已承继")
    the_successor_answers(at("handler", town.zhujian_handler), number)
    citizen.open(f"/follow/?number={number}").write("查询码", code).press("查看")
    citizen.tells("原来的单位撤并了，由住建局接着办理")
    assert citizen.page.locator("main .clock__due").first.get_attribute("title") == due
    assert sequence() > 2 and verify().sound


def a_matter_in_hand(town):
    told = Intake(
        text="路灯坏了三天，晚上看不见路。", title="路灯不亮", parties=[PartyIn(phone="13800000001")]
    )
    found = actions.register(told, by=town.citizen)
    actions.accept(found.case, by=town.clerk, category=town.night_noise)
    order = actions.dispatch(found.case, by=town.dispatcher, lead=town.chengguan)
    actions.sign(order, by=town.handler)
    return found.case.number, found.codes[0]


def the_unit_is_merged_into_another(town):
    town.chengguan.valid_to = clock.local_date(clock.now())
    town.chengguan.successor = town.zhujian
    town.chengguan.save()
    remembering.clear()


def the_successor_answers(handler, number):
    handler.open("/work/").tells("路灯不亮").press("路灯不亮").tells("待签收")
    handler.press("签收工单").press("签收").tells("已签收").press("答复")
    handler.write("答复内容", "已换灯，今晚亮。").tick("办理结果", "已解决").press("提交答复")
    handler.tells("待审核")
