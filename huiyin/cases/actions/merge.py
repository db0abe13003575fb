"""并案: the same matter once more is joined to the first; the child keeps its number, due date, parties, notices."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import states
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Notice
from huiyin.cases.ordering import owe
from huiyin.cases.pens import in_hand
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def merge(child: Case, *, into: Case, by: Actor) -> None:
    """Merge a matter into an open one about the same. Its clock runs on until its parties have the answer."""
    with (
        in_hand().lock(child, into),
        opened(child, "merge", by=by) as file,
        opened(into, "take_in", by=by) as parent,
    ):
        _require_mergeable(file, parent)
        file.move(Case.State.MERGED)
        file.hold(None, "")
        file.set(parent=parent.case)
        owe(file, file.told_parties, Notice.About.MERGE)
        if parent.case.state in (Case.State.TELLING, Case.State.TOLD):
            owe(file, file.told_parties, Notice.About.ANSWER)
        parent.move(parent.case.state)
        file.facts["parent"] = parent.case.number
        parent.facts["child"] = file.case.number


def unmerge(child: Case, *, by: Actor, reason: str = "") -> None:
    """Undo a merge: the matter goes back to the desk under its own, unchanged due date."""
    into = child.parent
    if into is None:
        raise Refused(_("这件诉求没有并入别的诉求。"), code="not_merged")
    with (
        in_hand().lock(child, into),
        opened(child, "unmerge", by=by) as file,
        opened(into, "let_go", by=by) as parent,
    ):
        if file.round.told_at is not None:
            raise Refused(_("主案的答复已告知本件的诉求人，不能再撤销并案。可以“重启”。"), code="told")
        for notice in file.parts(Notice):
            if notice.told_at is None and notice.about in (Notice.About.ANSWER, Notice.About.MERGE):
                file.change(notice, told_at=file.at, how=Notice.How.POSTED)
        file.move(Case.State.REGISTERED)
        file.hold(file.case.desk, Role.CLERK)
        file.set(parent=None)
        parent.move(parent.case.state)
        file.facts["parent"] = parent.case.number
        parent.facts["child"] = file.case.number


def _require_mergeable(child: CaseFile, parent: CaseFile) -> None:
    if child.case.pk == parent.case.pk:
        raise Refused(_("不能并入自己。请填写另一件诉求的编号。"), code="itself")
    if parent.case.state not in states.Case.OPEN:
        raise Refused(_("那件诉求已经结束，不能并入。请改为受理本件，或先重启那件。"), code="ended")
    if Case.Nature.REPORT in (child.case.nature, parent.case.nature):
        raise Refused(_("举报不能并案，请单独办理。"), code="report")
    if child.pen.children(child.case):
        raise Refused(_("已有别的诉求并入本件。请先把它们分出，或反过来并案。"), code="has_children")
