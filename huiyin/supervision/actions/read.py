"""阅读: somebody of a unit to which a circular went has opened it; the first time is kept."""

from django.db import transaction

from huiyin.ledger import writing
from huiyin.organisation.actors import Actor
from huiyin.supervision.models import Receipt, Rung
from huiyin.supervision.rungfile import EVENT, subject_of


def read(rung: Rung, *, by: Actor) -> bool:
    """Keep that the actor's unit has read a circular; whether this was the first time."""
    if by.post is None:
        return False
    waiting = Receipt.objects.filter(rung=rung, unit=by.post.unit_id, read_at=None)
    if rung.kind != Rung.Kind.CIRCULAR or not waiting.exists():
        return False
    with transaction.atomic():
        Rung.objects.select_for_update().get(pk=rung.pk)
        if not waiting.update(read_at=by.when(), read_by=by.post):
            return False
        writing.record(
            subject_of(rung),
            EVENT,
            actor=by.name,
            occurred_at=by.when(),
            facts={"rung": rung.kind, "step": "read", "number": rung.number, "unit": by.post.unit.code},
        )
    return True
