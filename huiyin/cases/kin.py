"""A matter and those merged into it: locked together, told together, and let go when nothing more can come."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import pens
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.ordering import lapse_notices, owe
from huiyin.kernel.gathering import gathered
from huiyin.kernel.refusals import Refused
from huiyin.ledger import queries as ledger
from huiyin.ledger.models import Event
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
    """Every known person who is, or was, told of the case or of one of its family (`families`).

    One answer may speak of any of them, and each of them, or the public, may be its reader.
    """
    family = Party.objects.filter(case__in=families([case])[case.pk], role__in=Party.TOLD)
    return family.exclude(person=None).select_related("person").order_by("pk")


def families(cases: Iterable[Case]) -> dict[int, set[int]]:
    """The family of each of these cases, by keys: itself, and all whose people its texts may speak of.

    That is what it is merged with, or was before it left, what it was split from or into, and so on from each of
    them: what was written for two matters still speaks of both when they have parted. One statement for all of them
    where none has kin, and one more for each step from kin to kin.
    """
    asked = {case.pk: case.number for case in cases}
    found: dict[int, Case] = {}
    ties: list[tuple[str, str]] = []  # by numbers: so the ledger names them
    keys, numbers = set(asked), set(asked.values())
    known_keys, known_numbers = set(keys), set(numbers)
    while keys or numbers:
        kin = Q(pk__in=keys) | Q(number__in=numbers) | Q(parent__in=keys) | Q(split_from__in=keys)
        rows = Case.objects.filter(kin).only("number", "parent", "split_from")
        subjects = [f"{pens.EVENT_PREFIX}{number}" for number in numbers]
        nearer, merging = gathered(rows, ledger.of_kinds(subjects, *MERGING).only("subject", "facts"))
        found |= {row.pk: row for row in nearer}
        ties += [tie for event in merging for tie in _named_in(event)]
        keys = {key for row in nearer for key in (row.pk, *_tied(row))} - known_keys
        numbers = ({row.number for row in nearer} | {number for _one, number in ties}) - known_numbers
        known_keys |= keys
        known_numbers |= numbers
    return _grouped(asked, found, ties)


def _tied(case: Case) -> list[int]:
    """The matter that a case is merged into, and the one from which it was split."""
    return [key for key in (case.parent_id, case.split_from_id) if key]


def _named_in(event: Event) -> list[tuple[str, str]]:
    """The number of the case to which a merging happened, with that of each other one which it names."""
    names = (event.facts.get(fact) for fact in ("parent", "from_parent", "child"))
    return [(event.subject.removeprefix(pens.EVENT_PREFIX), number) for number in names if number]


def _grouped(
    asked: Collection[int], found: Mapping[int, Case], ties: Iterable[tuple[str, str]]
) -> dict[int, set[int]]:
    """Whom each of the asked reaches by ties, however many lie between."""
    keys = {case.number: case.pk for case in found.values()}
    pairs = [(case.pk, key) for case in found.values() for key in _tied(case)]
    pairs += [(keys[one], keys[other]) for one, other in ties if one in keys and other in keys]
    near = defaultdict[int, set[int]](set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    return {key: _reached(key, near) for key in asked}


def _reached(first: int, near: Mapping[int, set[int]]) -> set[int]:
    reached, new = {first}, {first}
    while new:
        new = {key for each in new for key in near.get(each, ())} - reached
        reached |= new
    return reached


def _program(by: Actor) -> Actor:
    """The program, at the time of the act that it follows from."""
    return Actor.system("merged").claiming(by.at)


# The acts whose events name another matter with which this one is merged, or was.
MERGING = ("merge", "take_in", "unmerge", "let_go", "reopen", "follow")
ANSWER_IS_OUT = (Case.State.TELLING, Case.State.TOLD)
