"""Standing tasks of this room, run by the worker."""

from contextlib import suppress
from datetime import date
from itertools import islice
from typing import Any

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
    return sum(
        _remind(rule, case, unit, today) for rule in reminder_rules() for case, unit in _due(rule, today)
    )


def _due(rule: ReminderRule, today: date) -> list[tuple[Case, Unit | None]]:
    """The first cases that can be reminded of by the rule: those reminded a breath ago must not stand before them.

    Each with the unit that is to act: whose turn it is, or who has not kept a promise.
    """
    if rule.mark == marks.PROMISE_PASSED:
        promised = _unkept(rule).iterator()
        bearing = ((row.case, reminding.owing_unit(row), row.last) for row in promised)
    else:
        bearing = ((case, case.holder_unit, case.last) for case in _bearing(rule).iterator())
    waiting = (
        (case, unit) for case, unit, last in bearing if last is None or not reminding.in_the_gap(last, today)
    )
    return list(islice(waiting, AT_ONCE))


def _unkept(rule: ReminderRule) -> QuerySet[Any]:
    """The promises past their day, of open matters and of those that have ended, of which nobody was reminded since.

    Where the unit is no more, the reminder went to the one that followed it.
    """
    of_unit = Q(unit=OuterRef("unit")) | Q(
        Exists(Unit.objects.filter(pk=OuterRef(OuterRef("unit")), successor__isnull=False))
    )
    since = Reminder.objects.filter(of_unit, case=OuterRef("case"), rule=rule.mark)
    rows = Promise.objects.filter(
        marks.unkept(), ~Exists(since.filter(given_at__date__gt=OuterRef("due_on")))
    )
    last = Reminder.objects.filter(case=OuterRef("case")).order_by("-given_at").values("given_at")[:1]
    awake = rows.filter(case__reminded_until=None).exclude(case__state=states.Case.SUSPENDED)
    return awake.annotate(last=Subquery(last)).select_related("case", "unit").order_by("due_on", "pk")


def _bearing(rule: ReminderRule) -> QuerySet[Any]:
    """The cases with the mark that nobody was reminded of by this rule in the round that runs.

    Each with the moment at which it was reminded of `last`, by whomever.
    """
    before = Reminder.objects.filter(case=OuterRef("pk"), round=OuterRef("round"), rule=rule.mark)
    waiting = Case.objects.filter(marks.marked(rule.mark), state__in=states.Case.OPEN, reminded_until=None)
    awake = waiting.exclude(state=states.Case.SUSPENDED)
    last = Reminder.objects.filter(case=OuterRef("pk")).order_by("-given_at").values("given_at")[:1]
    unheard = awake.filter(~Exists(before)).annotate(last=Subquery(last))
    return unheard.select_related("holder_unit").order_by("due_at", "pk")


def _remind(rule: ReminderRule, case: Case, unit: Unit | None, today: date) -> bool:
    """Whether the reminder was given; what somebody settled, or reminded of, a breath before is left."""
    if unit is None:
        return False
    with suppress(Refused):
        remind(
            case,
            by=Actor.system("worker"),
            unit=unit,
            text=rule.words,
            act_by=work_calendar().add_working_days(today, rule.days),
            rule=rule.mark,
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
