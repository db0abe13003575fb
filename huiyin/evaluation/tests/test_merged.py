"""One answer, many judges: the parties of merged matters rate what they share, and their word counts."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.access import sees
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Notice
from huiyin.cases.queries import page_of
from huiyin.evaluation import calling
from huiyin.evaluation.access import disclosed, disclosed_on
from huiyin.evaluation.actions import call_back, dial, rate
from huiyin.evaluation.groups import grouped
from huiyin.evaluation.models import CallBack, Rating
from huiyin.evaluation.queries import may_rate_now, still_to_rate
from huiyin.evaluation.tasks import close_unrated
from huiyin.evaluation.tests.road import MONDAY, NEIGHBOUR, answered, petitioner, registered, tell
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import history, latest
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
HAPPY = {"contacted": True, "solved": "yes", "satisfied": 5}
UNHAPPY = {"contacted": True, "solved": "no", "satisfied": 1}


@pytest.fixture(autouse=True)
def wednesday():
    with clock.frozen(MONDAY + timedelta(days=2)):
        yield


def family(cast, *, children: int = 2) -> tuple[Case, list[Case]]:
    """A told matter, and those merged into it whose parties have read the shared answer."""
    parent = answered(cast)
    merged = []
    for number in range(children):
        child = registered(cast, parties=[PartyIn(name="李四", phone=f"1390000000{number}")])
        actions.merge(child, into=parent, by=cast.clerk)
        merged.append(child)
    tell(parent, cast)
    for child in merged:
        read(child)
    return fresh(parent), [fresh(child) for child in merged]


def read(case: Case) -> None:
    for notice in Notice.objects.filter(case=case, told_at=None):
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how=Notice.How.DELIVERED)


def fresh(case: Case) -> Case:
    return Case.objects.select_related("parent").get(pk=case.pk)


def test_a_merged_party_rates_the_shared_answer_as_its_own(cast):
    parent, (child, _other) = family(cast)
    rating = rate(child, by=petitioner(child), words="水来了", **HAPPY)
    assert (rating.case, rating.round, rating.how) == (child, 1, "self")
    assert (fresh(child).state, fresh(child).ended_at is not None) == ("merged", True)
    assert latest(f"case:{child.number}").kind == "rate"
    assert fresh(parent).state == Case.State.TOLD and fresh(parent).version == parent.version


def test_the_caller_takes_a_merged_partys_word_down_at_a_call_back_alone(cast):
    _parent, (child, _other) = family(cast)
    [party] = still_to_rate(child)
    with pytest.raises(PermissionDenied):
        rate(child, by=cast.caller, **HAPPY)
    until = clock.now() + timedelta(hours=1)
    row = CallBack.objects.create(
        case=child, party=party, round=child.round, state="waiting", not_before=clock.now(), until=until
    )
    assert calling.take_next(cast.caller) == row
    dial(row, by=cast.caller)
    rating = call_back(row, by=cast.caller, result="reached", **HAPPY)
    assert (rating.how, rating.by) == ("call_back", cast.caller.post) and still_to_rate(fresh(child)) == []


def test_the_matter_closes_only_when_every_judge_of_the_family_says_solved(cast):
    parent, (first, second) = family(cast)
    rate(parent, by=petitioner(parent), **HAPPY)
    assert fresh(parent).state == Case.State.TOLD
    rate(first, by=petitioner(first), **HAPPY)
    assert fresh(parent).state == Case.State.TOLD
    rate(second, by=petitioner(second), **HAPPY)
    assert fresh(parent).state == Case.State.CLOSED
    closing = latest(f"case:{parent.number}")
    assert (closing.kind, closing.facts["because"]) == ("close", "rated")


@pytest.mark.parametrize("solved", ["no", "partly"])
def test_a_merged_party_who_says_unsolved_puts_the_matter_before_its_reviewer(cast, solved):
    parent, (child, _other) = family(cast)
    rate(child, by=petitioner(child), contacted=True, solved=solved, satisfied=2)
    parent = fresh(parent)
    assert (parent.state, parent.holder_role) == (Case.State.TOLD, Role.REVIEWER)
    heard = latest(f"case:{parent.number}")
    assert (heard.kind, heard.actor, heard.facts["child"]) == ("hear_merged", "system:rating", child.number)
    assert set(heard.facts) == {"from", "to", "round", "child"}
    actions.redo(parent, by=cast.reviewer, reason="有一户还没有水")
    assert fresh(parent).state == Case.State.HANDLING


def test_said_before_the_others_were_told_it_reaches_the_reviewer_all_the_same(cast):
    parent = answered(cast)
    child = registered(cast)
    actions.merge(child, into=parent, by=cast.clerk)
    actions.approve(parent, by=cast.reviewer)
    read(child)
    assert may_rate_now(fresh(child), petitioner(child))
    rate(fresh(child), by=petitioner(child), **UNHAPPY)
    assert (fresh(parent).state, fresh(parent).holder_role) == (Case.State.TELLING, Role.REVIEWER)
    read(parent)
    assert (fresh(parent).state, fresh(parent).holder_role) == (Case.State.TOLD, Role.REVIEWER)


def test_time_alone_closes_it_unless_a_merged_party_said_unsolved(cast):
    silent, _children = family(cast)
    contested, (child, _other) = family(cast)
    rate(child, by=petitioner(child), **UNHAPPY)
    with clock.frozen(MONDAY + timedelta(days=40)):
        assert close_unrated() == 1
    assert (fresh(silent).state, fresh(contested).state) == (Case.State.CLOSED, Case.State.TOLD)


def test_what_was_said_of_an_earlier_round_does_not_count_for_the_next(cast):
    parent, (child, _other) = family(cast)
    rate(child, by=petitioner(child), **UNHAPPY)
    with clock.frozen(MONDAY + timedelta(days=3)):
        (order,) = actions.redo(parent, by=cast.reviewer, reason="有一户还没有水")
        actions.sign(order, by=cast.handler)
        actions.answer(order, by=cast.handler, text="都修好了", outcome="solved")
        tell(parent, cast)
    assert fresh(parent).holder_role == Role.CALLER
    with clock.frozen(MONDAY + timedelta(days=40)):
        close_unrated()
    assert fresh(parent).state == Case.State.CLOSED


def test_a_merged_party_rates_neither_before_it_is_told_nor_when_it_is_over_nor_twice(cast):
    parent = answered(cast)
    child = registered(cast)
    actions.merge(child, into=parent, by=cast.clerk)
    with pytest.raises(Refused, match="主案的答复还没有告知"):
        rate(fresh(child), by=petitioner(child), **HAPPY)
    assert not may_rate_now(fresh(child), petitioner(child))
    tell(parent, cast)
    read(child)
    rate(fresh(child), by=petitioner(child), **HAPPY)
    with pytest.raises(Refused, match="已经评价过"):
        rate(fresh(child), by=petitioner(child), **HAPPY)
    actions.close(parent, by=cast.caller)
    late = registered(cast)
    assert not may_rate_now(late, petitioner(late)) and Rating.objects.count() == 1


def test_a_rating_that_was_begun_before_the_matter_left_its_parent_is_refused(cast):
    parent, (child, _other) = family(cast)
    stale = fresh(child)
    actions.reopen(child, by=petitioner(child), reason="又停水了")
    with pytest.raises(Refused):
        rate(stale, by=petitioner(child), **HAPPY)
    assert not Rating.objects.exists() and fresh(parent).state == Case.State.TOLD


def test_units_learn_from_a_merged_word_only_that_it_is_not_solved(cast):
    parent, (child, _other) = family(cast)
    rate(child, by=petitioner(child), words="敷衍", **UNHAPPY)
    told = disclosed(fresh(parent), cast.handler)
    assert (told.solved, told.grades) == (False, ())


def test_a_bringer_of_the_answering_unit_does_not_rate_a_merged_matter_either(cast):
    parent = answered(cast)
    child = registered(cast, parties=[NEIGHBOUR, PartyIn(role="bringer", post=cast.unit_leader.post)])
    actions.merge(child, into=parent, by=cast.clerk)
    tell(parent, cast)
    read(child)
    assert [party.role for party in still_to_rate(fresh(child))] == ["petitioner"]


def test_figures_count_each_under_the_unit_that_answered(cast):
    parent, children = family(cast, children=5)
    for case in (parent, *children):
        rate(case, by=petitioner(case), **HAPPY)
    (group,) = grouped(cast.supervisor, of="unit", month=MONDAY.date())
    assert (group.key, group.ratings, group.solved) == ("chengguan", 6, 1.0)
    assert history(f"case:{children[0].number}").filter(kind="rate").count() == 1


def test_the_reviewer_reads_every_grade_of_the_family_on_the_matter_that_they_share(cast):
    parent, (first, second) = family(cast)
    rate(first, by=petitioner(first), words="水来了", **HAPPY)
    rate(parent, by=petitioner(parent), contacted=True, solved="yes", satisfied=3)
    assert sorted(each.satisfied for each in disclosed(parent, cast.reviewer).grades) == [3, 5]
    assert not disclosed(parent, cast.handler).grades and not disclosed(second, cast.reviewer).grades
    assert [each.satisfied for each in disclosed(parent, petitioner(parent)).grades] == [3]
    for case in map(fresh, (parent, first, second)):
        for who in filter(lambda who, case=case: sees(who, case), cast.staff().values()):
            assert disclosed_on(page_of(case, who)) == disclosed(case, who), (case, who)
