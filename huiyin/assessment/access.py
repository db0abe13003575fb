"""Who reads which figures of assessment, and who may leave a matter out of them: the whole of it on this page."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT, UNIT, Role
from huiyin.assessment.models import Omission
from huiyin.assessment.source import Sight
from huiyin.cases import access as cases
from huiyin.cases.models import Case
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import independent
from huiyin.organisation.models import Unit

READERS = frozenset({*OVERSIGHT, *UNIT})
PROPOSERS = frozenset({*UNIT, Role.REVIEWER, Role.DISPATCHER, Role.SUPERVISOR})
DECIDERS = frozenset({*OVERSIGHT, Role.REVIEWER})


def judged(by: Actor) -> QuerySet[Case]:
    """The cases that the actor's figures are counted from: those that they may know of, without reports 举报.

    Reports have a track of their own; a figure that moved with one would tell whoever is accused that there is one.
    """
    return cases.visible(by).exclude(nature=Case.Nature.REPORT)


COMMON = Sight(
    accusing=False
)  # by which units are compared: nobody is barred from these, so that all compare alike


def sight(by: Actor) -> Sight:
    """The same cases for the catalogue: of the region that the actor oversees, or of the own unit, and none barred."""
    barred = Case.objects.exclude(nature=Case.Nature.REPORT).filter(cases.accused(by))
    without = frozenset(barred.order_by().values_list("pk", flat=True))
    unit = by.unit
    return (
        Sight(region=unit.region.code, without=without)
        if oversees(by)
        else Sight(unit=unit.pk, without=without)
    )


def oversees(by: Actor) -> bool:
    """Whether the actor reads every unit's figures."""
    return by.role in OVERSIGHT


def require_reader(by: Actor, unit: Unit | None = None) -> None:
    """Raise PermissionDenied unless the actor oversees, or asks for the own unit's figures."""
    own = by.role in UNIT and unit is not None and by.post is not None and unit.pk == by.post.unit_id
    if not (oversees(by) or own):
        raise PermissionDenied(_("考核由督办和领导查看；单位看本单位的。"))


def require_hints(by: Actor) -> None:
    """Raise PermissionDenied for everybody but supervisors: a hint is no finding, and units must not learn to dodge."""
    if by.role != Role.SUPERVISOR:
        raise PermissionDenied(_("疑似异常的线索只给督办人员看。"))


def concerned(by: Actor, unit: Unit) -> bool:
    """Whether the person holds any post in the unit, or in one above or below it."""
    return not independent(by, unit)


def may_propose(by: Actor, unit: Unit) -> bool:
    """Whether the actor may ask that a matter be left out of this unit's figures: a unit only of its own."""
    if by.post is None or by.role not in PROPOSERS:
        return False
    return by.role not in UNIT or by.post.unit_id == unit.pk


def may_decide(by: Actor, omission: Omission) -> bool:
    """Whether the actor may agree or refuse: nobody of the judged unit, and nobody twice."""
    if by.post is None or by.role not in DECIDERS or concerned(by, omission.unit):
        return False
    before = {post.user_id for post in (omission.proposed_by, omission.first_by) if post is not None}
    return by.post.user_id not in before


def omissions(by: Actor) -> QuerySet[Omission]:
    """The omissions that the actor may know of: of cases that they see, and for units of their own only."""
    if by.role not in PROPOSERS | DECIDERS:
        return Omission.objects.none()
    seen = Omission.objects.filter(case__in=judged(by).order_by().values("pk"))
    own = Q(unit=by.post.unit_id) if by.role in UNIT and by.post else Q()
    related = ("case", "unit", "clause", "proposed_by", "proposed_by__unit", "first_by", "first_by__unit")
    return seen.filter(own).select_related(*related, "decided_by", "decided_by__unit")
