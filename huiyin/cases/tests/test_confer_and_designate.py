"""联席会议指定: the overseers name a unit before any objection, and bind it."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Order
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import denied, fresh, one_event, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_spring(_on_monday):
    """Everything ends in a year whose calendar is known."""
    with roads.at(petitions.SPRING):
        yield


def confer(case, by, unit):
    return actions.confer_and_designate(case, by=by, unit=unit, minutes="会上商定由城管局牵头")


def test_every_waiting_point_goes_to_the_named_unit_which_is_bound(cast):
    case = roads.accepted(cast, **petitions.PETITION, points=["补偿", "安置"])
    with one_event(case, "confer_and_designate", cast.supervisor):
        orders = confer(case, cast.supervisor, cast.chengguan)
    case = fresh(case)
    assert (case.state, case.holder_unit, len(orders)) == ("handling", cast.chengguan, 2)
    assert all(order.binding and order.state == "sent" for order in Order.objects.filter(case=case))
    with refused("指定承办", code="binding"):
        actions.object_to(orders[0], by=cast.handler, reason=cast.not_ours, explanation="不归我们")


def test_a_unit_whose_duty_list_forbids_it_is_not_named(cast):
    case = roads.accepted(cast, **petitions.PETITION)
    with refused("职责清单", code="duty_list"):
        confer(case, cast.leader, cast.community)


def test_the_desk_and_units_do_not_confer(cast):
    case = roads.accepted(cast, **petitions.PETITION)
    for who in (cast.dispatcher, cast.clerk, cast.outsider):
        with denied():
            confer(case, who, cast.chengguan)


def test_what_is_with_a_unit_already_is_not_conferred_on(cast):
    order = petitions.signed(cast)
    with refused("办理中"):
        confer(order.case, cast.supervisor, cast.zhujian)
