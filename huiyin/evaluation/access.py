"""Who may read what of the ratings: the grade of a single case is for nobody whom it judges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.cases.queries import CasePage
from huiyin.evaluation.family import given_in, given_since
from huiyin.evaluation.models import Rating
from huiyin.evaluation.raters import judged_by, judged_unit_ids
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

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


@dataclass(frozen=True)
class Disclosure:
    """What a reader may know of a round's ratings: `solved` is None while nobody has rated."""

    round: int
    solved: bool | None
    grades: tuple[Grade, ...] = ()


def disclosed(case: Case, by: Actor, *, round_number: int | None = None) -> Disclosure:
    """What the actor may know of the ratings of one round, by default the present one.

    Units learn whether it is solved, so that it can be done again, and no more. Reviewer and caller of the
    desk and the supervisor read the grades, unless a unit of their own is judged (the desk itself, when it
    answered at once); on a matter that others were merged into, theirs too, since all of them judge one answer.
    A party reads its own. Raises PermissionDenied for somebody who may not know the case.
    """
    if not access.sees(by, case):
        raise PermissionDenied(_("您看不到这件诉求，或它不存在。"))
    number = case.round if round_number is None else round_number
    given = Rating.objects.filter(case=case, round=number)
    of_all = given_in(case, number)
    said = list(of_all.values_list("solved", flat=True))
    solved = all(each == Rating.Solved.YES for each in said) if said else None
    if sees_grades(by, case):
        return Disclosure(number, solved, _grades(of_all, by, Purpose.NOTICE))
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
    if not happened & {"rate", "take_in"}:
        return Disclosure(case.round, None)
    given = given_since(case, case.round, page.round.began_at).select_related("party")
    rows = list(given.order_by("pk"))
    solved = all(row.solved == Rating.Solved.YES for row in rows) if rows else None
    if not rows or not _grades_are_for(by, case):
        own = _own(Rating.objects.filter(case=case, round=case.round), by) if rows else None
        return Disclosure(case.round, solved, () if own is None else _grades(own, by, Purpose.OWN))
    shared = case.parent_id is not None
    judged = judged_unit_ids(case) if shared else judged_by(page.orders, page.answers)
    told = () if _concerns(by, judged) else _opened(rows, by, Purpose.NOTICE)
    return Disclosure(case.round, solved, told)


def sees_grades(by: Actor, case: Case) -> bool:
    """Whether the actor reads every grade of this case."""
    return _grades_are_for(by, case) and not _concerns(by, judged_unit_ids(case))


def _grades_are_for(by: Actor, case: Case) -> bool:
    """Whether grades are for this role at all."""
    if not by.is_staff or by.post is None:
        return False
    at_desk = by.role in AT_OWN_DESK and by.post.unit_id == case.desk_id
    return at_desk or by.role == Role.SUPERVISOR


def _concerns(by: Actor, judged: frozenset[int]) -> bool:
    """Whether any unit of the actor's, under whichever of their posts, is judged, or one above or below it."""
    if judged & by.barred_unit_ids:
        return True
    if by.user is None:
        return True
    below = Q(pk__in=[])
    for post in organisation.posts_of(by.user, organisation.today()):
        below |= Q(path__startswith=post.unit.path)
    return Unit.objects.filter(below, pk__in=judged).exists()


def _own(given: QuerySet[Rating], by: Actor) -> QuerySet[Rating] | None:
    if by.kind == "citizen":
        return given.filter(party_id=by.party_id)
    if by.role == Role.REPRESENTATIVE:
        return given.filter(party__post=by.post)
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
        )
        for row in given
    )
