"""Standing tasks: each begins at its own instant and no sooner, goes page by page, and leaves what is settled."""

from datetime import timedelta

import pytest

from huiyin.cases import actions, succession, tasks
from huiyin.cases.models import Order
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import DAY, MONDAY, at, fresh
from huiyin.kernel import clock
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def test_silence_is_acceptance_once_the_last_instant_to_object_has_passed(cast):
    order = roads.dispatched(cast)
    with at(order.objection_until):
        assert tasks.accept_silence() == 0
    with at(order.objection_until + MOMENT):
        assert tasks.accept_silence() == 1 and tasks.accept_silence() == 0
    assert fresh(order).state == "signed" and latest(f"case:{order.case.number}").actor == "system:worker"


def test_a_question_lapses_at_the_end_of_its_time(cast):
    question = roads.asked_petitioner(cast)
    with at(question.until - MOMENT):
        assert tasks.lapse_supplements() == 0
    with at(question.until):
        assert tasks.lapse_supplements() == 1 and tasks.lapse_supplements() == 0
    assert fresh(question).state == "lapsed"


def test_a_question_upward_does_not_lapse_with_the_petitioners(cast):
    question = roads.asked_upward(cast)
    with at(question.until + 30 * DAY):
        assert tasks.lapse_supplements() == 0


def test_a_suspended_matter_is_taken_up_on_the_day_after_its_last(cast):
    row = roads.suspended(cast)
    with at(MONDAY + (row.until - clock.local_date(MONDAY)).days * DAY):
        assert tasks.end_suspensions() == 0
    with at(MONDAY + ((row.until - clock.local_date(MONDAY)).days + 1) * DAY):
        assert tasks.end_suspensions() == 1 and tasks.end_suspensions() == 0
    assert fresh(row.case).state == "handling"


def test_what_waits_for_another_procedure_goes_on_when_its_time_is_over(cast):
    row = roads.referred(cast)
    with at(row.until):
        assert tasks.resume_elsewhere() == 0
    with at(row.until + MOMENT):
        assert tasks.resume_elsewhere() == 1 and tasks.resume_elsewhere() == 0
    assert fresh(row.case).state == "handling"


def test_a_hearing_ends_at_its_hour(cast):
    with at(petitions.SPRING):
        review = petitions.asked(cast)
        until = petitions.SPRING + 5 * DAY
        actions.hold_hearing(review, by=cast.supervisor, until=until, words_of="在街道会议室")
    with at(until - MOMENT):
        assert tasks.end_hearings() == 0
    with at(until):
        assert tasks.end_hearings() == 1 and tasks.end_hearings() == 0


def close_unit(unit, *, successor=None) -> None:
    unit.valid_to, unit.successor = clock.local_date(MONDAY), successor
    unit.save()


def test_a_closed_units_orders_go_to_its_successor_after_its_last_day(cast):
    orders = [roads.signed(cast), roads.dispatched(cast)]
    other = roads.dispatched(cast, lead=cast.weijian)
    close_unit(cast.chengguan, successor=cast.zhujian)
    assert not succession.left_behind().exists() and tasks.take_over_left_behind() == 0
    with at(MONDAY + DAY):
        assert set(succession.left_behind()) == set(orders)
        assert tasks.take_over_left_behind() == 2 and tasks.take_over_left_behind() == 0
    assert {fresh(order).state for order in orders} == {"succeeded"} and fresh(other).state == "sent"
    assert Order.objects.filter(unit=cast.zhujian, state="sent").count() == 2


def test_nobody_takes_over_from_a_closed_unit_that_names_no_successor(cast):
    order = roads.signed(cast)
    close_unit(cast.chengguan)
    with at(MONDAY + DAY):
        assert not succession.left_behind().exists() and tasks.take_over_left_behind() == 0
    assert fresh(order).state == "signed"


def test_all_that_a_unit_has_open_is_handed_on_one_by_one_and_what_stays_says_why(cast, monkeypatch):
    monkeypatch.setattr(succession, "AT_ONCE", 2)
    orders = [roads.signed(cast) for _each in range(4)]
    barred = roads.signed(cast)
    barred.case.exclusions.create(unit=cast.weijian)
    done = roads.answered(cast)
    close_unit(cast.chengguan)
    with at(MONDAY + DAY):
        found = list(succession.take_over_all(cast.chengguan, by=cast.dispatcher, to=cast.weijian))
    assert [order.pk for order, _why in found] == [order.pk for order in [*orders, barred]]
    assert [why.code if why else "" for _order, why in found] == ["", "", "", "", "accused"]
    assert fresh(barred).state == "signed" and fresh(done).state == "answered"


def test_tasks_go_page_by_page_to_the_last(cast, monkeypatch):
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    orders = [roads.dispatched(cast) for _each in range(5)]
    with at(max(order.objection_until for order in orders) + MOMENT):
        assert tasks.accept_silence() == 5
