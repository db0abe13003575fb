"""单独答复: one member's own part of a unit's answer. It goes out, or back, with the answer. Decision 0014."""

from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Answer, Order, Party, PrivateAnswer

BORN = "answer_privately"


def settle(file: CaseFile, state: str, *, order: Order | None = None) -> None:
    """Let the parts that nobody has reviewed yet, of one order or of the round, go out or back."""
    for row in waiting(file):
        if order is None or row.order_id == order.pk:
            file.change(row, state=state)


def replace(file: CaseFile, order: Order, party: Party) -> None:
    """What the unit wrote to this party before, and nobody has read, gives way to what it writes now."""
    for row in waiting(file):
        if (row.order_id, row.party_id) == (order.pk, party.pk):
            file.change(row, state=Answer.State.RETURNED)


def waiting(file: CaseFile) -> list[PrivateAnswer]:
    """The parts of this round that wait for the reviewer; no query for a case that has none."""
    if BORN not in file.happened:
        return []
    return [
        row
        for row in file.parts(PrivateAnswer)
        if row.round == file.case.round and row.state == Answer.State.GIVEN
    ]
