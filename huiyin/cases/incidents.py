"""Incidents as lists and pages read them: which run now, how many calls each has gathered, and what may be done."""

from django.db.models import Count, QuerySet

from huiyin.cases import access, states
from huiyin.cases.models import Case
from huiyin.organisation.actors import Actor

MOST = 10  # shown on top of an entry page


def running(by: Actor) -> QuerySet[Case]:
    """The incidents that the actor may see and that still gather calls, the newest first, with their `calls`."""
    open_ones = access.visible(by).filter(incident=True, state__in=states.Case.OPEN)
    return open_ones.select_related("region").annotate(calls=Count("merged_children")).order_by("-id")[:MOST]


def fits(act: str, case: Case, *, gathered: bool) -> bool:
    """Whether an act about incidents makes sense for the case as it lies; every other act always does."""
    if act == "declare_incident":
        return not case.incident and case.nature != Case.Nature.REPORT
    if act == "end_incident":
        return case.incident
    return act != "explain_to_all" or case.incident or gathered
