"""Reading the ladder: lists by day, a rung with all that was said on it, what a unit owes, what the public may read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases import access as cases
from huiyin.cases import paging, reminding
from huiyin.cases.models import Case, Promise
from huiyin.cases.paging import Listing
from huiyin.kernel import clock as wall
from huiyin.kernel.composed import Composed
from huiyin.kernel.lookups import among
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from huiyin.organisation.succession import answering_for, units_of_post
from huiyin.supervision import access, ladder, marks
from huiyin.supervision.models import OPEN, Entry, Proposal, Receipt, Rung
from huiyin.supervision.rules import proposal_rules

State, Kind = Rung.State, Rung.Kind
SHOWN = ("unit", "post__user", "post__unit", "case", "issued_by__unit", "issued_by__user")
WHICH = ("open", "overdue", "replied", "ended", "all")
MOST_OWED = 10


# -- lists ---------------------------------------------------------------------------------------------------
def listing(by: Actor, which: str, *, kind: str = "", after: str = "", before: str = "") -> Listing:
    """A page of rungs: what waits by its day, what has ended the newest first; `kind` narrows it."""
    rows = access.visible(by).filter(of_list(which))
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    order = "newest" if which in ("ended", "all") else "day"
    return paging.page(rows, order, after=after, before=before, head=_with(*SHOWN))


def counts(by: Actor) -> dict[str, int]:
    """How many rungs wait, are overdue, and wait for whoever oversees: one statement over the open ones."""
    several = {name: Count("pk", filter=of_list(name)) for name in ("open", "overdue", "replied")}
    return access.visible(by).filter(among("state", OPEN)).aggregate(**several)


def of_list(name: str) -> Q:
    """The condition of a list. A fault past its day is nobody's delay: supervision says now whether it stands."""
    over = Q(due_on__lt=_today())
    unheard = Q(kind=Kind.FAULT, state=State.WAITING) & over
    return {
        "open": among("state", OPEN),
        "overdue": Q(state__in=(State.WAITING, State.HELD)) & over & ~Q(kind=Kind.FAULT),
        "replied": Q(state__in=(State.REPLIED, State.APPEALED)) | unheard,
        "ended": ~among("state", OPEN),
    }.get(name, Q())


def heir(rung: Rung) -> Unit | None:
    """The unit that answers a rung today for the one that was merged into it; None where that one still stands."""
    if rung.unit_id is None:
        return None
    key = answering_for(rung.unit_id, day=_today())
    return Unit.objects.get(pk=key) if key != rung.unit_id else None


def is_overdue(rung: Rung) -> bool:
    """Whether the day is over, and whoever owes it has not acted."""
    owing = rung.state in (State.WAITING, State.HELD) and rung.kind != Kind.FAULT
    return owing and rung.due_on is not None and rung.due_on < _today()


def is_unheard(rung: Rung) -> bool:
    """Whether the days in which a fault could be contested are over, and nobody has said yet whether it stands."""
    waiting = rung.kind == Kind.FAULT and rung.state == State.WAITING
    return waiting and rung.due_on is not None and rung.due_on < _today()


def owed(by: Actor) -> list[Rung]:
    """What the actor's unit owes a written word on, or has not read, the first due first; a few, the list has all."""
    if by.post is None or by.role not in (*UNIT, *DESK):
        return []
    units, post = units_of_post(by.post), by.post.pk
    if not any(OWED_AT_ALL(unit=unit, post=post) for unit in units):  # nearly always
        return []  # who may read it need not be asked
    rows = access.visible(by).filter(_owed_by(units, post))
    return list(
        rows.select_related("case", "unit").order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_OWED]
    )


def _owed_by(units: Sequence[int], post: int) -> Q:
    """The condition that one of the units, or a post, owes a word on a rung or has not read it."""
    unread = Receipt.objects.filter(rung=OuterRef("pk"), unit__in=units, read_at=None)
    waiting = Q(
        state=State.WAITING, kind__in=(Kind.ORDER, Kind.ADVICE, Kind.TALK, Kind.FAULT, Kind.LISTING)
    ) & (Q(unit__in=units) | Q(post=post))
    return waiting | Q(Exists(unread), state=State.DONE, kind=Kind.CIRCULAR)


OWED_AT_ALL = Composed(
    lambda unit, post: Rung.objects.filter(_owed_by([unit], post)).only("pk").order_by("pk")[:1]
)


def of_case(case: Case, by: Actor) -> list[Rung]:
    """The rungs that concern a visible case, as far as the actor may read them, oldest first."""
    return list(access.visible(by).filter(case=case).select_related(*SHOWN).order_by("pk"))


# -- one rung ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Said:
    """An entry with its words in the clear."""

    entry: Entry
    words: str


@dataclass(frozen=True)
class RungPage:
    """A rung as somebody reads it: its words, what was said on it, who has read it, what can be done now."""

    rung: Rung
    words: str
    said: Sequence[Said]
    acts: Sequence[str]
    receipts: Sequence[Receipt] = field(default_factory=list)
    about: Sequence[Case] = field(default_factory=list)


def find(by: Actor, key: int) -> Rung:
    """The rung with this key; raises `Rung.DoesNotExist` for whoever may not read it, as where there is none."""
    return access.visible(by).select_related(*SHOWN, "issued_by").get(pk=key)


NotFound = (Rung.DoesNotExist, Proposal.DoesNotExist)


def page_of(rung: Rung, by: Actor) -> RungPage:
    """Everything on a rung that the actor may read."""
    permit = Permit(holder=by.name, purpose=Purpose.WORK)
    entries = access.entries_of(rung)
    receipts: list[Receipt] = []
    about: list[Case] = []
    if rung.kind == Kind.CIRCULAR:
        rows = Receipt.objects.filter(rung=rung).select_related("unit", "read_by__user").order_by("pk")
        own = units_of_post(by.post)
        receipts = list(rows if by.role in OVERSIGHT else rows.filter(unit__in=own))
        about = list(cases.visible(by).filter(pk__in=rung.about.values("pk")).order_by("pk"))
    return RungPage(
        rung=rung,
        words=rung.words.open(permit),
        said=[Said(row, row.words.open(permit) if row.words else "") for row in entries],
        acts=offered(rung, by),
        receipts=receipts,
        about=about,
    )


def offered(rung: Rung, by: Actor) -> list[str]:
    """The steps that the actor can take now, in the order of the table; the act itself checks again."""
    return [
        act
        for act in ladder.acts_from(rung.kind, rung.state)
        if access.may(by, act, rung) and _fits(rung, act)
    ]


def _fits(rung: Rung, act: str) -> bool:
    """Whether the day and the kind of listing let a step be taken that the table knows."""
    over = rung.due_on is not None and rung.due_on < _today()
    return {
        "hide": rung.public,
        "appeal": not over,
        "accept": rung.kind != Kind.FAULT or over,
    }.get(act, True)


# -- what may be signed --------------------------------------------------------------------------------------
def signable(by: Actor, case: Case | None) -> list[str]:
    """The kinds that the actor may sign about a case, or about no single one, in the order of the ladder."""
    if not access.oversees(by):
        return []
    alone = (Kind.TALK, Kind.CIRCULAR, Kind.ADVICE, Kind.FAULT)
    kinds = alone if case is None else [kind for kind in Kind.values if kind != Kind.CIRCULAR]
    return [kind for kind in kinds if kind != Kind.CHARGE or access.may(by, "issue", Rung(kind=kind))]


def proposed(by: Actor, *, after: str = "", before: str = "") -> Listing:
    """A page of what the place's rules propose and nobody has decided, the newest first."""
    rows = access.proposals(by)
    return paging.page(
        rows, "newest", after=after, before=before, head=_with("case__holder_unit", "case__region")
    )


def owing_promises(rows: Sequence[Proposal]) -> dict[int, Unit]:
    """Of the matters of which a broken promise was the reason, who is to keep it; two statements at most."""
    cases_ = [row.case_id for row in rows if row.rule == marks.PROMISE_PASSED]
    if not cases_:
        return {}
    unkept = Promise.objects.filter(marks.unkept(), case__in=cases_).select_related("unit")
    made = list(unkept.order_by("-due_on", "-pk"))
    return {row.case_id: unit for row, unit in zip(made, reminding.owing_units(made), strict=True)}


def proposal(by: Actor, key: int) -> Proposal:
    """A proposal that waits; raises `Proposal.DoesNotExist` as `find`."""
    return access.proposals(by).select_related("case").get(pk=key)


def proposed_words(row: Proposal) -> str:
    """The words of the rule that proposed it, as the profile has them today."""
    rules = proposal_rules()
    return next((rule.words for rule in rules if (rule.mark, rule.kind) == (row.rule, row.kind)), "")


# -- what anybody may read -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Listed:
    """A matter listed in public: a title without any person, the unit, since when and until when."""

    title: str
    unit: str
    since: date
    until: date | None


def listed_publicly(*, after: str = "", before: str = "") -> Listing:
    """A page of the matters listed in public now, the newest first; never one of a report."""
    rows: QuerySet[Any] = Rung.objects.filter(public=True, state=State.WAITING, kind=Kind.LISTING)
    rows = rows.exclude(case__nature=Case.Nature.REPORT)
    found = paging.page(rows, "newest", after=after, before=before, head=_with("unit"))
    shown = [
        Listed(row.title, str(row.unit), wall.local_date(row.issued_at), row.due_on) for row in found.rows
    ]
    return Listing(shown, earlier=found.earlier, later=found.later)


def _with(*related: str) -> Callable[..., list[Any]]:
    """Reads rows together with these of their relations."""

    def read(which: QuerySet[Any], *, order: Sequence[str], most: int) -> list[Any]:
        return list(which.select_related(*related).order_by(*order)[:most])

    return read


def _today() -> date:
    return wall.local_date(wall.now())
