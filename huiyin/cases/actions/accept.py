"""受理: the desk takes the matter on, files it under a category, and confirms the text that units will read."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import petitions
from huiyin.cases.actions.redact import Redaction, apply_redaction
from huiyin.cases.casefile import opened
from huiyin.cases.hastening import hasten
from huiyin.cases.models import Case, Category
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region


def accept(
    case: Case,
    *,
    by: Actor,
    category: Category | None = None,
    region: Region | None = None,
    urgency: str = "",
    redaction: Redaction | None = None,
) -> None:
    """Accept a registered matter. The citizen's clock goes on from receipt; the dispatcher holds it now.

    A matter that is found more urgent than it came has the shorter limit from now on, where the place has one.
    """
    with opened(case, "accept", by=by) as file:
        if urgency and urgency not in Case.Urgency.values:
            raise Refused(_("请选择紧急程度。"), code="urgency")
        file.move(Case.State.ACCEPTED)
        file.hold(file.case.desk, Role.DISPATCHER)
        hastened = urgency not in ("", file.case.urgency)
        file.set(
            category=category or file.case.category,
            region=region or file.case.region,
            urgency=urgency or file.case.urgency,
        )
        if hastened:
            hasten(file)
        petitions.notify_receipt(file)
        if redaction is not None:
            apply_redaction(file, redaction)
        file.facts["category"] = file.case.category.code if file.case.category else ""
