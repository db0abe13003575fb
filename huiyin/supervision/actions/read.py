"""阅读: somebody of a unit to which a circular went, or of its successor, has opened it; the first time is kept."""

from django.db import transaction

from huiyin.ledger import writing
from huiyin.organisation.actors import Actor
from huiyin.organisation.succession import units_of_post
from huiyin.supervision.models import Receipt, Rung
from huiyin.supervision.rungfile import EVENT, subject_of


def read(rung: Rung, *, by: Actor) -> bool:
    """Keep that the actor's unit, with those merged into it, has read a circular; whether this was the first time."""
    if by.post is None:
        return False
    waiting = Receipt.objects.filter(rung=rung, unit__in=units_of_post(by.post), read_at=None)
    codes = list(waiting.order_by("pk").values_list("unit__code", flat=True))
    if rung.kind != Rung.Kind.CIRCULAR or not codes:
        return False
    with transaction.atomic():
        Rung.objects.select_for_update().get(pk=rung.pk)
        if not waiting.update(read_at=by.when(), read_by=by.post):
            return False
        for code in codes:
            writing.record(
                subject_of(rung),
                EVENT,
                actor=by.name,
                occurred_at=by.when(),
                facts={"rung": rung.kind, "step": "read", "number": rung.number, "unit": code},
            )
    return True
