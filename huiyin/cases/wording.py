"""Acts and states in words, and the sentence that tells a latecomer who did what when."""

from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from huiyin.cases.models import Case, Notice, Point, Referral, Review, Whistle
from huiyin.kernel import clock
from huiyin.ledger import queries as ledger
from huiyin.ledger.models import Event
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

# "act" tells a verb from the state that it leads to, which Chinese calls by the same word.
ACTS = {
    "register": gettext_lazy("登记"),
    "answer_at_once": gettext_lazy("当场答复"),
    "accept": gettext_lazy("受理"),
    "decline": pgettext_lazy("act", "不予受理"),
    "contest": gettext_lazy("提出异议"),
    "advise_route": gettext_lazy("告知法定途径"),
    "forward": gettext_lazy("转送外部"),
    "chase": gettext_lazy("催问"),
    "record_receipt": gettext_lazy("登记回执"),
    "record_outcome": gettext_lazy("登记外部结果"),
    "take_back": gettext_lazy("收回转送"),
    "hand_over": gettext_lazy("移交应急"),
    "hand_over_and_end": gettext_lazy("移交应急并结束"),
    "refer_elsewhere": pgettext_lazy("act", "另循程序"),
    "resume_from": gettext_lazy("恢复办理"),
    "settled_elsewhere": gettext_lazy("另循程序已解决"),
    "counsel": gettext_lazy("转介人文疏导"),
    "record_counselling": gettext_lazy("记录疏导情况"),
    "propose_termination": gettext_lazy("提议终止"),
    "confirm_termination": gettext_lazy("同意终止"),
    "refuse_termination": gettext_lazy("不同意终止"),
    "merge": gettext_lazy("并案"),
    "split": gettext_lazy("分案"),
    "take_in": gettext_lazy("并入他案"),
    "follow": gettext_lazy("随主案并入他案"),
    "unmerge": gettext_lazy("撤销并案"),
    "let_go": gettext_lazy("分出并案"),
    "share_answer": gettext_lazy("转来主案答复"),
    "dispatch": gettext_lazy("派单"),
    "recall_order": gettext_lazy("撤回派单"),
    "sign": gettext_lazy("签收"),
    "accept_silently": gettext_lazy("逾期未提异议，视为接受"),
    "object": gettext_lazy("提出派单异议"),
    "reject_objection": gettext_lazy("驳回派单异议"),
    "redispatch": gettext_lazy("改派"),
    "designate": gettext_lazy("指定承办"),
    "contact": gettext_lazy("联系诉求人"),
    "call": gettext_lazy("拨打电话"),
    "ask_extension": gettext_lazy("申请延期"),
    "grant_extension": gettext_lazy("同意延期"),
    "refuse_extension": gettext_lazy("不同意延期"),
    "ask_petitioner": gettext_lazy("请诉求人补充"),
    "supply": gettext_lazy("补充情况"),
    "supplement_lapsed": gettext_lazy("到期没有补充，继续办理"),
    "ask_upward": gettext_lazy("请示"),
    "answer_upward": gettext_lazy("批复请示"),
    "take_question_back": gettext_lazy("撤回提问"),
    "whistle": gettext_lazy("吹哨"),
    "report_in": gettext_lazy("报到"),
    "judge_whistle": gettext_lazy("评报到"),
    "propose_suspension": gettext_lazy("提出挂账"),
    "approve_suspension": gettext_lazy("同意挂账"),
    "refuse_suspension": gettext_lazy("不同意挂账"),
    "end_suspension": gettext_lazy("提前恢复办理"),
    "suspension_due": gettext_lazy("挂账到期，恢复办理"),
    "answer": gettext_lazy("答复"),
    "delegate": gettext_lazy("转交经办人"),
    "contribute": gettext_lazy("协办答复"),
    "escalate": gettext_lazy("提级办理"),
    "take_down": gettext_lazy("下交办理"),
    "take_over": gettext_lazy("承继工单"),
    "instruct": gettext_lazy("批示"),
    "remind": pgettext_lazy("act", "催办"),
    "comment": gettext_lazy("督办批注"),
    "supervise": gettext_lazy("督办"),
    "progress_on": gettext_lazy("记录批示进展"),
    "report_on": gettext_lazy("回报批示"),
    "coordinate": gettext_lazy("指定统筹领导"),
    "owe_statement": gettext_lazy("要求公开说明"),
    "make_statement": gettext_lazy("公开说明"),
    "correct_statement": gettext_lazy("更正公开说明"),
    "take_statement_back": gettext_lazy("收回公开说明"),
    "settle_instruction": gettext_lazy("批示落实"),
    "ask_again": gettext_lazy("要求重报"),
    "approve": pgettext_lazy("act", "审核通过"),
    "redo": gettext_lazy("退回重办"),
    "record_told": gettext_lazy("记录告知"),
    "close": pgettext_lazy("act", "办结"),
    "explain_and_close": pgettext_lazy("act", "解释办结"),
    "reopen": gettext_lazy("重启"),
    "withdraw": gettext_lazy("撤回"),
    "accuse": gettext_lazy("列为被举报方"),
    "note": gettext_lazy("备注"),
    "attach": gettext_lazy("上传材料"),
    "redact": gettext_lazy("确认脱敏文本"),
    "open_original": gettext_lazy("查看原文"),
    "archive": gettext_lazy("归档"),
    "give_opinion": gettext_lazy("出具处理意见书"),
    "confer_and_designate": gettext_lazy("联席会议指定承办"),
    "record_prior_step": gettext_lazy("记录以前的办理"),
    "ask_review": gettext_lazy("申请复查"),
    "ask_rereview": gettext_lazy("申请复核"),
    "take_review_back": gettext_lazy("撤回复查复核申请"),
    "hold_hearing": gettext_lazy("举行听证"),
    "end_hearing": gettext_lazy("结束听证"),
    "decide_review": gettext_lazy("作出复查决定"),
    "decide_rereview": gettext_lazy("作出复核决定"),
    "finalise": gettext_lazy("终结"),
    "add_party": gettext_lazy("成员加入"),
    "join": gettext_lazy("附议加入"),
    "leave": gettext_lazy("成员退出"),
    "appoint_spokespersons": gettext_lazy("推选代表人"),
    "appoint_agent": gettext_lazy("委托代理人"),
    "end_agency": gettext_lazy("结束代理"),
    "tell_privately": gettext_lazy("补充单独情况"),
    "open_private": gettext_lazy("查看单独情况"),
    "answer_privately": gettext_lazy("单独答复"),
    "declare_incident": gettext_lazy("启动突发事件"),
    "end_incident": gettext_lazy("结束突发事件"),
    "explain_to_all": gettext_lazy("统一说明"),
    "fulfil_promise": gettext_lazy("兑现承诺"),
    "change_promise": gettext_lazy("调整承诺"),
    "release_title": gettext_lazy("公开标题"),
    "take_title_back": gettext_lazy("收回标题"),
    "hear_merged": gettext_lazy("听取并案评价"),
    "rate": gettext_lazy("评价"),
    "submit_entry": gettext_lazy("台账报验"),
    "accept_entry": gettext_lazy("验收销账"),
    "refuse_entry": gettext_lazy("验收退回"),
    "strike_entry": gettext_lazy("划出台账"),
    "send_feedback": gettext_lazy("报送反馈表"),
    "receive_feedback": gettext_lazy("签收反馈表"),
    "ask_recurrence": gettext_lazy("抽查回头看"),
    "tell_recurrence": gettext_lazy("回头看的回音"),
    "dial": gettext_lazy("取回访电话"),
    "call_back": gettext_lazy("回访"),
    "say_pressed": gettext_lazy("反映被要求打好评"),
    "ask_second_opinion": gettext_lazy("请人复看"),
    "give_second_opinion": gettext_lazy("复看"),
    "ask_peer": gettext_lazy("请单位复看"),
    "entrust_view": gettext_lazy("交人复看"),
    "give_view": gettext_lazy("提出单位复看意见"),
    "weigh_view": gettext_lazy("定是否采纳复看意见"),
    "take_peer_back": gettext_lazy("撤回单位复看"),
    "rate_bringer": gettext_lazy("评价代表"),
    "contest_rating": gettext_lazy("提出回访异议"),
    "uphold_contest": gettext_lazy("核准回访异议"),
    "refuse_contest": gettext_lazy("不予认可回访异议"),
    "look_into_pressure": gettext_lazy("核查被要求打好评"),
    "propose": gettext_lazy("拟公开"),
    "publish": gettext_lazy("公开"),
    "unpublish": gettext_lazy("撤下公开"),
}


# Acts that leave things where they were: no reason why somebody else's act is too late.
QUIET = (
    "hand_over", "counsel", "record_counselling",
    "record_prior_step", "note", "attach", "contact", "call", "redact", "open_original", "rate", "dial",
    "call_back", "say_pressed", "look_into_pressure",
    "rate_bringer", "contest_rating", "uphold_contest", "refuse_contest",
    "propose",
    "publish", "unpublish", "release_title", "take_title_back", "join", "add_party", "appoint_spokespersons",
    "appoint_agent", "end_agency", "tell_privately", "open_private", "answer_privately", "correct_statement",
    "take_statement_back", "explain_to_all", "hear_merged", "fulfil_promise", "change_promise", "remind", "comment",
    "supervise", "progress_on", "ask_peer", "entrust_view", "give_view", "weigh_view", "take_peer_back",
    "submit_entry", "accept_entry", "refuse_entry", "strike_entry", "ask_recurrence", "tell_recurrence",
    "send_feedback", "receive_feedback",
)  # fmt: skip


def act_name(act: str) -> str:
    """The act as a verb for the reader."""
    return str(ACTS.get(act, act))


def state_name(state: str) -> str:
    """The state in words."""
    return str(dict(Case.State.choices).get(state, state))


def latest_step(subject: str, reader: Actor) -> str:
    """“最近一步：…” from the ledger; a citizen reads the unit, the office also the name of who acted."""
    event = ledger.history(subject).exclude(kind__in=QUIET).last()
    if event is None:
        return ""
    moment = timezone.localtime(event.occurred_at, clock.zone())
    return _("最近一步：%(who)s 于 %(when)s %(act)s。") % {
        "who": actor_words(event.actor, reader),
        "when": moment.strftime("%m-%d %H:%M"),
        "act": act_name(event.kind),
    }


def actor_words(name: str, reader: Actor) -> str:
    """Who acted, as far as the reader may know: a unit for citizens, unit and person for the office."""
    return _names([name], reader)[name]


def actors_in_words(events: Iterable[Event], reader: Actor) -> dict[str, str]:
    """`actor_words` of every actor of these events, in one query."""
    return _names({event.actor for event in events}, reader)


def _names(actors: Iterable[str], reader: Actor) -> dict[str, str]:
    codes = [name.partition(":")[2] for name in actors if name.startswith("post:")]
    posts = {post.code: post for post in Post.objects.select_related("unit", "user").filter(code__in=codes)}
    return {name: _name(name, posts, reader) for name in actors}


def _name(name: str, posts: Mapping[str, Post], reader: Actor) -> str:
    kind, _colon, code = name.partition(":")
    if kind in ("party", "citizen"):
        return _("诉求人")
    if kind != "post":
        return _("系统")
    post = posts.get(code)
    if post is None:
        return _("经办人员")
    return f"{post.unit} {post.user.name}" if reader.kind == "staff" else str(post.unit)


def outcome_name(outcome: str) -> str:
    """An outcome in words."""
    return str(dict(Point.Outcome.choices).get(outcome, outcome))


def notice_name(about: str) -> str:
    """What a notice is about, in words."""
    return str(dict(Notice.About.choices).get(about, about))


def decision_name(decision: str) -> str:
    """What a review decided, in words."""
    return str(dict(Review.Decision.choices).get(decision, decision))


def telling_name(how: str) -> str:
    """How somebody was told, in words."""
    return str(dict(Notice.How.choices).get(how, how))


def procedure_name(procedure: str) -> str:
    """Which other procedure a matter waits for, in words."""
    return str(dict(Referral.Procedure.choices).get(procedure, procedure))


def came_name(came: str) -> str:
    """Whether a called unit came, in words."""
    return str(dict(Whistle.Came.choices).get(came, came))
