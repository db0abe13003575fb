"""批示: a leader's note on a case becomes a tracked order: reported on in writing, and settled or asked again."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import access, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.instructions import reached
from huiyin.cases.models import Case, Instruction, Progress
from huiyin.cases.ordering import stop_clock
from huiyin.deadlines import clocks
from huiyin.deadlines.models import Clock
from huiyin.deadlines.policies import policy_for
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

WORDS, REPORT, STANDS = gettext_lazy("批示内容"), gettext_lazy("回报内容"), gettext_lazy("进展")


def instruct(case: Case, *, by: Actor, unit: Unit, text: str, days: int) -> Instruction:
    """Tell the desk, or a unit that works on the case, what to see to and within how many working days to report.

    The policy of the step `instruction` bounds the days. A unit without an order in the case is refused: an
    instruction does not show a case to anybody who may not see it.
    """
    said = words.required(text, WORDS)
    with opened(case, "instruct", by=by) as file:
        return _give(file, unit, said, days)


def report_on(instruction: Instruction, *, by: Actor, text: str) -> None:
    """Report in writing what came of an instruction; its clock stops. Only the unit that was told reports."""
    said = words.required(text, REPORT)
    with opened(instruction.case, "report_on", by=by) as file:
        mine = _standing(file, instruction, Instruction.State.GIVEN)
        _require_told(file, mine)
        file.change(
            mine,
            state=Instruction.State.REPORTED,
            report=said,
            reported_at=file.at,
            reported_by=by.post,
        )
        stop_clock(file, mine.clock)
        _tell(file, mine, said)


def progress_on(instruction: Instruction, *, by: Actor, text: str) -> Progress:
    """Say how an instruction stands while it is seen to; its clock goes on. Only the unit that was told says so."""
    said = words.required(text, STANDS)
    with opened(instruction.case, "progress_on", by=by) as file:
        mine = _standing(file, instruction, Instruction.State.GIVEN)
        _require_told(file, mine)
        _tell(file, mine, said)
        return file.add(
            Progress(case=file.case, instruction=mine, words=said, noted_at=file.at, noted_by=by.post)
        )


def settle_instruction(instruction: Instruction, *, by: Actor) -> None:
    """Take the report as done: the instruction is settled."""
    with opened(instruction.case, "settle_instruction", by=by) as file:
        mine = _standing(file, instruction, Instruction.State.REPORTED)
        file.change(mine, state=Instruction.State.SETTLED, settled_at=file.at)
        _tell(file, mine)


def ask_again(instruction: Instruction, *, by: Actor, text: str, days: int) -> Instruction:
    """Send a report back: a new instruction with its own words and days; the old one and its report stay.

    Raises `Refused` for a unit that has lost its order since, which could not report on it.
    """
    said = words.required(text, WORDS)
    with opened(instruction.case, "ask_again", by=by) as file:
        mine = _standing(file, instruction, Instruction.State.REPORTED)
        again = _give(file, mine.unit, said, days)
        file.change(mine, state=Instruction.State.RETURNED, settled_at=file.at)
        return again


def _give(file: CaseFile, unit: Unit, said: str, days: int) -> Instruction:
    if unit.pk not in reached(file):
        raise Refused(
            _("“%(unit)s”没有本件的工单，批示送不到它。请先派单，或批给受理中心。") % {"unit": unit},
            code="no_order",
        )
    row = file.add(
        Instruction(
            case=file.case,
            round=file.case.round,
            unit=unit,
            words=said,
            given_at=file.at,
            given_by=file.by.post,
            clock=_clock(file, days),
        )
    )
    _tell(file, row, said)
    file.facts["due"] = row.clock.due_at.isoformat()
    return row


def _clock(file: CaseFile, days: int) -> Clock:
    case = file.case
    policy = policy_for(
        track=case.track,
        step="instruction",
        on=wall.local_date(file.at),
        nature=case.nature,
        urgency=case.urgency,
    )
    if not 1 <= days <= policy.amount:
        raise Refused(
            _("回报的时限可定 1 到 %(most)d 个%(kind)s，请改正。")
            % {"most": policy.amount, "kind": policy.get_kind_display()},
            code="days",
        )
    return file.add(clocks.start(policy, file.at, case.number, amount=days))


def _standing(file: CaseFile, instruction: Instruction, state: str) -> Instruction:
    mine = file.part(instruction)
    if mine.state != state:
        raise file.refusal(_("这条批示现在是“%(state)s”") % {"state": mine.get_state_display()})
    return mine


def _require_told(file: CaseFile, instruction: Instruction) -> None:
    """Refuse whoever is not of the unit that was told, or of the one that it was merged into."""
    if instruction.unit_id not in access.units_in(file.by, file.case):
        raise PermissionDenied(_("这条批示是给别的单位的，由它回报。"))


def _tell(file: CaseFile, row: Instruction, said: str = "") -> None:
    file.move(file.case.state)
    file.facts["unit"] = row.unit.code
    if said:
        file.private["words"] = words.digest(said)
