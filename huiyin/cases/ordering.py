"""Handing points to units, and beginning and ending rounds: what several acts share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import pausing, peers, private_answers, states
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import (
    Answer,
    Exclusion,
    Extension,
    Notice,
    Objection,
    Order,
    Party,
    Point,
    Promise,
    Round,
)
from huiyin.cases.promising import settle_proposed
from huiyin.deadlines import clocks
from huiyin.deadlines.models import Clock
from huiyin.deadlines.policies import policy_for
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.barring import units_answering_for
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.succession import line_of


@dataclass(frozen=True)
class Assignment:
    """To whom an order goes: unit, part, and the person (the unit's liaison when none is named)."""

    unit: Unit
    part: str = Order.Part.LEAD
    person: Post | None = None
    note: str = ""
    binding: bool = False
    by_law: bool = (
        False  # it has succeeded the unit that had the work, and has its duties whatever its list says
    )


def start_clock(file: CaseFile, step: str) -> Clock:
    """A clock of the case's track for one step, running from the act; refused when the profile has no policy."""
    return file.add(clock_of(file, step))


def clock_of(file: CaseFile, step: str) -> Clock:
    """The same clock, not written yet."""
    case = file.case
    policy = policy_for(
        track=case.track, step=step, on=wall.local_date(file.at), nature=case.nature, urgency=case.urgency
    )
    return clocks.start(policy, file.at, case.number)


def stop_clock(file: CaseFile, clock: Clock | None) -> None:
    """Stop a clock that still runs or is paused."""
    pausing.stop(file, clock)


def send_order(file: CaseFile, point: Point, to: Assignment) -> Order:
    """Write one order with unit, person, deadline and legal basis (定部门、定专人、定时限).

    Raises `Refused` when the unit is closed, accused, has no liaison, or its duty list forbids the work.
    """
    case = file.case
    require_receivable(file, to)
    person = to.person or organisation.liaison_of(to.unit)
    require_able(file, person, to.unit)
    clock = start_clock(file, "order")
    if not clock.policy.basis:
        raise Refused(
            _("期限规则“%(policy)s”没有写明依据，工单派不出去。请管理员补上。") % {"policy": clock.policy},
            code="no_basis",
        )
    order = Order(
        case=case,
        point=point,
        round=case.round,
        part=to.part,
        state=states.Order.SENT,
        unit=to.unit,
        person=person,
        clock=clock,
        due_at=clock.due_at,
        basis=clock.policy.basis,
        binding=to.binding,
        note=to.note or None,
        sent_at=file.at,
        sent_by=file.by.post,
        objection_until=objection_time(file),
    )
    return file.add(order)


def objection_time(file: CaseFile) -> datetime:
    """Until when a unit that gets an order now may object to it."""
    case, on = file.case, wall.local_date(file.at)
    objection = policy_for(
        track=case.track, step="objection", on=on, nature=case.nature, urgency=case.urgency
    )
    return clocks.due_under(objection, file.at)


def require_receivable(file: CaseFile, to: Assignment) -> None:
    """Refuse a unit that no longer (or not yet) exists, is complained of here, or whose duty list forbids it."""
    on = wall.local_date(file.at)
    require_standing(file, to.unit)
    require_not_accused(file, to.unit)
    if to.by_law:
        return
    if not organisation.may_receive(to.unit, file.case.category, part=to.part, day=on):
        raise _not_on_its_list(
            to.unit,
            assists=organisation.may_receive(to.unit, file.case.category, part=Order.Part.ASSIST, day=on),
        )


def require_standing(file: CaseFile, unit: Unit) -> None:
    """Refuse a unit that no longer, or not yet, exists on the day of the act."""
    if not _stands(unit, wall.local_date(file.at)):
        raise Refused(
            _("“%(unit)s”在这个日期不是有效单位。请选择它的后继单位。") % {"unit": unit}, code="closed"
        )


def _not_on_its_list(unit: Unit, *, assists: bool) -> Refused:
    if assists:
        sentence = _("按职责清单，“%(unit)s”在这类事项里只协助，不能主办。请把它列为协办。")
    else:
        sentence = _("“%(unit)s”的职责清单里没有这类事项，不能派给它。请派给负责的部门或街道。")
    return Refused(sentence % {"unit": unit}, code="duty_list")


def require_not_accused(file: CaseFile, unit: Unit) -> None:
    """Refuse a unit that is complained of here, followed one or was followed by one, or lies below any of these."""
    if unit.path.startswith(line_of(row.unit.path for row in file.parts(Exclusion) if row.unit is not None)):
        raise Refused(
            _("“%(unit)s”是被举报单位，不能承办本件。请选择别的单位。") % {"unit": unit}, code="accused"
        )


def require_able(file: CaseFile, person: Post, unit: Unit) -> None:
    """Refuse somebody who is not in post in the unit, or is complained of here, or serves where is."""
    on = wall.local_date(file.at)
    if person.unit_id != unit.pk or not _stands(person, on):
        raise Refused(_("经办人必须是承办单位的在任人员。请在该单位里另选一位。"), code="person")
    exclusions = file.parts(Exclusion)
    if not exclusions:
        return
    barred = units_answering_for(person.user_id, day=on)
    if any(row.unit_id in barred or row.user_id == person.user_id for row in exclusions):
        raise Refused(_("选定的经办人是被举报人，或在被举报单位任职。请另选一位。"), code="accused")


def _stands(row: Unit | Post, on: date) -> bool:
    return (row.valid_from or on) <= on <= (row.valid_to or on)


def again(file: CaseFile, old: Order, *, note: str) -> Assignment:
    """The same work once more: to the unit, or to the one that has succeeded it; to the person, while in post.

    Raises `Refused` for a unit that is no more and names no successor: nobody here can choose one.
    """
    on, unit, passed = wall.local_date(file.at), old.unit, set[int]()
    while not _stands(unit, on) and unit.successor_id not in (None, *passed):
        passed.add(unit.pk)
        unit = Unit.objects.get(pk=unit.successor_id)
    if not _stands(unit, on):
        raise Refused(
            _("“%(unit)s”已经撤并，没有写明后继单位，没有单位可以重办。请管理员先写明由哪个单位承继。")
            % {"unit": unit},
            code="successor",
        )
    stays = unit.pk == old.unit_id and _stands(old.person, on) and old.person.user.is_active
    return Assignment(
        unit,
        person=old.person if stays else None,
        note=note,
        binding=old.binding,
        by_law=unit.pk != old.unit_id,
    )


def end_order(file: CaseFile, order: Order, state: str) -> None:
    """Take an order out of hand: its clock stops, and what the unit still asked or answered lapses with it."""
    file.move_order(order, state)
    stop_clock(file, order.clock)
    lapse_requests(file, order)
    private_answers.settle(file, Answer.State.RETURNED, order=order)
    for each in file.parts(Answer):
        if each.order_id == order.pk and each.state == Answer.State.GIVEN:
            file.change(each, state=Answer.State.RETURNED)
            settle_proposed(file, Promise.State.LAPSED)


def lapse_requests(file: CaseFile, order: Order) -> None:
    """Let what hangs on an order lapse: objection, extension, questions, calls, a proposed suspension."""
    pausing.leave_order(file, order)
    for objection in file.parts(Objection):
        if objection.order_id == order.pk and objection.state == Objection.State.OPEN:
            file.change(objection, state=Objection.State.LAPSED, decided_at=file.at)
            stop_clock(file, objection.clock)
    for extension in file.parts(Extension):
        if extension.order_id == order.pk and extension.state == Extension.State.ASKED:
            file.change(extension, state=Extension.State.LAPSED, decided_at=file.at)


def lapse_notices(file: CaseFile, *about: str) -> None:
    """Take notices that nobody needs any more off the queue: nobody was told, and nobody has to be."""
    for notice in file.parts(Notice):
        if notice.told_at is None and notice.about in about:
            file.change(notice, told_at=file.at, how=Notice.How.LAPSED)


def cancel_orders(file: CaseFile) -> None:
    """End every order of the round that is not finished, because the case goes another way."""
    for order in file.orders:
        if order.state in (*states.Order.OPEN, states.Order.ANSWERED):
            end_order(file, order, states.Order.CANCELLED)


def begin_round(file: CaseFile, cause: str, *, reason: str, carry_clock: bool, step: str = "reply") -> Round:
    """Begin the next round. The citizen's clock is carried over while it runs; a stopped one is followed by a new."""
    last = file.round
    if last.ended_at is None:
        file.change(last, ended_at=file.at, end_state=file.case.state)
    stop_clock(file, last.rating_clock)
    peers.lapse(file)
    clock = last.clock if carry_clock else start_clock(file, step)
    number = max(each.number for each in file.parts(Round)) + 1  # rounds that were taken back keep theirs
    file.set(round=number, due_at=clock.due_at, ended_at=None, end_reason=None, finalised_at=None)
    for point in file.points:
        file.change(point, outcome="", outcome_at=None)
    return file.add(
        Round(
            case=file.case,
            number=number,
            cause=cause,
            reason=reason or None,
            began_at=file.at,
            clock=clock,
        )
    )


def owe(file: CaseFile, parties: Sequence[Party], about: str) -> None:
    """Owe each of the parties a notice; it stands on their query page from now on."""
    for party in parties:
        file.add(Notice(case=file.case, party=party, round=file.case.round, about=about, posted_at=file.at))


def hold_by_lead(file: CaseFile) -> None:
    """The unit of the first open lead order holds the case; with an open objection, the desk's dispatcher does.

    While a point still waits for a unit, the dispatcher goes on holding the whole.
    """
    if file.case.state == states.Case.ACCEPTED:
        return
    open_leads = [o for o in file.orders if o.part == Order.Part.LEAD and o.state in states.Order.OPEN]
    if any(order.state == states.Order.OBJECTED for order in open_leads):
        file.hold(file.case.desk, Role.DISPATCHER)
    elif open_leads:
        file.hold(open_leads[0].unit, Role.HANDLER, open_leads[0].person)
