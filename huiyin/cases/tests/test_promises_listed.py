"""The list of promises: by their last day, then as they were made, page after page; a unit reads its own."""

from datetime import date, timedelta

import pytest

from huiyin.cases import actions, offering, promises, queries
from huiyin.cases.models import Promise
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import MONDAY, at, denied

pytestmark = pytest.mark.django_db
DAYS = (date(2027, 3, 1), date(2027, 2, 1), date(2027, 3, 1), date(2027, 1, 1), date(2027, 3, 1))


@pytest.fixture
def made(cast, monkeypatch) -> list[int]:
    """Five promises, their keys in the order of their days; pages of two."""
    monkeypatch.setattr(promises, "PAGE", 2)
    keys = []
    for day in DAYS:
        row = roads.promised(cast)
        Promise.objects.filter(pk=row.pk).update(due_on=day)
        keys.append(row.pk)
    return [key for _day, key in sorted(zip(DAYS, keys, strict=True))]


def shown(listing) -> list[int]:
    return [row.pk for row in listing.rows]


def test_forward_to_the_last_page_and_back_to_the_first(cast, made):
    first = promises.listing(cast.supervisor)
    second = promises.listing(cast.supervisor, after=first.later)
    third = promises.listing(cast.supervisor, after=second.later)
    assert [shown(first), shown(second), shown(third)] == [made[:2], made[2:4], made[4:]]
    assert first.earlier == "" and third.later == "" and third.earlier and second.earlier
    back = promises.listing(cast.supervisor, before=third.earlier)
    assert shown(back) == made[2:4] and back.later and back.earlier
    again = promises.listing(cast.supervisor, before=back.earlier)
    assert shown(again) == made[:2] and again.later and not again.earlier


@pytest.mark.parametrize("key", ["x~y", "2027-01-01", "~", "~1", "2027-01-01~", "2027-13-01~1",
                                 "2027-01-01~-1", "2027-01-01~１", f"2027-01-01~{2**63}"])  # fmt: skip
def test_a_key_that_makes_no_sense_begins_at_the_first_page(cast, made, key):
    for side in ("after", "before"):
        assert shown(promises.listing(cast.supervisor, **{side: key})) == made[:2]


def test_nothing_to_keep_is_an_empty_page(cast):
    assert promises.listing(cast.supervisor) == promises.Listing([])


def test_a_unit_reads_its_own_and_others_all_that_they_may_see(cast, made):
    for by in (cast.supervisor, cast.dispatcher, cast.handler):
        assert set(promises.in_force(by).values_list("pk", flat=True)) == set(made)
    assert not promises.in_force(cast.zhujian_handler).exists()
    Promise.objects.filter(pk=made[0]).update(unit=cast.zhujian)
    assert set(promises.in_force(cast.handler).values_list("pk", flat=True)) == set(made[1:])


def test_the_successor_of_a_unit_reads_what_that_one_promised_and_keeps_it(cast, made):
    heir = cast.zhujian_handler
    promise = Promise.objects.get(pk=made[0])
    with denied():
        actions.fulfil_promise(promise, by=heir, text="已装好")
    roads.merge_units(cast.chengguan, into=cast.zhujian)
    assert set(promises.in_force(heir).values_list("pk", flat=True)) == set(made)
    page = queries.page_of(promise.case, heir)
    assert page.asides["promise"] == [promise] and "fulfil_promise" in dict(offering.offered(page))
    actions.fulfil_promise(promise, by=heir, text="已装好")
    assert roads.fresh(promise).fulfilled_by == heir.post


def test_only_what_is_still_to_be_kept_stands_there(cast, made):
    Promise.objects.filter(pk=made[0]).update(state=Promise.State.FULFILLED)
    assert set(promises.in_force(cast.supervisor).values_list("pk", flat=True)) == set(made[1:])


def test_a_promise_is_overdue_on_the_day_after_its_last(cast, made):
    Promise.objects.filter(pk__in=made[1:]).update(due_on=date(2030, 1, 1))
    Promise.objects.filter(pk=made[0]).update(due_on=MONDAY.date())
    assert promises.overdue_count(cast.supervisor) == 0
    with at(MONDAY + timedelta(days=1)):
        assert promises.overdue_count(cast.supervisor) == 1
