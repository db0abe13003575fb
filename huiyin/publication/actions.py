"""公开: a draft without the person, a person's confirmation, and the way back."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.kin import told_among_kin
from huiyin.cases.models import Answer, Case
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.people import identity
from huiyin.people import queries as people
from huiyin.publication.models import Publication

State = Publication.State
TEXTS = ("title", "text", "answer")


def propose(case: Case, *, by: Actor) -> Publication:
    """Draft what the public may read, from the redacted text and the answers of the present round.

    Numbers are masked by rule, the petitioners' particulars wherever they stand. Nobody but the desk
    reads a draft. Proposing again draws the draft up anew. Raises `Refused` for a report, or while published.
    """
    with opened(case, "propose", by=by) as file:
        row = _row(file)
        known = _petitioners(file)
        drafted = {"title": file.case.title, "text": file.case.text, "answer": _answered(file)}
        for name, text in drafted.items():
            setattr(row, name, identity.masked(identity.without(text, known)))
        row.title = row.title[:120]
        row.state, row.proposed_at, row.proposed_by = State.PROPOSED, file.at, by.post
        row.confirmed_at = row.confirmed_by = None
        row.save()
        file.move(file.case.state)
        file.private = {"draft": _digest(row)}
    return row


def publish(case: Case, *, by: Actor, title: str, text: str, answer: str) -> Publication:
    """Publish the three texts as the person who acts has read and confirmed them.

    Numbers still in them are masked. Raises `Refused` for a report, and while a petitioner's own name,
    telephone, address or e-mail stands in them (Personal Information Protection Law 个人信息保护法 art. 25).
    """
    confirmed = {
        "title": words.required(title, _("标题"), most=120),
        "text": words.required(text, _("内容"), most=words.LONGEST_TEXT),
        "answer": words.required(answer, _("答复"), most=words.LONGEST_TEXT),
    }
    if not by.is_staff:
        raise PermissionDenied(_("公开前要由工作人员逐字确认。"))
    with opened(case, "publish", by=by) as file:
        row = _row(file)
        known = _petitioners(file)
        for name, words_of_it in confirmed.items():
            setattr(row, name, identity.masked(words_of_it))
        row.title = row.title[:120]
        _require_nameless(row, known)
        row.proposed_at = row.proposed_at or file.at
        row.state, row.confirmed_at, row.confirmed_by = State.PUBLISHED, file.at, by.post
        row.withdrawn_at = row.withdrawn_by = row.withdrawn_reason = None
        row.save()
        file.move(file.case.state)
        file.facts["unit"] = row.unit.code
        file.private = {"texts": _digest(row)}
    return row


def withdraw_publication(case: Case, *, by: Actor, reason: str) -> Publication:
    """Take a published case off the public pages at once, with a reason for the record."""
    said = words.required(reason, _("撤下的理由"))
    with opened(case, "unpublish", by=by) as file:
        row = Publication.objects.filter(case=file.case, state=State.PUBLISHED).first()
        if row is None:
            raise Refused(_("这件诉求没有公开，不需要撤下。"), code="not_published")
        row.state, row.withdrawn_reason = State.WITHDRAWN, said
        row.withdrawn_at, row.withdrawn_by = file.at, by.post
        row.save()
        file.move(file.case.state)
        file.private = {"reason": words.digest(said)}
    return row


def _row(file: CaseFile) -> Publication:
    """The case's publication, new or as it lies, with the facts that lists are ordered by."""
    case = file.case
    if case.nature == Case.Nature.REPORT:
        raise Refused(_("举报不公开。"), code="report")
    row = Publication.objects.filter(case=case).first() or Publication(case=case)
    if row.state == State.PUBLISHED:
        raise Refused(
            _("这件诉求已经公开。要修改，请先撤下，再重新公开。"), code="published", instead=_("撤下公开")
        )
    answers = _answers(file)
    if not answers:
        raise Refused(_("这件诉求还没有审核通过的答复，不能公开。"), code="no_answer")
    row.nature, row.category, row.region = case.nature, case.category, case.region
    row.unit, row.received_on = answers[0].unit, case.received_on
    row.answered_on = clock.local_date(max(each.given_at for each in answers))
    return row


def _answers(file: CaseFile) -> list[Answer]:
    approved = Answer.objects.filter(case=file.case, round=file.case.round, state=Answer.State.APPROVED)
    return list(approved.select_related("unit", "point").order_by("point__ordinal", "pk"))


def _answered(file: CaseFile) -> str:
    permit = Permit(holder=file.by.name, purpose=Purpose.REDACT)
    return "\n\n".join(each.text.open(permit) for each in _answers(file))


def _petitioners(file: CaseFile) -> list[dict[str, str]]:
    """The particulars of everybody in whose name the matter or one merged with it was brought.

    They are opened only to look for them.
    """
    permit = Permit(holder=file.by.name, purpose=Purpose.MATCH)
    return [people.particulars(party.person, permit) for party in told_among_kin(file.case) if party.person]


def _require_nameless(row: Publication, known: list[dict[str, str]]) -> None:
    found = identity.still_named("\n".join(getattr(row, name) for name in TEXTS), known)
    if found:
        raise Refused(
            _("文字里还有诉求人的%(what)s，没有公开。请删去或改写后再提交；您改好的内容还在。")
            % {"what": "、".join(found)},
            code="identity",
        )


def _digest(row: Publication) -> str:
    return words.digest("\n".join(getattr(row, name) for name in TEXTS))
