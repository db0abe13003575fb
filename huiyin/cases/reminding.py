"""催办: whom a reminder may reach, and how it ends by itself when they act or it is their turn no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from huiyin.cases import states
from huiyin.cases.models import Case, Order, Promise, Reminder
from huiyin.cases.wording import QUIET
from huiyin.deadlines.queries import work_calendar
from huiyin.kernel import clock as wall
from huiyin.organisation import queries as organisation
from huiyin.organisation.models import Unit
from huiyin.organisation.place import limit
from huiyin.organisation.succession import answering_for, units_answered_by

if TYPE_CHECKING:
    from huiyin.cases.casefile import CaseFile

# What leaves the matter where it was heeds no reminder: a note would be the cheapest answer to it. A talk does, and
# so does keeping a promise or naming another day for it, of which everybody is told. What a rule asks about a promise
# is heeded by these two alone.
HEEDLESS = frozenset(QUIET) - {"contact", "fulfil_promise", "change_promise"}


def awaited(case: Case, orders: Iterable[Order], promises: Iterable[Promise] = ()) -> list[Unit]:
    """The units for which the matter waits: whose turn it is first, then those with an open order of this round.

    Those that have promised something by a day that is over are waited for after its end too.
    """
    if case.state == states.Case.SUSPENDED:
        return []
    found: list[Unit | None] = []
    if case.state in states.Case.OPEN:
        present = (order for order in orders if order.round == case.round)
        found = [case.holder_unit, *(order.unit for order in present if order.state in states.Order.OPEN)]
    owing = owing_units([row for row in promises if is_passed(row)])
    return list(dict.fromkeys(unit for unit in (*found, *owing) if unit is not None))


def is_passed(promise: Promise) -> bool:
    """Whether the day of a promise is over, and nobody has kept it or named another day."""
    return promise.state == Promise.State.MADE and promise.due_on < organisation.today()


def owing_units(promises: Sequence[Promise]) -> list[Unit]:
    """The unit that has to keep each promise: the one that made it, or that followed it; at most one statement."""
    today = organisation.today()
    owing = [answering_for(row.unit_id, day=today) for row in promises]
    known = {row.unit_id: row.unit for row in promises}
    known |= Unit.objects.in_bulk({unit for unit in owing if unit not in known})
    return [known[unit] for unit in owing]


def promises_of(file: CaseFile) -> list[Promise]:
    """The promises of the case; only an adopted suggestion has any, others cost no query."""
    return file.parts(Promise) if file.case.nature == Case.Nature.SUGGESTION else []


def waiting(file: CaseFile) -> list[Reminder]:
    """The reminders of the case that nobody has heeded yet."""
    return [row for row in file.parts(Reminder) if row.state == Reminder.State.GIVEN]


def follow(file: CaseFile) -> None:
    """After any act: end the reminders of the unit that acted, and those of units that nobody waits for any more.

    One of a promise waits until that is kept, or has another day. A case that waits for no reminder costs nothing here.
    """
    if file.case.reminded_until is None:
        return
    today = organisation.today()
    acting = file.by.post.unit_id if file.by.post and _moves(file) else None
    own = units_answered_by(acting, day=today) if acting is not None else ()
    still = {each.pk for each in awaited(file.case, file.orders, promises_of(file))}
    rows = waiting(file)
    made = _promises_made(file) if any(row.promise_id for row in rows) else frozenset()
    for row in rows:
        heeded = row.unit_id in own if row.promise_id is None else row.promise_id not in made
        if heeded:
            file.change(row, state=Reminder.State.HEEDED, act=file.act, ended_at=file.at)
        elif still.isdisjoint({row.unit_id, answering_for(row.unit_id, day=today)}):
            file.change(row, state=Reminder.State.LAPSED, ended_at=file.at)
    show(file)


def _promises_made(file: CaseFile) -> frozenset[int]:
    """The promises of the case that are still to be kept by the day that they name."""
    return frozenset(row.pk for row in file.parts(Promise) if row.state == Promise.State.MADE)


def _moves(file: CaseFile) -> bool:
    """Whether the act does something about the matter. A call that nobody took is an attempt, and no more."""
    missed = file.act == "contact" and file.facts.get("outcome") == "missed"
    return file.act not in HEEDLESS and not missed


def show(file: CaseFile) -> None:
    """Let the case show by when its earliest waiting reminder asks to act."""
    first = min((row.act_by for row in waiting(file)), default=None)
    if file.case.reminded_until != first:
        file.set(reminded_until=first)


def carry(file: CaseFile, old: int, new: int) -> None:
    """What a unit that is no more was asked to hurry with, its successor was (ids of units)."""
    if file.case.reminded_until is None:
        return
    for row in waiting(file):
        if row.unit_id == old:
            file.change(row, unit_id=new)


def last_day(on: date) -> date:
    """The farthest day that a reminder given on this one may name."""
    return work_calendar().add_working_days(on, limit("reminder_days"))


def too_soon(earlier: Sequence[Reminder], on: date) -> bool:
    """Whether too few working days have begun since the case was last reminded."""
    return bool(earlier) and in_the_gap(max(row.given_at for row in earlier), on)


def in_the_gap(given_at: datetime, on: date) -> bool:
    """Whether too few working days have begun since this moment."""
    last = wall.local_date(given_at)
    return work_calendar().working_days_between(last, on) < limit("reminder_gap")
