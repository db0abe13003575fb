"""Nobody rated in time: the case closes; somebody called it unsolved: it does not."""

from datetime import timedelta

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Case, Round
from huiyin.evaluation import tasks
from huiyin.evaluation.actions import rate
from huiyin.evaluation.tests.road import MONDAY, petitioner, registered, told
from huiyin.kernel import clock
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=20)


def test_a_told_case_closes_once_the_time_for_rating_is_over(cast):
    case = told(cast)
    with clock.frozen(MONDAY + timedelta(days=3)):
        assert tasks.close_unrated() == 0
    with clock.frozen(LATER):
        assert tasks.close_unrated() == 1
        assert tasks.close_unrated() == 0
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED
    assert latest(f"case:{case.number}").facts["because"] == "rating_time_over"


def test_what_somebody_called_unsolved_waits_for_a_person(cast):
    case = told(cast)
    with clock.frozen(MONDAY + timedelta(days=2)):
        rate(case, by=petitioner(case), contacted=False, solved="no", satisfied=1)
    with clock.frozen(LATER):
        assert tasks.close_unrated() == 0
    case.refresh_from_db()
    assert case.state == Case.State.TOLD


def test_a_rating_that_comes_between_reading_and_closing_is_respected(cast, monkeypatch):
    case = told(cast)
    found = tasks.out_of_time

    def rated_meanwhile():
        monkeypatch.setattr(tasks, "out_of_time", found)
        keys = list(found().values_list("pk", flat=True))
        rate(case, by=petitioner(case), contacted=True, solved="no", satisfied=1)
        return Case.objects.filter(pk__in=keys)

    monkeypatch.setattr(tasks, "out_of_time", rated_meanwhile)
    with clock.frozen(LATER):
        assert tasks.close_unrated() == 0
    case.refresh_from_db()
    assert case.state == Case.State.TOLD


def test_many_are_closed_in_batches_and_others_left_alone(cast, monkeypatch):
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    closing = [told(cast) for _each in range(5)]
    with clock.frozen(MONDAY):
        waiting = registered(cast)
    with clock.frozen(LATER):
        assert tasks.close_unrated() == 5
    assert not Case.objects.filter(pk__in=[case.pk for case in closing], state=Case.State.TOLD).exists()
    assert not Round.objects.filter(case=waiting, ended_at__isnull=False).exists()


def test_an_incident_waits_for_its_statement_even_when_everybody_calls_it_solved(cast):
    case = told(cast)
    Case.objects.filter(pk=case.pk).update(incident=True)
    case.refresh_from_db()
    with clock.frozen(MONDAY + timedelta(days=2)):
        statement = actions.owe_statement(case, by=cast.dispatcher)
        rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=5)
    with clock.frozen(LATER):
        assert tasks.close_unrated() == 0
        actions.make_statement(statement, by=cast.reviewer, text="水管已修好，全部恢复供水。")
        assert tasks.close_unrated() == 1
