"""承诺: what a unit promises with an adopted suggestion: proposed with its answer, in force once it is approved."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import words
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Case, Order, Point, Promise
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.place import limit

ADOPTED = (Point.Outcome.ADOPTED, Point.Outcome.PARTLY_ADOPTED)
TEXT = gettext_lazy("承诺的内容")


@dataclass(frozen=True)
class Pledge:
    """What will be done, and the last day of it."""

    text: str
    due_on: date


def require_pledge(file: CaseFile, outcome: str, pledge: Pledge | None) -> None:
    """Refuse to adopt a suggestion without a promise, and a promise without an adopted suggestion."""
    adopted = file.case.nature == Case.Nature.SUGGESTION and outcome in ADOPTED
    if adopted and pledge is None:
        raise Refused(
            _("采纳建议要写明承诺：做什么、什么时候做到。建议人会看到，到期由督办查看。"), code="promise"
        )
    if pledge is None:
        return
    if not adopted:
        raise Refused(_("只有采纳的建议才写承诺。请去掉承诺，或者改选办理结果。"), code="no_promise")
    require_date(file, pledge.due_on)


def require_date(file: CaseFile, due_on: date) -> None:
    """Refuse a day that is not ahead, or too far ahead to be meant."""
    today = wall.local_date(file.at)
    if due_on <= today:
        raise Refused(_("承诺的日期要晚于今天。请写一个做得到的日期。"), code="past")
    slowest = limit("promise_years")  # what takes longer is promised in steps
    if due_on > today.replace(year=today.year + slowest, day=1):
        raise Refused(
            _("承诺的日期最远写到 %(years)d 年以内。更久的事，请先承诺第一步。") % {"years": slowest},
            code="far",
        )


def propose_promise(file: CaseFile, order: Order, pledge: Pledge) -> Promise:
    """Lay the promise beside the answer; the reviewer lets out both or neither."""
    return _written(file, pledge, order=order, unit=order.unit)


def promise_at_once(file: CaseFile, pledge: Pledge) -> Promise:
    """Promise in the desk's own name, with an answer that is out as it is given: in force from now on."""
    return _written(file, pledge, unit=file.case.desk, state=Promise.State.MADE)


def _written(file: CaseFile, pledge: Pledge, **more: Any) -> Promise:
    said = words.required(pledge.text, TEXT)
    file.facts["due_on"] = pledge.due_on.isoformat()
    file.private["promise"] = words.digest(said)
    return file.add(
        Promise(
            **more,
            case=file.case,
            round=file.case.round,
            text=said,
            due_on=pledge.due_on,
            made_at=file.at,
            made_by=file.by.post,
        )
    )


def settle_proposed(file: CaseFile, state: str) -> None:
    """Let what was promised with the answers of a suggestion take effect, or lapse with them."""
    if file.case.nature != Case.Nature.SUGGESTION:
        return
    for promise in file.parts(Promise):
        if promise.state == Promise.State.PROPOSED:
            file.change(promise, state=state)
