"""What a party reads of waiting: what they are asked for, until when; the plan and the day of a suspended matter."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases import actions
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.models import Case, Question, Suspension
from huiyin.cases.words import clean
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.kernel.sealing import Sealed
from huiyin.organisation.actors import Actor
from huiyin.people import identity

Others = Callable[[], Sequence[identity.Particulars]]


@dataclass(frozen=True)
class QuestionRead:
    """A question to the petitioner in the clear, while it waits for them."""

    text: str
    unit: str
    at: datetime
    until: datetime
    row: Question


@dataclass(frozen=True)
class SuspensionRead:
    """Why and until when a matter rests, while it does."""

    plan: str
    until: date


def question(case: Case, by: Actor, happened: Collection[str], others: Others) -> QuestionRead | None:
    """The question that waits for the party's side; no query where nobody ever asked one."""
    if "ask_petitioner" not in happened:
        return None
    open_ones = Question.objects.filter(case=case, kind=Question.Kind.SUPPLEMENT, state=Question.State.OPEN)
    row = open_ones.select_related("order__unit", "case__desk").first()
    if row is None:
        return None
    unit = row.order.unit if row.order else row.case.desk
    return QuestionRead(_open(row.words, by, others), str(unit), row.asked_at, row.until, row)


def suspension(case: Case, by: Actor, others: Others) -> SuspensionRead | None:
    """The suspension in force."""
    if case.state != Case.State.SUSPENDED:
        return None
    row = Suspension.objects.filter(case=case, state=Suspension.State.IN_FORCE).first()
    return SuspensionRead(_open(row.plan, by, others), row.until) if row else None


@transaction.atomic
def supply(
    asked: QuestionRead | None, *, by: Actor, text: str = "", files: Sequence[StoredFile] = ()
) -> None:
    """Answer the question with a party's words, files or both, all of it or nothing."""
    if asked is None:
        raise Refused(_("现在没有要您补充的。有新情况，请用“补充材料”。"), code="state")
    if not (clean(text) or files):
        raise Refused(_("请写点什么，或者选一个文件。"), code="missing")
    for stored in files:
        actions.attach(asked.row.case, by=by, stored=stored)
    actions.supply(asked.row, by=by, text=text if clean(text) else _("见所附的材料。"))


def _open(sealed: Sealed | None, by: Actor, others: Others) -> str:
    """The words in the clear, without what belongs to other parties."""
    if not sealed:
        return ""
    return identity.without(sealed.open(Permit(holder=by.name, purpose=Purpose.OWN)), others())
