"""签发: a named person signs a rung, of their own accord or on a proposal of the place's rules."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import OVERSIGHT
from huiyin.cases.models import Case
from huiyin.cases.words import digest, required
from huiyin.kernel.identifiers import case_number
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.supervision import issuing
from huiyin.supervision.issuing import RungIn
from huiyin.supervision.models import Proposal, Receipt, Rung
from huiyin.supervision.rungfile import RungFile, beside

WORDS = gettext_lazy("理由和要求")
TRIES = 5  # two circulars signed in the same breath draw the same number; the later one draws again


def issue(intake: RungIn, *, by: Actor, case: Case | None = None) -> Rung:
    """Sign a rung. Sent again with the same `once`, it is the one that was signed before.

    Raises `PermissionDenied` for whoever oversees nothing, a unit beyond the signer's place, a case that the
    signer may not see; `Refused` for a unit whose turn it is not, somebody who may not see the case, a day too far
    off, a second open one of its kind, a clause that the place's rules do not know, a proposal decided before, a form
    that somebody else has sent.
    """
    words = required(intake.words, WORDS)
    if by.role not in OVERSIGHT or by.post is None:
        raise PermissionDenied(_("只有督办员和领导可以签发。"))
    if intake.kind == Rung.Kind.CHARGE:
        issuing.require_leader(intake, by)
    issuing.require_place(intake, by)
    for left in reversed(range(TRIES)):
        if twin := _signed_before(intake, by):
            return twin
        try:
            return _sign(intake, words, by, case)
        except IntegrityError:
            if not left:
                raise
    raise AssertionError("every try returns or raises")


def _signed_before(intake: RungIn, by: Actor) -> Rung | None:
    """What the same person signed with the same form, under whichever post; `Refused` where somebody else did."""
    if not intake.once:
        return None
    before = Rung.objects.select_related("issued_by__user").filter(once=intake.once).first()
    if before is not None and (before.issued_by is None or before.issued_by.user != by.user):
        raise Refused(_("这张表别人已经用过了，没有存下您填的。请重新打开页面再填。"), code="once")
    return before


@transaction.atomic
def _sign(intake: RungIn, words: str, by: Actor, case: Case | None) -> Rung:
    with beside(case, by=by) as file:
        issuing.require_about(intake, file)
        rung = _drawn_up(intake, words, by, file.case if file else None)
        step = RungFile(rung, "issue", by, file)
        issuing.require_post(intake)
        issuing.require_day(intake, step.today)
        rung.basis = issuing.basis_of(intake, step.today)
        rung.title = issuing.titled(intake, rung.case, by)
        rung.issued_at = step.at
        proposal = _taken_up(intake, rung)
        if intake.kind == Rung.Kind.CIRCULAR:
            issuing.require_circular(intake, by)
            _number(rung, step)
        rung.save()
        _send(intake, rung)
        if proposal is not None:
            proposal.state, proposal.rung = Proposal.State.SIGNED, rung
            proposal.decided_at, proposal.decided_by = step.at, by.post
            proposal.save()
        step.facts |= _facts(intake, rung)
        step.private = {"words": digest(words)}
        step.close()
    return rung


def _drawn_up(intake: RungIn, words: str, by: Actor, case: Case | None) -> Rung:
    here = by.unit
    if here is None:
        raise PermissionDenied(_("只有督办员和领导可以签发。"))
    unit = here if intake.kind == Rung.Kind.CHARGE else intake.unit
    place = case or unit or here
    return Rung(
        number=f"D-{case_number(by.when().year)}",
        kind=intake.kind,
        case=case,
        round=case.round if case else 0,
        unit=unit,
        post=intake.post,
        region=place.region,
        clause=intake.clause,
        public=intake.public,
        words=words,
        due_on=intake.due_on,
        issued_by=by.post,
        once=intake.once or None,
    )


def _taken_up(intake: RungIn, rung: Rung) -> Proposal | None:
    """The proposal that is signed, under a lock; refused when somebody has decided on it before."""
    if intake.proposal is None:
        return None
    found = Proposal.objects.select_for_update().get(pk=intake.proposal.pk)
    if found.state != Proposal.State.WAITING or found.case_id != rung.case_id:
        raise Refused(
            _("这条建议已经有人处理了：%(state)s。请刷新页面。") % {"state": found.get_state_display()},
            code="decided",
        )
    rung.rule = found.rule
    return found


def _number(rung: Rung, step: RungFile) -> None:
    """A circular has the next number of its year, and asks for nothing by a day."""
    rung.state, rung.due_on, rung.year = Rung.State.DONE, None, step.today.year
    rung.serial = (Rung.objects.filter(year=rung.year).aggregate(last=Max("serial"))["last"] or 0) + 1


def _send(intake: RungIn, rung: Rung) -> None:
    if intake.kind == Rung.Kind.CIRCULAR:
        Receipt.objects.bulk_create(Receipt(rung=rung, unit=unit) for unit in dict.fromkeys(intake.units))
        rung.about.set(intake.about)


def _facts(intake: RungIn, rung: Rung) -> dict[str, object]:
    """The public facts of a signature: no words, no name."""
    facts: dict[str, object] = {}
    if rung.due_on:
        facts["due"] = rung.due_on.isoformat()
    if rung.kind == Rung.Kind.LISTING:
        facts["public"] = rung.public
    facts |= {name: value for name in ("rule", "clause") if (value := getattr(rung, name))}
    if rung.serial:
        facts |= {
            "year": rung.year,
            "serial": rung.serial,
            "units": [unit.code for unit in dict.fromkeys(intake.units)],
            "cases": [case.number for case in intake.about],
        }
    return facts
