"""The order of a list: urgent ones first by the time left, page after page, whatever stands in the address."""

from datetime import timedelta

import pytest

from huiyin.cases import actions, counting, paging, queries
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import DAY, MONDAY, at, dispatched, registered
from huiyin.deadlines.models import Policy

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MIXED = ("normal", "immediate", "pressing", "normal", "immediate", "pressing", "immediate")


def mixed(cast, road, monkeypatch) -> list[str]:
    """Matters of every urgency, a later one due earlier; their numbers with the urgent ones first."""
    monkeypatch.setattr(paging, "PAGE", 2)
    made = []
    for place, urgency in enumerate(MIXED):
        with at(MONDAY - place * DAY):
            row = road(cast, urgency=urgency)
            made.append(row if isinstance(row, Case) else row.case)
    rank = {"immediate": 0, "pressing": 1, "normal": 2}
    first = sorted(enumerate(made), key=lambda pair: (rank[pair[1].urgency], -pair[0]))
    return [case.number for _place, case in first]


def eight_hours_when_pressing() -> None:
    Policy.objects.create(
        code="pressing-reply",
        urgency="pressing",
        step="reply",
        kind="hours",
        amount=8,
        basis="《某规定》第三条",
    )


def walked(ask) -> list[str]:
    """Every page forward, then back to the first, which is as it was."""
    listing = first = ask({})
    found = [*listing.rows]
    while listing.later:
        listing = ask({"after": listing.later})
        found += listing.rows
    back = [row.pk for row in reversed(listing.rows)]
    while listing.earlier:
        listing = ask({"before": listing.earlier})
        back += [row.pk for row in reversed(listing.rows)]
        assert listing.later, "whoever went back can go on again"
    assert [row.pk for row in listing.rows] == [row.pk for row in first.rows] and not listing.earlier
    assert list(reversed(back)) == [row.pk for row in found]
    return [row.number if isinstance(row, Case) else row.case.number for row in found]


def test_the_desks_list_shows_the_urgent_ones_first_by_the_time_left(cast, monkeypatch):
    numbers = mixed(cast, registered, monkeypatch)
    asked = {"states": ("registered",), "order": "urgent"}
    assert walked(lambda key: queries.listing(cast.clerk, queries.Wanted(**asked, **key))) == numbers


def test_a_units_list_too(cast, monkeypatch):
    numbers = mixed(cast, dispatched, monkeypatch)
    assert (
        walked(lambda key: queries.orders_listing(cast.handler, queries.Wanted(order="urgent", **key)))
        == numbers
    )


@pytest.mark.parametrize("order", ["due", "urgent"])
@pytest.mark.parametrize("without", [(0, 3, 5, 6), (1,), range(7)])
def test_a_matter_without_a_due_time_has_its_place_in_the_list(cast, monkeypatch, order, without):
    numbers = mixed(cast, registered, monkeypatch)
    Case.objects.filter(number__in=[numbers[place] for place in without]).update(due_at=None)
    asked = {"states": ("registered",), "order": order}
    found = walked(lambda key: queries.listing(cast.clerk, queries.Wanted(**asked, **key)))
    assert sorted(found) == sorted(numbers), "each once, whichever way one goes"


@pytest.mark.parametrize(
    "key",
    [
        "7",
        "0~7",
        "9~2026-11-02T01:00:00+00:00~7",
        "0~gestern~7",
        "0~2026-11-02~7",
        "x~y~z",
        "~~~~",
        "0~0~0~0",
    ],
)
def test_a_key_that_makes_no_sense_begins_at_the_first_page(cast, key):
    case = registered(cast)
    for side in ("after", "before"):
        listing = queries.listing(cast.clerk, queries.Wanted(order="urgent", **{side: key}))
        assert [row.pk for row in listing.rows] == [case.pk]


def test_a_matter_found_pressing_on_acceptance_has_the_shorter_limit_from_then(cast):
    eight_hours_when_pressing()
    case, other = registered(cast), registered(cast)
    with at(MONDAY + HOUR):
        actions.accept(case, by=cast.clerk, category=cast.night_noise, urgency="pressing")
        actions.accept(other, by=cast.clerk, category=cast.night_noise, urgency="normal")
    assert Case.objects.get(pk=case.pk).due_at == MONDAY + 9 * HOUR
    assert Case.objects.get(pk=other.pk).due_at == other.due_at > MONDAY + 2 * DAY


def test_found_pressing_late_it_is_never_put_off(cast):
    eight_hours_when_pressing()
    case = registered(cast)
    with at(case.due_at - HOUR):
        actions.accept(case, by=cast.clerk, category=cast.night_noise, urgency="pressing")
    assert Case.objects.get(pk=case.pk).due_at == case.due_at


def test_a_count_is_shown_as_it_is_up_to_the_bound_and_as_more_beyond_it():
    assert [counting.shown(count) for count in (0, 99, 100)] == [0, 99, "99+"]
