"""请诉求人补充: the clocks wait for the petitioner, for a bounded time; answered, lapsed, or overtaken by events."""

from datetime import timedelta

import pytest

from huiyin.cases import actions, tasks
from huiyin.cases.models import Case, Notice, Order, Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    TWO,
    accepted,
    answered,
    asked_petitioner,
    at,
    denied,
    dispatched,
    extension_asked,
    fresh,
    one_event,
    party_of,
    refused,
    registered,
    signed,
)
from huiyin.deadlines.models import Clock, Pause, Policy
from huiyin.deadlines.tasks import sweep
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation import remembering

pytestmark = pytest.mark.django_db
BREATH = timedelta(microseconds=1)
READ = Permit(holder="test", purpose=Purpose.WORK)


def ask(order, by, said="请写明是几号楼"):
    return actions.ask_petitioner(order.case, by=by, said=said, order=order)


def clocks_of(case) -> list[Clock]:
    return [Round.objects.get(case=case, number=case.round).clock,
            *(order.clock for order in Order.objects.filter(case=case).order_by("pk"))]  # fmt: skip


# -- asking ----------------------------------------------------------------------------------------------------
def test_asking_lets_every_clock_stand_and_tells_every_party(cast):
    order = signed(cast, parties=TWO)
    with one_event(order.case, "ask_petitioner", cast.handler):
        row = ask(order, cast.handler)
    # five working days from Monday: to the end of the next Monday in Shanghai
    assert (row.state, row.kind, row.until) == ("open", "supplement", MONDAY + 7 * DAY + timedelta(hours=15))
    assert row.words.open(READ) == "请写明是几号楼"
    case = fresh(order.case)
    assert [clock.state for clock in clocks_of(case)] == ["paused", "paused"]
    assert case.due_at == fresh(order).due_at == row.until
    assert {pause.reason for pause in Pause.objects.all()} == {"awaiting_petitioner"}
    assert [n.about for n in Notice.objects.filter(case=case)] == ["question", "question"]
    assert case.state == "handling" and case.holder_unit == cast.chengguan


@pytest.mark.parametrize("road", [registered, accepted])
def test_the_desk_asks_while_the_matter_is_still_with_it(cast, road):
    case = road(cast)
    row = actions.ask_petitioner(case, by=cast.clerk, said="请写明地点")
    assert row.order is None and fresh(case).due_at == row.until


def test_afterwards_it_is_for_the_unit_to_ask(cast):
    order = signed(cast)
    with refused("由承办单位", code="unit"):
        actions.ask_petitioner(order.case, by=cast.clerk, said="请写明地点")


def test_where_the_rule_allows_no_pause_it_is_asked_and_the_clocks_run_on(cast):
    Policy.objects.filter(step="reply").update(pauses=["hearing"])
    remembering.clear()
    order = signed(cast)
    before = fresh(order.case).due_at
    ask(order, cast.handler)
    assert [clock.state for clock in clocks_of(fresh(order.case))] == ["running", "running"]
    assert fresh(order.case).due_at == before


def test_one_question_at_a_time_and_twice_a_round(cast):
    first = asked_petitioner(cast)
    with refused("还在等", code="open"):
        ask(first.order, cast.handler)
    actions.supply(first, by=party_of(first.case), text="三号楼")
    second = ask(first.order, cast.handler, "请写明时间")
    actions.supply(second, by=party_of(first.case), text="夜里两点")
    with refused("2 次", code="times"):
        ask(first.order, cast.handler, "请写明天气")


def test_a_question_taken_back_is_not_counted(cast):
    first = asked_petitioner(cast)
    with one_event(first.case, "take_question_back", cast.handler):
        actions.take_question_back(first, by=cast.handler)
    assert fresh(first).state == "taken_back" and not Pause.objects.filter(ended_at=None).exists()
    for _more in range(2):
        actions.supply(ask(first.order, cast.handler), by=party_of(first.case), text="三号楼")


def test_nothing_is_asked_without_words_or_without_the_order_in_hand(cast):
    order, sent, done = signed(cast), dispatched(cast), answered(cast)
    with refused("要诉求人补充什么", code="missing"):
        ask(order, cast.handler, " ")
    with refused("待签收", code="state"):
        ask(sent, cast.handler)
    with refused("待审核", code="state"):
        ask(done, cast.handler)


@pytest.mark.parametrize("who", ["outsider", "caller", "reviewer", "supervisor", "citizen"])
def test_others_may_not_ask(cast, who):
    order = signed(cast)
    with denied():
        ask(order, getattr(cast, who))


# -- answering -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["party", "handler", "clerk", "caller"])
def test_the_answer_sets_the_clocks_going_and_spares_the_days(cast, who):
    order = signed(cast)
    due = [clock.due_at for clock in clocks_of(order.case)]
    row = ask(order, cast.handler)
    by = party_of(order.case) if who == "party" else getattr(cast, who)
    with at(MONDAY + 2 * DAY), one_event(row.case, "supply", by):
        actions.supply(row, by=by, text="三号楼，我电话13800000001")
    row, case = fresh(row), fresh(row.case)
    assert row.state == "answered" and row.answer.open(READ).startswith("三号楼")
    assert (row.party_id is not None) == (who == "party") == (row.answered_by is None)
    assert [clock.state for clock in clocks_of(case)] == ["running", "running"]
    # Tuesday was spared (Monday is not counted anyhow): a day more, for the order Monday instead of Friday
    assert [clock.due_at for clock in clocks_of(case)] == [due[0] + DAY, due[1] + 3 * DAY]
    assert (case.due_at, fresh(order).due_at) == tuple(clock.due_at for clock in clocks_of(case))
    assert Notice.objects.get(case=case).how == "lapsed"


def test_a_question_is_answered_once(cast):
    row = asked_petitioner(cast)
    with refused("补充的内容", code="missing"):
        actions.supply(row, by=party_of(row.case), text="")
    actions.supply(row, by=party_of(row.case), text="三号楼")
    with refused("已回复", "诉求人", code="state"):
        actions.supply(row, by=cast.handler, text="四号楼")


@pytest.mark.parametrize("who", ["outsider", "supervisor", "citizen", "representative"])
def test_others_may_not_answer_for_the_petitioner(cast, who):
    row = asked_petitioner(cast)
    with denied():
        actions.supply(row, by=getattr(cast, who), text="三号楼")


# -- time passes -----------------------------------------------------------------------------------------------
def test_when_the_bound_is_over_the_matter_goes_on_without(cast):
    row = asked_petitioner(cast)
    with at(row.until - BREATH):
        assert tasks.lapse_supplements() == 0
        with refused("还没有过", code="too_early"):
            actions.supplement_lapsed(row, by=cast.system)
    with at(row.until + DAY), one_event(row.case, "supplement_lapsed", cast.system):
        assert tasks.lapse_supplements() == 1
        assert tasks.lapse_supplements() == 0
    assert fresh(row).state == "lapsed"
    case = fresh(row.case)
    assert case.due_at == clocks_of(case)[0].due_at and clocks_of(case)[0].state == "running"
    assert Pause.objects.filter(ended_at=row.until).count() == 2


def test_a_sweep_before_the_task_does_not_quarrel_with_it(cast):
    row = asked_petitioner(cast)
    with at(row.until + BREATH):
        sweep()
        assert clocks_of(fresh(row.case))[0].state == "running"
        tasks.lapse_supplements()
    case = fresh(row.case)
    assert [case.due_at, fresh(row.order).due_at] == [clock.due_at for clock in clocks_of(case)]


def test_the_rooms_own_sweep_shows_the_new_due_time_at_once(cast):
    row = asked_petitioner(cast)
    with at(row.until + BREATH):
        assert tasks.sweep()["lifted"] == 0, "they were lifted a moment before"
        case = fresh(row.case)
        assert case.due_at == clocks_of(case)[0].due_at > row.until
        tasks.sweep()
        tasks.lapse_supplements()
    assert fresh(row).state == "lapsed" and fresh(row.case).due_at == case.due_at


# -- overtaken by events ---------------------------------------------------------------------------------------
def test_a_unit_that_answers_all_the_same_waits_no_more(cast):
    row = asked_petitioner(cast)
    with at(MONDAY + DAY):
        actions.answer(row.order, by=cast.handler, text="已查明", outcome="solved")
    assert fresh(row).state == "lapsed"
    order, case = fresh(row.order), fresh(row.case)
    assert (order.clock.state, order.clock.late, order.due_at) == ("stopped", False, order.clock.due_at)
    assert clocks_of(case)[0].state == "running" and case.due_at == clocks_of(case)[0].due_at


@pytest.mark.parametrize("act", ["withdraw", "accept", "decline", "merge", "answer_at_once"])
def test_whoever_takes_the_matter_further_goes_on_without(cast, act):
    case, other = registered(cast), registered(cast)
    row = actions.ask_petitioner(case, by=cast.clerk, said="请写明地点")
    {
        "withdraw": lambda: actions.withdraw(case, by=party_of(case)),
        "accept": lambda: actions.accept(case, by=cast.clerk, category=cast.night_noise),
        "decline": lambda: actions.decline(case, by=cast.clerk, reason=cast.no_duty),
        "merge": lambda: actions.merge(case, into=other, by=cast.clerk),
        "answer_at_once": lambda: actions.answer_at_once(case, by=cast.clerk, text="已说明"),
    }[act]()
    assert fresh(row).state == "lapsed" and not Pause.objects.filter(ended_at=None).exists()
    case = fresh(case)
    assert case.due_at == Round.objects.get(case=case).clock.due_at
    assert case.state != Case.State.REGISTERED


def test_another_units_order_that_moves_leaves_the_question_open(cast):
    row = asked_petitioner(cast, assisting=[cast.zhujian])
    helper = Order.objects.get(case=row.case, unit=cast.zhujian)
    actions.sign(helper, by=cast.zhujian_handler)
    assert fresh(row).state == "open" and fresh(helper).clock.state == "paused"


def test_no_extension_is_granted_while_time_stands(cast):
    asked = extension_asked(cast)
    ask(asked.order, cast.handler)
    with refused("正在暂停", code="paused"):
        actions.grant_extension(asked, by=cast.dispatcher)


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    order = signed(cast)
    with django_assert_max_num_queries(20):
        ask(order, cast.handler)
