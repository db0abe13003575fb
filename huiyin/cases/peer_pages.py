"""What is read of 单位复看: by the unit that was asked (the task, and no person), and by those who asked and oversee."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import UNIT, Role
from huiyin.cases import access, nameless, peers, states
from huiyin.cases.models import Answer, Order, PeerView
from huiyin.cases.paging import Listing, page
from huiyin.kernel import clock as wall
from huiyin.kernel.composed import Head
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import Sealed
from huiyin.organisation.actors import Actor

State = PeerView.State
ASKERS = frozenset({Role.REVIEWER, Role.SUPERVISOR})
TABS = ("waiting", "overdue", "weigh", "all")
OWN_TABS = ("waiting", "all")


@dataclass(frozen=True)
class MatterShown:
    """A matter as the unit that was asked for its view reads it: redacted, without any of its people."""

    view: PeerView
    title: str
    text: str
    question: str
    orders: list[tuple[str, str, str]]  # unit, part, what the desk wrote to it
    answers: list[tuple[str, str, str]]  # unit, outcome, text
    opinion: str
    basis: str
    reason: str


# -- the unit that was asked ---------------------------------------------------------------------------------
def own(by: Actor) -> QuerySet[PeerView]:
    """The views that somebody of a unit was asked for. PermissionDenied for whoever is of no unit."""
    if by.role not in UNIT:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    return access.peer_views(by)


def own_listing(by: Actor, tab: str, *, after: str = "", before: str = "") -> Listing:
    """A page of them: those that wait, by their day; or all, the newest first."""
    rows = _waiting(own(by)) if tab == "waiting" else own(by)
    return page(
        rows,
        "day" if tab == "waiting" else "newest",
        head=WITH_CASES,
        after=after,
        before=before,
        case="case__",
    )


def titles(views: Sequence[PeerView]) -> dict[int, str]:
    """The titles of the matters of these views by their keys, without anybody's particulars (`people_of`)."""
    known = nameless.people_of([view.case for view in views])
    return {view.case_id: nameless.plain(view.case.title, known.get(view.case_id, [])) for view in views}


def own_waiting(by: Actor) -> int:
    """How many views the actor's unit still owes, as far as they are this person's."""
    return _waiting(access.peer_views(by)).count() if by.role in UNIT else 0


def shown(by: Actor, key: int) -> MatterShown | None:
    """One of them with what the unit needs to form its view, while it waits; afterwards only what was asked and said.

    None for any other, and for none. PermissionDenied for somebody with another post where the matter was handled.
    """
    view = own(by).select_related("case__category", "unit", "person__user").filter(pk=key).first()
    if view is None:
        return None
    peers.require_apart(view.case, by)
    known = nameless.people_of([view.case])[view.case_id]
    needed = is_open(view)
    return MatterShown(
        view=view,
        title=nameless.plain(view.case.title, known),
        text=nameless.plain(view.case.text, known) if needed else "",
        question=nameless.opened(view.question, by, known),
        orders=[
            (str(row.unit), row.get_part_display(), nameless.opened(row.note, by, known))
            for row in (_orders(view) if needed else ())
        ],
        answers=[
            (str(row.unit), row.get_outcome_display(), nameless.opened(row.text, by, known))
            for row in (_answers(view) if needed else ())
        ],
        opinion=_said(view.opinion, by),
        basis=_said(view.basis, by),
        reason=nameless.opened(view.reason, by, known),
    )


def is_open(view: PeerView) -> bool:
    """Whether the view is still waited for."""
    return view.state == State.ASKED and view.round == view.case.round and view.case.state in VIEWED


def _orders(view: PeerView) -> QuerySet[Order]:
    """The orders of the round that were carried out or still are."""
    rows = Order.objects.filter(case=view.case_id, round=view.round, state__in=states.Order.IN_HAND)
    return rows.select_related("unit").order_by("pk")


def _answers(view: PeerView) -> QuerySet[Answer]:
    """The answers that stand, or that the reviewer has before them."""
    standing = (Answer.State.GIVEN, Answer.State.APPROVED)
    rows = Answer.objects.filter(case=view.case_id, state__in=standing)
    return rows.select_related("unit").order_by("pk")


# -- those who ask and oversee -------------------------------------------------------------------------------
def visible(by: Actor) -> QuerySet[PeerView]:
    """The views in matters that somebody who may ask for one sees. PermissionDenied for others."""
    if by.role not in ASKERS:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    return PeerView.objects.filter(case__in=access.visible(by).order_by().values("pk"))


def listing(by: Actor, tab: str, *, after: str = "", before: str = "") -> Listing:
    """A page of them: that wait, are overdue, or were given and not weighed, by their day; or all, newest first."""
    rows, order = visible(by), "day"
    if tab == "waiting":
        rows = _waiting(rows)
    elif tab == "overdue":
        rows = _overdue(rows)
    elif tab == "weigh":
        rows = rows.filter(state=State.GIVEN).exclude(verdict=PeerView.Verdict.UNSURE)
    else:
        order = "newest"
    return page(rows, order, head=WITH_CASES, after=after, before=before, case="case__")


def overdue_count(by: Actor) -> int:
    """How many views are past their day."""
    return _overdue(visible(by)).count()


def _overdue(rows: QuerySet[PeerView]) -> QuerySet[PeerView]:
    return _waiting(rows).filter(due_on__lt=wall.local_date(wall.now()))


def _waiting(rows: QuerySet[PeerView]) -> QuerySet[PeerView]:
    return rows.filter(state=State.ASKED)


def _with_cases() -> QuerySet[PeerView]:
    related = ("case", "unit", "asked_by__unit", "asked_by__user", "person__user")
    return PeerView.objects.select_related(*related).only(
        "round", "state", "verdict", "due_on", "asked_at", "given_at", "case__number", "case__title", "case__round",
        "case__state", "unit__short_name", "unit__name", "unit__name_en", "asked_by__unit__short_name",
        "asked_by__unit__name", "asked_by__unit__name_en", "asked_by__user__name", "person__user__name",
    )  # fmt: skip


WITH_CASES = Head(_with_cases)
VIEWED = states.Case.VIEWED


def _said(sealed: Sealed | None, by: Actor) -> str:
    return sealed.open(Permit(holder=by.name, purpose=Purpose.WORK)) if sealed else ""
