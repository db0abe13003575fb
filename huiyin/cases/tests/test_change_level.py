"""提级、下交: the order moves a level up or down, and takes its time with it."""

from datetime import timedelta

import pytest

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.models import Extension, Objection, Order
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    accepted,
    at,
    denied,
    dispatched,
    extension_asked,
    fresh,
    one_event,
    refused,
    signed,
)
from huiyin.deadlines.models import Clock
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db


def with_squad(cast, **more):
    order = dispatched(cast, lead=cast.squad, **more)
    actions.sign(order, by=cast.squad_handler)
    return fresh(order)


def lights(cast, **more):
    case = accepted(cast, **more)
    case.category = cast.stair_lights
    case.save()
    return actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)


def test_going_up_replaces_the_order_and_carries_the_date(cast):
    old = with_squad(cast)
    with at(MONDAY + 2 * DAY) as now, one_event(old.case, "escalate", cast.dispatcher):
        new = actions.escalate(old, by=cast.dispatcher, unit=cast.chengguan, reason="中队没有执法权")
    old, new, case = fresh(old), fresh(new), fresh(old.case)
    assert (old.state, old.clock.state, old.clock.stopped_at) == ("replaced", Clock.State.STOPPED, now)
    assert (new.state, new.unit, new.person, new.part) == ("sent", cast.chengguan, cast.handler.post, "lead")
    assert new.due_at == old.due_at == new.clock.due_at and new.clock.state == Clock.State.RUNNING
    assert (new.clock.started_at, new.clock.amount) == (old.clock.started_at, old.clock.amount)
    assert new.basis == old.basis and new.objection_until > now
    assert (case.state, case.holder_unit, case.due_at) == ("handling", cast.chengguan, old.case.due_at)
    facts = latest(f"case:{case.number}").facts
    assert (facts["from_unit"], facts["unit"]) == (cast.squad.code, cast.chengguan.code)
    assert "中队" not in str(facts)


def test_a_prolonged_time_is_carried_too(cast):
    asked = extension_asked(cast)
    actions.grant_extension(asked, by=cast.dispatcher)
    order = fresh(asked.order)
    new = actions.take_down(order, by=cast.dispatcher, unit=cast.squad, reason="中队就近办")
    assert fresh(new).due_at == order.due_at == fresh(new).clock.due_at
    assert fresh(new).clock.prolonged == order.clock.prolonged != ""


def test_what_the_old_unit_asked_lapses(cast):
    asked = extension_asked(cast)
    actions.take_down(asked.order, by=cast.dispatcher, unit=cast.squad, reason="中队就近办")
    assert fresh(asked).state == Extension.State.LAPSED


def test_a_late_order_stays_late_in_new_hands(cast):
    old = with_squad(cast)
    with at(MONDAY + timedelta(days=10)):
        new = fresh(actions.escalate(old, by=cast.supervisor, unit=cast.chengguan, reason="拖了十天"))
    assert fresh(old).clock.late and new.due_at == old.due_at < MONDAY + timedelta(days=10)


def test_the_new_unit_may_object_in_its_own_time(cast):
    new = actions.escalate(with_squad(cast), by=cast.dispatcher, unit=cast.chengguan, reason="上级办")
    objection = actions.object_to(new, by=cast.handler, reason=cast.not_ours, explanation="中队能办")
    assert fresh(objection).state == Objection.State.OPEN


def test_the_unit_leader_asks_for_it_by_doing_it(cast):
    order = with_squad(cast)
    chief = Post.objects.create(
        code="squad-chief", user=cast.auditor.user, unit=cast.squad, role=Role.UNIT_LEADER
    )
    new = actions.escalate(order, by=Actor.of(chief), unit=cast.chengguan, reason="中队没有执法权")
    assert new.unit == cast.chengguan
    with denied():
        actions.take_down(new, by=Actor.of(chief), unit=cast.squad, reason="还是中队办")


@pytest.mark.parametrize("act", ["escalate", "take_down"])
@pytest.mark.parametrize("who", ["clerk", "handler", "outsider", "reviewer", "citizen"])
def test_others_may_not(cast, act, who):
    order = signed(cast)
    with denied():
        getattr(actions, act)(order, by=getattr(cast, who), unit=cast.squad, reason="下面办")


def test_only_up_and_only_down(cast):
    order = signed(cast)
    for unit in (cast.squad, cast.zhujian, cast.chengguan, cast.community):
        with refused("上级", code="level"):
            actions.escalate(order, by=cast.dispatcher, unit=unit, reason="提级")
    for unit in (cast.zhujian, cast.chengguan):
        with refused("下级", code="level"):
            actions.take_down(order, by=cast.dispatcher, unit=unit, reason="下交")


def test_a_community_never_gets_what_is_not_on_its_list(cast):
    order = signed(cast)
    with refused("职责清单", "协助", code="duty_list"):
        actions.take_down(order, by=cast.dispatcher, unit=cast.community, reason="社区去劝")


def test_a_community_gets_what_is_on_its_list_within_its_place(cast):
    order = lights(cast)
    new = actions.take_down(order, by=cast.supervisor, unit=cast.community, reason="在社区清单里")
    assert (fresh(new).unit, fresh(order.case).holder_unit) == (cast.community, cast.community)


def test_but_not_what_happened_elsewhere(cast):
    order = lights(cast, region=cast.other_street)
    with refused("青潭街道", "辖区", code="place"):
        actions.take_down(order, by=cast.dispatcher, unit=cast.community, reason="社区能办")


@pytest.mark.parametrize("act", ["escalate", "take_down"])
def test_it_needs_a_reason(cast, act):
    order = signed(cast)
    with refused("理由", code="missing"):
        getattr(actions, act)(order, by=cast.dispatcher, unit=cast.squad, reason="  ")


def test_an_order_that_went_on_does_not_go_twice(cast):
    old = with_squad(cast)
    actions.escalate(old, by=cast.dispatcher, unit=cast.chengguan, reason="上级办")
    with refused("已改派", code="state"):
        actions.escalate(old, by=cast.dispatcher, unit=cast.chengguan, reason="上级办")
    assert Order.objects.filter(case=old.case).count() == 2
