"""吹哨报到: a street or community calls departments to the place; both sides say whether they came."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import states, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.choices import CALLERS
from huiyin.cases.models import Order, Whistle
from huiyin.cases.ordering import Assignment, send_order, start_clock, stop_clock
from huiyin.deadlines.models import Clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

WHY = gettext_lazy("为什么吹哨、到哪里会合")
DONE = gettext_lazy("到场情况")
JUDGED = gettext_lazy("评语")
STOPPED = Clock.State.STOPPED


def whistle(order: Order, *, by: Actor, units: Sequence[Unit], said: str) -> list[Whistle]:
    """Call units to the place, each under a clock of its own (街乡吹哨、部门报到, 北京市接诉即办工作条例 art. 16).

    A called unit that does not work on the matter yet gets a co-order, and with it sees what it needs. Raises
    `Refused` for a unit that may not receive it, that was called already, or that is the caller.
    """
    spoken = words.required(said, WHY)
    with opened(order.case, "whistle", by=by, order=order) as file:
        file.require_in_hand(order)
        mine = file.part(order)
        _require_callable(file, mine, units)
        rows = [_call(file, mine, unit, spoken) for unit in dict.fromkeys(units)]
        file.move(file.case.state)
        file.facts |= {"unit": mine.unit.code, "units": [row.called.unit.code for row in rows]}
        file.private["words"] = words.digest(spoken)
    return rows


def report_in(call: Whistle, *, by: Actor, said: str) -> None:
    """Report as the called unit: it came (at the claimed time of the act), who, and what they did.

    An order that the unit had not signed yet is signed with it.
    """
    spoken = words.required(said, DONE)
    with opened(call.case, "report_in", by=by, order=call.called) as file:
        mine, called = file.part(call), file.part(call.called)
        file.require_in_hand(called)
        if mine.came_at is not None or mine.clock.state == STOPPED:
            raise file.refusal(_("这次吹哨已经报到，或者已有结论"))
        if file.at < mine.at:
            raise Refused(_("到场时间早于吹哨的时间，请改正。"), code="before")
        stop_clock(file, mine.clock)
        file.change(mine, came_at=file.at, came_by=by.post, called_says=spoken)
        if called.state == states.Order.SENT:
            file.move_order(called, states.Order.SIGNED, signed_at=file.at, signed_by=by.post)
        file.move(file.case.state)
        file.facts |= {"unit": called.unit.code, "late": bool(mine.clock.late)}
        file.private["words"] = words.digest(spoken)


def judge_whistle(call: Whistle, *, by: Actor, came: str, said: str) -> None:
    """Say as the caller whether they came in time, late or not at all, and how it was; once."""
    spoken = words.required(said, JUDGED)
    if came not in Whistle.Came.values:
        raise Refused(_("请选择按时报到、迟到或未到。"), code="came")
    with opened(call.case, "judge_whistle", by=by, order=call.order) as file:
        mine, called = file.part(call), file.part(call.called)
        if mine.judged_at is not None:
            raise file.refusal(_("这次吹哨您已经评过"))
        if came == Whistle.Came.ABSENT and _may_still_come(mine, file):
            raise Refused(_("报到的时限还没有过，现在不能评“未到”。"), code="too_early")
        stop_clock(file, mine.clock)
        file.change(mine, came=came, caller_says=spoken, judged_at=file.at)
        file.move(file.case.state)
        file.facts |= {"unit": called.unit.code, "came": came}
        file.private["words"] = words.digest(spoken)


def _may_still_come(call: Whistle, file: CaseFile) -> bool:
    clock = call.clock
    return clock.state != STOPPED and clock.due_at is not None and file.at <= clock.due_at


def _require_callable(file: CaseFile, mine: Order, units: Sequence[Unit]) -> None:
    if mine.unit.kind not in CALLERS:
        raise Refused(_("只有街道乡镇和社区村可以吹哨。请写备注，或请受理中心协调。"), code="kind")
    if not units:
        raise Refused(_("请选择要叫来的单位。"), code="units")
    if any(unit.pk == mine.unit_id for unit in units):
        raise Refused(_("不能叫自己。请从名单里去掉本单位。"), code="itself")
    called = {order.pk: order.unit for order in file.orders}
    for row in file.parts(Whistle):
        unit = called.get(row.called_id)
        if unit in units and row.clock.state != STOPPED:
            raise Refused(_("已经叫过“%(unit)s”，还在等它报到。") % {"unit": unit}, code="called")


def _call(file: CaseFile, mine: Order, unit: Unit, said: str) -> Whistle:
    working = [each for each in file.orders if each.unit_id == unit.pk and each.state in states.Order.OPEN]
    called = working[0] if working else None
    if called is None:
        called = send_order(file, mine.point, Assignment(unit, part=Order.Part.ASSIST, note=said))
    return file.add(
        Whistle(
            case=file.case,
            round=file.case.round,
            order=mine,
            called=called,
            words=said,
            at=file.at,
            by=file.by.post,
            clock=start_clock(file, "whistle"),
        )
    )
