"""A demonstration leaves one matter out and asks for another, once, where the profile has clauses."""

from datetime import UTC, datetime

import pytest

from huiyin.assessment.models import Omission
from huiyin.assessment.tests import town
from huiyin.cases.models import Case
from huiyin.cli.demo.omitted import leave_out
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 11, 10, 4, tzinfo=UTC)
LAST_MONTH = datetime(2026, 10, 13, 4, tzinfo=UTC)


def test_one_is_left_out_and_one_waits_and_a_second_run_adds_nothing(cast):
    town.rule(), town.clause()
    for unit in (cast.chengguan, cast.zhujian, cast.weijian):
        town.matter(cast, unit, THEN)
    assert (leave_out(), leave_out()) == (2, 0)
    rows = list(Omission.objects.order_by("pk"))
    assert [row.state for row in rows] == ["approved", "proposed"]
    assert len({rows[0].proposed_by, rows[0].first_by, rows[0].decided_by}) == 3


def test_of_a_unit_that_the_past_names_so_many_of_last_month_are_left_out_besides(cast):
    town.rule(), town.clause()
    for _each in range(4):
        town.matter(cast, cast.chengguan, LAST_MONTH)
    town.matter(cast, cast.zhujian, LAST_MONTH)
    with clock.frozen(THEN):
        assert leave_out({cast.chengguan.code: 2}) == 4
        assert leave_out({cast.chengguan.code: 2}) == 0
    omitted = Omission.objects.filter(state="approved", unit=cast.chengguan)
    assert omitted.count() == 3 and len(set(omitted.values_list("proposed_by", flat=True))) == 1


def test_none_without_clauses_nor_of_reports(cast):
    town.matter(cast, cast.chengguan, THEN, nature=Case.Nature.REPORT)
    assert leave_out() == 0
    town.clause()
    assert leave_out() == 0 and not Omission.objects.exists()
