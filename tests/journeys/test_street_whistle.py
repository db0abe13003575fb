"""A dark stairway: the petitioner is asked, two departments are called and one comes, the matter rests and returns."""

import re

import pytest

from huiyin.cases import tasks
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from tests.journeys.pages import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELEPHONE = "13800000001"
WORDS = "楼道的灯坏了两个月，老人晚上摔倒过。"
TITLE = "楼道灯坏了"
ASKED = "请写明是几号楼、几单元。"
SUPPLIED = f"三号楼二单元，到了打我电话{TELEPHONE}。"
PLACE = "请今晚八点到三号楼下会合。"
PLAN = "线路老化，等七月老旧小区改造时一并更换，改造前先装临时灯。"
ANSWER = "三号楼二单元的线路和楼道灯已全部更换。"


def test_a_street_calls_asks_and_lets_rest_and_nothing_is_forgotten(town, sit, later):
    citizen = sit("citizen", size=PHONE)
    clerk, dispatcher = sit("clerk", town.clerk, size=DESK), sit("dispatcher", town.dispatcher, size=DESK)
    reviewer, supervisor = (
        sit("reviewer", town.reviewer, size=DESK),
        sit("supervisor", town.supervisor, size=DESK),
    )
    community = sit("community", town.community_handler, size=PHONE)
    city, housing = sit("city", town.handler, size=PHONE), sit("housing", town.zhujian_handler, size=PHONE)

    number, code = hand_in(citizen)
    to_the_community(clerk, dispatcher, community, number)
    later(hours=1)
    ask(community, number)
    later(days=1)
    supply(citizen, number, code)
    the_unit_reads_it_without_the_telephone(community, number)
    call(community, number)
    later(hours=3)
    one_comes(city, number)
    later(days=2)
    the_other_does_not(supervisor, housing, community, number)
    let_rest(community, reviewer, citizen, number, code)
    later(days=25)
    assert tasks.end_suspensions() == 0
    supervisor.open("/work/supervision/matters/?tab=returning").tells(TITLE)
    later(days=6)
    assert tasks.end_suspensions() == 1
    it_is_back(community, citizen, number, code)
    in_english(community, citizen, supervisor, number)
    assert sequence() > 15 and verify().sound


def hand_in(citizen):
    citizen.open("/").press("提交诉求").tap("下一步")
    citizen.write("发生了什么", WORDS).tap("下一步").tick("这是一件什么事", "求助").tap("下一步")
    citizen.pick("在哪个地方", "银杏社区").tap("下一步")
    citizen.tick("您的身份让谁知道", "只有受理中心知道").write("您的电话", TELEPHONE)
    citizen.press("提交").tells("已经收到")
    number, code = citizen.receipt()
    assert re.fullmatch(r"\d{4}-\d{4}-\d{4}", number)
    citizen.press("打开进度页").tells("收到您的诉求")
    return number, code


def follow(citizen, number, code):
    """Days later, the browser asks for the code again."""
    citizen.open(f"/follow/?number={number}").write("查询码", code)
    return citizen.press("查看")


def to_the_community(clerk, dispatcher, community, number):
    clerk.open(f"/work/cases/{number}/").press("受理这件诉求").pick("类别", "楼道照明")
    clerk.write("给承办单位看的标题", TITLE).write("给承办单位看的内容", WORDS).press("受理")
    dispatcher.open(f"/work/cases/{number}/").press("派单").pick("主办单位", "银杏社区").press("派单")
    community.open("/work/").tells(TITLE).press(TITLE).press("签收工单").press("签收").tells("已签收。")


def ask(community, number):
    community.press("请诉求人补充").press("请补充", status=422).tells("请填写：请诉求人补充什么")
    community.write("请诉求人补充什么", ASKED).press("请补充")
    community.tells("期限暂停", "请诉求人补充", ASKED, "待回复")


def supply(citizen, number, code):
    follow(citizen, number, code).tells("还缺一点情况", "请您补充", "银杏社区", ASKED, "最迟")
    citizen.tells("现在轮到", "期限按规定暂停")
    citizen.press("回复", status=422).tells("请写点什么")
    citizen.write("补充说明", SUPPLIED).press("回复").tells("已经收到您的补充", "已补充情况")
    citizen.hides(ASKED)


def the_unit_reads_it_without_the_telephone(community, number):
    community.open(f"/work/cases/{number}/").tells("三号楼二单元", "〔电话〕", "已回复").hides(TELEPHONE)


def call(community, number):
    community.press("吹哨").tick("叫哪些单位来", "城管局").tick("叫哪些单位来", "住建局")
    community.write("为什么吹哨、到哪里会合", PLACE).press("吹哨")
    community.tells("已吹哨", "叫来：", "城管局", "住建局", "还没有报到")


def one_comes(city, number):
    city.open("/work/").tells(TITLE).press(TITLE).tells(PLACE, "还没有报到").hides(TELEPHONE, SUPPLIED)
    city.press("报到").write("到场情况", "两人到场，清理了楼道的电线。").press("报到")
    city.tells("报到已记录。", "已报到", "协办").hides("住建局的答复")


def the_other_does_not(supervisor, housing, community, number):
    supervisor.open("/work/supervision/").tells("吹哨未到")
    supervisor.open("/work/supervision/matters/?tab=whistle").tells(TITLE)
    housing.open(f"/work/cases/{number}/").tells(PLACE)
    community.open(f"/work/cases/{number}/").press("评报到 · 城管局").tick("来了没有", "按时报到")
    community.write("评语", "来得很快。").press("提交").tells("按时报到", "来得很快。")
    community.press("评报到 · 住建局").tick("来了没有", "未到").write("评语", "没有人来，也没有回话。").press(
        "提交"
    )
    community.tells("未到", "没有人来，也没有回话。")
    housing.open(f"/work/cases/{number}/").tells("没有人来，也没有回话。")
    supervisor.open("/work/supervision/matters/?tab=whistle").hides(TITLE)


def let_rest(community, reviewer, citizen, number, code):
    community.open(f"/work/cases/{number}/").press("提出挂账").write("打算怎么办", PLAN)
    community.write("挂账到哪天", "2026-06-01").press("提出挂账", status=422).tells("挂账的日期要在明天到")
    community.write("挂账到哪天", "2026-07-10").press("提出挂账").tells("由另一位同事审批", "待审批")
    reviewer.open(f"/work/cases/{number}/").tells(PLAN).press("同意挂账").press("同意挂账")
    reviewer.tells("已挂账", "挂账中", "7 月 10 日")
    follow(citizen, number, code).tells("先放一放", PLAN, "7 月 10 日", "自动恢复办理")


def it_is_back(community, citizen, number, code):
    follow(citizen, number, code).tells("放一放的日子到了", "最迟").hides("为什么先放一放")
    community.open(f"/work/cases/{number}/").tells("挂账到期，恢复办理", "已销账")
    community.press("答复").write("答复内容", ANSWER).tick("办理结果", "已解决").press("提交答复")
    community.tells("答复已提交")


def in_english(community, citizen, supervisor, number):
    citizen.in_english(f"/follow/{number}/")
    community.in_english(f"/work/cases/{number}/")
    supervisor.in_english("/work/supervision/")
