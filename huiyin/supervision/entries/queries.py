"""A unit's ledger, read from the orders that it led; and where it differs from the supervisor's list of its matters."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases import access, states
from huiyin.cases.models import Case, Order
from huiyin.cases.paging import Listing
from huiyin.cases.queries import CasePage
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import independent, near
from huiyin.organisation.models import Unit
from huiyin.organisation.succession import answering_for, units_answered_by
from huiyin.supervision.entries.models import Inspection, LedgerEntry
from huiyin.supervision.entries.rules import DONE, needing
from huiyin.supervision.keyed import newest

Orders, S = states.Order, LedgerEntry.State
# Booked: the unit has taken it on. What it has not signed stands in the supervisor's list alone.
BOOKED = (Orders.SIGNED, Orders.OBJECTED, Orders.ANSWERED, Orders.APPROVED, Orders.RETURNED)
OF_CASE = ("number", "title", "place", "state", "round", "ended_at")
SHOWN = ("unit_id", "state", "answered_at", "sent_at", *(f"case__{name}" for name in OF_CASE))


@dataclass(frozen=True)
class Line:
    """One matter in a ledger: its case, its entry if it was ever handed in, and how it stands (a name of STATUSES)."""

    case: Case
    entry: LedgerEntry | None
    status: str
    day: Any = None


# -- the ledger -----------------------------------------------------------------------------------------------
def led(by: Actor, unit: Unit) -> QuerySet[Order]:
    """The latest lead order of each matter that the unit has taken on, as far as the actor may know of it."""
    orders = access.own_orders(by) if _is_own(by, unit) else _overseen(by, unit)
    lead = Order.objects.filter(
        case=OuterRef("case"), unit__in=_with_merged(unit), part=Order.Part.LEAD, state__in=BOOKED
    )
    newer = lead.filter(pk__gt=OuterRef("pk"))
    return orders.filter(~Exists(newer), part=Order.Part.LEAD, state__in=BOOKED)


def _is_own(by: Actor, unit: Unit) -> bool:
    return by.role in UNIT and by.post is not None and by.post.unit_id == unit.pk


def _overseen(by: Actor, unit: Unit) -> QuerySet[Order]:
    if by.role not in (*OVERSIGHT, *DESK):
        return Order.objects.none()
    return Order.objects.filter(unit__in=_with_merged(unit), case__in=access.visible(by))


def _with_merged(unit: Unit) -> tuple[int, ...]:
    """The keys of the units whose ledger a unit keeps: its own, and those of units that were merged into it."""
    return units_answered_by(unit.pk, day=organisation.today())


def _entry(*wanted: str) -> Exists:
    """Whether an order's unit has an entry for its case, of the round that runs, in one of these states."""
    rows = LedgerEntry.objects.filter(case=OuterRef("case"), unit=OuterRef("unit"), state__in=wanted)
    return Exists(rows.filter(round=OuterRef("case__round")))


def _due() -> Q:
    """Done, to be accepted, and not handed in (or not again since it was refused)."""
    done = Exists(Case.objects.filter(needing(), pk=OuterRef("case"), state__in=DONE))
    return Q(done, ~_entry(S.SUBMITTED, S.ACCEPTED), state__in=(Orders.ANSWERED, Orders.APPROVED))


STATUSES: Mapping[str, Callable[[], Q]] = {
    "due": _due,
    "submitted": lambda: Q(_entry(S.SUBMITTED)),
    "refused": lambda: Q(_entry(S.REFUSED)),
    "accepted": lambda: Q(_entry(S.ACCEPTED)),
    "open": lambda: Q(state__in=Orders.OPEN) | Q(case__state__in=states.Case.UNTOLD),
    "all": Q,
}


def ledger(by: Actor, unit: Unit, status: str, *, after: str = "", before: str = "") -> Listing:
    """A page of a unit's ledger, the newest first; four statements however long it is."""
    orders = led(by, unit).filter(STATUSES.get(status, Q)())
    found = newest(_with_cases(orders), after=after, before=before)
    return Listing(_lines(found.rows), found.earlier, found.later)


def _with_cases(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.select_related("case").only(*SHOWN)


def _lines(orders: Sequence[Order]) -> list[Line]:
    """The orders as lines of the ledger: their entries, and which matters must be accepted, in two statements."""
    keys = [order.case_id for order in orders]
    if not keys:
        return []
    entries = {
        (row.case_id, row.unit_id): row for row in LedgerEntry.objects.filter(case__in=keys).defer("words")
    }
    needed = set(Case.objects.filter(needing(), pk__in=keys).values_list("pk", flat=True))
    return [
        Line(
            order.case,
            entry := entries.get((order.case_id, order.unit_id)),
            _status(order, entry, needed=order.case_id in needed),
            order.answered_at or order.sent_at,
        )
        for order in orders
    ]


def _status(order: Order, entry: LedgerEntry | None, *, needed: bool) -> str:
    if entry is not None and entry.round == order.case.round and entry.state != S.STRUCK:
        return str(entry.state)
    if order.case.state not in DONE:
        return "open" if order.case.state in states.Case.OPEN else "ended"
    return "due" if needed else "unneeded"


def counts(by: Actor, unit: Unit) -> dict[str, int]:
    """How many lines of a unit's ledger have each status that waits for somebody, in one statement."""
    names = ("due", "submitted", "refused", "open")
    counted = {f"n_{name}": Count("pk", filter=STATUSES[name]()) for name in names}
    found = led(by, unit).order_by().aggregate(**counted)
    return {name: found[f"n_{name}"] or 0 for name in names}


# -- 对照查账 -------------------------------------------------------------------------------------------------
def unbooked(by: Actor, unit: Unit) -> QuerySet[Order]:
    """Dispatched to the unit, and not taken on: in the supervisor's list, not in the unit's."""
    waiting = (Orders.SENT, Orders.OBJECTED) if _is_own(by, unit) else (Orders.SENT,)
    orders = access.own_orders(by) if _is_own(by, unit) else _overseen(by, unit)
    return orders.filter(part=Order.Part.LEAD, state__in=waiting)


def _kept(by: Actor, unit: Unit) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(unit__in=_with_merged(unit), case__in=access.visible(by))


def foreign(by: Actor, unit: Unit) -> QuerySet[LedgerEntry]:
    """Waiting in the unit's ledger, while the matter is not led by it any more: in the unit's list alone."""
    return _kept(by, unit).filter(~_led_now(unit), state__in=(S.SUBMITTED, S.REFUSED))


def _led_now(unit: Unit) -> Exists:
    """The condition on entries in a unit's ledger that the unit leads their matter; `is_led` says it of one entry."""
    leading = Order.objects.filter(
        case=OuterRef("case"), unit__in=_with_merged(unit), part=Order.Part.LEAD, state__in=Orders.IN_HAND
    )
    its_own = LedgerEntry.objects.filter(case=OuterRef("case"), unit=OuterRef("unit"))
    goes_with = Q(unit=OuterRef("unit")) | ~Exists(its_own)
    return Exists(leading.filter(goes_with, round=OuterRef("case__round")))


def is_led(entry: LedgerEntry, leading: Iterable[int], entries: Iterable[LedgerEntry]) -> bool:
    """Whether one of the units that lead the matter leads it for this entry, one of all `entries` of the case.

    For that of a merged unit, whoever goes with it does only while they have no entry of their own: it is theirs then,
    and the merged unit's is left over.
    """
    today = organisation.today()
    heir, kept = answering_for(entry.unit_id, day=today), {row.unit_id for row in entries}
    return any(
        unit == entry.unit_id or (unit not in kept and answering_for(unit, day=today) == heir)
        for unit in leading
    )


def revived(by: Actor, unit: Unit) -> QuerySet[LedgerEntry]:
    """Closed or handed in by the unit, while the matter is at work again: the two lists say different things."""
    open_again = Q(case__round__gt=F("round"), case__state__in=states.Case.OPEN)
    waits = Q(state=S.ACCEPTED) | Q(_led_now(unit), state=S.SUBMITTED)
    return _kept(by, unit).filter(open_again, waits)


def unsubmitted(by: Actor, unit: Unit) -> QuerySet[Order]:
    """Done for the supervisor, and not handed in by the unit."""
    return led(by, unit).filter(_due())


DIFFERENCES: Mapping[str, Callable[[Actor, Unit], QuerySet[Any]]] = {
    "unbooked": unbooked,
    "foreign": foreign,
    "revived": revived,
    "unsubmitted": unsubmitted,
}


def differences(by: Actor, unit: Unit, kind: str, *, after: str = "", before: str = "") -> Listing:
    """A page of what differs in one way, the newest first."""
    found = newest(DIFFERENCES[kind](by, unit).select_related("case"), after=after, before=before)
    lines = [
        Line(row.case, row if isinstance(row, LedgerEntry) else None, kind, getattr(row, "sent_at", None))
        for row in found.rows
    ]
    return Listing(lines, found.earlier, found.later)


def difference_counts(by: Actor, unit: Unit) -> dict[str, int]:
    """How many matters differ in each way; one statement a way."""
    return {name: rows(by, unit).count() for name, rows in DIFFERENCES.items()}


# -- what waits for an inspector ------------------------------------------------------------------------------
def to_inspect(by: Actor, *, after: str = "", before: str = "") -> Listing:
    """A page of the entries that wait for acceptance, without those of the person or their units; the oldest last."""
    return newest(to_look_at(by).select_related("case", "unit"), after=after, before=before)


def to_look_at(by: Actor) -> QuerySet[LedgerEntry]:
    """The entries that wait for somebody else than whoever handed them in, and is independent of their units."""
    rows = LedgerEntry.objects.filter(_others(by), state=S.SUBMITTED, case__in=access.visible(by))
    return rows.exclude(unit__in=Unit.objects.filter(near(by)))


def _others(by: Actor) -> Q:
    """The condition that somebody else handed the entry in, whichever post the person held then."""
    return Q(submitted_by=None) | ~Q(submitted_by__user=by.user)


def standing(by: Actor) -> list[tuple[Unit, dict[str, int]]]:
    """Each unit with entries that wait or were refused, and how many of each, those with most first.

    Those of a unit that was merged are counted under the one that followed it.
    """
    counted = (
        LedgerEntry.objects.filter(
            case__in=access.visible(by), state__in=(S.SUBMITTED, S.REFUSED, S.ACCEPTED)
        )
        .order_by()
        .values_list("unit", "state")
        .annotate(n=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for unit, state, n in counted:
        of_unit = found.setdefault(answering_for(unit, day=organisation.today()), {})
        of_unit[state] = of_unit.get(state, 0) + n
    units = Unit.objects.in_bulk(list(found))
    rows = [(units[key], of_unit) for key, of_unit in found.items()]
    return sorted(rows, key=lambda row: (-row[1].get(S.SUBMITTED, 0), row[0].code))


# -- beside one case ------------------------------------------------------------------------------------------
def of_case(page_of: CasePage) -> list[tuple[LedgerEntry, list[Inspection]]]:
    """The entries of a case that its reader may read, each with what inspectors saw; nothing asked where none is."""
    by = page_of.by
    if "submit_entry" not in {event.kind for event in page_of.history}:
        return []
    rows = (
        LedgerEntry.objects.filter(case=page_of.case)
        .select_related("unit", "submitted_by__user")
        .order_by("pk")
    )
    if by.role in UNIT:
        rows = rows.filter(unit__in=access.own_units(by))
    elif by.role not in (*DESK, *OVERSIGHT):
        return []
    looked = Inspection.objects.filter(entry__case=page_of.case).select_related("by__unit", "by__user")
    found: dict[int, list[Inspection]] = {}
    for each in looked.order_by("pk"):
        found.setdefault(each.entry_id, []).append(each)
    return [(row, found.get(row.pk, [])) for row in rows]


def waiting_for(case: Case, by: Actor, act: str) -> list[LedgerEntry]:
    """The entries of a case about which the actor may do this act of an inspector now."""
    rows = LedgerEntry.objects.filter(case=case).select_related("unit").order_by("pk")
    if act == "strike_entry":
        led_now = Order.objects.filter(
            case=case, round=case.round, part=Order.Part.LEAD, state__in=Orders.IN_HAND
        )
        leading = list(led_now.values_list("unit", flat=True))
        gone = (row for row in rows if row.state in (S.SUBMITTED, S.REFUSED))
        return [row for row in gone if not is_led(row, leading, rows)]
    waiting = rows.filter(_others(by), state=S.SUBMITTED, round=case.round)
    return [row for row in waiting if independent(by, row.unit)]


def last_of(case: Case) -> LedgerEntry | None:
    """The entry of a case that was handed in last, however it stands now."""
    return LedgerEntry.objects.filter(case=case).order_by("-submitted_at", "-pk").first()


def may_submit(order: Order) -> bool:
    """Whether the entry of this lead order can be handed in: done, to be accepted, not handed in."""
    return Order.objects.filter(_due(), pk=order.pk, part=Order.Part.LEAD).exists()


def opened(sealed: Any, by: Actor) -> str:
    """What unit or inspector wrote, for somebody of the office who reads the entry."""
    return sealed.open(Permit(holder=by.name, purpose=Purpose.WORK)) if sealed else ""
