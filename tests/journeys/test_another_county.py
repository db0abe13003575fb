"""A matter of another county: forwarded, chased, confirmed, answered by what came of it, told and rated."""

import pytest

from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from tests.journeys.pages import DESK, PHONE
from tests.journeys.steps import hand_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, TELEPHONE = "胡一刀", "13800000021"
WORDS = f"老家青山县的低保从去年停发了，我在这里打工回不去。我叫{NAME}，电话{TELEPHONE}。"
TITLE = "外县低保停发"
COUNTY, PAPER, RECEIPT = "青山县信访局", "听转〔2026〕3 号", "青信收 7 号"
NOTE = "该县民政部门已确认管辖，由它办理。"
CHASED = "问过值班室，说已转民政科，下周三前给回执"
ANSWER = "青山县民政局已恢复发放，并补发停发的四个月，六月二十日到账。"


def test_a_matter_of_another_county_is_followed_until_it_is_answered(town, sit, later):
    citizen = sit("citizen", size=PHONE)
    clerk, caller = sit("clerk", town.clerk, size=DESK), sit("caller", town.caller, size=DESK)
    supervisor = sit("supervisor", town.supervisor, size=DESK)

    number, code = hand_in(citizen, WORDS, name=NAME, phone=TELEPHONE)
    later(hours=1)
    forward(clerk, number)
    read_where_it_went(citizen, number)
    later(days=9)
    it_is_overdue_on_both_lists(clerk, supervisor, number)
    chase(caller, number)
    later(days=1)
    record_the_receipt(clerk, number)
    later(days=2)
    record_the_outcome(clerk, number)
    tell(caller, number)
    read_and_rate(citizen, number, code)
    assert sequence() > 7 and verify().sound


def forward(clerk, number):
    clerk.open(f"/work/cases/{number}/").hides(TELEPHONE).press("转送外部单位")
    clerk.press("转送", status=422).tells("请填写：转送给")
    clerk.write("转送给", COUNTY).write("转送文号", PAPER).write("转送说明", NOTE)
    clerk.press("转送").tells("已转送", "已转送，回执的期限开始计算。", COUNTY, PAPER, "等外部回执和结果")
    clerk.open("/work/desk/?tab=outside").tells(number)


def read_where_it_went(citizen, number):
    citizen.open(f"/follow/{number}/")
    citizen.tells("我们已把您的诉求转给外部单位", COUNTY, PAPER, NOTE, "对方还没有回执", "转给了外部单位")


def it_is_overdue_on_both_lists(clerk, supervisor, number):
    clerk.open("/work/desk/?tab=awaited").tells(number)
    supervisor.open("/work/").press("外部超期").tells(number)


def chase(caller, number):
    caller.open(f"/work/cases/{number}/").press("催问外部单位").write("催问情况", CHASED)
    caller.press("记录催问").tells("催问已记录。", CHASED, "第 1 次")


def record_the_receipt(clerk, number):
    clerk.open(f"/work/cases/{number}/").press("登记回执").write("回执号", RECEIPT).press("登记回执")
    clerk.tells("回执已登记。", RECEIPT).open("/work/desk/?tab=awaited").hides(number)


def record_the_outcome(clerk, number):
    clerk.open(f"/work/cases/{number}/").press("登记外部结果").press("作为答复", status=422)
    clerk.tells("请填写：给诉求人的答复").write("给诉求人的答复", ANSWER).tick("办理结果", "已解决")
    clerk.press("作为答复").tells("等待告知诉求人", ANSWER)


def tell(caller, number):
    caller.open("/work/desk/?tab=telling").tells(number).open(f"/work/cases/{number}/")
    caller.tells("还没有告知", "答复")


def read_and_rate(citizen, number, code):
    citizen.open("/follow/").write("编号", number).write("查询码", code).press("查看")
    citizen.tells(ANSWER, "受理中心", "外部单位有了结果", "对方已确认收到", RECEIPT, "已催问 1 次")
    citizen.hides(CHASED, "su-dongpo").press("我来评价")
    citizen.tick("办事的人联系过您吗", "没有").tick("问题解决了吗", "解决了").tick("您满意吗", "满意")
    citizen.press("提交评价").tells("您的评价已经收到", "已办结")
