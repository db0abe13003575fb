"""公开说明: what is said in public at the first moment, under a clock of its own, without any person."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import petitions, statements, words
from huiyin.cases.actions.incident import tell_everybody
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.kin import opened_with_children
from huiyin.cases.models import Case, Statement
from huiyin.cases.nameless import require_nameless
from huiyin.cases.ordering import stop_clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.people import identity

TEXT = gettext_lazy("公开说明")
NAMED = gettext_lazy("说明里还有诉求人的%(what)s，没有公开。请删去或改写后再提交；您写的内容还在。")
WHY = gettext_lazy("更正或收回的理由")


def owe_statement(case: Case, *, by: Actor) -> Statement:
    """Owe the public a statement on a matter from now on. Never on a report; one at a time."""
    with opened(case, "owe_statement", by=by) as file:
        if file.case.nature == Case.Nature.REPORT:
            raise Refused(_("举报不公开说明。"), code="report")
        if statements.owed_statements(file):
            raise file.refusal(_("这件诉求已经欠公众一份说明"))
        row = statements.owe_statement(file)
        file.move(file.case.state)
        file.facts["due"] = row.clock.due_at.isoformat()
    return row


def make_statement(statement: Statement, *, by: Actor, text: str) -> None:
    """Say in public what is known and being done; every party, of merged matters too, is told the same words.

    Numbers are masked. Raises `Refused` while a petitioner's own name, telephone, address or e-mail stands in
    the text (Personal Information Protection Law 个人信息保护法 art. 25).
    """
    said = identity.masked(words.required(text, TEXT, most=words.LONGEST_TEXT))
    with opened_with_children(statement.case, "make_statement", by=by) as (file, children):
        mine = file.part(statement)
        if mine.state != Statement.State.OWED:
            raise file.refusal(_("这份说明现在是“%(state)s”") % {"state": mine.get_state_display()})
        require_nameless(file, said, sentence=str(NAMED))
        file.change(mine, state=Statement.State.MADE, text=said, made_at=file.at, made_by=by.post)
        stop_clock(file, mine.clock)
        tell_everybody(file, children, said)
        file.move(file.case.state)


def correct_statement(statement: Statement, *, by: Actor, text: str, reason: str) -> Statement:
    """Say in public, in other words, what was said wrongly; the earlier words stay there, marked, with the reason.

    Everybody who was told the earlier words is told these. Raises `Refused` as `make_statement` does.
    """
    said = identity.masked(words.required(text, TEXT, most=words.LONGEST_TEXT))
    why = identity.masked(words.required(reason, WHY))
    with opened_with_children(statement.case, "correct_statement", by=by) as (file, children):
        mine = _standing(file, statement)
        require_nameless(file, f"{said}\n{why}", sentence=str(NAMED))
        file.change(mine, state=Statement.State.CORRECTED)
        row = Statement(
            case=file.case,
            round=file.case.round,
            state=Statement.State.MADE,
            clock=mine.clock,
            owed_at=mine.owed_at,
            owed_by=mine.owed_by,
            text=said,
            made_at=file.at,
            made_by=by.post,
            replaces=mine,
            reason=why,
        )
        file.add(row)
        with petitions.in_the_place_s_language():
            heading = _("更正（%(why)s）：") % {"why": why}
        tell_everybody(file, children, f"{heading}\n{said}")
        file.move(file.case.state)
    return row


def take_statement_back(statement: Statement, *, by: Actor, reason: str) -> None:
    """Take back what should not have been said in public, or not about this matter.

    The words go from the public page; that there was a statement, and why it was taken back, stays there. Everybody
    who was told it is told that.
    """
    why = identity.masked(words.required(reason, WHY))
    with opened_with_children(statement.case, "take_statement_back", by=by) as (file, children):
        mine = _standing(file, statement)
        require_nameless(file, why, sentence=str(NAMED))
        file.change(
            mine, state=Statement.State.WITHDRAWN, reason=why, withdrawn_at=file.at, withdrawn_by=by.post
        )
        with petitions.in_the_place_s_language():
            said = _("以前的公开说明收回：%(why)s") % {"why": why}
        tell_everybody(file, children, said)
        file.move(file.case.state)


def _standing(file: CaseFile, statement: Statement) -> Statement:
    mine = file.part(statement)
    if mine.state != Statement.State.MADE:
        raise file.refusal(_("这份说明现在是“%(state)s”") % {"state": mine.get_state_display()})
    return mine
