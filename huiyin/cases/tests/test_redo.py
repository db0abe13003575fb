"""退回重办: another round for the units that answered; the rounds before stay as they were."""

from datetime import date

import pytest

from huiyin.cases import access, actions
from huiyin.cases.models import Answer, Order, Point, Round
from huiyin.cases.offering import offered
from huiyin.cases.queries import page_of
from huiyin.cases.tests import petitions
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    accepted,
    answered,
    at,
    closed,
    forwarded,
    fresh,
    one_event,
    referred,
    refused,
    registered,
    told,
)
from huiyin.deadlines.models import Clock
from huiyin.organisation import remembering
from huiyin.organisation.models import Post, Unit

pytestmark = pytest.mark.django_db


def test_before_the_citizen_was_told_their_clock_runs_on_and_the_unit_gets_a_new_order(cast):
    old = answered(cast)
    citizens = Round.objects.get(case=old.case).clock
    with at(MONDAY + DAY), one_event(old.case, "redo", cast.reviewer):
        [new] = actions.redo(old.case, by=cast.reviewer, reason="没有写明期限")
    first, second = Round.objects.filter(case=old.case).order_by("number")
    assert (first.end_state, second.cause, second.clock) == ("reviewing", "review", citizens)
    assert (fresh(citizens).state, fresh(old).state) == (Clock.State.RUNNING, "returned")
    assert (new.unit, new.person, new.round, new.clock.started_at) == (old.unit, old.person, 2, MONDAY + DAY)
    case = fresh(old.case)
    assert (case.state, case.round, case.holder_unit, case.due_at) == (
        "handling",
        2,
        cast.chengguan,
        citizens.due_at,
    )
    assert (
        Answer.objects.get(case=case).state == Answer.State.RETURNED
        and not Point.objects.get(case=case).outcome
    )


def test_after_it_was_told_and_not_solved_a_new_citizens_clock_begins(cast):
    case = told(cast)
    first = Round.objects.get(case=case)
    with at(MONDAY + DAY):
        actions.redo(case, by=cast.caller, reason="诉求人说夜里照旧")
    first, second = fresh(first), Round.objects.get(case=case, number=2)
    assert (second.cause, second.clock.started_at, second.clock.state) == (
        "unsolved",
        MONDAY + DAY,
        "running",
    )
    assert (first.clock.state, first.rating_clock.state) == (Clock.State.STOPPED, Clock.State.STOPPED)
    assert (first.end_state, first.told_at) == ("told", MONDAY) and fresh(case).due_at == second.clock.due_at
    assert Answer.objects.get(case=case).state == Answer.State.APPROVED, "it was told: it stands"


def test_a_unit_that_has_been_succeeded_gives_way_to_its_successor(cast):
    case = answered(cast).case
    Unit.objects.filter(pk=cast.chengguan.pk).update(valid_to=date(2026, 11, 3), successor=cast.weijian)
    with at(MONDAY + 3 * DAY):
        [new] = actions.redo(case, by=cast.reviewer, reason="没有写明期限")
    assert (new.unit, new.person) == (cast.weijian, cast.outsider.post)


def test_a_person_who_has_left_gives_way_to_the_liaison(cast):
    case = answered(cast).case
    Post.objects.filter(pk=cast.handler.post.pk).update(valid_to=date(2026, 11, 3))
    Unit.objects.filter(pk=cast.chengguan.pk).update(liaison=cast.unit_leader.post)
    remembering.clear()
    with at(MONDAY + 3 * DAY):
        [new] = actions.redo(case, by=cast.reviewer, reason="没有写明期限")
    assert new.person == cast.unit_leader.post


def test_what_the_desk_answered_itself_comes_back_to_the_desk_in_a_new_round(cast):
    case = registered(cast)
    actions.answer_at_once(case, by=cast.clerk, text="已电话说明")
    with at(MONDAY + DAY), one_event(case, "redo", cast.caller):
        assert actions.redo(case, by=cast.caller, reason="诉求人说没有解决") == []
    case = fresh(case)
    first, second = Round.objects.filter(case=case).select_related("clock").order_by("number")
    assert (case.state, case.holder_unit, case.holder_role) == ("registered", cast.centre, "clerk")
    assert (first.end_state, second.cause, second.clock.started_at) == ("told", "unsolved", MONDAY + DAY)
    assert case.due_at == second.clock.due_at and not Point.objects.get(case=case).outcome
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    assert actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan).round == 2


@pytest.mark.parametrize("road", [forwarded, referred])
def test_what_came_of_it_outside_goes_back_to_the_desk_too(cast, road):
    row = road(cast)
    close = actions.record_outcome if road is forwarded else actions.settled_elsewhere
    close(row, by=cast.clerk, text="对方说已办", outcome="solved")
    petitions.tell(row.case)
    actions.redo(row.case, by=cast.reviewer, reason="还是没有解决")
    assert (fresh(row.case).state, fresh(row.case).round) == ("registered", 2)
    actions.answer_at_once(row.case, by=cast.clerk, text="再次说明")


def test_the_decision_of_the_body_above_is_not_the_desks_to_send_back(cast):
    with at(petitions.SPRING):
        case = petitions.reviewed(cast)
    assert case.state == "told"
    with refused("复查、复核机关", code="decided_above"):
        actions.redo(case, by=cast.reviewer, reason="没有解决")
    page = page_of(access.find(cast.reviewer, case.number), cast.reviewer)
    assert "redo" not in {act for act, _row in offered(page)}


def test_a_closed_case_is_reopened_instead(cast):
    case = closed(cast)
    with refused("办结", "hua-mulan", code="state") as ended:
        actions.redo(case, by=cast.reviewer, reason="没说清")
    assert "重启" in ended.value.instead


def test_it_needs_a_reason(cast):
    case = answered(cast).case
    with refused("退回的理由", code="missing"):
        actions.redo(case, by=cast.reviewer, reason="")


def test_every_point_goes_back_to_its_own_unit(cast):
    case = accepted(cast, points=["限时营业", "装隔音"])
    one, two = Point.objects.filter(case=case).order_by("ordinal")
    a = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[one])
    b = actions.dispatch(case, by=cast.dispatcher, lead=cast.squad, points=[two])
    for order, by in ((a, cast.handler), (b, cast.squad_handler)):
        actions.sign(order, by=by)
        actions.answer(order, by=by, text="已办", outcome="solved")
    sent = actions.redo(case, by=cast.reviewer, reason="没有写明期限")
    assert [(o.point, o.unit) for o in sent] == [(one, cast.chengguan), (two, cast.squad)]
    assert Order.objects.filter(case=case, round=2, state="sent").count() == 2


def test_redo_takes_few_statements(cast, django_assert_max_num_queries):
    case = answered(cast).case
    with django_assert_max_num_queries(22):
        actions.redo(case, by=cast.reviewer, reason="没有写明期限")
