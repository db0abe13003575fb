"""剔除: a matter is left out of a unit's figures by a clause, with evidence, once two others have agreed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin import ledger
from huiyin.assessment import access
from huiyin.assessment.models import Clause, Omission
from huiyin.cases.models import Answer, Case, Order
from huiyin.cases.words import digest, required
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from huiyin.organisation.queries import holds_on, today


@transaction.atomic
def propose_omission(case: Case, *, by: Actor, unit: Unit, clause: Clause, evidence: str) -> Omission:
    """Ask that a case be left out of a unit's figures, by a clause that holds today and with evidence.

    Raises Refused for a case that the unit never led or answered, one that is asked about already, or no evidence.
    """
    if not access.judged(by).filter(pk=case.pk).exists() or not access.may_propose(by, unit):
        raise PermissionDenied(_("您的岗位不能对这件诉求申请剔除。"))
    spoken = required(evidence, _("证据"))
    if not Clause.objects.filter(holds_on(today()), pk=clause.pk).exists():
        raise Refused(_("这一条款现在不能用。请选择现行的条款。"), code="clause")
    _require_worked_on(case, unit)
    Case.objects.select_for_update(of=("self",)).get(
        pk=case.pk
    )  # two who ask at once come one after the other
    if Omission.objects.filter(case=case, unit=unit).exclude(state=Omission.State.REFUSED).exists():
        raise Refused(_("这件诉求已经申请过剔除，请看剔除清单。"), code="omitted")
    row = Omission.objects.create(
        case=case, unit=unit, clause=clause, evidence=spoken, proposed_at=by.when(), proposed_by=by.post
    )
    ledger.record(
        _subject(row),
        "propose_omission",
        actor=by.name,
        occurred_at=row.proposed_at,
        facts={"case": case.number, "unit": unit.code, "clause": clause.code},
        private={"evidence": digest(spoken)},
        first=True,
    )
    return row


@transaction.atomic
def agree_to_omission(omission: Omission, *, by: Actor) -> Omission:
    """Agree; the first of two, or the second, by whom it comes into force. Raises Refused when it is settled."""
    row = _opened(omission, by)
    if row.first_by is None:
        row.first_by, row.first_at, act = by.post, by.when(), "agree_to_omission"
    else:
        row.decided_by, row.decided_at, act = by.post, by.when(), "omit"
        row.state = Omission.State.APPROVED
    row.save()
    ledger.record(_subject(row), act, actor=by.name, occurred_at=by.when(), facts={"case": row.case.number})
    return row


@transaction.atomic
def refuse_omission(omission: Omission, *, by: Actor, why: str) -> Omission:
    """Refuse, in words; it may be asked for again with better evidence. Raises Refused when it is settled."""
    spoken = required(why, _("不同意的理由"))
    row = _opened(omission, by)
    row.decided_by, row.decided_at = by.post, by.when()
    row.state, row.why_not = Omission.State.REFUSED, spoken
    row.save()
    ledger.record(
        _subject(row),
        "refuse_omission",
        actor=by.name,
        occurred_at=by.when(),
        facts={"case": row.case.number},
        private={"why": digest(spoken)},
    )
    return row


def _opened(omission: Omission, by: Actor) -> Omission:
    """The omission under its lock, still open, for somebody who may decide it."""
    if not access.omissions(by).filter(pk=omission.pk).exists():
        raise PermissionDenied(_("您看不到这项剔除，或它不存在。"))
    row = Omission.objects.select_for_update(of=("self",)).get(pk=omission.pk)
    if row.state != Omission.State.PROPOSED:
        raise Refused(_("这项剔除已经有了结论。"), code="settled")
    if not access.may_decide(by, row):
        raise PermissionDenied(
            _("剔除要由两个人核准：不能是申请人，不能是同一个人，也不能是被考核单位的人。")
        )
    return row


def _require_worked_on(case: Case, unit: Unit) -> None:
    led = Order.objects.filter(case=case, unit=unit, part=Order.Part.LEAD)
    if not led.exists() and not Answer.objects.filter(case=case, unit=unit).exists():
        raise Refused(_("这个单位没有主办过这件诉求，没有可以剔除的。"), code="not_theirs")


def _subject(row: Omission) -> str:
    return f"omission:{row.pk}"
