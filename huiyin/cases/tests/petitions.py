"""Roads on the petition track: an opinion given and told, a review asked and decided."""

from datetime import UTC, datetime
from typing import Any

from huiyin.cases import actions
from huiyin.cases.actions import OpinionIn
from huiyin.cases.models import Case, Notice, Order, Review
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import fresh, party_of
from huiyin.organisation.actors import Actor
from tests.cast import Cast

SPRING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a year and more of instances end in a known calendar
PETITION = {"track": "petition", "title": "征地补偿"}


def opinion_in(conclusion: str = "reject", **more: Any) -> OpinionIn:
    """A whole opinion; any part can be another."""
    written = {
        "reference": "城管信〔2026〕3号",
        "conclusion": conclusion,
        "request": "按实际面积补偿",
        "facts": "登记面积两亩，实测两亩一分",
        "opinion": "按登记面积补偿",
        "basis": "《土地管理法》第四十八条",
    }
    return OpinionIn(**{**written, **more})


def signed(cast: Cast, **more: Any) -> Order:
    """A petition in the hands of the city management bureau."""
    return roads.signed(cast, **{**PETITION, **more})


def given(cast: Cast, conclusion: str = "reject", **more: Any) -> Order:
    """A petition whose opinion waits for the reviewer."""
    order = signed(cast, **more)
    actions.give_opinion(order, by=cast.handler, written=opinion_in(conclusion))
    return fresh(order)


def tell(case: Case) -> Case:
    """Every party reads what is owed to them."""
    for notice in Notice.objects.filter(case=case, told_at=None).order_by("pk"):
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")
    return fresh(case)


def told(cast: Cast, conclusion: str = "reject", **more: Any) -> Case:
    """A petition whose parties have all read the opinion."""
    case = given(cast, conclusion, **more).case
    actions.approve(case, by=cast.reviewer)
    return tell(case)


def asked(cast: Cast, **more: Any) -> Review:
    """A petition whose opinion lies with the supervising body."""
    case = told(cast, **more)
    return actions.ask_review(case, by=party_of(case), reason="没有实地量")


def decide(review: Review, *, by: Actor, decision: str = "uphold", **more: Any) -> None:
    """Decide a review of either level."""
    act = actions.decide_review if review.level == Review.Level.REVIEW else actions.decide_rereview
    act(review, by=by, decision=decision, reference="信复〔2026〕1号", text="经复查，事实清楚。", **more)


def reviewed(cast: Cast, decision: str = "uphold", **more: Any) -> Case:
    """A petition whose review is decided and, unless revoked, told."""
    review = asked(cast)
    decide(review, by=cast.supervisor, decision=decision, **more)
    return fresh(review.case) if decision == "revoke" else tell(review.case)


def asked_again(cast: Cast, **more: Any) -> Review:
    """A petition whose review lies with the last instance."""
    case = reviewed(cast, **more)
    return actions.ask_rereview(case, by=party_of(case), reason="复查没有听我说")


def rereviewed(cast: Cast, decision: str = "uphold", **more: Any) -> Case:
    """A petition after the last instance."""
    review = asked_again(cast)
    decide(review, by=cast.leader, decision=decision, **more)
    return fresh(review.case) if decision == "revoke" else tell(review.case)
