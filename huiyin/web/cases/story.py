"""A case's ledger events as a timeline for the office: one sentence each, from public facts only."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.accounts.roles import OVERSIGHT, UNIT, Role
from huiyin.cases.queries import CasePage
from huiyin.cases.referring import EMERGENCY
from huiyin.cases.wording import (
    act_name,
    actors_in_words,
    came_name,
    decision_name,
    notice_name,
    outcome_name,
    procedure_name,
    telling_name,
)
from huiyin.evaluation.independence import part_in
from huiyin.organisation.queries import unit_name
from huiyin.supervision.wording import act_name as rung_act_name
from huiyin.supervision.wording import kind_name
from huiyin.web import words
from huiyin.web.components.timeline import Event

TONES = {
    "release_title": "quiet",
    "take_title_back": "quiet",
    "join": "quiet",
    "advise_route": "late",
    "forward": "soon",
    "hand_over": "late",
    "hand_over_and_end": "late",
    "refer_elsewhere": "soon",
    "record_outcome": "done",
    "settled_elsewhere": "done",
    "propose_termination": "soon",
    "confirm_termination": "late",
    "counsel": "quiet",
    "record_counselling": "quiet",
    "ask_petitioner": "soon",
    "supplement_lapsed": "soon",
    "ask_upward": "soon",
    "whistle": "soon",
    "approve_suspension": "soon",
    "recall_order": "soon",
    "declare_incident": "late",
    "end_incident": "done",
    "fulfil_promise": "done",
    "change_promise": "soon",
    "hear_merged": "soon",
    "decline": "late",
    "redo": "late",
    "object": "soon",
    "ask_extension": "soon",
    "close": "done",
    "explain_and_close": "done",
    "approve": "done",
    "ask_review": "soon",
    "ask_rereview": "soon",
    "take_review_back": "quiet",
    "finalise": "done",
    "record_prior_step": "quiet",
    "ask_again": "soon",
    "settle_instruction": "done",
    "remind": "soon",
    "submit_entry": "active",
    "accept_entry": "done",
    "refuse_entry": "soon",
    "strike_entry": "quiet",
    "ask_recurrence": "quiet",
    "send_feedback": "quiet",
    "receive_feedback": "quiet",
    "tell_recurrence": "quiet",
    "comment": "quiet",
    "supervise": "soon",
    "progress_on": "quiet",
    "delegate": "quiet",
    "note": "quiet",
    "attach": "quiet",
    "contact": "quiet",
    "call": "quiet",
    "dial": "quiet",
    "say_pressed": "late",
    "rate_bringer": "quiet",
    "ask_second_opinion": "soon",
    "give_second_opinion": "done",
    "ask_peer": "soon",
    "entrust_view": "quiet",
    "give_view": "done",
    "weigh_view": "quiet",
    "take_peer_back": "quiet",
    "look_into_pressure": "soon",
    "contest_rating": "soon",
    "uphold_contest": "done",
    "refuse_contest": "quiet",
    "call_back": "quiet",
    "open_original": "quiet",
    "open_private": "soon",
    "add_party": "quiet",
    "leave": "soon",
    "appoint_spokespersons": "quiet",
    "appoint_agent": "quiet",
    "end_agency": "quiet",
    "tell_privately": "quiet",
    "correct_statement": "soon",
    "take_statement_back": "soon",
    "answer_privately": "quiet",
    "redact": "quiet",
}
DESK_ONLY = (
    "counsel", "record_counselling", "chase", "propose_termination", "refuse_termination",
    "accuse", "take_in", "let_go", "propose", "rate", "hear_merged",
    "split",
    # Whom the judged do not know, they cannot talk to before it has said what it thinks.
    "ask_peer", "entrust_view", "give_view", "weigh_view", "take_peer_back",
)  # fmt: skip
# What a citizen tells supervision alone: neither the units nor the desk read that it was said.
SUPERVISORS_ONLY = ("say_pressed", "look_into_pressure", "rate_bringer")
# Whoever has rated is called for a bad grade: that somebody was called is for those who may read grades.
CALLS = ("dial", "call_back")
READ_CALLS = (Role.REVIEWER, Role.CALLER, Role.SUPERVISOR)
PRIVATE = (
    *SUPERVISORS_ONLY,
    "entrust_view",
    "weigh_view",
    "accuse",
    "note",
    "redact",
    "propose",
    "take_in",
    "let_go",
    "chase",
    "counsel",
    "record_counselling",
    "comment",
)


GATHERED = "take_in"  # an incident takes two hundred matters in: those in a row are told in one line


def story(page: CasePage) -> list[Event]:
    """Every event of the case, in words, with who did it."""
    names = actors_in_words(page.history, page.by)
    return [
        Event(
            at=events[-1].occurred_at,
            act=act_name(events[-1].kind),
            by=pgettext("between names", "、").join(dict.fromkeys(names[event.actor] for event in events)),
            text=_taken_in(events) if len(events) > 1 else told(page, events[0].kind, events[0].facts),
            private=events[-1].kind in PRIVATE,
            tone=TONES.get(events[-1].kind, "active"),
            claimed=any((e.recorded_at - e.occurred_at).total_seconds() > 300 for e in events),
        )
        for events in _runs(page)
    ]


def _runs(page: CasePage) -> Iterator[Sequence[Any]]:
    """The events that the reader may know of, each alone, but for the matters taken in one after the other."""
    unread = _unread(page)
    read = (
        event
        for event in page.history
        if event.kind not in unread
        and not (event.kind == "note" and _of_desk(page, event.facts))
        and not (event.kind == "supervise" and _of_others(page, event.facts))
    )
    alike = groupby(read, key=lambda event: GATHERED if event.kind == GATHERED else event.pk)
    return (list(events) for _kind, events in alike)


def _taken_in(events: Sequence[Any]) -> str:
    return _("%(n)d 件") % {"n": len(events)}


def _unread(page: CasePage) -> frozenset[str]:
    """The kinds of events that are not for the reader, by their role and by the other posts that they hold.

    Units read nothing that is between the desk and the citizen, or about other matters; nor does whoever works in one
    that is judged, whichever post they read under. What somebody said of the answer is for nobody near such a unit.
    """
    kept = frozenset((*DESK_ONLY, *CALLS, *SUPERVISORS_ONLY))
    if page.by.role in UNIT:
        return kept
    if kept.isdisjoint(event.kind for event in page.history):
        return frozenset()
    part = part_in(page)
    return frozenset((
        *(DESK_ONLY if part.at_work else ()),
        *(CALLS if part.near or page.by.role not in READ_CALLS else ()),
        *(SUPERVISORS_ONLY if part.near or page.by.role != Role.SUPERVISOR else ()),
    ))  # fmt: skip


def _of_desk(page: CasePage, facts: Mapping[str, Any]) -> bool:
    """A note that the desk keeps to itself."""
    return page.by.role in UNIT and facts.get("readers") == "desk"


def _of_others(page: CasePage, facts: Mapping[str, Any]) -> bool:
    """A step of supervision that concerns somebody else: talks, advice and faults are for who oversees alone."""
    if page.by.role in OVERSIGHT:
        return False
    elsewhere = page.by.role in UNIT and page.by.unit is not None and facts.get("unit") != page.by.unit.code
    return facts["rung"] in ("talk", "advice", "fault") or facts["step"] == "dismiss" or elsewhere


def told(page: CasePage, kind: str, facts: Mapping[str, Any]) -> str:
    """What the public facts of an event add to its name, in words; "" when they add nothing."""
    sentence = SENTENCES.get(kind)
    return sentence(page, facts) if sentence else ""


def _unit(code: str) -> str:
    return unit_name(code) if code else ""


def _units(codes: Iterable[str]) -> str:
    return pgettext("between names", "、").join(_unit(code) for code in codes)


def _dispatched(page: CasePage, facts: Mapping[str, Any]) -> str:
    lead = _("主办：%(unit)s") % {"unit": _unit(facts["lead"])}
    return lead + (
        _("；协办：%(units)s") % {"units": _units(facts["assisting"])} if facts.get("assisting") else ""
    )


def _moved(page: CasePage, facts: Mapping[str, Any]) -> str:
    if not facts.get("from_unit"):
        return _unit(facts.get("unit", ""))
    return _("由%(old)s改为%(new)s") % {"old": _unit(facts["from_unit"]), "new": _unit(facts["unit"])}


def _basis(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("依据：%(basis)s") % {"basis": facts.get("basis", "")}


def _days(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("%(days)d 个工作日") % {"days": facts["days"]}


def _outcome(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("结果：%(outcome)s") % {"outcome": outcome_name(facts.get("outcome", ""))}


def _told(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("%(about)s：%(how)s") % {
        "about": notice_name(facts["about"]),
        "how": telling_name(facts["how"]),
    }


def _parent(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("主案 %(number)s") % {"number": facts.get("parent", "")}


def _split(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("分出 %(number)s") % {"number": facts["child"]}


def _registered(page: CasePage, facts: Mapping[str, Any]) -> str:
    if facts.get("seconds"):
        return _("通话 %(minutes)d 分 %(seconds)d 秒") % dict(
            zip(("minutes", "seconds"), divmod(facts["seconds"], 60), strict=True)
        )
    if page.by.role in UNIT or not facts.get("split_from"):
        return ""
    return _("从 %(number)s 分出") % {"number": facts["split_from"]}


def _returned(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _units(facts.get("units", []))


def _asked(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("由%(unit)s决定") % {"unit": _unit(facts["unit"])}


def _decided(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("决定：%(decision)s") % {"decision": decision_name(facts["decision"])}


def _explained(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("%(matters)d 件，%(parties)d 人") % {"matters": facts["matters"], "parties": facts["parties"]}


def _promised_for(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("承诺的日期：%(day)s") % {"day": _day(facts["due_on"])}


def _answered(page: CasePage, facts: Mapping[str, Any]) -> str:
    said = _outcome(page, facts)
    return f"{said} · {_promised_for(page, facts)}" if facts.get("due_on") else said


def _date_moved(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("由%(old)s改为%(new)s") % {"old": _day(facts["from_day"]), "new": _day(facts["due_on"])}


def _asker(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _unit(facts.get("unit", ""))


def _bound(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("%(unit)s，最迟 %(day)s 办到") % {"unit": _unit(facts["unit"]), "day": _day(facts["act_by"])}


def _called(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("叫来：%(units)s") % {"units": _units(facts["units"])}


def _came(page: CasePage, facts: Mapping[str, Any]) -> str:
    unit = _unit(facts["unit"])
    return _("%(unit)s，迟到") % {"unit": unit} if facts.get("late") else unit


def _judged(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("%(unit)s：%(came)s") % {"unit": _unit(facts["unit"]), "came": came_name(facts["came"])}


def _reminded(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("%(unit)s，第 %(n)d 次，最迟 %(day)s") % {
        "unit": _unit(facts["unit"]),
        "n": facts["times"],
        "day": _day(facts["act_by"]),
    }


def _supervised(page: CasePage, facts: Mapping[str, Any]) -> str:
    step = f"{kind_name(facts['rung'])}：{rung_act_name(facts['rung'], facts['step'])}"
    return f"{step} · {_unit(facts['unit'])}" if facts.get("unit") else step


def _of_unit(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _unit(facts["unit"])


def _asked_peer(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("%(unit)s，最迟 %(day)s") % {"unit": _unit(facts["unit"]), "day": _day(facts["due_on"])}


def _weighed(page: CasePage, facts: Mapping[str, Any]) -> str:
    unit = _unit(facts["unit"])
    return (
        _("采纳了%(unit)s的意见") % {"unit": unit}
        if facts["stands"] == "followed"
        else (_("没有采纳%(unit)s的意见") % {"unit": unit})
    )


def _after_days(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("办结 %(days)d 天以后") % {"days": facts["days"]}


def _until_day(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("到 %(day)s") % {"day": _day(facts["until"])}


def _day(iso: str) -> str:
    return words.day(date.fromisoformat(iso))


def _service(page: CasePage, facts: Mapping[str, Any]) -> str:
    return str(EMERGENCY.get(facts["service"], facts["service"]))


def _procedure(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("%(procedure)s，到 %(day)s") % {
        "procedure": procedure_name(facts["procedure"]),
        "day": _day(facts["until"]),
    }


def _times(page: CasePage, facts: Mapping[str, Any]) -> str:
    return _("第 %(n)d 次") % {"n": facts["times"]}


SENTENCES: dict[str, Callable[[CasePage, Mapping[str, Any]], str]] = {
    **dict.fromkeys(("advise_route", "propose_termination", "confirm_termination"), _basis),
    **dict.fromkeys(("hand_over", "hand_over_and_end"), _service),
    **dict.fromkeys(("record_outcome", "settled_elsewhere"), _outcome),
    "refer_elsewhere": _procedure,
    **dict.fromkeys(("chase", "call_back"), _times),
    **dict.fromkeys(("ask_petitioner", "supply", "ask_upward", "take_question_back"), _asker),
    "answer_upward": _bound,
    "whistle": _called,
    "report_in": _came,
    "judge_whistle": _judged,
    **dict.fromkeys(("propose_suspension", "approve_suspension"), _until_day),
    "dispatch": _dispatched,
    "redispatch": _moved,
    "designate": _moved,
    "escalate": _moved,
    "take_down": _moved,
    "take_over": _moved,
    "delegate": _moved,
    "contribute": _moved,
    "coordinate": _moved,
    "instruct": _moved,
    "progress_on": _moved,
    "report_on": _moved,
    "settle_instruction": _moved,
    "ask_again": _moved,
    "remind": _reminded,
    "supervise": _supervised,
    **dict.fromkeys(("submit_entry", "accept_entry", "refuse_entry", "strike_entry"), _of_unit),
    "ask_recurrence": _after_days,
    "ask_peer": _asked_peer,
    **dict.fromkeys(("entrust_view", "give_view", "take_peer_back"), _of_unit),
    "weigh_view": _weighed,
    "object": _basis,
    "decline": _basis,
    "explain_and_close": _basis,
    "ask_extension": _days,
    "grant_extension": _days,
    "answer": _answered,
    "explain_to_all": _explained,
    "fulfil_promise": _promised_for,
    "change_promise": _date_moved,
    "give_opinion": _outcome,
    "confer_and_designate": _moved,
    "ask_review": _asked,
    "ask_rereview": _asked,
    "decide_review": _decided,
    "decide_rereview": _decided,
    "answer_at_once": _outcome,
    "record_told": _told,
    "merge": _parent,
    "split": _split,
    "register": _registered,
    "share_answer": _parent,
    "redo": _returned,
    "recall_order": _returned,
}
