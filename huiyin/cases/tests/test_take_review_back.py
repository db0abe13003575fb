"""撤回复查复核申请: until it is decided, and then the matter stands as it did before anybody asked."""

import pytest
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.models import Case, Notice, Party, PeerView, Review, Round
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import DAY, TWO, denied, fresh, one_event, party_of, refused
from huiyin.evaluation.actions import rate
from huiyin.kernel import clock
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from tests.cast import Cast

pytestmark = pytest.mark.django_db
KEPT = (
    "state",
    "round",
    "due_at",
    "ended_at",
    "end_reason_id",
    "holder_unit_id",
    "holder_role",
    "first_answered_at",
)


@pytest.fixture(autouse=True)
def _in_spring(_on_monday):
    """Every instance ends in a year whose calendar is known."""
    with roads.at(petitions.SPRING):
        yield


def standing(case: Case) -> list:
    points = list(case.points.values_list("outcome", "outcome_at"))
    return [[getattr(fresh(case), name) for name in KEPT], points]


def ended(cast: Cast, how: str) -> Case:
    """A petition in each of the states from which a review can be asked."""
    case = petitions.told(cast)
    if how == "explained":
        actions.explain_and_close(case, by=cast.reviewer, reason=cast.lawful_end, explanation="依法只能这样")
    elif how != "told":
        actions.close(case, by=cast.caller)
    if how == "archived":
        actions.archive(case, by=cast.reviewer)
    return fresh(case)


@pytest.mark.parametrize("how", ["told", "closed", "explained", "archived"])
def test_everything_stands_as_before_the_asking(cast: Cast, how):
    case = ended(cast, how)
    before = standing(case)
    review = actions.ask_review(case, by=party_of(case), reason="没有实地量")
    with one_event(case, "take_review_back", party_of(case)):
        actions.take_review_back(review, by=party_of(case), why="想通了")
    assert standing(case) == before
    assert fresh(review).state == "taken_back"
    assert fresh(review).clock.state == "stopped" or fresh(review.clock).state == "stopped"
    assert "想通" not in str(latest(f"case:{case.number}").facts)


def test_whoever_had_not_rated_yet_has_the_time_for_it_anew(cast: Cast):
    review = petitions.asked(cast)
    me = party_of(review.case)
    with roads.at(clock.now() + 5 * DAY):
        actions.take_review_back(review, by=me)
        first = Round.objects.select_related("rating_clock").get(case=review.case, number=1)
        assert (first.ended_at, first.end_state, first.rating_clock.state) == (None, "", "running")
        rate(fresh(review.case), by=me, contacted=True, solved="partly", satisfied=3, words="")
    assert fresh(review.case).state == "told"


def test_in_time_it_can_be_asked_again_in_a_round_of_its_own(cast: Cast):
    review = petitions.asked(cast)
    actions.take_review_back(review, by=party_of(review.case))
    again = actions.ask_review(fresh(review.case), by=party_of(review.case), reason="还是要复查")
    assert (again.round, fresh(review).round, fresh(review.case).round) == (3, 2, 3)
    petitions.decide(again, by=cast.supervisor)
    assert fresh(review.case).state == "telling"


def test_a_second_instance_can_be_taken_back_too(cast: Cast):
    review = petitions.asked_again(cast)
    actions.take_review_back(review, by=party_of(review.case))
    case = fresh(review.case)
    assert (case.state, case.round) == ("told", 2)
    again = actions.ask_rereview(case, by=party_of(case), reason="复查没有听我说")
    assert again.unit == review.unit


def test_while_a_hearing_goes_on_too(cast: Cast):
    review = petitions.asked(cast)
    actions.hold_hearing(review, by=cast.supervisor, until=clock.now() + 5 * DAY, words_of="在会议室")
    actions.take_review_back(fresh(review), by=party_of(review.case))
    assert fresh(review).hearing_until is None and fresh(review.case).state == "told"


def test_once_it_is_decided_it_is_too_late(cast: Cast):
    review = petitions.asked(cast)
    petitions.decide(review, by=cast.supervisor)
    with refused("待告知", "不能再撤回复查复核申请", code="state"):
        actions.take_review_back(review, by=party_of(review.case))


def test_an_earlier_review_is_not_taken_back_in_the_next_instance(cast: Cast):
    again = petitions.asked_again(cast)
    first = Review.objects.get(case=again.case, level=Review.Level.REVIEW)
    with refused("已决定"):
        actions.take_review_back(first, by=party_of(again.case))


def test_only_whoever_asked_takes_it_back(cast: Cast):
    review = petitions.asked(cast, parties=TWO)
    with refused("别人提出的"):
        actions.take_review_back(review, by=party_of(review.case, Party.Role.MEMBER))
    for who in (cast.handler, cast.supervisor, cast.dispatcher, cast.citizen):
        with denied():
            actions.take_review_back(review, by=who)
    with one_event(review.case, "take_review_back", cast.clerk):
        actions.take_review_back(review, by=cast.clerk, why="本人来电撤回")


def test_a_matter_merged_in_meanwhile_is_owed_the_answer_that_stands_again(cast: Cast):
    review = petitions.asked(cast)
    child = roads.registered(cast, **petitions.PETITION)
    actions.merge(child, into=fresh(review.case), by=cast.clerk)
    actions.take_review_back(review, by=party_of(review.case))
    assert Notice.objects.filter(case=child, about="answer", told_at=None).count() == 1
    petitions.tell(fresh(child))
    assert fresh(child).ended_at is not None


def test_the_party_takes_it_back_on_their_page(client, cast: Cast):
    from huiyin.kernel.identifiers import code_hash, query_code

    review = petitions.asked(cast)
    code = query_code()
    Party.objects.filter(pk=review.party_id).update(code_hash=code_hash(code))
    number = review.case.number
    client.post(reverse("citizen:follow"), {"number": number, "code": code})
    address = reverse("citizen:act", args=[number, "take-review-back"])
    assert address in client.get(reverse("citizen:case", args=[number])).content.decode()
    assert client.post(address, {"why": ""}).status_code == 302
    assert fresh(review.case).state == "told"
    page = client.get(reverse("citizen:case", args=[number])).content.decode()
    assert "撤回了复查复核申请" in page and address not in page
    assert Actor.citizen(review.party_id).kind == "citizen"


@pytest.mark.parametrize("how", ["told", "closed"])
def test_one_asked_before_that_was_kept_is_made_out_from_the_rounds(cast: Cast, how):
    case = ended(cast, how)
    before = standing(case)
    review = actions.ask_review(case, by=party_of(case), reason="没有实地量")
    Review.objects.update(before=None)
    actions.take_review_back(fresh(review), by=party_of(case))
    after = standing(case)
    assert after[0] == before[0] and [row[0] for row in after[1]] == [row[0] for row in before[1]]


@pytest.mark.parametrize("state", [PeerView.State.GIVEN, PeerView.State.ASKED])
@pytest.mark.parametrize("how", ["told", "closed"])
def test_what_a_unit_was_asked_or_said_is_not_thrown_away_by_it(cast: Cast, how, state):
    case = ended(cast, how)
    view = actions.ask_peer(case, by=cast.supervisor, unit=cast.zhujian, question="还能不能补偿")
    if state == PeerView.State.GIVEN:
        said = {"opinion": "可以按实测面积", "basis": "《某办法》"}
        actions.give_view(view, by=cast.zhujian_leader, verdict="solvable", **said)
    review = actions.ask_review(case, by=party_of(case), reason="没有实地量")
    assert fresh(view).state == PeerView.State.LAPSED
    actions.take_review_back(review, by=party_of(case))
    assert (fresh(view).state, fresh(view).round) == (state, fresh(case).round)
    if (how, state) == ("told", PeerView.State.GIVEN):
        with refused(code="view"):
            actions.close(fresh(case), by=cast.reviewer)
