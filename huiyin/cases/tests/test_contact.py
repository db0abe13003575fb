"""联系诉求人: a talk with the petitioner, tried or held."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Contact
from huiyin.cases.pens import subject_of
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    answered,
    approved,
    archived,
    at,
    closed,
    denied,
    dispatched,
    events,
    fresh,
    merged,
    objected,
    one_event,
    owed,
    party_of,
    refused,
    registered,
    signed,
)
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db


def call(case, by, *, outcome="reached", order=None, how="phone"):
    return actions.contact(case, by=by, how=how, outcome=outcome, said="约好周三上门", order=order)


def test_the_first_talk_is_kept_on_the_order_and_the_case_stays_where_it_is(cast):
    order = signed(cast)
    with one_event(order.case, "contact", cast.handler):
        row = call(order.case, cast.handler, order=order)
    assert row.reached and fresh(order).contacted_at == row.at and fresh(order.case).state == "handling"


def test_what_was_said_is_kept_for_whoever_works_on_the_case_and_silence_is_no_text(cast):
    case = registered(cast)
    row = fresh(call(case, cast.clerk))
    assert row.words.open(Permit(holder=cast.clerk.name, purpose=Purpose.WORK)) == "约好周三上门"
    assert (row.how, row.round, row.by, row.order) == ("phone", case.round, cast.clerk.post, None)
    told = latest(subject_of(case)).facts
    assert (told["how"], told["outcome"], told["unit"]) == ("phone", "reached", "centre")
    silent = actions.contact(case, by=cast.clerk, how="phone", outcome="missed")
    assert fresh(silent).words is None


def test_a_later_talk_does_not_change_when_the_unit_first_spoke_with_the_petitioner(cast):
    order = signed(cast)
    first = call(order.case, cast.handler, order=order)
    with at(MONDAY + DAY):
        call(order.case, cast.handler, order=order, outcome="missed")
        call(order.case, cast.handler, order=order)
    assert fresh(order).contacted_at == first.at


def test_a_missed_call_is_an_attempt_on_every_notice_still_owed(cast):
    case = approved(cast)
    call(case, cast.caller, outcome="missed")
    assert owed(case).attempts == 1 and not Contact.objects.get(case=case).reached


def test_the_parties_of_merged_and_ended_matters_can_be_called_too(cast):
    child = merged(cast)
    call(child, cast.caller, outcome="missed")
    assert owed(child).attempts == 1
    call(closed(cast), cast.caller)


def test_what_was_put_away_may_be_called_about_and_stays_put_away(cast):
    case = archived(cast)
    call(case, cast.caller)  # a promise kept next year is told by telephone too
    assert fresh(case).state == "archived"


@pytest.mark.parametrize(("how", "outcome"), [("pigeon", "reached"), ("phone", "perhaps"), ("", "")])
def test_how_and_outcome_are_chosen(cast, how, outcome):
    case = registered(cast)
    with refused("联系方式", code="contact"):
        actions.contact(case, by=cast.clerk, how=how, outcome=outcome)


def test_a_unit_calls_only_through_an_order_that_it_has_in_hand(cast):
    sent = dispatched(cast)
    with refused("待签收", code="state"):
        call(sent.case, cast.handler, order=sent)
    with denied():
        call(sent.case, cast.handler)
    lost = objected(cast)
    actions.redispatch(lost, by=cast.dispatcher, unit=cast.chengguan, reason="归城管")
    with refused("已改派", code="state"):
        call(lost.order.case, cast.outsider, order=lost.order)


def test_a_unit_does_not_call_through_the_order_of_another_case(cast):
    mine, other = signed(cast), signed(cast)
    with denied():
        call(mine.case, cast.handler, order=other)
    with refused(code="gone"):
        call(mine.case, cast.clerk, order=other)


def test_an_order_of_an_earlier_round_is_no_way_to_the_citizen(cast):
    order = answered(cast)
    actions.approve(order.case, by=cast.reviewer)
    actions.record_told(owed(order.case), by=party_of(order.case), how="delivered")
    actions.close(order.case, by=cast.caller)
    actions.reopen(order.case, by=party_of(order.case), reason="又开始了")
    with refused("以前的一轮", code="state"):
        call(order.case, cast.handler, order=order)


@pytest.mark.parametrize("who", ["outsider", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case = registered(cast)
    with denied():
        call(case, getattr(cast, who))


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    order = signed(cast)
    with django_assert_max_num_queries(11):
        call(order.case, cast.handler, order=order)


def test_it_writes_nothing_of_the_talk_into_the_ledger(cast):
    from huiyin.ledger.models import Event

    order = signed(cast)
    call(order.case, cast.handler, order=order)
    assert "周三" not in str(list(Event.objects.values_list("facts", flat=True)))
    assert events(order.case)[-1] == "contact"


def test_a_talk_through_an_order_is_written_on_that_order(cast):
    order = signed(cast)
    assert fresh(call(order.case, cast.handler, order=order)).order == order
