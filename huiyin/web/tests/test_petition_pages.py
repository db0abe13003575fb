"""The petition track on the pages: what is offered to whom, who reads which panel, and the end that all can see."""

import pytest
from django.urls import reverse

from huiyin.cases import actions, offering, queries
from huiyin.cases.tests import petitions, roads
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_spring():
    """Everything ends in a year whose calendar is known."""
    with clock.frozen(petitions.SPRING):
        yield


def offered(case, by):
    return {act for act, _target in offering.offered(queries.page_of(roads.fresh(case), by))}


def page(sign_in, by, case):
    return sign_in(by).get(reverse("cases:case", args=[case.number])).content.decode()


def test_a_unit_is_offered_the_opinion_on_a_petition_and_the_answer_elsewhere(cast):
    assert offered(petitions.signed(cast).case, cast.handler) >= {"give_opinion"}
    assert "answer" not in offered(petitions.signed(cast).case, cast.handler)
    assert "give_opinion" not in offered(roads.signed(cast).case, cast.handler)


def test_reviews_are_offered_level_by_level_and_only_on_petitions(cast):
    assert not {"ask_review", "ask_rereview", "finalise"} & offered(roads.told(cast), cast.reviewer)
    assert {"ask_review", "finalise"} <= offered(petitions.told(cast), cast.reviewer)
    assert "ask_review" not in offered(petitions.reviewed(cast), cast.reviewer)
    assert "ask_rereview" in offered(petitions.reviewed(cast), cast.reviewer)
    review = petitions.asked(cast)
    assert {"decide_review", "hold_hearing"} <= offered(review.case, cast.supervisor)
    assert not {"decide_review", "decide_rereview"} & offered(review.case, cast.leader)


def test_why_somebody_asks_is_not_for_the_unit(cast, sign_in):
    review = petitions.asked(cast)
    petitions.decide(review, by=cast.supervisor)
    assert "没有实地量" in page(sign_in, cast.reviewer, review.case)
    shown = page(sign_in, cast.handler, review.case)
    assert "没有实地量" not in shown and "维持" in shown


def test_the_end_is_seen_in_every_list(cast, sign_in):
    case = petitions.rereviewed(cast)
    actions.finalise(case, by=cast.reviewer)
    assert "已终结" in page(sign_in, cast.clerk, case)
    earlier = roads.registered(cast)
    assert "已终结" in page(sign_in, cast.clerk, earlier)


def test_a_paper_is_printed_for_whoever_sees_the_case(cast, sign_in):
    case = petitions.told(cast)
    where = reverse("cases:paper", args=[case.number, "opinion"])
    assert "两亩一分" in sign_in(cast.reviewer).get(where).content.decode()
    assert sign_in(cast.reviewer).get(where.replace("opinion", "review")).status_code == 404
    assert sign_in(cast.outsider).get(where).status_code == 404
