"""催办 and 督办批注: the unit whose turn it is hears that somebody waits; it ends by itself when it acts."""

from datetime import date, timedelta

import pytest

from huiyin.cases import actions, offering, oversight, queries
from huiyin.cases.models import Case, Reminder
from huiyin.cases.tests import petitions
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    answered,
    at,
    closed,
    denied,
    dispatched,
    fresh,
    one_event,
    refused,
    registered,
    signed,
    suspension_proposed,
)
from huiyin.kernel import clock
from huiyin.ledger.queries import latest
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 3)


def reminded(cast, case=None, *, unit=None, act_by=TUESDAY):
    case = case or signed(cast).case
    return actions.remind(
        case,
        by=cast.supervisor,
        unit=unit or cast.chengguan,
        text="三天没有动静，请今天联系。",
        act_by=act_by,
    )


def test_it_is_written_sealed_and_shown_on_the_case_and_moves_no_clock(cast):
    case = signed(cast).case
    before = case.due_at
    with one_event(case, "remind", cast.supervisor):
        row = reminded(cast, case)
    row, case = fresh(row), fresh(case)
    assert (row.state, row.unit, row.times, row.act_by) == ("given", cast.chengguan, 1, TUESDAY)
    assert case.reminded_until == TUESDAY and case.due_at == before and case.state == "handling"
    facts = latest(f"case:{case.number}").facts
    assert facts["unit"] == cast.chengguan.code and facts["times"] == 1 and "动静" not in str(facts)


def test_it_ends_by_itself_when_the_unit_acts(cast):
    row = reminded(cast)
    order = fresh(row.case).orders.get()
    with at(MONDAY + DAY) as now:
        actions.answer(order, by=cast.handler, text="已处理", outcome="solved")
    row = fresh(row)
    assert (row.state, row.act, row.ended_at) == (Reminder.State.HEEDED, "answer", now)
    assert fresh(row.case).reminded_until is None


def test_a_talk_with_the_petitioner_heeds_it_and_a_note_does_not(cast):
    row = reminded(cast)
    order = fresh(row.case).orders.get()
    actions.note(row.case, by=cast.handler, text="正在办")
    actions.contact(row.case, by=cast.handler, order=order, how="phone", outcome="missed")
    assert fresh(row).state == "given" and fresh(row.case).reminded_until == TUESDAY
    actions.contact(row.case, by=cast.handler, order=order, how="phone", outcome="reached", said="约好上门")
    assert fresh(row).act == "contact"


def test_what_others_do_does_not_heed_it(cast):
    order = signed(cast, assisting=[cast.zhujian])
    row = reminded(cast, order.case)
    actions.note(order.case, by=cast.dispatcher, text="已催过")
    actions.sign(order.case.orders.get(unit=cast.zhujian), by=cast.zhujian_handler)
    assert fresh(row).state == "given"


def test_an_assisting_unit_is_reminded_too_and_each_ends_alone(cast):
    order = signed(cast, assisting=[cast.zhujian])
    first = reminded(cast, order.case, act_by=date(2026, 11, 6))
    with at(MONDAY + DAY):
        second = reminded(cast, order.case, unit=cast.zhujian, act_by=date(2026, 11, 4))
    assert second.times == 2 and fresh(order.case).reminded_until == date(2026, 11, 4)
    actions.sign(order.case.orders.get(unit=cast.zhujian), by=cast.zhujian_handler)
    assert (fresh(second).state, fresh(first).state) == ("heeded", "given")
    assert fresh(order.case).reminded_until == date(2026, 11, 6)


def test_it_lapses_when_the_matter_goes_to_another_unit(cast):
    order = dispatched(cast, lead=cast.squad)
    row = reminded(cast, order.case, unit=cast.squad)
    actions.escalate(order, by=cast.dispatcher, unit=cast.chengguan, reason="中队办不了")
    assert fresh(row).state == Reminder.State.LAPSED and fresh(order.case).reminded_until is None


def test_it_lapses_when_the_case_ends_or_rests(cast):
    row = reminded(cast)
    actions.withdraw(row.case, by=cast.clerk, why="已自行解决")
    assert fresh(row).state == Reminder.State.LAPSED
    asked = suspension_proposed(cast)
    row = reminded(cast, asked.case)
    actions.approve_suspension(asked, by=cast.reviewer)
    assert fresh(row).state == Reminder.State.LAPSED and fresh(asked.case).reminded_until is None
    with refused("挂账"):
        reminded(cast, asked.case)


def test_the_desk_is_reminded_while_it_is_its_turn(cast):
    case = registered(cast)
    row = reminded(cast, case, unit=cast.centre)
    actions.accept(case, by=cast.clerk, category=cast.noise)
    assert fresh(row).act == "accept"
    waiting = answered(cast).case
    with refused("没有轮到", code="no_turn"):
        reminded(cast, waiting, unit=cast.chengguan)
    reminded(cast, waiting, unit=cast.centre)
    actions.approve(waiting, by=cast.reviewer)
    assert fresh(waiting).reminded_until is None


def test_the_body_that_reviews_is_reminded(cast):
    with at(petitions.SPRING):
        case = fresh(petitions.asked(cast).case)
        by = cast.supervisor if cast.supervisor.unit != case.holder_unit else cast.leader
        today = clock.local_date(clock.now())
        row = actions.remind(case, by=by, unit=case.holder_unit, text="请尽快决定", act_by=today)
    assert row.unit == case.holder_unit and fresh(case).reminded_until == today


@pytest.mark.parametrize(
    "who", ["handler", "unit_leader", "dispatcher", "reviewer", "representative", "citizen"]
)
def test_only_those_who_oversee_remind_and_comment(cast, who):
    case = signed(cast).case
    with denied():
        actions.remind(case, by=getattr(cast, who), unit=cast.chengguan, text="快办", act_by=TUESDAY)
    with denied():
        actions.comment(case, by=getattr(cast, who), text="快办")


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 11, 10), date(2199, 1, 1)])
def test_the_day_is_today_or_some_working_days_ahead(cast, day):
    case = signed(cast).case
    with refused("2026-11-09", code="act_by"):
        reminded(cast, case, act_by=day)


def test_a_case_is_reminded_once_in_a_working_day(cast):
    case = signed(cast).case
    friday = MONDAY + 4 * DAY
    with at(friday):
        reminded(cast, case, act_by=date(2026, 11, 9))
    for later in (friday + timedelta(hours=3), friday + DAY, friday + 2 * DAY):
        with at(later), refused("只催一次", code="too_often"):
            reminded(cast, case, act_by=date(2026, 11, 9))
    with at(friday + 3 * DAY):
        assert reminded(cast, case, act_by=date(2026, 11, 10)).times == 2


def test_nobody_reminds_themselves_and_nothing_empty_is_said(cast):
    case = signed(cast).case
    with refused("没有轮到", code="no_turn"):
        reminded(cast, case, unit=cast.weijian)
    with refused("请填写催办内容"):
        actions.remind(case, by=cast.supervisor, unit=cast.chengguan, text=" ", act_by=TUESDAY)
    with refused("在您的单位手里", code="itself"):
        actions.remind(case, by=cast.supervisor, unit=cast.supervisor.unit, text="快办", act_by=TUESDAY)
    over = closed(cast)
    with refused("办结"):
        reminded(cast, over, unit=cast.centre)


def test_a_successor_inherits_it(cast):
    row = reminded(cast)
    order = row.case.orders.get()
    cast.chengguan.valid_to, cast.chengguan.successor = MONDAY.date(), cast.zhujian
    cast.chengguan.save()
    remembering.clear()
    with at(MONDAY + DAY):
        actions.take_over(order, by=cast.system)
    assert (fresh(row).state, fresh(row).unit) == ("given", cast.zhujian)


def test_a_unit_reads_its_own_and_the_desk_and_overseers_all(cast):
    order = signed(cast, assisting=[cast.zhujian])
    row = reminded(cast, order.case)
    for who in (cast.handler, cast.dispatcher, cast.leader):
        assert queries.page_of(fresh(order.case), who).asides["reminder"] == [row]
    assert "reminder" not in queries.page_of(fresh(order.case), cast.zhujian_handler).asides
    assert queries.reminders_to(cast.handler) == [row]
    assert not queries.reminders_to(cast.zhujian_handler) and not queries.reminders_to(cast.supervisor)


def test_it_is_offered_while_somebody_is_awaited_and_not_again_the_same_day(cast):
    case = signed(cast).case
    offered = dict(offering.offered(queries.page_of(case, cast.supervisor)))
    assert {"remind", "comment"} <= set(offered)
    reminded(cast, case)
    assert "remind" not in dict(offering.offered(queries.page_of(fresh(case), cast.supervisor)))
    assert "remind" not in dict(offering.offered(queries.page_of(closed(cast), cast.supervisor)))
    assert "comment" in dict(offering.offered(queries.page_of(closed(cast), cast.supervisor)))


def test_the_marks_tell_what_waits_and_what_nobody_has_heeded(cast):
    reminded(cast)
    marked = (
        Case.objects.filter(oversight.marked("reminded")),
        Case.objects.filter(oversight.marked("unheeded")),
    )
    assert [found.count() for found in marked] == [1, 0]
    with at(MONDAY + 2 * DAY):
        assert Case.objects.filter(oversight.marked("unheeded")).count() == 1
        tally = oversight.tally(cast.supervisor)
    assert (tally.totals["reminded"], tally.totals["unheeded"]) == (1, 1)


def test_a_comment_is_for_those_who_handle_and_never_for_the_petitioner(cast):
    case = signed(cast).case
    with one_event(case, "comment", cast.supervisor):
        row = actions.comment(case, by=cast.supervisor, text="依据引用有误，请核对。")
    assert row.comment and row.readers == "office"
    for who in (cast.handler, cast.dispatcher, cast.leader):
        assert row in queries.page_of(case, who).notes
    party = case.parties.get()
    assert row not in queries.page_of(case, Actor.citizen(party.pk)).notes
    assert "引用" not in str(latest(f"case:{case.number}").facts)
