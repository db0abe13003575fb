"""What a reader can do now with the case before them: the acts that state, post and things as they lie allow."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from huiyin.accounts.roles import UNIT
from huiyin.cases import access, asides, incidents, petitions, reminding, states
from huiyin.cases.actions.recall_order import in_time
from huiyin.cases.choices import CALLERS
from huiyin.cases.groups import suits
from huiyin.cases.models import Case, Extension, Objection, Order, Party
from huiyin.cases.queries import IN_HAND, CasePage
from huiyin.kernel import clock as wall
from huiyin.organisation.models import Unit


def offered(page: CasePage) -> list[tuple[str, Any]]:
    """The acts that state and post allow the reader now, each with the row it is about (the case, or an order…)."""
    case, by = page.case, page.by
    found: list[tuple[str, Any]] = []
    lawful = {act for act in states.acts_from(states.CASE_TABLE, case.state) if petitions.fits(act, case)}
    lawful = {act for act in lawful if incidents.fits(act, case, gathered=bool(page.children))}
    for act in ON_CASE:
        fit = _suits(act, case) and _called_for(act, page) and suits(act, page.parties)
        if fit and act in lawful and _may(page, act, None):
            found.append((act, case))
    for order in page.own_orders():
        steps = _own_steps(order)
        for act in ON_ORDER:
            apt = act in lawful and act in steps and fits(act, order) and _objectable(page, act, order)
            apt = apt and suits(act, page.parties)
            if apt and _may(page, act, order):
                found.append((act, order))
    for act, rows in _pending(page).items():
        found += [(act, row) for row in rows if act in lawful and _may_here(page, act, _order_of(row))]
    found += [(act, row) for act, row in asides.pending(page.asides, by)
              if act in lawful and _may_here(page, act, asides.order_for(act, row))]  # fmt: skip
    if by.role in UNIT and _may_here(page, "open_original") and case.confidentiality == OPEN:
        found.append(("open_original", case))
    if _callable(page):
        found.append(("call", case))
    return found


def _callable(page: CasePage) -> bool:
    """Whether somebody left a number that this reader may take: for units, where the petitioner left it open."""
    reachable = any(
        party.role in Party.TOLD and party.person and party.person.phone_index for party in page.parties
    )
    known = page.by.role not in UNIT or page.case.confidentiality == OPEN
    return reachable and known and _may_here(page, "call")


def _suits(act: str, case: Case) -> bool:
    """Whether an act on the whole case makes sense: accusing in a report, asking before a unit has it."""
    if act == "ask_petitioner":
        return case.state != Case.State.HANDLING
    return act != "accuse" or case.nature == REPORT


def _called_for(act: str, page: CasePage) -> bool:
    """Whether there is anything to coordinate, to owe the public that is not owed already, or to send back."""
    if act == "coordinate":
        present = [order for order in page.orders if order.round == page.case.round]
        return len({order.unit_id for order in present if order.state in IN_HAND}) > 1
    if act == "remind":
        others = [unit for unit in _awaited(page) if unit != page.by.unit]
        today = wall.local_date(wall.now())
        return bool(others) and not reminding.too_soon(page.asides.get("reminder", ()), today)
    if act == "ask_peer":
        asked = [row for row in page.asides.get("peer_view", ()) if row.state == row.State.ASKED]
        return page.case.nature != Case.Nature.PRAISE and not asked
    if act == "owe_statement":
        owed = [row for row in page.asides.get("statement", ()) if row.state == row.State.OWED]
        return page.case.nature != REPORT and not owed
    if act == "release_title":
        out = [row for row in page.asides.get("released_title", ()) if row.taken_back_at is None]
        return page.case.nature != REPORT and not out
    if act == "redo":
        return not petitions.decided_above(page.case, page.asides.get("review", ()))
    return True


def _awaited(page: CasePage) -> list[Unit]:
    return reminding.awaited(page.case, page.orders, page.asides.get("promise", ()))


def fits(act: str, order: Order) -> bool:
    """Whether the act belongs to the unit's part in the work: the lead answers, a co-handler contributes."""
    if act == "whistle":
        return order.unit.kind in CALLERS
    return PART_OF.get(act, order.part) == order.part


def _objectable(page: CasePage, act: str, order: Order) -> bool:
    """Whether objecting is worth offering: not to what binds, not twice in a round, not when the time is over."""
    if act != "object":
        return True
    before = {row.order.unit_id for row in page.objections if row.order.round == order.round}
    return not order.binding and order.unit_id not in before and order.objection_until >= wall.now()


def _own_steps(order: Order) -> list[str]:
    """The acts of its own unit on an order; what only cancels it is somebody else's act."""
    acts = states.acts_from(states.ORDER_TABLE, order.state)
    ends = (states.Order.CANCELLED,)
    return [act for act in acts if states.after(states.ORDER_TABLE, act, order.state) != ends]


def permitted(page: CasePage, act: str, row: Any) -> bool:
    """Whether the reader's post or part lets them do an act about this row at all; its state is another question."""
    return _may_here(page, act, row if isinstance(row, Order) else asides.order_for(act, row))


def _may(page: CasePage, act: str, order: Order | None) -> bool:
    """Whether the reader may do the act, about this order; asked once for a page, since some rules ask the database."""
    key = (act, order.pk if order else None)
    if key not in page.allowed:
        page.allowed[key] = access.may(page.by, act, page.case, order)
    return page.allowed[key]


def _may_here(page: CasePage, act: str, order: Order | None = None) -> bool:
    """Whether the reader may do an act about this order, or through one that their unit has in hand."""
    if _may(page, act, order):
        return True
    return order is None and any(_fitting(page, act))


def through(page: CasePage, act: str) -> Order | None:
    """The order through which the reader's unit does an act on the case: the first of its own that allows it.

    Where none does, the first of all, so that the refusal says why; None for whoever has no order.
    """
    return next(_fitting(page, act), next(iter(page.own_orders()), None))


def _fitting(page: CasePage, act: str) -> Iterator[Order]:
    return (mine for mine in page.own_orders() if _may(page, act, mine) and act in _own_steps(mine))


ON_CASE = (
    "declare_incident", "end_incident", "explain_to_all",
    "accept", "decline", "answer_at_once", "split", "merge", "unmerge", "contest", "dispatch", "approve", "redo",
    "ask_peer",
    "rate", "ask_second_opinion", "give_second_opinion", "contest_rating", "uphold_contest", "refuse_contest",
    "advise_route", "forward", "hand_over", "hand_over_and_end", "refer_elsewhere", "counsel", "propose_termination",
    "close", "explain_and_close", "reopen", "withdraw", "accuse", "redact", "note", "attach", "contact",
    "ask_review", "ask_rereview", "finalise", "confer_and_designate", "record_prior_step",
    "tell_recurrence", "send_feedback",
    "accept_entry", "refuse_entry", "strike_entry", "remind", "comment",
    "coordinate", "owe_statement", "instruct", "ask_petitioner", "ask_upward",
    "propose_suspension",
    "open_original", "add_party", "leave", "appoint_spokespersons", "appoint_agent", "end_agency",
    "tell_privately", "open_private", "release_title", "publish", "unpublish", "archive",
)  # fmt: skip
OPEN, REPORT = Case.Confidentiality.OPEN, Case.Nature.REPORT
PART_OF = {"answer": Order.Part.LEAD, "answer_privately": Order.Part.LEAD, "submit_entry": Order.Part.LEAD,
           "contribute": Order.Part.ASSIST}  # fmt: skip
ON_ORDER = (
    "sign",
    "contribute",
    "delegate",
    "object",
    "contact",
    "ask_extension",
    "ask_petitioner",
    "ask_upward",
    "whistle",
    "propose_suspension",
    "answer",
    "give_opinion",
    "answer_privately",
    "submit_entry",
)  # of the unit; the desk talks about the case


def _pending(page: CasePage) -> Mapping[str, Iterable[Any]]:
    objections = [row for row in page.objections if row.state == Objection.State.OPEN]
    extensions = [row for row in page.extensions if row.state == Extension.State.ASKED]
    owed = [row for row in page.notices if row.told_at is None and row.party.role != Party.Role.JOINED]
    return {
        **dict.fromkeys(("reject_objection", "redispatch", "designate"), objections),
        **dict.fromkeys(("grant_extension", "refuse_extension"), extensions),
        "record_told": owed,
        "recall_order": _recallable(page),
        **{act: _movable(page, act) for act in ("escalate", "take_down", "take_over")},
    }


def _movable(page: CasePage, act: str) -> list[Order]:
    """The orders of this round that may go to another unit: to a successor only when their own unit is no more."""
    here = [each for each in page.orders if each.round == page.case.round and each.state in states.Order.OPEN]
    if act != "take_over":
        return here
    today = wall.local_date(wall.now())
    return [order for order in here if order.unit.valid_to and order.unit.valid_to < today]


def _recallable(page: CasePage) -> list[Order]:
    """One order of each dispatch that can still be taken back: all of it unsigned, its minutes not over."""
    sent = {event.occurred_at for event in page.history if event.kind == "dispatch"}
    since = wall.now() - in_time()
    fresh = [each for each in page.orders if each.sent_at in sent and each.sent_at >= since]
    first = {each.sent_at: each for each in reversed(fresh)}
    signed = {each.sent_at for each in fresh if each.state != states.Order.SENT}
    return [each for each in first.values() if each.sent_at not in signed]


def _order_of(row: Any) -> Order | None:
    return row if isinstance(row, Order) else getattr(row, "order", None)
