"""公开说明: owed under a clock, made without any person, told to every party in the same words."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Case, Note, Notice, Statement
from huiyin.cases.tests.roads import (
    TWO,
    closed,
    denied,
    fresh,
    merged,
    one_event,
    party_of,
    refused,
    registered,
    told,
)
from huiyin.deadlines.models import Clock
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
SAID = "解放路水管爆裂，正在抢修，今晚八点前恢复供水。"


def owed(cast, **more) -> Statement:
    return actions.owe_statement(registered(cast, **more), by=cast.dispatcher)


def test_it_is_owed_under_a_clock_of_its_own(cast):
    case = registered(cast)
    due = case.due_at
    with one_event(case, "owe_statement", cast.supervisor):
        row = fresh(actions.owe_statement(case, by=cast.supervisor))
    assert (row.state, row.clock.step, row.clock.state) == ("owed", "statement", Clock.State.RUNNING)
    assert fresh(case).due_at == due


def test_made_it_is_public_and_every_party_is_owed_the_same_words(cast):
    row = owed(cast, parties=TWO)
    with one_event(row.case, "make_statement", cast.reviewer):
        actions.make_statement(row, by=cast.reviewer, text=SAID)
    row = fresh(row)
    assert (row.state, row.text, row.made_by) == ("made", SAID, cast.reviewer.post)
    assert row.clock.state == Clock.State.STOPPED and row.clock.late is False
    assert Notice.objects.filter(case=row.case, about=Notice.About.STATEMENT).count() == 2
    assert Note.objects.get(case=row.case).readers == Note.Readers.ALL
    assert "水管" not in str(latest(f"case:{row.case.number}").facts)


def test_parties_of_merged_matters_are_told_too(cast):
    child = merged(cast)
    row = actions.owe_statement(fresh(child.parent), by=cast.dispatcher)
    actions.make_statement(row, by=cast.reviewer, text=SAID)
    assert Notice.objects.filter(case=child, about=Notice.About.STATEMENT).count() == 1


def test_a_petitioners_name_keeps_it_from_the_public_and_numbers_are_masked(cast):
    row = owed(cast)
    with refused("姓名", "还在", code="identity"):
        actions.make_statement(row, by=cast.reviewer, text="赵钱孙来电说水管爆裂。")
    actions.make_statement(row, by=cast.reviewer, text="抢修电话13900001111。")
    assert "13900001111" not in fresh(row).text


def test_a_report_is_never_explained_in_public(cast):
    case = registered(cast, nature=Case.Nature.REPORT)
    with refused("举报", code="report"):
        actions.owe_statement(case, by=cast.dispatcher)


def test_one_at_a_time_and_each_made_once(cast):
    row = owed(cast)
    with refused("已经欠", code="state"):
        actions.owe_statement(row.case, by=cast.dispatcher)
    actions.make_statement(row, by=cast.reviewer, text=SAID)
    with refused("已说明", code="state"):
        actions.make_statement(row, by=cast.reviewer, text=SAID)
    assert actions.owe_statement(fresh(row.case), by=cast.dispatcher).pk != row.pk


def test_it_ends_with_its_case_but_what_was_said_stays(cast):
    case = told(cast)
    row = actions.owe_statement(case, by=cast.dispatcher)
    actions.close(case, by=cast.caller)
    assert (fresh(row).state, fresh(row).clock.state) == ("lapsed", Clock.State.STOPPED)
    ended = closed(cast)
    with refused("办结", code="state"):
        actions.owe_statement(ended, by=cast.dispatcher)


@pytest.mark.parametrize("who", ["clerk", "handler", "leader", "supervisor", "citizen"])
def test_others_may_not_make_it(cast, who):
    row = owed(cast)
    with denied():
        actions.make_statement(row, by=getattr(cast, who), text=SAID)


@pytest.mark.parametrize("who", ["clerk", "reviewer", "handler", "citizen"])
def test_others_may_not_ask_for_it(cast, who):
    case = registered(cast)
    with denied():
        actions.owe_statement(case, by=getattr(cast, who))


def test_it_needs_words(cast):
    row = owed(cast)
    with refused("公开说明", code="missing"):
        actions.make_statement(row, by=cast.reviewer, text=" ")


@pytest.mark.parametrize("act", ["close", "explain_and_close"])
def test_an_incident_does_not_close_while_the_public_is_owed_a_statement(cast, act):
    case = told(cast)
    Case.objects.filter(pk=case.pk).update(incident=True)
    row = actions.owe_statement(fresh(case), by=cast.dispatcher)
    how = {"reason": cast.lawful_end, "explanation": "依法只能到此"} if act == "explain_and_close" else {}
    with refused("突发事件", "公开说明", code="statement"):
        getattr(actions, act)(fresh(case), by=cast.reviewer, **how)
    actions.make_statement(row, by=cast.reviewer, text=SAID)
    getattr(actions, act)(fresh(case), by=cast.reviewer, **how)
    assert fresh(row).state == "made"


def test_an_incident_is_not_declined_unexplained_but_its_petitioner_may_take_it_back(cast):
    case = registered(cast)
    actions.declare_incident(case, by=cast.dispatcher, reason="水管爆裂")
    with refused("公开说明", code="statement"):
        actions.decline(case, by=cast.clerk, reason=cast.no_duty)
    actions.withdraw(case, by=party_of(case))
    assert fresh(case).state == "withdrawn"
