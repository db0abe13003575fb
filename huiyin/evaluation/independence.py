"""Who has no part in what is judged: neither grades nor call-backs are for anybody of a judged unit."""

from django.db.models import Exists, OuterRef, Q

from huiyin.cases.models import Answer, Order
from huiyin.evaluation.raters import GIVEN_UP
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import near
from huiyin.organisation.models import Unit


def concerns(by: Actor, judged: frozenset[int]) -> bool:
    """Whether any unit of the actor's, under whichever of their posts, is judged, or one above or below it."""
    if judged & by.barred_unit_ids or by.user is None:
        return True
    return Unit.objects.filter(near(by), pk__in=judged).exists()


def judges_own(by: Actor, case: str = "case") -> Q:
    """The same as a condition on rows of matters: `case` names the key of the matter in such a row.

    A merged matter's parent is looked at too, since its answer is judged.
    """
    own = Unit.objects.filter(near(by)).values("pk")
    found = Q()
    for key in (case, f"{case}__parent"):
        held = Order.objects.filter(case=OuterRef(key), unit__in=own).exclude(state__in=GIVEN_UP)
        found |= Q(Exists(held)) | Q(Exists(Answer.objects.filter(case=OuterRef(key), unit__in=own)))
    return found
