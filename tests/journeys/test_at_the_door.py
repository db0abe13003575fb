"""At the door: somebody from elsewhere tells a representative of night noise; one half is answered, one refused twice."""

import pytest

from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from tests.journeys.pages import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, TELEPHONE = "胡一刀", "13800000007"
WORDS = "我是外地来打工的，没有本地户口。楼下烧烤店吵到两点，油烟也呛得开不了窗。"
NOISE, SMOKE = "夜里太吵", "油烟呛人"
QUIET = "已要求店主夜里十点后不再外摆，连查三晚均已落实。"
FILTERED = "油烟净化器已检测，排放达标；您窗口正对排烟口，已请店主把排烟口移到背街一侧。"


def test_what_is_told_at_the_door_is_answered_to_both_who_asked_and_who_brought_it(town, sit, later):
    representative = sit("representative", town.representative, size=PHONE)
    clerk, dispatcher = (sit(who, getattr(town, who), size=DESK) for who in ("clerk", "dispatcher"))
    reviewer, handler = sit("reviewer", town.reviewer, size=DESK), sit("handler", town.handler)
    health, squad = sit("health", town.outsider), sit("squad", town.squad_handler)

    number, code = write_it_down_at_the_door(representative)
    later(hours=1)
    accept(clerk, number)
    hand_one_point_to_each(dispatcher, number)
    later(hours=2)
    answer(handler, number, QUIET, "已解决")
    refuse(health, number, "油烟归城市管理管")
    pass_on(dispatcher, number, "执法中队")
    later(hours=2)
    refuse(squad, number, "油烟检测要专业机构做")
    designate(dispatcher, number, "卫健局")
    later(days=1)
    health.open(f"/work/cases/{number}/").tells("指定")
    assert not health.page.get_by_role("link", name="提出派单异议").count()  # what binds is not objected to
    answer(health, number, FILTERED, "已解释说明")
    approve(reviewer, number)
    both_read_both_answers(representative, sit("citizen"), number, code)
    whoever_brought_it_is_told_too(sit("caller", town.caller, size=DESK), number)
    both_rate(representative, sit("citizen", size=PHONE), number, code)
    assert sequence() > 15 and verify().sound


def write_it_down_at_the_door(representative):
    representative.open("/work/").tells("您转达的诉求会列在这里").press("替人登记一件")
    representative.write("说了什么", WORDS).unfold("一次说了几件事").write(
        "诉求点", f"{NOISE}\n{SMOKE}"
    ).pick("性质", "投诉")
    representative.pick("在哪个地方", "石桥街道").write("姓名", NAME).write("电话", TELEPHONE)
    representative.press("登记").tells("已经登记")
    number, code = representative.receipt()
    representative.open("/work/").tells(number)
    return number, code


def accept(clerk, number):
    clerk.open(f"/work/cases/{number}/").tells("代表走访", NOISE, SMOKE).hides(TELEPHONE, NAME)
    clerk.press("受理这件诉求").pick("类别", "夜间噪声").press("受理").tells("已受理，等待派单。")


def hand_one_point_to_each(dispatcher, number):
    dispatcher.open(f"/work/cases/{number}/").press("派单").tick("交办的诉求点", NOISE)
    dispatcher.pick("主办单位", "城管局").press("派单").tells("已派单", "待派单")
    dispatcher.press("派单").hides("交办的诉求点")  # one is left
    dispatcher.pick("主办单位", "卫健局").press("派单").tells("已派单", "办理中")


def refuse(unit, number, why):
    unit.open(f"/work/cases/{number}/").hides(NAME, TELEPHONE).press("提出派单异议")
    unit.pick("依据", "不属于本单位职责").write("异议说明", why).press("提出异议").tells("异议已提交")


def pass_on(dispatcher, number, unit):
    dispatcher.open("/work/desk/?tab=objected").tells(number)
    dispatcher.open(f"/work/cases/{number}/").press("改派").pick("改派给", unit)
    dispatcher.write("改派的理由", "先由执法中队到场").press("改派").tells("已改派。")


def designate(dispatcher, number, unit):
    dispatcher.open(f"/work/cases/{number}/").press("指定承办单位").pick("指定给", unit)
    dispatcher.write("指定的理由", "两家都说不归自己，会商后由卫健局检测").press("指定承办").tells("卫健局")


def answer(unit, number, text, outcome):
    unit.open(f"/work/cases/{number}/").press("签收工单").press("签收")
    unit.press("答复").write("答复内容", text).tick("办理结果", outcome).press("提交答复").tells("答复已提交")


def approve(reviewer, number):
    reviewer.open(f"/work/cases/{number}/").tells(QUIET, FILTERED)
    reviewer.press("审核通过").press("审核通过").tells("已审核通过")


def both_read_both_answers(representative, citizen, number, code):
    citizen.open("/follow/").write("编号", number).write("查询码", code).press("查看")
    citizen.tells(QUIET, FILTERED, "卫健局认为这件事不归它管", "执法中队认为这件事不归它管")
    representative.open(f"/work/cases/{number}/").tells(QUIET, FILTERED)


def whoever_brought_it_is_told_too(caller, number):
    caller.open("/work/").tells("待告知", number).open(f"/work/cases/{number}/").tells("转达人 · 答复")
    caller.press("记录告知").tick("告知方式", "口头告知").write("告知情况", "当面告诉了走访的代表")
    caller.press("记录告知").tells("待评价")


def both_rate(representative, citizen, number, code):
    citizen.open("/follow/").write("编号", number).write("查询码", code).press("查看")
    citizen.press("我来评价").tick("办事的人联系过您吗", "联系过").tick("问题解决了吗", "解决了一部分")
    citizen.tick("您满意吗", "基本满意").press("提交评价").tells("您的评价已经收到")
    representative.open(f"/work/cases/{number}/").press("评价这次答复")
    representative.tick("承办单位联系过您吗", "是").tick("问题解决了吗", "部分解决").tick("您满意吗", "满意")
    representative.press("提交评价").tells("评价已记录")
