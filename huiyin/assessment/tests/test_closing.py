"""A closed month of assessment stands still; a correction is a row of its own, with a reason, and tells nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.assessment import closing, people
from huiyin.assessment.assessing import assessed, own
from huiyin.assessment.models import ClosedMonth
from huiyin.assessment.periods import period_of
from huiyin.assessment.statistics import Share
from huiyin.assessment.tests import town
from huiyin.cases.models import Answer, Case, Exclusion, Order
from huiyin.evaluation.models import Rating
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region, Unit
from huiyin.web.assessment.closed import status, status_of_posts

pytestmark = pytest.mark.django_db
NOVEMBER, YEAR = period_of("2026-11"), period_of("2026")
THEN = datetime(2026, 11, 10, 2, tzinfo=UTC)
RIPE = datetime(2026, 12, 11, 2, tzinfo=UTC)
SYSTEM = Actor.system("test")


@pytest.fixture
def lived(cast):
    """A month of two units, on the day on which it may be closed."""
    town.rule()
    town.history(cast, cast.chengguan, THEN, n=20, late=4, solved=15)
    town.history(cast, cast.zhujian, THEN, n=12, late=1, region=cast.other_street)
    with clock.frozen(RIPE):
        yield cast


def lines(cast, period=NOVEMBER, by=None):
    found = assessed(by or cast.leader, period)
    return {line.code: line.readings for group in found.groups for line in group.lines}


def in_time(cast, unit="chengguan", period=NOVEMBER, by=None):
    kept = lines(cast, period, by)[unit]["on_time"].kept
    return kept.good, kept.n


def late_after_all(cast, unit, n):
    orders = Order.objects.filter(unit=unit, clock__late=False)[:n]
    for order in orders:
        order.clock.__class__.objects.filter(pk=order.clock_id).update(late=True)


def test_a_closed_month_says_the_same_and_goes_on_saying_it(lived):
    work = in_time(lived)
    row = closing.close(NOVEMBER, by=SYSTEM)
    before = lines(lived)
    assert in_time(lived) == work and before["chengguan"]["solved"].kept == Share(15, 20)
    late_after_all(lived, lived.chengguan, 6)
    Answer.objects.update(state="returned")
    town.left_out(Case.objects.first(), lived.chengguan, lived)
    town.rated(Case.objects.first(), THEN)
    assert lines(lived) == before
    assert in_time(lived, period=YEAR) == (16, 20), "a year is made of its months"
    assert own(lived.handler, NOVEMBER).readings["on_time"].kept.n == 20
    event = Event.objects.get(subject="assessment:2026-11")
    assert (event.kind, event.facts["digest"]) == ("close_assessment", row.digest)
    assert closing.tampered() == []
    ClosedMonth.objects.update(cells=row.cells[1:])
    assert closing.tampered() == [row]


def test_what_is_not_closed_yet_is_counted_beside_it(lived):
    closing.close(NOVEMBER, by=SYSTEM)
    town.history(lived, lived.chengguan, datetime(2026, 12, 2, 2, tzinfo=UTC), n=5)
    assert in_time(lived, period=YEAR) == (21, 25)
    assert in_time(lived, period=period_of("2026-Q4")) == (21, 25)


def test_a_correction_has_a_reason_and_stands_beside_what_was(lived):
    closing.close(NOVEMBER, by=SYSTEM)
    with pytest.raises(Refused, match="没有要更正的"):
        closing.revise(NOVEMBER, by=SYSTEM, reason="看一看")
    late_after_all(lived, lived.chengguan, 6)
    with pytest.raises(Refused, match="更正的原因"):
        closing.revise(NOVEMBER, by=SYSTEM, reason=" ")
    row = closing.revise(NOVEMBER, by=lived.supervisor, reason="六件工单的  时限录错")
    assert in_time(lived) == (10, 20)
    assert [(each.revision, each.reason) for each in closing.revisions(YEAR)] == [
        (2, "六件工单的 时限录错"),
        (1, ""),
    ]
    assert row.closed_by == lived.supervisor.post
    facts = Event.objects.filter(subject="assessment:2026-11").values_list("facts", flat=True)
    assert "时限录错" not in str(list(facts))


def test_too_early_twice_of_a_quarter_or_by_a_clerk_nothing_is_closed(lived):
    with clock.frozen(RIPE - timedelta(days=1)), pytest.raises(Refused, match="才能定稿"):
        closing.close(NOVEMBER, by=SYSTEM)
    with pytest.raises(Refused, match="按月定稿"):
        closing.close(period_of("2026-Q3"), by=SYSTEM)
    with pytest.raises(PermissionDenied):
        closing.close(NOVEMBER, by=lived.clerk)
    with pytest.raises(Refused, match="还没有定稿"):
        closing.revise(NOVEMBER, by=SYSTEM, reason="早了")
    closing.close(NOVEMBER, by=SYSTEM)
    with pytest.raises(Refused, match="已经定稿"):
        closing.close(NOVEMBER, by=SYSTEM)
    assert ClosedMonth.objects.count() == 1


def test_the_worker_closes_every_month_that_is_ripe_since_the_year_of_the_first_rating(
    lived, django_assert_max_num_queries
):
    with clock.frozen(RIPE - timedelta(days=1)):
        assert closing.close_due().period == "2026-10"
        assert ClosedMonth.objects.count() == 10, "from January on, or the year would never be told"
    assert closing.close_due().period == "2026-11"
    assert closing.close_due() is None
    with clock.frozen(datetime(2027, 2, 20, tzinfo=UTC)):
        assert closing.close_due().period == "2027-01"
    assert ClosedMonth.objects.count() == 13 and closing.is_closed(YEAR)
    town.Rule.objects.all().delete()
    with clock.frozen(datetime(2027, 4, 20, tzinfo=UTC)), django_assert_max_num_queries(20):
        assert closing.close_due() is None, "without rules nobody is assessed"


def test_a_month_cut_by_another_rule_is_not_laid_over_a_year_that_is_cut_otherwise(lived):
    closing.close(NOVEMBER, by=SYSTEM)
    late_after_all(lived, lived.chengguan, 6)
    other = period_of("2026", opens=19)
    assert in_time(lived, period=other) == (10, 20), "counted anew, since its months have other days"


def test_a_month_whose_bounds_were_moved_is_no_longer_said_to_be_closed(lived):
    row = closing.close(NOVEMBER, by=SYSTEM)
    assert closing.tampered() == [] and "已经定稿" in status(NOVEMBER).sentence
    late_after_all(lived, lived.chengguan, 6)
    moved = ClosedMonth.objects.filter(pk=row.pk)
    for side in ("begins", "ends"):
        moved.update(**{side: getattr(row, side) - timedelta(seconds=1)})
        assert closing.tampered() == [row], "the ledger knows from when to when it went"
        assert in_time(lived) == (10, 20), "it is counted anew"
        for said in (status, status_of_posts):
            assert "起止时间和现在的不同" in said(NOVEMBER).sentence
            assert "已经定稿 0 个月" in said(YEAR).sentence and "2026 年 11 月定稿时" in said(YEAR).sentence
        moved.update(begins=row.begins, ends=row.ends)
    moved.update(begins=row.begins - timedelta(seconds=1))
    assert closing.revise(NOVEMBER, by=SYSTEM, reason="起止有误").revision == 2
    assert status(NOVEMBER).corrections and "已经定稿" in status(NOVEMBER).sentence


def test_a_month_cut_by_the_same_numbers_otherwise_can_be_corrected(lived):
    row = closing.close(NOVEMBER, by=SYSTEM)
    ClosedMonth.objects.filter(pk=row.pk).update(begins=row.begins - timedelta(seconds=1))
    assert closing.revise(NOVEMBER, by=SYSTEM, reason="起止有误").begins == row.begins


def test_the_fingerprints_of_months_that_were_closed_before_bounds_were_in_them_still_hold(
    lived, monkeypatch
):
    earlier = property(lambda row: {"cells": row.cells, "posts": row.posts})
    with monkeypatch.context() as patch:
        patch.setattr(ClosedMonth, "numbers", earlier)
        row = closing.close(NOVEMBER, by=SYSTEM)
    assert closing.tampered() == []
    ClosedMonth.objects.filter(pk=row.pk).update(cells=row.cells[1:])
    assert closing.tampered() == [row]


def test_fewer_than_five_changed_ratings_stay_as_they_were_told(lived):
    closing.close(NOVEMBER, by=SYSTEM)
    before = lines(lived)["chengguan"]["satisfied"]
    some = Rating.objects.filter(unit=lived.chengguan).order_by("pk").values_list("pk", flat=True)
    Rating.objects.filter(pk__in=list(some[:4])).update(set_aside="pressed")
    late_after_all(lived, lived.chengguan, 6)
    closing.revise(NOVEMBER, by=SYSTEM, reason="时限录错")
    assert lines(lived)["chengguan"]["satisfied"] == before and in_time(lived) == (10, 20)
    Rating.objects.filter(pk__in=list(some[:9])).update(set_aside="pressed")
    closing.revise(NOVEMBER, by=SYSTEM, reason="九件评价无效")
    assert lines(lived)["chengguan"]["contacted"].kept.n == 11


def test_each_reader_reads_of_a_closed_month_what_they_may_know_of(lived):
    for case in Case.objects.filter(orders__unit=lived.zhujian)[:3]:
        Exclusion.objects.create(case=case, unit=lived.supervisor.unit)
    before = {by: in_time(lived, "zhujian", by=by) for by in (lived.leader, lived.supervisor)}
    assert (before[lived.leader][1], before[lived.supervisor][1]) == (12, 9)
    closing.close(NOVEMBER, by=SYSTEM)
    assert {by: in_time(lived, "zhujian", by=by) for by in before} == before
    new = Case.objects.filter(orders__unit=lived.chengguan).first()
    Exclusion.objects.create(case=new, unit=lived.supervisor.unit)
    assert in_time(lived, by=lived.supervisor) == (16, 20), "a new complaint moves nothing that is closed"
    Unit.objects.filter(pk=lived.leader.unit.pk).update(region=lived.other_street)
    lived.leader.unit.refresh_from_db()
    assert set(lines(lived)) == {"zhujian"}, "and of their own place alone"


def test_posts_are_closed_with_the_month_and_corrected_with_it(lived):
    def in_hand(period=NOVEMBER, by=lived.leader):
        return {line.post.code: (line.on_time, line.signed, line.redone) for line in people.posts(by, period)}

    other = lived.unit_leader.post
    Order.objects.filter(pk__in=Order.objects.filter(unit=lived.chengguan)[:3].values("pk")).update(
        person=other
    )
    barred = Case.objects.filter(orders__unit=lived.zhujian).first()
    Exclusion.objects.create(case=barred, unit=lived.supervisor.unit)
    readers = (lived.leader, lived.supervisor, lived.handler)
    before = {by: in_hand(by=by) for by in readers}
    assert before[lived.leader][other.code][0].kept.n == 3
    assert sum(one.kept.n for one, *_rest in before[lived.supervisor].values()) == 31, "one is kept from them"
    row = closing.close(NOVEMBER, by=SYSTEM)
    assert {by: in_hand(by=by) for by in readers} == before, "closing itself changes nothing"
    late_after_all(lived, lived.chengguan, 6)
    Answer.objects.update(state="returned")
    Order.objects.filter(unit=lived.zhujian).update(person=other, unit=lived.chengguan)
    assert {by: in_hand(by=by) for by in readers} == before
    town.history(lived, lived.chengguan, datetime(2026, 12, 2, 2, tzinfo=UTC), n=5)
    year = in_hand(YEAR, lived.handler)
    assert sum(one.kept.n for one, *_rest in year.values()) == 25, "beside it what is not closed yet"
    closing.revise(NOVEMBER, by=SYSTEM, reason="经办人录错")
    assert in_hand()[other.code][0].kept.n == 15
    ClosedMonth.objects.filter(pk=row.pk).update(posts=row.posts[1:])
    assert closing.tampered() == [row], "the ledger knows what stood there"


def test_of_a_month_that_was_closed_before_posts_were_they_follow_the_data(lived):
    row = closing.close(NOVEMBER, by=SYSTEM)
    ClosedMonth.objects.filter(pk=row.pk).update(posts=None)
    late_after_all(lived, lived.chengguan, 6)
    [line] = people.posts(lived.handler, NOVEMBER)
    assert line.on_time.kept == Share(10, 20) and in_time(lived) == (16, 20)
    assert closing.with_posts(closing.revisions(YEAR)) == {}
    said = status_of_posts(YEAR).sentence
    assert "2026 年 11 月定稿时还不含岗位" in said and "起全部定稿" not in said
    assert "起全部定稿" in status(YEAR).sentence
    corrected = closing.revise(NOVEMBER, by=SYSTEM, reason="时限录错")
    assert closing.with_posts(closing.revisions(YEAR)) == {corrected: True}


def test_of_a_month_that_was_closed_before_what_is_left_out_stood_apart_the_sheet_says_so(lived, monkeypatch):
    """Such a month goes on saying what it said; a correction tells with and without."""
    town.left_out(Case.objects.filter(orders__unit=lived.chengguan).first(), lived.chengguan, lived)
    with monkeypatch.context() as patch:
        patch.setattr(closing, "GRAIN_OF_POSTS", "post+judged+place+complained")
        row = closing.close(NOVEMBER, by=SYSTEM)
    assert closing.tampered() == [] and closing.with_posts([row]) == {row: False}
    [line] = people.posts(lived.handler, NOVEMBER)
    assert line.on_time.kept == line.on_time.whole == Share(16, 20)
    for period in (NOVEMBER, YEAR):
        assert "2026 年 11 月定稿时，岗位的数还没有把剔除的分开" in status_of_posts(period).sentence
        assert "分开" not in status(period).sentence
    closing.revise(NOVEMBER, by=SYSTEM, reason="把剔除的分开")
    [line] = people.posts(lived.handler, NOVEMBER)
    assert (line.on_time.kept.n, line.on_time.whole) == (19, Share(16, 20))
    assert "分开：" not in status_of_posts(YEAR).sentence


def test_units_that_merge_and_places_that_move_keep_the_months_that_they_had(lived):
    closing.close(NOVEMBER, by=SYSTEM)
    before = lines(lived)
    Unit.objects.filter(pk=lived.zhujian.pk).update(
        valid_to="2026-11-30", successor=lived.chengguan, name="原住建局"
    )
    lived.night_noise.__class__.objects.filter(pk=lived.night_noise.pk).update(
        name="夜间施工噪声", valid_to="2026-11-30", successor=lived.property
    )
    Order.objects.filter(unit=lived.zhujian).update(
        unit=lived.chengguan
    )  # what is moved on goes to the new unit
    found = lines(lived)
    assert {unit: readings["on_time"] for unit, readings in found.items()} == {
        unit: readings["on_time"] for unit, readings in before.items()
    }
    assert in_time(lived, "zhujian", YEAR)[1] == 12
    assert Region.objects.get(pk=lived.other_street.pk).code
