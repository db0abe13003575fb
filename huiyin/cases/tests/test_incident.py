"""突发事件: hours instead of days, calls gathered in one matter, one text for everybody."""

from datetime import timedelta

import pytest

from huiyin.cases import actions, incidents
from huiyin.cases.models import Case, Note, Notice, Order, Party, Statement
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    accepted,
    approved,
    asked_petitioner,
    at,
    closed,
    denied,
    dispatched,
    events,
    fresh,
    merged,
    noise,
    one_event,
    party_of,
    refused,
    registered,
    signed,
)
from huiyin.deadlines.models import Clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def declared(cast, case: Case | None = None) -> Case:
    case = case or registered(cast)
    actions.declare_incident(case, by=cast.dispatcher, reason="主水管爆裂")
    return fresh(case)


def gathered(cast, *, calls: int = 2) -> Case:
    """An incident with so many calls merged into it."""
    parent = declared(cast)
    for _call in range(calls):
        merged(cast, into=parent)
    return fresh(parent)


def clock_of(case: Case) -> Clock:
    return Clock.objects.get(rounds__case=case, rounds__number=fresh(case).round)


def test_declaring_brings_the_citizens_clock_forward_to_the_urgent_hours_from_now(cast):
    case = registered(cast)
    before = clock_of(case)
    with at(MONDAY + 3 * HOUR), one_event(case, "declare_incident", cast.dispatcher):
        actions.declare_incident(case, by=cast.dispatcher, reason="主水管爆裂")
    after = clock_of(case)
    assert (after.pk, after.started_at) == (before.pk, before.started_at)
    assert after.due_at == MONDAY + 27 * HOUR == fresh(case).due_at
    assert after.policy.code == "urgent-reply"
    case = fresh(case)
    assert (case.incident, case.track, case.urgency, case.state) == (
        True,
        "urgent",
        "immediate",
        "registered",
    )


def test_a_clock_that_ends_earlier_already_is_never_put_off(cast):
    case = registered(cast)
    due = clock_of(case).due_at
    with at(due - 2 * HOUR):
        declared(cast, case)
    assert clock_of(case).due_at == due == fresh(case).due_at


def test_open_orders_are_brought_forward_with_their_basis_and_later_ones_begin_in_hours(cast):
    order = signed(cast)
    with at(MONDAY + HOUR):
        declared(cast, order.case)
    order = fresh(order)
    assert order.due_at == MONDAY + 13 * HOUR == order.clock.due_at
    assert order.basis == order.clock.policy.basis
    case = declared(cast, accepted(cast))
    later = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    assert later.due_at == MONDAY + 12 * HOUR


def test_a_statement_is_owed_under_its_own_clock(cast):
    case = declared(cast)
    owed = Statement.objects.get(case=case)
    assert (owed.state, owed.round, owed.owed_by) == ("owed", 1, cast.dispatcher.post)
    assert owed.clock.due_at == MONDAY + 2 * HOUR and owed.clock.step == "statement"


def test_the_reason_of_a_declaration_is_only_a_digest_in_the_ledger(cast):
    case = declared(cast)
    event = latest(f"case:{case.number}")
    assert "爆裂" not in str(event.facts) and event.facts["due"]


@pytest.mark.parametrize("who", ["clerk", "handler", "caller", "reviewer", "administrator", "representative"])
def test_only_dispatchers_and_overseers_declare_and_end(cast, who):
    case = registered(cast)
    with denied():
        actions.declare_incident(case, by=getattr(cast, who), reason="水管")
    declared(cast, case)
    with denied():
        actions.end_incident(case, by=getattr(cast, who), reason="修好")


def test_a_supervisor_may_declare(cast):
    case = registered(cast)
    actions.declare_incident(case, by=cast.supervisor, reason="主水管爆裂")
    assert fresh(case).incident


def test_a_report_is_no_incident(cast):
    case = registered(cast, nature=Case.Nature.REPORT)
    with refused("举报", code="report"):
        actions.declare_incident(case, by=cast.dispatcher, reason="水管")


def test_declaring_twice_or_too_late_or_without_reason_is_refused(cast):
    case = declared(cast)
    with refused("已经是突发事件"):
        actions.declare_incident(case, by=cast.dispatcher, reason="水管")
    late, other = closed(cast), registered(cast)
    with refused("办结"):
        actions.declare_incident(late, by=cast.dispatcher, reason="水管")
    with refused("理由"):
        actions.declare_incident(other, by=cast.dispatcher, reason=" ")


def test_an_incident_does_not_end_while_the_public_is_owed_a_statement(cast):
    case = declared(cast)
    with refused("说明", code="statement"):
        actions.end_incident(case, by=cast.dispatcher, reason="修好了")
    Statement.objects.filter(case=case).update(state=Statement.State.MADE)
    with one_event(case, "end_incident", cast.dispatcher):
        actions.end_incident(case, by=cast.dispatcher, reason="修好了")
    assert not fresh(case).incident and fresh(case).track == "urgent"
    with refused("不是突发事件"):
        actions.end_incident(case, by=cast.dispatcher, reason="修好了")


# -- one text for everybody ---------------------------------------------------------------------------------
def test_one_text_reaches_every_party_of_the_incident_and_of_all_merged_matters(cast):
    parent = gathered(cast, calls=3)
    with one_event(parent, "explain_to_all", cast.caller):
        note = actions.explain_to_all(parent, by=cast.caller, text="正在抢修，今晚八点恢复供水。")
    owed = Notice.objects.filter(about=Notice.About.STATEMENT, told_at=None)
    children = Case.objects.filter(parent=parent)
    assert {notice.case for notice in owed} == {parent, *children} and owed.count() == 4
    assert (note.readers, note.shared, note.case) == (Note.Readers.ALL, True, parent)
    assert note.text.open(Permit("test", Purpose.VERIFY)) == "正在抢修，今晚八点恢复供水。"
    facts = latest(f"case:{parent.number}").facts
    assert (facts["matters"], facts["parties"]) == (4, 4) and "抢修" not in str(facts)


def test_numbers_of_people_are_masked_because_strangers_read_the_text(cast):
    note = actions.explain_to_all(gathered(cast), by=cast.caller, text="请联系13800000001，不要着急。")
    assert "13800000001" not in note.text.open(Permit("test", Purpose.VERIFY))


def test_somebody_who_still_waits_for_one_explanation_is_not_called_twice(cast):
    parent = gathered(cast)
    actions.explain_to_all(parent, by=cast.caller, text="正在抢修。")
    reader = Notice.objects.filter(case=parent, about="statement").get()
    actions.record_told(reader, by=party_of(parent), how="delivered")
    actions.explain_to_all(parent, by=cast.caller, text="已经修好。")
    owed = Notice.objects.filter(about="statement", told_at=None)
    assert owed.filter(case=parent).count() == 1 and owed.count() == 3


def test_it_takes_as_many_statements_for_many_callers_as_for_two(cast, django_assert_max_num_queries):
    few, many = gathered(cast), gathered(cast, calls=12)
    with django_assert_max_num_queries(60) as first:
        actions.explain_to_all(few, by=cast.caller, text="正在抢修。")
    with django_assert_max_num_queries(len(first)):
        actions.explain_to_all(many, by=cast.caller, text="正在抢修。")


def test_there_must_be_somebody_else_to_explain_to(cast):
    case = registered(cast)
    with refused("没有并入", code="alone"):
        actions.explain_to_all(case, by=cast.caller, text="正在抢修。")


@pytest.mark.parametrize("who", ["clerk", "handler", "unit_leader", "auditor"])
def test_the_explanation_is_the_desks(cast, who):
    parent = gathered(cast)
    with denied():
        actions.explain_to_all(parent, by=getattr(cast, who), text="正在抢修。")


def test_a_matter_taken_out_again_is_owed_the_explanation_no_more(cast):
    parent = gathered(cast, calls=1)
    actions.explain_to_all(parent, by=cast.caller, text="正在抢修。")
    child = Case.objects.get(parent=parent)
    actions.unmerge(child, by=cast.clerk)
    assert set(Notice.objects.filter(case=child).values_list("how", flat=True)) == {Notice.How.LAPSED}


# -- the list that entry pages show -------------------------------------------------------------------------
def test_the_incidents_that_run_are_listed_with_their_calls_newest_first(cast):
    first, second = gathered(cast, calls=2), declared(cast)
    registered(cast)
    assert [(case.pk, case.calls) for case in incidents.running(cast.clerk)] == [
        (second.pk, 0),
        (first.pk, 2),
    ]
    actions.withdraw(second, by=party_of(second))
    assert [case.pk for case in incidents.running(cast.clerk)] == [first.pk]
    assert list(incidents.running(cast.outsider)) == []


def test_each_call_costs_the_same_however_many_came_before(cast, django_assert_max_num_queries):
    parent = gathered(cast, calls=1)
    counts = []
    for _call in range(6):
        child = actions.register(noise(), by=cast.clerk).case
        with django_assert_max_num_queries(60) as taken:
            actions.merge(child, into=parent, by=cast.clerk)
        counts.append(len(taken))
    assert len(set(counts)) == 1
    assert Party.objects.filter(case__parent=parent).count() == 7
    assert events(parent).count("take_in") == 7 == fresh(parent).version - 2


def test_approving_the_incident_owes_every_caller_the_answer(cast):
    order = dispatched(cast)
    parent = declared(cast, order.case)
    for _call in range(3):
        merged(cast, into=parent)
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="水管已修好", outcome="solved")
    actions.approve(parent, by=cast.reviewer)
    assert Notice.objects.filter(about="answer", told_at=None).count() == 4
    assert Order.objects.filter(case=parent).count() == 1 and fresh(parent).state == "telling"
    assert approved(cast).state == "telling" and DAY  # the ordinary road is as it was


def test_a_clock_that_stands_for_a_question_goes_on_in_hours_and_the_question_stays(cast):
    asked = asked_petitioner(cast)
    actions.declare_incident(asked.case, by=cast.dispatcher, reason="主水管爆裂")
    case, order = fresh(asked.case), Order.objects.get(case=asked.case)
    assert case.due_at == MONDAY + timedelta(hours=24) and order.due_at == MONDAY + timedelta(hours=12)
    assert fresh(asked).state == "open"
    with at(MONDAY + timedelta(hours=1)):
        actions.supply(asked, by=party_of(case), text="三号楼")
    assert fresh(case).due_at == case.due_at and fresh(order).due_at == order.due_at
