"""撤回派单: take a dispatch back at once, while no unit has signed it; a slip of the hand, not a change of mind."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.accounts.roles import Role
from huiyin.cases import pens, states
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Order
from huiyin.cases.ordering import end_order
from huiyin.kernel.refusals import Refused
from huiyin.ledger import queries as ledger
from huiyin.organisation.actors import Actor
from huiyin.organisation.place import limit


def recall_order(order: Order, *, by: Actor) -> None:
    """Cancel an order and all that was sent out with it; the points wait for a unit again, under the same due date.

    Only whoever sent it, and only for the place's `recall_minutes`. Raises `Refused` when a unit has signed
    any of it, when the time is over, or when the order did not come from a dispatch.
    """
    with opened(order.case, "recall_order", by=by, order=order) as file:
        mine = file.part(order)
        _require_dispatched(file, mine)
        _require_in_time(file, mine)
        together = [each for each in file.orders if sent_with(each, mine)]
        for each in together:
            end_order(file, each, states.Order.CANCELLED)
        file.move(Case.State.ACCEPTED)
        file.hold(file.case.desk, Role.DISPATCHER)
        file.facts["units"] = list(dict.fromkeys(each.unit.code for each in together))


def sent_with(one: Order, other: Order) -> bool:
    """Whether two orders left in the same act: a lead and its assisting units, or several points at once."""
    return (one.round, one.sent_by_id, one.sent_at) == (other.round, other.sent_by_id, other.sent_at)


def in_time() -> timedelta:
    """For how long after it was sent a dispatch can be taken back here."""
    return timedelta(minutes=limit("recall_minutes"))


def _require_dispatched(file: CaseFile, order: Order) -> None:
    """Refuse orders of other acts: what a meeting designated, or a reviewer sent back, is no slip of the hand."""
    sent = ledger.history(pens.subject_of(file.case)).filter(kind="dispatch", occurred_at=order.sent_at)
    if not sent.exists():
        raise Refused(
            _("这张工单不是派单时发出的，不能这样撤回。请用改派或指定承办。"), code="not_dispatched"
        )


def _require_in_time(file: CaseFile, order: Order) -> None:
    if file.at - order.sent_at > in_time():
        minutes = limit("recall_minutes")
        raise Refused(
            ngettext(
                "派单超过 %(n)d 分钟，不能再撤回。单位可以提出异议，由您改派。",
                "派单超过 %(n)d 分钟，不能再撤回。单位可以提出异议，由您改派。",
                minutes,
            )
            % {"n": minutes},
            code="too_late",
        )
