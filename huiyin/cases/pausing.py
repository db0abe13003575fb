"""Letting the clocks of a case stand still for a bounded time, and go on; and what ends by itself with a state.

While a question to the petitioner is open, or a suspension in force, the clocks stand. Both end with the act
that takes the case further, so that no clock stands on for a reason that is over.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from huiyin.cases import states
from huiyin.cases.models import Notice, Order, Question, Suspension, Whistle
from huiyin.deadlines import clocks
from huiyin.deadlines.arithmetic import end_of_day
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock as wall

if TYPE_CHECKING:
    from huiyin.cases.casefile import CaseFile

AT_WORK = (states.Case.REGISTERED, states.Case.ACCEPTED, states.Case.HANDLING)
BORN = frozenset({"ask_petitioner", "ask_upward", "whistle", "propose_suspension"})
SUPPLEMENT, UPWARD = Question.Kind.SUPPLEMENT, Question.Kind.UPWARD


def end_of(day: date) -> datetime:
    """The last instant of a local day."""
    return end_of_day(day, wall.zone())


# -- standing still and going on ----------------------------------------------------------------------------
def pause(file: CaseFile, reason: str, *, until: datetime) -> None:
    """Let the citizen's clock and those of the open orders stand still, at the latest until `until`.

    While they stand, `until` is what case and orders show as due: the next moment at which something must
    happen. A question to the petitioner that is still open lapses: from now on something else is waited for.
    A clock that already stands is left as it is; one that is late stands, and stays late. Raises `Refused`
    when a policy does not allow the reason.
    """
    if not BORN.isdisjoint(file.happened):
        lapse_questions(file, SUPPLEMENT)
    if _pause(file, file.round.clock, reason, until):
        file.set(due_at=until)
    for order in _open_orders(file):
        if _pause(file, order.clock, reason, until):
            file.change(order, due_at=until)


def resume(file: CaseFile) -> None:
    """Let every clock that stands still go on; the days spared are not counted.

    A clock that the sweep has set going at its bound is left so, and its due time is copied once more.
    """
    if _resume(file, file.round.clock, file.case.due_at):
        file.set(due_at=file.round.clock.due_at)
    for order in _open_orders(file):
        if _resume(file, order.clock, order.due_at):
            file.change(order, due_at=order.clock.due_at)


def stop(file: CaseFile, clock: Clock | None) -> None:
    """Stop a clock for good; one that stands still goes on first, so that its due time is known when it is judged."""
    if clock is None or clock.state == Clock.State.STOPPED:
        return
    if clock.state == Clock.State.PAUSED:
        _resume(file, clock, None)
        _copy_due(file, clock)
    clocks.stop(clock, file.at)
    file.keep(clock, *clocks.STOPPED)


def _copy_due(file: CaseFile, clock: Clock) -> None:
    """Let the order or the case that the clock times show its due time."""
    if file.round.clock_id == clock.pk:
        file.set(due_at=clock.due_at)
    for order in file.parts(Order):
        if order.clock_id == clock.pk:
            file.change(order, due_at=clock.due_at)


def _open_orders(file: CaseFile) -> list[Order]:
    return [order for order in file.orders if order.state in states.Order.OPEN]


def _pause(file: CaseFile, clock: Clock, reason: str, until: datetime) -> bool:
    if clock.state != Clock.State.RUNNING:
        return False
    began = clocks.pause(clock, file.at, reason, until=until)
    file.add(began)
    file.keep(clock, *clocks.CHANGED)
    return clock.due_at is None


def _resume(file: CaseFile, clock: Clock, shown: datetime | None) -> bool:
    """Set the clock going; whether what is shown as due has to follow it."""
    if clock.state == Clock.State.PAUSED:
        file.keep(clocks.resume(clock, file.at), "ended_at")
        file.keep(clock, *clocks.CHANGED)
    return clock.due_at is not None and clock.due_at != shown


# -- what ends by itself ------------------------------------------------------------------------------------
def leave(file: CaseFile, after: str) -> None:
    """End what belongs to the state that the case leaves now; called by the file for every change of state.

    A question to the petitioner lapses: whoever takes the case further goes on without. Outside the states in
    which it is worked on nothing is asked upward, nobody is called to a place, and no suspension waits for a
    yes. A suspension ends when the case comes out of it, and the clocks go on.
    """
    before = file.case.state
    if before not in (*AT_WORK, states.Case.SUSPENDED) or BORN.isdisjoint(file.happened):
        return
    lapse_questions(file, SUPPLEMENT)
    if after not in AT_WORK:
        lapse_questions(file, UPWARD)
        _send_home(file, None)
        _lapse_proposals(file, None)
    if before == states.Case.SUSPENDED:
        _end_suspension(file)


def leave_order(file: CaseFile, order: Order) -> None:
    """End what was asked, called for and proposed through an order that its unit has in hand no more."""
    if BORN.isdisjoint(file.happened):
        return
    lapse_questions(file, SUPPLEMENT, UPWARD, order=order)
    _send_home(file, order)
    _lapse_proposals(file, order)


def lapse_questions(file: CaseFile, *kinds: str, order: Order | None = None) -> None:
    """Let open questions of these kinds lapse, of one order or all; the clocks that waited for them go on."""
    for row in file.parts(Question):
        asked_here = order is None or row.order_id == order.pk
        if row.state == Question.State.OPEN and row.kind in kinds and asked_here:
            settle(file, row, Question.State.LAPSED)


def settle(file: CaseFile, question: Question, state: str, **values: object) -> None:
    """Settle an open question, by whatever state; its clock stops, and those that stood for it go on."""
    file.change(question, state=state, **values)
    stop(file, question.clock)
    if question.kind != SUPPLEMENT:
        return
    resume(file)
    for notice in file.parts(Notice):
        if notice.told_at is None and notice.about == Notice.About.QUESTION:
            file.change(notice, told_at=file.at, how=Notice.How.LAPSED)


def _send_home(file: CaseFile, order: Order | None) -> None:
    """Nobody has to come to the place any more; who came, and who did not, stays written."""
    for row in file.parts(Whistle):
        if order is None or order.pk in (row.order_id, row.called_id):
            stop(file, row.clock)


def _lapse_proposals(file: CaseFile, order: Order | None) -> None:
    for row in file.parts(Suspension):
        if row.state == Suspension.State.PROPOSED and (order is None or row.order_id == order.pk):
            file.change(row, state=Suspension.State.LAPSED, decided_at=file.at)


def _end_suspension(file: CaseFile) -> None:
    for row in file.parts(Suspension):
        if row.state == Suspension.State.IN_FORCE:
            file.change(row, state=Suspension.State.ENDED, ended_at=file.at)
            give_back_time_to_object(file, row.decided_at or file.at, min(file.at, end_of(row.until)))
    resume(file)


def give_back_time_to_object(file: CaseFile, began: datetime, ended: datetime) -> None:
    """Let whoever could still object to an order when the rest began have as much time left when it is over.

    The days on which nobody could object are not days of silence.
    """
    for order in _open_orders(file):
        if order.objection_until > began:
            file.change(order, objection_until=order.objection_until + (ended - began))
