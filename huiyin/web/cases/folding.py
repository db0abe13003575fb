"""Which acts stand on a case's page as buttons, and which wait under 更多, in groups: a phone shows few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

Act = Mapping[str, Any]
SHOWN = 4  # buttons in sight; a state's usual acts first
WITHOUT_FOLD = 5  # so few need no fold: it would hide one button behind another

# What people mostly do in a state besides the act that moves the case on, in the order of the buttons.
USUAL: dict[str, tuple[str, ...]] = {
    "registered": ("accept", "decline", "answer_at_once", "merge"),
    "accepted": ("dispatch", "forward", "merge", "split"),
    "handling": ("recall_order", "sign", "answer", "contribute", "give_opinion", "contact", "call", "object",
                 "ask_extension", "reject_objection", "redispatch", "grant_extension", "refuse_extension"),
    "reviewing": ("approve", "weigh_view", "redo", "note"),
    "telling": ("record_told", "call", "contact"),
    "told": ("close", "weigh_view", "rate", "redo", "call"),
    "forwarded": ("record_outcome", "record_receipt", "chase", "take_back"),
    "referred": ("resume_from", "settled_elsewhere", "note"),
    "suspended": ("end_suspension", "contact", "note"),
    "in_review": ("decide_review", "decide_rereview", "hold_hearing", "take_review_back"),
}  # fmt: skip

# What waits for this very reader, whatever the state: offered to nobody for whom it does not wait.
AWAITED = (
    "accept_entry",
    "uphold_contest",
    "answer_upward",
    "settle_instruction",
    "submit_entry",
    "report_on",
)
# Of those who oversee, whatever the state; nobody else is offered them.
FROM_ABOVE = ("remind", "instruct", "comment")

GROUPS: tuple[tuple[Any, frozenset[str]], ...] = (
    (_("办理"), frozenset({
        "accept", "decline", "answer_at_once", "dispatch", "recall_order", "approve", "redo", "close",
        "explain_and_close", "archive", "reopen", "sign", "delegate", "object", "answer", "contribute",
        "give_opinion", "ask_extension", "grant_extension", "refuse_extension", "reject_objection", "redispatch",
        "designate", "escalate", "take_down", "take_over", "confer_and_designate", "record_told", "withdraw",
        "contest", "rate",
    })),
    (_("联系和询问"), frozenset({
        "contact", "call", "ask_petitioner", "supply", "ask_upward", "answer_upward", "take_question_back",
        "counsel", "record_counselling", "tell_recurrence", "explain_to_all", "tell_privately", "open_private",
        "answer_privately", "whistle", "report_in", "judge_whistle", "ask_peer", "weigh_view", "take_peer_back",
    })),
    (_("督办"), frozenset({
        "remind", "comment", "instruct", "progress_on", "report_on", "settle_instruction", "ask_again",
        "submit_entry", "accept_entry", "refuse_entry", "strike_entry", "send_feedback",
        "contest_rating", "uphold_contest", "refuse_contest",
    })),
    (_("合并和拆分"), frozenset({
        "merge", "unmerge", "split", "coordinate", "declare_incident", "end_incident", "add_party", "leave",
        "appoint_spokespersons", "appoint_agent", "end_agency",
    })),
    (_("走别的路"), frozenset({
        "forward", "chase", "record_receipt", "record_outcome", "take_back", "advise_route", "hand_over",
        "hand_over_and_end", "refer_elsewhere", "resume_from", "settled_elsewhere", "propose_suspension",
        "approve_suspension", "refuse_suspension", "end_suspension", "propose_termination",
        "confirm_termination", "refuse_termination", "ask_review", "ask_rereview", "take_review_back",
        "hold_hearing", "end_hearing", "decide_review", "decide_rereview", "finalise",
    })),
    (_("公开"), frozenset({
        "propose", "publish", "unpublish", "release_title", "take_title_back", "owe_statement",
        "make_statement", "correct_statement", "take_statement_back", "fulfil_promise", "change_promise",
    })),
)  # fmt: skip
OTHERS = _("记录和材料")


@dataclass(frozen=True)
class Folded:
    """The buttons in sight, and the others under their headings."""

    shown: Sequence[Act]
    rest: Sequence[tuple[Any, Sequence[Act]]]
    count: int = 0


def folded(acts: Sequence[Act], state: str) -> Folded:
    """Choose what stays in sight in this state: what moves the case on, then what is usual there."""
    if len(acts) <= WITHOUT_FOLD:
        return Folded(list(acts), [])
    usual = {name: place for place, name in enumerate((*USUAL.get(state, ()), *AWAITED, *FROM_ABOVE))}
    ranked = sorted(acts, key=lambda act: (act["kind"] != "primary", usual.get(act["name"], len(usual))))
    wanted = [act for act in ranked if act["kind"] == "primary" or act["name"] in usual] or ranked
    shown = wanted[:SHOWN]
    rest = [act for act in acts if not any(act is each for each in shown)]
    return Folded(shown, _grouped(rest), len(rest))


def _grouped(acts: Sequence[Act]) -> list[tuple[Any, list[Act]]]:
    """The acts under their headings, in the order of the headings; what fits none stands last."""
    known = frozenset().union(*(names for _heading, names in GROUPS))
    found = [(heading, [act for act in acts if act["name"] in names]) for heading, names in GROUPS]
    found.append((OTHERS, [act for act in acts if act["name"] not in known]))
    return [(heading, group) for heading, group in found if group]
