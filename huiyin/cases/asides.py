"""旁路: the rows of a case's side roads, read only where the case's own history says that there are some."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import QuerySet

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases import access, peers
from huiyin.cases.models import (
    Case,
    Instruction,
    Opinion,
    PeerView,
    PriorStep,
    PrivateAnswer,
    Progress,
    Promise,
    Question,
    Referral,
    ReleasedTitle,
    Reminder,
    Review,
    Statement,
    Suspension,
    Termination,
    Whistle,
)
from huiyin.deadlines.models import Clock
from huiyin.organisation.actors import Actor

Test = Callable[[Any], bool]
Rows = Mapping[str, list[Any]]


@dataclass(frozen=True)
class Aside:
    """One kind of row beside a case.

    `born` are the acts that make such rows, so that a case without them costs no query; `acts` are what may be
    done about a row, while the row passes the test; `for_unit` says which rows a unit with an order may read,
    by the id of its unit or of one merged into it, `for_overseer` whether those who oversee the place do. Of rows
    that name a unit, `own` are the acts that are that unit's alone. With a `nature`, only matters of that nature
    have such rows.
    An act is done through the row's `order`, or through the order that `through` names for it.
    """

    model: type[models.Model]
    born: tuple[str, ...]
    acts: Mapping[str, Test]
    for_unit: Callable[[Any, int], bool] = lambda row, unit: False
    for_overseer: Callable[[Actor, Case], bool] = lambda by, case: True
    related: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    nature: str = ""
    through: Mapping[str, str] = field(default_factory=dict)


ASIDES: dict[str, Aside] = {
    "question": Aside(
        Question,
        born=("ask_petitioner", "ask_upward"),
        acts={
            "supply": lambda row: _asks(row, Question.Kind.SUPPLEMENT),
            "answer_upward": lambda row: _asks(row, Question.Kind.UPWARD),
            "take_question_back": lambda row: row.state == Question.State.OPEN,
        },
        for_unit=lambda row, unit: row.kind == Question.Kind.SUPPLEMENT or _of(row.order, unit),
        related=("order__unit", "case__desk", "clock__policy", "asked_by__user", "answered_by__unit"),
    ),
    "whistle": Aside(
        Whistle,
        born=("whistle",),
        acts={
            "report_in": lambda row: row.came_at is None and row.clock.state != Clock.State.STOPPED,
            "judge_whistle": lambda row: row.judged_at is None,
        },
        for_unit=lambda row, unit: _of(row.order, unit) or _of(row.called, unit),
        related=("order__unit", "called__unit", "clock__policy", "by__user", "came_by__user"),
        through={"report_in": "called"},
    ),
    "suspension": Aside(
        Suspension,
        born=("propose_suspension",),
        acts={
            "approve_suspension": lambda row: row.state == Suspension.State.PROPOSED,
            "refuse_suspension": lambda row: row.state == Suspension.State.PROPOSED,
            "end_suspension": lambda row: row.state == Suspension.State.IN_FORCE,
        },
        for_unit=lambda row, unit: row.state == Suspension.State.IN_FORCE or _of(row.order, unit),
        related=("order__unit", "proposed_by__unit", "proposed_by__user", "decided_by__user"),
    ),
    "referral": Aside(
        Referral,
        born=(
            "advise_route",
            "forward",
            "hand_over",
            "hand_over_and_end",
            "refer_elsewhere",
            "counsel",
        ),
        acts={
            **dict.fromkeys(
                ("record_outcome", "chase", "take_back"), lambda row: _goes_on(row, Referral.Kind.OUTSIDE)
            ),
            "record_receipt": lambda row: _goes_on(row, Referral.Kind.OUTSIDE) and row.receipt_at is None,
            **dict.fromkeys(
                ("resume_from", "settled_elsewhere"), lambda row: _goes_on(row, Referral.Kind.ELSEWHERE)
            ),
            "record_counselling": lambda row: _goes_on(row, Referral.Kind.COUNSELLING),
        },
        for_unit=lambda row, unit: row.kind in (Referral.Kind.EMERGENCY, Referral.Kind.ELSEWHERE),
        related=("reason", "clock__policy", "sent_by__unit", "sent_by__user"),
    ),
    "termination": Aside(
        Termination,
        born=("propose_termination",),
        acts=dict.fromkeys(
            ("confirm_termination", "refuse_termination"),
            lambda row: row.state == Termination.State.PROPOSED,
        ),
        related=("reason", "proposed_by__unit", "proposed_by__user", "decided_by__unit", "decided_by__user"),
    ),
    "prior_step": Aside(
        PriorStep,
        born=("record_prior_step",),
        acts={},
        for_unit=lambda row, unit: True,
        related=("recorded_by__unit",),
    ),
    "opinion": Aside(
        Opinion,
        born=("give_opinion",),
        acts={},
        for_unit=lambda row, unit: row.order is not None and row.order.unit_id == unit,
        related=("order__unit",),
    ),
    "private_answer": Aside(
        PrivateAnswer,
        born=("answer_privately",),
        acts={},
        for_unit=lambda row, unit: row.order.unit_id == unit,
        for_overseer=lambda by, case: False,
        related=("order__unit", "given_by__user", "party"),
    ),
    "review": Aside(
        Review,
        born=("ask_review", "ask_rereview"),
        acts={
            "decide_review": lambda row: _waits(row, Review.Level.REVIEW),
            "decide_rereview": lambda row: _waits(row, Review.Level.REREVIEW),
            "take_review_back": lambda row: row.state == Review.State.ASKED,
            "hold_hearing": lambda row: _waits(row, row.level),
            "end_hearing": lambda row: row.state == Review.State.ASKED and row.hearing_until is not None,
        },
        for_unit=lambda row, unit: row.state == Review.State.DECIDED or row.unit_id == unit,
        related=("unit", "clock__policy", "party", "decided_by__user"),
    ),
    "peer_view": Aside(
        PeerView,
        born=("ask_peer",),
        acts={
            "weigh_view": lambda row: peers.may_be_weighed(row, row.case),
            "take_peer_back": lambda row: row.state == PeerView.State.ASKED,
        },
        related=("case", "unit", "asked_by__unit", "asked_by__user", "given_by__user", "weighed_by__user"),
    ),
    "promise": Aside(
        Promise,
        born=("answer", "answer_at_once", "record_outcome", "settled_elsewhere"),
        acts={
            "fulfil_promise": lambda row: row.state == Promise.State.MADE,
            "change_promise": lambda row: row.state == Promise.State.MADE,
        },
        for_unit=lambda row, unit: row.unit_id == unit,
        related=("unit", "order", "made_by__unit", "fulfilled_by__unit"),
        nature=Case.Nature.SUGGESTION,
    ),
    "released_title": Aside(
        ReleasedTitle,
        born=("release_title",),
        acts={"take_title_back": lambda row: row.taken_back_at is None},
        for_unit=lambda row, unit: True,
        related=("released_by__unit", "released_by__user", "taken_back_by__user"),
    ),
    "statement": Aside(
        Statement,
        born=("owe_statement", "declare_incident", "coordinate"),
        acts={
            "make_statement": lambda row: row.state == Statement.State.OWED,
            **dict.fromkeys(
                ("correct_statement", "take_statement_back"), lambda row: row.state == Statement.State.MADE
            ),
        },
        for_unit=lambda row, unit: True,
        related=("clock__policy", "made_by__unit"),
    ),
    "reminder": Aside(
        Reminder,
        born=("remind",),
        acts={},
        for_unit=lambda row, unit: row.unit_id == unit,
        related=("unit", "given_by__unit", "given_by__user"),
    ),
    "progress": Aside(
        Progress,
        born=("progress_on",),
        acts={},
        for_unit=lambda row, unit: row.instruction.unit_id == unit,
        related=("instruction__unit", "noted_by__unit", "noted_by__user"),
    ),
    "instruction": Aside(
        Instruction,
        born=("instruct", "ask_again"),
        acts={
            **dict.fromkeys(("report_on", "progress_on"), lambda row: row.state == Instruction.State.GIVEN),
            "settle_instruction": lambda row: row.state == Instruction.State.REPORTED,
            "ask_again": lambda row: row.state == Instruction.State.REPORTED,
        },
        for_unit=lambda row, unit: row.unit_id == unit,
        related=("unit", "clock__policy", "given_by__unit", "given_by__user", "reported_by__user"),
        own=("report_on", "progress_on"),
    ),
}


def _waits(review: Review, level: int) -> bool:
    """Whether a review of this level waits for its decision, with no hearing going on."""
    return (review.state, review.level, review.hearing_until) == (Review.State.ASKED, level, None)


def _goes_on(row: Referral, kind: str) -> bool:
    return row.kind == kind and row.ended_at is None


def of(case: Case, by: Actor, happened: Collection[str]) -> dict[str, list[Any]]:
    """The rows beside a visible case that the actor may read, by kind; one query a kind that it can have."""
    return readable(case, by, access.units_in(by, case), asked(case, happened))


def asked(case: Case, happened: Collection[str]) -> dict[str, QuerySet[Any]]:
    """A question for each kind of rows that the case can have after what has happened, oldest first."""
    return {
        name: aside.model._default_manager.filter(case=case)
        .select_related(*aside.related or (None,))
        .order_by("pk")
        for name, aside in ASIDES.items()
        if any(act in happened for act in aside.born) and aside.nature in ("", case.nature)
    }


def readable(
    case: Case, by: Actor, units: Collection[int], found: Mapping[str, Iterable[Any]]
) -> dict[str, list[Any]]:
    """Of the rows beside a visible case those that the actor may read, by kind; `units` are theirs in the case."""
    everything = by.kind == "system" or access.reviewing(by, case, None)
    read = {
        name: [row for row in rows if everything or _reads(by, case, units, ASIDES[name], row)]
        for name, rows in found.items()
    }
    return {name: rows for name, rows in read.items() if rows}


def _reads(by: Actor, case: Case, units: Collection[int], aside: Aside, row: Any) -> bool:
    """Whether somebody of the office who sees the case reads this row: desk and overseers all, a unit its own."""
    at_desk = by.post is not None and by.post.unit_id == case.desk_id
    if by.role in OVERSIGHT:
        return at_desk or aside.for_overseer(by, case)
    if by.role in DESK:
        return at_desk
    return by.role in UNIT and any(aside.for_unit(row, unit) for unit in units)


def pending(rows: Rows, by: Actor) -> Iterable[tuple[str, Any]]:
    """Each act that may be done about one of the rows as it stands, with the row."""
    own = access.own_units(by)
    for name, found in rows.items():
        for act, test in ASIDES[name].acts.items():
            for row in found:
                if test(row) and (act not in ASIDES[name].own or row.unit_id in own):
                    yield act, row


def order_for(act: str, row: Any) -> Any:
    """The order through which an act about a row is done; none for what hangs on the case alone."""
    for aside in ASIDES.values():
        if isinstance(row, aside.model) and act in aside.through:
            return getattr(row, aside.through[act])
    return getattr(row, "order", None)


def _asks(question: Question, kind: str) -> bool:
    return question.kind == kind and question.state == Question.State.OPEN


def _of(order: Any, unit: int) -> bool:
    return order is not None and order.unit_id == unit
