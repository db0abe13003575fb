"""Who may read what of the ratings: the grade of a single case is for nobody whom it judges."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.evaluation.family import given_in
from huiyin.evaluation.models import Rating
from huiyin.evaluation.raters import judged_unit_ids
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


def sees_grades(by: Actor, case: Case) -> bool:
    """Whether the actor reads every grade of this case."""
    if not by.is_staff or by.post is None:
        return False
    at_desk = by.role in AT_OWN_DESK and by.post.unit_id == case.desk_id
    return (at_desk or by.role == Role.SUPERVISOR) and not _judged(by, case)


def _judged(by: Actor, case: Case) -> bool:
    """Whether any unit of the actor's, under whichever of their posts, is judged, or one above or below it."""
    judged = judged_unit_ids(case)
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
        for row in given.select_related("party").order_by("pk")
    )
