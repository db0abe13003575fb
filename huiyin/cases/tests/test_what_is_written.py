"""What the ledger keeps of each act: the names of its public facts, and a digest of exactly the words that were said.

Whoever reads the public record, today or in thirty years, finds a fact under the name listed here; and whoever holds a
text can show that it is the one that was said then, for the event commits to it under a name of its own. The rows say
when it was and who of the office did it, both or neither.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huiyin.accounts.roles import UNIT
from huiyin.cases import actions
from huiyin.cases.models import Case, Instruction, Order, ReleasedTitle
from huiyin.cases.pens import subject_of
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.attempts import ATTEMPTS, FILE, READABLE, Attempt
from huiyin.cases.tests.roads import DAY, MONDAY, at, everything, fresh
from huiyin.cases.words import digest
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.models import Event
from huiyin.ledger.queries import latest
from huiyin.ledger.writing import private_facts
from huiyin.organisation.actors import Actor
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Row = dict[str, Any]
MINUTE = timedelta(minutes=1)
WORK = Permit(holder="test", purpose=Purpose.WORK)
PETITION_ACTS = {"record_prior_step", "ask_review", "ask_rereview", "take_review_back"}
PETITION_ACTS |= {
    "confer_and_designate",
    "hold_hearing",
    "end_hearing",
    "decide_review",
    "decide_rereview",
    "finalise",
}
LATER = {"accept_silently", "supplement_lapsed", "suspension_due"}  # what the sweep does when a time is over
PICKED = {"delegate": -1, "record_told": -1, "leave": 1, "open_private": 1, "take_down": 1, "contribute": 1}
PICKED |= {"appoint_spokespersons": 1, "decide_rereview": 1, "ask_peer": 3}

BY_ITSELF = {  # what an act ends that nobody did: a notice that lapses, a referral that is over as it begins
    *((act, "Notice.told_by_id") for act in ("unmerge", "supply", "take_question_back", "take_back")),
    *((act, "Referral.ended_by_id") for act in ("advise_route", "hand_over", "hand_over_and_end")),
    ("reject_objection", "Order.signed_by_id"),
}
AS_IT_WAS = {("correct_statement", "owed_at"), ("take_review_back", "outcome_at")}  # an earlier row's own


# -- roads that no other test needs ---------------------------------------------------------------------------
def by_its_order(road: Callable[[Cast], object]) -> Callable[[Cast], Case]:
    """The case of what hangs on one of its orders."""
    return lambda cast: road(cast).order.case  # type: ignore[attr-defined]


def beside_another(cast: Cast) -> Case:
    roads.registered(cast)
    return roads.registered(cast)


def with_help(cast: Cast) -> Case:
    order = roads.signed(cast, assisting=[cast.zhujian])
    actions.sign(Order.objects.get(case=order.case, unit=cast.zhujian), by=cast.zhujian_handler)
    return order.case


def told_by_a_leader(cast: Cast) -> Case:
    case = roads.signed(cast).case
    actions.instruct(case, by=cast.leader, unit=cast.chengguan, text="限期查明", days=2)
    return case


def reported_to_a_leader(cast: Cast) -> Case:
    row = Instruction.objects.get(case=told_by_a_leader(cast))
    actions.report_on(row, by=cast.handler, text="已查明")
    return row.case


def come_to_the_place(cast: Cast) -> Case:
    call = roads.called(cast)
    actions.report_in(call, by=cast.handler, said="两人到场")
    return call.case


def in_the_community(cast: Cast) -> Case:
    case = roads.registered(cast)
    actions.accept(case, by=cast.clerk, category=cast.stair_lights)
    actions.sign(actions.dispatch(case, by=cast.dispatcher, lead=cast.community), by=cast.community_handler)
    return case


def incident_that_the_public_was_told_of(cast: Cast) -> Case:
    case = roads.incident(cast)
    actions.make_statement(case.statements.get(), by=cast.reviewer, text="正在抢修")
    return fresh(case)


def with_a_public_title(cast: Cast) -> Case:
    case = roads.registered(cast)
    actions.release_title(case, by=cast.clerk, title="夜间噪声")
    assert ReleasedTitle.objects.filter(case=case).exists()
    return fresh(case)


def heard(cast: Cast) -> Case:
    review = petitions.asked(cast)
    actions.hold_hearing(review, by=cast.supervisor, until=petitions.SPRING + 10 * DAY, words_of="在会议室")
    return review.case


# -- the record ------------------------------------------------------------------------------------------------
# act: (road to it, who does it, its facts beside "from", "to" and "round", what was said under which name)
RECORD: dict[str, tuple[Callable[[Cast], object], str, str, dict[str, str]]] = {
    "accept": (roads.registered, "clerk", "category", {}),
    "answer_at_once": (roads.registered, "clerk", "unit outcome", {"text": "已电话说明"}),
    "decline": (roads.registered, "clerk", "reason basis released", {}),
    "contest": (roads.declined, "clerk", "", {"why": "这正是你们管的"}),
    "merge": (beside_another, "clerk", "parent", {}),
    "unmerge": (roads.merged, "clerk", "parent", {}),
    "coordinate": (with_help, "dispatcher", "unit leader", {}),
    "owe_statement": (roads.registered, "dispatcher", "due", {}),
    "make_statement": (roads.incident, "reviewer", "matters parties", {"text": "正在抢修，今晚恢复"}),
    "correct_statement": (
        roads.explained_in_public,
        "reviewer",
        "matters parties",
        {"text": "更正（抢修延长）：\n明早恢复"},
    ),
    "take_statement_back": (
        roads.explained_in_public,
        "reviewer",
        "matters parties",
        {"text": "以前的公开说明收回：不是这条路"},
    ),
    "split": (roads.registered, "clerk", "child points files", {"text": "垃圾没人清"}),
    "dispatch": (roads.accepted, "dispatcher", "lead assisting due basis", {}),
    "dispatch with help": (roads.accepted, "dispatcher", "lead assisting due basis", {}),
    "sign": (roads.dispatched, "handler", "unit part", {}),
    "accept_silently": (roads.dispatched, "system", "unit part", {}),
    "object": (roads.dispatched, "handler", "unit reason basis", {"words": "不归我们"}),
    "reject_objection": (by_its_order(roads.objected), "dispatcher", "unit binding", {"reason": "归你们"}),
    "redispatch": (
        by_its_order(roads.objected),
        "dispatcher",
        "unit from_unit binding due basis",
        {"reason": "归它"},
    ),
    "designate": (
        by_its_order(roads.objected),
        "dispatcher",
        "unit from_unit binding due basis",
        {"reason": "会商"},
    ),
    "contact": (roads.signed, "handler", "unit how outcome", {}),
    "ask_extension": (roads.signed, "handler", "unit days", {"reason": "等检测报告"}),
    "grant_extension": (by_its_order(roads.extension_asked), "dispatcher", "unit days due", {}),
    "refuse_extension": (by_its_order(roads.extension_asked), "dispatcher", "unit", {"words": "不必等"}),
    "delegate": (roads.signed, "unit_leader", "unit part person", {}),
    "contribute": (with_help, "zhujian_handler", "unit", {"text": "已协查"}),
    "escalate": (
        lambda cast: roads.dispatched(cast, lead=cast.squad),
        "dispatcher",
        "unit from_unit due basis",
        {"reason": "本级解决不了"},
    ),
    "take_down": (roads.dispatched, "dispatcher", "unit from_unit due basis", {"reason": "社区能办"}),
    "recall_order": (roads.dispatched, "dispatcher", "units", {}),
    "instruct": (roads.signed, "leader", "unit due", {"words": "限期查明"}),
    "progress_on": (told_by_a_leader, "handler", "unit", {"words": "已到现场"}),
    "report_on": (told_by_a_leader, "handler", "unit", {"words": "已查明"}),
    "settle_instruction": (reported_to_a_leader, "leader", "unit", {}),
    "ask_again": (reported_to_a_leader, "leader", "unit due", {"words": "再查"}),
    "ask_petitioner": (roads.signed, "handler", "unit until paused", {"words": "请写明楼号"}),
    "supply": (roads.asked_petitioner, "clerk", "unit", {"text": "三号楼"}),
    "supplement_lapsed": (roads.asked_petitioner, "system", "unit", {}),
    "take_question_back": (roads.asked_petitioner, "handler", "unit about", {}),
    "ask_upward": (roads.signed, "unit_leader", "unit due", {"words": "能否联合执法"}),
    "answer_upward": (roads.asked_upward, "leader", "unit act_by", {"text": "可以"}),
    "whistle": (in_the_community, "community_handler", "unit units", {"words": "三号楼下会合"}),
    "report_in": (roads.called, "handler", "unit late", {"words": "两人到场"}),
    "judge_whistle": (come_to_the_place, "community_handler", "unit came", {"words": "如此"}),
    "propose_suspension": (roads.signed, "handler", "unit until", {"plan": "等改造开工"}),
    "approve_suspension": (roads.suspension_proposed, "reviewer", "until", {}),
    "refuse_suspension": (roads.suspension_proposed, "reviewer", "", {"reason": "现在就能办"}),
    "end_suspension": (roads.suspended, "reviewer", "until", {}),
    "suspension_due": (roads.suspended, "system", "until", {}),
    "answer": (roads.signed, "handler", "unit outcome", {"text": "已约谈店主"}),
    "answer with a promise": (
        lambda cast: roads.signed(cast, nature="suggestion"),
        "handler",
        "unit outcome due_on",
        {"text": "采纳", "promise": "装路灯"},
    ),
    "answer_privately": (roads.grouped_signed, "handler", "unit party", {"text": "您家应补三万六千元"}),
    "confer_and_designate": (
        lambda cast: roads.accepted(cast, track="petition"),
        "leader",
        "unit due basis",
        {"minutes": "会上商定"},
    ),
    "record_prior_step": (petitions.signed, "clerk", "kind", {"result": "不支持"}),
    "ask_review": (petitions.told, "clerk", "unit due", {"reason": "没有查清面积"}),
    "ask_rereview": (petitions.reviewed, "clerk", "unit due", {"reason": "还是没有查"}),
    "take_review_back": (petitions.asked, "clerk", "unit level taken_back_round", {}),
    "hold_hearing": (petitions.asked, "supervisor", "unit until", {"words": "在街道会议室"}),
    "end_hearing": (heard, "supervisor", "unit due", {}),
    "decide_review": (petitions.asked, "supervisor", "unit decision", {"words": "经查"}),
    "decide_rereview": (petitions.asked_again, "leader", "unit decision", {"words": "经查"}),
    "finalise": (petitions.rereviewed, "reviewer", "because", {}),
    "ask_peer": (roads.answered, "reviewer", "unit due_on", {"question": "能不能再降噪"}),
    "take_peer_back": (roads.peer_asked, "reviewer", "unit", {}),
    "entrust_view": (roads.peer_asked, "zhujian_leader", "unit person", {}),
    "give_view": (
        roads.peer_asked,
        "zhujian_leader",
        "unit late",
        {"verdict": "solvable", "opinion": "可以加隔音", "basis": "某规范"},
    ),
    "weigh_view": (roads.peer_answered, "reviewer", "unit stands", {"reason": "已检测达标"}),
    "approve": (roads.answered, "reviewer", "", {}),
    "redo": (roads.answered, "reviewer", "cause units", {"reason": "没有写明期限"}),
    "record_told": (roads.approved, "caller", "how about", {"words": "电话告知"}),
    "close": (roads.told, "caller", "outcomes because", {}),
    "explain_and_close": (roads.told, "reviewer", "reason basis", {"words": "依法只能到这一步"}),
    "reopen": (roads.closed, "reviewer", "", {"reason": "又开始了"}),
    "withdraw": (roads.registered, "clerk", "released", {}),
    "note": (roads.registered, "clerk", "readers", {"text": "记一笔"}),
    "redact": (roads.registered, "clerk", "redacted", {"redacted": READABLE.text}),
    "call": (roads.registered, "clerk", "unit purpose", {}),
    "archive": (roads.closed, "reviewer", "", {}),
    "declare_incident": (roads.registered, "dispatcher", "due", {"reason": "水管爆裂"}),
    "end_incident": (incident_that_the_public_was_told_of, "dispatcher", "", {"reason": "已经修好"}),
    "explain_to_all": (roads.incident, "dispatcher", "matters parties", {"text": "正在抢修"}),
    "fulfil_promise": (roads.promised, "reviewer", "unit due_on", {"text": "已经建好"}),
    "change_promise": (
        roads.promised,
        "reviewer",
        "unit from_day due_on",
        {"reason": "要等招标", "promise": "改到下一年"},
    ),
    "add_party": (roads.registered, "clerk", "party role headcount", {"text": "三万元"}),
    "join": (with_a_public_title, "citizen", "party headcount", {}),
    "release_title": (roads.registered, "clerk", "", {"title": "夜间噪声"}),
    "take_title_back": (with_a_public_title, "clerk", "", {"reason": "写错了"}),
    "leave": (roads.grouped, "clerk", "party headcount", {}),
    "appoint_spokespersons": (roads.grouped, "clerk", "parties", {"said": "开会推选"}),
    "end_agency": (roads.grouped, "clerk", "party", {}),
    "tell_privately": (roads.grouped, "clerk", "party", {"text": "我家两亩"}),
    "advise_route": (roads.registered, "clerk", "reason basis released", {"body": "县人民法院"}),
    "forward": (roads.registered, "clerk", "due basis", {"body": "青山县信访局", "words": "事发地在该县"}),
    "chase": (roads.forwarded, "clerk", "times", {"words": "电话催问，答复下周"}),
    "record_receipt": (roads.forwarded, "clerk", "late", {}),
    "record_outcome": (roads.forwarded, "clerk", "unit outcome", {"text": "该县已修好"}),
    "take_back": (roads.forwarded, "clerk", "", {"reason": "该县说不归它管"}),
    "hand_over": (roads.registered, "clerk", "service", {"body": "119"}),
    "hand_over_and_end": (roads.registered, "clerk", "service released", {"body": "110"}),
    "refer_elsewhere": (roads.signed, "clerk", "procedure until", {"body": "银杏社区调解委员会"}),
    "resume_from": (roads.referred, "clerk", "", {"words": "没有谈成"}),
    "settled_elsewhere": (roads.referred, "clerk", "unit outcome", {"text": "双方已签协议"}),
    "counsel": (roads.told, "clerk", "until", {"body": "县心理协会", "words": "失眠半年"}),
    "record_counselling": (roads.counselled, "clerk", "", {"words": "谈过两次"}),
    "propose_termination": (roads.signed, "dispatcher", "reason basis", {"words": "店已搬走"}),
    "confirm_termination": (roads.to_terminate, "reviewer", "reason basis released", {"decision": "属实"}),
    "refuse_termination": (roads.to_terminate, "reviewer", "", {"decision": "店还在"}),
}


def picking(place: int) -> Callable[[list], object]:
    return lambda found: found[min(place, len(found) - 1)]


def written(cast: Cast, act: str) -> tuple[Event, Actor, list[tuple[str, Row, Row]]]:
    """The event that the act leaves, done where RECORD says; who did it; each row it wrote, before and after."""
    road, who, _facts, _said = RECORD[act]
    begun = petitions.SPRING if act in PETITION_ACTS else MONDAY
    with at(begun):
        row = road(cast)
        case = fresh(getattr(row, "case", row))
    before, by = everything(), getattr(cast, who)
    with at(begun + 40 * DAY if act in LATER else begun + MINUTE):
        assert ATTEMPTS[act](Attempt(cast, case, by, picking(PICKED.get(act, 0))))
    return latest(subject_of(case)), by, list(changes(before, everything()))


def changes(before: dict[str, list[Row]], after: dict[str, list[Row]]) -> Iterator[tuple[str, Row, Row]]:
    """Every row that is new (it was nothing) or not as it was, with the name of its model."""
    for model, rows in after.items():
        known = {row["id"]: row for row in before[model]}
        for row in rows:
            if known.get(row["id"]) != row:
                yield model, known.get(row["id"], {}), row


@pytest.mark.parametrize("act", RECORD)
def test_what_an_act_leaves_is_whole(cast, act):
    event, by, rows = written(cast, act)
    require_named_facts_and_digests(event, act)
    for model, before, row in rows:
        require_who_and_when(event, by, model, before, row)
        if not before and row.get("round") and "case_id" in row:
            assert row["round"] == Case.objects.get(pk=row["case_id"]).round, f"{model} of another round"
        if not before and "order_id" in row and by.role in UNIT:
            assert row["order_id"], f"what a unit writes hangs on its order, but this {model} does not"


def require_named_facts_and_digests(event: Event, act: str) -> None:
    """The facts have their names and none is empty; the words are committed to."""
    assert event.kind == act.partition(" ")[0]
    _road, _who, facts, said = RECORD[act]
    assert sorted(event.facts) == sorted(["from", "to", "round", *facts.split()])
    assert None not in event.facts.values()
    assert (private_facts(event, WORK) or {}) == {name: digest(text) for name, text in said.items()}


def require_who_and_when(event: Event, by: Actor, model: str, before: Row, row: Row) -> None:
    """Of what was asked, given, decided …, it is written when, and by whom of the office: now, and by who does it."""
    for moment in [name for name in row if name.endswith("_at") and name.removesuffix("at") + "by_id" in row]:
        who = moment.removesuffix("at") + "by_id"
        if (event.kind, moment) in AS_IT_WAS:
            continue
        if (row[moment], row[who]) != (before.get(moment), before.get(who)):
            doer = None if (event.kind, f"{model}.{who}") in BY_ITSELF or by.post is None else by.post.pk
            assert (in_utc(row[moment]), row[who]) == (event.occurred_at, doer), f"{model}.{moment}, {who}"
    if (
        "outcome_at" in row
        and (event.kind, "outcome_at") not in AS_IT_WAS
        and row["outcome"] != before.get("outcome", "")
    ):
        assert in_utc(row["outcome_at"]) == (event.occurred_at if row["outcome"] else None), (
            f"{model}.outcome_at"
        )


def in_utc(moment: datetime | None) -> datetime | None:
    """A moment as SQLite or PostgreSQL hands it out."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


# -- what is only sometimes said, and what is kept otherwise ------------------------------------------------------
def kept(case: Case) -> dict[str, str] | None:
    return private_facts(latest(subject_of(case)), WORK)


def test_a_reason_that_nobody_has_to_give_is_kept_like_one_that_they_must(cast):
    case = roads.registered(cast, parties=roads.TWO)
    member = case.parties.get(role="member")
    actions.leave(case, by=cast.clerk, party=member, why="搬走了")
    assert kept(case) == {"why": digest("搬走了")}
    actions.withdraw(case, by=cast.clerk, why="已经解决")
    assert kept(case) == {"why": digest("已经解决")}
    child = roads.merged(cast)
    actions.unmerge(child, by=cast.clerk, reason="不是一家店")
    assert kept(child) == {"reason": digest("不是一家店")}
    emergency = roads.registered(cast)
    actions.decline(emergency, by=cast.clerk, reason=cast.no_duty, words_to_citizen="请找法院")
    assert kept(emergency) == {"words": digest("请找法院")}


def test_a_review_taken_back_keeps_why(cast):
    with at(petitions.SPRING):
        review = petitions.asked(cast)
        actions.take_review_back(review, by=cast.clerk, why="已谈妥")
        assert kept(review.case) == {"why": digest("已谈妥")}


def test_an_opinion_is_committed_to_as_the_whole_text_that_the_petitioner_gets(cast):
    with at(petitions.SPRING):
        order = petitions.given(cast)
    event = latest(subject_of(order.case))
    assert sorted(event.facts) == ["conclusion", "from", "outcome", "round", "to", "unit"]
    assert kept(order.case) == {"text": digest(order.case.answers.get().text.open(WORK))}


def test_a_file_is_committed_to_by_its_own_digest(cast):
    case = roads.registered(cast)
    actions.attach(case, by=cast.clerk, stored=FILE)
    assert kept(case) == {"file": FILE.digest}
    assert sorted(latest(subject_of(case)).facts) == ["from", "kind", "round", "size", "to"]
    party = case.parties.get()
    agent = actions.PartyIn(name="代一")
    actions.appoint_agent(case, by=cast.clerk, agent=agent, acts_for=party, authority=FILE)
    assert kept(case) == {"file": FILE.digest}
    assert latest(subject_of(case)).facts["acts_for"] == party.pk


def test_whom_a_report_accuses_stands_under_seal_alone(cast):
    case = roads.registered(cast, nature=Case.Nature.REPORT)
    actions.accuse(case, by=cast.clerk, unit=cast.chengguan)
    event = latest(subject_of(case))
    assert sorted(event.facts) == ["from", "round", "to"] and kept(case) == {"unit": "chengguan"}


def test_why_somebody_looked_stands_there_in_words_for_whoever_it_is_about(cast):
    case = roads.registered(cast, parties=roads.TWO)
    actions.open_original(case, by=cast.clerk, reason="核对门牌号")
    assert kept(case) == {"reason": "核对门牌号"}
    assert sorted(latest(subject_of(case)).facts) == ["from", "purpose", "round", "to", "unit"]


def test_a_matter_begins_with_its_own_words_committed_to(cast):
    case = roads.registered(cast)
    assert kept(case) == {"text": digest(roads.noise().text)}
    assert sorted(latest(subject_of(case)).facts) == sorted(
        ["from", "to", "round", "nature", "channel", "desk", "due"]
    )
