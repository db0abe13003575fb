"""另循程序: every clock stands still until a day; then, or with the outcome, the matter goes on or is answered."""

from datetime import timedelta

import pytest

from huiyin.cases import actions, tasks
from huiyin.cases.models import Answer, Case, Notice, Order, Point, Round
from huiyin.cases.pausing import end_of
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    accepted,
    answered,
    at,
    denied,
    dispatched,
    events,
    fresh,
    objected,
    one_event,
    party_of,
    referred,
    refused,
    registered,
    signed,
)
from huiyin.deadlines.models import Clock, Pause, Policy
from huiyin.deadlines.tasks import sweep
from huiyin.kernel.clock import local_date
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
TODAY = local_date(MONDAY)
WEEK = TODAY + 7 * DAY
BODY = "银杏社区调解委员会"
TWO_POINTS = {"points": ["限时营业", "装隔音"]}


def refer(case, by, **more):
    return actions.refer_elsewhere(
        case, by=by, **{"procedure": "mediation", "body": BODY, "until": WEEK, **more}
    )


def read(sealed):
    return sealed.open(Permit(holder="test", purpose=Purpose.WORK))


def clocks_of(case):
    return [Round.objects.get(case=case).clock, *[order.clock for order in Order.objects.filter(case=case)]]


# -- resting -------------------------------------------------------------------------------------------------
def test_it_rests_with_the_clerk_and_every_clock_stands_still_until_the_day(cast):
    case = signed(cast).case
    with one_event(case, "refer_elsewhere", cast.clerk):
        row = refer(case, cast.clerk, said="双方愿意调解")
    case = fresh(case)
    assert (case.state, case.holder_unit, case.holder_role) == ("referred", cast.centre, "clerk")
    assert (row.kind, row.procedure, row.body, read(row.words)) == (
        "elsewhere",
        "mediation",
        BODY,
        "双方愿意调解",
    )
    assert {clock.state for clock in clocks_of(case)} == {Clock.State.PAUSED}
    assert {pause.reason for pause in Pause.objects.all()} == {Pause.Reason.ELSEWHERE}
    assert case.due_at == row.until == Order.objects.get(case=case).due_at and row.until == end_of(WEEK)
    assert Notice.objects.get(case=case).about == Notice.About.REFERRAL
    facts = latest(f"case:{case.number}").facts
    assert (facts["procedure"], facts["until"]) == ("mediation", WEEK.isoformat())
    assert BODY not in str(facts) and "愿意" not in str(facts)


def test_a_hearings_time_is_paused_as_a_hearing(cast):
    refer(accepted(cast), cast.dispatcher, procedure="hearing", body="县听证办")
    assert Pause.objects.get().reason == Pause.Reason.HEARING


def test_a_policy_that_knows_no_such_pause_refuses_it(cast):
    Policy.objects.filter(step="order").update(pauses=["hearing"])
    case = signed(cast).case
    with refused("不能因“另循程序”暂停", code="pause"):
        refer(case, cast.clerk)


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_the_day_lies_ahead_and_within_what_the_place_allows(cast, days):
    case = accepted(cast)
    with refused("最长 365 天", code="until"):
        refer(case, cast.clerk, until=TODAY + days * DAY)


def test_procedure_and_body_must_be_named(cast):
    case = accepted(cast)
    with refused("请选择另循的程序", code="procedure"):
        refer(case, cast.clerk, procedure="magic")
    with refused("请填写去处", code="missing"):
        refer(case, cast.clerk, body="")


def test_an_objection_is_adjudicated_first(cast):
    case = objected(cast).order.case
    with refused("先裁定", code="objected"):
        refer(case, cast.clerk)


@pytest.mark.parametrize("road", [registered, lambda cast: answered(cast).case])
def test_what_nobody_works_on_is_not_referred(cast, road):
    case = road(cast)
    with refused("不能再另循程序", code="state"):
        refer(case, cast.clerk)


@pytest.mark.parametrize("who", ["handler", "caller", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case, row = signed(cast).case, referred(cast)
    by = getattr(cast, who)
    for attempt in (
        lambda: refer(case, by),
        lambda: actions.resume_from(row, by=by, said="没有谈成"),
        lambda: actions.settled_elsewhere(row, by=by, text="签了", outcome="solved"),
    ):
        with denied():
            attempt()


# -- going on ------------------------------------------------------------------------------------------------
def test_it_goes_back_to_its_unit_and_the_days_spared_are_not_counted(cast):
    order = signed(cast)
    case, due = fresh(order.case), order.due_at
    row = refer(case, cast.clerk)
    with at(MONDAY + 2 * DAY), one_event(case, "resume_from", cast.clerk):
        actions.resume_from(row, by=cast.clerk, said="没有谈成，双方各执一词")
    case, order, row = fresh(case), fresh(order), fresh(row)
    assert (case.state, case.holder_unit, order.state) == ("handling", cast.chengguan, "signed")
    assert {clock.state for clock in clocks_of(case)} == {Clock.State.RUNNING}
    assert (
        order.due_at == order.clock.due_at > due and case.due_at == Round.objects.get(case=case).clock.due_at
    )
    assert (row.ended_at, read(row.outcome)) == (MONDAY + 2 * DAY, "没有谈成，双方各执一词")


def test_it_goes_back_to_the_dispatcher_while_a_point_waits_for_a_unit(cast):
    case = accepted(cast, **TWO_POINTS)
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[case.points.first()])
    row = refer(case, cast.clerk)
    actions.resume_from(row, by=cast.clerk, said="没有谈成")
    assert (fresh(case).state, fresh(case).holder_role) == ("accepted", "dispatcher")
    assert Order.objects.get(case=case).state == "sent"


def test_a_unit_loses_no_time_to_object(cast):
    order = dispatched(cast)
    until = order.objection_until
    row = refer(order.case, cast.clerk)
    with at(MONDAY + 5 * DAY):
        assert tasks.accept_silence() == 0
        actions.resume_from(row, by=cast.clerk, said="没有谈成")
        assert fresh(order).objection_until == until + 5 * DAY
        assert tasks.accept_silence() == 0 and fresh(order).state == "sent"


def test_people_say_with_what_outcome_it_goes_on(cast):
    row = referred(cast)
    with refused("请填写结果", code="missing"):
        actions.resume_from(row, by=cast.clerk)
    actions.resume_from(row, by=cast.clerk, said="没有谈成")
    with refused("办理中", code="state"):
        actions.resume_from(row, by=cast.clerk, said="没有谈成")


@pytest.mark.parametrize("swept", [True, False], ids=["pauses lifted first", "resumed first"])
def test_on_the_day_it_goes_on_by_itself_whichever_task_runs_first(cast, swept):
    row = referred(cast)
    with at(row.until - timedelta(minutes=1)):
        assert tasks.resume_elsewhere() == 0
    with at(row.until + timedelta(hours=1)):
        if swept:
            sweep()
        assert tasks.resume_elsewhere() == 1
        assert tasks.resume_elsewhere() == 0
    case = fresh(row.case)
    order = Order.objects.get(case=case)
    assert (case.state, case.holder_unit, events(case)[-1]) == ("handling", cast.chengguan, "resume_from")
    assert case.due_at == Round.objects.get(case=case).clock.due_at and order.due_at == order.clock.due_at
    assert fresh(row).outcome is None and fresh(row).ended_at


def test_the_program_does_not_resume_before_the_day(cast):
    row = referred(cast)
    with refused("还没有到", code="too_early"):
        actions.resume_from(row, by=cast.system)


# -- settled -------------------------------------------------------------------------------------------------
def test_settled_elsewhere_its_outcome_is_the_answer_and_the_orders_end(cast):
    row = referred(cast)
    with at(MONDAY + 3 * DAY), one_event(row.case, "settled_elsewhere", cast.clerk):
        actions.settled_elsewhere(row, by=cast.clerk, text="双方签了调解协议", outcome="solved")
    case = fresh(row.case)
    assert (case.state, case.holder_role) == ("telling", "caller")
    answer, order = Answer.objects.get(case=case), Order.objects.get(case=case)
    assert (answer.unit, answer.state, read(answer.text)) == (cast.centre, "approved", "双方签了调解协议")
    assert order.state == "cancelled" and order.clock.state == Clock.State.STOPPED
    assert order.due_at == order.clock.due_at and Point.objects.get(case=case).outcome == "solved"
    assert Round.objects.get(case=case).clock.state == Clock.State.RUNNING, "until the citizen is told"
    with refused("请选择办理结果", code="outcome"):
        actions.settled_elsewhere(row, by=cast.clerk, text="好了", outcome="fine")


def test_withdrawn_meanwhile_nothing_runs_on(cast):
    row = referred(cast)
    actions.withdraw(row.case, by=party_of(row.case))
    case = fresh(row.case)
    assert case.state == "withdrawn" and fresh(row).ended_at
    assert not Clock.objects.filter(subject=case.number).exclude(state=Clock.State.STOPPED).exists()
    assert Case.objects.get(pk=case.pk).due_at == Round.objects.get(case=case).clock.due_at
