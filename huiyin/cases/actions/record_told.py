"""记录告知: that a party was told: read it themselves, was spoken to (who, when), or could not be reached after tries."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import petitions, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Notice, Order, Party
from huiyin.cases.telling import advance
from huiyin.deadlines.models import Policy
from huiyin.deadlines.policies import policy_for
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

SAID = gettext_lazy("告知情况")
HOW = (Notice.How.DELIVERED, Notice.How.SPOKEN, Notice.How.POSTED)


def record_told(notice: Notice, *, by: Actor, how: str, said: str = "", order: Order | None = None) -> None:
    """Record that the party of a notice has been told.

    "delivered" only by the party itself (or the program on their page view), "spoken" with who and when,
    "posted" after recorded tries, at once only for somebody who left no way to be reached. When every party
    has been told the answer, the citizen's clock stops and the time for their rating begins.
    """
    spoken = words.optional(said, SAID)
    with opened(notice.case, "record_told", by=by, order=order) as file:
        file.require_in_hand(order)
        mine = file.part(notice)
        if mine.told_at is not None:
            raise file.refusal(_("这位已经告知过了"))
        _require_honest(mine, by, how, spoken)
        if how == Notice.How.POSTED and by.kind != "system":
            _require_tried(file, mine)
        file.change(mine, told_at=file.at, how=how, told_by=by.post, words=spoken or None)
        advance(file, answer=mine.about in petitions.ANSWERING)
        if mine.about == Notice.About.RECEIPT:
            petitions.stop_notifying(file)
        file.facts |= {"about": mine.about, "how": how}
        if spoken:
            file.private["words"] = words.digest(spoken)


def _require_honest(notice: Notice, by: Actor, how: str, spoken: str) -> None:
    if by.kind == "citizen" and notice.party_id != by.party_id:
        raise Refused(_("这条告知是给别人的。"), code="party")
    if how not in HOW or (by.kind == "citizen" and how != Notice.How.DELIVERED):
        raise Refused(_("请选择告知方式。"), code="how")
    if how == Notice.How.DELIVERED and by.kind == "staff":
        raise Refused(_("“本人已阅”由诉求人打开查询页时自动记录。电话告知请选“口头告知”。"), code="delivered")
    if how == Notice.How.SPOKEN and not spoken:
        raise Refused(_("请写明告知了谁、什么时候、怎么说的。"), code="spoken")


def _require_tried(file: CaseFile, notice: Notice) -> None:
    """Refuse to leave it on the query page before so many tries as the place asks for (step `contact_tries`)."""
    case, on = file.case, wall.local_date(file.at)
    tries = policy_for(
        track=case.track, step=Policy.Step.CONTACT_TRIES, on=on, nature=case.nature, urgency=case.urgency
    ).amount
    if notice.attempts < tries and not unreachable(notice.party):
        raise Refused(
            _("还没有满 %(tries)d 次联系记录。请先电话联系并记录结果，再选“留在查询页”。") % {"tries": tries},
            code="tries",
        )


def unreachable(party: Party) -> bool:
    """Whether nothing was left by which to reach the party but the query page."""
    return party.person is None or party.person.phone_index is None
