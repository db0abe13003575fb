"""A unit that was merged into another is judged: the people of the other one are its own."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.assessment.actions import agree_to_omission, propose_omission
from huiyin.assessment.tests import town
from huiyin.cases import actions as acts
from huiyin.cases.access import own_orders, visible
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Party
from huiyin.cases.queries import page_of
from huiyin.cases.tests import roads
from huiyin.evaluation.access import disclosed
from huiyin.evaluation.actions import contest_rating, rate, uphold_contest
from huiyin.evaluation.contests import may_contest, of_page
from huiyin.evaluation.models import Rating
from huiyin.evaluation.queries import may_rate_now, still_to_rate
from huiyin.evaluation.rules import Ground
from huiyin.evaluation.tests.road import MONDAY, NEIGHBOUR, petitioner, told
from huiyin.kernel import clock
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit

pytestmark = pytest.mark.django_db
WEDNESDAY = MONDAY + timedelta(days=2)
UNHAPPY = {"contacted": True, "solved": "no", "satisfied": 1}
UNIT = Ground("wrong_unit", "不是本单位承办的", "《某规定》第六条", "unit")


@pytest.fixture(autouse=True)
def wednesday(monkeypatch):
    monkeypatch.setattr("huiyin.evaluation.contests.grounds", lambda _on: [UNIT])
    with clock.frozen(WEDNESDAY):
        yield


def merge_bureaus(cast):
    cast.chengguan.valid_to, cast.chengguan.successor = date(2026, 11, 3), cast.zhujian
    cast.chengguan.save()
    remembering.clear()


def hat(cast, unit):
    Post.objects.create(code="hat", user=cast.supervisor.user, unit=unit, role="handler")
    return Actor.of(Post.objects.get(pk=cast.supervisor.post.pk))


def test_who_works_in_the_successor_reads_no_grade(cast):
    case = told(cast)
    rate(case, by=petitioner(case), **UNHAPPY)
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        merge_bureaus(cast)
        by = hat(cast, cast.zhujian)
        found = disclosed(Case.objects.get(pk=case.pk), by)
        assert found.grades == ()


def test_the_people_of_an_accused_unit_see_no_report_of_it_after_a_merger(cast):
    case = roads.registered(cast, nature="report", accused_units=[cast.chengguan])
    old = hat(cast, cast.chengguan)
    assert not visible(old).filter(pk=case.pk).exists()
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        merge_bureaus(cast)
        Post.objects.filter(code="hat").update(unit=cast.zhujian)
        by = Actor.of(Post.objects.get(pk=cast.supervisor.post.pk))
        assert not visible(by).filter(pk=case.pk).exists()


def test_the_person_of_an_accused_unit_does_not_read_the_report_in_the_successor(cast):
    """The head of the accused bureau sits in the one that it was merged into, to which the report is sent."""
    case = roads.registered(cast, nature="report", accused_units=[cast.chengguan])
    acts.accept(case, by=cast.clerk, category=cast.property)
    order = acts.dispatch(case, by=cast.dispatcher, lead=cast.zhujian)
    assert visible(cast.zhujian_leader).filter(pk=order.case_id).exists(), "it is sent to another bureau"
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        merge_bureaus(cast)
        Post.objects.filter(user=cast.unit_leader.user).update(valid_to=date(2026, 11, 3))
        Post.objects.create(code="head", user=cast.unit_leader.user, unit=cast.zhujian, role="unit_leader")
        head = Actor.of(Post.objects.get(code="head"))
        case = Case.objects.get(pk=order.case_id)
        assert not visible(head).filter(pk=case.pk).exists()


def test_who_stands_below_a_merged_bureau_sees_no_report_about_its_successor(cast):
    report = roads.registered(cast, nature="report", accused_units=[cast.zhujian])
    acts.accept(report, by=cast.clerk, category=cast.property)
    order = acts.dispatch(report, by=cast.dispatcher, lead=cast.squad)
    assert visible(cast.squad_handler).filter(pk=order.case_id).exists()
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        merge_bureaus(cast)
        assert not visible(Actor.of(cast.squad_handler.post)).filter(pk=order.case_id).exists()


def test_what_a_merged_unit_had_is_seen_by_its_successor_but_no_report_about_the_successor_s_people(cast):
    plain = roads.told(cast)
    about, below = (
        roads.registered(cast, nature="report", accused_units=[each]) for each in (cast.zhujian, cast.squad)
    )
    for report in (about, below):
        acts.accept(report, by=cast.clerk, category=cast.property)
        acts.dispatch(report, by=cast.dispatcher, lead=cast.weijian)
    Unit.objects.filter(pk=cast.squad.pk).update(path=f"{cast.zhujian.path}squad/")
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        merge_bureaus(cast)
        roads.merge_units(cast.weijian, into=cast.zhujian)
        heir = Actor.of(cast.zhujian_leader.post)
        assert set(visible(heir)) == {plain}
        assert {order.case for order in own_orders(heir)} == {plain}


def test_the_successor_contests_how_the_merged_unit_was_rated(cast):
    case = told(cast)
    rate(case, by=petitioner(case), **UNHAPPY)
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        merge_bureaus(cast)
        heir = cast.zhujian_handler
        assert may_contest(case, heir) and not may_contest(case, cast.outsider)
        row = contest_rating(case, by=heir, ground="wrong_unit", why="职责清单")
        assert (row.unit, row.asked_by) == (cast.chengguan, heir.post)
        assert of_page(page_of(Case.objects.get(pk=case.pk), heir)) == [row] and not may_contest(case, heir)
        for by in (cast.supervisor, cast.leader):
            uphold_contest(case, by=by)
        assert not Rating.objects.filter(case=case, unit=cast.chengguan).exists()


def brought_by(cast, who):
    """A told matter of somebody and of the one of the office who brought it in, who would both rate it."""
    case = told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.BRINGER, post=who.post)])
    assert {party.post for party in still_to_rate(case)} == {None, who.post}
    return case


@pytest.mark.parametrize(
    ("who", "old", "new"),
    [
        ("zhujian_handler", "chengguan", "zhujian"),  # the judged unit went into the bringer's
        ("zhujian_handler", "chengguan", "weijian"),  # and by way of another one
        ("outsider", "weijian", "chengguan"),  # the bringer's went into the judged one
        ("outsider", "centre", "weijian"),  # the desk went into the bringer's
        ("zhujian_leader", "chengguan", "squad"),  # into one below the bringer's
    ],
)
def test_who_brought_it_in_does_not_grade_what_became_their_own_work(cast, who, old, new):
    by = getattr(cast, who)
    case = brought_by(cast, by)
    if new == "squad":
        cast.squad.path = f"{cast.zhujian.path}chengguan-zhongdui/"
        cast.squad.save()
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        roads.merge_units(getattr(cast, old), into=getattr(cast, new))
        if (who, new) == ("zhujian_handler", "weijian"):
            roads.merge_units(cast.weijian, into=cast.zhujian)
        assert [party.post for party in still_to_rate(case)] == [None] and not may_rate_now(case, by)


def test_who_brought_it_in_from_elsewhere_grades_it_after_a_merger_too(cast):
    case = brought_by(cast, cast.outsider)
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        merge_bureaus(cast)
        assert may_rate_now(case, cast.outsider) and may_rate_now(case, petitioner(case))


def test_who_works_in_the_successor_does_not_agree_to_its_omission(cast):
    case = told(cast)
    clause = town.clause()
    row = propose_omission(case, by=cast.handler, unit=cast.chengguan, clause=clause, evidence="裁定书")
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        merge_bureaus(cast)
        with pytest.raises(PermissionDenied):
            agree_to_omission(row, by=hat(cast, cast.zhujian))


def test_who_works_in_the_successor_does_not_decide_its_contest(cast):
    case = told(cast)
    rate(case, by=petitioner(case), **UNHAPPY)
    contest_rating(case, by=cast.handler, ground="wrong_unit", why="职责清单")
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        merge_bureaus(cast)
        with pytest.raises(PermissionDenied):
            uphold_contest(case, by=hat(cast, cast.zhujian))
