"""转送外部: to another county, a company, a court, a discipline body; chased until it says what came of it."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import words
from huiyin.cases.answering import answer_from_outside, require_outcome
from huiyin.cases.casefile import opened
from huiyin.cases.kin import opened_with_children
from huiyin.cases.models import Case, Note, Notice, Referral
from huiyin.cases.ordering import cancel_orders, lapse_notices, owe, start_clock, stop_clock
from huiyin.cases.promising import Pledge
from huiyin.cases.referring import end_referral, in_hand, number, refer
from huiyin.organisation.actors import Actor


def forward(case: Case, *, by: Actor, body: str, reference: str = "", said: str = "") -> Referral:
    """Send the matter to a body outside. A clock waits for its receipt; the citizen's own clock runs on.

    What was promised to the citizen does not wait for others: the desk goes on answering for it.
    """
    with opened(case, "forward", by=by) as file:
        cancel_orders(file)
        file.move(Case.State.FORWARDED)
        file.hold(file.case.desk, Role.CLERK)
        clock = start_clock(file, "receipt")
        row = refer(
            file, Referral.Kind.OUTSIDE, body=body, said=said, reference=number(reference), clock=clock
        )
        owe(file, file.told_parties, Notice.About.FORWARDING)
        file.facts |= {"due": clock.due_at.isoformat(), "basis": clock.policy.basis}
    return row


def chase(referral: Referral, *, by: Actor, said: str) -> None:
    """Ask the body again, as often as need be; each time is counted, with who was asked and what they said."""
    told = words.required(said, _("催问情况"))
    with opened(referral.case, "chase", by=by) as file:
        mine = in_hand(file, referral, Referral.Kind.OUTSIDE)
        file.change(mine, chases=mine.chases + 1, chased_at=file.at)
        file.add(Note(case=file.case, readers=Note.Readers.DESK, text=told, at=file.at, by=by.post))
        file.move(file.case.state)
        file.facts["times"] = mine.chases
        file.private["words"] = words.digest(told)


def record_receipt(referral: Referral, *, by: Actor, receipt: str = "") -> None:
    """Record that the body confirms it, at the claimed time of the act: the clock for the receipt stops."""
    with opened(referral.case, "record_receipt", by=by) as file:
        mine = in_hand(file, referral, Referral.Kind.OUTSIDE)
        if mine.receipt_at is not None:
            raise file.refusal(_("回执已经登记过了"))
        stop_clock(file, mine.clock)
        file.change(mine, receipt_at=file.at, receipt_number=number(receipt))
        file.move(file.case.state)
        file.facts["late"] = mine.clock.late


def record_outcome(
    referral: Referral, *, by: Actor, text: str, outcome: str, pledge: Pledge | None = None
) -> None:
    """Record what the body has done: it becomes the desk's answer, told and rated like any other."""
    said = words.required(text, _("外部办理结果"), most=words.LONGEST_TEXT)
    require_outcome(outcome)
    with opened_with_children(referral.case, "record_outcome", by=by) as (file, children):
        end_referral(file, in_hand(file, referral, Referral.Kind.OUTSIDE))
        answer_from_outside(file, children, said, outcome, pledge)


def take_back(referral: Referral, *, by: Actor, reason: str) -> None:
    """Take it back because the body declines it or never answers: the desk looks again, under the clock that runs.

    Every party is told, and of the forwarding no more if nobody has told them that yet.
    """
    said = words.required(reason, _("收回的理由"))
    with opened(referral.case, "take_back", by=by) as file:
        end_referral(file, in_hand(file, referral, Referral.Kind.OUTSIDE), outcome=said)
        lapse_notices(file, Notice.About.FORWARDING)
        file.move(Case.State.REGISTERED)
        file.hold(file.case.desk, Role.CLERK)
        owe(file, file.told_parties, Notice.About.TAKEN_BACK)
        file.private["reason"] = words.digest(said)
