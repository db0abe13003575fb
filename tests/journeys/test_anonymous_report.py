"""An anonymous report against a street's official: handled by supervision, forwarded, answered, and unseen by the accused."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.core.cache import cache
from django.test import Client

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.cases.models import Case, Party
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from huiyin.people.models import Person
from tests.cast import SINCE
from tests.journeys.pages import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.everywhere, pytest.mark.django_db(transaction=True)]

NAME, TELEPHONE = "程灵素", "13800000071"
TITLE = "街道批低保要先送礼"
WORDS = f"{TITLE}。我家的材料被压了三个月，送了两条烟才批。"
ACCUSED = "管低保审批的那位副主任"
BODY, PAPER, RECEIPT = "县纪委监委", "督转〔2026〕9 号", "纪信 21 号"
NOTE = "反映的问题属于党纪政纪，已转纪检监察机关核查。"
ANSWER = "经纪检监察机关核查，反映属实：当事人已受党纪处分，所收礼品已责令退还。"
SECRETS = (TITLE, ACCUSED, BODY, PAPER, RECEIPT, ANSWER)
EVERYWHERE = ("/", "/public/", "/figures/", "/statements/", "/standards/")


@dataclass(frozen=True)
class Street:
    """The street's office: the official whom the report is about, its own overseer, and somebody lent to the desk."""

    official: Actor
    overseer: Actor
    lent: Actor


def test_a_report_is_answered_and_neither_who_told_nor_whom_it_is_about_can_be_found_out(town, sit, later):
    street = a_street(town)
    citizen = sit("citizen", size=PHONE)
    supervisor = sit("supervisor", town.supervisor, size=DESK)
    official, lent = sit("official", street.official, size=PHONE), sit("lent", street.lent, size=DESK)
    overseer, leader = (
        sit(who, actor, size=DESK) for who, actor in (("overseer", street.overseer), ("leader", town.leader))
    )
    passer_by = sit("passer-by")

    def nobody_else_sees(number):
        for who in (official, overseer, lent, leader):
            sees_nothing(who, number)
        for who in (overseer, lent, leader):
            search_finds_nothing(who, number)
        the_public_sees_nothing(passer_by, number)

    number, code = hand_in(citizen)
    nobody_is_kept(number)
    sees_nothing(overseer, number)  # nobody has been named yet
    later(hours=1)
    accuse(supervisor, number)
    forward(supervisor, number)
    where_it_went(citizen, number, code)
    later(days=2)
    record_the_receipt(supervisor, number)
    later(days=3)
    record_the_outcome(supervisor, number)
    read_and_rate(citizen, number, code)
    it_is_never_published(supervisor, number)
    nobody_else_sees(number)
    nobody_is_kept(number)
    assert sequence() > 6 and verify().sound


def a_street(town):
    unit = Unit.objects.create(
        code="shiqiao-jiedao",
        name="石桥街道办事处",
        short_name="石桥街道办",
        kind=Unit.Kind.STREET,
        region=town.street,
        path="/shiqiao-jiedao/",
        valid_from=SINCE,
    )
    official = User.objects.create(username="gao-qiu", name="高俅", password="!")
    overseer = User.objects.create(username="lu-qian", name="陆谦", password="!")
    lent = User.objects.create(username="fu-an", name="富安", password="!")
    posts = [
        Post.objects.create(code=code, user=user, unit=where, role=role, valid_from=SINCE)
        for code, user, where, role in (
            ("jiedao-gao-qiu", official, unit, Role.UNIT_LEADER),
            ("jiedao-lu-qian", overseer, unit, Role.SUPERVISOR),
            ("jiedao-fu-an", lent, unit, Role.HANDLER),
            ("centre-fu-an", lent, town.centre, Role.CLERK),
        )
    ]
    remembering.clear()
    return Street(*(Actor.of(posts[each]) for each in (0, 1, 3)))


# -- whoever tells it ----------------------------------------------------------------------------------------
def hand_in(citizen):
    citizen.open("/new/").write("发生了什么", WORDS).tap("下一步").tick("这是一件什么事", "举报")
    citizen.tells("被举报的单位看不到，也不会公开").write("举报什么人，或者别的单位", ACCUSED).tap("下一步")
    citizen.pick("在哪个地方", "石桥街道").tap("下一步")
    citizen.tells("举报可以不留身份", "办事的单位看不到您是谁")
    citizen.write("您的姓名", NAME).write("您的电话", TELEPHONE)  # and thinks better of it
    citizen.tick("您的身份让谁知道", "不留身份").press("提交").tells("已经收到", "现在轮到：督办室")
    number, code = citizen.receipt()
    citizen.press("打开进度页").tells("收到您的诉求").hides(NAME, TELEPHONE)
    return number, code


def nobody_is_kept(number):
    assert not Person.objects.exists()
    assert not Party.objects.filter(case__number=number, person__isnull=False).exists()
    assert Case.objects.get(number=number).confidentiality == Case.Confidentiality.NONE


def follow(citizen, number, code):
    """Days later, the browser asks for the code again."""
    citizen.open(f"/follow/?number={number}").write("查询码", code)
    return citizen.press("查看")


# -- supervision ---------------------------------------------------------------------------------------------
def accuse(supervisor, number):
    supervisor.open("/work/").tells("由督办机构自己受理").press("去处理").tells(TITLE).press(TITLE)
    supervisor.tells(ACCUSED, "不留身份").hides("公开办理结果").press("列为被举报方")
    supervisor.pick("被举报的单位", "石桥街道办").pick("被举报的人员", "高俅").press("列为被举报方")
    supervisor.tells("已列为被举报方，其人员看不到本件。")


def forward(supervisor, number):
    supervisor.press("转送外部单位").write("转送给", BODY).write("转送文号", PAPER).write("转送说明", NOTE)
    supervisor.press("转送").tells("已转送", BODY, PAPER)


def where_it_went(citizen, number, code):
    follow(citizen, number, code).tells(BODY, PAPER, NOTE, "对方还没有回执").hides("高俅", "hai-rui")


def record_the_receipt(supervisor, number):
    supervisor.open(f"/work/cases/{number}/").press("登记回执").write("回执号", RECEIPT).press("登记回执")
    supervisor.tells("回执已登记。", RECEIPT)


def record_the_outcome(supervisor, number):
    supervisor.press("登记外部结果").write("给诉求人的答复", ANSWER).tick("办理结果", "已解决")
    supervisor.press("作为答复").tells("已登记结果", ANSWER)


def read_and_rate(citizen, number, code):
    follow(citizen, number, code).tells(ANSWER, RECEIPT, "对方已确认收到").press("我来评价")
    citizen.tick("办事的人联系过您吗", "没有").tick("问题解决了吗", "解决了").tick("您满意吗", "满意")
    citizen.press("提交评价").tells("您的评价已经收到", "已办结")


def it_is_never_published(supervisor, number):
    supervisor.open(f"/work/cases/{number}/").tells(ANSWER).hides("公开办理结果", "拟公开")
    supervisor.open(f"/work/cases/{number}/publish/").press("确认并公开", status=422).tells("举报不公开")


# -- whoever must not see it ---------------------------------------------------------------------------------
def sees_nothing(who, number):
    """Every page of the office that links lead this reader to, and the matter's own addresses.

    Of a page's tabs and filters one of each kind: huiyin/web/tests/test_reports_unseen.py asks them all.
    """
    who.open("/work/").hides(number, *SECRETS)
    known, kinds, waiting = set(), set(), links(who.page.content())
    while waiting:
        address = waiting.pop()
        known.add(address)
        if kind(address) in kinds:
            continue
        kinds.add(kind(address))
        source = fetched(who, address).content.decode(errors="replace")
        assert not [each for each in (number, *SECRETS) if each in source], (who.who, address)
        waiting |= links(source, at=address.partition("?")[0]) - known
    assert len(kinds) > 3
    for act in ("", "note/", "forward/"):
        assert fetched(who, f"/work/cases/{number}/{act}").status_code == 404


def links(source, at="/work/"):
    """The addresses of the office that a page leads to."""
    found = {unescape(each) for each in re.findall(r'href="([^"#]+)', source)}
    return {
        f"{at}{each}" if each.startswith("?") else each for each in found if each.startswith(("/work/", "?"))
    }


def kind(address):
    """The page, and what is asked of it, without the answers: two tabs of a list are of one kind."""
    path, _mark, question = address.partition("?")
    return path, frozenset(parse_qs(question, keep_blank_values=True))


def fetched(who, address):
    """What the reader's browser would be given at an address, without the browser, which would take minutes."""
    reader = Client()
    for cookie in who.page.context.cookies():
        reader.cookies[cookie["name"]] = cookie["value"]
    return reader.get(address)


def search_finds_nothing(who, number):
    who.open("/work/desk/find/").write("编号", number).press("查找").tells("没有查到").hides(*SECRETS)


def the_public_sees_nothing(passer_by, number):
    cache.clear()
    for address in EVERYWHERE:
        passer_by.open(address).hides(number, *SECRETS)
    passer_by.open("/figures/").tells("0 人次")
    assert fetched(passer_by, f"/public/{number}/").status_code == 404
    passer_by.open(f"/follow/{number}/").tells("查询码").hides(*SECRETS)
