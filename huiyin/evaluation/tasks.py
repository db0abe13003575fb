"""Standing tasks of this room, run by the worker."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from huiyin.cases.actions import close
from huiyin.cases.models import Case, Round
from huiyin.cases.statements import unexplained
from huiyin.deadlines.models import Clock
from huiyin.evaluation import blocks, drawing
from huiyin.evaluation.calling import STANDING
from huiyin.evaluation.family import known, unsolved
from huiyin.evaluation.models import CallBack, Rating
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

    An incident waits until the public has its statement, and any matter for a call-back that is still to be made. It
    does not wait for one of somebody who has spoken: they are called for a bad grade, which its unit would see by that.
    """
    over = Round.objects.filter(
        case=OuterRef("pk"),
        number=OuterRef("round"),
        rating_clock__state=Clock.State.RUNNING,
        rating_clock__due_at__lt=clock.now(),
    )
    spoken = Exists(Rating.objects.filter(known(), party=OuterRef("party"), round=OuterRef("round")))
    waiting = CallBack.objects.filter(~spoken, state=CallBack.State.WAITING, until__gt=clock.now())
    asked = waiting.filter(case=OuterRef("pk"), round=OuterRef("round"))
    told = Case.objects.filter(Exists(over), ~unsolved(), ~unexplained(), state=Case.State.TOLD)
    return told.exclude(Exists(asked))


def draw_call_backs() -> int:
    """Look at whoever has just been told an answer: called by rule, by lot or not at all; how many."""
    return drawing.look_at_told()


def lapse_call_backs() -> int:
    """End call-backs that were not made in time, or whose matter has gone on to another round; returns how many.

    They are counted apart: a desk that calls nobody shows in its number of lapsed ones.
    """
    gone = ~Q(round=F("case__round")) | ~Q(case__state__in=STANDING) | Q(party__left_at__isnull=False)
    now = clock.now()
    over = CallBack.objects.filter(Q(until__lte=now) | gone, state=CallBack.State.WAITING)
    keys = list(over.order_by("pk").values_list("pk", flat=True)[: 10 * AT_ONCE])
    waiting = CallBack.objects.filter(pk__in=keys, state=CallBack.State.WAITING)
    return waiting.update(
        state=CallBack.State.LAPSED,
        settled_at=now,
        settled_on=clock.local_date(now),
        claimed_by=None,
        claimed_until=None,
        dialled_at=None,
    )


def make_blocks() -> int:
    """Make the blocks of ratings that units read, of each month that is over; returns how many."""
    return blocks.make_blocks()
