"""What the detectors of `gaming` look at, read from the tables for one period, and their hints for a supervisor."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from huiyin.assessment import access, gaming, source
from huiyin.assessment.gaming import Handled, Hint, LeftOut, Recorded, Said
from huiyin.assessment.models import Omission
from huiyin.assessment.periods import Period
from huiyin.cases.models import Case, Round
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

MOST = 50  # cases that are named with one hint


@dataclass(frozen=True)
class Shown:
    """A hint with its unit and the first of its cases, by number."""

    hint: Hint
    unit: Unit
    numbers: Sequence[str]


def hints(by: Actor, period: Period) -> list[Shown]:
    """Units that stand out in a period, for a supervisor; none about a unit that they belong to.

    Raises PermissionDenied for everybody else.
    """
    access.require_hints(by)
    found = gaming.hints(recorded(access.judged(by), period))
    units = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in={int(hint.unit) for hint in found})}
    told = [hint for hint in found if not access.concerned(by, units[hint.unit])]
    keys = {int(key) for hint in told for key in hint.cases[:MOST]}
    numbers = dict(Case.objects.filter(pk__in=keys).values_list("pk", "number"))
    return [
        Shown(hint, units[hint.unit], sorted({numbers[int(key)] for key in hint.cases[:MOST]}))
        for hint in told
    ]


def recorded(cases: QuerySet[Case], period: Period) -> Recorded:
    """The records of a period; units and cases by their keys. Three questions to the database."""
    return Recorded(_handled(cases, period), _said(cases, period), _left_out(cases, period))


def _handled(cases: QuerySet[Case], period: Period) -> list[Handled]:
    """Leading orders whose limit lies in the period; also those that ended because their matter was merged away."""
    next_round = Round.objects.filter(case=OuterRef("case"), number=OuterRef("round") + 1)
    orders = source.limited(cases, period).annotate(
        reopened=Subquery(next_round.values("began_at")[:1]),
        merged=Subquery(
            Case.objects.filter(pk=OuterRef("case"), state=Case.State.MERGED).values("ended_at")[:1]
        ),
        split=Exists(Case.objects.filter(pk=OuterRef("case"), split_from__isnull=False)),
    )
    rows = orders.values_list("unit", "case", "due_at", "answered_at", "reopened", "merged", "split")
    return [
        Handled(str(unit), str(case), due, answered, reopened, merged, split)
        for unit, case, due, answered, reopened, merged, split in rows.iterator()
    ]


def _said(cases: QuerySet[Case], period: Period) -> list[Said]:
    """Ratings by the person who gave them, where it is known who that is."""
    rows = source.ratings(cases, period).filter(judged__isnull=False)
    columns = ("judged", "case", "contacted", "solved", "satisfied", "party__person")
    return [
        Said(str(unit), str(case), (contacted, solved, satisfied), str(person or ""))
        for unit, case, contacted, solved, satisfied, person in rows.values_list(*columns).iterator()
    ]


def _left_out(cases: QuerySet[Case], period: Period) -> list[LeftOut]:
    """What is left out of the period's orders, and whose hands it went through."""
    due = source.limited(cases, period).filter(case=OuterRef("case"), unit=OuterRef("unit"))
    rows = Omission.objects.filter(Exists(due), state=Omission.State.APPROVED)
    hands = rows.values_list(
        "unit", "case", F("proposed_by__user"), F("first_by__user"), F("decided_by__user")
    )
    return [
        LeftOut(str(unit), str(case), tuple(str(hand) for hand in people if hand is not None))
        for unit, case, *people in hands
    ]
