"""记录以前的办理: what another body did about the matter before: which body, its number, its date, its result."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, PriorStep
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

LONGEST_BODY, LONGEST_REFERENCE = 120, 60
RESULT = gettext_lazy("结果")


def record_prior_step(
    case: Case,
    *,
    by: Actor,
    kind: str,
    body: str,
    reference: str = "",
    on: date | None = None,
    result: str = "",
) -> PriorStep:
    """Record an earlier step of the matter elsewhere, at any time; who handles it now reads it."""
    if kind not in PriorStep.Kind.values:
        raise Refused(_("请选择是哪一种办理，例如办理、复查或诉讼。"), code="kind")
    where = words.required(body, _("机关"), most=LONGEST_BODY)
    number = words.optional(reference, _("文号"), most=LONGEST_REFERENCE)
    said = words.optional(result, RESULT)
    if on is not None and on > wall.local_date(wall.now()):
        raise Refused(_("日期晚于今天，请改成文书上的日期。"), code="on")
    with opened(case, "record_prior_step", by=by) as file:
        row = file.add(
            PriorStep(
                case=file.case,
                kind=kind,
                body=where,
                reference=number,
                on=on,
                result=said or None,
                recorded_at=file.at,
                recorded_by=by.post,
            )
        )
        file.move(file.case.state)
        file.facts["kind"] = kind
        if said:
            file.private["result"] = words.digest(said)
    return row
