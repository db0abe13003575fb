"""Who may judge a round: every party who is owed the answer, but nobody who gave or handled it."""

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from huiyin.cases.models import Answer, Case, Order, Party
from huiyin.organisation import queries as organisation
from huiyin.organisation.barring import units_answering_for
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.succession import with_lineage, within

GIVEN_UP = (Order.State.REPLACED, Order.State.SUCCEEDED)


def judged_unit_ids(case: Case) -> frozenset[int]:
    """The units whose work a rating of this case judges: those that held an order or answered.

    A merged matter is rated for the answer that it shares, so its parent's units are judged too.
    """
    kin = [key for key in (case.pk, case.parent_id) if key is not None]
    held = Order.objects.filter(case__in=kin).exclude(state__in=GIVEN_UP).values_list("unit_id", flat=True)
    answered = Answer.objects.filter(case__in=kin).values_list("unit_id", flat=True)
    return frozenset(held.union(answered))


def judged_by(orders: Iterable[Order], answers: Iterable[Answer]) -> frozenset[int]:
    """The same for a matter that shares no other's answer, from all of its orders and answers."""
    held = {order.unit_id for order in orders if order.state not in GIVEN_UP}
    return frozenset(held | {answer.unit_id for answer in answers})


def raters(case: Case, parties: Iterable[Party], judged: frozenset[int]) -> list[Party]:
    """The parties with a right to rate.

    A bringer of the desk or of a judged unit has none: they would grade their own work. Nor has one who holds any post
    in such a unit, or in one above or below it, or whose unit followed one of these or was followed by one: many
    representatives are officials.
    """
    return [
        party
        for party in parties
        if party.role in Party.TOLD
        and party.left_at is None
        and (party.post is None or not _grades_own(party.post, judged, case.desk_id))
    ]


def _grades_own(post: Post, judged: frozenset[int], desk: int) -> bool:
    today = organisation.today()
    held = organisation.posts_of(post.user, today)
    if not with_lineage({post.unit_id, *(each.unit_id for each in held)}).isdisjoint({desk, *judged}):
        return True
    if judged & units_answering_for(post.user_id, day=today):
        return True
    below = within(each.unit.path for each in (post, *held))
    return bool(judged) and Unit.objects.filter(below, pk__in=judged).exists()


def answering_unit_id(case: Case) -> int | None:
    """The unit whose work a rating is counted under: which led and answered the first point of the round.

    A merged matter's is its parent's; none where only parties outside have answered.
    """
    own = _standing(case.pk, case.round)
    if own is None and case.parent is not None:
        return _standing(case.parent.pk, case.parent.round)
    return own


def leading_unit(*, number: str = "round") -> Coalesce:
    """The same as an expression on rows with a `case` and the `number` of a round of it, by that name."""
    own = _first(case=OuterRef("case"), round=OuterRef(number))
    shared = _first(case=OuterRef("case__parent"), round=OuterRef("case__parent__round"))
    return Coalesce(own, shared)


def _first(**answered: OuterRef) -> Subquery:
    given = Answer.objects.filter(**answered).exclude(state=Answer.State.RETURNED)
    return Subquery(given.order_by("point__ordinal", "pk").values("unit")[:1])


def _standing(case: int, number: int) -> int | None:
    given = Answer.objects.filter(case=case, round=number).exclude(state=Answer.State.RETURNED)
    return given.order_by("point__ordinal", "pk").values_list("unit", flat=True).first()
