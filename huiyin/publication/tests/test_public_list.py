"""The public list: newest first, by key, filtered from the top down."""

from datetime import timedelta

import pytest

from huiyin.cases.models import Case
from huiyin.evaluation.tests.road import MONDAY, told
from huiyin.kernel import clock
from huiyin.publication.actions import publish
from huiyin.publication.models import Publication
from huiyin.publication.queries import public_list

pytestmark = pytest.mark.django_db
TEXTS = {"text": "吵到两点。", "answer": "已加装隔音。"}


def published(cast, hours: int, **more) -> str:
    case = told(cast, **more)
    with clock.frozen(MONDAY + timedelta(days=3, hours=hours)):
        publish(case, by=cast.clerk, title=f"第 {hours} 件", **TEXTS)
    return case.number


def numbers(page) -> list[str]:
    return [row.case.number for row in page.rows]


def test_pages_follow_one_another_without_gap_or_repeat(cast):
    made = [published(cast, hours) for hours in (0, 1, 1, 2, 3)]
    seen, key = [], ""
    for _page in range(3):
        page = public_list(after_key=key, size=2)
        seen += numbers(page)
        key = page.next_key
    assert key == "" and sorted(seen) == sorted(made)
    assert seen[0] == made[-1] and seen[-1] == made[0]


def test_it_filters_by_nature_unit_category_and_region(cast):
    here = published(cast, 0, region=cast.community_region, nature=Case.Nature.COMPLAINT)
    there = published(cast, 1, region=cast.other_street)
    assert numbers(public_list(nature="complaint")) == [here]
    assert numbers(public_list(region="shiqiao")) == [here]
    assert numbers(public_list(region="tingfeng")) == [there, here]
    assert numbers(public_list(category="city")) == [there, here]
    assert numbers(public_list(unit="chengguan", nature="appeal")) == [there]
    for nothing in ({"unit": "weijian"}, {"category": "?"}, {"region": "%"}, {"nature": "x"}):
        assert public_list(**nothing).rows == []


def test_what_is_filed_in_several_categories_below_comes_in_one_order(cast):
    kinds = (cast.night_noise, cast.noise, cast.night_noise, cast.stair_lights, cast.noise, cast.city)
    made = [published(cast, hours) for hours in range(len(kinds))]
    for number, kind in zip(made, kinds, strict=True):
        Publication.objects.filter(case__number=number).update(category=kind)
    seen, key = [], ""
    for _page in range(3):
        page = public_list(category="city", after_key=key, size=2)
        seen += numbers(page)
        key = page.next_key
    assert seen == [made[5], made[4], made[2], made[1], made[0]] and key == ""
    assert numbers(public_list(category="city", region="tingfeng", size=2)) == [made[5], made[4]]
    assert numbers(public_list(category="neighbours")) == [made[3]]


@pytest.mark.parametrize("key", ["x", "2026-1", "20261102T000000.0-abc", "'; --"])
def test_a_key_that_cannot_be_read_begins_at_the_newest(cast, key):
    assert numbers(public_list(after_key=key)) == numbers(public_list()) == []
    here = published(cast, 0)
    assert numbers(public_list(after_key=key)) == [here]


def test_a_page_takes_one_query(cast, django_assert_num_queries):
    for hours in range(3):
        published(cast, hours)
    with django_assert_num_queries(1):
        for row in public_list().rows:
            assert all((row.unit.name, row.category.name, row.region.name, row.case.number))
