"""Questions about ratings that say nothing of what was rated."""

from huiyin.cases.models import Case, Party
from huiyin.evaluation.family import may_be_rated
from huiyin.evaluation.models import Rating
from huiyin.evaluation.raters import judged_unit_ids, raters
from huiyin.organisation.actors import Actor

__all__ = ["may_be_rated", "may_rate_now", "still_to_rate"]


def still_to_rate(case: Case) -> list[Party]:
    """The parties who may rate the present answer and have not: whom to call back, in the order they joined."""
    if not may_be_rated(case):
        return []
    parties = Party.objects.filter(case=case).select_related("post", "person").order_by("pk")
    done = set(Rating.objects.filter(case=case, round=case.round).values_list("party_id", flat=True))
    return [party for party in raters(case, parties, judged_unit_ids(case)) if party.pk not in done]


def may_rate_now(case: Case, by: Actor) -> bool:
    """Whether a citizen, or the post that brought the matter in, has a rating of their own to give now."""
    return any(
        party.pk == by.party_id or (party.post_id is not None and party.post == by.post)
        for party in still_to_rate(case)
    )
