"""Letting the clocks of a case stand still for a bounded time, and go on."""

from datetime import date, datetime

from huiyin.cases import states
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Order
from huiyin.deadlines import clocks
from huiyin.deadlines.arithmetic import end_of_day
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock as wall


def end_of(day: date) -> datetime:
    """The last instant of a local day."""
    return end_of_day(day, wall.zone())


def pause(file: CaseFile, reason: str, *, until: datetime) -> None:
    """Let the citizen's clock and those of the open orders stand still, at the latest until `until`.

    While they stand, `until` is what case and orders show as due: the next moment at which something must
    happen. A clock that already stands, or is late, is left as it is. Raises `Refused` when a policy does not
    allow the reason.
    """
    if _pause(file, file.round.clock, reason, until):
        file.set(due_at=until)
    for order in _open_orders(file):
        if _pause(file, order.clock, reason, until):
            file.change(order, due_at=until)


def resume(file: CaseFile) -> None:
    """Let every clock that stands still go on; the days spared are not counted."""
    if _resume(file, file.round.clock):
        file.set(due_at=file.round.clock.due_at)
    for order in _open_orders(file):
        if _resume(file, order.clock):
            file.change(order, due_at=order.clock.due_at)


def _open_orders(file: CaseFile) -> list[Order]:
    return [order for order in file.orders if order.state in states.Order.OPEN]


def _pause(file: CaseFile, clock: Clock, reason: str, until: datetime) -> bool:
    if clock.state != Clock.State.RUNNING:
        return False
    began = clocks.pause(clock, file.at, reason, until=until)
    file.add(began)
    file.keep(clock, *clocks.CHANGED)
    return clock.due_at is None


def _resume(file: CaseFile, clock: Clock) -> bool:
    if clock.state != Clock.State.PAUSED:
        return False
    file.keep(clocks.resume(clock, file.at), "ended_at")
    file.keep(clock, *clocks.CHANGED)
    return True
