"""人文疏导: somebody who suffers is brought to those who can listen, beside the matter and never instead of it."""

from datetime import date

from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Referral
from huiyin.cases.pausing import end_of
from huiyin.cases.referring import end_referral, in_hand, refer
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def counsel(case: Case, *, by: Actor, body: str, until: date, said: str) -> Referral:
    """Refer somebody to counselling, with a day on which the desk asks how it went. The matter stays as it is."""
    told = words.required(said, _("为什么转介"))
    with opened(case, "counsel", by=by) as file:
        if until <= wall.local_date(file.at):
            raise Refused(_("回访的日期要晚于今天。请改正日期。"), code="until")
        row = refer(file, Referral.Kind.COUNSELLING, body=body, said=told, until=end_of(until))
        file.move(file.case.state)
        file.facts["until"] = until.isoformat()
    return row


def record_counselling(referral: Referral, *, by: Actor, said: str) -> None:
    """Record how the counselling went; read by the desk alone."""
    told = words.required(said, _("疏导情况"))
    with opened(referral.case, "record_counselling", by=by) as file:
        end_referral(file, in_hand(file, referral, Referral.Kind.COUNSELLING), outcome=told)
        file.move(file.case.state)
        file.private["words"] = words.digest(told)
