"""Several counts in one statement, bounded, and right at every moment although their wording is remembered."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from huiyin.cases import counting, oversight, queries
from huiyin.cases.models import Case
from huiyin.cases.queries import Wanted
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import dispatched, registered
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db

TABS = {
    "registered": Wanted(states=("registered",)),
    "handling": Wanted(states=("handling",)),
    "both": Wanted(states=("registered", "handling")),
    "objected": Wanted(mark="objected"),
    "awaited": Wanted(mark="awaited"),
    "yellow": Wanted(mark="yellow"),
    "returning": Wanted(mark="returning"),
    "late": Wanted(late=True),
    "all": Wanted(),
}


def listed(by) -> dict[str, int]:
    return {name: len(queries.listing(by, wanted).rows) for name, wanted in TABS.items()}


def test_each_tab_counts_what_its_list_shows(cast):
    registered(cast), dispatched(cast), roads.objected(cast)
    found = queries.counts(cast.dispatcher, TABS)
    assert found == listed(cast.dispatcher) and found["objected"] == 1 and found["all"] == 3


def test_the_present_moment_is_that_of_the_asking_not_of_the_first_time(cast):
    case = registered(cast)
    assert queries.counts(cast.dispatcher, TABS)["late"] == 0
    with clock.frozen(case.due_at + timedelta(seconds=1)):
        assert queries.counts(cast.dispatcher, TABS)["late"] == 1
        assert queries.counts(cast.dispatcher, TABS) == listed(cast.dispatcher)
    assert queries.counts(cast.dispatcher, TABS)["late"] == 0


@pytest.mark.parametrize("mark", oversight.FEW)
def test_a_mark_on_few_rows_depends_on_nothing_but_the_present_moment(mark):
    """Its wording is remembered: of moments, only the stand-in may be in it."""
    with clock.frozen(counting.STAND_IN):
        _sql, values = oversight.FEW[mark]().query.sql_with_params()
    stand_in = connection.ops.adapt_datetimefield_value(counting.STAND_IN)
    assert not [value for value in values if value != stand_in and str(counting.STAND_IN.year) in str(value)]


def test_it_is_one_statement_and_goes_no_further_than_the_bound(cast, monkeypatch):
    monkeypatch.setattr(counting, "MOST", 1)
    for _each in range(3):
        registered(cast)
    queries.counts(cast.dispatcher, TABS)  # what is asked of the organisation is remembered
    with CaptureQueriesContext(connection) as seen:
        found = queries.counts(cast.dispatcher, TABS)
    assert (found["registered"], found["late"]) == (2, 0) and len(seen) == 1
    assert counting.shown(found["registered"]) == "1+"


def test_who_sees_nothing_counts_nothing(cast):
    registered(cast)
    nothing = counting.question(Case.objects.none(), lambda: oversight.marked("open"), "open")
    assert counting.up_to_most(Case.objects.none(), [nothing]) == {}


def test_a_condition_that_nothing_meets_or_that_all_meet(cast):
    registered(cast)
    cases = Case.objects.all()
    none = counting.question(cases, lambda: Q(pk__in=[]), "none")
    every = counting.question(cases, lambda: ~Q(pk__in=[]), "every")
    assert counting.up_to_most(cases, [none, every]) == {"every": 1}
