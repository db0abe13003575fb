"""What part a unit has in cases: its orders and reviews, and those of the units that were merged into it."""

from django.db.models import Exists, OuterRef, Q

from huiyin.cases.models import Exclusion, Order, Review
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.succession import units_answered_by, within


def own_units(by: Actor) -> tuple[int, ...]:
    """The ids of the units for which the actor's own answers: itself, and those that were merged into it."""
    return units_answered_by(by.post.unit_id, day=organisation.today()) if by.post else ()


def theirs(by: Actor) -> Q:
    """The condition on a case that the actor's unit has a part in it."""
    found = Q(Exists(Order.objects.filter(own_part(by), case=OuterRef("pk"))))
    if organisation.superiors().isdisjoint(own_units(by)):
        return found
    return found | Q(Exists(Review.objects.filter(own_part(by), case=OuterRef("pk"))))


def own_part(by: Actor) -> Q:
    """The same on its order or review. What came with a unit complains of nobody below the one that it came to."""
    own, *merged = own_units(by)
    if not merged:
        return Q(unit=own)
    below = Exclusion.objects.filter(within([by.post.unit.path], prefix="unit__"), case=OuterRef("case"))
    return Q(unit__in=(own, *merged)) & ~Q(Exists(below), unit__in=merged)


def still_theirs(by: Actor) -> Q:
    """The condition on an order that the actor's unit has not taken it over, and so has another for it."""
    merged = own_units(by)[1:]
    return ~Q(unit__in=merged, state=Order.State.SUCCEEDED) if merged else Q()
