"""告知法定途径: the law has another procedure for this; the petitioner gets its name, its basis and a receipt."""

from django.utils.translation import gettext as _

from huiyin.cases.actions.close import end
from huiyin.cases.kin import opened_with_children, release
from huiyin.cases.models import Case, Notice, Reason, Referral
from huiyin.cases.ordering import owe
from huiyin.cases.referring import refer
from huiyin.cases.terminating import require_fresh_eyes
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def advise_route(case: Case, *, by: Actor, reason: Reason, body: str, words_to_citizen: str = "") -> None:
    """End a registered matter by naming the legal route (信访工作条例 art. 31) and the body that must take it.

    The petitioner may contest it, as a decline; then another clerk looks.
    """
    if reason.kind != Reason.For.ROUTE:
        raise Refused(_("请从“法定途径”里选一条。"), code="reason")
    with opened_with_children(case, "advise_route", by=by) as (file, children):
        require_fresh_eyes(file)
        end(file, Case.State.ADVISED)
        file.set(end_reason=reason)
        refer(file, Referral.Kind.ROUTE, body=body, said=words_to_citizen, reason=reason, ended_at=file.at)
        owe(file, file.told_parties, Notice.About.ROUTE)
        file.facts |= {"reason": reason.code, "basis": reason.basis, "released": release(children, by=by)}
