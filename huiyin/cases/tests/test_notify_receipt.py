"""受理告知: accepting a petition owes every party the receipt, within fifteen days of registration."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Notice
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import DAY, TWO, fresh
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_spring(_on_monday):
    """Everything ends in a year whose calendar is known."""
    with roads.at(petitions.SPRING):
        yield


def clock_of(case):
    return Clock.objects.get(subject=case.number, step="notify")


def test_it_is_owed_to_all_and_counted_from_registration(cast):
    case = roads.registered(cast, **petitions.PETITION, parties=TWO)
    with roads.at(clock.now() + 5 * DAY):
        actions.accept(case, by=cast.clerk, category=cast.night_noise)
        owed = Notice.objects.filter(case=case, about="receipt", told_at=None)
        running = clock_of(case)
        assert (owed.count(), running.state, running.amount) == (2, "running", 15)
        assert running.started_at == case.received_at
        assert 9 <= (running.due_at - clock.now()).days <= 10


def test_the_clock_stops_when_the_last_one_has_read_it(cast):
    case = roads.accepted(cast, **petitions.PETITION, parties=TWO)
    first, second = Notice.objects.filter(case=case, about="receipt").order_by("pk")
    actions.record_told(first, by=Actor.citizen(first.party_id), how="delivered")
    assert clock_of(case).state == "running"
    actions.record_told(second, by=Actor.citizen(second.party_id), how="delivered")
    assert (clock_of(case).state, clock_of(case).late) == ("stopped", False)


def test_other_tracks_owe_none(cast):
    case = roads.accepted(cast)
    assert not Notice.objects.filter(case=case).exists()
    assert not Clock.objects.filter(subject=case.number, step="notify").exists()


def test_it_is_owed_once_even_when_the_matter_comes_back(cast):
    case = petitions.told(cast)
    actions.close(case, by=cast.caller)
    actions.reopen(case, by=cast.reviewer, reason="新情况")
    actions.accept(fresh(case), by=cast.clerk)
    assert Notice.objects.filter(case=case, about="receipt").count() == 1


def test_a_petition_that_ends_leaves_no_clock_running(cast):
    case = roads.accepted(cast, **petitions.PETITION)
    actions.withdraw(case, by=roads.party_of(case))
    assert clock_of(case).state == "stopped"
