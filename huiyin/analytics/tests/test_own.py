"""A unit's own figures: its work in full, and no rating."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huiyin.analytics import own
from huiyin.analytics.tests.test_figures import answered_after
from huiyin.cases.models import Exclusion
from huiyin.evaluation import actions as evaluation
from huiyin.evaluation.tests.road import MONDAY, petitioner
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
APRIL = datetime(2027, 4, 1, 4, tzinfo=UTC)


def rated(cast, grade=5, days=1):
    case = answered_after(cast, days)
    with clock.frozen(MONDAY + (days + 1) * DAY):
        evaluation.rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=grade)
    return case


def seen(cast, at=APRIL):
    with clock.frozen(at):
        return own.of_unit(cast.chengguan)


def test_a_unit_reads_its_own_work_and_nobody_else_s(cast):
    for days in (1, 2, 3):
        answered_after(cast, days)
    answered_after(cast, 9, unit="zhujian")
    found = seen(cast)
    assert (found.work["answered"].value, found.work["median_days"].value) == (3, 2.0)
    assert found.work["orders"].value == 3 and found.work["signed_rate"].value == 1.0
    assert found.months[0] == ("2026-11", 3) and found.since == date(2026, 5, 1)


def test_months_in_which_a_unit_answered_nothing_stand_with_their_nought_since_anything_came_at_all(cast):
    answered_after(cast, 1)
    with clock.frozen(MONDAY + 65 * DAY):
        answered_after(cast, 1)
    found = seen(cast, at=MONDAY + 70 * DAY).months
    assert [month for month, _n in found] == ["2026-11", "2026-12", "2027-01"]
    assert found[1] == ("2026-12", 0)


def test_a_matter_that_complains_of_somebody_by_name_is_in_none_of_its_figures(cast):
    cases = [rated(cast) for _each in range(6)]
    Exclusion.objects.create(case=cases[0], unit=cast.chengguan)
    found = seen(cast)
    assert found.work["answered"].value == 5 == found.work["orders"].value


def test_no_rating_is_in_them(cast):
    rated(cast, 1)
    found = seen(cast)
    assert not {"ratings", "response_rate", "solution_rate", "satisfaction_rate", "fair_rate"} & set(
        found.work
    )


# -- the page ------------------------------------------------------------------------------------------------
def test_the_page_shows_figures_with_n_interval_and_definition(cast, sign_in):
    for days in (1, 2, 3):
        answered_after(cast, days)
    with clock.frozen(MONDAY + 20 * DAY):
        page = sign_in(cast.handler).get("/work/unit/figures/").content.decode()
    assert "签收率" in page and "单位签收的工单除以全部工单" in page


def test_the_page_is_for_units_alone(cast, sign_in):
    assert sign_in(cast.clerk).get("/work/unit/figures/").status_code == 403
