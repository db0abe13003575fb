"""Units in a period, counted by hand: with and without what is left out, compared with their kind, kept back if few."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from huiyin.assessment import rules
from huiyin.assessment.assessing import assessed, own
from huiyin.assessment.measures import RATED
from huiyin.assessment.models import Target
from huiyin.assessment.periods import period_of
from huiyin.assessment.rules import NoRule
from huiyin.assessment.statistics import Band, Share
from huiyin.assessment.tests import town
from huiyin.cases.models import Case, Exclusion, Order, Round
from huiyin.evaluation.models import Rating
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
NOVEMBER, THEN = period_of("2026-11"), datetime(2026, 11, 10, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _rule(db):
    return town.rule()


def lines(cast, period=NOVEMBER):
    found = assessed(cast.leader, period)
    return {line.code: line.readings for group in found.groups for line in group.lines}


def test_every_measure_of_a_unit_counted_by_hand(cast):
    cases = town.history(cast, cast.chengguan, THEN, n=40, late=4, solved=30)
    Order.objects.filter(case=cases[0]).update(signed_at=THEN + timedelta(days=2))
    run = Round.objects.get(case=cases[1]).clock
    Round.objects.create(case=cases[1], number=2, cause="unsolved", began_at=THEN, clock=run)
    Round.objects.create(case=cases[2], number=2, cause="reopened", began_at=THEN, clock=run)
    town.closed("2026-11")
    found = lines(cast)["chengguan"]
    rates = {measure: (reading.kept.good, reading.kept.n) for measure, reading in found.items()}
    composite = 0.1 * 40 + 0.5 * 30 + 0.4 * 30
    assert rates == {
        "composite": (pytest.approx(composite), 40), "contacted": (40, 40), "solved": (30, 40), "satisfied": (30, 40),
        "first_time": (30, 40), "on_time": (36, 40), "signed": (39, 40), "returned": (0, 40), "redone": (1, 40),
        "repeated": (1, 40),
    }  # fmt: skip


def test_fairly_satisfied_counts_k(cast):
    for grade in (5, 4, 3, 3, 2, 1):
        town.rated(town.matter(cast, cast.chengguan, THEN), THEN, satisfied=grade)
    town.closed("2026-11")
    assert lines(cast)["chengguan"]["satisfied"].kept.good == pytest.approx(2 + 0.9 * 2)


def test_a_rate_is_shown_with_and_without_what_is_left_out(cast):
    cases = town.history(cast, cast.chengguan, THEN, n=40, late=6)
    for case in cases[:6]:
        town.left_out(case, cast.chengguan, cast)
    town.closed("2026-11")
    found = lines(cast)["chengguan"]
    assert (found["on_time"].kept.n, found["on_time"].kept.rate) == (34, 1.0)
    assert (found["on_time"].whole.n, found["on_time"].whole.good, found["on_time"].omitted) == (40, 34, 6)
    assert (found["satisfied"].kept.n, found["satisfied"].whole.n) == (34, 40)


def test_one_rating_left_out_would_tell_its_grade_and_stays_in(cast):
    cases = town.history(cast, cast.chengguan, THEN, n=40, late=4, solved=36)
    for case in cases[-4:]:
        town.left_out(case, cast.chengguan, cast)
    town.closed("2026-11")
    found = lines(cast)["chengguan"]
    assert found["satisfied"].kept == found["satisfied"].whole == Share(36, 40)
    assert (found["on_time"].kept.n, found["on_time"].whole.n) == (36, 40), "orders are no secret"


def test_an_omission_for_one_unit_leaves_the_others_as_they_are(cast):
    case = town.matter(cast, cast.chengguan, THEN)
    town.left_out(case, cast.zhujian, cast)
    assert lines(cast)["chengguan"]["on_time"].omitted == 0


def test_a_unit_is_compared_with_its_kind_only_from_the_least_number_on(cast):
    town.history(cast, cast.chengguan, THEN, n=60, late=30)
    town.history(cast, cast.zhujian, THEN, n=60)
    town.history(cast, cast.weijian, THEN, n=60, late=1)
    town.history(cast, cast.squad, THEN, n=29, late=29)
    town.history(cast, cast.community, THEN, n=60, late=60)
    found = lines(cast)
    bands = {code: readings["on_time"].band for code, readings in found.items()}
    assert bands["chengguan"] in (Band.BELOW, Band.CLEARLY_BELOW)
    assert bands["chengguan-zhongdui"] is Band.TOO_FEW and bands["yinxing-juwei"] is Band.FEW_PEERS
    assert bands["zhujian"] in (Band.ABOVE, Band.CLEARLY_ABOVE)


def test_two_units_are_not_compared_and_are_not_said_to_have_too_few_cases(cast):
    town.history(cast, cast.chengguan, THEN, n=60, late=30)
    town.history(cast, cast.zhujian, THEN, n=60)
    town.history(cast, cast.weijian, THEN, n=29)
    town.history(cast, cast.community, THEN, n=30)
    found = {code: readings["on_time"].band for code, readings in lines(cast).items()}
    assert found.pop("weijian") is Band.TOO_FEW, "which it has, whatever the others have"
    assert found == dict.fromkeys(("chengguan", "zhujian", "yinxing-juwei"), Band.FEW_PEERS)


def test_hard_matters_are_measured_by_what_all_reach_on_them(cast):
    """All three units are late with half of the noise, and with nothing else: they only have different matters."""
    for unit, noise in ((cast.chengguan, 80), (cast.zhujian, 20), (cast.weijian, 40)):
        town.history(cast, unit, THEN, n=noise, late=noise // 2)
        town.history(cast, unit, THEN, n=100 - noise, category=cast.property)
    found = lines(cast)
    assert {readings["on_time"].band for readings in found.values()} == {Band.WITHIN}
    assert found["chengguan"]["on_time"].kept.rate == 0.6
    assert found["chengguan"]["on_time"].adjusted == pytest.approx(found["zhujian"]["on_time"].adjusted)


def test_a_unit_alone_in_its_categories_is_not_measured_by_itself(cast):
    """As duty lists have it: nobody else has its matters, so that nobody knows whether they are hard."""
    town.history(cast, cast.chengguan, THEN, n=60, late=40, category=cast.noise)
    town.history(cast, cast.zhujian, THEN, n=60, late=3, category=cast.property)
    town.history(cast, cast.weijian, THEN, n=60, late=3, category=cast.housing)
    found = lines(cast)
    assert found["chengguan"]["on_time"].band is Band.CLEARLY_BELOW
    assert found["chengguan"]["on_time"].own == pytest.approx(0.95)


def test_until_a_period_is_closed_and_for_fewer_than_five_nothing_of_ratings_is_told(cast):
    town.history(cast, cast.chengguan, THEN, n=4)
    town.history(cast, cast.zhujian, THEN, n=9)
    over = lines(cast)["zhujian"]
    assert over["satisfied"].kept is None and over["on_time"].kept.n == 9, "over, and not closed yet"
    town.closed("2026-11")
    few = lines(cast)["chengguan"]
    assert few["satisfied"].kept is None and few["on_time"].kept.n == 4
    town.history(cast, cast.chengguan, clock.now() - timedelta(days=1), n=9)
    running = lines(cast, period_of("2026-12"))["chengguan"]
    assert (
        running["satisfied"].kept is None
        and running["composite"].kept is None
        and running["on_time"].kept.n == 9
    )


def test_a_rating_belongs_to_the_period_in_which_it_comes(cast):
    case = town.matter(cast, cast.chengguan, datetime(2026, 10, 31, 15, tzinfo=UTC))
    for at in (datetime(2026, 10, 31, 15, 59, tzinfo=UTC), datetime(2026, 10, 31, 16, 0, tzinfo=UTC)):
        town.rated(case, at)
    town.history(cast, cast.chengguan, THEN, n=5)
    town.closed("2026-11")
    assert lines(cast)["chengguan"]["solved"].kept.n == 6, "one at midnight in Shanghai, none a minute before"


def test_what_is_still_waiting_past_its_limit_counts_as_late_and_what_is_not_due_counts_not(cast):
    case = town.matter(cast, cast.chengguan, THEN)
    Order.objects.filter(case=case).update(answered_at=None, state="signed")
    assert (lines(cast)["chengguan"]["on_time"].kept.good, lines(cast)["chengguan"]["on_time"].kept.n) == (
        0,
        1,
    )
    Order.objects.filter(case=case).update(due_at=clock.now() + timedelta(days=1))
    assert lines(cast, period_of("2026-12")).get("chengguan") is None


def test_reports_are_not_assessed(cast):
    town.history(cast, cast.chengguan, THEN, n=6, nature=Case.Nature.REPORT)
    assert lines(cast) == {}
    assert assessed(cast.supervisor, NOVEMBER).groups == []


def test_a_past_period_keeps_the_rule_that_was_in_force_then(cast):
    town.rule(code="next", k="0.10", valid_from="2026-12-01")
    for _each in range(6):
        town.rated(town.matter(cast, cast.chengguan, THEN), THEN, satisfied=3)
    town.closed("2026-11")
    assert lines(cast)["chengguan"]["satisfied"].kept.rate == pytest.approx(0.9)
    assert rules.rule_of(period_of("2026-12")).code == "next"
    with pytest.raises(NoRule):
        assessed(cast.leader, period_of("2003-12"))


def test_targets_stand_beside_and_low_is_good_for_some(cast):
    for measure, percent in (("on_time", 95), ("returned", 5)):
        Target.objects.create(
            unit=cast.chengguan, year=2026, measure=measure, percent=percent, basis="责任书"
        )
    town.history(cast, cast.chengguan, THEN, n=10, late=1)
    found = lines(cast)["chengguan"]
    assert (found["on_time"].target, found["on_time"].reached, found["returned"].reached) == (
        95.0,
        False,
        True,
    )


# -- who reads what -----------------------------------------------------------------------------------------
def test_a_unit_reads_its_own_line_and_nobody_else_s(cast):
    town.history(cast, cast.chengguan, THEN, n=40)
    town.history(cast, cast.zhujian, THEN, n=40)
    line = own(cast.handler, NOVEMBER)
    assert (line.code, line.readings["on_time"].kept.n) == ("chengguan", 40)
    for actor in (cast.clerk, cast.representative, cast.administrator, cast.citizen, cast.handler):
        with pytest.raises(PermissionDenied):
            assessed(actor, NOVEMBER)
    for actor in (cast.clerk, cast.auditor):
        with pytest.raises(PermissionDenied):
            own(actor, NOVEMBER)


def test_a_unit_reads_what_people_said_in_blocks_alone_and_not_here(cast):
    for unit in (cast.chengguan, cast.zhujian):
        town.history(cast, unit, THEN, n=40)
    town.closed("2026-11")
    readings = own(cast.handler, NOVEMBER).readings
    assert {measure for measure, reading in readings.items() if reading.kept is None} == set(RATED)


def test_a_rating_that_was_set_aside_does_not_count(cast):
    town.history(cast, cast.chengguan, THEN, n=9)
    Rating.objects.filter(pk=Rating.objects.first().pk).update(set_aside=Rating.Aside.PRESSED)
    town.closed("2026-11")
    assert lines(cast)["chengguan"]["satisfied"].kept.n == 8


@pytest.mark.parametrize("change", ["contested", "given anew", "left out"])
def test_two_looks_at_a_month_that_is_over_do_not_tell_what_one_person_said(cast, change):
    cases = town.history(cast, cast.chengguan, THEN, n=20, solved=19)
    for case in cases[:5]:
        town.left_out(case, cast.chengguan, cast)
    before = lines(cast)["chengguan"]
    if change == "contested":
        Rating.objects.filter(case=cases[-1]).update(unit=None)
    elif change == "given anew":
        Rating.objects.filter(case=cases[-1]).update(set_aside=Rating.Aside.PRESSED)
    else:
        town.left_out(cases[-1], cast.chengguan, cast)
    after = lines(cast)["chengguan"]
    assert all(after[measure] == before[measure] for measure in RATED)


@pytest.mark.parametrize("grade", [5, 1])
def test_the_line_of_all_does_not_tell_the_only_rating_of_a_kind(cast, grade):
    town.rated(town.matter(cast, cast.chengguan, THEN), THEN, satisfied=grade)
    town.matter(cast, cast.zhujian, THEN)
    town.closed("2026-11")
    [group] = assessed(cast.leader, NOVEMBER).groups
    assert group.centres["satisfied"].n == 0 and group.centres["on_time"].n == 2


def test_nobody_is_measured_by_ratings_that_are_hidden(cast):
    """Two towns in which two hidden units differ, and the total is the same: all that is told is the same."""
    large = [town.unit(cast, "large"), town.unit(cast, "larger")]
    for unit, solved in zip(large, (30, 36), strict=True):
        town.history(cast, unit, THEN, n=40, solved=solved)
    [single] = town.history(cast, cast.chengguan, THEN, n=1)
    four = town.history(cast, cast.zhujian, THEN, n=4, solved=3, category=cast.property)

    def shown():
        found = lines(cast)
        return {code: found[code]["satisfied"] for code in ("large", "larger", "chengguan", "zhujian")}

    with transaction.atomic():
        town.closed("2026-11")
        before = shown()
        transaction.set_rollback(True)
    Rating.objects.filter(case=single).update(solved="no", satisfied=2)
    Rating.objects.filter(case=four[-1]).update(solved="yes", satisfied=5)
    town.closed("2026-11")
    assert shown() == before and before["chengguan"].kept is None and before["large"].own is not None


def test_a_complaint_that_is_kept_from_a_unit_moves_nothing_that_it_sees(cast):
    for unit in (cast.chengguan, cast.zhujian, cast.weijian):
        town.history(cast, unit, THEN, n=40, late=2)
    before = own(cast.handler, NOVEMBER)
    for case in town.history(cast, cast.zhujian, THEN, n=40, late=40):
        Exclusion.objects.create(case=case, unit=cast.chengguan)
    assert own(cast.handler, NOVEMBER) == before
    assert lines(cast)["zhujian"]["on_time"].kept.n == 80


def test_a_year_asks_the_database_a_bounded_number_of_times(cast, django_assert_max_num_queries):
    town.history(cast, cast.chengguan, datetime(2025, 11, 10, tzinfo=UTC), n=6)
    with django_assert_max_num_queries(40):
        assessed(cast.leader, period_of("2025"))
