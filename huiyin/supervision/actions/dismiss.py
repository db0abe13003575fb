"""不采用: a person sets aside what the place's rules propose, and says why."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases.words import digest, required
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import oversees_freely
from huiyin.supervision import access
from huiyin.supervision.issuing import addressable
from huiyin.supervision.models import Proposal
from huiyin.supervision.rungfile import beside

REASON = gettext_lazy("理由")


def dismiss(proposal: Proposal, *, by: Actor, reason: str) -> None:
    """Set a proposal aside with a reason; the same rule proposes nothing more in this round of the case.

    Raises `PermissionDenied` for whoever oversees nothing or may not see the case, `Refused` when somebody has
    decided on it before.
    """
    said = required(reason, REASON)
    with beside(proposal.case, by=by) as case:
        found = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if case is None or not access.oversees(by):
            raise PermissionDenied(_("您的岗位不能做这一步。"))
        waited_for = addressable(case.case, found.kind)
        if not all(oversees_freely(by, unit) for unit in waited_for):
            raise Refused(_("这条建议说的是您的单位，或者它的上下级，要由别的单位的人来定。"), code="itself")
        if found.state != Proposal.State.WAITING:
            raise Refused(
                _("这条建议已经有人处理了：%(state)s。请刷新页面。") % {"state": found.get_state_display()},
                code="decided",
            )
        found.state, found.reason = Proposal.State.DISMISSED, said
        found.decided_at, found.decided_by = case.at, by.post
        found.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        case.move(case.case.state)
        case.facts |= {"rung": found.kind, "step": "dismiss", "rule": found.rule}
        case.private = {"reason": digest(said)}
