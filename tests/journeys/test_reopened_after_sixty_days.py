"""Reopened after sixty days: the trouble is back, a second round begins, and the first round's figures stand."""

import pytest
from django.core.cache import cache

from huiyin.analytics import figures
from huiyin.cases.models import Case, Round
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from tests.journeys.pages import DESK
from tests.journeys.steps import hand_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "楼道灯坏了，晚上看不见台阶。"
FIRST, SECOND = "楼道灯已更换，当晚恢复照明。", "线路老化，已整条更换，并写入每季检查。"
BACK = "两个月后灯又坏了，还是那一盏。"


def test_a_matter_reopened_after_sixty_days_leaves_the_first_round_as_it_was(town, sit, later):
    citizen, clerk = sit("citizen"), sit("clerk", town.clerk, size=DESK)
    dispatcher, reviewer = (sit(who, getattr(town, who), size=DESK) for who in ("dispatcher", "reviewer"))
    handler = sit("handler", town.handler)

    number, code = hand_in(citizen, WORDS)
    later(hours=1)
    once_round(clerk, dispatcher, handler, reviewer, number, FIRST, later)
    rate(citizen, number, code)
    before = what_was_judged(number)
    later(days=60)
    citizen.open("/follow/").write("编号", number).write("查询码", code).press("查看").press("重启")
    citizen.write("理由", BACK).press("重启").tells("重启，重新办理", "8 月 14 日")
    assert what_was_judged(number) == before
    later(hours=1)
    once_round(clerk, dispatcher, handler, reviewer, number, SECOND, later)
    citizen.open("/follow/").write("编号", number).write("查询码", code).press("查看").tells(
        FIRST, SECOND, "以前的一轮"
    )
    assert what_was_judged(number) == before
    cache.clear()
    sit("passer-by").open("/figures/").tells("城管局", "100.0%")
    assert sequence() > 15 and verify().sound


def once_round(clerk, dispatcher, handler, reviewer, number, text, later):
    clerk.open(f"/work/cases/{number}/").press("受理这件诉求").pick("类别", "夜间噪声").press("受理")
    dispatcher.open(f"/work/cases/{number}/").press("派单").pick("主办单位", "城管局").press("派单").tells(
        "已派单"
    )
    later(hours=3)
    handler.open(f"/work/cases/{number}/").press("签收工单").press("签收")
    handler.press("答复").write("答复内容", text).tick("办理结果", "已解决").press("提交答复")
    reviewer.open(f"/work/cases/{number}/").press("审核通过").press("审核通过").tells("已审核通过")
    later(hours=1)


def rate(citizen, number, code):
    citizen.open("/follow/").write("编号", number).write("查询码", code).press("查看").tells(FIRST)
    citizen.press("我来评价").tick("办事的人联系过您吗", "联系过").tick("问题解决了吗", "解决了")
    citizen.tick("您满意吗", "满意").press("提交评价").tells("已办结")


def what_was_judged(number):
    """All that is counted of the first round: how long the answer took, whether in time, and how the round ended."""
    cases = Case.objects.filter(number=number)
    totals, punctual = figures.totals(cases), figures.on_time(cases)  # of which each round adds its own
    first = Round.objects.select_related("clock").get(case__number=number, number=1)
    return (
        (totals.cases, totals.answered, totals.median_days, totals.max_days, punctual.rate),
        (
            first.answered_at,
            first.told_at,
            first.ended_at,
            first.end_state,
            first.clock.late,
            first.clock.stopped_at,
        ),
    )
