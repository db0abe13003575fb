"""A published month never changes silently: frozen with its inputs' place in the ledger, corrected in the open."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.cache import cache

from huiyin.analytics import asking, freezing, snapshot
from huiyin.analytics.asking import Question
from huiyin.analytics.models import FrozenPeriod
from huiyin.analytics.tests.test_figures import answered_after
from huiyin.cases.models import Case, Category
from huiyin.cli import main
from huiyin.evaluation import actions as evaluation
from huiyin.evaluation.tests.road import MONDAY, petitioner, registered
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONTH = f"{clock.local_date(MONDAY):%Y-%m}"
SYSTEM = Actor.system("test")


@pytest.fixture
def ripe():
    """A day on which the month of the cases may be frozen."""
    return datetime(MONDAY.year, MONDAY.month, 1, 4, tzinfo=UTC) + 45 * DAY


def frozen_with(cast, ripe):
    case = answered_after(cast, 2)
    with clock.frozen(MONDAY):
        registered(cast)
    while sequence():
        pass
    with clock.frozen(ripe):
        return case, freezing.freeze(MONTH, by=SYSTEM)


def rated(case, moment, grade=5):
    with clock.frozen(moment):
        evaluation.rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=grade)


def test_a_month_is_kept_with_the_place_in_the_ledger_up_to_which_it_was_read(cast, ripe):
    _case, row = frozen_with(cast, ripe)
    found = freezing.found_in(row)
    assert (found["received"].value, found["answered"].value, found["median_days"].value) == (2, 1, 2.0)
    assert row.position == Event.objects.exclude(position=None).count() > 0
    event = Event.objects.get(subject=f"figures:{MONTH}")
    assert event.facts["digest"] == row.digest and event.facts["position"] == row.position
    assert freezing.tampered() == []
    FrozenPeriod.objects.update(figures={**row.figures, "received": {"counted": 3, "n": 3}})
    assert freezing.tampered() == [FrozenPeriod.objects.get()]


def test_a_late_rating_changes_nothing_until_a_revision_says_so(cast, ripe):
    case, row = frozen_with(cast, ripe)
    rated(case, MONDAY + 3 * DAY)
    with clock.frozen(ripe + DAY):
        assert freezing.found_in(freezing.latest(MONTH))["satisfaction_rate"].value is None
        changed = {each.name: each.now.value for each in freezing.changes(MONTH)}
        assert changed["satisfaction_rate"] == 1.0 and changed["concluded"] == 1
        again = freezing.revise(MONTH, by=SYSTEM, reason="补录一件评价")
        assert freezing.changes(MONTH) == []
    assert (again.revision, again.frozen_at, again.reason) == (2, ripe + DAY, "补录一件评价")
    row.refresh_from_db()
    assert row.figures["satisfaction_rate"]["n"] == 0, "the first stays as it was"
    kinds = list(
        Event.objects.filter(subject=f"figures:{MONTH}").order_by("id").values_list("kind", flat=True)
    )
    assert kinds == ["freeze_figures", "revise_figures"]
    assert "补录" not in str([event.facts for event in Event.objects.filter(subject=f"figures:{MONTH}")])


def test_a_month_is_frozen_once_and_not_before_its_days_are_over(cast, ripe):
    with clock.frozen(MONDAY + DAY), pytest.raises(Refused, match="才能定稿"):
        freezing.freeze(MONTH, by=SYSTEM)
    with clock.frozen(ripe):
        freezing.freeze(MONTH, by=SYSTEM)
        with pytest.raises(Refused, match="已经定稿"):
            freezing.freeze(MONTH, by=SYSTEM)
    assert FrozenPeriod.objects.count() == 1


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "26-10", "", "2026-10-01"])
def test_a_month_has_one_spelling(month):
    with pytest.raises(Refused, match="月份写成"):
        freezing.span(month)


def test_a_revision_needs_a_frozen_month_a_reason_and_a_change(cast, ripe):
    with clock.frozen(ripe):
        for reason in ("", "  ", "长" * 201):
            with pytest.raises(Refused, match="原因"):
                freezing.revise(MONTH, by=SYSTEM, reason=reason)
        with pytest.raises(Refused, match="还没有定稿"):
            freezing.revise(MONTH, by=SYSTEM, reason="有错")
        freezing.freeze(MONTH, by=SYSTEM)
        with pytest.raises(Refused, match="没有要更正的"):
            freezing.revise(MONTH, by=SYSTEM, reason="有错")


def test_an_empty_month_is_frozen_with_counts_of_nought_and_no_rate(cast, ripe):
    with clock.frozen(ripe):
        found = freezing.found_in(freezing.freeze(MONTH, by=SYSTEM))
    assert (found["received"].value, found["conclusion_rate"].value, found["median_days"].value) == (
        0,
        None,
        None,
    )
    assert found["conclusion_rate"].interval is None


def test_the_worker_freezes_the_last_month_that_is_over_long_enough(cast):
    for today, month in (("2026-11-09", "2026-09"), ("2026-11-11", "2026-10"), ("2027-01-10", "2026-11")):
        with clock.frozen(datetime.fromisoformat(f"{today}T04:00+00:00")):
            assert freezing.freeze_due().period == month
            assert freezing.freeze_due() is None


def test_months_that_ripened_while_the_worker_stood_still_are_frozen_in_their_turn(cast):
    for today in ("2026-12-20", "2027-04-20"):
        with clock.frozen(datetime.fromisoformat(f"{today}T04:00+00:00")):
            assert freezing.freeze_due() and freezing.freeze_due() is None
    kept = FrozenPeriod.objects.order_by("pk").values_list("period", flat=True)
    assert list(kept) == ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]


def test_the_command_freezes_shows_what_has_changed_and_corrects(cast, ripe, capsys):
    case = answered_after(cast, 2)
    with clock.frozen(ripe):
        assert main(["period", "show", MONTH]) == 3
        assert main(["period", "freeze", MONTH]) == 0
        assert "收到：1" in capsys.readouterr().out
    rated(case, MONDAY + 3 * DAY)
    with clock.frozen(ripe + DAY):
        assert main(["period", "show", MONTH]) == 1
        assert "现在不同" in capsys.readouterr().out
        assert main(["period", "revise", MONTH, "--reason", "评价晚到"]) == 0
        assert "评价晚到" in capsys.readouterr().out


def test_months_that_are_final_stand_on_the_public_page_with_their_corrections(cast, ripe, client):
    for _each in range(6):
        with clock.frozen(MONDAY):
            registered(cast)
    cache.clear()
    with clock.frozen(ripe):
        freezing.freeze(MONTH, by=SYSTEM)
        for _each in range(6):
            Case.objects.filter(pk=registered(cast).pk).update(received_on=clock.local_date(MONDAY))
        freezing.revise(MONTH, by=SYSTEM, reason="补录六件")
        page = client.get("/figures/").content.decode()
        file = list(csv.DictReader(StringIO(client.get("/figures/figures.csv").content.decode("utf-8-sig"))))
        numbers = client.get("/figures/figures.json").json()["frozen"]
    assert "已经定稿的月份" in page and "第 1 次更正：补录六件" in page
    found = [row for row in file if row["分组"] == "已经定稿的月份"]
    rates = [row for row in found if row["指标"] == "办结率"]
    assert [(row["项目"], row["数值"], row["n"]) for row in rates] == [
        (MONTH, "0.0%", "12"),
        (MONTH, "0.0%", "6"),
    ]
    assert "第 1 次更正：补录六件" in rates[0]["定稿"] and rates[0]["95% 区间上限"]
    assert [row["数值"] for row in found if row["指标"] == "满意率"] == ["—", "—"]
    assert [(each["revision"], each["figures"]["conclusion_rate"]["n"]) for each in numbers["months"]] == [
        (2, 12),
        (1, 6),
    ]
    assert numbers["months"][0]["figures"]["satisfaction_rate"] is None
    assert {each["name"] for each in numbers["figures"]} >= {
        "conclusion_rate",
        "on_time_rate",
        "satisfaction_rate",
    }
    told = "".join(page.partition("已经定稿的月份")[2].split())
    assert ">12<" in told and ">6<" in told, "both stand, the first is not written over"
    cache.clear()


def test_a_correction_by_a_few_ratings_is_not_told(db):
    def kept(revision, whole, n):
        figures = {"satisfaction_rate": {"counted": whole, "n": n}, "received": {"counted": n, "n": n}}
        frame = {"position": 0, "as_of": clock.now(), "frozen_at": clock.now()}
        FrozenPeriod.objects.create(period="2026-10", revision=revision, figures=figures, **frame)

    for revision, (whole, n) in enumerate([(15, 20), (15, 21), (16, 25), (20, 30)], start=1):
        kept(revision, whole, n)
    told = {each.revision: each.figures["satisfaction_rate"] for each in freezing.published()}
    assert [(told[revision].whole, told[revision].n) for revision in (1, 2, 3, 4)] == [
        (15, 20), (15, 20), (15, 20), (20, 30),
    ]  # fmt: skip
    assert [each.figures["received"].n for each in freezing.published()] == [30, 25, 21, 20]


# -- days, rounding, renaming --------------------------------------------------------------------------------
def asked(*names, by="", **where):
    with clock.frozen(MONDAY + 40 * DAY), snapshot.live() as (star, checkpoint):
        return asking.ask(star, names, Question(checkpoint.moment, **where), by=by)


def test_a_month_begins_at_midnight_of_the_place_and_not_of_greenwich(cast):
    last, first = datetime(2026, 10, 31, 15, 59, tzinfo=UTC), datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
    for moment in (last, first):
        with clock.frozen(moment):
            registered(cast)
    months = {line.key: line.figures["received"].value for line in asked("received", by="month")}
    assert months == {"2026-10": 1, "2026-11": 1}
    assert asked("received", until=date(2026, 10, 31))[0].figures["received"].value == 1


def test_the_month_of_assessment_goes_from_the_nineteenth_to_the_eighteenth(cast):
    for day in (18, 19):
        with clock.frozen(datetime(2026, 11, day, 4, tzinfo=UTC)):
            registered(cast)
    assert [line.key for line in asked("received", by="assessed")] == ["2026-11", "2026-12"]


def test_a_rate_is_a_fraction_of_whole_numbers_until_it_is_shown(cast):
    for days in (1, 2, 30):
        answered_after(cast, days)
    [line] = asked("on_time_rate")
    found = line.figures["on_time_rate"]
    assert (found.counted, found.n, found.value) == (2, 3, 2 / 3)


def test_a_unit_that_was_merged_and_a_category_that_was_renamed_keep_their_own_lines(cast):
    case = answered_after(cast, 1)
    Unit.objects.filter(pk=cast.chengguan.pk).update(valid_to=date(2026, 12, 1), successor=cast.zhujian)
    old = case.category
    new = Category.objects.create(code="renamed", name="新名称", path="/renamed/")
    Category.objects.filter(pk=old.pk).update(valid_to=date(2026, 12, 1), successor=new)
    after = answered_after(cast, 2, unit="zhujian")
    Case.objects.filter(pk=after.pk).update(category=new)
    assert [(line.key, line.figures["received"].value) for line in asked("received", by="unit")] == [
        ("chengguan", 1), ("zhujian", 1),
    ]  # fmt: skip
    assert {line.key for line in asked("received", by="category")} == {old.code, "renamed"}
