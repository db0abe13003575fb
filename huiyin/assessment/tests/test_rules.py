"""Rules from the profile, versions in time, a draft beside what was, and who switches it on from when."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.assessment import rules
from huiyin.assessment.actions import propose_rule, switch_on
from huiyin.assessment.models import Clause, Rule, Target
from huiyin.assessment.periods import NotAPeriod, period_of
from huiyin.assessment.profile import load_assessment, load_targets
from huiyin.assessment.rehearsing import rehearse
from huiyin.assessment.tests import town
from huiyin.kernel.loads import Load
from huiyin.kernel.profiles import Outcome
from huiyin.kernel.refusals import Refused
from huiyin.kernel.tables import BadTable, Row
from huiyin.ledger.models import Event

pytestmark = pytest.mark.django_db
OWN = Path(__file__).resolve().parents[3] / "profiles" / "demo" / "assessment.toml"
THEN = datetime(2026, 11, 10, 4, tzinfo=UTC)
WEIGHTS = {"contacted": 20, "solved": 60, "satisfied": 20}


def written(folder: Path, old: str = "", new: str = "") -> Path:
    file = folder / "assessment.toml"
    text = OWN.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def loaded(file: Path) -> Load:
    into = Load()
    load_assessment(file, into=into)
    return into


def drafted(cast, **more):
    given = {
        "by": cast.supervisor,
        "name": "20/60/20",
        "basis": "某文件",
        "weights": WEIGHTS,
        "k": Decimal("0.80"),
        "fewest": 20,
    }
    return propose_rule(**{**given, **more})


# -- the profile --------------------------------------------------------------------------------------------
def test_the_demo_s_rules_come_in_once_and_a_second_load_changes_nothing(tmp_path):
    file = written(tmp_path)
    assert loaded(file).count(Outcome.INSERTED) == Rule.objects.count() + Clause.objects.count()
    again = loaded(file)
    assert (again.count(Outcome.INSERTED), again.count(Outcome.UPDATED), again.conflicts) == (0, 0, [])
    assert rules.rule_on(date(2026, 1, 1)).code == "assess-2004"
    assert [rule.code for rule in rules.proposed()] == ["assess-solved-first"]


def test_a_rule_in_force_is_not_rewritten_by_a_load_and_a_draft_is(tmp_path):
    loaded(written(tmp_path))
    with pytest.raises(BadTable, match="已经生效"):
        loaded(written(tmp_path, "solved = 50", "solved = 60"))
    assert Rule.objects.get(code="assess-2004").solved == 50
    assert loaded(written(tmp_path, "solved = 60", "solved = 70")).count(Outcome.UPDATED) == 1


def test_a_new_version_in_the_file_waits_whatever_date_it_bears(tmp_path):
    loaded(written(tmp_path))
    file = written(
        tmp_path,
        'basis = "本地规定（拟议）：更看重解决"',
        'basis = "本地规定（拟议）：更看重解决"\nvalid_from = 2026-01-01',
    )
    loaded(file)
    assert rules.rule_on(date(2026, 12, 1)).code == "assess-2004"


def test_an_operator_s_change_of_a_draft_is_a_conflict_and_stays(tmp_path):
    loaded(written(tmp_path))
    Rule.objects.filter(code="assess-solved-first").update(solved=55)
    into = loaded(written(tmp_path, "solved = 60", "solved = 70"))
    assert [each.name for each in into.conflicts] == ["rules:assess-solved-first"]
    assert Rule.objects.get(code="assess-solved-first").solved == 55


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("k = 0.9", "k = 1.1"),
        ("k = 0.9", "k = true"),
        ("k = 0.9", "k = nan"),
        ("k = 0.9", "k = 0.905"),
        ("fewest = 30", "fewest = 4"),
        ("month_begins = 1\n", "month_begins = 29\n"),
        ("day_begins = 0", "day_begins = 24"),
        ('"composite", "contacted"', '"composite", "rank"'),
        ("contacted = 10\nsolved = 50\nsatisfied = 40", "contacted = 0\nsolved = 0\nsatisfied = 0"),
        ("solved = 50", "solved = 50.5"),
        ("solved = 50", "solved = true"),
        ('code = "beyond-power"', 'code = "越权"'),
    ],
)
def test_every_bad_cell_is_named_and_nothing_comes_in(tmp_path, old, new):
    with pytest.raises(BadTable, match=r"assessment\.toml"):
        loaded(written(tmp_path, old, new))


def test_a_profile_without_rules_says_so_where_one_is_needed(tmp_path):
    loaded(tmp_path / "assessment.toml")
    with pytest.raises(rules.NoRule, match="还没有生效"):
        rules.rule_on(date(2026, 1, 1))


def test_targets_name_units_years_measures_and_per_cent(cast):
    row = {"unit": "chengguan", "year": "2026", "measure": "on_time", "percent": "95.5", "basis": "责任书"}
    load_targets([Row("targets.csv", 2, row)], into=Load())
    assert Target.objects.get().percent == Decimal("95.5")
    for column, wrong in (
        ("unit", "nobody"),
        ("year", "26"),
        ("measure", "rank"),
        ("percent", "101"),
        ("percent", "x"),
        ("basis", ""),
    ):
        with pytest.raises(BadTable, match=column):
            load_targets([Row("targets.csv", 2, {**row, column: wrong})], into=Load())


# -- periods by rule ----------------------------------------------------------------------------------------
def test_periods_are_cut_as_their_own_rule_cuts_them_and_none_is_to_come():
    town.rule(), town.rule(code="beijing", month_begins=19, day_begins=12, valid_from="2026-01-01")
    today = date(2026, 12, 7)
    assert rules.named("2025-11", today).first == date(2025, 11, 1)
    assert rules.named("2026-11", today).first == date(2026, 10, 19)
    with pytest.raises(NotAPeriod):
        rules.named("2027-01", today)
    assert rules.named("2027-01", date(2026, 12, 20)).last == date(2027, 1, 18)


# -- drafts -------------------------------------------------------------------------------------------------
def test_a_draft_keeps_what_it_does_not_change_and_is_in_force_nowhere(cast):
    now = town.rule()
    row = drafted(cast)
    assert (row.measures, row.month_begins, row.valid_from) == (now.measures, 1, None)
    assert rules.rule_on(date(2099, 1, 1)) == now
    assert Event.objects.get(subject=f"rule:{row.pk}").facts["k"] == "0.80"


def test_a_draft_that_changes_nothing_or_weighs_nothing_is_refused(cast):
    town.rule()
    with pytest.raises(Refused, match="没有要改"):
        drafted(cast, weights={"contacted": 10, "solved": 50, "satisfied": 40}, k=Decimal("0.9"), fewest=30)
    with pytest.raises(Refused, match="都是 0"):
        drafted(cast, weights=dict.fromkeys(WEIGHTS, 0))
    for who in (cast.handler, cast.clerk, cast.administrator):
        with pytest.raises(PermissionDenied):
            drafted(cast, by=who)


def test_a_rehearsal_lays_both_rules_side_by_side_and_keeps_nothing(cast):
    town.rule()
    for unit, solved in ((cast.chengguan, 10), (cast.zhujian, 36), (cast.weijian, 38)):
        town.history(cast, unit, THEN, n=40, solved=solved)
    row = drafted(cast, fewest=50)
    town.closed("2026-11")
    found = rehearse(cast.leader, row, period_of("2026-11"))
    by_unit = {line.unit: line for line in found.lines if line.measure == "composite"}
    worst = by_unit["城管局"]
    assert worst.before.kept.rate == pytest.approx(0.1 + 0.5 * 0.25 + 0.4 * 0.25)
    assert worst.after.kept.rate == pytest.approx(0.2 + 0.6 * 0.25 + 0.2 * 0.25)
    assert worst.moved and worst.after.band == "too_few" and found.moved >= 2
    assert Rule.objects.count() == 2 and rules.rule_on(date(2026, 12, 1)).code == "assess"


def test_another_reason_why_a_unit_is_not_compared_is_no_other_band(cast):
    town.rule()
    for unit in (cast.chengguan, cast.zhujian):
        town.history(cast, unit, THEN, n=25)
    town.closed("2026-11")
    found = rehearse(cast.leader, drafted(cast, fewest=20), period_of("2026-11"))
    assert {(line.before.band, line.after.band) for line in found.lines} == {("too_few", "few_peers")}
    assert found.moved == 0


def test_a_rule_does_not_come_before_one_that_begins_months_otherwise_in_mid_year(cast):
    town.rule()
    switch_on(drafted(cast), by=cast.leader, day=date(2027, 6, 1))
    other = town.rule(code="from-19", month_begins=19, valid_from=None)
    with pytest.raises(Refused, match="1 月 1 日"):
        switch_on(other, by=cast.leader, day=date(2027, 1, 1))
    assert switch_on(other, by=cast.leader, day=date(2028, 1, 1)).valid_from == date(2028, 1, 1)


def test_a_leader_switches_it_on_from_a_month_to_come_and_what_was_stays(cast):
    old = town.rule()
    row = switch_on(drafted(cast), by=cast.leader, day=date(2027, 1, 1))
    assert (row.switched_on_by, row.switched_on_at is not None) == (cast.leader.post, True)
    assert (rules.rule_on(date(2026, 12, 31)), rules.rule_on(date(2027, 1, 1))) == (old, row)
    event = Event.objects.filter(subject=f"rule:{row.pk}").latest("subject_seq")
    assert (event.kind, event.actor, event.facts["from"]) == (
        "switch_on_rule",
        cast.leader.name,
        "2027-01-01",
    )
    with pytest.raises(Refused, match="启用过"):
        switch_on(row, by=cast.leader, day=date(2027, 2, 1))
    with pytest.raises(Refused, match="另一条"):
        switch_on(drafted(cast, fewest=25), by=cast.leader, day=date(2027, 1, 1))


@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2026, 12, 7), date(2027, 1, 2), date(2020, 1, 1)])
def test_no_day_that_has_come_and_none_within_a_month(cast, day):
    town.rule()
    with pytest.raises(Refused, match="1 日"):
        switch_on(drafted(cast), by=cast.leader, day=day)


def test_nobody_but_a_leader_switches_on(cast):
    town.rule()
    row = drafted(cast)
    for who in (cast.supervisor, cast.reviewer, cast.handler, cast.administrator):
        with pytest.raises(PermissionDenied):
            switch_on(row, by=who, day=date(2027, 1, 1))


def test_months_begin_on_another_day_only_from_a_new_year_on(cast):
    town.rule()
    row = town.rule(code="beijing", month_begins=19, valid_from=None)
    with pytest.raises(Refused, match="1 月 1 日"):
        switch_on(row, by=cast.leader, day=date(2027, 2, 1))
    switch_on(row, by=cast.leader, day=date(2027, 1, 1))
