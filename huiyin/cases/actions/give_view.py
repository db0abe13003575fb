"""单位复看意见: what the unit thinks of a matter, and whether those who decide follow it; if not, they say why."""

from django.utils.translation import gettext as _

from huiyin.cases import peers, words
from huiyin.cases.actions.ask_peer import own_waiting
from huiyin.cases.casefile import opened
from huiyin.cases.models import PeerView
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

State, Verdict = PeerView.State, PeerView.Verdict


def give_view(view: PeerView, *, by: Actor, verdict: str, opinion: str, basis: str = "") -> None:
    """Say whether the matter could be solved, how, and on what basis; once, by the unit's head or whom that named.

    Nothing follows by itself. A basis is needed unless the unit cannot tell ("unsure"). Raises PermissionDenied for
    somebody with another post where the matter was handled.
    """
    said = words.required(opinion, _("复看意见"))
    if verdict not in Verdict.values:
        raise Refused(_("请选择复看的结论。"), code="verdict")
    check = words.optional if verdict == Verdict.UNSURE else words.required
    grounds = check(basis, _("依据"))
    with opened(view.case, "give_view", by=by) as file:
        row = own_waiting(file, view)
        peers.require_apart(file.case, by)
        file.change(
            row,
            state=State.GIVEN,
            verdict=verdict,
            opinion=said,
            basis=grounds or None,
            given_at=file.at,
            given_by=by.post,
        )
        file.move(file.case.state)
        file.facts |= {"unit": row.unit.code, "late": wall.local_date(file.at) > row.due_on}
        file.private |= {"verdict": words.digest(verdict), "opinion": words.digest(said)}
        if grounds:
            file.private["basis"] = words.digest(grounds)


def weigh_view(view: PeerView, *, by: Actor, stands: str, reason: str = "") -> None:
    """Follow a view ("followed"), or not ("departed"), with a reason; the matter stays where it is.

    One that was said to be followed may be departed from after all, while its round goes on.
    """
    if stands not in dict(peers.STANDINGS):
        raise Refused(_("请选择采纳还是不采纳。"), code="stands")
    check = words.required if stands == State.DEPARTED else words.optional
    said = check(reason, _("不采纳的理由"))
    with opened(view.case, "weigh_view", by=by) as file:
        row = file.part(view)
        if not peers.may_be_weighed(row, file.case) or stands not in peers.standings_open(row):
            raise Refused(
                _("这次复看现在是“%(state)s”，没有存下。") % {"state": row.get_state_display()}, code="state"
            )
        peers.settle(file, row, stands, reason=said)
        file.move(file.case.state)
        file.facts |= {"unit": row.unit.code, "stands": stands}
        if said:
            file.private["reason"] = words.digest(said)
