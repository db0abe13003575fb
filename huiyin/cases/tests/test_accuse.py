"""列为被举报方: whom a report is about is shut out before it is dispatched."""

import pytest

from huiyin.cases import access, actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import accepted, denied, fresh, merge_units, one_event, refused, registered

pytestmark = pytest.mark.django_db
REPORT = {"nature": Case.Nature.REPORT}


def test_a_named_unit_sees_nothing_of_it_and_cannot_be_given_it(cast):
    case = accepted(cast, **REPORT)
    with one_event(case, "accuse", cast.clerk):
        actions.accuse(case, by=cast.clerk, unit=cast.chengguan)
    assert not access.sees(cast.handler, case) and not access.sees(cast.squad_handler, case)
    with refused("被举报单位", code="accused"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)


def test_a_named_person_is_shut_out_under_whichever_post(cast):
    case = registered(cast, **REPORT)
    actions.accuse(case, by=cast.clerk, unit=cast.weijian, person=cast.two_hats_at_weijian.post)
    assert not access.sees(cast.two_hats, case) and access.sees(cast.clerk, case)


def test_a_report_on_the_desk_goes_to_the_supervising_unit(cast):
    case = registered(cast, **REPORT)
    actions.accuse(case, by=cast.supervisor, unit=cast.centre)
    after = fresh(case)
    assert (after.desk, after.holder_unit, after.holder_role) == (cast.duban, cast.duban, "supervisor")
    assert not access.sees(cast.clerk, case)


def test_nobody_names_their_own_unit(cast):
    case = registered(cast, **REPORT)
    with refused("督办机构", code="accused"):
        actions.accuse(case, by=cast.clerk, unit=cast.centre)


def test_only_a_report_has_an_accused(cast):
    case = registered(cast)
    with refused("只有举报", code="nature"):
        actions.accuse(case, by=cast.clerk, unit=cast.chengguan)


def test_naming_twice_is_refused(cast):
    case = registered(cast, **REPORT)
    actions.accuse(case, by=cast.clerk, unit=cast.chengguan)
    with refused("已经列为", code="known"):
        actions.accuse(case, by=cast.clerk, unit=cast.chengguan)


def test_a_unit_that_has_the_order_in_hand_is_taken_off_it_first(cast):
    case = registered(cast, points=["一、夜间噪声", "二、油烟"], **REPORT)
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    first = case.points.order_by("ordinal").first()
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[first])
    with refused("先改派", code="in_hand"):
        actions.accuse(case, by=cast.clerk, unit=cast.chengguan)


def test_units_do_not_name_anybody(cast):
    case = registered(cast, **REPORT)
    with denied():
        actions.accuse(case, by=cast.outsider, unit=cast.chengguan)


def test_what_was_told_a_unit_that_is_shut_out_the_desk_reports_on(cast):
    case = registered(cast, **REPORT)
    row = actions.instruct(case, by=cast.supervisor, unit=cast.centre, text="三天内核实", days=2)
    actions.accuse(case, by=cast.supervisor, unit=cast.centre)
    assert fresh(row).unit == fresh(case).desk == cast.duban
    actions.report_on(fresh(row), by=cast.supervisor, text="已核实")


def test_where_desk_and_supervision_are_both_accused_nobody_here_can_handle_it(cast):
    case = registered(cast, **REPORT)
    actions.accuse(case, by=cast.supervisor, unit=cast.centre)
    with refused("上级机关", code="supervision"):
        actions.accuse(case, by=cast.system, unit=cast.duban)


def test_the_person_stands_in_the_exclusion_and_not_their_unit_alone(cast):
    case = registered(cast, **REPORT)
    actions.accuse(case, by=cast.clerk, unit=cast.weijian, person=cast.outsider.post)
    row = case.exclusions.get()
    assert (row.unit, row.user) == (cast.weijian, cast.outsider.user)


def test_where_somebody_was_named_overseers_read_what_was_told_of_a_nameless_one(cast):
    somebody = PartyIn(role="respondent", private="一名姓王的干部")
    told = {"parties": [PartyIn(name="甲"), somebody], "accused_units": [cast.weijian]}
    named = registered(cast, **REPORT, **told)
    assert access.sees(cast.supervisor, named)
    nameless = registered(
        cast, **REPORT, parties=[PartyIn(name="甲"), PartyIn(role="member", private="三万")]
    )
    assert access.sees(cast.supervisor, nameless), "a member's own amounts accuse nobody"


def test_whoever_followed_the_named_unit_is_no_desk_of_it_either(cast):
    case = registered(cast, **REPORT)
    row = actions.instruct(case, by=cast.supervisor, unit=cast.centre, text="三天内核实", days=2)
    merge_units(cast.weijian, into=cast.centre)
    actions.accuse(case, by=cast.supervisor, unit=cast.weijian)
    assert fresh(row).unit == fresh(case).desk == cast.duban
    merge_units(cast.zhujian, into=cast.duban)
    with refused("上级机关", code="supervision"):
        actions.accuse(case, by=cast.system, unit=cast.zhujian)


def test_whoever_followed_the_named_unit_is_taken_off_the_order_first(cast):
    case = registered(cast, points=["一、夜间噪声", "二、油烟"], **REPORT)
    actions.accept(case, by=cast.clerk, category=cast.property)
    first = case.points.order_by("ordinal").first()
    actions.dispatch(case, by=cast.dispatcher, lead=cast.zhujian, points=[first])
    merge_units(cast.chengguan, into=cast.zhujian)
    with refused("住建局", "先改派", code="in_hand"):
        actions.accuse(case, by=cast.clerk, unit=cast.chengguan)
