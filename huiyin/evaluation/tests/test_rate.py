"""Rating: once a party and round, sealed, and followed by what it says."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Party, Point
from huiyin.deadlines.models import Clock
from huiyin.evaluation.actions import rate
from huiyin.evaluation.models import Rating
from huiyin.evaluation.queries import may_rate_now, still_to_rate
from huiyin.evaluation.tests.road import MONDAY, NEIGHBOUR, answered, petitioner, registered, tell, told
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import history, latest
from huiyin.ledger.writing import private_facts
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
HAPPY = {"contacted": True, "solved": "yes", "satisfied": 5}
UNHAPPY = {"contacted": True, "solved": "no", "satisfied": 1}


@pytest.fixture(autouse=True)
def wednesday():
    with clock.frozen(MONDAY + timedelta(days=2)):
        yield


def test_a_solved_matter_closes_with_its_rating(cast):
    case = told(cast)
    rating = rate(case, by=petitioner(case), words="谢谢", **HAPPY)
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED and case.holder_unit is None
    assert (rating.round, rating.how, rating.by) == (1, "self", None)
    assert rating.words.open(Permit("test", Purpose.OWN)) == "谢谢"
    assert not Clock.objects.filter(subject=case.number, state=Clock.State.RUNNING).exists()
    closing = latest(f"case:{case.number}")
    assert (closing.kind, closing.actor, closing.facts["because"]) == ("close", "system:rating", "rated")


@pytest.mark.parametrize("solved", ["no", "partly"])
def test_an_unsolved_matter_stays_told_and_goes_to_the_reviewer(cast, solved):
    case = told(cast)
    rate(case, by=petitioner(case), contacted=True, solved=solved, satisfied=2)
    case.refresh_from_db()
    assert (case.state, case.holder_unit, case.holder_role) == (Case.State.TOLD, cast.centre, Role.REVIEWER)


def test_the_event_says_only_that_a_rating_was_given(cast):
    case = told(cast)
    rate(case, by=petitioner(case), words="敷衍", **UNHAPPY)
    event = latest(f"case:{case.number}")
    assert event.kind == "rate"
    assert event.facts == {"from": "told", "to": "told", "how": "self", "round": 1}
    sealed = private_facts(event, Permit("test", Purpose.VERIFY))
    assert (sealed["solved"], sealed["satisfied"]) == ("no", "1")


def test_two_ratings_of_one_matter_write_facts_that_cannot_be_told_apart(cast):
    facts = []
    for words in (HAPPY, UNHAPPY):
        case = told(cast)
        rate(case, by=petitioner(case), **words)
        facts.append(history(f"case:{case.number}").get(kind="rate").facts)
    assert facts[0] == facts[1]


def test_it_writes_one_event_and_no_more_than_its_queries(cast, django_assert_max_num_queries):
    case, before = told(cast), None
    before = case.version
    with django_assert_max_num_queries(19):
        rate(case, by=petitioner(case), **UNHAPPY)
    case.refresh_from_db()
    assert case.version == before + 1 == history(f"case:{case.number}").count()


def test_every_party_has_to_say_solved_before_it_closes(cast):
    case = told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.MEMBER, name="周吴郑")])
    first, second = [Actor.citizen(party.pk) for party in Party.objects.filter(case=case).order_by("pk")]
    rate(case, by=first, **HAPPY)
    case.refresh_from_db()
    assert case.state == Case.State.TOLD and case.holder_role == Role.CALLER
    assert [party.pk for party in still_to_rate(case)] == [second.party_id]
    rate(case, by=second, **HAPPY)
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED


def test_one_party_who_says_unsolved_keeps_it_open_whatever_the_others_say(cast):
    case = told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.MEMBER)])
    first, second = [Actor.citizen(party.pk) for party in Party.objects.filter(case=case).order_by("pk")]
    rate(case, by=first, **UNHAPPY)
    rate(case, by=second, **HAPPY)
    case.refresh_from_db()
    assert case.state == Case.State.TOLD and case.holder_role == Role.REVIEWER


def test_a_party_rates_a_round_only_once(cast):
    case = told(cast)
    rate(case, by=petitioner(case), **UNHAPPY)
    with pytest.raises(Refused, match="已经评价过"):
        rate(case, by=petitioner(case), **HAPPY)
    assert Rating.objects.get().solved == "no"


def test_a_new_round_is_rated_anew_and_the_earlier_rating_stays(cast):
    case = told(cast)
    rate(case, by=petitioner(case), **UNHAPPY)
    [order] = actions.redo(case, by=cast.reviewer, reason="店还在吵")
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="已责令停业整改", outcome=Point.Outcome.SOLVED)
    tell(case, cast)
    rate(case, by=petitioner(case), **HAPPY)
    assert list(Rating.objects.order_by("round").values_list("round", "solved")) == [(1, "no"), (2, "yes")]
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED


def test_somebody_without_a_name_rates_by_number_and_code(cast):
    case = told(cast, parties=[PartyIn()], confidentiality=Case.Confidentiality.NONE)
    assert may_rate_now(case, petitioner(case))
    rate(case, by=petitioner(case), **HAPPY)
    assert Rating.objects.get().party.person is None
    assert not may_rate_now(case, petitioner(case))


def test_a_representative_who_brought_it_rates_too(cast):
    brought = PartyIn(role=Party.Role.BRINGER, post=cast.representative.post)
    with clock.frozen(MONDAY):
        case = answered(cast, parties=[NEIGHBOUR, brought])
    tell(case, cast)
    rating = rate(case, by=cast.representative, **HAPPY)
    assert (rating.party.role, rating.how) == ("bringer", "self")
    case.refresh_from_db()
    assert case.state == Case.State.TOLD, "the petitioner has not spoken yet"


@pytest.mark.parametrize("who", ["handler", "clerk"])
def test_a_bringer_of_the_judged_unit_or_of_the_desk_has_no_rating(cast, who):
    post = getattr(cast, who).post
    case = told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.BRINGER, post=post)])
    assert [party.role for party in still_to_rate(case)] == ["petitioner"]
    with pytest.raises(Refused, match="不参加评价"):
        rate(case, by=getattr(cast, who), **HAPPY)
    rate(case, by=petitioner(case), **HAPPY)
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED


@pytest.mark.parametrize(
    "who", ["handler", "unit_leader", "clerk", "dispatcher", "reviewer", "supervisor", "caller"]
)
def test_nobody_else_may_rate(cast, who):
    case = told(cast)
    with pytest.raises(PermissionDenied):
        rate(case, by=getattr(cast, who), **HAPPY)
    assert not Rating.objects.exists()


def test_the_program_itself_never_rates(cast):
    with pytest.raises(PermissionDenied):
        rate(told(cast), by=cast.system, **HAPPY)


def test_a_party_of_another_matter_may_not_rate_this_one(cast):
    case, other = told(cast), told(cast)
    with pytest.raises(PermissionDenied):
        rate(case, by=petitioner(other), **HAPPY)


def test_it_waits_until_the_answer_was_told(cast):
    case = registered(cast)
    with pytest.raises(Refused, match="待甄别"):
        rate(case, by=petitioner(case), **HAPPY)


@pytest.mark.parametrize(
    "words", [{"solved": "maybe"}, {"satisfied": 0}, {"satisfied": 6}, {"words": "长" * 2001}]
)
def test_an_answer_off_the_form_is_refused_and_nothing_is_written(cast, words):
    case = told(cast)
    with pytest.raises(Refused):
        rate(case, by=petitioner(case), **{**HAPPY, **words})
    assert not Rating.objects.exists()
