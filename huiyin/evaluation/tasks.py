"""Standing tasks of this room, run by the worker."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from huiyin.cases.actions import close
from huiyin.cases.models import Case, Round
from huiyin.cases.statements import unexplained
from huiyin.deadlines.models import Clock
from huiyin.evaluation.family import unsolved
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor

AT_ONCE = 200


def close_unrated() -> int:
    """Close told cases whose time for rating is over, unless somebody said that it is not solved.

    Each case has a transaction of its own, so the task can be killed anywhere. Returns how many it closed.
    """
    closed, after = 0, 0
    while batch := list(
        out_of_time().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        closed += sum(_close(key) for key in batch)
        after = batch[-1]
    return closed


def _close(key: int) -> bool:
    """Close the case if it still is out of time once it is locked: a rating may have come in between."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=key)
        if not out_of_time().filter(pk=key).exists():
            return False
        close(case, by=Actor.system("worker"), because="rating_time_over")
    return True


def out_of_time() -> QuerySet[Case]:
    """Told cases whose rating clock has passed, and which nobody called unsolved in the present round.

    An incident waits until the public has its statement.
    """
    over = Round.objects.filter(
        case=OuterRef("pk"),
        number=OuterRef("round"),
        rating_clock__state=Clock.State.RUNNING,
        rating_clock__due_at__lt=clock.now(),
    )
    return Case.objects.filter(Exists(over), ~unsolved(), ~unexplained(), state=Case.State.TOLD)
