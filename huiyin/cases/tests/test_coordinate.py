"""指定统筹领导: one leader over several units, and a statement owed to the public."""

import pytest

from huiyin.accounts.roles import Role
from huiyin.cases import actions, offering, queries
from huiyin.cases.models import Case, Statement
from huiyin.cases.tests.roads import accepted, denied, dispatched, fresh, one_event, refused, signed
from huiyin.organisation.models import Post, Unit

pytestmark = pytest.mark.django_db


def two_units(cast, **more) -> Case:
    return signed(cast, assisting=[cast.zhujian], **more).case


@pytest.mark.parametrize("who", ["dispatcher", "supervisor", "leader"])
def test_it_names_the_leader_and_owes_a_statement(cast, who):
    case, by = two_units(cast), getattr(cast, who)
    with one_event(case, "coordinate", by):
        actions.coordinate(case, by=by, leader=cast.leader.post)
    assert fresh(case).coordinator == cast.leader.post
    assert Statement.objects.get(case=case).state == Statement.State.OWED


def test_the_coordinator_makes_the_statement(cast):
    case = two_units(cast)
    owed = actions.coordinate(case, by=cast.dispatcher, leader=cast.leader.post)
    with denied():
        actions.make_statement(owed, by=cast.supervisor, text="正在办")
    actions.make_statement(owed, by=cast.leader, text="两个单位今晚到场")
    actions.coordinate(case, by=cast.dispatcher, leader=cast.supervisor.post)
    assert Statement.objects.filter(case=case).count() == 1, "what was said need not be said again"


def test_one_unit_needs_nobody_over_it(cast):
    case = signed(cast).case
    with refused("只有一个单位", code="alone"):
        actions.coordinate(case, by=cast.dispatcher, leader=cast.leader.post)
    assert ("coordinate", case) not in offering.offered(queries.page_of(fresh(case), cast.dispatcher))
    both = two_units(cast)
    assert ("coordinate", both) in offering.offered(queries.page_of(fresh(both), cast.dispatcher))


def test_only_somebody_over_the_place(cast):
    case = two_units(cast)
    with refused("管这个地方", code="leader"):
        actions.coordinate(case, by=cast.dispatcher, leader=cast.unit_leader.post)
    elsewhere = Unit.objects.create(
        code="qt", name="青潭街道", kind=Unit.Kind.STREET, region=cast.other_street, path="/qt/"
    )
    far = Post.objects.create(code="far", user=cast.auditor.user, unit=elsewhere, role=Role.LEADER)
    with refused("管这个地方", code="leader"):
        actions.coordinate(case, by=cast.dispatcher, leader=far)


def test_the_same_one_is_not_named_twice(cast):
    case = two_units(cast)
    actions.coordinate(case, by=cast.dispatcher, leader=cast.leader.post)
    with refused("统筹", code="state"):
        actions.coordinate(case, by=cast.dispatcher, leader=cast.leader.post)


def test_nothing_is_owed_to_the_public_on_a_report(cast):
    order = dispatched(cast, lead=cast.weijian, assisting=[cast.zhujian], nature=Case.Nature.REPORT)
    assert actions.coordinate(order.case, by=cast.dispatcher, leader=cast.supervisor.post) is None
    assert not Statement.objects.exists()


def test_an_accused_leader_coordinates_nothing(cast):
    case = two_units(cast, nature=Case.Nature.REPORT)
    case.exclusions.create(user=cast.supervisor.user)
    with refused("被举报", code="accused"):
        actions.coordinate(case, by=cast.dispatcher, leader=cast.supervisor.post)


@pytest.mark.parametrize("who", ["clerk", "reviewer", "handler", "citizen"])
def test_others_may_not(cast, who):
    case = two_units(cast)
    with denied():
        actions.coordinate(case, by=getattr(cast, who), leader=cast.leader.post)


def test_not_before_anybody_works(cast):
    case = accepted(cast)
    with refused("只有一个单位", code="alone"):
        actions.coordinate(case, by=cast.dispatcher, leader=cast.leader.post)
