"""What happened to a case, in the words of whoever brought it: who did what, in which unit's name, and why."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from huiyin.channels.web.reading import OwnCase, unit_codes
from huiyin.supervision.rules import citizens_are_told
from huiyin.web.components.timeline import Event

CLAIMED_AFTER = timedelta(minutes=5)  # entered later than it is said to have happened

# Kind → sentence (%(unit)s is the unit that it is about) and tone. What is not here is not the citizen's affair:
# other parties' matters, internal drafts; notes, files and notices are told from their own rows.
SENTENCES: dict[str, tuple[Any, str]] = {
    "register": (gettext_lazy("收到您的诉求"), "active"),
    "accept": (gettext_lazy("决定受理，接下来确定由谁办理"), "active"),
    "decline": (gettext_lazy("决定不予受理"), "soon"),
    "contest": (gettext_lazy("提出了异议，由另一位工作人员重新看"), "active"),
    "advise_route": (gettext_lazy("告知您应当走的法定途径"), "soon"),
    "forward": (gettext_lazy("转给了外部单位，由受理中心继续盯着"), "active"),
    "chase": (gettext_lazy("又向外部单位催问了一次"), "quiet"),
    "record_receipt": (gettext_lazy("外部单位确认收到"), "active"),
    "record_outcome": (gettext_lazy("外部单位有了结果"), "done"),
    "take_back": (gettext_lazy("从外部单位收回，重新看由谁办"), "soon"),
    "hand_over": (gettext_lazy("紧急的部分已移交应急力量"), "soon"),
    "hand_over_and_end": (gettext_lazy("已移交应急力量"), "soon"),
    "refer_elsewhere": (gettext_lazy("另一程序正在进行，期限暂停"), "soon"),
    "resume_from": (gettext_lazy("恢复办理，期限接着计算"), "active"),
    "settled_elsewhere": (gettext_lazy("另一程序有了结果"), "done"),
    "confirm_termination": (gettext_lazy("决定终止办理"), "soon"),
    "coordinate": (gettext_lazy("由%(unit)s的领导统筹几个单位一起办理"), "active"),
    "make_statement": (gettext_lazy("向社会作了公开说明"), "done"),
    "correct_statement": (gettext_lazy("更正了公开说明"), "active"),
    "take_statement_back": (gettext_lazy("收回了公开说明"), "soon"),
    "split": (gettext_lazy("其中一部分单独办理"), "active"),
    "merge": (gettext_lazy("和另一件说同一件事的诉求一起办，您的编号和期限不变"), "active"),
    "unmerge": (gettext_lazy("不再和另一件一起办，单独办理"), "active"),
    "share_answer": (gettext_lazy("同一件事的答复也送给您"), "done"),
    "dispatch": (gettext_lazy("交给%(unit)s办理"), "active"),
    "recall_order": (gettext_lazy("收回重新看交给谁办，期限不变"), "soon"),
    "sign": (gettext_lazy("%(unit)s已签收"), "active"),
    "accept_silently": (gettext_lazy("%(unit)s没有说不归它管，由它办理"), "active"),
    "object": (gettext_lazy("%(unit)s认为这件事不归它管，请受理中心决定"), "soon"),
    "reject_objection": (gettext_lazy("受理中心决定仍由%(unit)s办理"), "active"),
    "redispatch": (gettext_lazy("改由%(unit)s办理"), "active"),
    "designate": (gettext_lazy("指定由%(unit)s办理"), "active"),
    "escalate": (gettext_lazy("交给上一级，由%(unit)s办理"), "active"),
    "take_down": (gettext_lazy("交给离您更近的%(unit)s办理"), "active"),
    "take_over": (gettext_lazy("原来的单位撤并了，由%(unit)s接着办理"), "active"),
    "ask_petitioner": (gettext_lazy("%(unit)s请您补充情况，期限按规定暂停"), "soon"),
    "supply": (gettext_lazy("已补充情况，期限接着计算"), "active"),
    "supplement_lapsed": (gettext_lazy("到期没有补充，按现有的情况继续办理"), "soon"),
    "take_question_back": (gettext_lazy("%(unit)s撤回了提问"), "quiet"),
    "ask_upward": (gettext_lazy("%(unit)s请上级决定"), "active"),
    "answer_upward": (gettext_lazy("上级对%(unit)s的请示作了批复"), "active"),
    "whistle": (gettext_lazy("%(unit)s请有关部门到现场一起办"), "active"),
    "report_in": (gettext_lazy("%(unit)s到了现场"), "active"),
    "approve_suspension": (gettext_lazy("现在解决不了，先放一放，到期自动恢复办理"), "soon"),
    "end_suspension": (gettext_lazy("提前恢复办理"), "active"),
    "suspension_due": (gettext_lazy("放一放的日子到了，恢复办理"), "active"),
    "ask_extension": (gettext_lazy("%(unit)s申请多用 %(days)s 个工作日"), "soon"),
    "grant_extension": (gettext_lazy("同意%(unit)s多用 %(days)s 个工作日"), "soon"),
    "refuse_extension": (gettext_lazy("没有同意延期，期限不变"), "active"),
    "answer": (gettext_lazy("%(unit)s写好了答复，受理中心正在审核"), "active"),
    "give_opinion": (gettext_lazy("%(unit)s写好了处理意见书，受理中心正在审核"), "active"),
    "confer_and_designate": (gettext_lazy("联席会议指定由%(unit)s办理"), "active"),
    "record_prior_step": (gettext_lazy("记录了以前别的机关办过的情况"), "quiet"),
    "ask_review": (gettext_lazy("申请复查，由%(unit)s决定"), "active"),
    "ask_rereview": (gettext_lazy("申请复核，由%(unit)s决定"), "active"),
    "take_review_back": (gettext_lazy("撤回了复查复核申请，回到申请以前的样子"), "quiet"),
    "hold_hearing": (gettext_lazy("举行听证，时间不计入期限"), "active"),
    "end_hearing": (gettext_lazy("听证结束，期限接着计算"), "active"),
    "decide_review": (gettext_lazy("%(unit)s作出了复查决定"), "done"),
    "decide_rereview": (gettext_lazy("%(unit)s作出了复核决定"), "done"),
    "finalise": (gettext_lazy("这件信访事项终结"), "done"),
    "answer_at_once": (gettext_lazy("%(unit)s当场答复了您"), "done"),
    "approve": (gettext_lazy("答复通过审核"), "done"),
    "close": (gettext_lazy("办结"), "done"),
    "explain_and_close": (gettext_lazy("解释办结"), "done"),
    "reopen": (gettext_lazy("重启，重新办理"), "active"),
    "ask_recurrence": (gettext_lazy("办结 %(days)s 天了，问您问题有没有再出现"), "soon"),
    "tell_recurrence": (gettext_lazy("回答了问题有没有再出现"), "quiet"),
    "ask_second_opinion": (gettext_lazy("请另一个人再看一次"), "active"),
    "give_second_opinion": (gettext_lazy("另一个人再看了一次"), "done"),
    "ask_peer": (gettext_lazy("请没有参与办理的%(unit)s也来看一看"), "active"),
    "give_view": (gettext_lazy("%(unit)s看过了，决定时会参考它的意见"), "done"),
    "take_peer_back": (gettext_lazy("不再请%(unit)s来看"), "quiet"),
    "withdraw": (gettext_lazy("撤回了这件诉求"), "quiet"),
    "open_original": (gettext_lazy("%(unit)s查看了您的原文"), "soon"),
    "call": (gettext_lazy("%(unit)s取了您的电话，要联系您"), "quiet"),
    "publish": (gettext_lazy("隐去个人信息后向社会公开"), "quiet"),
    "release_title": (
        gettext_lazy("公开了标题，遇到同样事情的人可以加入；您写的内容和您是谁都不公开"),
        "quiet",
    ),
    "take_title_back": (gettext_lazy("收回了公开的标题"), "quiet"),
    "unpublish": (gettext_lazy("已从公开页面撤下"), "quiet"),
    "archive": (gettext_lazy("已归档"), "quiet"),
    "declare_incident": (gettext_lazy("列为突发事件，抓紧办理"), "active"),
    "end_incident": (gettext_lazy("突发事件已经结束"), "active"),
    "explain_to_all": (gettext_lazy("给大家作了说明"), "active"),
    "fulfil_promise": (gettext_lazy("%(unit)s兑现了承诺"), "done"),
    "change_promise": (gettext_lazy("%(unit)s调整了承诺的日期"), "soon"),
}
SAID = (gettext_lazy("说明"), "active")
SINCE = {
    "corrected": (gettext_lazy("说明（已更正，以后来的为准）"), "quiet"),
    "withdrawn": (gettext_lazy("说明（已收回）"), "quiet"),
}
PHOTOS = {"before": gettext_lazy("办理前的照片"), "after": gettext_lazy("办理后的照片")}
CONTACTS = {
    "reached": (gettext_lazy("%(unit)s联系了您"), "active"),
    "missed": (gettext_lazy("%(unit)s联系您，没有联系上"), "soon"),
}
REDONE = {
    "review": (gettext_lazy("答复没有通过审核，退回%(unit)s重办"), "soon"),
    "unsolved": (gettext_lazy("问题还没有解决，退回%(unit)s重办"), "soon"),
}
TOLD = {
    "delivered": gettext_lazy("您看到了：%(what)s"),
    "spoken": gettext_lazy("已口头告知您：%(what)s"),
    "posted": gettext_lazy("多次联系没有联系上，留在这一页给您看：%(what)s"),
}

# What one is told, as whoever is told would call it.
ABOUT = {
    "answer": gettext_lazy("答复"),
    "decline": gettext_lazy("为什么不能受理"),
    "extension": gettext_lazy("还要多用几天"),
    "merge": gettext_lazy("和另一件一起办"),
    "split": gettext_lazy("分成几件办"),
    "explanation": gettext_lazy("为什么只能办到这里"),
    "route": gettext_lazy("该走哪条路"),
    "receipt": gettext_lazy("已经受理"),
    "forwarding": gettext_lazy("转给了外部单位"),
    "taken_back": gettext_lazy("从外部单位收回"),
    "handover": gettext_lazy("交给了应急力量"),
    "referral": gettext_lazy("等另一程序的结果"),
    "question": gettext_lazy("请您补充"),
    "suspension": gettext_lazy("先放一放"),
    "termination": gettext_lazy("为什么终止办理"),
    "statement": gettext_lazy("情况说明"),
    "promise": gettext_lazy("承诺的日子改了"),
    "fulfilled": gettext_lazy("承诺兑现了"),
    "review": gettext_lazy("复查复核的决定"),
}


def story(page: OwnCase, files: Callable[[int], str]) -> list[Event]:
    """Every event that concerns the party, oldest first; `files` gives the address of a file by its key."""
    told = [*_acts(page), *_notices(page), *_notes(page), *_files(page, files)]
    return sorted(told, key=lambda event: event.at)


def _acts(page: OwnCase) -> Iterator[Event]:
    for event in page.history:
        if page.joined and event.kind in OF_THE_PETITIONER:
            continue
        sentence, tone = _sentence(event, page)
        if not sentence:
            continue
        about = [page.units.get(code, code) for code in unit_codes(event)]
        unit = about[0] if about else page.unit_of(event)
        who = page.unit_of(event) or _party(event, page)
        yield Event(
            at=event.occurred_at,
            act=str(sentence) % {"unit": unit, "days": event.facts.get("days", "")},
            by=who if who != unit or "%(unit)s" not in str(sentence) else "",
            text=_text(event, page),
            link=_link(event),
            tone=tone,
            claimed=event.recorded_at - event.occurred_at > CLAIMED_AFTER,
        )


def _sentence(event: Any, page: OwnCase) -> tuple[Any, str]:
    if event.kind == "contact":
        return CONTACTS.get(event.facts.get("outcome", ""), ("", ""))
    if event.kind == "redo":
        return REDONE.get(event.facts.get("cause", ""), ("", ""))
    if page.joined and event.kind == "register":
        return _("收到第一个人提出的诉求"), "active"
    if event.kind in OWN:
        return _of_people(event, page)
    if event.kind == "supervise":
        open_to_all = event.facts.get("rung") in ("order", "listing") and event.facts.get("step") == "issue"
        return (_("上级机关已督办"), "active") if open_to_all and citizens_are_told() else ("", "")
    if event.kind == "rate":
        mine = event.actor == page.by.name
        return (_("您作了评价，办事的单位看不到"), "quiet") if mine else ("", "")
    return SENTENCES.get(event.kind, ("", ""))


# Between the office and whoever wrote the matter; nothing of it is for somebody who joined by the title.
OF_THE_PETITIONER = (
    "open_original",
    "call",
    "ask_petitioner",
    "supply",
    "supplement_lapsed",
    "take_question_back",
    # Who looks at a matter from another unit, and that somebody was rung up: whoever joined may be of the judged unit.
    "ask_peer",
    "give_view",
    "take_peer_back",
    "contact",
)

# About the people of a group: what the one whom it concerns reads, what the others do; "" where it is not theirs.
OWN = {
    "add_party": (gettext_lazy("您加入了这件诉求"), gettext_lazy("又有一人加入")),
    "join": (gettext_lazy("您加入了这件诉求"), gettext_lazy("又有一人加入")),
    "leave": ("", gettext_lazy("有一人退出")),
    "appoint_spokespersons": (gettext_lazy("大家推选您当代表人"), gettext_lazy("大家推选了代表人")),
    "appoint_agent": (gettext_lazy("登记了代理人"), ""),
    "end_agency": (gettext_lazy("代理结束了"), ""),
    "tell_privately": (gettext_lazy("补充了只和您有关的情况"), ""),
    "open_private": (gettext_lazy("%(unit)s查看了只和您有关的情况"), ""),
    "dial": (gettext_lazy("%(unit)s取了您的电话，要给您打回访电话"), ""),
    "say_pressed": (gettext_lazy("您反映有人要求您打好评，只有督办的人知道"), ""),
    "rate_bringer": (gettext_lazy("您评价了转达这件诉求的代表"), ""),
    "look_into_pressure": (gettext_lazy("%(unit)s核查了您反映的打好评的事"), ""),
    "call_back": (gettext_lazy("%(unit)s给您打了回访电话，您说的话办事的单位看不到"), ""),
}


def _of_people(event: Any, page: OwnCase) -> tuple[Any, str]:
    mine, others = OWN[event.kind]
    sentence = mine if _concerns(event, page) else others
    return sentence, "soon" if event.kind == "open_private" else "quiet"


def _concerns(event: Any, page: OwnCase) -> bool:
    """Whether the reader is the one, or one of those, whom an event about people is about."""
    facts, me = event.facts, page.party
    whom = {facts.get("party"), facts.get("acts_for"), *facts.get("parties", ())}
    if event.kind == "end_agency":
        whom |= {each.acts_for_id for each in page.parties if each.pk == facts.get("party")}
    return me.pk in whom


def _text(event: Any, page: OwnCase) -> str:
    """What stands under the sentence: the reason of an opening, the ground of a refusal, who assists."""
    if event.kind == "open_original" or (event.kind == "open_private" and _concerns(event, page)):
        reason = page.reason_of(event)
        return _("理由：%(reason)s") % {"reason": reason} if reason else ""
    if event.kind in ("decline", "explain_and_close", "advise_route", "confirm_termination"):
        return _("依据：%(basis)s") % {"basis": event.facts.get("basis", "")}
    if event.kind == "split":
        return _("编号 %(number)s，用同一个查询码查询") % {"number": event.facts["child"]}
    if event.kind == "register" and event.facts.get("split_from"):
        return _("从 %(number)s 分出，单独办理") % {"number": event.facts["split_from"]}
    if event.kind == "whistle":
        called = [page.units.get(code, code) for code in event.facts["units"]]
        return _("叫来：%(units)s") % {"units": pgettext("between names", "、").join(called)}
    if event.kind == "dispatch" and event.facts.get("assisting"):
        names = [page.units.get(code, code) for code in event.facts["assisting"]]
        return _("协助办理：%(units)s") % {"units": pgettext("between names", "、").join(names)}
    return ""


def _link(event: Any) -> str:
    """The page of the other half of a divided matter; whoever has not opened it here is asked for the code."""
    number = event.facts.get({"split": "child", "register": "split_from"}.get(event.kind, ""))
    return reverse("citizen:case", args=[number]) if number else ""


def _party(event: Any, page: OwnCase) -> str:
    if event.actor == page.by.name or event.actor == "citizen":
        return _("您")
    return _("诉求人") if event.actor.startswith("party:") else ""


def _notices(page: OwnCase) -> Iterator[Event]:
    for notice in page.notices:
        if notice.told_at is not None and notice.how in TOLD:
            words = TOLD[notice.how] % {"what": ABOUT.get(notice.about) or notice.get_about_display()}
            yield Event(at=notice.told_at, act=words, tone="quiet")


def _notes(page: OwnCase) -> Iterator[Event]:
    for note in page.notes:
        if note.unit:
            act, tone = SINCE.get(note.since, SAID)
            yield Event(at=note.at, act=str(act), by=note.unit, text=note.text, tone=tone)
        else:
            yield Event(at=note.at, act=_("您补充了情况"), text=note.text)


def _files(page: OwnCase, address: Callable[[int], str]) -> Iterator[Event]:
    for file in page.files:
        act = _("您上传了材料") if file.mine else PHOTOS.get(file.shows, _("上传了材料"))
        shown = {"url": address(file.key), "name": file.name}
        if file.picture and not file.mine:
            shown["thumbnail"] = shown["url"]
        yield Event(at=file.at, act=str(act), files=[shown], tone="quiet")
