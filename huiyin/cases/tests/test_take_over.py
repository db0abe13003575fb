"""承继: the successor of a unit that is no more has its orders, with the dates that they had."""

from datetime import date

import pytest

from huiyin.cases import actions, oversight, queries
from huiyin.cases.models import Case, Instruction, Objection, Order
from huiyin.cases.tests.roads import DAY, MONDAY, at, denied, fresh, objected, one_event, refused, signed
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock
from huiyin.organisation import remembering

pytestmark = pytest.mark.django_db
LAST = date(2026, 11, 3)


def dissolve(unit, *, into=None) -> None:
    unit.valid_to, unit.successor = LAST, into
    unit.save()
    remembering.clear()


def test_the_successor_has_the_order_with_its_date(cast):
    old = signed(cast)
    dissolve(cast.chengguan, into=cast.zhujian)
    with at(MONDAY + 2 * DAY), one_event(old.case, "take_over", cast.dispatcher):
        new = actions.take_over(old, by=cast.dispatcher)
    old, new, case = fresh(old), fresh(new), fresh(old.case)
    assert (old.state, old.clock.state) == ("succeeded", Clock.State.STOPPED)
    assert (new.unit, new.person, new.state) == (cast.zhujian, cast.zhujian_handler.post, "sent")
    assert (new.due_at, new.objection_until, new.basis) == (old.due_at, old.objection_until, old.basis)
    assert (case.holder_unit, case.due_at) == (cast.zhujian, old.case.due_at)
    hopping = Case.objects.filter(oversight.marked("hopping"))
    assert not hopping.exists(), "a succession is no second dispatch"


def test_the_note_of_the_dispatcher_goes_along(cast):
    case = signed(cast).case
    old = Order.objects.get(case=case)
    old.note = "请当晚到场"
    old.save()
    dissolve(cast.chengguan, into=cast.zhujian)
    with at(MONDAY + 2 * DAY):
        new = actions.take_over(old, by=cast.system)
    page = queries.page_of(fresh(case), cast.dispatcher)
    assert page.open(fresh(new).note) == "请当晚到场"


def test_succession_is_followed_to_the_unit_that_stands(cast):
    old = signed(cast)
    dissolve(cast.chengguan, into=cast.weijian)
    dissolve(cast.weijian, into=cast.zhujian)
    with at(MONDAY + 2 * DAY):
        assert actions.take_over(old, by=cast.dispatcher).unit == cast.zhujian


def test_after_a_split_somebody_says_which(cast):
    old = signed(cast)
    dissolve(cast.chengguan)
    with at(MONDAY + 2 * DAY):
        with refused("后继单位", code="successor"):
            actions.take_over(old, by=cast.dispatcher)
        assert actions.take_over(old, by=cast.dispatcher, unit=cast.weijian).unit == cast.weijian


def test_succession_that_turns_in_a_circle_leads_nowhere(cast):
    old = signed(cast)
    dissolve(cast.chengguan, into=cast.weijian)
    dissolve(cast.weijian, into=cast.chengguan)
    with at(MONDAY + 2 * DAY), refused("后继单位", code="successor"):
        actions.take_over(old, by=cast.dispatcher)


def test_an_undecided_objection_lapses_and_the_successor_may_object_itself(cast):
    objection = objected(cast)
    dissolve(cast.weijian, into=cast.zhujian)
    with at(MONDAY + 2 * DAY):
        new = actions.take_over(objection.order, by=cast.dispatcher)
        assert fresh(objection).state == Objection.State.LAPSED
        assert fresh(new).objection_until > clock.now()
        actions.object_to(fresh(new), by=cast.zhujian_handler, reason=cast.not_ours, explanation="不归我们")


def test_whom_the_law_does_not_name_is_asked_for_its_duty_list(cast):
    old = signed(cast)
    dissolve(cast.chengguan)
    with at(MONDAY + 2 * DAY), refused("职责清单", code="duty_list"):
        actions.take_over(old, by=cast.dispatcher, unit=cast.zhujian)


def test_an_accused_successor_is_refused(cast):
    old = signed(cast)
    old.case.exclusions.create(unit=cast.zhujian)
    dissolve(cast.chengguan, into=cast.zhujian)
    with at(MONDAY + 2 * DAY), refused("被举报单位", code="accused"):
        actions.take_over(old, by=cast.dispatcher)


def test_so_is_one_that_followed_an_accused_unit_too(cast):
    old = signed(cast)
    old.case.exclusions.create(unit=cast.weijian)
    dissolve(cast.weijian, into=cast.zhujian)
    dissolve(cast.chengguan, into=cast.zhujian)
    with at(MONDAY + 2 * DAY), refused("是被举报单位", code="accused"):
        actions.take_over(old, by=cast.dispatcher)


def test_a_standing_unit_is_not_taken_over(cast):
    old = signed(cast)
    cast.chengguan.valid_to, cast.chengguan.successor = MONDAY.date(), cast.zhujian
    cast.chengguan.save()
    with refused("还没有撤并", code="standing"):
        actions.take_over(old, by=cast.dispatcher)


def test_what_a_leader_asked_the_old_unit_the_new_one_reports_on(cast):
    old = signed(cast)
    told = actions.instruct(old.case, by=cast.leader, unit=cast.chengguan, text="一周内办好", days=5)
    dissolve(cast.chengguan, into=cast.zhujian)
    with at(MONDAY + 2 * DAY):
        actions.take_over(old, by=cast.dispatcher)
        actions.report_on(fresh(told), by=cast.zhujian_handler, text="接手，已到场")
    assert fresh(told).state == Instruction.State.REPORTED


@pytest.mark.parametrize("who", ["clerk", "supervisor", "zhujian_handler", "citizen"])
def test_others_may_not(cast, who):
    old = signed(cast)
    dissolve(cast.chengguan, into=cast.zhujian)
    with at(MONDAY + 2 * DAY), denied():
        actions.take_over(old, by=getattr(cast, who))


def test_while_the_case_rests_its_paused_clock_is_carried(cast):
    from huiyin.cases.casefile import opened
    from huiyin.cases.pausing import end_of, pause

    old = signed(cast)
    with opened(old.case, "note", by=cast.dispatcher) as file:
        pause(file, "suspended", until=end_of(date(2026, 11, 20)))
        file.move(file.case.state)
    Case.objects.filter(pk=old.case_id).update(state="suspended")
    dissolve(cast.chengguan, into=cast.zhujian)
    with at(MONDAY + 2 * DAY):
        new = fresh(actions.take_over(fresh(old), by=cast.dispatcher))
    assert new.clock.state == Clock.State.PAUSED and new.clock.pauses.get().ended_at is None
    assert fresh(old).clock.pauses.get().ended_at == MONDAY + 2 * DAY
    assert new.due_at == end_of(date(2026, 11, 20))
