"""并案: the same matter once more is joined to the first; the child keeps its number, due date, parties, notices."""

from django.utils.translation import gettext as _

from huiyin.cases import pens, states, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.kin import ANSWER_IS_OUT, follow, given_by, leave_parent, owe_answer, require_locked
from huiyin.cases.lapsing import lapse_asides
from huiyin.cases.models import Case, Notice
from huiyin.cases.ordering import cancel_orders, owe
from huiyin.cases.wording import state_name
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def merge(child: Case, *, into: Case, by: Actor) -> None:
    """Merge a matter into an open one about the same. Its clock runs on until its parties have the answer.

    Matters already merged into the child go with it. Orders of the child that are out are cancelled.
    """
    pen = pens.in_hand()
    with_child = pen.children(child)
    with pen.lock(child, into, *with_child), opened(child, "merge", by=by) as file:
        _require_open(child, pen.take(into))
        with opened(into, "take_in", by=by) as parent:
            _require_mergeable(file, parent)
            children = pen.children(file.case)
            require_locked(children, with_child)
            cancel_orders(file)
            lapse_asides(file)
            file.move(Case.State.MERGED)
            file.hold(None, "")
            file.set(parent=parent.case)
            owe(file, file.told_parties, Notice.About.MERGE)
            if parent.case.state in ANSWER_IS_OUT:
                owe_answer(file)
                file.facts |= given_by(parent.case)
            parent.move(parent.case.state)
            file.facts["parent"] = parent.case.number
            parent.facts["child"] = file.case.number
            follow(children, parent.case, by=by)


def unmerge(child: Case, *, by: Actor, reason: str = "") -> None:
    """Undo a merge before the shared answer was told: back to the desk, under its own, unchanged due date."""
    said = words.optional(reason, _("撤销的原因"))
    into = child.parent or child
    with pens.in_hand().lock(child, into), opened(child, "unmerge", by=by) as file:
        if file.case.parent_id != into.pk:
            raise Refused(_("并案情况刚刚有变动，您的操作没有执行。请刷新页面后再试。"), code="conflict")
        if file.round.told_at is not None:
            raise Refused(_("主案的答复已告知本件的诉求人，不能再撤销并案。"), code="told", instead=_("重启"))
        with opened(into, "let_go", by=by) as parent:
            parent.move(parent.case.state)
            parent.facts["child"] = file.case.number
        file.facts["parent"] = into.number
        if said:
            file.private["reason"] = words.digest(said)
        leave_parent(file)


def _require_open(child: Case, into: Case) -> None:
    if child.pk == into.pk:
        raise Refused(_("不能并入自己。请填写另一件诉求的编号。"), code="itself")
    if into.state == Case.State.MERGED:
        raise Refused(
            _("那件诉求自己已并入 %(number)s，不能再接收并案。") % {"number": into.parent.number},
            code="merged",
            instead=_("并入 %(number)s") % {"number": into.parent.number},
        )
    if into.state not in states.Case.OPEN:
        raise Refused(
            _("那件诉求现在是“%(state)s”，不能并入。请改为受理本件，或先重启那件。")
            % {"state": state_name(into.state)},
            code="ended",
        )


def _require_mergeable(child: CaseFile, parent: CaseFile) -> None:
    if Case.Nature.REPORT in (child.case.nature, parent.case.nature):
        raise Refused(_("举报不能并案，请单独办理。"), code="report")
    if child.case.incident:
        raise Refused(
            _("本件是突发事件，别的来电正并入它，不能再并入另一件。请把那一件并入本件，或先结束突发事件。"),
            code="incident",
            instead=_("结束突发事件"),
        )
