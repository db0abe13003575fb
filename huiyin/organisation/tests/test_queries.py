"""Who is responsible for a place, who is on which duty list, and whom an accused unit bars."""

from datetime import date

import pytest

from huiyin.cases.tests.roads import merge_units
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries, remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import DutyItem, Post, Unit

DAY = date(2026, 3, 2)


def test_the_desk_of_a_place_is_the_nearest_centre_above_it(cast):
    assert queries.desk_for(cast.community_region) == cast.centre
    own = Unit.objects.create(
        code="branch", name="石桥分中心", kind=Unit.Kind.CENTRE, region=cast.street, path="/branch/"
    )
    assert queries.desk_for(cast.community_region) == own
    assert queries.desk_for(cast.other_street) == cast.centre


def test_a_place_without_a_centre_is_refused_with_what_to_set(cast):
    Unit.objects.filter(pk=cast.centre.pk).update(valid_to=date(2020, 1, 1))
    with pytest.raises(Refused) as refusal:
        queries.desk_for(cast.street)
    assert refusal.value.instead


@pytest.mark.parametrize(
    "name",
    ["城市管理局", "城管局", "chengguan", " 城市管理局 ", "听风县城市管理局", "听风县　城管局", "CHENGGUAN"],
)
def test_a_unit_is_found_by_any_of_its_names(cast, name):
    assert queries.unit_by_name(name) == cast.chengguan


@pytest.mark.parametrize("name", ["", "  ", "城市", "火星殖民局"])
def test_an_unknown_unit_is_not_guessed(cast, name):
    assert queries.unit_by_name(name) is None


def test_a_name_that_two_units_share_finds_neither(cast):
    Unit.objects.create(code="twin", name="城管局", kind="department", region=cast.street, path="/twin/")
    assert queries.unit_by_name("城管局") is None


def test_a_place_is_found_without_its_ending(cast):
    assert queries.region_by_name("听风") == cast.town
    assert queries.region_by_name("石桥街道") == cast.street
    assert queries.region_by_name("天庭") is None


def test_a_unit_without_a_liaison_in_office_gets_no_order(cast):
    assert queries.liaison_of(cast.chengguan) == cast.handler.post
    post = Post.objects.get(pk=cast.handler.post.pk)
    post.valid_to = date(2020, 1, 1)
    post.save()
    with pytest.raises(Refused, match="联络员"):
        queries.liaison_of(cast.chengguan)


@pytest.mark.parametrize(
    ("unit", "category", "part", "expected"),
    [
        ("community", "stair_lights", "lead", True),  # a line above it on the list
        ("community", "stair_lights", "assist", True),
        ("community", "night_noise", "lead", False),  # only assists there
        ("community", "night_noise", "assist", True),
        ("community", "property", "assist", False),  # not on its list at all
        ("community", None, "lead", False),
        ("chengguan", "property", "lead", True),  # departments receive everything
        ("zhujian", "night_noise", "lead", False),  # but do not lead where they only assist
        ("zhujian", "night_noise", "assist", True),
        ("weijian", None, "lead", True),
    ],
)
def test_the_duty_list_guards_what_a_unit_receives(cast, unit, category, part, expected):
    filed = getattr(cast, category) if category else None
    assert queries.may_receive(getattr(cast, unit), filed, part=part, day=DAY) is expected


def test_who_still_stands_below_a_merged_bureau_is_barred_from_its_successor_too(cast):
    before = cast.squad_handler.barred_unit_ids
    assert cast.zhujian.pk not in before
    merge_units(cast.chengguan, into=cast.zhujian)
    by = Actor.of(cast.squad_handler.post)
    assert by.barred_unit_ids == {*before, cast.zhujian.pk}
    assert Actor.of(cast.zhujian_handler.post).barred_unit_ids == {cast.zhujian.pk, cast.chengguan.pk}
    Unit.objects.filter(pk=cast.chengguan.pk).update(valid_to=date(2099, 1, 1))
    remembering.clear()
    assert Actor.of(cast.squad_handler.post).barred_unit_ids == before, "it has not ended yet"


def test_an_ended_line_of_a_duty_list_no_longer_counts(cast):
    DutyItem.objects.filter(unit=cast.community).update(valid_to=date(2025, 12, 31))
    assert not queries.may_receive(cast.community, cast.stair_lights, part="lead", day=DAY)
    assert queries.may_receive(cast.community, cast.stair_lights, part="lead", day=date(2025, 12, 31))


def test_units_that_lead_in_a_category_are_named_nearest_line_first(cast):
    DutyItem.objects.create(unit=cast.weijian, category_code="city-noise-night", part="lead")
    assert queries.leaders_in(cast.night_noise.path, DAY) == (cast.weijian, cast.chengguan)


def test_an_accused_bureau_bars_its_stations_and_a_person_in_all_their_posts(cast):
    assert {cast.squad.pk, cast.chengguan.pk} == cast.squad_handler.barred_unit_ids
    assert cast.handler.barred_unit_ids == {cast.chengguan.pk}
    assert cast.weijian.pk in cast.two_hats.barred_unit_ids
    assert not cast.citizen.barred_unit_ids
    assert not cast.system.barred_unit_ids


def test_the_ledger_name_of_an_actor_names_no_person(cast):
    assert cast.clerk.name == "post:centre-su-dongpo"
    assert Actor.citizen(7).name == "party:7"
    assert Actor.system("import").name == "system:import"


def test_a_memory_filled_by_a_dozen_questions_asks_the_database_once(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _time in range(12):
            queries.desk_for(cast.street)


def test_the_region_subtree_is_found_by_path(cast):
    assert [row.code for row in queries.regions_within(cast.street)] == ["shiqiao", "yinxing"]
    assert cast.community in queries.units_within(cast.street)


def test_the_place_answered_for_is_the_highest_one_with_a_centre(cast):
    assert queries.root() == cast.town
    above = cast.town.__class__.objects.create(code="yunxi", name="云溪省", level="province", path="/yunxi/")
    assert above != queries.root() == cast.town


def test_reports_about_the_centre_go_to_the_supervising_body(cast):
    assert queries.supervision_for(cast.street) == cast.duban
