"""诉求代理: somebody acts for a party, with the authority on file, until either of them ends it."""

from dataclasses import replace

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import groups
from huiyin.cases.actions.add_party import Joined, join
from huiyin.cases.actions.attach import StoredFile, keep
from huiyin.cases.actions.register import PartyIn
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Note, Party
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def appoint_agent(
    case: Case, *, by: Actor, agent: PartyIn, acts_for: Party, authority: StoredFile | None
) -> Joined:
    """Record who acts for a party, with the letter of authority 授权委托书; they get a code and notices of their own.

    An agent is a person outside (name or telephone) or a representative of the office (`agent.post`), who then
    sees the case. Raises `Refused` without the letter, and for somebody who acts for this party already.
    """
    with opened(case, "appoint_agent", by=by) as file:
        whom = file.part(acts_for)
        if whom not in groups.present(file.parts(Party)):
            raise Refused(_("只能为还在这件诉求里的诉求人委托代理人。请刷新页面。"), code="gone")
        if authority is None:
            raise Refused(_("没有授权委托书，不能登记代理人。请上传委托书的照片或扫描件。"), code="authority")
        if agent.post is not None:
            _require_representative(file, agent, whom)
        party, code = join(file, replace(agent, role=Party.Role.AGENT))
        file.change(party, acts_for=whom, authority=keep(file, authority, readers=Note.Readers.DESK))
        file.facts |= {"party": party.pk, "acts_for": whom.pk}
        file.private["file"] = authority.digest
    return Joined(party, code)


def end_agency(case: Case, *, by: Actor, agent: Party) -> None:
    """End an agency: by the party, the agent, or the desk for either. Nothing more is owed to the agent."""
    with opened(case, "end_agency", by=by) as file:
        mine = file.part(agent)
        if mine.role != Party.Role.AGENT or mine.left_at is not None:
            raise Refused(_("这位不是代理人，或者代理已经结束。请刷新页面。"), code="gone")
        groups.require_own(file, mine, _("这位代理人不是您委托的"))
        groups.depart(file, mine)
        file.facts["party"] = mine.pk


def _require_representative(file: CaseFile, agent: PartyIn, whom: Party) -> None:
    if agent.post.role != Role.REPRESENTATIVE:
        raise Refused(_("机关里只有代表可以当代理人，其他工作人员不可以。请另选一位。"), code="post")
    if any(each.post_id == agent.post.pk for each in groups.agents(file.parts(Party), whom)):
        raise Refused(_("这位代表已经是代理人了。"), code="again")
