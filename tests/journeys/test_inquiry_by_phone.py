"""An inquiry answered by phone at once: a caller without a name, one form, one transaction, a code read out."""

import pytest
from django.core.cache import cache

from huiyin.cases.models import Case
from huiyin.cases.pens import subject_of
from huiyin.ledger import queries as ledger
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from tests.journeys.pages import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTION = "外地身份证能不能在这里补办？要带什么材料？"
ANSWER = "可以，带户口簿到任一派出所窗口，当场受理，二十天内取证。"
INFORMED = "已答疑"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_inquiry_is_taken_down_and_answered_in_one_breath(town, sit, later, javascript):
    def at(who, actor, size=DESK):
        return sit(who, actor, size=size, javascript=javascript)

    clerk, caller = at("clerk", town.clerk), at("caller", town.caller)
    citizen = sit("citizen", javascript=javascript)
    number, code = take_the_call(clerk)
    it_is_answered_in_the_act_of_registering(number)
    later(days=1)
    whoever_asked_reads_it(citizen, number, code)
    the_desk_that_answered_does_not_ask_how_it_was(caller)
    whoever_asked_says_so(citizen)
    the_figures_count_it(sit("passer-by", javascript=javascript), at("leader", town.leader))
    assert sequence() > 2 and verify().sound


def take_the_call(clerk):
    clerk.open("/work/").press("登记一件").press("登记", status=422).tells("请填写：说了什么")
    clerk.write("说了什么", QUESTION).pick("性质", "咨询").write("当场怎么答的", ANSWER)
    clerk.press("登记", status=422).tells("当场答复要选办理结果", INFORMED)
    assert (clerk.written("说了什么"), clerk.written("当场怎么答的")) == (QUESTION, ANSWER)
    clerk.pick("办理结果", INFORMED).press("登记")
    clerk.tells("已经登记", "已记录当场答复。", "念给本人听", "已经当场答复").hides("最迟答复")
    number, code = clerk.receipt()
    clerk.press("打开这件").tells(QUESTION, ANSWER, "待评价", INFORMED, "按时完成")
    clerk.press("待办").hides(number)  # nothing is left to screen
    return number, code


def it_is_answered_in_the_act_of_registering(number):
    case = Case.objects.get(number=number)
    first, second = ledger.history(subject_of(case))
    assert (first.kind, second.kind) == ("register", "answer_at_once")
    assert first.occurred_at == second.occurred_at == case.first_answered_at


def whoever_asked_reads_it(citizen, number, code):
    citizen.open(f"/follow/?number={number}").write("查询码", code).press("查看")
    citizen.tells(ANSWER, INFORMED, "受理中心当场答复了您", "现在轮到您", "请您评价")
    citizen.tells("还没有人看过您的原话")


def the_desk_that_answered_does_not_ask_how_it_was(caller):
    caller.open("/work/").press("待评价").tells(QUESTION[:10]).press(QUESTION[:10]).tells(ANSWER)
    caller.hides("评价这次答复", "满意程度")


def whoever_asked_says_so(citizen):
    citizen.press("我来评价").press("提交评价", status=422).tells("请选择：问题解决了吗")
    citizen.tick("办事的人联系过您吗", "联系过").tick("问题解决了吗", "解决了").tick("您满意吗", "非常满意")
    citizen.write("还想说什么", "谢谢").press("提交评价").tells("您的评价已经收到", "已办结")


def the_figures_count_it(passer_by, leader):
    cache.clear()  # the public figures may have been counted a minute ago
    passer_by.open("/figures/").tells("咨询", "受理中心", "100.0%").open("/public/").hides(
        QUESTION[:10], ANSWER
    )
    leader.open("/work/").tells("近 28 天共 1 件", "100.0%").hides(ANSWER)
