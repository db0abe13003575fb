"""询问、答复: somebody from outside asks a unit about a matter they may read; the unit answers in writing by a day."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import UNIT, Role
from huiyin.cases import access, words
from huiyin.cases.models import Case
from huiyin.deadlines.queries import work_calendar
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.ledger import writing
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from huiyin.organisation.place import limit
from huiyin.organisation.succession import units_of_post
from huiyin.supervision.outside.models import Inquiry
from huiyin.supervision.outside.queries import answering

QUESTION, ANSWER = gettext_lazy("询问"), gettext_lazy("答复")
State = Inquiry.State


def ask_unit(case: Case, *, by: Actor, unit: Unit, question: str) -> Inquiry:
    """Ask a unit that leads the matter a question, to be answered within `inquiry_days` working days.

    Raises `PermissionDenied` for whoever is no outside supervisor of the place; `Refused` for a unit that leads
    nothing of the matter, and while an earlier question of the same person to it waits.
    """
    said = words.required(question, QUESTION)
    if by.role != Role.MONITOR or not access.monitored(by).filter(pk=case.pk).exists():
        raise PermissionDenied(_("您看不到这件诉求，或它不存在。"))
    if unit not in answering(case):
        raise Refused(_("“%(unit)s”没有主办这件诉求，请问主办的单位。") % {"unit": unit}, code="unit")
    today = wall.local_date(by.when())
    try:
        with transaction.atomic():
            row = Inquiry.objects.create(
                case=case,
                unit=unit,
                question=said,
                asked_at=by.when(),
                asked_by=by.post,
                due_on=work_calendar().add_working_days(today, limit("inquiry_days")),
            )
            facts = {"case": case.number, "unit": unit.code, "due_on": row.due_on.isoformat()}
            _record(row, "ask_unit", by, facts, {"question": words.digest(said)}, first=True)
    except IntegrityError as twice:
        raise Refused(
            _("您问过这个单位，它还没有答复。请等它答复，或者先撤回那一问。"), code="again"
        ) from twice
    return row


@transaction.atomic
def answer_inquiry(inquiry: Inquiry, *, by: Actor, text: str) -> Inquiry:
    """Answer a question in writing, by somebody of the unit that was asked or of its successor; once."""
    said = words.required(text, ANSWER)
    row = _locked(inquiry)
    if by.role not in UNIT or row.unit_id not in units_of_post(by.post):
        raise PermissionDenied(_("这一问不是问您单位的。"))
    if not access.sees(by, row.case):
        raise PermissionDenied(_("您看不到这件诉求，或它不存在。"))
    row.state, row.answer, row.answered_at, row.answered_by = State.ANSWERED, said, by.when(), by.post
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    _record(row, "answer_inquiry", by, {"late": _late(row)}, {"answer": words.digest(said)})
    return row


@transaction.atomic
def withdraw_inquiry(inquiry: Inquiry, *, by: Actor) -> Inquiry:
    """Take a question back, by whoever asked it, while nobody has answered."""
    row = _locked(inquiry)
    if by.post is None or row.asked_by_id != by.post.pk:
        raise PermissionDenied(_("只有提问的人可以撤回。"))
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    _record(row, "withdraw_inquiry", by, {}, {})
    return row


def _late(row: Inquiry) -> bool:
    return row.answered_at is not None and wall.local_date(row.answered_at) > row.due_on


def _locked(inquiry: Inquiry) -> Inquiry:
    """The question under its lock, if it still waits."""
    row = Inquiry.objects.select_for_update(of=("self",)).select_related("unit", "case").get(pk=inquiry.pk)
    if row.state != State.ASKED:
        raise Refused(
            _("这一问现在是“%(state)s”，没有存下。") % {"state": row.get_state_display()}, code="state"
        )
    return row


def _record(
    row: Inquiry,
    kind: str,
    by: Actor,
    facts: Mapping[str, object],
    private: Mapping[str, str],
    *,
    first: bool = False,
) -> None:
    """An event of the question's own chain: the matter's own is read by its petitioner, whom this does not concern."""
    writing.record(
        f"inquiry:{row.pk}",
        kind,
        actor=by.name,
        occurred_at=by.when(),
        facts=facts,
        private=private or None,
        first=first,
    )
