"""The due times that cases and orders show follow their clocks when a calendar changes."""

from datetime import datetime

import pytest

from huiyin.cases import due
from huiyin.cases.models import Case, Order
from huiyin.cases.tests.roads import DAY, MONDAY, at, fresh, registered, signed, suspended
from huiyin.deadlines.models import CalendarYear, Clock
from huiyin.deadlines.tasks import restate

pytestmark = pytest.mark.django_db


def holiday(day: str) -> list[Clock]:
    """A day off comes into the calendar; the clocks that were looked at again, after each batch was followed."""
    CalendarYear.objects.update_or_create(year=2026, defaults={"holidays": [day], "workdays": []})
    looked_at: list[Clock] = []
    for _batch in restate(2026, told=looked_at.extend):
        due.follow(looked_at)
    return looked_at


def test_each_case_and_order_takes_over_the_due_time_of_its_own_clock(cast):
    first = signed(cast)
    with at(MONDAY + DAY):
        second = registered(cast)
    before = {row.pk: row.due_at for row in Case.objects.all()}
    holiday("2026-11-04")
    order, case, later = fresh(first), fresh(first.case), fresh(second)
    assert order.due_at == order.clock.due_at == first.due_at + 3 * DAY  # from Friday over the weekend
    assert (case.due_at, later.due_at) == (before[case.pk] + DAY, before[later.pk] + DAY)
    assert case.due_at < later.due_at


def test_what_stands_keeps_the_bound_that_it_shows(cast):
    case = suspended(cast).case
    shown = fresh(case).due_at
    holiday("2026-11-04")
    assert fresh(case).due_at == shown
    assert Order.objects.get(case=case).due_at is not None


def test_a_clock_that_did_not_move_changes_nothing_and_nobody_elses_is_touched(cast):
    case, other = registered(cast), registered(cast)
    clock = case.rounds.get().clock
    assert due.follow([clock]) == 0
    moved = datetime.fromisoformat("2026-11-20T16:00:00+00:00")
    Clock.objects.filter(pk=clock.pk).update(due_at=moved)
    assert due.follow([clock]) == 1
    assert (fresh(case).due_at, fresh(other).due_at) == (moved, other.due_at)
    assert due.follow([clock]) == 0
