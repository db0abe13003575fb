"""How a case stands, for whoever brought it: one sentence, whose turn it is, and how much time is left."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.channels.web.reading import OwnCase
from huiyin.deadlines.queries import spans
from huiyin.kernel import clock as wall
from huiyin.web import words
from huiyin.web.cases.clocks import shown_clock
from huiyin.web.components.clock import Clock
from huiyin.web.components.turn import Turn

AWAITED = {
    "suspended": gettext_lazy("到期恢复办理"),
    "forwarded": gettext_lazy("等外部单位的回执和结果"),
    "referred": gettext_lazy("等另一程序的结果"),
    "registered": gettext_lazy("看该由谁办"),
    "accepted": gettext_lazy("安排办事的单位"),
    "handling": gettext_lazy("办理并答复"),
    "reviewing": gettext_lazy("审核答复"),
    "telling": gettext_lazy("把答复告诉您"),
    "told": gettext_lazy("回访，然后办结或重办"),
    "in_review": gettext_lazy("复查复核并作出决定"),
}
OVER = {
    "advised": gettext_lazy("已告知法定途径"),
    "handed_over": gettext_lazy("已移交应急"),
    "terminated": gettext_lazy("已终止办理"),
    "closed": gettext_lazy("已办结"),
    "explained": gettext_lazy("已解释办结"),
    "declined": gettext_lazy("不予受理"),
    "merged": gettext_lazy("正和另一件诉求一起办"),
    "withdrawn": gettext_lazy("已撤回"),
    "archived": gettext_lazy("已归档"),
}
WORKING = {
    "registered": gettext_lazy("正在看该由谁办"),
    "accepted": gettext_lazy("正在安排办事的单位"),
    "handling": gettext_lazy("正在办理"),
    "reviewing": gettext_lazy("正在审核答复"),
    "telling": gettext_lazy("有答复了，请打开看"),
    "told": gettext_lazy("有答复了"),
    "in_review": gettext_lazy("正在复查复核"),
    "suspended": gettext_lazy("先放一放，到期恢复办理"),
    "forwarded": gettext_lazy("已转给外部单位"),
    "referred": gettext_lazy("等另一程序的结果"),
}
STANDS = {
    "asked": gettext_lazy("办理您的诉求还缺一点情况，请看这一页最上面，最迟 %(due)s回复。"),
    "suspended": gettext_lazy("现在还解决不了，先放一放；打算怎么办、哪天恢复，写在上面。"),
    "registered": gettext_lazy("%(desk)s已经收到，正在看该由谁办，最迟 %(due)s答复您。"),
    "accepted": gettext_lazy("已经受理，正在安排办事的单位，最迟 %(due)s答复您。"),
    "handling": gettext_lazy("我们已把您的诉求交给%(holder)s，最迟 %(due)s答复您。"),
    "deciding": gettext_lazy("正在确定由哪个单位办理，最迟 %(due)s答复您；这不会推迟期限。"),
    "reviewing": gettext_lazy("答复写好了，%(desk)s正在审核，最迟 %(due)s告诉您。"),
    "telling": gettext_lazy("答复出来了，请看下面。"),
    "to_rate": gettext_lazy("答复出来了，请看下面。解决没有，由您来说。"),
    "rated": gettext_lazy("答复在下面，您的评价已经收到。没有解决的，受理中心会决定要不要重办。"),
    "told": gettext_lazy("答复出来了，请看下面。"),
    "in_review": gettext_lazy("您的复查复核申请由%(holder)s审查，最迟 %(due)s作出决定。"),
    "closed": gettext_lazy("这件诉求已经办结。又出现了，或者有新情况，可以重启。"),
    "explained": gettext_lazy("依法能做的都已做到，这件诉求已解释办结。有新的事实或理由，可以重启。"),
    "declined": gettext_lazy("这件诉求我们不能受理，原因和该走的路写在下面。不同意的，可以提出异议。"),
    "merged": gettext_lazy("有人先说了同一件事，两件一起办。您的编号和期限不变，答复也会送给您。"),
    "answered_together": gettext_lazy(
        "有人先说了同一件事，两件一起办，答复写在下面。没有解决您的问题，可以重启。"
    ),
    "to_rate_together": gettext_lazy(
        "有人先说了同一件事，两件一起办，答复写在下面。解决没有，由您来说；没有解决，也可以重启。"
    ),
    "rated_together": gettext_lazy(
        "有人先说了同一件事，两件一起办，答复在下面，您的评价已经收到。没有解决的，受理中心会决定要不要重办。"
    ),
    "forwarded": gettext_lazy("我们已把您的诉求转给外部单位，正在等结果，最迟 %(due)s答复您。"),
    "referred": gettext_lazy("另一程序正在进行，期限暂停；没有结果的，%(due)s过后自动恢复办理。"),
    "advised": gettext_lazy("这件事依法要走另外的途径，去哪里、依据什么写在下面。不同意的，可以提出异议。"),
    "handed_over": gettext_lazy("这件事已移交应急力量处理。还有别的事要办，可以重启。"),
    "terminated": gettext_lazy("这件诉求已终止办理，理由和依据写在下面。不同意的，可以提出异议。"),
    "withdrawn": gettext_lazy("这件诉求已经撤回。需要时可以重新提交一件。"),
    "archived": gettext_lazy("这件诉求已经归档。又出现了，或者有新情况，可以重启。"),
}
NEXT = {
    "asked": gettext_lazy("您回复以后接着办，期限接着计算。"),
    "suspended": gettext_lazy("到日子自动恢复办理，不用您来催。"),
    "registered": gettext_lazy("决定受理以后交给该管的单位，是哪个单位您在这里看得到。"),
    "accepted": gettext_lazy("办事的单位收到以后开始办，需要时会联系您。"),
    "handling": gettext_lazy("单位写好答复，先由受理中心看一遍，再告诉您。"),
    "deciding": gettext_lazy("定下单位以后马上接着办。"),
    "reviewing": gettext_lazy("说清楚了就告诉您，没有说清楚的退回去重办。"),
    "to_rate": gettext_lazy("请您评价；没有解决的，受理中心会决定要不要重办。"),
    "to_rate_together": gettext_lazy("请您评价；没有解决的，受理中心会决定要不要重办。"),
    "rated": gettext_lazy("受理中心看过您的评价，办结或者退回去重办。"),
    "told": gettext_lazy("受理中心回访以后，办结或者退回去重办。"),
    "in_review": gettext_lazy("决定作出以后会告诉您，也会写在这里。"),
    "merged": gettext_lazy("答复出来会同时告诉您。"),
    "forwarded": gettext_lazy("有了结果就答复您；对方不办的，收回来重新看由谁办。"),
    "referred": gettext_lazy("有了结果就告诉您；到日子没有结果的，自动恢复办理。"),
}
LATE = gettext_lazy("已经超过了答复的期限，督办的人看得到。我们欠您一个答复。")


def sentence(page: OwnCase, *, to_rate: bool, rated: bool) -> str:
    """How things stand, in one sentence; a late answer is called late."""
    case = page.case
    waiting = (
        case.state in ("registered", "accepted", "handling", "in_review", "reviewing", "forwarded")
        and case.due_at is not None
    )
    if waiting and wall.now() > case.due_at:
        return str(LATE)
    values = {
        "desk": str(case.desk),
        "holder": str(case.holder_unit or ""),
        "due": words.by(page.question.until if page.question else case.due_at) if case.due_at else "",
    }
    return str(STANDS[_stage(page, to_rate=to_rate, rated=rated)]) % values


def what_next(page: OwnCase, *, to_rate: bool, rated: bool) -> str:
    """What happens next, in one sentence; "" when nothing does by itself."""
    return str(NEXT.get(_stage(page, to_rate=to_rate, rated=rated), ""))


def _stage(page: OwnCase, *, to_rate: bool, rated: bool) -> str:
    """The state, told apart where the same state means different things to the reader."""
    case = page.case
    if page.question:
        return "asked"
    if case.state == "handling" and case.holder_unit_id == case.desk_id:
        return "deciding"
    if case.state == "told":
        return "to_rate" if to_rate else "rated" if rated else "told"
    if case.state == "merged" and page.answers:
        return "to_rate_together" if to_rate else "rated_together" if rated else "answered_together"
    return case.state


def turn(page: OwnCase, *, to_rate: bool) -> Turn:
    """Who holds the case now; the reader, when all that is missing is their word on the answer."""
    case = page.case
    if to_rate:
        return Turn(name=_("请您评价"), holder="citizen", since=page.round.told_at, you=True)
    if case.state in OVER:
        return Turn(name=str(OVER[case.state]), holder="over", since=None, note=_ended(page))
    if page.question:
        return Turn(name=_("请您补充"), holder="citizen", since=page.question.at, you=True)
    name = str(case.holder_unit or case.desk)
    return Turn(name=name, since=case.held_since, note=AWAITED[case.state])


def _ended(page: OwnCase) -> str:
    ended = page.case.ended_at
    return words.day(ended) if ended and page.case.state != "merged" else ""


def clock(page: OwnCase) -> Clock | None:
    """The citizen's own clock of the present round; none once the matter was taken back or refused."""
    if page.case.state in ("withdrawn", "declined", "advised", "terminated"):
        return None
    return shown_clock(page.round.clock, rests_until=page.case.due_at, pauses=spans(page.pauses))


def in_short(state: str) -> str:
    """The state in a few plain words, for a list."""
    return str(OVER.get(state) or WORKING.get(state, ""))
