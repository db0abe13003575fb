"""The state tables of a case and of an order: data, one row a transition, no Django and no database."""

from collections.abc import Iterable
from typing import NamedTuple


class Case:
    """States of a case (DOMAIN §4). `OPEN` ones always have a holder and a clock."""

    REGISTERED = "registered"  # 登记，待甄别
    ACCEPTED = "accepted"  # 受理，待派单
    HANDLING = "handling"  # 办理中
    REVIEWING = "reviewing"  # 待审核
    TELLING = "telling"  # 待告知
    TOLD = "told"  # 已告知，待评价
    CLOSED = "closed"  # 办结
    EXPLAINED = "explained"  # 解释办结
    DECLINED = "declined"  # 不予受理
    MERGED = "merged"  # 并入
    WITHDRAWN = "withdrawn"  # 撤回
    ARCHIVED = "archived"  # 归档
    FORWARDED = "forwarded"  # 转送外部，等回执和结果
    REFERRED = "referred"  # 另循程序（调解、听证、诉讼、仲裁），等结果
    SUSPENDED = "suspended"  # 挂账，到期自动恢复
    ADVISED = "advised"  # 告知法定途径
    HANDED_OVER = "handed_over"  # 移交 110/119/120/122
    TERMINATED = "terminated"  # 终止办理
    IN_REVIEW = "in_review"  # 信访复查、复核中，由上一级机关决定

    RESTING = (FORWARDED, REFERRED, SUSPENDED)  # open, while somebody else acts or a date is awaited
    OPEN = (REGISTERED, ACCEPTED, HANDLING, REVIEWING, TELLING, TOLD, IN_REVIEW, *RESTING)
    # While the citizen still waits for an answer: a told case is open, but nobody waits for one any more.
    UNTOLD = (REGISTERED, ACCEPTED, HANDLING, REVIEWING, TELLING, IN_REVIEW, *RESTING)
    # In which another unit's view still matters: the answer of the round stands, or is about to.
    VIEWED = (REVIEWING, TELLING, TOLD, CLOSED, EXPLAINED, ARCHIVED)
    ENDED = (CLOSED, EXPLAINED, DECLINED, MERGED, WITHDRAWN, ARCHIVED, ADVISED, HANDED_OVER, TERMINATED)
    ALL = OPEN + ENDED


class Order:
    """States of an order."""

    SENT = "sent"  # 待签收
    SIGNED = "signed"  # 办理中
    OBJECTED = "objected"  # 异议中
    ANSWERED = "answered"  # 已答复
    APPROVED = "approved"  # 审核通过
    RETURNED = "returned"  # 退回重办（新一轮另发新单）
    REPLACED = "replaced"  # 改派
    SUCCEEDED = "succeeded"  # 由后继单位承继
    CANCELLED = "cancelled"  # 随案撤销

    OPEN = (SENT, SIGNED, OBJECTED)
    IN_HAND = (*OPEN, ANSWERED, APPROVED)  # of the unit that has it, or has done it
    ALL = (*OPEN, ANSWERED, APPROVED, RETURNED, REPLACED, SUCCEEDED, CANCELLED)


class Transition(NamedTuple):
    """One lawful step: `act` takes a thing from `before` to `after`; `why` explains an odd row."""

    act: str
    before: str
    after: str
    why: str = ""


class Table(tuple[Transition, ...]):
    """A state table: its rows in order, and where each act leads from each state, looked up at once."""

    def __init__(self, rows: Iterable[Transition]) -> None:
        """Index the rows (a tuple has taken them already)."""
        self.leads: dict[tuple[str, str], tuple[str, ...]] = {}
        for row in self:
            known = self.leads.get((row.act, row.before), ())
            self.leads[row.act, row.before] = (*known, row.after)


NEW = ""
_C, _O = Case, Order


def _everywhere(act: str, states: Iterable[str], why: str) -> list[Transition]:
    return [Transition(act, state, state, why) for state in states]


CASE_TABLE = Table((
    Transition("register", NEW, _C.REGISTERED),
    Transition(
        "answer_at_once", _C.REGISTERED, _C.TOLD, "in one breath with register, or on a waiting matter"
    ),
    Transition("accept", _C.REGISTERED, _C.ACCEPTED),
    Transition("decline", _C.REGISTERED, _C.DECLINED),
    Transition("contest", _C.DECLINED, _C.REGISTERED, "the petitioner contests; another clerk looks again"),
    Transition("advise_route", _C.REGISTERED, _C.ADVISED, "the law has another procedure for it"),
    Transition("contest", _C.ADVISED, _C.REGISTERED, "the petitioner contests; another clerk looks again"),
    Transition("forward", _C.REGISTERED, _C.FORWARDED),
    Transition("forward", _C.ACCEPTED, _C.FORWARDED, "orders of points already sent out are cancelled"),
    *_everywhere("chase", (_C.FORWARDED,), "asked again, as often as need be"),
    *_everywhere("record_receipt", (_C.FORWARDED,), "the body outside confirms it"),
    Transition("record_outcome", _C.FORWARDED, _C.TELLING, "what came of it outside is the answer"),
    Transition("take_back", _C.FORWARDED, _C.REGISTERED, "the body declines it or never answers"),
    *_everywhere(
        "hand_over",
        (_C.REGISTERED, _C.ACCEPTED, _C.HANDLING),
        "danger goes to the emergency service at once, the rest stays",
    ),
    Transition("hand_over_and_end", _C.REGISTERED, _C.HANDED_OVER, "the emergency was all of it"),
    Transition("refer_elsewhere", _C.ACCEPTED, _C.REFERRED, "another procedure is under way"),
    Transition("refer_elsewhere", _C.HANDLING, _C.REFERRED, "another procedure is under way"),
    Transition("resume_from", _C.REFERRED, _C.ACCEPTED, "a point still waits for a unit"),
    Transition("resume_from", _C.REFERRED, _C.HANDLING, "with its outcome, or because the day has come"),
    Transition("settled_elsewhere", _C.REFERRED, _C.TELLING, "the other procedure's outcome is the answer"),
    *_everywhere(
        "counsel", (_C.HANDLING, _C.TOLD, _C.CLOSED, _C.EXPLAINED), "somebody who suffers is listened to"
    ),
    *_everywhere("record_counselling", _C.ALL, "how it went may be known late"),
    *[
        row
        for state in (_C.ACCEPTED, _C.HANDLING, _C.FORWARDED, _C.REFERRED, _C.SUSPENDED)
        for row in (
            Transition("propose_termination", state, state, "nothing stops on one person's word"),
            Transition("refuse_termination", state, state, "it goes on"),
            Transition("confirm_termination", state, _C.TERMINATED, "on a second person's word"),
        )
    ],
    Transition("contest", _C.TERMINATED, _C.REGISTERED, "the petitioner contests; somebody else looks again"),
    *_everywhere(
        "coordinate", (_C.ACCEPTED, _C.HANDLING, *_C.RESTING), "a leader stands over several units"
    ),
    *_everywhere("owe_statement", _C.OPEN, "the public is owed an explanation"),
    *_everywhere("make_statement", _C.OPEN, "the public reads it, without any person"),
    *_everywhere("correct_statement", _C.ALL, "what was said in public is put right whenever it is found wrong"),
    *_everywhere("take_statement_back", _C.ALL, "what was wrongly said in public is taken back, with the reason"),
    *_everywhere("split", (_C.REGISTERED, _C.ACCEPTED), "a part becomes a case of its own"),
    Transition("merge", _C.REGISTERED, _C.MERGED),
    Transition("merge", _C.ACCEPTED, _C.MERGED, "orders of points already sent out are cancelled"),
    Transition("unmerge", _C.MERGED, _C.REGISTERED, "it is looked at afresh, under its own due date"),
    Transition("dispatch", _C.ACCEPTED, _C.ACCEPTED, "other points still wait for a unit"),
    Transition("dispatch", _C.ACCEPTED, _C.HANDLING),
    Transition("recall_order", _C.HANDLING, _C.ACCEPTED, "a dispatch nobody has signed is taken back at once"),
    Transition("recall_order", _C.ACCEPTED, _C.ACCEPTED, "of several points, one had gone out"),
    *[
        Transition(act, state, state, "the order moves, the case stays")
        for act in (
            "sign",
            "object",
            "reject_objection",
            "redispatch",
            "designate",
            "ask_extension",
            "whistle",
            "report_in",
            "grant_extension",
            "refuse_extension",
            "accept_silently",
        )
        for state in (_C.ACCEPTED, _C.HANDLING)
    ],
    *[
        Transition(act, state, state, "the order moves, the case stays")
        for act in ("delegate", "escalate", "take_down", "take_over", "contribute")
        for state in (_C.ACCEPTED, _C.HANDLING, *(_C.RESTING if act in ("delegate", "take_over") else ()))
    ],
    *[
        Transition(act, state, state, "what a leader has said does not move the case")
        for act in ("instruct", "progress_on", "report_on", "settle_instruction", "ask_again")
        for state in _C.OPEN
    ],
    *_everywhere(
        "remind",
        [state for state in _C.ALL if state != _C.SUSPENDED],
        "whose turn it is hears that somebody waits; after the end, who has not kept a promise",
    ),
    *_everywhere("comment", _C.ALL, "a remark from above changes nothing"),
    *_everywhere("supervise", _C.ALL, "a step of the room above, on a rung that concerns the case"),
    *[
        Transition(act, state, state, "the clocks stand while the petitioner is asked")
        for act in ("ask_petitioner", "supply", "supplement_lapsed")
        for state in (_C.REGISTERED, _C.ACCEPTED, _C.HANDLING)
    ],
    *[
        Transition(act, state, state, "whoever asks goes on meanwhile")
        for act in ("ask_upward", "answer_upward", "take_question_back")
        for state in (_C.REGISTERED, _C.ACCEPTED, _C.HANDLING)
    ],
    *_everywhere(
        "judge_whistle",
        (_C.ACCEPTED, _C.HANDLING, _C.REVIEWING, _C.TELLING, _C.TOLD),
        "who called says who came",
    ),
    *_everywhere("propose_suspension", (_C.HANDLING,), "another person decides"),
    *_everywhere("refuse_suspension", (_C.HANDLING,), "it is handled on"),
    Transition("approve_suspension", _C.HANDLING, _C.SUSPENDED, "with a plan and a date"),
    Transition("end_suspension", _C.SUSPENDED, _C.HANDLING, "the way is free before the date"),
    Transition("suspension_due", _C.SUSPENDED, _C.HANDLING, "the date is over"),
    Transition("answer", _C.ACCEPTED, _C.ACCEPTED, "another point still waits for a unit"),
    Transition("answer", _C.HANDLING, _C.HANDLING, "other points are still being handled"),
    Transition("answer", _C.HANDLING, _C.REVIEWING),
    Transition("give_opinion", _C.ACCEPTED, _C.ACCEPTED, "another point still waits for a unit"),
    Transition("give_opinion", _C.HANDLING, _C.HANDLING, "other points are still being handled"),
    Transition("give_opinion", _C.HANDLING, _C.REVIEWING),
    Transition("confer_and_designate", _C.ACCEPTED, _C.HANDLING, "a joint meeting names the unit"),
    *[
        Transition(act, state, _C.IN_REVIEW, "the body above looks at the opinion: a new round, its own clock")
        for act in ("ask_review", "ask_rereview")
        for state in (_C.TOLD, _C.CLOSED, _C.EXPLAINED, _C.ARCHIVED)
    ],
    *[
        Transition("take_review_back", _C.IN_REVIEW, state, "as it stood before it was asked")
        for state in (_C.TOLD, _C.CLOSED, _C.EXPLAINED, _C.ARCHIVED)
    ],
    *_everywhere("hold_hearing", (_C.IN_REVIEW,), "the hearing's time does not count"),
    *_everywhere("end_hearing", (_C.IN_REVIEW,), "the clock goes on"),
    *[
        Transition(act, _C.IN_REVIEW, state, why)
        for act in ("decide_review", "decide_rereview")
        for state, why in ((_C.TELLING, "upheld or changed"), (_C.HANDLING, "revoked: a new round"))
    ],
    *_everywhere(
        "finalise", (_C.TOLD, _C.CLOSED, _C.EXPLAINED, _C.ARCHIVED), "no instance is left, or none was asked"
    ),
    *_everywhere("record_prior_step", _C.ALL, "what was done elsewhere before may come to light at any time"),
    Transition("approve", _C.REVIEWING, _C.TELLING),
    Transition("redo", _C.REVIEWING, _C.HANDLING, "the reviewer sends it back: a new round"),
    Transition("redo", _C.TOLD, _C.HANDLING, "told but not solved: a new round"),
    Transition("redo", _C.TOLD, _C.REGISTERED, "the desk had answered itself: it looks again, in a new round"),
    Transition("record_told", _C.TELLING, _C.TELLING, "other parties still wait"),
    Transition("record_told", _C.TELLING, _C.TOLD),
    *_everywhere(
        "record_told",
        [state for state in _C.ALL if state != _C.TELLING],
        "extensions, refusals, merges and kept promises are told too, and a notice stays owed as the matter moves on",
    ),
    Transition("close", _C.TOLD, _C.CLOSED),
    Transition("explain_and_close", _C.TOLD, _C.EXPLAINED, "all that the law allows was done and said"),
    Transition("reopen", _C.CLOSED, _C.REGISTERED, "new facts, recurrence or contest: a new round"),
    Transition("reopen", _C.EXPLAINED, _C.REGISTERED, "new facts, recurrence or contest: a new round"),
    Transition("reopen", _C.ARCHIVED, _C.REGISTERED, "from the archive too"),
    Transition("reopen", _C.HANDED_OVER, _C.REGISTERED, "more was left of it than the emergency"),
    Transition("reopen", _C.TERMINATED, _C.REGISTERED, "new facts, recurrence or contest: a new round"),
    Transition("reopen", _C.MERGED, _C.REGISTERED, "the shared answer did not settle this one"),
    *[
        Transition("withdraw", state, _C.WITHDRAWN, "the petitioner takes it back")
        for state in (_C.REGISTERED, _C.ACCEPTED, _C.HANDLING, _C.REVIEWING, _C.TELLING, *_C.RESTING)
    ],
    *[
        Transition("archive", state, _C.ARCHIVED)
        for state in (_C.CLOSED, _C.EXPLAINED, _C.DECLINED, _C.WITHDRAWN, _C.ADVISED, _C.HANDED_OVER, _C.TERMINATED)
    ],
    *_everywhere("take_in", _C.OPEN, "another matter is merged into this one"),
    *_everywhere("let_go", _C.ALL, "a merged matter is taken out again"),
    Transition("follow", _C.MERGED, _C.MERGED, "the matter it was merged into is merged into a third"),
    Transition(
        "share_answer", _C.MERGED, _C.MERGED, "the parent's answer is owed to the child's parties too"
    ),
    *_everywhere("add_party", [state for state in _C.OPEN if state != _C.TOLD], "a group may grow until all are told"),
    *_everywhere(
        "join", [state for state in _C.OPEN if state != _C.TOLD], "somebody who meets the same thing joins by its title"
    ),
    *_everywhere("leave", (*_C.OPEN, _C.MERGED), "one of a group goes, the matter stays"),
    *_everywhere("appoint_spokespersons", (*_C.OPEN, _C.MERGED), "the group says who speaks for it"),
    *_everywhere(
        "appoint_agent",
        [state for state in (*_C.OPEN, _C.DECLINED, _C.CLOSED, _C.EXPLAINED) if state != _C.TOLD],
        "also to contest a refusal or to ask that it be taken up again",
    ),
    *_everywhere("end_agency", [state for state in _C.ALL if state != _C.ARCHIVED], "either side may end it"),
    Transition("leave", _C.TELLING, _C.TOLD, "all who stay have been told"),
    Transition("end_agency", _C.TELLING, _C.TOLD, "all who stay have been told"),
    *_everywhere("tell_privately", _C.ALL, "what only one member is to read"),
    *_everywhere(
        "answer_privately", (_C.ACCEPTED, _C.HANDLING, _C.REVIEWING), "one member's own part of the answer"
    ),
    *_everywhere("open_private", _C.ALL, "opening is recorded, and shown to that member alone"),
    *_everywhere("call", _C.ALL, "a number is opened for a call, on the record"),
    *_everywhere("contact", _C.ALL, "a talk; from the archive too, when a promise is told there"),
    *_everywhere("declare_incident", (_C.REGISTERED, _C.ACCEPTED, _C.HANDLING), "it counts in hours from now"),
    *_everywhere("end_incident", _C.OPEN, "no further call is gathered in it"),
    *_everywhere("explain_to_all", _C.OPEN, "one text to every party, the merged matters' too"),
    *_everywhere("fulfil_promise", _C.ALL, "a promise is kept when it is kept, from the archive too"),
    *_everywhere("change_promise", _C.ALL, "its date moves with reasons; both dates stay"),
    Transition("rate", _C.TOLD, _C.TOLD, "the parties say what the answer was worth"),
    Transition("rate", _C.MERGED, _C.MERGED, "the parties of a merged matter rate the shared answer"),
    *[
        Transition(act, state, state, "whoever has been told an answer is asked about it, also after the end")
        for act in ("dial", "call_back", "say_pressed", "look_into_pressure", "rate_bringer")
        for state in (_C.TELLING, _C.TOLD, _C.MERGED, _C.CLOSED, _C.EXPLAINED, _C.ARCHIVED)
    ],
    *[
        Transition(act, state, state, "a unit says that a call-back was in error; two who oversee decide")
        for act in ("contest_rating", "uphold_contest", "refuse_contest")
        for state in (_C.TOLD, _C.CLOSED, _C.EXPLAINED, _C.ARCHIVED)
    ],
    *[
        Transition(act, state, state, "somebody else looks at what is called unsolved, once a round")
        for act in ("ask_second_opinion", "give_second_opinion")
        for state in (_C.TOLD, _C.CLOSED, _C.EXPLAINED)
    ],
    *_everywhere(
        "ask_peer",
        (_C.REVIEWING, _C.TOLD, _C.CLOSED, _C.EXPLAINED),
        "a unit that had no part in it is asked what it thinks; its word binds nobody",
    ),
    *[
        Transition(act, state, state, "what a unit asked for its view does, and what is made of it")
        for act in ("entrust_view", "give_view", "weigh_view", "take_peer_back")
        for state in _C.VIEWED
    ],
    *_everywhere(
        "hear_merged", (_C.TELLING, _C.TOLD), "somebody of a merged matter says that it is not solved"
    ),
    *[
        row
        for state in (_C.TOLD, _C.CLOSED, _C.EXPLAINED, _C.ARCHIVED)
        for row in (
            Transition("submit_entry", state, state, "the unit says that its ledger's entry can be looked at"),
            Transition("accept_entry", state, state, "an inspector of another unit closes the entry"),
            Transition("refuse_entry", state, state, "the entry goes back to the unit"),
        )
    ],
    *[
        Transition(act, state, state, why)
        for state in (_C.CLOSED, _C.EXPLAINED, _C.ARCHIVED)
        for act, why in (
            ("ask_recurrence", "drawn some weeks later: the petitioner is asked whether it came back"),
            ("tell_recurrence", "what came back is reopened in the same breath"),
        )
    ],
    *_everywhere(
        "send_feedback", [state for state in _C.ALL if state != _C.REGISTERED], "those above read how it stands"
    ),
    *_everywhere("receive_feedback", _C.ALL, "a recipient gives receipt of their copy"),
    *_everywhere("strike_entry", _C.ALL, "a matter that is not the unit's any more leaves its ledger"),
    *_everywhere("propose", (_C.TOLD, _C.CLOSED, _C.EXPLAINED), "a draft of what the public may read"),
    *_everywhere("publish", (_C.TOLD, _C.CLOSED, _C.EXPLAINED), "the public reads it, without the person"),
    *_everywhere("unpublish", _C.ALL, "what was published can be taken back at any time"),
    *_everywhere("release_title", _C.OPEN, "others may find it by its title, and nothing else of it"),
    *_everywhere("take_title_back", _C.ALL, "what was let out can be taken back at any time"),
    *_everywhere("accuse", (_C.REGISTERED, _C.ACCEPTED), "whom a report is about is named before dispatch"),
    *_everywhere("note", _C.ALL, "a note changes nothing"),
    *_everywhere("attach", _C.ALL, "material may come late"),
    *_everywhere("redact", _C.ALL, "the readable text may be mended at any time"),
    *_everywhere("open_original", _C.ALL, "opening is recorded, never silent"),
))  # fmt: skip

ORDER_TABLE = Table((
    Transition("dispatch", NEW, _O.SENT),
    Transition("confer_and_designate", NEW, _O.SENT, "binding"),
    Transition("sign", _O.SENT, _O.SIGNED),
    Transition("recall_order", _O.SENT, _O.CANCELLED, "whoever sent it takes it back before anybody signs"),
    Transition("accept_silently", _O.SENT, _O.SIGNED, "two working days without objection accept the order"),
    Transition("object", _O.SENT, _O.OBJECTED),
    Transition("object", _O.SIGNED, _O.OBJECTED, "signed first, found foreign on reading, still in time"),
    Transition("reject_objection", _O.OBJECTED, _O.SIGNED, "the unit keeps it"),
    Transition("redispatch", _O.OBJECTED, _O.REPLACED, "a new order goes to another unit"),
    Transition("designate", _O.OBJECTED, _O.REPLACED, "a new, binding order"),
    Transition("designate", _O.OBJECTED, _O.SIGNED, "the same unit is bound"),
    Transition("ask_extension", _O.SIGNED, _O.SIGNED),
    *[
        Transition(act, _O.SIGNED, _O.SIGNED, "while it is worked on")
        for act in ("ask_petitioner", "ask_upward", "whistle", "report_in", "propose_suspension")
    ],
    *_everywhere("end_suspension", (_O.SENT, _O.SIGNED), "the unit finds the way free, whoever proposed to wait"),
    Transition("report_in", _O.SENT, _O.SIGNED, "who has come to the place has taken it on"),
    Transition("grant_extension", _O.SIGNED, _O.SIGNED),
    Transition("refuse_extension", _O.SIGNED, _O.SIGNED),
    *_everywhere("call", (_O.SIGNED, _O.ANSWERED, _O.APPROVED), "a number is opened for a call, on the record"),
    *_everywhere("contact", (_O.SIGNED, _O.ANSWERED, _O.APPROVED), "the unit talks, also to tell the answer"),
    *_everywhere("record_told", (_O.SIGNED, _O.ANSWERED, _O.APPROVED), "the unit tells what it answered"),
    *_everywhere(
        "open_original", (*_O.OPEN, _O.ANSWERED, _O.APPROVED), "a unit that lost the order reads no more"
    ),
    *_everywhere("submit_entry", (_O.ANSWERED, _O.APPROVED), "the unit hands in the entry of what it answered"),
    *_everywhere("delegate", (_O.SENT, _O.SIGNED), "another person of the same unit"),
    *[
        Transition(act, state, _O.REPLACED, "a new order for another unit, due when this one was")
        for act in ("escalate", "take_down")
        for state in _O.OPEN
    ],
    *[
        Transition("take_over", state, _O.SUCCEEDED, "its unit is no more: its successor has a new one, due the same")
        for state in _O.OPEN
    ],
    Transition("contribute", _O.SIGNED, _O.ANSWERED, "a co-handler's part, for the lead"),
    Transition("answer", _O.SIGNED, _O.ANSWERED),
    *_everywhere("answer_privately", (_O.SIGNED, _O.ANSWERED), "a member's own part, until it is let out"),
    Transition("give_opinion", _O.SIGNED, _O.ANSWERED),
    Transition("approve", _O.ANSWERED, _O.APPROVED),
    Transition("redo", _O.ANSWERED, _O.RETURNED),
    Transition("redo", _O.APPROVED, _O.RETURNED),
    *[
        Transition(act, state, _O.CANCELLED, "the matter goes another way, without the units")
        for act in ("forward", "settled_elsewhere", "confirm_termination")
        for state in (*_O.OPEN, _O.ANSWERED)
    ],
    *[
        Transition(act, state, _O.CANCELLED, "the case ends, its orders with it")
        for act in ("withdraw", "merge")
        for state in (*_O.OPEN, _O.ANSWERED)
    ],
    *[
        Transition(act, state, _O.CANCELLED, "the lead answered; a co-order ends")
        for act in ("answer", "give_opinion")
        for state in _O.OPEN
    ],
))  # fmt: skip


def after(table: Table, act: str, before: str) -> tuple[str, ...]:
    """The states that `act` may lead to from `before`; empty when the act is not lawful there."""
    return table.leads.get((act, before), ())


def acts_from(table: Iterable[Transition], before: str) -> tuple[str, ...]:
    """The acts that are lawful in `before`, in the table's order, each once."""
    return tuple(dict.fromkeys(row.act for row in table if row.before == before))


def sources(table: Iterable[Transition], act: str) -> tuple[str, ...]:
    """The states from which `act` is lawful."""
    return tuple(dict.fromkeys(row.before for row in table if row.act == act))
