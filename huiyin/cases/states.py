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

    RESTING = (FORWARDED, REFERRED, SUSPENDED)  # open, while somebody else acts or a date is awaited
    OPEN = (REGISTERED, ACCEPTED, HANDLING, REVIEWING, TELLING, TOLD, *RESTING)
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
    CANCELLED = "cancelled"  # 随案撤销

    OPEN = (SENT, SIGNED, OBJECTED)
    ALL = (*OPEN, ANSWERED, APPROVED, RETURNED, REPLACED, CANCELLED)


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
    Transition("merge", _C.REGISTERED, _C.MERGED),
    Transition("merge", _C.ACCEPTED, _C.MERGED, "orders of points already sent out are cancelled"),
    Transition("unmerge", _C.MERGED, _C.REGISTERED, "it is looked at afresh, under its own due date"),
    Transition("dispatch", _C.ACCEPTED, _C.ACCEPTED, "other points still wait for a unit"),
    Transition("dispatch", _C.ACCEPTED, _C.HANDLING),
    *[
        Transition(act, state, state, "the order moves, the case stays")
        for act in (
            "sign",
            "object",
            "reject_objection",
            "redispatch",
            "designate",
            "ask_extension",
            "grant_extension",
            "refuse_extension",
            "accept_silently",
        )
        for state in (_C.ACCEPTED, _C.HANDLING)
    ],
    Transition("answer", _C.ACCEPTED, _C.ACCEPTED, "another point still waits for a unit"),
    Transition("answer", _C.HANDLING, _C.HANDLING, "other points are still being handled"),
    Transition("answer", _C.HANDLING, _C.REVIEWING),
    Transition("approve", _C.REVIEWING, _C.TELLING),
    Transition("redo", _C.REVIEWING, _C.HANDLING, "the reviewer sends it back: a new round"),
    Transition("redo", _C.TOLD, _C.HANDLING, "told but not solved: a new round"),
    Transition("record_told", _C.TELLING, _C.TELLING, "other parties still wait"),
    Transition("record_told", _C.TELLING, _C.TOLD),
    *_everywhere(
        "record_told",
        [state for state in _C.ALL if state not in (_C.TELLING, _C.ARCHIVED)],
        "extensions, refusals and merges are told too, and a notice stays owed when the matter moves on",
    ),
    Transition("close", _C.TOLD, _C.CLOSED),
    Transition("explain_and_close", _C.TOLD, _C.EXPLAINED, "all that the law allows was done and said"),
    Transition("reopen", _C.CLOSED, _C.REGISTERED, "new facts, recurrence or contest: a new round"),
    Transition("reopen", _C.EXPLAINED, _C.REGISTERED, "new facts, recurrence or contest: a new round"),
    Transition("reopen", _C.ARCHIVED, _C.REGISTERED, "from the archive too"),
    Transition("reopen", _C.MERGED, _C.REGISTERED, "the shared answer did not settle this one"),
    *[
        Transition("withdraw", state, _C.WITHDRAWN, "the petitioner takes it back")
        for state in (_C.REGISTERED, _C.ACCEPTED, _C.HANDLING, _C.REVIEWING, _C.TELLING)
    ],
    *[
        Transition("archive", state, _C.ARCHIVED)
        for state in (_C.CLOSED, _C.EXPLAINED, _C.DECLINED, _C.WITHDRAWN)
    ],
    *_everywhere("take_in", _C.OPEN, "another matter is merged into this one"),
    *_everywhere("let_go", _C.ALL, "a merged matter is taken out again"),
    Transition("follow", _C.MERGED, _C.MERGED, "the matter it was merged into is merged into a third"),
    Transition(
        "share_answer", _C.MERGED, _C.MERGED, "the parent's answer is owed to the child's parties too"
    ),
    *_everywhere("contact", [state for state in _C.ALL if state != _C.ARCHIVED], "a talk"),
    Transition("rate", _C.TOLD, _C.TOLD, "the parties say what the answer was worth"),
    *_everywhere("propose", (_C.TOLD, _C.CLOSED, _C.EXPLAINED), "a draft of what the public may read"),
    *_everywhere("publish", (_C.TOLD, _C.CLOSED, _C.EXPLAINED), "the public reads it, without the person"),
    *_everywhere("unpublish", _C.ALL, "what was published can be taken back at any time"),
    *_everywhere("accuse", (_C.REGISTERED, _C.ACCEPTED), "whom a report is about is named before dispatch"),
    *_everywhere("note", _C.ALL, "a note changes nothing"),
    *_everywhere("attach", _C.ALL, "material may come late"),
    *_everywhere("redact", _C.ALL, "the readable text may be mended at any time"),
    *_everywhere("open_original", _C.ALL, "opening is recorded, never silent"),
))  # fmt: skip

ORDER_TABLE = Table((
    Transition("dispatch", NEW, _O.SENT),
    Transition("sign", _O.SENT, _O.SIGNED),
    Transition("accept_silently", _O.SENT, _O.SIGNED, "two working days without objection accept the order"),
    Transition("object", _O.SENT, _O.OBJECTED),
    Transition("object", _O.SIGNED, _O.OBJECTED, "signed first, found foreign on reading, still in time"),
    Transition("reject_objection", _O.OBJECTED, _O.SIGNED, "the unit keeps it"),
    Transition("redispatch", _O.OBJECTED, _O.REPLACED, "a new order goes to another unit"),
    Transition("designate", _O.OBJECTED, _O.REPLACED, "a new, binding order"),
    Transition("designate", _O.OBJECTED, _O.SIGNED, "the same unit is bound"),
    Transition("ask_extension", _O.SIGNED, _O.SIGNED),
    Transition("grant_extension", _O.SIGNED, _O.SIGNED),
    Transition("refuse_extension", _O.SIGNED, _O.SIGNED),
    *_everywhere("contact", (_O.SIGNED, _O.ANSWERED, _O.APPROVED), "the unit talks, also to tell the answer"),
    *_everywhere("record_told", (_O.SIGNED, _O.ANSWERED, _O.APPROVED), "the unit tells what it answered"),
    *_everywhere(
        "open_original", (*_O.OPEN, _O.ANSWERED, _O.APPROVED), "a unit that lost the order reads no more"
    ),
    Transition("answer", _O.SIGNED, _O.ANSWERED),
    Transition("approve", _O.ANSWERED, _O.APPROVED),
    Transition("redo", _O.ANSWERED, _O.RETURNED),
    Transition("redo", _O.APPROVED, _O.RETURNED),
    *[
        Transition(act, state, _O.CANCELLED, "the case ends, its orders with it")
        for act in ("withdraw", "merge")
        for state in (*_O.OPEN, _O.ANSWERED)
    ],
    *[Transition("answer", state, _O.CANCELLED, "the lead answered; a co-order ends") for state in _O.OPEN],
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
