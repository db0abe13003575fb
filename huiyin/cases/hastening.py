"""A matter turns out to be pressing: its clocks come forward to the shorter limits, counted from now, never back."""

from huiyin.cases import states
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Order
from huiyin.deadlines import clocks
from huiyin.deadlines.models import Clock
from huiyin.deadlines.policies import policy_for
from huiyin.kernel import clock as wall


def hasten(file: CaseFile) -> None:
    """Bring the citizen's clock and those of the open orders forward to the limits of the case as it is now."""
    if _brought_forward(file, file.round.clock, "reply"):
        file.set(due_at=file.round.clock.due_at)
    for order in file.orders:
        if order.state in states.Order.OPEN and _brought_forward(file, order.clock, "order"):
            file.change(order, due_at=order.clock.due_at, basis=_basis(order))


def _basis(order: Order) -> str:
    return order.clock.policy.basis or order.basis


def _brought_forward(file: CaseFile, clock: Clock, step: str) -> bool:
    if clock.state != Clock.State.RUNNING:
        return False
    case = file.case
    policy = policy_for(
        track=case.track, step=step, on=wall.local_date(file.at), nature=case.nature, urgency=case.urgency
    )
    if not clocks.bring_forward(clock, policy, file.at):
        return False
    file.keep(clock, *clocks.CHANGED, "policy")
    return True
