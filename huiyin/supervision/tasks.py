"""Standing tasks of this room, run by the worker."""

from contextlib import suppress
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from huiyin.cases import reminding, states
from huiyin.cases.actions import remind
from huiyin.cases.models import Case, Promise, Reminder
from huiyin.deadlines.queries import work_calendar
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from huiyin.organisation.succession import answering_for
from huiyin.supervision import marks
from huiyin.supervision.models import OPEN, Proposal, Rung
from huiyin.supervision.rules import ProposalRule, ReminderRule, proposal_rules, reminder_rules

AT_ONCE = 200


def remind_by_rule() -> int:
    """Remind whose turn it is of every case that bears a mark of the place's rules; returns how many.

    On working days only, once a round and rule (of a promise, once for each day that it names), and not while another
    reminder waits: the first rung is the only one that a machine climbs by itself. Safe to be killed anywhere: each
    reminder is an act of its own, and what has been given is not looked at again.
    """
    today = clock.local_date(clock.now())
    if not work_calendar().is_working(today):
        return 0
    return sum(_remind(rule, asked, today) for rule in reminder_rules() for asked in _due(rule, today))


class _Asked(NamedTuple):
    """A case to be reminded of: the unit that is to act, and the promise that it has not kept where that is why."""

    case: Case
    unit: Unit | None
    promise: Promise | None = None


def _due(rule: ReminderRule, today: date) -> list[_Asked]:
    """The first that can be reminded of by the rule: those reminded a breath ago must not stand before them."""
    if rule.mark == marks.PROMISE_PASSED:
        return _owing(today)
    bearing = (_Asked(case, case.holder_unit) for case in _bearing(rule).iterator() if _rested(case, today))
    return list(islice(bearing, AT_ONCE))


def _owing(today: date) -> list[_Asked]:
    """The first broken promises, each with the unit that owes it.

    A unit for which a reminder waits in the case is left until it acted: it hears of one promise after the other.
    """
    unkept = _unkept()
    given = Reminder.objects.filter(state=Reminder.State.GIVEN, case__in=unkept.order_by().values("case"))
    taken = {(case, answering_for(unit, day=today)) for case, unit in given.values_list("case", "unit")}
    found: list[Promise] = []
    for row in unkept.annotate(last=_last("case")).iterator():
        owing = (row.case_id, answering_for(row.unit_id, day=today))
        if owing not in taken and _rested(row, today):
            taken.add(owing)
            found.append(row)
        if len(found) == AT_ONCE:
            break
    units = reminding.owing_units(found)
    return [_Asked(row.case, unit, row) for row, unit in zip(found, units, strict=True)]


def _unkept() -> QuerySet[Any]:
    """The promises past their day, of open matters and of those that have ended, of which no rule has reminded.

    What lapsed does not count: the matter rested, and nobody had to act.
    """
    heard = Reminder.objects.filter(promise=OuterRef("pk")).exclude(state=Reminder.State.LAPSED)
    rows = Promise.objects.filter(marks.unkept(), ~Exists(heard)).exclude(case__state=states.Case.SUSPENDED)
    return rows.select_related("case", "unit").order_by("due_on", "pk")


def _rested(row: Any, today: date) -> bool:
    """Whether the case of this row can be reminded of again, whoever reminded of it last."""
    return row.last is None or not reminding.in_the_gap(row.last, today)


def _last(case: str) -> Subquery:
    """The moment at which the case at the end of this path was reminded of last, by whomever."""
    given = Reminder.objects.filter(case=OuterRef(case)).order_by("-given_at")
    return Subquery(given.values("given_at")[:1])


def _bearing(rule: ReminderRule) -> QuerySet[Any]:
    """The cases with the mark that nobody was reminded of by this rule in the round that runs.

    Each with the moment at which it was reminded of `last`, by whomever.
    """
    before = Reminder.objects.filter(case=OuterRef("pk"), round=OuterRef("round"), rule=rule.mark)
    # What was asked about a promise can wait for long, and keeps nobody from hearing of another thing.
    waits = Reminder.objects.filter(case=OuterRef("pk"), state=Reminder.State.GIVEN, promise=None)
    free = Q(reminded_until=None) | ~Exists(waits)
    waiting = Case.objects.filter(marks.marked(rule.mark), free, state__in=states.Case.OPEN)
    awake = waiting.exclude(state=states.Case.SUSPENDED)
    unheard = awake.filter(~Exists(before)).annotate(last=_last("pk"))
    return unheard.select_related("holder_unit").order_by("due_at", "pk")


def _remind(rule: ReminderRule, asked: _Asked, today: date) -> bool:
    """Whether the reminder was given; what somebody settled, or reminded of, a breath before is left."""
    if asked.unit is None:
        return False
    with suppress(Refused):
        remind(
            asked.case,
            by=Actor.system("worker"),
            unit=asked.unit,
            text=rule.words,
            act_by=work_calendar().add_working_days(today, rule.days),
            rule=rule.mark,
            promise=asked.promise,
        )
        return True
    return False


# -- proposals -----------------------------------------------------------------------------------------------
def propose_by_rule() -> int:
    """Propose a rung for every case that bears a mark of the place's rules, once a round and rule; returns how many.

    What the rules propose no more (the mark is gone, the case has ended) lapses. A machine goes no further: a named
    person signs. Safe to be killed anywhere, and to run twice at once.
    """
    rules = proposal_rules()
    for rule in rules:
        _let_lapse(rule)
    return sum(_propose(rule, case) for rule in rules for case in _unproposed(rule)[:AT_ONCE])


def _let_lapse(rule: ProposalRule) -> None:
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING, rule=rule.mark, kind=rule.kind)
    borne = Case.objects.filter(marks.marked(rule.mark), pk=OuterRef("case"), round=OuterRef("round"))
    waiting.filter(~Exists(borne)).update(state=Proposal.State.LAPSED, decided_at=clock.now())


def _unproposed(rule: ProposalRule) -> QuerySet[Case]:
    """The cases with the mark of which nobody has decided or been asked in the round that runs."""
    asked = Proposal.objects.filter(
        case=OuterRef("pk"), round=OuterRef("round"), kind=rule.kind, rule=rule.mark
    )
    signed = Rung.objects.filter(case=OuterRef("pk"), kind=rule.kind, state__in=OPEN)
    borne = Case.objects.filter(marks.marked(rule.mark)).filter(~Exists(asked), ~Exists(signed))
    return borne.only("pk", "round").order_by("due_at", "pk")


def _propose(rule: ProposalRule, case: Case) -> bool:
    """Whether it was proposed; another worker may have been quicker."""
    row = Proposal(case=case, round=case.round, kind=rule.kind, rule=rule.mark, proposed_at=clock.now())
    with suppress(IntegrityError), transaction.atomic():
        row.save()
        return True
    return False
