"""重启: new facts, the trouble is back, or the end is contested: the desk looks again, in a new round."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import peers, pens, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Round
from huiyin.cases.ordering import begin_round
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def reopen(case: Case, *, by: Actor, reason: str) -> None:
    """Reopen an ended case with a new round and a new clock; what the earlier rounds count stays as it was.

    A merged matter leaves its parent, once its parties have been told the shared answer.
    """
    said = words.required(reason, _("重启的理由"))
    parent = case.parent
    with pens.in_hand().lock(case, parent or case), opened(case, "reopen", by=by) as file:
        if file.case.parent_id is not None:
            _leave(file, parent, by)
        file.move(Case.State.REGISTERED)
        peers.take_up(file, reason=said)
        begin_round(file, Round.Cause.REOPENED, reason=said, carry_clock=False)
        file.hold(file.case.desk, Role.CLERK)
        file.private["reason"] = words.digest(said)


def _leave(file: CaseFile, parent: Case | None, by: Actor) -> None:
    if parent is None or parent.pk != file.case.parent_id:
        raise Refused(_("并案情况刚刚有变动，您的操作没有执行。请刷新页面后再试。"), code="conflict")
    if file.round.told_at is None:
        raise Refused(
            _("主案还没有把答复告知本件的诉求人，不能重启。"), code="not_told", instead=_("撤销并案")
        )
    with opened(parent, "let_go", by=Actor.system("merged").claiming(by.at)) as other:
        other.move(other.case.state)
        other.facts["child"] = file.case.number
    file.facts["parent"] = parent.number
    file.set(parent=None)
