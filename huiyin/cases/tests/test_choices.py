"""What forms choose from: who may get a matter, who may be accused, which outcomes a nature has."""

import pytest

from huiyin.cases import choices
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import accepted, registered
from huiyin.organisation import remembering
from huiyin.organisation.models import DutyItem, Unit

pytestmark = pytest.mark.django_db


def test_each_nature_has_outcomes_of_its_own():
    assert [value for value, _label in choices.outcomes("suggestion")] == [
        "adopted",
        "partly_adopted",
        "kept",
        "not_adopted",
    ]
    assert [value for value, _label in choices.outcomes("inquiry")] == ["informed", "explained"]
    assert [value for value, _label in choices.outcomes("praise")] == ["informed"]
    for nature in ("appeal", "complaint", "report"):
        found = dict(choices.outcomes(nature))
        assert list(found) == ["solved", "partly", "explained", "refused"] and found["solved"] == "已解决"
    assert [value for value, _label in choices.outcomes_at_once("suggestion")] == ["kept", "not_adopted"]


def test_the_units_on_whose_list_it_stands_come_first_and_nobody_stands_twice(cast):
    likely, others = choices.receiving_units(accepted(cast))
    assert likely == [cast.chengguan]
    assert cast.chengguan not in others and {cast.squad, cast.weijian} <= set(others)
    assert cast.zhujian not in others, "by its own list it only assists"
    assert cast.community not in others, "a community gets what its list names"
    helping = choices.assisting_units(accepted(cast))
    assert helping[0] == cast.chengguan and {cast.zhujian, cast.community} <= set(helping)


def test_without_a_category_nobody_is_likelier_than_others(cast):
    likely, others = choices.receiving_units(registered(cast))
    assert likely == [] and {cast.chengguan, cast.zhujian} <= set(others)
    assert choices.likely_lines(registered(cast)) == []


def test_a_unit_that_nobody_answers_for_is_offered_nowhere(cast):
    Unit.objects.filter(pk__in=(cast.chengguan.pk, cast.weijian.pk)).update(liaison=None)
    remembering.clear()
    likely, others = choices.receiving_units(accepted(cast))
    assert likely == [] and cast.weijian not in others
    assert cast.weijian not in choices.receivers() and cast.zhujian in choices.receivers()
    assert choices.likely_lines(accepted(cast)) == []


def test_desks_and_overseers_receive_no_work(cast):
    found = choices.receivers()
    assert {cast.chengguan, cast.squad, cast.community} <= set(found)
    assert not {unit.kind for unit in found} & {"centre", "supervision", "leadership"}


def test_a_report_is_offered_neither_to_whom_it_is_about_nor_to_those_below_them(cast):
    report = accepted(cast, nature=Case.Nature.REPORT, accused_units=[cast.chengguan])
    likely, others = choices.receiving_units(report)
    assert likely == [] and not {cast.chengguan, cast.squad} & set(others) and cast.weijian in others
    assert choices.likely_lines(report) == []
    plain = accepted(cast, nature=Case.Nature.REPORT)
    assert [line.unit for line in choices.likely_lines(plain)] == [cast.chengguan]


def test_of_a_units_lines_the_nearest_to_the_category_is_shown(cast):
    nearer = DutyItem.objects.create(
        unit=cast.chengguan, category_code="city-noise", part=DutyItem.Part.LEAD, valid_from=None
    )
    DutyItem.objects.create(unit=cast.weijian, category_code="city", part=DutyItem.Part.LEAD)
    remembering.clear()
    lines = choices.likely_lines(accepted(cast))
    assert [(line.unit, line.category_code) for line in lines] == [
        (cast.chengguan, "city-noise"),
        (cast.weijian, "city"),
    ]
    assert lines[0] == nearer


def test_whom_a_report_may_be_about_are_all_units_and_everybody_under_their_unit(cast):
    units, posts = choices.whom_to_accuse()
    assert {cast.centre, cast.duban, cast.squad, cast.community} <= set(units)
    named = dict(posts)
    assert named["城管局"] == [cast.handler.post, cast.unit_leader.post]
    assert [name for name, _posts in posts].count("受理中心") == 1
    assert cast.clerk.post in named["受理中心"] and cast.caller.post in named["受理中心"]


def test_representatives_are_those_in_that_post(cast):
    assert choices.representatives() == [cast.representative.post]


def test_a_unit_writes_neither_past_the_desk_nor_to_the_desk_alone(cast):
    units = [value for value, _label in choices.readers_for(cast.handler)]
    desk = [value for value, _label in choices.readers_for(cast.clerk)]
    assert set(desk) - set(units) == {"desk"} and set(units) < set(desk)


def test_a_promise_belongs_to_a_suggestion(cast):
    assert choices.takes_promises(Case(nature="suggestion"))
    assert not choices.takes_promises(Case(nature="appeal"))
