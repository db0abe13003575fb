"""Rungs, their states and the steps on them, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.supervision.models import Rung

Kind, State = Rung.Kind, Rung.State
# What waiting or done means on a rung of this kind; the others have one name for all kinds.
STATES: dict[tuple[str, str], Any] = {
    (Kind.ORDER, State.WAITING): _("待回复"),
    (Kind.ORDER, State.REPLIED): _("已回复，待验收"),
    (Kind.ORDER, State.DONE): _("已验收"),
    (Kind.LISTING, State.WAITING): _("挂牌中"),
    (Kind.LISTING, State.DONE): _("已摘牌"),
    (Kind.TALK, State.WAITING): _("待约谈"),
    (Kind.TALK, State.DONE): _("已落实"),
    (Kind.CIRCULAR, State.DONE): _("已发出"),
    (Kind.ADVICE, State.WAITING): _("待答复"),
    (Kind.ADVICE, State.DONE): _("已答复"),
    (Kind.CHARGE, State.WAITING): _("包案中"),
    (Kind.CHARGE, State.DONE): _("已结束"),
    (Kind.FAULT, State.WAITING): _("待申辩"),
    (Kind.FAULT, State.DONE): _("已认定"),
}
ACTS: dict[str, Any] = {
    "issue": _("签发"),
    "reply": pgettext_lazy("supervision", "回复"),
    "accept": _("验收"),
    "send_back": _("退回重报"),
    "withdraw": _("撤回"),
    "inspect": _("检查验收"),
    "hide": _("改为内部挂牌"),
    "hold": _("记录约谈"),
    "promise": _("谈定的事"),
    "progress": _("记录进展"),
    "end": _("结束包案"),
    "appeal": _("申诉"),
    "decide": _("决定申诉"),
    "exempt": _("容错免责"),
    "dismiss": _("不采用"),
    "read": _("阅读"),
}
# The same step has another name where it means something else.
ACTS_OF: dict[tuple[str, str], Any] = {
    (Kind.ADVICE, "reply"): _("书面答复"),
    (Kind.FAULT, "reply"): _("申辩"),
    (Kind.FAULT, "accept"): _("认定"),
    (Kind.TALK, "accept"): _("确认落实"),
    (Kind.TALK, "issue"): _("发出约谈"),
    (Kind.LISTING, "issue"): pgettext_lazy("supervision", "挂牌"),
    (Kind.CHARGE, "issue"): pgettext_lazy("supervision", "包案"),
    (Kind.FAULT, "issue"): _("记录过错"),
}
# Whose turn it is, and to do what, while a rung waits.
TURNS: dict[tuple[str, str], Any] = {
    (Kind.ORDER, State.WAITING): _("轮到 %(whom)s：书面回复。"),
    (Kind.ORDER, State.REPLIED): _("轮到督办：验收，或者退回重报。"),
    (Kind.LISTING, State.WAITING): _("轮到 %(whom)s：解决问题。督办到现场检查通过，才摘牌。"),
    (Kind.TALK, State.WAITING): _("轮到督办：约谈 %(whom)s，记下谈定的事。"),
    (Kind.TALK, State.HELD): _("轮到 %(whom)s：落实谈定的事。做到了，由督办确认。"),
    (Kind.ADVICE, State.WAITING): _("轮到 %(whom)s：书面答复采纳不采纳。"),
    (Kind.CHARGE, State.WAITING): _("轮到 %(whom)s：推动解决，记下进展。"),
    (Kind.FAULT, State.WAITING): _("轮到 %(whom)s：可以申辩，不服可以申诉。"),
    (Kind.FAULT, State.APPEALED): _("轮到督办：由作出记录以外的人决定申诉。"),
}
UNHEARD = _("可以申诉的日期过了，轮到督办：认定，或者容错免责。")
VERDICTS: dict[str, Any] = {
    "passed": _("检查通过"),
    "failed": _("检查没有通过"),
    "adopted": _("采纳"),
    "partly": _("部分采纳"),
    "not": pgettext_lazy("advice", "不采纳"),
    "upheld": _("维持"),
    "revoked": _("撤销"),
}


def kind_name(kind: str) -> str:
    """What a rung of this kind is called."""
    return str(dict(Kind.choices).get(kind, kind))


def state_name(kind: str, state: str) -> str:
    """How a rung of this kind stands, in words."""
    return str(STATES.get((kind, state), dict(State.choices).get(state, state)))


def turn_words(kind: str, state: str, whom: str) -> str:
    """Whose turn it is on a rung to `whom` that waits; "" where it is nobody's."""
    sentence = TURNS.get((kind, state))
    return str(sentence) % {"whom": whom} if sentence else ""


def act_name(kind: str, act: str) -> str:
    """The step on a rung of this kind, as a verb."""
    return str(ACTS_OF.get((kind, act), ACTS.get(act, act)))


def verdict_name(verdict: str) -> str:
    """What an inspection, a reply or a decision said."""
    return str(VERDICTS.get(verdict, verdict))


MARKS: dict[str, Any] = {
    "late": _("过了答复期限"),
    "yellow": _("期限用掉七成以上"),
    "redone": _("办到第二轮以上"),
    "hopping": _("换过承办单位"),
    "owed": _("有结果，还没告知到人"),
    "awaited": _("外部没有按时回音"),
    "instructed": _("批示还没有落实"),
    "asked": _("请示了，还没有批复"),
    "whistle": _("叫了，过时没有来"),
    "unheeded": _("催了，过了日期没有动"),
    "second_return": _("退回或重启两次以上"),
    "promise_passed": _("承诺的日期过了"),
    "group": _("多人反映的群体诉求"),
    "repeated": _("同一个人再次反映同一类事"),
    "order_unanswered": _("督办单过期没有回复"),
    "listed_too_long": _("挂牌过期没有摘牌"),
}


def mark_name(mark: str) -> str:
    """What a mark says of a case, in words."""
    return str(MARKS.get(mark, mark))
