"""A matter and those merged into it: locked together, told together, and let go when nothing more can come."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import pens
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.ordering import lapse_notices, owe
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


@contextmanager
def opened_with_children(case: Case, act: str, *, by: Actor) -> Iterator[tuple[CaseFile, list[Case]]]:
    """Open a case for an act that also reaches the matters merged into it.

    All of them are locked first, in the order of their keys, so that acts on parent and child never wait for
    each other in a circle. Raises what `opened` raises, and `Refused` if one was merged in at this moment.
    """
    pen = pens.in_hand()
    known = pen.children(case)
    with pen.lock(case, *known) if known else nullcontext(), opened(case, act, by=by) as file:
        children = pen.children(file.case)
        require_locked(children, known)
        yield file, children


def require_locked(children: Sequence[Case], locked: Sequence[Case]) -> None:
    """Refuse to go on with merged matters that joined after the locks were taken."""
    if not {child.pk for child in children} <= {child.pk for child in locked}:
        raise Refused(_("刚才有别的诉求并入本件，您的操作没有执行。请刷新页面后再试。"), code="conflict")


def share_answer(children: Sequence[Case], *, by: Actor) -> None:
    """Owe the parent's answer to the parties of the merged matters, who keep their own numbers and clocks."""
    for child in children:
        with opened(child, "share_answer", by=_program(by)) as file:
            file.move(Case.State.MERGED)
            owe_answer(file)
            file.facts |= given_by(cast(Case, file.case.parent))


def given_by(parent: Case) -> dict[str, Any]:
    """The public facts of a shared answer: whose it is, and of which round, so that it can be found again."""
    return {"parent": parent.number, "answer_round": parent.round}


def owe_answer(file: CaseFile) -> None:
    """Owe the answer to every party who does not already wait for it."""
    waiting = {notice.party_id for notice in file.owed(Notice.About.ANSWER)}
    owe(file, [each for each in file.told_parties if each.pk not in waiting], Notice.About.ANSWER)


def release(children: Sequence[Case], *, by: Actor) -> list[str]:
    """Give merged matters back to the desk because their parent ends without an answer; their numbers.

    A matter whose parties were told an earlier answer has had its answer, and stays merged.
    """
    released = []
    for child in children:
        if child.ended_at is not None:
            continue
        with opened(child, "unmerge", by=_program(by)) as file:
            file.facts["parent"] = file.case.parent.number
            leave_parent(file)
            released.append(file.case.number)
    return released


def leave_parent(file: CaseFile) -> None:
    """Take a matter out of its parent: to the desk, under its own due date, owed nothing of the parent's."""
    lapse_notices(file, Notice.About.ANSWER, Notice.About.MERGE, Notice.About.STATEMENT)
    file.move(Case.State.REGISTERED)
    file.hold(file.case.desk, Role.CLERK)
    file.set(parent=None)


def follow(children: Sequence[Case], into: Case, *, by: Actor) -> None:
    """Let merged matters go with their parent into a third."""
    for child in children:
        with opened(child, "follow", by=_program(by)) as file:
            file.move(Case.State.MERGED)
            file.facts |= {"from_parent": file.case.parent.number, "parent": into.number}
            file.set(parent=into)
            if into.state in ANSWER_IS_OUT and file.round.told_at is None:
                owe_answer(file)
                file.facts |= given_by(into)


def told_among_kin(case: Case) -> QuerySet[Party]:
    """Every known person who is, or was, told of the case, of its parent, or of what is merged into either.

    One answer may speak of any of them, and each of them, or the public, may be its reader.
    """
    first = case.parent_id or case.pk
    family = Party.objects.filter(Q(case=first) | Q(case__parent=first), role__in=Party.TOLD)
    return family.exclude(person=None).select_related("person").order_by("pk")


def _program(by: Actor) -> Actor:
    """The program, at the time of the act that it follows from."""
    return Actor.system("merged").claiming(by.at)


ANSWER_IS_OUT = (Case.State.TELLING, Case.State.TOLD)
