"""抽查、回音: a closed case is drawn, its petitioner is asked, and what came back is reopened at once."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import pens, states, words
from huiyin.cases.actions import reopen
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Order
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.supervision.recurrence.models import Draw, Recheck
from huiyin.supervision.recurrence.rules import RecheckRule

SAID = gettext_lazy("诉求人的话")
State = Recheck.State


def ask_recurrence(case: Case, *, by: Actor, draw: Draw, rule: RecheckRule) -> Recheck:
    """Let a drawn case's petitioner be asked whether the trouble came back; the case stays closed."""
    with opened(case, "ask_recurrence", by=by) as file:
        leads = [
            order
            for order in file.orders
            if order.part == Order.Part.LEAD and order.state in states.Order.IN_HAND
        ]
        row = file.add(
            Recheck(
                case=file.case,
                round=file.case.round,
                days=rule.days,
                draw=draw,
                unit=leads[0].unit if leads else None,
                asked_at=file.at,
                until=wall.local_date(file.at + timedelta(days=rule.until)),
            )
        )
        file.move(file.case.state)
        file.facts["days"] = rule.days
    return row


def tell_recurrence(recheck: Recheck, *, by: Actor, came_back: bool, text: str = "") -> Recheck:
    """Say whether it came back: by a party itself, or taken down by telephone. Once; then it stands.

    What came back is reopened in the same transaction, by the existing act. Raises `Refused` when somebody has
    answered already, when the time is over, and while the matter is at work again anyway.
    """
    if by.kind == "system":
        raise PermissionDenied(_("这一问只能由诉求人回答。"))
    said = words.optional(text, SAID)
    case = recheck.case
    with pens.in_hand().atomic():
        row = _write(recheck, by, came_back, said)
        if came_back:
            reason = said or _("抽查时诉求人说，问题又出现了。")
            reopen(case, by=Actor.system("recheck").claiming(by.at), reason=reason)
    return row


def _write(recheck: Recheck, by: Actor, came_back: bool, said: str) -> Recheck:
    """The answer, in a row that waits for it; whether it came back stands only in the sealed part of the event."""
    with opened(recheck.case, "tell_recurrence", by=by) as file:
        row = Recheck.objects.get(pk=recheck.pk)
        if row.state == State.ANSWERED:
            raise Refused(_("这一问已经有人回答过了，不用再答。情况有变化的，可以重启。"), code="answered")
        if row.state == State.LAPSED or row.round != file.case.round:
            raise Refused(_("这一问的时间已经过了。问题又出现的，可以直接重启。"), code="over")
        file.change(
            row,
            state=State.ANSWERED,
            came_back=came_back,
            how=Recheck.How.SELF if by.kind == "citizen" else Recheck.How.PHONE,
            words=said or None,
            answered_at=file.at,
            answered_by=by.post,
        )
        file.move(file.case.state)
        file.facts |= {"days": row.days, "how": row.how}
        file.private = {"came_back": str(came_back), "words": words.digest(said)}
    return row
