"""What a party reads of the ways that their matter took outside: to whom it went, with what papers, and until when."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.cases.models import Case, Referral, Termination
from huiyin.cases.referring import where
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import Sealed
from huiyin.organisation.actors import Actor
from huiyin.people import identity

Others = Callable[[], Sequence[identity.Particulars]]
# Counselling is between the desk and one person, who need not be the reader.
SHOWN = (Referral.Kind.ROUTE, Referral.Kind.OUTSIDE, Referral.Kind.EMERGENCY, Referral.Kind.ELSEWHERE)
BORN = ("advise_route", "forward", "hand_over", "hand_over_and_end", "refer_elsewhere")


@dataclass(frozen=True)
class ReferralRead:
    """One way outside in the clear."""

    kind: str
    name: str
    body: str
    reference: str
    text: str
    at: datetime
    until: datetime | None
    receipt: str
    receipt_at: datetime | None
    chases: int
    open: bool
    ground: str
    basis: str
    route: str


def referrals(case: Case, by: Actor, happened: Collection[str], others: Others) -> list[ReferralRead]:
    """The ways outside that a party may read of, the newest first; no query where there was none."""
    if not any(act in happened for act in BORN):
        return []
    rows = Referral.objects.filter(case=case, kind__in=SHOWN).select_related("reason").order_by("-pk")
    return [_read(row, by, others) for row in rows]


def termination_words(case: Case, end: str, by: Actor, others: Others) -> str:
    """What was said to the parties when the handling was terminated; "" for any other end."""
    if end != Case.State.TERMINATED:
        return ""
    row = Termination.objects.filter(case=case, state=Termination.State.CONFIRMED).order_by("-pk").first()
    return _open(row.words, by, others) if row else ""


def _read(row: Referral, by: Actor, others: Others) -> ReferralRead:
    reason = row.reason
    return ReferralRead(
        kind=row.kind,
        name=row.get_procedure_display() if row.procedure else row.get_kind_display(),
        body=where(row),
        reference=row.reference,
        text=_open(row.words, by, others),
        at=row.sent_at,
        until=row.until,
        receipt=row.receipt_number,
        receipt_at=row.receipt_at,
        chases=row.chases,
        open=row.ended_at is None,
        ground=reason.text if reason else "",
        basis=reason.basis if reason else "",
        route=reason.route if reason else "",
    )


def _open(sealed: Sealed | None, by: Actor, others: Others) -> str:
    """The words without what belongs to other people."""
    if not sealed:
        return ""
    return identity.without(sealed.open(Permit(holder=by.name, purpose=Purpose.OWN)), others())
