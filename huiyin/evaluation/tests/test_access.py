"""No door of this room shows a grade to anybody whom it judges."""

import inspect
from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.accounts.roles import UNIT, Role
from huiyin.cases import actions
from huiyin.cases.access import sees
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Party
from huiyin.cases.queries import page_of
from huiyin.evaluation import access, groups, queries
from huiyin.evaluation.access import disclosed
from huiyin.evaluation.actions import rate
from huiyin.evaluation.groups import BY, LEAST, grouped
from huiyin.evaluation.tests.road import MONDAY, petitioner, told
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
WORDS = "态度敷衍，问题还在"


@pytest.fixture(autouse=True)
def wednesday():
    with clock.frozen(MONDAY + timedelta(days=2)):
        yield


def unhappy(cast, **more) -> Case:
    case = told(cast, **more)
    rate(case, by=petitioner(case), contacted=True, solved="no", satisfied=1, words=WORDS)
    return case


def test_the_judged_unit_learns_only_that_it_is_not_solved(cast):
    case = unhappy(cast)
    for who in (cast.handler, cast.unit_leader):
        seen = disclosed(case, who)
        assert seen.solved is False and seen.grades == () and WORDS not in repr(seen)


def test_solved_is_disclosed_and_not_rated_is_neither(cast):
    case = told(cast)
    assert disclosed(case, cast.handler).solved is None
    rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=3)
    assert disclosed(case, cast.handler) == access.Disclosure(1, True)


@pytest.mark.parametrize("who", ["reviewer", "caller", "supervisor"])
def test_those_who_must_act_on_it_read_the_grade(cast, who):
    [grade] = disclosed(unhappy(cast), getattr(cast, who)).grades
    assert (grade.satisfied, grade.solved, grade.words) == (1, "no", WORDS)


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "leader"])
def test_colleagues_and_leaders_read_no_single_grade(cast, who):
    assert disclosed(unhappy(cast), getattr(cast, who)).grades == ()


@pytest.mark.parametrize("who", ["outsider", "administrator", "auditor", "zhujian_handler"])
def test_who_may_not_know_the_case_learns_nothing(cast, who):
    case = unhappy(cast)
    with pytest.raises(PermissionDenied):
        disclosed(case, getattr(cast, who))


def test_a_party_reads_its_own_rating_only(cast):
    case = told(cast, parties=[PartyIn(name="赵钱孙"), PartyIn(role=Party.Role.MEMBER)])
    first, second = [Actor.citizen(party.pk) for party in Party.objects.filter(case=case).order_by("pk")]
    rate(case, by=first, contacted=True, solved="no", satisfied=1, words=WORDS)
    assert [grade.words for grade in disclosed(case, first).grades] == [WORDS]
    assert disclosed(case, second).grades == ()


def test_a_reviewer_with_a_second_post_in_the_judged_unit_reads_no_grade(cast):
    case = unhappy(cast)
    user = cast.reviewer.user
    Post.objects.create(code="second-hat", user=user, unit=cast.squad, role=Role.HANDLER)
    assert disclosed(case, Actor.of(cast.reviewer.post)).grades == (), (
        "the squad stands under the judged bureau"
    )


def test_the_desk_that_answered_at_once_is_itself_judged(cast):
    intake = Intake(text="几点上班？", parties=[PartyIn()])
    case = actions.register_and_answer(intake, by=cast.clerk, text="九点。").case
    rate(case, by=petitioner(case), contacted=True, solved="no", satisfied=1)
    assert disclosed(case, cast.reviewer).grades == ()
    assert len(disclosed(case, cast.supervisor).grades) == 1


def test_no_unit_actor_gets_the_grade_through_any_public_function(cast):
    cases = [unhappy(cast) for _each in range(LEAST)]
    units = [who for who in cast.staff().values() if who.role in UNIT]
    doors = [
        door
        for room in (access, groups, queries)
        for _name, door in inspect.getmembers(room, inspect.isfunction)
        if door.__module__ == room.__name__ and not door.__name__.startswith("_")
    ]
    inside = {
        "valid_evaluations",
        "call_backs_settled",
        "call_backs_by_unit",
    }  # for counting: no reader is in it
    assert {door.__name__ for door in doors} - inside == {
        "disclosed", "disclosed_on", "sees_grades", "grouped", "still_to_rate", "may_rate_now"
    }  # fmt: skip
    for who, case in product(units, cases):
        assert not access.sees_grades(who, case)
        assert queries.may_rate_now(case, who) is False
        try:
            assert disclosed(case, who).grades == ()
        except PermissionDenied:
            pass
        assert access.disclosed_on(page_of(case, who)).grades == ()
        for of in BY:
            with pytest.raises(PermissionDenied):
                grouped(who, of=of, month=NOVEMBER)


def test_a_page_that_has_been_read_discloses_the_same_as_asking_anew(cast):
    again = unhappy(cast)
    actions.redo(again, by=cast.reviewer, reason="没有解决")
    for case in (told(cast), unhappy(cast), Case.objects.get(pk=again.pk)):
        for who in cast.staff().values():
            if sees(who, case):
                assert access.disclosed_on(page_of(case, who)) == disclosed(case, who), who


def test_groups_under_five_are_hidden(cast):
    for _each in range(LEAST - 1):
        unhappy(cast)
    [few] = grouped(cast.leader, of="unit", month=NOVEMBER)
    assert (few.key, few.ratings, few.satisfied) == ("chengguan", None, None)
    unhappy(cast)
    [enough] = grouped(cast.leader, of="unit", month=NOVEMBER)
    assert (enough.ratings, enough.solved, enough.satisfied, enough.contacted) == (LEAST, 0.0, 1.0, 1.0)


def test_a_single_small_group_hides_the_next_smallest_with_it(cast):
    for _each in range(LEAST):
        unhappy(cast)
    unhappy(cast, region=cast.street)
    assert [group.ratings for group in grouped(cast.leader, of="region", month=NOVEMBER)] == [None, None]


def test_groups_are_counted_by_month_and_within_sight(cast):
    for _each in range(LEAST):
        unhappy(cast)
    assert grouped(cast.leader, of="nature", month=date(2026, 10, 1)) == []
    assert [group.name for group in grouped(cast.caller, of="category", month=NOVEMBER)] == ["夜间噪声"]
    for who in (cast.clerk, cast.administrator, cast.citizen):
        with pytest.raises(PermissionDenied):
            grouped(who, of="unit", month=NOVEMBER)
