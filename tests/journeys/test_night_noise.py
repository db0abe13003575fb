"""Night noise: from a form on a phone, through one objection and one redo, to a rated and published answer."""

import re

import pytest
from django.core.cache import cache

from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from tests.journeys.pages import DESK, PHONE, photo

pytestmark = [pytest.mark.browser, pytest.mark.everywhere, pytest.mark.django_db(transaction=True)]

NAME, TELEPHONE = "张三丰", "13800000001"
WORDS = f"楼下烧烤店每晚到两点，划拳声吵得孩子睡不着。我叫{NAME}，电话{TELEPHONE}。"
TITLE, READABLE = "烧烤店夜里太吵", "楼下烧烤店每晚经营到两点，划拳声大，孩子睡不着。希望夜里十点后不再外摆。"
WEAK = "您好，您反映的问题已转相关科室处理。"
ANSWER = "已要求店主加装隔音板，晚上十点后不再外摆；执法中队连查三晚，均已落实。"
REASON = "核对噪声发生的楼号"
PRAISE = "来得很快，态度也好"
GRADES = ("满意程度", PRAISE, "satisfied")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_night_noise_is_heard_answered_rated_and_published(town, sit, later, javascript):
    def at(who, actor=None, size=DESK):
        return sit(who, actor, size=size, javascript=javascript)

    citizen = at("citizen", size=PHONE)
    clerk, dispatcher = at("clerk", town.clerk), at("dispatcher", town.dispatcher)
    reviewer, handler = at("reviewer", town.reviewer), at("handler", town.handler, PHONE)
    wrong_unit = at("wrong unit", town.outsider, PHONE)

    number, code = hand_in(citizen, javascript=javascript)
    later(minutes=20)
    screen(clerk, number)
    later(minutes=20)
    dispatch_to_the_wrong_unit(dispatcher, number)
    later(hours=2)
    object_with_a_clause(wrong_unit, number)
    redispatch(dispatcher, number)
    later(hours=3)
    answer_badly(handler, number)
    send_back(reviewer, number)
    later(days=1)
    answer_well(handler, number)
    approve(reviewer, number)
    later(hours=1)
    read_the_answer(citizen, number, code)
    open_the_original(reviewer, number)
    rate(citizen, number)
    the_unit_learns_that_it_is_solved_and_no_more(handler, number)
    publish(reviewer, number)
    read_in_public(at("passer-by", size=PHONE), number)
    look_in_english(citizen, handler, reviewer, number)
    the_ledger_is_sound()


# -- the citizen hands it in ---------------------------------------------------------------------------------
def hand_in(citizen, *, javascript):
    citizen.open("/").press("提交诉求")
    onward = (lambda: citizen.tap("下一步")) if javascript else (lambda: None)
    if javascript:
        citizen.tells("第 1 步，共 4 步")
        onward()
        citizen.tells("请写下发生了什么。")
    citizen.write("发生了什么", WORDS).add_file("照片或文件", name="street.png", content=photo())
    onward()
    citizen.tick("这是一件什么事", "投诉")
    onward()
    citizen.pick("在哪个地方", "石桥街道").write("具体地点", "石桥路 8 号")
    onward()
    citizen.tick("您的身份让谁知道", "只有受理中心知道")
    citizen.write("您的姓名", NAME).write("您的电话", TELEPHONE)
    citizen.press("提交").tells("已经收到", "现在轮到：受理中心", "最迟答复：6 月 15 日（周一）")
    number, code = citizen.receipt()
    assert re.fullmatch(r"\d{4}-\d{4}-\d{4}", number) and re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", code)
    citizen.press("打开进度页").tells("现在轮到", "受理中心", "收到您的诉求", "您上传了材料")
    return number, code


# -- the desk screens and dispatches -------------------------------------------------------------------------
def screen(clerk, number):
    clerk.open("/work/").tells("待甄别", number).hides(TELEPHONE, NAME)
    clerk.press(clerk.page.locator("[data-row-link]").first.inner_text())
    clerk.tells("只按规则遮住，未经人工确认", "street.png").hides(TELEPHONE, NAME)
    clerk.press("受理这件诉求")
    assert TELEPHONE not in clerk.written("给承办单位看的内容")
    clerk.pick("类别", "夜间噪声").write("给承办单位看的标题", TITLE)
    clerk.write("给承办单位看的内容", READABLE)
    clerk.press("受理").tells("已受理，等待派单。", "轮到", READABLE)


def dispatch_to_the_wrong_unit(dispatcher, number):
    dispatcher.open("/work/").tells("待派单", TITLE).press(TITLE).press("派单")
    dispatcher.pick("主办单位", "卫健局").write("派单说明", "请到现场看看")
    dispatcher.press("派单").tells("已派单", "卫健局", "《某条例》第十三条")


def object_with_a_clause(wrong_unit, number):
    wrong_unit.open("/work/").tells(TITLE, "待签收").press(TITLE)
    wrong_unit.tells(READABLE, "请到现场看看").hides(NAME, TELEPHONE)
    wrong_unit.press("提出派单异议").press("提出异议", status=422).tells("请选择：依据", "请填写：异议说明")
    wrong_unit.pick("依据", "不属于本单位职责").write("异议说明", "噪声由城市管理局管").pick(
        "建议改派给", "城管局"
    )
    wrong_unit.press("提出异议").tells("异议已提交")


def redispatch(dispatcher, number):
    dispatcher.open("/work/desk/?tab=objected").press(TITLE).tells("噪声由城市管理局管", "《某条例》第十二条")
    dispatcher.press("改派").pick("改派给", "城管局").write("改派的理由", "夜间经营归城管")
    dispatcher.press("改派").tells("已改派。", "城管局")


# -- the unit answers, twice ---------------------------------------------------------------------------------
def answer_badly(handler, number):
    handler.open("/work/").press(TITLE).press("签收工单").press("签收").tells("已签收。")
    handler.press("记录联系诉求人").tick("联系方式", "电话").tick("是否联系上", "联系上了")
    handler.write("联系情况", "由受理中心转接，约好今晚到现场").press("记录联系").tells("联系已记录。")
    handler.press("答复").write("答复内容", WEAK).tick("办理结果", "已解决")
    handler.press("提交答复").tells("答复已提交", WEAK)


def send_back(reviewer, number):
    reviewer.open("/work/").tells("待审核", TITLE).press(TITLE).tells(WEAK)
    reviewer.press("退回重办").write("退回的理由", "没有说查明了什么、做了什么")
    reviewer.press("退回重办").tells("已退回重办", "第 2 轮")


def answer_well(handler, number):
    handler.open("/work/").press(TITLE).tells("没有说查明了什么、做了什么")
    handler.press("签收工单").press("签收")
    handler.press("答复").write("答复内容", ANSWER).tick("办理结果", "已解决").press("提交答复")


def approve(reviewer, number):
    reviewer.open("/work/").press(TITLE).tells(ANSWER)
    reviewer.press("审核通过").press("审核通过").tells("已审核通过", "还没有告知")


# -- the citizen reads, sees who read, and rates -------------------------------------------------------------
def read_the_answer(citizen, number, code):
    citizen.open("/follow/").hides(number)  # a day has passed: the device has forgotten it
    citizen.write("编号", number.replace("-", " ")).write("查询码", "2222-2222")
    citizen.press("查看", status=422).tells("编号和查询码对不上")
    citizen.write("查询码", code.lower()).press("查看")
    citizen.tells(
        ANSWER, "现在轮到您", "请您评价", "卫健局认为这件事不归它管", "改由城管局办理", "退回城管局重办"
    )
    citizen.tells("办理结果：", "依据：《某条例》第十三条", "还没有人看过您的原话").hides("查看了您的原文")
    citizen.hides(WEAK, "lu-zhishen", "bao-zheng")


def open_the_original(reviewer, number):
    reviewer.open("/work/desk/?tab=told").press(TITLE).tells("本人已阅").press("查看原文").hides(TELEPHONE)
    reviewer.write("为什么要看原文", "看").press("查看原文", status=422).tells("至少 4 个字")
    reviewer.write("为什么要看原文", REASON).press("查看原文").tells(WORDS, NAME, "诉求人会看到")


def rate(citizen, number):
    citizen.open(f"/follow/{number}/").tells("受理中心查看了您的原文", REASON)
    citizen.hides("还没有人看过您的原话", "bao-zheng")
    citizen.press("我来评价").tells("看不到您打的分").press("提交评价", status=422).tells("请选择：您满意吗")
    citizen.tick("办事的人联系过您吗", "联系过").tick("问题解决了吗", "解决了").tick("您满意吗", "满意")
    citizen.write("还想说什么", PRAISE).press("提交评价").tells("您的评价已经收到", "已办结", "可以重启")


def the_unit_learns_that_it_is_solved_and_no_more(handler, number):
    handler.open("/work/unit/?tab=answered").press(TITLE)
    handler.tells("诉求人说：已解决", ANSWER).hides(*GRADES, NAME, TELEPHONE)


# -- the public reads it without the person ------------------------------------------------------------------
def publish(reviewer, number):
    reviewer.open(f"/work/cases/{number}/").tells("诉求人说：已解决", "满意程度 4 / 5", PRAISE)
    reviewer.press("公开办理结果")
    assert ANSWER in reviewer.written("公开的答复")
    reviewer.write("公开的答复", f"{ANSWER}已告诉{NAME}。").press("确认并公开", status=422)
    reviewer.tells("文字里还有诉求人的姓名，没有公开")
    assert NAME in reviewer.written("公开的答复")
    reviewer.write("公开的答复", f"{ANSWER}店主电话13900000002。").press("确认并公开").tells("已公开。")


def read_in_public(passer_by, number):
    cache.clear()  # the figures may have been counted a minute ago
    passer_by.open("/").press("看公开的答复").tells(TITLE).press(TITLE)
    passer_by.tells(READABLE, ANSWER, "〔电话〕", "城市管理局", number)
    passer_by.hides(NAME, TELEPHONE, "13900000002", "石桥路 8 号", *GRADES, WEAK)
    passer_by.open("/figures/").tells("城管局", "收到", "按期答复率", "100.0%")
    passer_by.open("/standards/").tells("《某条例》第十三条")
    passer_by.open(f"/follow/{number}/").tells("查询码").hides(TITLE, ANSWER)


def look_in_english(citizen, handler, reviewer, number):
    for address in ("/", "/new/", f"/follow/{number}/", "/public/", f"/public/{number}/", "/figures/"):
        citizen.in_english(address)
    for address in ("/work/unit/?tab=all", f"/work/cases/{number}/"):
        handler.in_english(address)
    for address in ("/work/desk/?tab=all", f"/work/cases/{number}/", f"/work/cases/{number}/unpublish/"):
        reviewer.in_english(address)


def the_ledger_is_sound():
    assert sequence() > 15
    report = verify()
    assert report.sound and report.unsequenced == 0, report.problems
