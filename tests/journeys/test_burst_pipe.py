"""A burst pipe: two hundred calls gathered into one matter, explained and answered once, read and rated by each."""

import re
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.analytics import figures
from huiyin.cases.models import Case, Notice
from huiyin.channels.clerk.joining import Call, join_incident
from huiyin.evaluation.models import Rating
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from tests.journeys.pages import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.everywhere, pytest.mark.django_db(transaction=True)]

CALLERS, BY_HAND, EARLY, LATE = 200, 3, 5, 195
FIRST, SECOND = "石桥路的水管爆了，水漫进一楼。", "石桥路停水了，楼上也没有水。"
NAMES, TELEPHONES = ("胡一刀", "苗若兰"), ("13800000041", "13800000042")
WHY = "主水管爆裂，半条街停水"
EXPLAINED = "石桥路主水管爆裂，抢修队十点到场，今晚八点前恢复供水。"
PUBLIC = "石桥路主水管今晨爆裂，抢修正在进行，今晚八点再作说明。"
ANSWER = "爆裂的一段已经换新，晚上七点恢复供水，进水的住户由供水公司上门登记损失。"
GRADES = (("解决了", "非常满意", "修得快"), ("解决了", "满意", ""), ("解决了", "基本满意", "地板泡坏了"))


@dataclass(frozen=True)
class Slip:
    """What a caller wrote down from the clerk's lips."""

    number: str
    code: str


def test_two_hundred_callers_are_told_at_once_and_each_is_heard(town, sit, sign_in, later):
    clerk, dispatcher, caller, reviewer = (
        sit(who, getattr(town, who), size=DESK) for who in ("clerk", "dispatcher", "caller", "reviewer")
    )
    handler = sit("handler", town.handler)

    slips = [take_down(clerk, *told) for told in zip((FIRST, SECOND), NAMES, TELEPHONES, strict=True)]
    later(minutes=10)
    number = slips[0].number
    declare(dispatcher, number)
    merge(clerk, slips[1].number, number)
    slips += [join(clerk, number, telephone=f"1380000005{n}") for n in range(BY_HAND)]
    slips += the_rest_call(town, sign_in(town.clerk), number)
    assert len(slips) == CALLERS
    later(minutes=10)
    hand_out(clerk, dispatcher, number)
    explain(caller, number)
    citizens = [sit(f"caller {n}", size=PHONE) for n in range(len(GRADES))]
    theirs = [slips[0], slips[2], slips[-1]]
    for citizen, slip in zip(citizens, theirs, strict=True):
        follow(citizen, slip).tells("情况说明", EXPLAINED).hides(ANSWER, *NAMES)
    later(hours=8)
    answer(handler, reviewer, number)
    everybody_is_told_in_the_same_moment()
    for citizen, slip, grade in zip(citizens, theirs, GRADES, strict=True):
        read_and_rate(citizen, slip, grade)
    the_desk_reads_every_grade_and_the_unit_none(reviewer, handler, number)
    end(reviewer, dispatcher, clerk, number)
    the_figures_count_everybody(sit("passer-by"), town)
    assert sequence() > 2 * CALLERS and verify().sound


# -- the calls -----------------------------------------------------------------------------------------------
def take_down(clerk, words, name, telephone):
    clerk.open("/work/").press("登记一件").hides("正在发生的突发事件").write("说了什么", words)
    clerk.pick("在哪个地方", "石桥街道").write("姓名", name).write("电话", telephone)
    return slip_of(clerk.press("登记").tells("已经登记"))


def slip_of(clerk):
    return Slip(*clerk.receipt())


def declare(dispatcher, number):
    dispatcher.open(f"/work/cases/{number}/").press("启动突发事件").press("启动突发事件", status=422)
    dispatcher.tells("请填写：启动的理由").write("启动的理由", WHY).press("启动突发事件")
    dispatcher.tells("已启动突发事件", "公开说明")


def merge(clerk, number, into):
    clerk.open(f"/work/cases/{number}/").hides(*TELEPHONES).press("并入另一件").write("主案编号", into)
    clerk.press("并案").tells("已并案", into)


def join(clerk, number, *, telephone):
    clerk.open("/work/").press("登记一件").tells("正在发生的突发事件", "件来电")
    clerk.write("电话", telephone).press("也是这件事，登记并并入").tells("已经登记").hides(telephone)
    return slip_of(clerk)


def the_rest_call(town, client, number):
    """The two that are looked at closely come by the same click; the others by the same door, without a page."""
    slips, costs = [], {}
    for call in range(BY_HAND + 3, CALLERS + 1):  # two were taken down before
        if call in (EARLY + 1, LATE):
            slip, costs[call] = one_click(client, number)
        else:
            taken = join_incident(number, Call(key=f"{call:032x}", phone=f"139{call:08}"), by=town.clerk)
            slip = Slip(taken.number, taken.codes[0])
        slips.append(slip)
    assert len(set(costs.values())) == 1, costs
    page = client.get(reverse("desk:entry")).content.decode()
    assert f"已并入 {CALLERS - 1} 件来电" in page
    return slips


def one_click(client, number):
    """A call by the button of the entry page: the slip, and how many questions the click put to the database."""
    page = client.get(reverse("desk:entry")).content.decode()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    with CaptureQueriesContext(connection) as asked:
        sent = client.post(reverse("desk:join", args=[number]), {"key": key, "phone": ""})
    receipt = client.get(sent["Location"]).content.decode()
    found = [re.search(rf'receipt__{part}">([\w-]+)<', receipt)[1] for part in ("number", "code")]
    return Slip(*found), len(asked)


# -- one unit, one explanation, one answer -------------------------------------------------------------------
def hand_out(clerk, dispatcher, number):
    clerk.open(f"/work/cases/{number}/").press("受理这件诉求").pick("类别", "夜间噪声").press("受理")
    dispatcher.open(f"/work/cases/{number}/").press("派单").pick("主办单位", "城管局").press("派单")
    dispatcher.tells("已派单")


def explain(caller, number):
    caller.open(f"/work/cases/{number}/").press("统一说明").write("说明内容", EXPLAINED).press("发给所有人")
    caller.tells("说明已放到每位诉求人的查询页。", EXPLAINED)


def follow(citizen, slip):
    citizen.open(f"/follow/?number={slip.number}").write("查询码", slip.code)
    return citizen.press("查看")


def answer(handler, reviewer, number):
    handler.open("/work/").press(FIRST[:8]).hides(*NAMES, *TELEPHONES).press("签收工单").press("签收")
    handler.press("答复").write("答复内容", ANSWER).tick("办理结果", "已解决").press("提交答复")
    reviewer.open(f"/work/cases/{number}/").tells(ANSWER).press("审核通过").press("审核通过")
    reviewer.tells("已审核通过")


def everybody_is_told_in_the_same_moment():
    owed = Notice.objects.filter(about=Notice.About.ANSWER)
    assert owed.count() == CALLERS
    assert owed.values("posted_at").distinct().count() == 1


# -- each caller ---------------------------------------------------------------------------------------------
def read_and_rate(citizen, slip, grade):
    solved, satisfied, words = grade
    follow(citizen, slip).tells(ANSWER, EXPLAINED, "请您评价").hides(*TELEPHONES).press("我来评价")
    citizen.tick("办事的人联系过您吗", "没有").tick("问题解决了吗", solved).tick("您满意吗", satisfied)
    citizen.write("还想说什么", words).press("提交评价").tells("您的评价已经收到")
    assert Rating.objects.filter(case__number=slip.number).count() == 1


def the_desk_reads_every_grade_and_the_unit_none(reviewer, handler, number):
    assert Rating.objects.count() == len(GRADES)
    reviewer.open(f"/work/cases/{number}/")
    reviewer.tells(
        f"{CALLERS - 1} 件", "满意程度 5 / 5", "满意程度 4 / 5", "满意程度 3 / 5", "修得快", "地板泡坏了"
    )
    handler.open(f"/work/cases/{number}/").tells("诉求人说：已解决").hides("满意程度", "地板泡坏了")


def end(reviewer, dispatcher, clerk, number):
    dispatcher.open(f"/work/cases/{number}/").press("结束突发事件").write("结束的理由", "已经修好")
    dispatcher.press("结束突发事件", status=422).tells("还欠公众一份情况说明")
    reviewer.open(f"/work/cases/{number}/").press("公开说明").write("公开说明", PUBLIC).press("公开")
    reviewer.tells("已公开说明")
    dispatcher.press("结束突发事件").tells("突发事件已结束")
    clerk.open("/work/desk/entry/").hides("正在发生的突发事件")


def the_figures_count_everybody(passer_by, town):
    cache.clear()
    passer_by.open("/figures/").tells(f"{CALLERS} 人次", "城管局")
    counted = figures.totals(Case.objects.all())
    heard = len(GRADES)  # a merged matter is answered when its own caller has read the answer, not before
    assert (counted.cases, counted.headcount, counted.answered) == (CALLERS, CALLERS, heard)
    assert [(row.name, row.cases) for row in figures.by_unit(Case.objects.all())] == [
        (str(town.chengguan), heard)
    ]
