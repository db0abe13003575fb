"""移交应急: danger goes to 110, 119, 120 or 122 at once, with the minute; what is left of the matter stays here."""

from django.utils.translation import gettext as _

from huiyin.cases.actions.close import end
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.kin import opened_with_children, release
from huiyin.cases.models import Case, Notice, Referral
from huiyin.cases.ordering import owe
from huiyin.cases.referring import EMERGENCY, number, refer
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def hand_over(case: Case, *, by: Actor, service: str, reference: str = "") -> None:
    """Record that an emergency service was called, at the claimed minute of the act; the matter goes on as it was."""
    with opened(case, "hand_over", by=by) as file:
        _hand_over(file, service, reference)
        file.move(file.case.state)


def hand_over_and_end(case: Case, *, by: Actor, service: str, reference: str = "") -> None:
    """Record it, and end a registered matter that was nothing else; it can be reopened like any other."""
    with opened_with_children(case, "hand_over_and_end", by=by) as (file, children):
        _hand_over(file, service, reference)
        end(file, Case.State.HANDED_OVER)
        file.facts["released"] = release(children, by=by)


def _hand_over(file: CaseFile, service: str, reference: str) -> None:
    if service not in EMERGENCY:
        raise Refused(_("请选择移交给哪个号码：110、119、120 或 122。"), code="service")
    refer(file, Referral.Kind.EMERGENCY, body=service, reference=number(reference), ended_at=file.at)
    owe(file, file.told_parties, Notice.About.HANDOVER)
    file.facts["service"] = service
