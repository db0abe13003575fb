"""办结: every point has an outcome and everyone was told; the round ends with it."""

from django.utils.translation import gettext as _

from huiyin.cases import peers, petitions
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.lapsing import lapse_asides
from huiyin.cases.models import Case, Notice
from huiyin.cases.ordering import stop_clock
from huiyin.cases.statements import owed_statements
from huiyin.cases.wording import act_name
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

BY_OTHERS = (
    Case.State.WITHDRAWN,
    Case.State.HANDED_OVER,
)  # the petitioner's word, or danger: not to be held up


def close(case: Case, *, by: Actor, because: str = "") -> None:
    """Close a told case; `because` is a word for the ledger such as "rated" or "rating_time_over"."""
    with opened(case, "close", by=by) as file:
        require_answered_and_told(file)
        if by.kind == "staff":  # what the parties have rated, or let pass, is no decision of the office
            peers.require_weighed(file)
        end(file, Case.State.CLOSED)
        file.facts |= {"outcomes": [point.outcome for point in file.points], "because": because}


def require_answered_and_told(file: CaseFile) -> None:
    """Refuse unless every point has an outcome and no answer of this round is still owed."""
    if any(not point.outcome for point in file.points):
        raise Refused(_("还有诉求点没有办理结果，不能办结。"), code="outcome")
    answers = [
        notice
        for notice in file.parts(Notice)
        if notice.about in petitions.ANSWERING
        and notice.round == file.case.round
        and notice.how != Notice.How.LAPSED
    ]
    if not answers or any(notice.told_at is None for notice in answers):
        raise Refused(_("还有人没有收到答复，不能办结。请先告知并记录。"), code="told")


def _require_explained(file: CaseFile) -> None:
    """Refuse to end an incident while the public is owed its explanation, which would lapse without a word."""
    if file.case.incident and owed_statements(file):
        raise Refused(
            _("这是突发事件，还欠公众一份情况说明，不能结束。请先公开说明。"),
            code="statement",
            instead=act_name("make_statement"),
        )


def end(file: CaseFile, state: str) -> None:
    """End case and round: clocks stop, what lies beside lapses, nobody holds it any more.

    Raises `Refused` for an incident that the public is owed a statement on, unless others end it.
    """
    if state not in BY_OTHERS:
        _require_explained(file)
    file.move(state)
    lapse_asides(file)
    file.hold(None, "")
    file.set(ended_at=file.at)
    stop_clock(file, file.round.rating_clock)
    stop_clock(file, file.round.clock)
    file.change(file.round, ended_at=file.at, end_state=state)
