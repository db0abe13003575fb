"""The measures once more, by the database's own words: what the catalogue's figures are held against."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)

from huiyin.assessment.models import Measure, Omission, Rule
from huiyin.assessment.periods import Period
from huiyin.assessment.source import Cell, Counted
from huiyin.cases.models import Answer, Case, Objection, Order, Round
from huiyin.evaluation.models import COUNTS, Rating
from huiyin.kernel import clock

BY_DISPATCH = (Order.State.REPLACED, Order.State.CANCELLED, Order.State.SUCCEEDED)
REDO = (Round.Cause.REVIEW, Round.Cause.UNSOLVED)


def counted(cases: QuerySet[Case], period: Period, rule: Rule) -> Counted:
    """All measures of all units in a period, from these cases, by this rule. Four questions to the database."""
    found: dict[tuple[int, str], list[Cell]] = defaultdict(list)
    for unit, measure, cell in (
        *_rated(cases, period, rule),
        *_due(cases, period),
        *_sent(cases, period),
        *_answered(cases, period),
    ):
        if unit is not None and cell.n:
            found[unit, measure].append(cell)
    return found


# -- ratings ------------------------------------------------------------------------------------------------
def ratings(cases: QuerySet[Case], period: Period) -> QuerySet[Rating]:
    """The valid ratings given in a period, each with `judged`, the unit that answered; of a merged matter its parent's.

    By the time at which they were given: a rating that comes late belongs to the period in which it comes. A period
    that is over only loses one when its giver says that it was pressed out of them (`Rating.set_aside`).
    """
    begins, ends = period.bounds(clock.zone())
    given = Rating.objects.filter(COUNTS, case__in=_keys(cases), at__gte=begins, at__lt=ends)
    return given.annotate(judged=F("unit"))


def _rated(cases: QuerySet[Case], period: Period, rule: Rule) -> Iterable[tuple[int | None, str, Cell]]:
    rows = (
        ratings(cases, period)
        .annotate(omitted=_omitted("judged"), category=F("case__category"))
        .order_by()
        .values("judged", "category", "omitted")
        .annotate(
            n=Count("pk"),
            reached=Count("pk", filter=Q(contacted=True)),
            settled=Count("pk", filter=Q(solved=Rating.Solved.YES)),
            content=Count("pk", filter=Q(satisfied__gte=Rating.Satisfied.SATISFIED)),
            fairly=Count("pk", filter=Q(satisfied=Rating.Satisfied.FAIR)),
            first=Count("pk", filter=Q(solved=Rating.Solved.YES, round=1)),
        )
    )
    for row in rows:
        satisfied = row["content"] + float(rule.k) * row["fairly"]
        parts = {"contacted": row["reached"], "solved": row["settled"], "satisfied": satisfied}
        whole = sum(rule.weights[name] * parts[name] for name in parts) / sum(rule.weights.values())
        goods = {**parts, Measure.COMPOSITE: whole, Measure.FIRST_TIME: row["first"]}
        for measure, good in goods.items():
            yield row["judged"], str(measure), Cell(row["category"], row["omitted"], good, row["n"])


# -- orders -------------------------------------------------------------------------------------------------
def due(cases: QuerySet[Case], period: Period) -> QuerySet[Order]:
    """The leading orders whose limit lies in a period, and that were answered or are overdue; `good`: in time."""
    begins, ends = period.bounds(clock.zone())
    judged = Q(answered_at__isnull=False) | Q(due_at__lt=clock.now())
    led = _led(cases).filter(judged, due_at__gte=begins, due_at__lt=ends).exclude(state__in=BY_DISPATCH)
    return led.annotate(is_good=_is(Q(answered_at__isnull=False, clock__late=False)))


def sent(cases: QuerySet[Case], period: Period) -> QuerySet[Order]:
    """The leading orders sent out in a period, with `objected`: whether their unit objected."""
    begins, ends = period.bounds(clock.zone())
    led = _led(cases).filter(sent_at__gte=begins, sent_at__lt=ends).exclude(state=Order.State.CANCELLED)
    return led.annotate(objected=Exists(Objection.objects.filter(order=OuterRef("pk"))))


def _led(cases: QuerySet[Case]) -> QuerySet[Order]:
    return Order.objects.filter(case__in=_keys(cases), part=Order.Part.LEAD)


def _due(cases: QuerySet[Case], period: Period) -> Iterable[tuple[int | None, str, Cell]]:
    rows = _grouped(due(cases, period)).annotate(n=Count("pk"), good=Count("pk", filter=Q(is_good=True)))
    for row in rows:
        yield row["unit"], Measure.ON_TIME.value, Cell(row["category"], row["omitted"], row["good"], row["n"])


def waited() -> Q:
    """The condition that an order was signed for, or that the time for it is over."""
    return Q(signed_at__isnull=False) | Q(objection_until__lt=clock.now())


IN_TIME = Q(signed_by__isnull=False, signed_at__lte=F("objection_until"))


def _sent(cases: QuerySet[Case], period: Period) -> Iterable[tuple[int | None, str, Cell]]:
    rows = _grouped(sent(cases, period)).annotate(
        n=Count("pk"),
        objections=Count("pk", filter=Q(objected=True)),
        waited=Count("pk", filter=waited()),
        signed=Count("pk", filter=IN_TIME),
    )
    for row in rows:
        where = row["category"], row["omitted"]
        yield row["unit"], Measure.SIGNED.value, Cell(*where, row["signed"], row["waited"])
        yield row["unit"], Measure.RETURNED.value, Cell(*where, row["objections"], row["n"])


# -- answers ------------------------------------------------------------------------------------------------
def answers(cases: QuerySet[Case], period: Period) -> QuerySet[Answer]:
    """The answers given in a period, with `redone` and `again`: what came after it in the next round."""
    begins, ends = period.bounds(clock.zone())
    led = Q(order=None) | Q(order__part=Order.Part.LEAD)
    given = Answer.objects.filter(led, case__in=_keys(cases), given_at__gte=begins, given_at__lt=ends)
    later = Round.objects.filter(case=OuterRef("case"), number=OuterRef("round") + 1)
    returned = Q(state=Answer.State.RETURNED)
    return given.annotate(
        redone=_is(returned | Q(Exists(later.filter(cause__in=REDO)))),
        again=Exists(later.filter(cause=Round.Cause.REOPENED)),
    )


def _answered(cases: QuerySet[Case], period: Period) -> Iterable[tuple[int | None, str, Cell]]:
    rows = _grouped(answers(cases, period)).annotate(
        n=Count("pk"),
        undone=Count("pk", filter=Q(redone=True)),
        reopened=Count("pk", filter=Q(again=True)),
    )
    for row in rows:
        where = row["category"], row["omitted"]
        yield row["unit"], Measure.REDONE.value, Cell(*where, row["undone"], row["n"])
        yield row["unit"], Measure.REPEATED.value, Cell(*where, row["reopened"], row["n"])


# -- shared -------------------------------------------------------------------------------------------------
def _grouped(rows: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    named = rows.annotate(omitted=_omitted("unit"), category=F("case__category"))
    return named.order_by().values("unit", "category", "omitted")


def _omitted(unit: str) -> Exists:
    """Whether the case of a row, or the one it is merged into, is left out of this unit's figures."""
    same = Q(case=OuterRef("case")) | Q(case=OuterRef("case__parent"))
    return Exists(Omission.objects.filter(same, unit=OuterRef(unit), state=Omission.State.APPROVED))


def _is(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _keys(cases: QuerySet[Case]) -> Any:
    return cases.order_by().values("pk")
