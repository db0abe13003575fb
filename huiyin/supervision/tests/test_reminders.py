"""The place's rules remind whose turn it is: once a round, on working days, in the program's name."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Reminder
from huiyin.cases.tests.roads import DAY, MONDAY, at, fresh, registered, signed, suspended
from huiyin.ledger.queries import latest
from huiyin.supervision import rules
from huiyin.supervision.rules import ReminderRule
from huiyin.supervision.tasks import remind_by_rule

pytestmark = pytest.mark.django_db
LATE = ReminderRule("late", 2, "已经过了答复期限，请今天联系诉求人。")
FRIDAY, NEXT_MONDAY = MONDAY + 32 * DAY, MONDAY + 35 * DAY  # past the limit of a matter received on MONDAY


@pytest.fixture(autouse=True)
def _one_rule(monkeypatch):
    monkeypatch.setattr("huiyin.supervision.tasks.reminder_rules", lambda: [LATE])


def test_what_is_late_is_reminded_of_once_in_the_program_s_name(cast):
    case, waiting = signed(cast).case, registered(cast)
    with at(MONDAY + DAY):
        assert remind_by_rule() == 0
    with at(FRIDAY):
        assert remind_by_rule() == 2 and remind_by_rule() == 0
    row = Reminder.objects.get(case=case)
    assert (row.unit, row.given_by, row.rule, row.times) == (cast.chengguan, None, "late", 1)
    assert row.act_by.isoformat() == "2026-12-08", "two working days after a Friday"
    assert Reminder.objects.get(case=waiting).unit == cast.centre
    event = latest(f"case:{case.number}")
    assert (event.kind, event.actor, event.facts["rule"]) == ("remind", "system:worker", "late")


def test_it_is_not_given_again_in_the_same_round_once_it_was_heeded(cast):
    order = signed(cast)
    with at(FRIDAY):
        remind_by_rule()
        actions.contact(order.case, by=cast.handler, order=order, how="phone", outcome="reached")
        assert fresh(order.case).reminded_until is None
    with at(NEXT_MONDAY):
        assert remind_by_rule() == 0


def test_who_was_reminded_by_a_person_is_left_in_peace(cast):
    case = signed(cast).case
    with at(FRIDAY) as now:
        actions.remind(case, by=cast.supervisor, unit=cast.chengguan, text="请办", act_by=now.date())
        assert remind_by_rule() == 0


def test_what_was_reminded_of_lately_does_not_stand_before_the_others(cast, monkeypatch):
    """As many as one run takes, of which a person reminded today and the unit acted, would keep the rest waiting."""
    monkeypatch.setattr("huiyin.supervision.tasks.AT_ONCE", 1)
    first, second = signed(cast), signed(cast)
    with at(FRIDAY) as now:
        actions.remind(first.case, by=cast.supervisor, unit=cast.chengguan, text="请办", act_by=now.date())
        actions.contact(first.case, by=cast.handler, order=first, how="phone", outcome="reached")
        assert fresh(first.case).reminded_until is None
        assert remind_by_rule() == 1 and remind_by_rule() == 0
    assert Reminder.objects.get(case=second.case).rule == "late"


def test_nobody_is_reminded_at_a_week_end_or_while_it_rests(cast):
    signed(cast)
    resting = suspended(cast).case
    with at(FRIDAY + DAY):
        assert remind_by_rule() == 0
    with at(NEXT_MONDAY):
        assert remind_by_rule() == 1
    assert fresh(resting).reminded_until is None


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ('mark = "late"\ndays = 2\nwords = "请办"', 1),
        ('mark = "late"\nwords = "请办"', 1),
        ('mark = "open"\nwords = "请办"', 0),
        ('mark = "late"\nwords = " "', 0),
        ('mark = "late"\ndays = "x"\nwords = "请办"', 0),
        ("", 0),
    ],
)
def test_rules_are_data_of_the_profile_and_nonsense_is_passed_over(tmp_path, settings, row, kept):
    (tmp_path / "town").mkdir()
    text = f"[[reminder]]\n{row}\n" if row else ""
    (tmp_path / "town" / "profile.toml").write_text(text, encoding="utf-8")
    settings.HUIYIN_PROFILES, settings.HUIYIN_PROFILE = tmp_path, "town"
    assert len(rules.reminder_rules()) == kept


def test_the_demonstration_has_a_rule(settings):
    settings.HUIYIN_PROFILE = "demo"
    assert [rule.mark for rule in rules.reminder_rules()] == ["late"]
