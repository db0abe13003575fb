"""突发事件: one event that brings hundreds of calls becomes one matter in hours, and all its callers are told at once."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import pausing, petitions, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.hastening import hasten
from huiyin.cases.kin import opened_with_children
from huiyin.cases.models import Case, Note, Notice, Party
from huiyin.cases.statements import owe_statement, owed_statements
from huiyin.deadlines.models import Policy
from huiyin.kernel.masking import mask
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

TEXT = gettext_lazy("说明内容")
AT_ONCE = 500  # rows a statement


def declare_incident(case: Case, *, by: Actor, reason: str) -> None:
    """Declare a matter an incident: handled in hours from now, gathering every call about it, explained in public.

    Clocks are brought forward where the urgent limits end earlier, and never put off; those that stand for a
    question to the petitioner go on, because hours count now, and the question stays open. A statement is owed
    to the public. Raises `Refused` for a report, and for a matter that is one already.
    """
    said = words.required(reason, _("启动的理由"))
    with opened(case, "declare_incident", by=by) as file:
        if file.case.nature == Case.Nature.REPORT:
            raise Refused(_("举报不能作为突发事件汇集来电，请单独办理。"), code="report")
        if petitions.is_petition(file.case):
            raise Refused(
                _("信访事项有自己的期限和复查复核，不能改按突发事件办。请另登记一件突发事件。"), code="track"
            )
        if file.case.incident:
            raise file.refusal(_("这件诉求已经是突发事件"))
        file.move(file.case.state)
        file.set(incident=True, track=Policy.Track.URGENT, urgency=Case.Urgency.IMMEDIATE)
        pausing.resume(file)
        hasten(file)
        owe_statement(file)
        file.facts["due"] = file.case.due_at.isoformat() if file.case.due_at else ""
        file.private["reason"] = words.digest(said)


def end_incident(case: Case, *, by: Actor, reason: str) -> None:
    """End an incident: no further call is gathered in it. Its limits and its merged matters stay as they are.

    Raises `Refused` while the public is still owed the statement.
    """
    said = words.required(reason, _("结束的理由"))
    with opened(case, "end_incident", by=by) as file:
        _require_incident(file)
        if owed_statements(file):
            raise Refused(_("还欠公众一份情况说明。请先公开说明，再结束突发事件。"), code="statement")
        file.move(file.case.state)
        file.set(incident=False)
        file.private["reason"] = words.digest(said)


def explain_to_all(case: Case, *, by: Actor, text: str) -> Note:
    """Tell one text to every party of the matter and of all that is merged into it, on their own pages.

    One event on the matter, and as many statements for two hundred callers as for two. Numbers that could be
    somebody's telephone or identity are masked, because strangers read the text.
    """
    said = mask(words.required(text, TEXT, most=words.LONGEST_TEXT))
    with opened_with_children(case, "explain_to_all", by=by) as (file, children):
        if not (file.case.incident or children):
            raise Refused(_("这件诉求没有并入别的诉求，也不是突发事件。请直接联系诉求人。"), code="alone")
        note = tell_everybody(file, children, said)
        file.move(file.case.state)
    return note


def tell_everybody(file: CaseFile, children: Sequence[Case], said: str) -> Note:
    """Put a text on the page of every party of the matter and of what is merged into it, and owe them the reading."""
    note = file.add(
        Note(case=file.case, readers=Note.Readers.ALL, shared=True, text=said, at=file.at, by=file.by.post)
    )
    parties = list(_parties([file.case, *children]))
    _owe_all(file, [file.case, *children], parties)
    file.facts |= {"matters": 1 + len(children), "parties": len(parties)}
    file.private["text"] = words.digest(said)
    return note


def _require_incident(file: CaseFile) -> None:
    if not file.case.incident:
        raise file.refusal(_("这件诉求现在不是突发事件"))


def _parties(cases: Sequence[Case]) -> Sequence[tuple[int, int]]:
    """Party and case of everybody who is told of any of the matters."""
    told = Party.objects.filter(case__in=cases, role__in=Party.TOLD, left_at=None)
    return list(told.order_by("pk").values_list("pk", "case_id"))


def _owe_all(file: CaseFile, cases: Sequence[Case], parties: Sequence[tuple[int, int]]) -> None:
    """Owe everybody the statement; one who still waits for an earlier one reads both under the same notice."""
    rounds = {case.pk: case.round for case in cases}
    owed = Notice.objects.filter(case__in=cases, about=Notice.About.STATEMENT, told_at=None)
    waiting = set(owed.values_list("party_id", flat=True))
    rows = [
        Notice(
            case_id=case, party_id=party, round=rounds[case], about=Notice.About.STATEMENT, posted_at=file.at
        )
        for party, case in parties
        if party not in waiting
    ]
    Notice.objects.bulk_create(rows, batch_size=AT_ONCE)
