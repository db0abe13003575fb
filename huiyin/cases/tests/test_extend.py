"""延期: asked with a reason, granted or refused; the petitioner is told."""

from datetime import timedelta

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Notice, Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    answered,
    at,
    denied,
    dispatched,
    extension_asked,
    fresh,
    one_event,
    party_of,
    refused,
    signed,
)

pytestmark = pytest.mark.django_db
BREATH = timedelta(microseconds=1)


def ask(order, by, days=3):
    return actions.ask_extension(order, by=by, days=days, reason="要等检测报告")


def test_asking_moves_no_clock(cast):
    order = signed(cast)
    with one_event(order.case, "ask_extension", cast.handler):
        row = ask(order, cast.handler)
    assert (row.state, row.days, fresh(order).due_at) == ("asked", 3, order.due_at)


def test_granting_prolongs_the_order_and_the_citizens_clock_and_owes_the_petitioner_a_notice(cast):
    asked = extension_asked(cast)
    citizens = Round.objects.get(case=asked.order.case).clock
    with one_event(asked.order.case, "grant_extension", cast.dispatcher):
        actions.grant_extension(asked, by=cast.dispatcher)
    order, case = fresh(asked.order), fresh(asked.order.case)
    # four working days from Monday and three more: Wednesday of next week, whole
    assert order.due_at == order.clock.due_at == asked.order.due_at + 5 * DAY
    prolonged = fresh(citizens)
    assert prolonged.due_at == case.due_at == order.due_at > citizens.due_at
    assert (prolonged.started_at, prolonged.state) == (MONDAY, "running")
    assert Notice.objects.get(case=case).about == Notice.About.EXTENSION


def test_a_citizens_clock_that_ends_later_anyway_stays(cast):
    with at(MONDAY - 60 * DAY):
        asked = extension_asked(cast, track="petition")
        case = asked.order.case
        before = Round.objects.get(case=case).clock
        actions.grant_extension(asked, by=cast.dispatcher)
    assert fresh(before).due_at == before.due_at == fresh(case).due_at


def test_an_urgent_case_counts_days_of_hours(cast):
    asked = ask(signed(cast, track="urgent"), cast.handler, days=1)
    actions.grant_extension(asked, by=cast.dispatcher)
    order, case = fresh(asked.order), fresh(asked.order.case)
    assert order.due_at == MONDAY + timedelta(hours=12 + 24)
    assert case.due_at == order.due_at and Round.objects.get(case=case).clock.kind == "hours"


def test_an_urgent_case_is_prolonged_within_the_same_day_too(cast):
    from huiyin.deadlines.models import Policy
    from huiyin.organisation import remembering

    Policy.objects.filter(track="urgent", step="reply").update(amount=30)
    remembering.clear()
    asked = ask(signed(cast, track="urgent"), cast.handler, days=1)
    actions.grant_extension(asked, by=cast.dispatcher)
    assert fresh(asked.order.case).due_at == MONDAY + timedelta(hours=36)


def test_refusing_needs_a_reason_and_the_clock_runs_on(cast):
    asked = extension_asked(cast)
    with refused("不同意的理由", code="missing"):
        actions.refuse_extension(asked, by=cast.dispatcher, reason="")
    with one_event(asked.order.case, "refuse_extension", cast.dispatcher):
        actions.refuse_extension(asked, by=cast.dispatcher, reason="检测当天可出")
    assert fresh(asked).state == "refused" and fresh(asked.order).due_at == asked.order.due_at
    ask(fresh(asked.order), cast.handler)  # refused once, it may ask better


def test_who_decides_second_reads_the_first_decision(cast):
    asked = extension_asked(cast)
    actions.grant_extension(asked, by=cast.dispatcher)
    with refused("同意", "zhuge-liang", "同意延期", code="state"):
        actions.refuse_extension(asked, by=cast.reviewer, reason="检测当天可出")


@pytest.mark.parametrize("days", [0, 11])
def test_only_as_many_days_as_the_policy_allows(cast, days):
    order = signed(cast)
    with refused("1 到 10", code="days"):
        ask(order, cast.handler, days=days)


def test_once_and_before_the_deadline(cast):
    order = extension_asked(cast).order
    with refused("只能延期一次", code="once"):
        ask(order, cast.handler)
    late = signed(cast)
    with at(late.due_at + BREATH), refused("已超期", code="too_late"):
        ask(late, cast.handler)


def test_only_an_order_in_hand_is_extended(cast):
    sent, done = dispatched(cast), answered(cast)
    with refused("待签收", code="state"):
        ask(sent, cast.handler)
    with refused("待审核", code="state"):
        ask(done, cast.handler)


def test_an_extension_of_a_withdrawn_case_lapses(cast):
    asked = extension_asked(cast)
    actions.withdraw(asked.order.case, by=party_of(asked.order.case))
    assert fresh(asked).state == "lapsed"


@pytest.mark.parametrize("who", ["outsider", "dispatcher", "citizen"])
def test_others_may_not_ask(cast, who):
    order = signed(cast)
    with denied():
        ask(order, getattr(cast, who))


@pytest.mark.parametrize("who", ["handler", "unit_leader", "clerk", "citizen"])
def test_others_may_not_decide(cast, who):
    asked = extension_asked(cast)
    with denied():
        actions.grant_extension(asked, by=getattr(cast, who))
    with denied():
        actions.refuse_extension(asked, by=getattr(cast, who), reason="不行")


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    order = signed(cast)
    with django_assert_max_num_queries(11):
        ask(order, cast.handler)


def test_granting_takes_few_statements(cast, django_assert_max_num_queries):
    asked = extension_asked(cast)
    with django_assert_max_num_queries(19):
        actions.grant_extension(asked, by=cast.dispatcher)


def test_what_was_decided_is_not_decided_again(cast):
    asked = extension_asked(cast)
    actions.refuse_extension(asked, by=cast.reviewer, reason="不必等")
    for act, more in ((actions.grant_extension, {}), (actions.refuse_extension, {"reason": "不必等"})):
        with refused("延期申请现在是", code="state"):
            act(asked, by=cast.reviewer, **more)
