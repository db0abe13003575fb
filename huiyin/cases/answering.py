"""An answer in the desk's own name: at once, or of what became of a matter outside."""

from django.utils.translation import gettext as _

from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Answer, Point
from huiyin.cases.promising import Pledge, promise_at_once, require_pledge
from huiyin.kernel.refusals import Refused


def require_outcome(outcome: str) -> None:
    """Refuse an outcome that does not exist."""
    if outcome not in Point.Outcome.values:
        raise Refused(_("请选择办理结果，例如已解决、部分解决或已解释说明。"), code="outcome")


def answer_for_desk(file: CaseFile, text: str, outcome: str, pledge: Pledge | None = None) -> Answer:
    """Give every point of the case this answer, approved, in the name of its desk; returns the last.

    Whoever adopts a suggestion says what will be done by when, the desk like any unit; an old history keeps
    what it had.
    """
    if file.by.kind != "system":
        require_pledge(file, outcome, pledge)
    if pledge is not None:
        promise_at_once(file, pledge)
    for point in file.points:
        row = file.add(
            Answer(
                case=file.case,
                point=point,
                round=file.case.round,
                unit=file.case.desk,
                text=text,
                outcome=outcome,
                state=Answer.State.APPROVED,
                given_at=file.at,
                given_by=file.by.post,
            )
        )
        file.change(point, outcome=outcome, outcome_at=file.at)
    file.change(file.round, answered_at=file.at)
    if file.case.first_answered_at is None:
        file.set(first_answered_at=file.at)
    return row
