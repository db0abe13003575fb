"""An answer in the desk's own name: at once, or of what became of a matter outside."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import words
from huiyin.cases.casefile import CaseFile
from huiyin.cases.kin import share_answer
from huiyin.cases.models import Answer, Case, Notice, Point
from huiyin.cases.ordering import owe
from huiyin.cases.promising import Pledge, promise_at_once, require_pledge
from huiyin.kernel.refusals import Refused
from huiyin.organisation.models import Unit


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
    row = answer_points(file, text, {point.pk: outcome for point in file.points}, unit=file.case.desk)
    if file.case.first_answered_at is None:
        file.set(first_answered_at=file.at)
    return row


def answer_from_outside(
    file: CaseFile, children: Sequence[Case], text: str, outcome: str, pledge: Pledge | None
) -> None:
    """Let what became of a matter outside be the desk's answer, owed to every party, the merged matters' too."""
    answer_for_desk(file, text, outcome, pledge)
    file.move(Case.State.TELLING)
    file.hold(file.case.desk, Role.CALLER)
    owe(file, file.told_parties, Notice.About.ANSWER)
    file.facts |= {"unit": file.case.desk.code, "outcome": outcome}
    file.private["text"] = words.digest(text)
    share_answer(children, by=file.by)


def answer_points(file: CaseFile, text: str, outcomes: Mapping[int, str], *, unit: Unit) -> Answer:
    """Give every point this answer, approved, with the point's own outcome (by its key); returns the last."""
    for point in file.points:
        row = file.add(
            Answer(
                case=file.case,
                point=point,
                round=file.case.round,
                unit=unit,
                text=text,
                outcome=outcomes[point.pk],
                state=Answer.State.APPROVED,
                given_at=file.at,
                given_by=file.by.post,
            )
        )
        file.change(point, outcome=outcomes[point.pk], outcome_at=file.at)
    file.change(file.round, answered_at=file.at)
    return row
