"""公开说明: a statement is owed to the public under a clock of its own, until it is made or nobody needs it any more."""

from django.db.models import Exists, OuterRef, Q

from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Statement
from huiyin.cases.ordering import start_clock, stop_clock


def owe_statement(file: CaseFile) -> Statement:
    """Owe the public a statement from now on, under the policy of the step `statement`; an owed one stays the one.

    Raises `Refused` when the place has no policy for it.
    """
    for owed in owed_statements(file):
        return owed
    return file.add(
        Statement(
            case=file.case,
            round=file.case.round,
            clock=start_clock(file, "statement"),
            owed_at=file.at,
            owed_by=file.by.post,
        )
    )


def owed_statements(file: CaseFile) -> list[Statement]:
    """The statements of the case that are owed and not made yet."""
    return [row for row in file.parts(Statement) if row.state == Statement.State.OWED]


def unexplained() -> Q:
    """The condition on incidents that the public is still owed a statement on: nothing closes them by itself."""
    owed = Statement.objects.filter(case=OuterRef("pk"), state=Statement.State.OWED)
    return Q(Exists(owed), incident=True)


def lapse_statements(file: CaseFile) -> None:
    """Let owed statements lapse, because there is nothing left to explain."""
    for row in owed_statements(file):
        file.change(row, state=Statement.State.LAPSED)
        stop_clock(file, row.clock)
