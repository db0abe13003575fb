"""What outside supervisors read of matters, and the questions that wait for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from huiyin.accounts.roles import OVERSIGHT, UNIT, Role
from huiyin.cases import access, nameless, states
from huiyin.cases.models import Answer, Case, Order
from huiyin.cases.paging import Listing
from huiyin.kernel import clock as wall
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import Sealed
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from huiyin.organisation.succession import units_of_post
from huiyin.supervision.keyed import by_day, newest
from huiyin.supervision.outside.models import Inquiry

State = Inquiry.State


@dataclass(frozen=True)
class MatterRead:
    """A matter as somebody from outside reads it: redacted, without any of its people."""

    case: Case
    title: str
    text: str
    units: list[Unit]
    answers: list[tuple[str, str, str]]  # unit, outcome, text
    inquiries: list[Inquiry]


def matters(by: Actor, *, open_only: bool = False, after: str = "", before: str = "") -> Listing:
    """A page of the matters that an outside supervisor reads, the newest first."""
    rows = access.monitored(by)
    if open_only:
        rows = rows.filter(state__in=states.Case.OPEN)
    return newest(rows.select_related("region", "holder_unit").defer(*TEXTS), after=after, before=before)


TEXTS = ("text", "original_title", "original_text", "original_place")


def find(by: Actor, number: str) -> MatterRead | None:
    """One of them with its redacted text and the answers that were let out; None for any other, and for none."""
    case = (
        access.monitored(by).select_related("region", "category", "holder_unit").filter(number=number).first()
    )
    if case is None:
        return None
    rows = Answer.objects.filter(case=case, state=Answer.State.APPROVED).select_related("unit").order_by("pk")
    known = nameless.people_of([case])[case.pk]
    answers = [
        (str(row.unit), row.get_outcome_display(), nameless.opened(row.text, by, known)) for row in rows
    ]
    asked = Inquiry.objects.filter(case=case, asked_by=by.post).select_related("unit").order_by("-pk")
    text = nameless.plain(case.text, known)
    return MatterRead(
        case, nameless.plain(case.title, known), text, answering(case), answers, list(asked[:50])
    )


def titles(cases: Sequence[Case]) -> dict[int, str]:
    """The titles of these cases by their keys, without anybody's particulars (`people_of`)."""
    known = nameless.people_of(cases)
    return {case.pk: nameless.plain(case.title, known.get(case.pk, [])) for case in cases}


def answering(case: Case) -> list[Unit]:
    """The units that lead the matter in its present round."""
    leads = Order.objects.filter(
        case=case, round=case.round, part=Order.Part.LEAD, state__in=states.Order.IN_HAND
    )
    rows = leads.select_related("unit").order_by("pk")
    return list(dict.fromkeys(row.unit for row in rows))


def words_of(rows: Sequence[Inquiry], by: Actor) -> list[tuple[str, str]]:
    """Each question with its answer in the clear; without any petitioner's particulars for whoever is from outside."""
    permit = Permit(holder=by.name, purpose=Purpose.WORK)
    if by.role != Role.MONITOR:
        return [(row.question.open(permit), _open(row.answer, permit)) for row in rows]
    known = nameless.people_of([row.case for row in rows if row.answer])
    return [
        (row.question.open(permit), nameless.opened(row.answer, by, known.get(row.case_id, [])))
        for row in rows
    ]


def _open(sealed: Sealed | None, permit: Permit) -> str:
    return sealed.open(permit) if sealed else ""


# -- questions ------------------------------------------------------------------------------------------------
def inquiries(by: Actor) -> QuerySet[Inquiry]:
    """The questions that the actor may know of: their own, their unit's, or those in the place they oversee."""
    rows = Inquiry.objects.select_related("case", "unit", "asked_by__unit", "asked_by__user")
    if by.post is None:
        return rows.none()
    if by.role == Role.MONITOR:
        return rows.filter(asked_by=by.post.pk, case__in=access.monitored(by))
    if by.role in UNIT:
        return rows.filter(unit__in=units_of_post(by.post), case__in=access.visible(by))
    return rows.filter(case__in=access.visible(by)) if by.role in OVERSIGHT else rows.none()


def listing(by: Actor, tab: str, *, after: str = "", before: str = "") -> Listing:
    """A page of them: those that wait, those overdue, by their day; or all, the newest first."""
    rows = inquiries(by)
    if tab == "all":
        return newest(rows, after=after, before=before)
    rows = rows.filter(state=State.ASKED)
    if tab == "overdue":
        rows = rows.filter(due_on__lt=wall.local_date(wall.now()))
    return by_day(rows, "due_on", after=after, before=before)


def overdue_count(by: Actor) -> int:
    """How many questions are past their day without an answer."""
    return inquiries(by).filter(state=State.ASKED, due_on__lt=wall.local_date(wall.now())).count()
