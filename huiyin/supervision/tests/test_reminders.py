"""The place's rules remind whose turn it is: once a round, on working days, in the program's name."""

from datetime import timedelta
from pathlib import Path

import pytest

from huiyin.cases import actions, offering, oversight, queries
from huiyin.cases.models import Case, Promise, Reminder
from huiyin.cases.promising import Pledge
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    answered,
    at,
    closed,
    fresh,
    merge_units,
    promised,
    registered,
    signed,
    suspended,
)
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import latest
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.supervision import marks, rules
from huiyin.supervision.rules import RAISING, ReminderRule
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


def _returned_twice(cast) -> Case:
    case = answered(cast).case
    (order,) = actions.redo(case, by=cast.reviewer, reason="没有写整改期限")
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="本周整改", outcome="solved")
    (again,) = actions.redo(case, by=cast.reviewer, reason="没有写谁去复查")
    actions.sign(again, by=cast.handler)
    return case


def _past_its_promise(cast) -> Case:
    case = signed(cast).case
    day = MONDAY.date() - DAY
    Promise.objects.create(
        case=case, round=1, state="made", text="补种", due_on=day, made_at=MONDAY, unit=cast.chengguan
    )
    return case


def _of_many(cast) -> Case:
    return signed(cast, headcount=12).case


def _brought_again(cast) -> Case:
    closed(cast)
    with at(MONDAY + timedelta(hours=1)):
        return signed(cast).case


@pytest.mark.parametrize(
    ("mark", "bearing"),
    [
        ("second_return", _returned_twice),
        ("promise_passed", _past_its_promise),
        ("group", _of_many),
        ("repeated", _brought_again),
    ],
)
def test_a_mark_of_supervision_s_own_reminds_once_a_round(cast, monkeypatch, mark, bearing):
    rule = ReminderRule(mark, 2, "请先联系诉求人。")
    monkeypatch.setattr("huiyin.supervision.tasks.reminder_rules", lambda: [rule])
    with at(MONDAY):
        case = bearing(cast)
    with at(MONDAY + DAY):
        assert remind_by_rule() == 1 and remind_by_rule() == 0
        row = Reminder.objects.get()
        assert (row.case, row.unit, row.rule) == (case, cast.chengguan, mark)
        actions.contact(case, by=cast.handler, order=case.orders.last(), how="phone", outcome="reached")
    with at(MONDAY + 7 * DAY):
        assert remind_by_rule() == 0, "once for a case, a mark and a round"


PROMISE = ReminderRule("promise_passed", 3, "承诺的日期过了。")
ADVENT = MONDAY + 28 * DAY  # a Monday after the day by which the lamps were promised


def _concluded(cast, monkeypatch) -> Promise:
    """A promise with which the matter was closed, and put away since."""
    monkeypatch.setattr("huiyin.supervision.tasks.reminder_rules", lambda: [PROMISE])
    with at(MONDAY):
        made = promised(cast)
        for notice in made.case.notices.filter(told_at=None):
            actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")
        actions.close(fresh(made.case), by=cast.caller)
        actions.archive(fresh(made.case), by=cast.reviewer)
    Promise.objects.update(due_on=MONDAY.date() + 18 * DAY)
    return fresh(made)


def test_a_promise_past_its_day_is_reminded_of_when_the_matter_is_long_put_away(cast, monkeypatch):
    made = _concluded(cast, monkeypatch)
    with at(ADVENT):
        assert remind_by_rule() == 1 and remind_by_rule() == 0
        row = Reminder.objects.get()
        assert (row.unit, row.rule, fresh(made.case).state) == (cast.chengguan, "promise_passed", "archived")
        assert queries.reminders_to(cast.handler) == [row]
        found = oversight.tally(cast.supervisor).totals
        assert (found["reminded"], found["open"]) == (1, 0)
        actions.note(made.case, by=cast.reviewer, text="已电话说明")
        assert fresh(row).state == "given"
        actions.fulfil_promise(made, by=cast.handler, text="三盏路灯已装好")
    assert (fresh(row).state, fresh(row).act, fresh(made.case).reminded_until) == (
        *("heeded", "fulfil_promise"),
        None,
    )
    with at(ADVENT + 7 * DAY):
        assert remind_by_rule() == 0
        assert not Case.objects.filter(marks.marked("promise_passed")).exists()


def test_the_successor_is_reminded_of_what_a_merged_unit_promised(cast, monkeypatch):
    made = _concluded(cast, monkeypatch)
    with at(ADVENT):
        merge_units(cast.chengguan, into=cast.zhujian)
        assert remind_by_rule() == 1 and remind_by_rule() == 0
        row = Reminder.objects.get()
        assert row.unit == cast.zhujian and queries.reminders_to(cast.zhujian_handler) == [row]
        actions.fulfil_promise(made, by=cast.zhujian_handler, text="三盏路灯已装好")
        assert fresh(row).state == "heeded" and remind_by_rule() == 0


def test_another_day_for_a_promise_is_heeded_and_reminded_of_when_it_is_over_too(cast, monkeypatch):
    made = _concluded(cast, monkeypatch)
    with at(ADVENT) as now:
        remind_by_rule()
        later = Pledge("在巷口装三盏路灯", now.date() + 10 * DAY)
        actions.change_promise(made, by=cast.handler, pledge=later, reason="雨季不能施工")
        assert Reminder.objects.get().state == "heeded"
    with at(ADVENT + 7 * DAY):
        assert remind_by_rule() == 0
    with at(ADVENT + 14 * DAY):
        assert remind_by_rule() == 1 and remind_by_rule() == 0
        assert Case.objects.filter(marks.marked("promise_passed")).get() == made.case


def _another(made: Promise, unit) -> Promise:
    """One more promise of the same matter, by an earlier day."""
    day, order = made.due_on - DAY, made.order if unit == made.unit else None
    return Promise.objects.create(
        case=made.case, round=1, order=order, state="made", text="补种", due_on=day, made_at=MONDAY, unit=unit
    )


def test_nothing_but_keeping_a_promise_or_moving_it_heeds_what_a_rule_asks_about_it(cast, monkeypatch):
    made = _concluded(cast, monkeypatch)
    with at(ADVENT):
        assert remind_by_rule() == 1
        row = Reminder.objects.get()
        assert row.promise == made
        actions.contact(made.case, by=cast.handler, order=made.order, how="phone", outcome="reached")
    with at(ADVENT + 14 * DAY):
        assert fresh(row).state == "given" and fresh(made.case).reminded_until == row.act_by
        assert oversight.tally(cast.supervisor).totals["unheeded"] == 1 and remind_by_rule() == 0
        actions.fulfil_promise(made, by=cast.handler, text="三盏路灯已装好")
    assert (fresh(row).state, fresh(made.case).reminded_until) == ("heeded", None)


def test_a_unit_is_reminded_of_each_promise_of_a_matter_one_after_the_other(cast, monkeypatch):
    made = _concluded(cast, monkeypatch)
    first = _another(made, cast.chengguan)
    with at(ADVENT):
        assert remind_by_rule() == 1 and remind_by_rule() == 0
        assert Reminder.objects.get().promise == first
    with at(ADVENT + 7 * DAY):
        assert remind_by_rule() == 0, "it has one to answer"
        actions.fulfil_promise(first, by=cast.handler, text="已补种")
    with at(ADVENT + 8 * DAY):
        assert remind_by_rule() == 1 and remind_by_rule() == 0
        assert Reminder.objects.get(state="given").promise == made


def test_a_place_that_reminds_as_often_as_it_likes_does_so_once_a_run_of_two_promises_of_a_unit(
    cast, monkeypatch
):
    monkeypatch.setattr("huiyin.cases.reminding.limit", lambda name: 0 if name == "reminder_gap" else 10)
    _another(_concluded(cast, monkeypatch), cast.chengguan)
    with at(ADVENT):
        assert remind_by_rule() == 1 and remind_by_rule() == 0


@pytest.mark.parametrize("last_day", [ADVENT.date() - DAY, ADVENT.date() + 300 * DAY])
def test_what_one_unit_is_asked_about_its_promise_silences_no_other_unit_s(cast, monkeypatch, last_day):
    """Whether the unit has a successor now, will have one, or neither."""
    made = _concluded(cast, monkeypatch)
    other = _another(made, cast.weijian)
    merge_units(cast.chengguan, into=cast.zhujian)
    type(cast.chengguan).objects.filter(pk=cast.chengguan.pk).update(valid_to=last_day)
    remembering.clear()
    with at(ADVENT):
        assert remind_by_rule() == 1
        assert Reminder.objects.get().promise == other
    with at(ADVENT + 7 * DAY):
        assert remind_by_rule() == 1 and remind_by_rule() == 0
    row = Reminder.objects.get(promise=made)
    assert row.unit == (cast.zhujian if last_day < ADVENT.date() else cast.chengguan)


def test_a_promise_for_which_the_unit_is_still_waited_for_stops_no_other_rule(cast, monkeypatch):
    monkeypatch.setattr("huiyin.supervision.tasks.reminder_rules", lambda: [LATE, PROMISE])
    with at(MONDAY):
        case = _past_its_promise(cast)
    with at(MONDAY + DAY):
        assert remind_by_rule() == 1
    with at(FRIDAY):
        assert remind_by_rule() == 1
        assert set(Reminder.objects.values_list("rule", "state")) == {
            ("promise_passed", "given"), ("late", "given"),
        }  # fmt: skip
        actions.contact(case, by=cast.handler, order=case.orders.get(), how="phone", outcome="reached")
        assert Reminder.objects.get(state="given").rule == "promise_passed"


def test_what_lapsed_because_the_matter_rests_is_asked_again_afterwards(cast, monkeypatch):
    monkeypatch.setattr("huiyin.supervision.tasks.reminder_rules", lambda: [PROMISE])
    with at(MONDAY):
        case = _past_its_promise(cast)
    with at(MONDAY + DAY) as now:
        assert remind_by_rule() == 1
        rest = actions.propose_suspension(
            case, by=cast.handler, plan="等改造开工", until=now.date() + 30 * DAY, order=case.orders.get()
        )
        actions.approve_suspension(rest, by=cast.reviewer)
        assert Reminder.objects.get().state == "lapsed"
    with at(MONDAY + 7 * DAY):
        assert remind_by_rule() == 0
        actions.end_suspension(fresh(rest), by=cast.handler)
        assert remind_by_rule() == 1 and remind_by_rule() == 0


def test_supervision_reminds_of_a_broken_promise_by_hand_and_of_nothing_else_that_has_ended(
    cast, monkeypatch
):
    made = _concluded(cast, monkeypatch)
    with at(ADVENT - 14 * DAY):
        assert "remind" not in dict(offering.offered(queries.page_of(made.case, cast.supervisor)))
    with at(ADVENT) as now:
        assert "remind" in dict(offering.offered(queries.page_of(made.case, cast.supervisor)))
        with pytest.raises(Refused, match="没有轮到"):
            actions.remind(made.case, by=cast.supervisor, unit=cast.centre, text="请办", act_by=now.date())
        actions.remind(made.case, by=cast.supervisor, unit=cast.chengguan, text="请办", act_by=now.date())
    assert fresh(made.case).reminded_until == ADVENT.date()


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ('mark = "promise_passed"\nwords = "请办"', 1),
        ('mark = "order_unanswered"\nwords = "请办"', 0),
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


PLACES = sorted(each.parent.name for each in Path("profiles").glob("*/profile.toml"))


@pytest.mark.parametrize("place", PLACES)
def test_every_place_reminds_by_rule_and_says_on_what_that_rests(settings, place):
    settings.HUIYIN_PROFILE = place
    found = rules.reminder_rules()
    assert {"late", "yellow", "asked"} <= {rule.mark for rule in found} <= set(RAISING)
    assert all(rule.basis for rule in found)
    assert found[0].mark == "late", "who is late is reminded of that first"
