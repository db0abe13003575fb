"""Who may read what of the ratings: the grade of a single case is for nobody whom it judges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.cases.queries import CasePage
from huiyin.evaluation.family import given_in, given_since
from huiyin.evaluation.independence import concerns
from huiyin.evaluation.models import COUNTS, CallBack, Contest, Pressure, Rating
from huiyin.evaluation.raters import judged_by, judged_unit_ids
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor

AT_OWN_DESK = frozenset({Role.REVIEWER, Role.CALLER})


@dataclass(frozen=True)
class Grade:
    """One party's judgement, in the clear."""

    party_id: int
    party_role: str
    contacted: bool
    solved: str
    satisfied: int
    words: str
    how: str
    at: datetime
    set_aside: str = ""

    @property
    def beside(self) -> str:
        """Why it does not count, in words; "" for one that counts."""
        return str(dict(Rating.Aside.choices).get(self.set_aside, ""))


@dataclass(frozen=True)
class Disclosure:
    """What a reader may know of a round's ratings: `solved` is None while nobody has rated.

    `solvable` is what callers propose to whoever decides on redoing what is not solved, in words.
    """

    round: int
    solved: bool | None
    grades: tuple[Grade, ...] = ()
    solvable: tuple[str, ...] = ()


def disclosed(case: Case, by: Actor, *, round_number: int | None = None) -> Disclosure:
    """What the actor may know of the ratings of one round, by default the present one.

    Units learn whether it is solved, so that it can be done again, and no more. Reviewer and caller of the
    desk and the supervisor read the grades, those that do not count among them (`Grade.set_aside`), unless a unit of
    their own is judged (the desk itself, when it
    answered at once); on a matter that others were merged into, theirs too, since all of them judge one answer.
    While a unit contests how it was rated, supervisors, who are to decide on it, do not read the grades either.
    A party reads its own. Raises PermissionDenied for somebody who may not know the case.
    """
    if not access.sees(by, case):
        raise PermissionDenied(_("您看不到这件诉求，或它不存在。"))
    number = case.round if round_number is None else round_number
    given = Rating.objects.filter(case=case, round=number)
    sees = sees_grades(by, case) and not _decides(by, case)
    rows = _known(_in_order(given_in(case, number)), by, sees=sees)
    solved = _solved(rows)
    if sees:
        return Disclosure(number, solved, _opened(rows, by, Purpose.NOTICE), _solvable(case, number))
    own = _own(given, by)
    if own is None:
        return Disclosure(number, solved)
    return Disclosure(number, solved, _grades(own, by, Purpose.OWN))


def disclosed_on(page: CasePage) -> Disclosure:
    """The same for the present round of a case whose page somebody reads, from the rows that are there already.

    It costs nothing for a matter that nobody has rated, and else two statements, however much happened.
    """
    case, by = page.case, page.by
    happened = {event.kind for event in page.history}
    if not happened & {"rate", "call_back", "take_in"}:
        return Disclosure(case.round, None)
    rows = _in_order(given_since(case, case.round, page.round.began_at))
    if not rows or not _grades_are_for(by, case):
        solved = _solved(_known(rows, by, sees=False))
        own = _own(Rating.objects.filter(case=case, round=case.round), by) if rows else None
        return Disclosure(case.round, solved, () if own is None else _grades(own, by, Purpose.OWN))
    shared = case.parent_id is not None
    judged = judged_unit_ids(case) if shared else judged_by(page.orders, page.answers)
    sees = not concerns(by, judged) and not ("contest_rating" in happened and _decides(by, case))
    known = _known(rows, by, sees=sees)
    if not sees:
        return Disclosure(case.round, _solved(known))
    proposed = _solvable(case, case.round) if "call_back" in happened else ()
    return Disclosure(case.round, _solved(known), _opened(known, by, Purpose.NOTICE), proposed)


def _solvable(case: Case, number: int) -> tuple[str, ...]:
    """What the callers of a round think of a matter that is not solved, in their order."""
    made = CallBack.objects.filter(case=case, round=number).exclude(solvable="").order_by("settled_at")
    return tuple(row.get_solvable_display() for row in made)


def _known(found: Sequence[Any], by: Actor, *, sees: bool) -> Sequence[Any]:
    """The ratings of a round as the reader may know of them.

    That a rating was pressed out of somebody, and what they said instead, is for the supervisor alone: everybody else
    knows of the first one, as if it had been the only one, or they would know who has spoken. That holds when a contest
    has made the first one void too: they read that nobody has spoken.
    """
    if sees and by.role == Role.SUPERVISOR:
        return found
    known = [row for row in found if not row.anew]
    for row in known:
        if row.set_aside == Rating.Aside.PRESSED:
            row.set_aside = ""
    return known


def _in_order(given: QuerySet[Rating]) -> list[Any]:
    """The ratings, and of each whether it was given `anew`, in the place of one that was pressed out of its giver."""
    anew = Exists(Pressure.objects.filter(anew=OuterRef("pk")))
    return list(given.select_related("party").annotate(anew=anew).order_by("pk"))


def _solved(rows: Iterable[Rating]) -> bool | None:
    """Whether all who have spoken call it solved; None while nobody has. What is kept beside says nothing here."""
    said = [row.solved == Rating.Solved.YES for row in rows if not row.set_aside]
    return all(said) if said else None


def sees_grades(by: Actor, case: Case) -> bool:
    """Whether the actor reads every grade of this case."""
    return _grades_are_for(by, case) and not concerns(by, judged_unit_ids(case))


def _decides(by: Actor, case: Case) -> bool:
    """Whether a unit contests the ratings, and it is for the actor's role to decide without them."""
    return (
        by.role == Role.SUPERVISOR and Contest.objects.filter(case=case, state=Contest.State.ASKED).exists()
    )


def _grades_are_for(by: Actor, case: Case) -> bool:
    """Whether grades are for this role at all."""
    if not by.is_staff or by.post is None:
        return False
    at_desk = by.role in AT_OWN_DESK and by.post.unit_id == case.desk_id
    return at_desk or by.role == Role.SUPERVISOR


def _own(given: QuerySet[Rating], by: Actor) -> QuerySet[Rating] | None:
    if by.kind == "citizen":
        return given.filter(COUNTS, party_id=by.party_id)
    if by.role == Role.REPRESENTATIVE:
        return given.filter(COUNTS, party__post=by.post)
    return None


def _grades(given: QuerySet[Rating], by: Actor, purpose: Purpose) -> tuple[Grade, ...]:
    return _opened(given.select_related("party").order_by("pk"), by, purpose)


def _opened(given: Iterable[Rating], by: Actor, purpose: Purpose) -> tuple[Grade, ...]:
    permit = Permit(holder=by.name, purpose=purpose)
    return tuple(
        Grade(
            party_id=row.party_id,
            party_role=row.party.role,
            contacted=row.contacted,
            solved=row.solved,
            satisfied=row.satisfied,
            words=row.words.open(permit) if row.words else "",
            how=row.how,
            at=row.at,
            set_aside=row.set_aside,
        )
        for row in given
    )
