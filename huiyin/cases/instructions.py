"""批示: whom an instruction may reach, and how it ends with its case."""

from huiyin.cases import states
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Instruction
from huiyin.cases.ordering import stop_clock


def reached(file: CaseFile) -> set[int]:
    """The ids of the units that may be told: the desk, and those that have an order of this round in hand."""
    return {
        file.case.desk_id,
        *(order.unit_id for order in file.orders if order.state in states.Order.IN_HAND),
    }


def lapse_instructions(file: CaseFile) -> None:
    """Let instructions that nobody has reported on end with the case."""
    for row in file.parts(Instruction):
        if row.state == Instruction.State.GIVEN:
            file.change(row, state=Instruction.State.LAPSED)
            stop_clock(file, row.clock)


def carry_instructions(file: CaseFile, old: int, new: int) -> None:
    """What a leader has told a unit that is no more, the unit that succeeds it reports on (ids of units)."""
    for row in file.parts(Instruction):
        if row.unit_id == old and row.state == Instruction.State.GIVEN:
            file.change(row, unit_id=new)
