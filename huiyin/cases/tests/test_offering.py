"""What is offered is worth doing: each act where things lie so that it makes sense, with the row it is about."""

from datetime import timedelta

import pytest

from huiyin.cases import actions, incidents, offering, queries
from huiyin.cases.models import Case, Notice, Order
from huiyin.cases.tests.roads import (
    MONDAY,
    accepted,
    approved,
    at,
    called,
    dispatched,
    extension_asked,
    fresh,
    grouped,
    incident,
    merge_units,
    merged,
    objected,
    registered,
    signed,
    told,
)
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db


def offers(case, by) -> list:
    """Every act that the reader is offered, with its row."""
    return offering.offered(queries.page_of(fresh(case), by))


def acts(case, by) -> set[str]:
    return {act for act, _row in offers(case, by)}


def rows_of(act, case, by) -> list:
    return [row for name, row in offers(case, by) if name == act]


def test_an_accusation_is_offered_in_reports_alone(cast):
    assert "accuse" not in acts(registered(cast), cast.clerk)
    report = registered(cast, nature=Case.Nature.REPORT)
    assert "accuse" in acts(report, cast.clerk)


def test_the_desk_asks_the_petitioner_until_a_unit_has_the_matter_then_the_unit_does(cast):
    assert rows_of("ask_petitioner", (case := registered(cast)), cast.clerk) == [case]
    order = signed(cast)
    assert rows_of("ask_petitioner", order.case, cast.clerk) == []
    assert rows_of("ask_petitioner", order.case, cast.handler) == [order]


def test_objecting_is_offered_in_time_once_in_a_round_and_not_against_what_binds(cast):
    order = dispatched(cast)
    assert rows_of("object", order.case, cast.handler) == [order]
    with at(order.objection_until):
        assert "object" in acts(order.case, cast.handler)
    with at(order.objection_until + timedelta(microseconds=1)):
        assert "object" not in acts(order.case, cast.handler)
    objection = objected(cast)
    actions.redispatch(objection, by=cast.dispatcher, unit=cast.chengguan, reason="归城管")
    again = Order.objects.get(case=objection.order.case, unit=cast.chengguan)
    assert "object" in acts(again.case, cast.handler)
    second = objected(cast)
    actions.designate(second, by=cast.dispatcher, unit=cast.chengguan, reason="会商决定")
    bound = Order.objects.get(case=second.order.case, unit=cast.chengguan)
    assert bound.binding and "sign" in acts(bound.case, cast.handler)
    assert "object" not in acts(bound.case, cast.handler)


def test_a_rejected_objection_is_not_offered_again(cast):
    objection = objected(cast)
    assert set(acts(objection.order.case, cast.dispatcher)) >= {"reject_objection", "redispatch", "designate"}
    assert rows_of("reject_objection", objection.order.case, cast.dispatcher) == [objection]
    actions.reject_objection(objection, by=cast.dispatcher, reason="归你们")
    assert "object" not in acts(objection.order.case, cast.outsider)
    assert not {"reject_objection", "redispatch", "designate"} & acts(objection.order.case, cast.dispatcher)


def test_a_request_for_time_waits_with_the_row_that_is_decided_and_once_decided_no_more(cast):
    asked = extension_asked(cast)
    assert rows_of("grant_extension", asked.order.case, cast.reviewer) == [asked]
    assert rows_of("refuse_extension", asked.order.case, cast.reviewer) == [asked]
    actions.refuse_extension(asked, by=cast.reviewer, reason="不必等")
    assert not {"grant_extension", "refuse_extension"} & acts(asked.order.case, cast.reviewer)


def test_whistling_is_offered_to_streets_and_communities_alone(cast):
    order = Order.objects.get(case=called(cast).case, unit=cast.community)
    assert rows_of("whistle", order.case, cast.community_handler) == [order]
    assert "whistle" not in acts(signed(cast).case, cast.handler)


def test_a_successor_takes_over_only_from_a_unit_that_is_no_more(cast):
    order = signed(cast)
    assert rows_of("escalate", order.case, cast.dispatcher) == [order]
    assert rows_of("take_over", order.case, cast.dispatcher) == []
    cast.chengguan.valid_to = clock.local_date(MONDAY)
    cast.chengguan.save()
    assert rows_of("take_over", order.case, cast.dispatcher) == []  # its last day is its own
    cast.chengguan.valid_to -= timedelta(days=1)
    cast.chengguan.save()
    assert rows_of("take_over", order.case, cast.dispatcher) == [order]


def test_only_an_order_of_this_round_that_is_at_work_moves_to_another_unit(cast):
    case = told(cast)
    assert not {"escalate", "take_down", "take_over"} & acts(case, cast.dispatcher)


def test_telling_is_offered_for_each_notice_that_is_still_owed(cast):
    case = approved(cast)
    owed = list(Notice.objects.filter(case=case, told_at=None).order_by("pk"))
    assert owed and rows_of("record_told", case, cast.caller) == owed
    assert rows_of("record_told", told(cast), cast.caller) == []


def test_several_units_at_work_are_coordinated_and_one_is_not(cast):
    alone = signed(cast).case
    both = signed(cast, assisting=[cast.zhujian]).case
    assert "coordinate" not in acts(alone, cast.dispatcher)
    assert rows_of("coordinate", both, cast.dispatcher) == [both]


def test_the_public_is_owed_one_statement_at_a_time_and_none_about_a_report(cast):
    case = registered(cast)
    assert rows_of("owe_statement", case, cast.dispatcher) == [case]
    actions.owe_statement(case, by=cast.dispatcher)
    assert rows_of("owe_statement", case, cast.dispatcher) == []
    report = registered(cast, nature=Case.Nature.REPORT)
    assert "owe_statement" not in acts(report, cast.dispatcher)


def test_a_unit_may_open_what_the_petitioner_left_open_and_nothing_else(cast):
    assert "open_original" not in acts(signed(cast).case, cast.handler)
    left_open = signed(cast, confidentiality=Case.Confidentiality.OPEN).case
    assert rows_of("open_original", left_open, cast.handler) == [left_open]
    assert "open_original" in acts(accepted(cast), cast.clerk)


def test_what_concerns_several_people_is_offered_where_there_are_several(cast):
    alone, several = registered(cast), grouped(cast)
    assert not {"leave", "appoint_spokespersons", "open_private", "end_agency"} & acts(alone, cast.clerk)
    assert {"leave", "appoint_spokespersons", "open_private"} <= acts(several, cast.clerk)
    assert "end_agency" in acts(several, cast.clerk)  # the first member has somebody who acts for them


def test_an_incident_is_declared_once_and_never_of_a_report(cast):
    case = registered(cast)
    assert rows_of("declare_incident", case, cast.dispatcher) == [case]
    assert not {"end_incident", "explain_to_all"} & acts(case, cast.dispatcher)
    running = incident(cast)
    assert "declare_incident" not in acts(running, cast.dispatcher)
    assert rows_of("end_incident", running, cast.dispatcher) == [running]
    assert rows_of("explain_to_all", running, cast.dispatcher) == [running]


@pytest.mark.parametrize(
    ("act", "lies", "makes_sense"),
    [
        ("declare_incident", {}, True),
        ("declare_incident", {"incident": True}, False),
        ("declare_incident", {"nature": "report"}, False),
        ("end_incident", {}, False),
        ("end_incident", {"incident": True}, True),
        ("explain_to_all", {}, False),
        ("explain_to_all", {"incident": True}, True),
        ("close", {}, True),
    ],
)
def test_acts_about_incidents_make_sense_as_the_case_lies(act, lies, makes_sense):
    assert incidents.fits(act, Case(**{"nature": "complaint", **lies}), gathered=False) is makes_sense


def test_whoever_gathered_calls_may_explain_to_all_of_them(cast):
    parent = merged(cast).parent
    assert incidents.fits("explain_to_all", parent, gathered=True)
    assert "explain_to_all" in acts(parent, cast.dispatcher)


def test_the_row_of_a_reader_decides_whether_an_act_about_it_is_theirs(cast):
    order = signed(cast)
    page, other = queries.page_of(order.case, cast.handler), queries.page_of(order.case, cast.dispatcher)
    assert offering.permitted(page, "answer", order)
    assert not offering.permitted(other, "answer", order)


def test_an_heir_acts_through_its_own_order_before_one_that_came_to_it(cast):
    order = dispatched(cast, assisting=[cast.zhujian], confidentiality="open")
    mine = order.case.orders.get(unit=cast.zhujian)
    merge_units(cast.chengguan, into=cast.zhujian)
    page = queries.page_of(fresh(order.case), cast.zhujian_handler)
    assert [row.unit for row in page.own_orders()] == [cast.zhujian, cast.chengguan]
    assert offering.through(page, "open_original") == mine
    assert offering.through(page, "call") == mine, "none allows it yet: the refusal tells of its own"
    assert offering.through(queries.page_of(fresh(order.case), cast.clerk), "call") is None


def test_an_heir_calls_through_the_order_that_came_where_its_own_is_not_signed(cast):
    order = signed(cast, assisting=[cast.zhujian], confidentiality="open")
    merge_units(cast.chengguan, into=cast.zhujian)
    page = queries.page_of(fresh(order.case), cast.zhujian_handler)
    assert offering.through(page, "call") == order and "call" in dict(offering.offered(page))
