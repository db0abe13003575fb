"""The marks by which a rule reminds or proposes: those of the supervisors' lists, and some of supervision alone."""

from collections.abc import Callable, Mapping

from django.db.models import Exists, OuterRef, Q

from huiyin.cases import oversight, states
from huiyin.cases.models import Case, Party, Promise
from huiyin.kernel import clock as wall
from huiyin.kernel.lookups import among
from huiyin.organisation.place import limit
from huiyin.supervision.models import Rung

PROMISE_PASSED = "promise_passed"


def _second_return() -> Q:
    """Sent back, contested or reopened twice or more."""
    return oversight.OPEN & Q(round__gt=2)


def unkept() -> Q:
    """The condition that the day of a promise is over, and nobody has kept it or named another day."""
    return among("state", (Promise.State.MADE,)) & Q(due_on__lt=wall.local_date(wall.now()))


def _promise_passed() -> Q:
    """A promise is past its day, whether the matter is open or has ended: most are made with its last answer."""
    return Q(pk__in=Promise.objects.filter(unkept()).order_by().values("case"))


def _group() -> Q:
    """Many people in one matter: `group_headcount` of the place, by default five."""
    return oversight.OPEN & Q(headcount__gte=limit("group_headcount"))


def _repeated() -> Q:
    """The same person (by telephone) has brought a matter of the same category before, of which nothing is open now."""
    earlier = Party.objects.filter(
        role__in=Party.PEOPLE,
        person__phone_index=OuterRef("person__phone_index"),
        case__category=OuterRef("case__category"),
        case__received_at__lt=OuterRef("case__received_at"),
        case__state__in=states.Case.ENDED,
    ).exclude(case__nature=Case.Nature.REPORT)  # nobody learns of one from a mark on another matter
    now = Party.objects.filter(
        Exists(earlier),
        case__state__in=states.Case.OPEN,
        case__category__isnull=False,
        person__phone_index__isnull=False,
        role__in=Party.PEOPLE,
    )
    return Q(pk__in=now.order_by().values("case"))


def _overdue(kind: str) -> Q:
    rungs = Rung.objects.filter(kind=kind, state="waiting", due_on__lt=wall.local_date(wall.now()))
    return Q(pk__in=rungs.exclude(case=None).order_by().values("case"))


# What is to be seen on the matter itself; of a rung that was signed, only the next rung can be proposed.
OF_MATTERS: Mapping[str, Callable[[], Q]] = {
    "second_return": _second_return,
    PROMISE_PASSED: _promise_passed,
    "group": _group,
    "repeated": _repeated,
}
OWN: Mapping[str, Callable[[], Q]] = {
    **OF_MATTERS,
    "order_unanswered": lambda: _overdue(Rung.Kind.ORDER),
    "listed_too_long": lambda: _overdue(Rung.Kind.LISTING),
}
NAMES = (
    "late", "yellow", "redone", "hopping", "owed", "awaited", "instructed", "asked", "whistle", "unheeded", *OWN,
)  # fmt: skip


def marked(mark: str) -> Q:
    """The condition that a case bears a mark; none does for a mark that does not exist."""
    if mark in OWN:
        return OWN[mark]()
    return oversight.marked(mark) if mark in NAMES else Q(pk__in=Case.objects.none())
