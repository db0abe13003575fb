"""With whom a case lay: every stay once, none overlapping at the desk, and the whole of it read as a table."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.cases import access, actions, queries
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.web.cases.chain import chain
from huiyin.web.components.chain import Chain, Lane, Span

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def lanes(case, by):
    return {lane.name: lane for lane in chain(queries.page_of(case, by)).lanes}


def test_each_holder_has_a_lane_in_the_order_in_which_they_had_it(cast):
    order = roads.signed(cast)
    found = chain(queries.page_of(order.case, cast.supervisor)).lanes
    assert [lane.name for lane in found] == [str(order.case.desk), str(order.unit)]
    assert found[1].spans[0].end is None


def test_what_went_to_another_unit_shows_both(cast):
    objection = roads.objected(cast)
    actions.redispatch(objection, by=cast.dispatcher, unit=cast.chengguan, reason="属于城管局")
    found = lanes(objection.order.case, cast.supervisor)
    first, second = found[str(objection.order.unit)], found[str(cast.chengguan)]
    assert first.spans[0].end is not None and second.spans[0].end is None
    desk = found[str(objection.order.case.desk)]
    assert "soon" in [mark.tone for mark in desk.marks]


def test_the_stays_at_the_desk_follow_one_another(cast):
    case = roads.told(cast)
    desk = lanes(case, cast.supervisor)[str(case.desk)].spans
    assert all(one.end <= next_one.start for one, next_one in pairwise(desk))


def test_a_late_order_is_drawn_late(cast):
    order = roads.signed(cast)
    assert lanes(order.case, cast.supervisor)[str(order.unit)].spans[0].tone == "active"
    with clock.frozen(roads.MONDAY + timedelta(days=60)):
        assert lanes(order.case, cast.supervisor)[str(order.unit)].spans[0].tone == "late"


def test_the_picture_asks_nothing_more_of_the_database(cast):
    case = access.find(cast.supervisor, roads.told(cast).number)
    page = queries.page_of(case, cast.supervisor)
    with CaptureQueriesContext(connection) as seen:
        chain(page)
    assert len(seen) == 0


def test_units_do_not_read_it_and_those_who_watch_do(cast, sign_in):
    order = roads.signed(cast)
    address = f"/work/cases/{order.case.number}/"
    assert "chain__lane" in sign_in(cast.supervisor).get(address).text
    assert "chain__lane" not in sign_in(cast.handler).get(address).text


def test_spans_stand_in_proportion_and_a_moment_is_still_seen():
    began = roads.MONDAY
    spans = [Span(began, began + 2 * HOUR, "一"), Span(began + 4 * HOUR, began + 4 * HOUR, "二")]
    found = Chain(began, [Lane("中心", spans)], ended=began + 4 * HOUR, due=began + 2 * HOUR)
    drawn = found.rows[0]["spans"]
    assert (drawn[0].x, drawn[0].width) == ("0.0", "500.0")
    assert (drawn[1].x, drawn[1].width) == ("996.0", "4.0")
    assert found.due_x == "500.0"


def test_a_matter_of_this_very_moment_is_drawn_without_a_fault():
    found = Chain(roads.MONDAY, [Lane("中心", [Span(roads.MONDAY, None, "一")])])
    assert found.rows[0]["spans"][0].width == "4.0"
