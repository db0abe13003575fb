"""转交经办人: another person of the same unit; nothing else changes."""

import pytest

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import answered, at, denied, dispatched, fresh, one_event, refused, signed
from huiyin.kernel import clock
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db


def test_the_order_has_another_person_and_keeps_its_date(cast):
    order = signed(cast)
    due, held = order.due_at, order.case.held_since
    with at(clock.now().replace(hour=5)), one_event(order.case, "delegate", cast.unit_leader):
        actions.delegate(order, by=cast.unit_leader, person=cast.unit_leader.post)
    order, case = fresh(order), fresh(order.case)
    assert (order.person, order.state, order.due_at) == (cast.unit_leader.post, "signed", due)
    assert (case.holder_unit, case.holder_post, case.held_since) == (cast.chengguan, order.person, held)
    assert latest(f"case:{case.number}").facts["person"] == order.person.code


def test_the_person_in_charge_may_hand_it_on_and_nobody_else_of_the_unit(cast):
    order = signed(cast)
    colleague = Post.objects.create(
        code="colleague", user=cast.auditor.user, unit=cast.chengguan, role=Role.HANDLER
    )
    with denied():
        actions.delegate(order, by=Actor.of(colleague), person=colleague)
    actions.delegate(order, by=cast.handler, person=colleague)
    with denied():
        actions.delegate(order, by=cast.handler, person=cast.handler.post)
    actions.delegate(order, by=cast.unit_leader, person=cast.handler.post)
    assert fresh(order).person == cast.handler.post


@pytest.mark.parametrize("who", ["dispatcher", "supervisor", "squad_handler", "outsider", "citizen"])
def test_others_may_not(cast, who):
    order = signed(cast)
    with denied():
        actions.delegate(order, by=getattr(cast, who), person=cast.unit_leader.post)


def test_whom_it_may_not_go_to(cast):
    order = signed(cast)
    with refused("另选一位", code="same_person"):
        actions.delegate(order, by=cast.unit_leader, person=cast.handler.post)
    with refused("在任人员", code="person"):
        actions.delegate(order, by=cast.unit_leader, person=cast.squad_handler.post)
    watcher = Post.objects.create(
        code="watcher", user=cast.auditor.user, unit=cast.chengguan, role=Role.AUDITOR
    )
    with refused("经办人", code="role"):
        actions.delegate(order, by=cast.unit_leader, person=watcher)


def test_somebody_complained_of_is_refused(cast):
    order = dispatched(cast, lead=cast.weijian, nature=Case.Nature.REPORT)
    accused = Post.objects.create(
        code="accused", user=cast.squad_handler.user, unit=cast.weijian, role=Role.HANDLER
    )
    order.case.exclusions.create(user=accused.user)
    with refused("被举报", code="accused"):
        actions.delegate(order, by=cast.outsider, person=accused)


def test_an_answered_order_is_not_handed_on(cast):
    order = answered(cast)
    with refused("待审核", code="state"):
        actions.delegate(order, by=cast.unit_leader, person=cast.unit_leader.post)
