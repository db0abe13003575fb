"""Who may judge a round: every party who is owed the answer, but nobody who gave or handled it."""

from collections.abc import Iterable

from huiyin.cases.models import Answer, Case, Order, Party

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

    A bringer of the desk or of a judged unit has none: they would grade their own work.
    """
    own = judged | {case.desk_id}
    return [
        party
        for party in parties
        if party.role in Party.TOLD
        and party.left_at is None
        and (party.post is None or party.post.unit_id not in own)
    ]
