"""Reading cases for pages: lists by key, one case with all that its reader may see, and small counts.

Every function starts from `access`, so that a list, a count and a page agree on who may see what.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from huiyin.accounts.roles import DESK, UNIT
from huiyin.cases import access, asides, counting, oversight, pens, states
from huiyin.cases.models import (
    Answer,
    Attachment,
    Case,
    Category,
    Extension,
    Instruction,
    Note,
    Notice,
    Objection,
    Order,
    Party,
    Point,
    Reason,
    Reminder,
    Review,
    Round,
)
from huiyin.cases.paging import PAGE, Listing, page
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock as wall
from huiyin.kernel.composed import Head
from huiyin.kernel.gathering import gathered
from huiyin.kernel.lookups import among
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger import queries as ledger
from huiyin.ledger.models import Event
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.remembering import remembered
from huiyin.organisation.succession import with_lineage
from huiyin.people import identity
from huiyin.people import queries as people

EVENT_PREFIX = pens.EVENT_PREFIX  # of the subjects of cases in the ledger
MOST_OF_ONE = 50  # matters of one person shown at once
MOST_REMINDERS = 100
LISTED = ("holder_unit", "region")
# What a row of a list shows of its case, of who holds it, of its place, and of its clock.
OF_CASE = ("number", "title", "place", "nature", "state", "urgency", "headcount", "round", "received_at", "due_at",
           "finalised_at", "desk", "reminded_until", "received_on")  # fmt: skip
OF_NAMES = (
    "holder_unit__name",
    "holder_unit__short_name",
    "holder_unit__name_en",
    "region__name",
    "region__name_en",
)
OF_CLOCK = ("kind", "state", "started_at", "due_at", "yellow_at", "stopped_at")
# A line about something that waits beside a case, and who gave it.
OF_LINE = ("case__number", "case__title", *(f"clock__{name}" for name in OF_CLOCK))
OF_GIVER = tuple(f"given_by__unit__{name}" for name in ("name", "short_name", "name_en"))
OF_ORDER = ("case_id", "part", "state", "binding", "due_at", "person__user__name",
            *(f"case__{name}" for name in ("number", "title", "place", "nature", "urgency")),
            *(f"case__region__{name}" for name in ("name", "name_en")),
            *(f"clock__{name}" for name in OF_CLOCK))  # fmt: skip
TEXTS = ("text", "original_title", "original_text", "original_place")
IN_HAND = states.Order.IN_HAND


# -- lists ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Wanted:
    """What a list asks for; empty means anything. `after` and `before` are keys of rows on the last page shown."""

    states: Sequence[str] = ()
    nature: str = ""
    urgency: str = ""
    region_path: str = ""
    door: str = ""  # a duty of the front desk, by its code
    category: str = ""  # by its code; with all that lies below it
    holder: str = ""  # the code of the unit whose turn it is
    mark: str = ""  # one of oversight.MARKS
    late: bool = False
    since: str = ""  # a local day of receipt, 2026-11-02, and all that came later
    until: str = ""  # the same, and all that came before
    order: str = "due"  # one of paging.ORDERS
    after: str = ""
    before: str = ""


def listing(by: Actor, wanted: Wanted) -> Listing:
    """A page of cases that the actor may see, in the order that is wanted."""
    cases = _filtered(access.visible(by), wanted)
    return page(cases, wanted.order, head=WITH_CLOCKS, after=wanted.after, before=wanted.before)


def matching(by: Actor, wanted: Wanted) -> QuerySet[Case]:
    """Every case of such a list, with what is written of it in a file; the order is the caller's."""
    return _filtered(access.visible(by), wanted).select_related(*LISTED, "holder_post__user", "category")


def instructions_to(by: Actor) -> list[Instruction]:
    """What leaders have told the actor's own unit, or desk, and wait to hear of; what is due first stands first."""
    if by.post is None or by.role not in (*UNIT, *DESK):
        return []
    open_ones = Instruction.objects.filter(access.own_part(by), state=Instruction.State.GIVEN)
    return INSTRUCTIONS(open_ones.filter(case__in=access.visible(by)), most=PAGE)


def reminders_to(by: Actor) -> list[Reminder]:
    """What the actor's own unit, or desk, was asked to hurry with, the earliest day first: at most MOST_REMINDERS."""
    if by.post is None or by.role not in (*UNIT, *DESK):
        return []
    waiting = Reminder.objects.filter(access.own_part(by), state=Reminder.State.GIVEN)
    return REMINDERS(waiting.filter(case__in=access.visible(by)), most=MOST_REMINDERS)


def _instructions() -> QuerySet[Instruction]:
    rows = Instruction.objects.select_related("case", "clock", "given_by__unit")
    return rows.only(*OF_LINE, *OF_GIVER).order_by("clock__due_at", "pk")


def _reminders() -> QuerySet[Reminder]:
    rows = Reminder.objects.select_related("case", "given_by__unit").order_by("act_by", "pk")
    return rows.only("act_by", "case__number", "case__title", *OF_GIVER)


INSTRUCTIONS, REMINDERS = Head(_instructions), Head(_reminders)


def orders_listing(by: Actor, wanted: Wanted) -> Listing:
    """A page of the orders of the actor's own unit in these order states."""
    orders = _filtered_orders(access.own_orders(by), wanted)
    return page(
        orders, wanted.order, head=WITH_CASES, after=wanted.after, before=wanted.before, case="case__"
    )


def _with_cases() -> QuerySet[Order]:
    """Orders for a list, with their cases: only what a row shows leaves the database."""
    return Order.objects.select_related("case__region", "clock", "person__user").only(*OF_ORDER)


WITH_CASES = Head(_with_cases)


def orders_matching(by: Actor, wanted: Wanted) -> QuerySet[Order]:
    """Every order of such a list; nothing for whoever is of no unit. The order is the caller's."""
    related = ("case", "case__region", "clock", "clock__policy", "person__user", "unit")
    return _filtered_orders(access.own_orders(by), wanted).select_related(*related)


def _filtered_orders(orders: QuerySet[Order], wanted: Wanted) -> QuerySet[Order]:
    return orders.filter(_condition_on_orders(wanted))


def _condition_on_orders(wanted: Wanted) -> Q:
    late = among("state", states.Order.OPEN) & Q(due_at__lt=wall.now())
    return _in_states(wanted.states, states.Order.OPEN) & (late if wanted.late else Q())


def with_clocks(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases for a list: who holds them, and what `clock_of` tells of the one round that runs.

    Only what a row shows leaves the database; texts never do.
    """
    present = FilteredRelation("rounds", condition=Q(rounds__number=F("round")))
    clocks = {f"clock_{name}": F(f"present__clock__{name}") for name in OF_CLOCK}
    rows = cases.select_related(*LISTED).only(*OF_CASE, *OF_NAMES)
    return rows.annotate(present=present, **clocks)


WITH_CLOCKS = Head(lambda: with_clocks(Case.objects.all()))


def clock_of(case: Any) -> Clock | None:
    """The clock of the round that runs, of a case that `with_clocks` has read; None where none was started."""
    known = vars(case)
    return Clock(**{name: known[f"clock_{name}"] for name in OF_CLOCK}) if known["clock_kind"] else None


def _filtered(cases: QuerySet[Case], wanted: Wanted) -> QuerySet[Case]:
    return cases.filter(_condition(wanted))


def _condition(wanted: Wanted) -> Q:
    exact = {"nature": wanted.nature, "urgency": wanted.urgency, "door": wanted.door}
    found = _in_states(wanted.states, states.Case.UNTOLD, states.Case.OPEN)
    found &= Q(**{name: value for name, value in exact.items() if value})
    if wanted.holder:
        found &= Q(holder_unit=organisation.unit_key(wanted.holder))
    if wanted.region_path:
        found &= organisation.placed_in(wanted.region_path)
    if wanted.category:
        found &= _filed_in(wanted.category)
    if wanted.late:
        found &= oversight.marked("late")
    if wanted.since:
        found &= Q(received_on__gte=wanted.since)
    if wanted.until:
        found &= Q(received_on__lte=wanted.until)
    return found & oversight.marked(wanted.mark)


def _filed_in(code: str) -> Q:
    """The condition that a case is filed in a category or below it, by the keys: an index on them serves."""
    rows = [row for row in categories() if code in organisation.codes_of(row.path)]
    return Q(category=rows[0].pk) if len(rows) == 1 else Q(category__in=[row.pk for row in rows])


def _in_states(wanted: Sequence[str], *groups: Sequence[str]) -> Q:
    """The condition on the state, with the first of the groups that holds all of them: that one has an index."""
    if not wanted:
        return Q()
    if len(wanted) == 1:
        return Q(state=wanted[0])
    group = next((each for each in groups if set(wanted) <= set(each)), wanted)
    narrower = Q(state__in=wanted) if set(wanted) != set(group) else Q()
    return among("state", group) & narrower


def counts(by: Actor, asked: Mapping[str, Wanted]) -> dict[str, int]:
    """How many visible cases each of these lists has, up to a bound (`counting`), in one statement."""
    return _counted(access.visible(by), asked, _condition)


def order_counts(by: Actor, asked: Mapping[str, Wanted]) -> dict[str, int]:
    """The same for lists of orders of the actor's own unit."""
    return _counted(access.own_orders(by), asked, _condition_on_orders)


def _counted(
    rows: QuerySet[Any], asked: Mapping[str, Wanted], condition: Callable[[Wanted], Q]
) -> dict[str, int]:
    """One statement for all lists; those of a single state are one question, those of a mark on few rows another."""
    single, few, words = dict[str, str](), dict[str, str](), dict[str, str]()
    for name, each in asked.items():
        if each.states and each == Wanted(states=each.states[:1]):
            words[name] = single[name] = each.states[0]
        elif each.mark in oversight.FEW and each == Wanted(mark=each.mark):
            few[name], words[name] = (
                each.mark,
                f"mark {each.mark}",
            )  # a list may be called like a state or a mark
        else:
            words[name] = f"list {name}"
    questions = [
        counting.question(rows, partial(condition, each), words[name], name=_lasting(each))
        for name, each in asked.items()
        if name not in single and name not in few
    ]
    if few:
        marks = {f"mark {mark}": oversight.FEW[mark] for mark in few.values()}
        keys = partial(counting.among_keys, marks)
        questions.append(counting.question(rows, keys, *marks, name=tuple(marks)))
    if single:
        states = dict.fromkeys(single.values())
        questions.append(counting.question(rows, lambda: Q(state=counting.ASKED), *states, name="state"))
    found = counting.up_to_most(rows, questions)
    return {name: found.get(word, 0) for name, word in words.items()}


def _lasting(wanted: Wanted) -> Wanted | None:
    """The name under which a condition may be remembered: states and lateness mean the same for ever; None else."""
    return wanted if wanted == Wanted(states=wanted.states, late=wanted.late) else None


# -- one case ------------------------------------------------------------------------------------------------
@dataclass
class CasePage:
    """A case with all that one reader may see of it; sealed office texts are opened, the petitioner's are not."""

    case: Case
    by: Actor
    units: tuple[int, ...]  # for which the reader's unit answers in this case
    points: list[Point]
    rounds: list[Round]
    orders: list[Order]
    answers: list[Answer]
    objections: list[Objection]
    extensions: list[Extension]
    notices: list[Notice]
    notes: list[Note]
    attachments: list[Attachment]
    history: list[Event]
    parties: list[Party] = field(default_factory=list)
    children: list[Case] = field(default_factory=list)
    asides: dict[str, list[Any]] = field(default_factory=dict)
    parts: list[Case] = field(default_factory=list)
    # by act and order: what offering has found out
    allowed: dict[tuple[str, int | None], bool] = field(default_factory=dict, init=False)

    def open(self, sealed: Any) -> str:
        """An office text in the clear, for somebody who works on the case."""
        return sealed.open(Permit(holder=self.by.name, purpose=Purpose.WORK)) if sealed else ""

    def open_petitioners(self, sealed: Any) -> str:
        """What the petitioner has said, whoever wrote it down: for units masked by rule."""
        text = self.open(sealed)
        return identity.masked(text) if self.by.role in UNIT else text

    def open_request(self, review: Review) -> str:
        """Why a review was asked: for those who decide and oversee; units at work are told what was decided."""
        apart = with_lineage(self.units).isdisjoint(order.unit_id for order in self.orders)
        mine = review.unit_id in self.units and apart
        return self.open(review.reason) if mine or self.by.role not in UNIT else ""

    @property
    def round(self) -> Round:
        """The current round."""
        return next(each for each in self.rounds if each.number == self.case.round)

    def points_without_unit(self) -> list[Point]:
        """The points that no unit leads in this round: those that can still be dispatched."""
        led = {order.point_id for order in self.orders if order.round == self.case.round and _leads(order)}
        return [point for point in self.points if point.pk not in led]

    def own_orders(self) -> list[Order]:
        """The orders of this round that the reader's unit has in hand, or has answered; then what came with others."""
        here = [order for order in self.orders if order.round == self.case.round and order.state in IN_HAND]
        mine = [order for order in here if order.unit_id in self.units]
        return sorted(mine, key=lambda order: self.units.index(order.unit_id))


def page_of(case: Case, by: Actor) -> CasePage:
    """Everything about a case that the actor may read: its history, and by that all its rows in one statement."""
    history = list(ledger.history(pens.subject_of(case)))
    happened = {event.kind for event in history}
    units = access.units_in(by, case)
    own, beside = _rows_of(case, by, units, happened), asides.asked(case, happened)
    found = gathered(*own.values(), *beside.values())
    rows = dict(zip(own, found, strict=False))
    kept = dict(zip(beside, found[len(own) :], strict=True))
    readable = asides.readable(case, by, units, kept)
    return CasePage(case=case, by=by, units=units, history=history, asides=readable, **rows)


def _rows_of(
    case: Case, by: Actor, units: Collection[int], happened: Collection[str]
) -> dict[str, QuerySet[Any]]:
    """A question for each kind of rows of a case, by its name on the page; nothing where nothing can be."""
    work = Order.objects.filter(case=case).select_related("unit", "person__user", "clock__policy", "point")
    answers = Answer.objects.filter(case=case).select_related("unit", "given_by__user", "point")
    rounds = Round.objects.filter(case=case).select_related("clock__policy", "rating_clock__policy")
    notices = Notice.objects.filter(case=case).select_related("party__person", "told_by__unit")
    parties = Party.objects.filter(case=case).select_related("person", "unit", "post__user")
    related = access.visible(by).order_by("pk") if by.role not in UNIT else Case.objects.none()
    if by.role in UNIT:
        answers = answers.filter(Q(unit__in=units) | Q(state=Answer.State.APPROVED))
    return {
        "points": Point.objects.filter(case=case).order_by("ordinal"),
        "rounds": rounds.order_by("number"),
        "orders": work.order_by("pk"),
        "answers": answers.order_by("pk"),
        "objections": _objections(case) if "object" in happened else Objection.objects.none(),
        "extensions": _extensions(case) if "ask_extension" in happened else Extension.objects.none(),
        "notices": notices.order_by("pk"),
        "notes": access.notes(by, case).select_related("by__unit", "by__user"),
        "attachments": access.attachments(by, case).select_related("by__unit"),
        "parties": parties.order_by("pk"),
        "children": related.filter(parent=case),
        "parts": related.filter(split_from=case) if "split" in happened else Case.objects.none(),
    }


def _objections(case: Case) -> QuerySet[Objection]:
    related = ("reason", "order__unit", "suggested_unit")
    return Objection.objects.filter(order__case=case).select_related(*related).order_by("pk")


def _extensions(case: Case) -> QuerySet[Extension]:
    return Extension.objects.filter(order__case=case).select_related("order__unit").order_by("pk")


def _leads(order: Order) -> bool:
    return order.part == Order.Part.LEAD and order.state in IN_HAND


# -- what forms choose from ----------------------------------------------------------------------------------
@remembered
def categories() -> tuple[Category, ...]:
    """Every category, in the order of its path."""
    return tuple(Category.objects.order_by("path"))


def reasons(kind: str) -> list[Reason]:
    """The grounds of one kind that hold today."""
    today = wall.local_date(wall.now())
    held = Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_to=None) | Q(valid_to__gte=today)
    return list(Reason.objects.filter(*held, kind=kind).order_by("code"))


def by_code(number: str, code_hash: bytes) -> Party | None:
    """The party of a case who has this query code (keyed hash)."""
    return Party.objects.select_related("case").filter(case__number=number, code_hash=code_hash).first()


def earlier_of(page: CasePage) -> list[Case]:
    """Other cases of the people of this case, by their phone's blind index; only for those who may look people up."""
    people = [party.person for party in page.parties if party.person]
    indexes = [bytes(person.phone_index) for person in people if person.phone_index]
    if page.by.role not in access.FINDERS or not indexes:
        return []
    same = Party.objects.filter(person__phone_index__in=indexes).exclude(case=page.case).values("case")
    return list(access.visible(page.by).filter(pk__in=same).defer(*TEXTS).order_by("-id")[:10])


def of_phone(by: Actor, phone: str) -> list[Case]:
    """Matters, visible to the actor, of whoever has this phone, the newest first. Raises `Unreadable`.

    Nothing for whoever may not look people up (`access.FINDERS`).
    """
    if by.role not in access.FINDERS:
        return []
    same = people.by_phone(phone).order_by().values("pk")
    cases = access.visible(by).filter(pk__in=Party.objects.filter(person__in=same).values("case"))
    return list(with_clocks(cases).order_by("-id")[:MOST_OF_ONE])


def event_counts(subjects: Collection[str] | None = None) -> Iterator[tuple[str, int]]:
    """Each case's ledger subject with the number of events it must have, its version; or only of `subjects`."""
    cases = Case.objects.order_by("pk")
    if subjects is not None:
        cases = cases.filter(number__in=[subject.removeprefix(EVENT_PREFIX) for subject in subjects])
    rows = cases.values_list("number", "version")
    return ((f"{EVENT_PREFIX}{number}", version) for number, version in rows.iterator(chunk_size=5000))
