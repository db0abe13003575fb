"""延期: a unit asks for more time with a reason; the desk grants or refuses; the petitioner is told."""

from datetime import date
from math import ceil

from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Extension, Notice, Order
from huiyin.cases.ordering import owe
from huiyin.cases.states import Order as OrderState
from huiyin.deadlines import clocks
from huiyin.deadlines.arithmetic import LIMITS, ONE_HOUR, Hours, Limit, last_day
from huiyin.deadlines.models import Clock, Policy
from huiyin.deadlines.policies import policy_for
from huiyin.deadlines.queries import work_calendar
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def ask_extension(order: Order, *, by: Actor, days: int, reason: str) -> Extension:
    """Ask, before the deadline, for `days` more working days; at most what the profile's policy allows."""
    said = words.required(reason, _("延期的理由"))
    with opened(order.case, "ask_extension", by=by, order=order) as file:
        mine = file.part(order)
        _require_askable(file, mine, days)
        row = file.add(Extension(order=mine, days=days, reason=said, asked_at=file.at, asked_by=by.post))
        file.move(file.case.state)
        file.facts |= {"unit": mine.unit.code, "days": days}
        file.private["reason"] = words.digest(said)
    return row


def grant_extension(extension: Extension, *, by: Actor, words_to_unit: str = "") -> None:
    """Grant it: the order's clock is prolonged, the citizen's too if it would end earlier, and they are told."""
    with opened(extension.order.case, "grant_extension", by=by) as file:
        mine, order = _decide(file, extension, Extension.State.GRANTED, words_to_unit)
        _prolong_order(file, order, mine.days)
        _prolong_citizens(file, order)
        owe(file, file.told_parties, Notice.About.EXTENSION)
        file.facts |= {"days": mine.days, "due": order.due_at.isoformat()}


def refuse_extension(extension: Extension, *, by: Actor, reason: str) -> None:
    """Refuse it with reasons; the clock runs on as it was."""
    words.required(reason, _("不同意的理由"))
    with opened(extension.order.case, "refuse_extension", by=by) as file:
        _decide(file, extension, Extension.State.REFUSED, reason)


def _require_askable(file: CaseFile, order: Order, days: int) -> None:
    if order.state != OrderState.SIGNED:
        raise file.refusal(_("这张派单现在是“%(state)s”") % {"state": order.get_state_display()})
    most = policy_for(
        track=file.case.track, step="extension", on=wall.local_date(file.at), nature=file.case.nature
    ).amount
    if not 1 <= days <= most:
        raise Refused(_("延期可申请 1 到 %(most)d 个工作日，请改正天数。") % {"most": most}, code="days")
    if file.at > order.due_at:
        raise Refused(_("本单已超期，不能再申请延期。请尽快答复。"), code="too_late")
    asked = [each for each in file.parts(Extension) if each.order_id == order.pk]
    if any(each.state != Extension.State.REFUSED for each in asked):
        raise Refused(_("本单已申请过延期。每单只能延期一次。"), code="once")


def _decide(file: CaseFile, extension: Extension, state: str, said: str) -> tuple[Extension, Order]:
    mine = file.part(extension)
    order = next(each for each in file.parts(Order) if each.pk == mine.order_id)
    if mine.state != Extension.State.ASKED or order.state != OrderState.SIGNED:
        raise file.refusal(_("这项延期申请现在是“%(state)s”") % {"state": mine.get_state_display()})
    spoken = words.optional(said, _("批复意见"))
    file.change(mine, state=state, decided_at=file.at, decided_by=file.by.post, decision=spoken or None)
    file.move(file.case.state)
    file.facts["unit"] = order.unit.code
    if spoken:
        file.private["words"] = words.digest(spoken)
    return mine, order


def _prolong_order(file: CaseFile, order: Order, days: int) -> None:
    clock = order.clock
    if clock.state == Clock.State.PAUSED:
        raise Refused(_("期限正在暂停，现在不用延期。恢复计时以后再批。"), code="paused")
    more = Hours(24 * days) if clock.kind == Policy.Kind.HOURS else LIMITS[clock.kind](days)
    clocks.prolong(clock, more, at=file.at, basis=clock.policy.basis)
    file.keep(clock, *clocks.CHANGED)
    file.change(order, due_at=clock.due_at)


def _prolong_citizens(file: CaseFile, order: Order) -> None:
    """The citizen is not promised a day on which the unit need not have answered yet."""
    clock = file.round.clock
    if clock.state != Clock.State.RUNNING or clock.due_at is None or clock.due_at >= order.due_at:
        return
    more: Limit | date = work_calendar().working_on_or_after(last_day(order.due_at, wall.zone()))
    if clock.kind == Policy.Kind.HOURS and clock.until is None:
        more = Hours(ceil((order.due_at - clock.due_at) / ONE_HOUR))
    clocks.prolong(clock, more, at=file.at, basis=order.basis)
    file.keep(clock, *clocks.CHANGED)
    file.set(due_at=clock.due_at)
