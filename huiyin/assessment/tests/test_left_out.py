"""剔除 beside time: neither months beside a quarter nor two revisions of a month tell what one person said."""

from datetime import UTC, datetime

import pytest

from huiyin.assessment import closing
from huiyin.assessment.assessing import assessed
from huiyin.assessment.periods import period_of
from huiyin.assessment.statistics import Share
from huiyin.assessment.tests import town
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
JULY, AUGUST, SEPTEMBER = (datetime(2026, month, 10, 4, tzinfo=UTC) for month in (7, 8, 9))
RIPE = datetime(2026, 12, 11, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _rule(db):
    return town.rule()


def left_out(cast, code: str) -> tuple[int, float]:
    """How many of a unit's ratings a leader reads as left out of a period, and how many of them were content."""
    kept, whole = told(cast, code)
    return whole.n - kept.n, whole.good - kept.good


def told(cast, code: str) -> tuple[Share, Share]:
    lines = [line for group in assessed(cast.leader, period_of(code)).groups for line in group.lines]
    [reading] = [line.readings["satisfied"] for line in lines if line.code == "chengguan"]
    return reading.kept, reading.whole


@pytest.mark.parametrize("grade", [5, 1])
def test_what_a_quarter_leaves_out_is_what_its_months_tell(cast, grade):
    july = town.history(cast, cast.chengguan, JULY, n=20, solved=15)
    for moment in (AUGUST, SEPTEMBER):
        town.history(cast, cast.chengguan, moment, n=20)
    single = town.matter(cast, cast.chengguan, AUGUST)
    town.rated(single, AUGUST, satisfied=grade)
    for case in [*july[-5:], single]:
        town.left_out(case, cast.chengguan, cast)
    town.closed("2026-Q3")
    months = [left_out(cast, f"2026-{month:02}") for month in (7, 8, 9)]
    assert months == [(5, 0.0), (0, 0.0), (0, 0.0)], "five may be told, one may not"
    assert left_out(cast, "2026-Q3") == (5, 0.0)


def test_a_sixth_that_is_left_out_later_changes_nothing_in_a_closed_month(cast):
    cases = town.history(cast, cast.chengguan, JULY, n=20, solved=15)
    for case in cases[:5]:
        town.left_out(case, cast.chengguan, cast)
    with clock.frozen(RIPE):
        closing.close(period_of("2026-07"), by=Actor.system("test"))
        before = told(cast, "2026-07")
        town.left_out(cases[-1], cast.chengguan, cast)
        closing.revise(period_of("2026-07"), by=Actor.system("test"), reason="补充剔除")
        assert told(cast, "2026-07") == before == (Share(10, 15), Share(15, 20))


def test_a_unit_whose_ratings_are_all_left_out_hides_no_single_one_in_a_total(cast):
    """Hidden beside the only rating of another, it would add nothing to the total of the table."""
    town.history(cast, cast.chengguan, JULY, n=40, solved=30)
    town.rated(town.matter(cast, cast.weijian, JULY), JULY, solved="no", satisfied=1)
    for case in town.history(cast, cast.zhujian, JULY, n=6):
        town.left_out(case, cast.zhujian, cast)
    town.closed("2026-07")
    [group] = assessed(cast.leader, period_of("2026-07")).groups
    told = [line.readings["satisfied"].kept for line in group.lines]
    assert [share for share in told if share] == [Share(30, 40)]
    assert group.centres["satisfied"] == Share(36, 47)


def test_a_month_whose_ratings_are_all_left_out_hides_no_other_month_in_its_quarter(cast):
    town.rated(town.matter(cast, cast.zhujian, JULY), JULY, solved="no", satisfied=1)
    for case in town.history(cast, cast.zhujian, AUGUST, n=6):
        town.left_out(case, cast.zhujian, cast)
    for at, n in ((JULY, 3), (AUGUST, 3), (SEPTEMBER, 30)):
        town.history(cast, cast.weijian, at, n=n)
    for at in (JULY, AUGUST, SEPTEMBER):
        town.history(cast, cast.chengguan, at, n=20)
    town.history(cast, cast.zhujian, SEPTEMBER, n=20)
    town.closed("2026-Q3")

    def zhujian(code: str) -> Share | None:
        lines = [line for group in assessed(cast.leader, period_of(code)).groups for line in group.lines]
        return next(line.readings["satisfied"].kept for line in lines if line.code == "zhujian")

    assert (zhujian("2026-07"), zhujian("2026-08"), zhujian("2026-09")) == (None, None, Share(20, 20))
    assert zhujian("2026-Q3") == Share(26, 27), "seven more than September, not one"
