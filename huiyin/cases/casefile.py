"""卷宗: the case as one act sees it, locked, with its parts at hand and its event in the making."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from huiyin.accounts.roles import DESK, Role
from huiyin.cases import access, pausing, pens, reminding, states
from huiyin.cases.models import Case, Notice, Order, Party, Point, Round
from huiyin.cases.wording import act_name, latest_step, state_name
from huiyin.deadlines.models import Clock, Policy
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit

Row = TypeVar("Row", bound=models.Model)
AHEAD = timedelta(minutes=5)
PETITION = Policy.Track.PETITION


class CaseFile:
    """One act on one case. Rows are read by `parts`, written by `add` and `change`; `close` writes the event."""

    def __init__(self, case: Case, act: str, by: Actor, pen: pens.Pen) -> None:
        self.case, self.act, self.by, self.pen = case, act, by, pen
        self.at: datetime = by.when()
        self.facts: dict[str, Any] = {}
        self.private: dict[str, str] = {}
        self._changed: set[str] = set()
        self._parts: dict[type[models.Model], list[Any]] = {}

    # -- reading ---------------------------------------------------------------------------------------------
    def parts(self, model: type[Row]) -> list[Row]:
        """The case's rows of one kind, oldest first; read once an act."""
        if model not in self._parts:
            self._parts[model] = self.pen.parts(self.case, model)
        return self._parts[model]

    def part(self, row: Row) -> Row:
        """The same row as it is under the lock."""
        found = self.part_or_none(row)
        if found is None:
            raise Refused(_("这条记录已不在这件诉求里。请刷新页面。"), code="gone")
        return found

    def part_or_none(self, row: Row | None) -> Row | None:
        """The same row under the lock; none if it is not of this case."""
        if row is None:
            return None
        return next((each for each in self.parts(type(row)) if each.pk == row.pk), None)

    @cached_property
    def happened(self) -> set[str]:
        """Every act that the case has seen before this one; so that rows which nobody made cost no query."""
        return self.pen.happened(self.case) if self.case.version > 1 else {pens.BIRTH}

    @property
    def round(self) -> Round:
        """The round now running (or the last one)."""
        return next(each for each in self.parts(Round) if each.number == self.case.round)

    @property
    def orders(self) -> list[Order]:
        """The orders of the current round."""
        return [order for order in self.parts(Order) if order.round == self.case.round]

    @property
    def points(self) -> list[Point]:
        """Every point of the case."""
        return self.parts(Point)

    @property
    def points_without_unit(self) -> list[Point]:
        """The points that no unit leads in this round."""
        led = {
            order.point_id
            for order in self.orders
            if order.part == Order.Part.LEAD and order.state in states.Order.IN_HAND
        }
        return [point for point in self.points if point.pk not in led]

    @property
    def told_parties(self) -> list[Party]:
        """The parties who are owed every answer, and have not left."""
        return [party for party in self.parts(Party) if party.role in Party.TOLD and party.left_at is None]

    def owed(self, about: str) -> list[Notice]:
        """Notices of the current round about one thing that nobody has been told yet."""
        return [
            notice
            for notice in self.parts(Notice)
            if notice.about == about and notice.told_at is None and notice.round == self.case.round
        ]

    # -- writing ---------------------------------------------------------------------------------------------
    def add(self, row: Row) -> Row:
        """Insert a row of this case."""
        known = self._parts.get(type(row))
        self.pen.add(row)
        if known is not None:
            known.append(row)
        return row

    def change(self, row: models.Model, **values: Any) -> None:
        """Set and write fields of a row of this case."""
        for name, value in values.items():
            setattr(row, name, value)
        self.pen.change(row, list(values))

    def keep(self, row: models.Model, *fields: str) -> None:
        """Write fields that somebody else (a clock) has already set."""
        self.pen.change(row, list(fields))

    def set(self, **values: Any) -> None:
        """Set fields of the case itself; written once, when the act ends."""
        for name, value in values.items():
            setattr(self.case, name, value)
            self._changed.add(name)

    def hold(self, unit: Unit | None, role: str, post: Post | None = None) -> None:
        """Name who holds the case from now on: exactly one unit, or nobody when it has ended.

        A supervising unit that is the desk (of a report against the centre) has supervisors for every desk
        role; a report is not for callers, so the reviewer tells the answer.
        """
        if unit is not None and unit.kind == Unit.Kind.SUPERVISION and role in DESK:
            role = Role.SUPERVISOR
        elif role == Role.CALLER and self.case.nature == Case.Nature.REPORT:
            role = Role.REVIEWER
        self.set(holder_unit=unit, holder_role=role, holder_post=post, held_since=self.at if unit else None)

    def move(self, state: str) -> None:
        """Take the case to a state that the table allows for this act."""
        allowed = states.after(states.CASE_TABLE, self.act, self.case.state)
        if state not in allowed:
            raise ValueError(f"{self.act} may not take a case from {self.case.state} to {state}")
        self.facts["from"], self.facts["to"] = self.case.state, state
        if state != self.case.state:
            pausing.leave(self, state)
            self.set(state=state)

    def move_order(self, order: Order, state: str, **values: Any) -> None:
        """Take an order to a state that the table allows for this act, or refuse in words."""
        if state not in states.after(states.ORDER_TABLE, self.act, order.state):
            raise self.refusal(_("这张派单现在是“%(state)s”") % {"state": order.get_state_display()})
        self.change(order, state=state, **values)
        if state == states.Order.REPLACED:
            self.set(hopped=True)

    def require_in_hand(self, order: Order | None) -> None:
        """Refuse an act through an order that the unit does not have in hand any more, or not yet."""
        if order is None:
            return
        mine = self.part(order)
        if mine.round != self.case.round:
            raise self.refusal(_("这张派单属于以前的一轮"))
        if not states.after(states.ORDER_TABLE, self.act, mine.state):
            raise self.refusal(_("这张派单现在是“%(state)s”") % {"state": mine.get_state_display()})

    # -- the frame -------------------------------------------------------------------------------------------
    def refusal(self, now: str) -> Refused:
        """A refusal that says how things stand, who made the latest step, and what can be done instead."""
        instead = "、".join(act_name(act) for act in self._possible())
        sentence = _("%(now)s，不能再%(act)s。%(latest)s") % {
            "now": now,
            "act": act_name(self.act),
            "latest": latest_step(pens.subject_of(self.case), self.by),
        }
        return Refused(sentence, code="state", instead=instead)

    def _possible(self) -> list[str]:
        """What this reader can do now instead: lawful from this state, and theirs to do."""
        unit = self.by.unit
        mine = next((order for order in self.orders if unit and order.unit_id == unit.pk), None)
        offered = OFFERED_TO_CITIZENS if self.by.kind == "citizen" else OFFERED
        return [
            act
            for act in states.acts_from(states.CASE_TABLE, self.case.state)
            if act in offered and act != self.act and access.may(self.by, act, self.case, mine)
        ]

    def require_lawful(self) -> None:
        """Refuse an act that the state table does not know from here, and an impossible claimed time."""
        if not states.after(states.CASE_TABLE, self.act, self.case.state):
            raise self.refusal(_("这件诉求现在是“%(state)s”") % {"state": state_name(self.case.state)})
        if self.by.at is not None and self.at > wall.now() + AHEAD:
            raise Refused(_("填写的办理时间晚于现在，请改成实际发生的时间。"), code="future")
        if self.by.at is not None and self.at < self.case.received_at:
            raise Refused(_("填写的办理时间早于收到诉求的时间，请改成实际发生的时间。"), code="too_early")

    def close(self) -> None:
        """Write the case and the event; the last thing that an act does."""
        reminding.follow(self)
        if self.case.track == PETITION and self.case.state in states.Case.ENDED and "state" in self._changed:
            self._stop_notifying()
        self.pen.finish(self.case, self._changed, self._event())
        self._changed = set()

    def bear(self, new: Sequence[models.Model]) -> None:
        """Write a new case: its rows, of which later ones may point at earlier ones, and its first event."""
        self.pen.bear(self.case, new, self._event())
        self._changed = set()

    def _event(self) -> dict[str, Any]:
        self.facts.setdefault("round", self.case.round)
        return {
            "kind": self.act,
            "actor": self.by.name,
            "occurred_at": self.at,
            "facts": self.facts,
            "private": self.private or None,
        }

    def _stop_notifying(self) -> None:
        """The receipt of a petition may still be untold when it ends; nothing of it runs on."""
        left = Clock.objects.filter(subject=self.case.number, step=Policy.Step.NOTIFY)
        for clock in left.exclude(state=Clock.State.STOPPED):
            pausing.stop(self, clock)


# Acts worth offering to somebody who came too late for another one.
OFFERED = frozenset({
    "accept", "decline", "merge", "unmerge", "dispatch", "redispatch", "designate", "reject_objection",
    "sign", "answer", "approve", "redo", "record_told", "close", "explain_and_close", "archive",
    "advise_route", "forward", "record_outcome", "take_back", "resume_from", "settled_elsewhere",
    "confirm_termination", "refuse_termination",
    "contest", "reopen", "withdraw", "contribute", "report_on",
    "give_opinion", "ask_review", "ask_rereview", "decide_review", "decide_rereview", "finalise",
})  # fmt: skip
OFFERED_TO_CITIZENS = ("contest", "reopen", "withdraw")


@contextmanager
def opened(case: Case, act: str, *, by: Actor, order: Order | None = None) -> Iterator[CaseFile]:
    """Open the file of a case for one act: lock, may-they, is-it-lawful; then the act; then its event.

    Raises `PermissionDenied` (not you) or `Refused` (not now); in both cases nothing at all is written.
    """
    pen = pens.in_hand()
    with pen.atomic():
        file = CaseFile(pen.take(case), act, by, pen)
        mine = file.part_or_none(order)
        access.require(by, act, file.case, mine)
        file.require_lawful()
        if order is not None and mine is None:
            file.part(order)  # an order of another case opens nothing here
        yield file
        file.close()
    refresh(case, file.case)


def refresh(seen: models.Model, written: models.Model) -> None:
    """Let the caller's own object show what was written."""
    if seen is not written:
        seen.__dict__.update({k: v for k, v in written.__dict__.items() if k != "_state"})
        for field in [each for each in seen._meta.concrete_fields if isinstance(each, models.ForeignKey)]:
            known = field.get_cached_value(seen, default=None)
            if field.is_cached(seen) and (known.pk if known else None) != getattr(seen, field.attname):
                field.delete_cached_value(seen)  # the unit, category … that it had before
