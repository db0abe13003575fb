"""谁来打、打给谁: the list of call-backs that somebody may make, and whose turn it is on it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import access, states
from huiyin.cases.models import Answer
from huiyin.evaluation.independence import judges_own
from huiyin.evaluation.models import CallBack, Try
from huiyin.evaluation.rules import call_back_rules
from huiyin.organisation.actors import Actor

State = CallBack.State
RESULTS, SOLVABLE = Try.Result.choices, CallBack.Solvable.choices  # as forms offer them
CALLERS = frozenset({Role.CALLER, Role.SUPERVISOR})
C = states.Case
# The states of a matter in which the answer stands that was told, so that one can be asked about it.
STANDING = (C.TELLING, C.TOLD, C.MERGED, C.CLOSED, C.EXPLAINED, C.ARCHIVED)


def visible(by: Actor) -> QuerySet[CallBack]:
    """The call-backs that somebody may know of: at their desk or in their place, and of no unit of their own.

    Matters that the desk has answered itself are called by the supervisor: no desk asks about its own work.
    Raises PermissionDenied for whoever calls nobody back, everybody of a unit among them.
    """
    if by.role not in CALLERS:
        raise PermissionDenied(_("回访由受理中心的回访员和督办员做。"))
    return CallBack.objects.filter(~judges_own(by), case__in=access.visible(by).values("pk"))


def waiting(by: Actor) -> QuerySet[CallBack]:
    """Of those the ones that wait to be made, the one whose time ends first at the top."""
    rows = visible(by).filter(state=State.WAITING, until__gt=by.when(), round=F("case__round"))
    rows = rows.filter(party__left_at=None)
    if by.role == Role.SUPERVISOR:  # whom a desk cannot ask about its own work
        rows = rows.filter(desks_own())
    return rows.filter(case__state__in=STANDING).order_by("until", "pk")


def desks_own() -> Q:
    """The condition that the desk of the matter has answered itself, so that none of its people may ask."""
    return Q(Exists(Answer.objects.filter(case=OuterRef("case"), unit=OuterRef("case__desk"))))


def ready(by: Actor) -> QuerySet[CallBack]:
    """Of those the ones that can be called now: not too soon, and in nobody else's hand."""
    now = by.when()
    free = Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_by=by.post)
    return waiting(by).filter(free, not_before__lte=now)


def in_hand(by: Actor) -> CallBack | None:
    """The call-back that this post has taken and not let go of."""
    mine = waiting(by).filter(claimed_by=by.post, claimed_until__gt=by.when())
    return mine.select_related("case", "party").first()


def take_next(by: Actor) -> CallBack | None:
    """Take the next call-back, for so many minutes as the place allows; None when nobody is to be called now.

    Whoever has one keeps it. Two never get the same: only one of two updates finds it free. Nobody chooses whom
    they call.
    """
    mine = in_hand(by)
    if mine is not None:
        return mine
    now = by.when()
    until = now + timedelta(minutes=call_back_rules().claim_minutes)
    for key in ready(by).values_list("pk", flat=True)[:20]:
        free = CallBack.objects.filter(
            Q(claimed_until=None) | Q(claimed_until__lte=now), pk=key, state=State.WAITING
        )
        if free.update(claimed_by=by.post, claimed_until=until, dialled_at=None):
            return CallBack.objects.select_related("case", "party").get(pk=key)
    return None


def let_go(call_back: CallBack, *, by: Actor) -> None:
    """Give back what was taken, so that somebody else may call."""
    CallBack.objects.filter(pk=call_back.pk, claimed_by=by.post).update(
        claimed_by=None, claimed_until=None, dialled_at=None
    )


@dataclass(frozen=True)
class Numbers:
    """What came of the call-backs settled in a time. Invalid ones are no part of N, and are counted."""

    valid: int = 0
    by_self: int = 0
    refused: int = 0
    unreached: int = 0
    lapsed: int = 0
    void: int = 0

    @property
    def invalid(self) -> int:
        """无效回访: refused, not reached in all tries, or found to be in error."""
        return self.refused + self.unreached + self.void


def numbers(rows: QuerySet[CallBack], *, since: date, until: date) -> Numbers:
    """What came of those of the call-backs that were settled on these local days, both included."""
    settled = rows.filter(settled_on__gte=since, settled_on__lte=until)
    counted = dict(settled.order_by().values_list("state").annotate(n=Count("pk")))
    return Numbers(
        **{str(state): n for state, n in counted.items() if state not in (State.WAITING, State.PASSED)}
    )
