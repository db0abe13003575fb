"""What follows when a party has been told, or need not be told any more."""

from huiyin.accounts.roles import Role
from huiyin.cases import petitions
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Case, Party
from huiyin.cases.ordering import start_clock, stop_clock


def advance(file: CaseFile, *, answer: bool) -> None:
    """Take the case on after a notice is off the queue; `answer` says that it was the answer of this round.

    With the last such notice everybody has the answer: a case that was being told is told, a merged one ends.
    """
    everyone = answer and not any(_awaited(file, about) for about in petitions.ANSWERING)
    if everyone and file.case.state == Case.State.TELLING:
        tell_round(file)
        file.move(Case.State.TOLD)
        return
    if everyone and file.case.state == Case.State.MERGED and file.round.told_at is None:
        _end_merged(file)
    file.move(file.case.state)


def _awaited(file: CaseFile, about: str) -> bool:
    """Whether the case waits for anybody to be told; nobody waits for those who only joined by the title."""
    return any(notice.party.role != Party.Role.JOINED for notice in file.owed(about))


def _end_merged(file: CaseFile) -> None:
    """The parties of a merged matter have the shared answer: only now do its clock and its round end."""
    stop_clock(file, file.round.clock)
    file.change(
        file.round, answered_at=file.at, told_at=file.at, ended_at=file.at, end_state=Case.State.MERGED
    )
    file.set(ended_at=file.at)
    if file.case.first_answered_at is None:
        file.set(first_answered_at=file.at)


def tell_round(file: CaseFile) -> None:
    """Everyone has the answer: the citizen's clock stops, the time for rating begins, call-back holds the case."""
    stop_clock(file, file.round.clock)
    file.change(file.round, told_at=file.at, rating_clock=start_clock(file, "rating"))
    if file.case.holder_role != Role.REVIEWER:  # somebody of a merged matter has said already: not solved
        file.hold(file.case.desk, Role.CALLER)
