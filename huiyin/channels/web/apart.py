"""What was answered to one party alone 单独答复, as that party reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.cases.models import Answer, Party, PrivateAnswer
from huiyin.cases.private_answers import BORN as BORN
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor
from huiyin.people import identity


@dataclass(frozen=True)
class PrivateAnswerRead:
    """An answer to the reader alone, in the clear; `current` when it belongs to the round now running."""

    text: str
    unit: str
    at: datetime
    current: bool


def private_answers(
    party: Party, by: Actor, others: Callable[[], Sequence[identity.Particulars]], *, running: int
) -> list[PrivateAnswerRead]:
    """What units answered to this party alone, as far as it was let out, the latest first."""
    own = PrivateAnswer.objects.filter(party=party, state=Answer.State.APPROVED).select_related("order__unit")
    permit = Permit(holder=by.name, purpose=Purpose.OWN)
    return [
        PrivateAnswerRead(
            text=identity.without(row.text.open(permit), others()),
            unit=str(row.order.unit),
            at=row.given_at,
            current=row.round == running,
        )
        for row in own.order_by("-pk")
    ]
