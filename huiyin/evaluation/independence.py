"""Who has no part in what is judged: neither grades nor call-backs are for anybody of a judged unit."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from huiyin.cases.models import Answer, Order
from huiyin.cases.queries import CasePage
from huiyin.evaluation.raters import GIVEN_UP, judged_unit_ids
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import barred_among, independent, near
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


@dataclass(frozen=True)
class Part:
    """What the reader of a page has to do with the units that are judged, under whichever of their posts.

    `near`: they hold a post in one, above it or below it (`concerns`), so nothing of the ratings is for them.
    `at_work`: they do work in one, above it or below it, but for the matter's desk: they read no more than it does.
    """

    near: bool
    at_work: bool


def part_in(page: CasePage) -> Part:
    """The part of whoever reads a matter's page, mostly from the rows that are there already; not for units."""
    judged = _judged_on(page)
    others = [unit for unit in judged if unit.pk != page.case.desk_id]
    return Part(
        near=not all(independent(page.by, unit) for unit in judged),
        at_work=not barred_among(page.by, others).isdisjoint(unit.pk for unit in others),
    )


def _judged_on(page: CasePage) -> list[Unit]:
    if page.case.parent_id is not None:  # its answer is its parent's
        return list(Unit.objects.filter(pk__in=judged_unit_ids(page.case)))
    held = [order.unit for order in page.orders if order.state not in GIVEN_UP]
    return [*held, *(answer.unit for answer in page.answers)]
