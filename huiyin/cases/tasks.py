"""Standing tasks of this room, run by the worker."""

from collections.abc import Callable
from contextlib import suppress

from django.db.models import QuerySet

from huiyin.cases import due, states
from huiyin.cases.actions import (
    accept_silently,
    end_hearing,
    resume_from,
    supplement_lapsed,
    suspension_due,
    take_over,
)
from huiyin.cases.models import Order, Question, Referral, Review, Suspension
from huiyin.cases.succession import left_behind
from huiyin.deadlines import tasks as deadlines
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

AT_ONCE = 200


def accept_silence() -> int:
    """Accept every unsigned order whose time for objections is over; returns how many. Safe to be killed anywhere."""
    unsigned = Order.objects.filter(state=states.Order.SENT, objection_until__lt=clock.now())
    return _each(unsigned, accept_silently)


def lapse_supplements() -> int:
    """Go on with every matter whose petitioner has not answered in time; how many. Safe to be killed anywhere."""
    open_ones = Question.objects.filter(state=Question.State.OPEN, kind=Question.Kind.SUPPLEMENT)
    return _each(open_ones.filter(until__lte=clock.now()), supplement_lapsed)


def end_suspensions() -> int:
    """Take up every suspended matter whose day is over; returns how many. Safe to be killed anywhere."""
    today = clock.local_date(clock.now())
    return _each(Suspension.objects.filter(state=Suspension.State.IN_FORCE, until__lt=today), suspension_due)


def sweep() -> dict[str, int]:
    """The sweep of all clocks; cases and orders whose clock it sets going show its due time at once.

    Killed between the two, the task that settles what the clock stood for copies the due time once more.
    """
    due.follow(deadlines.lift_ended_pauses())
    return deadlines.sweep()


def _each(rows: QuerySet, act: Callable[..., object]) -> int:
    """Do an act in the worker's name on each row, page by page; what somebody settled a breath before is left."""
    worker, done, after = Actor.system("worker"), 0, 0
    while batch := list(rows.filter(pk__gt=after).select_related("case").order_by("pk")[:AT_ONCE]):
        for row in batch:
            with suppress(Refused):
                act(row, by=worker)
                done += 1
        after = batch[-1].pk
    return done


def resume_elsewhere() -> int:
    """Let every matter go on whose day has come while another procedure ran; how many. Safe to be killed anywhere."""
    resting = Referral.objects.filter(kind=Referral.Kind.ELSEWHERE, ended_at=None)
    return _each(resting.filter(until__lt=clock.now(), case__state=states.Case.REFERRED), resume_from)


def end_hearings() -> int:
    """End every hearing whose time is over, so that the review goes on; how many. Safe to be killed anywhere."""
    heard = Review.objects.filter(state=Review.State.ASKED, hearing_until__lte=clock.now())
    return _each(heard, end_hearing)


def take_over_left_behind() -> int:
    """Hand on the open orders of closed units that name a successor; how many. Safe to be killed anywhere."""
    return _each(left_behind(), take_over)
