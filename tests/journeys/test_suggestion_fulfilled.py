"""A suggestion adopted with a promise and a date: archived, and still kept a year later, its author told again."""

import pytest

from huiyin.cases.models import Notice
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from tests.journeys.pages import DESK, PHONE
from tests.journeys.steps import hand_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, TELEPHONE = "赵半山", "13800000061"
WORDS = "银杏路口的斜坡太陡，坐轮椅的人上不去。建议加一条缓坡。"
TITLE = "路口加一条缓坡"
ADOPTED = "采纳您的建议。现场量过，斜坡的坡度超过标准，列入明年的道路改造。"
PROMISED, DUE = "在银杏路口修一条坡度不超过十二分之一的缓坡", "2027-05-31"
KEPT = "缓坡已修好，坡度十二分之一，两侧装了扶手。"


def test_what_was_promised_is_kept_a_year_later_and_its_author_is_told_again(town, sit, later):
    citizen = sit("citizen", size=PHONE)
    clerk, dispatcher, reviewer, caller = (
        sit(who, getattr(town, who), size=DESK) for who in ("clerk", "dispatcher", "reviewer", "caller")
    )
    handler = sit("handler", town.handler)
    supervisor = sit("supervisor", town.supervisor, size=DESK)

    number, code = hand_in(citizen, WORDS, nature="建议", name=NAME, phone=TELEPHONE)
    later(hours=1)
    hand_out(clerk, dispatcher, number)
    later(days=1)
    adopt(handler, number)
    nothing_is_promised_before_it_is_let_out(citizen, number, code)
    let_out(reviewer, number)
    read_and_rate(citizen, number, code)
    later(days=60)
    archive(reviewer, number)
    later(days=300)
    it_stands_on_every_list(handler, supervisor, dispatcher)
    keep_it(handler, number)
    its_author_is_told_again(citizen, caller, number, code)
    nothing_is_left(handler, supervisor)
    assert sequence() > 10 and verify().sound


def follow(citizen, number, code):
    """Days later, the browser asks for the code again."""
    citizen.open(f"/follow/?number={number}").write("查询码", code)
    return citizen.press("查看")


def hand_out(clerk, dispatcher, number):
    clerk.open(f"/work/cases/{number}/").press("受理这件诉求").pick("类别", "城市管理")
    clerk.write("给承办单位看的标题", TITLE).press("受理")
    dispatcher.open(f"/work/cases/{number}/").press("派单").pick("主办单位", "城管局").press("派单")


# -- adopted, with what and when -----------------------------------------------------------------------------
def adopt(handler, number):
    handler.open("/work/").press(TITLE).press("签收工单").press("签收").press("答复")
    handler.write("答复内容", ADOPTED).tick("办理结果", "采纳").press("提交答复", status=422)
    handler.tells("采纳建议要写明承诺").write("承诺做什么", PROMISED).press("提交答复", status=422)
    handler.tells("请写明什么时候做到").write("什么时候做到", "2026-06-01").press("提交答复", status=422)
    handler.tells("承诺的日期要晚于今天").write("什么时候做到", DUE).press("提交答复").tells("答复已提交")
    handler.tells(PROMISED).open("/work/unit/promises/").hides(PROMISED)


def nothing_is_promised_before_it_is_let_out(citizen, number, code):
    follow(citizen, number, code).hides(PROMISED, ADOPTED)


def let_out(reviewer, number):
    reviewer.open(f"/work/cases/{number}/").tells(ADOPTED, PROMISED).press("审核通过").press("审核通过")
    reviewer.tells("已审核通过")


def read_and_rate(citizen, number, code):
    follow(citizen, number, code).tells(ADOPTED, "承诺", PROMISED, "待兑现", "2027 年 5 月 31 日")
    citizen.press("我来评价").tick("办事的人联系过您吗", "联系过").tick("问题解决了吗", "解决了")
    citizen.tick("您满意吗", "满意").press("提交评价").tells("您的评价已经收到", "已办结", "待兑现")


def archive(reviewer, number):
    reviewer.open(f"/work/cases/{number}/").tells("诉求人说：已解决").press("归档").press("归档").tells(
        "已归档", "待兑现"
    )


# -- a year later --------------------------------------------------------------------------------------------
def it_stands_on_every_list(handler, supervisor, dispatcher):
    handler.open("/work/").press("待兑现的承诺").tells(PROMISED, TITLE, "已过期", "1 项已过期")
    supervisor.open("/work/").press("待兑现的承诺").tells(PROMISED, "城管局", "已过期")
    dispatcher.open("/work/unit/promises/").tells(PROMISED)


def keep_it(handler, number):
    handler.press(number).tells(PROMISED, "已归档").press("兑现承诺").press("记录兑现", status=422)
    handler.tells("请填写：兑现情况").write("兑现情况", KEPT).press("记录兑现")
    handler.tells("已记录兑现", KEPT, "已兑现", "已归档").hides(NAME, TELEPHONE)


def its_author_is_told_again(citizen, caller, number, code):
    caller.open(f"/work/cases/{number}/").tells("还没有告知", "承诺兑现告知")
    follow(citizen, number, code).tells(PROMISED, KEPT, "已兑现", "城管局兑现了承诺", "承诺兑现了")
    assert not Notice.objects.filter(told_at=None).exists()
    caller.open(f"/work/cases/{number}/").hides("还没有告知")


def nothing_is_left(handler, supervisor):
    for who in (handler, supervisor):
        who.open("/work/unit/promises/").tells("现在没有待兑现的承诺").hides(PROMISED)
