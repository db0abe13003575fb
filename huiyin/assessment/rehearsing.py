"""A rule looked at before it is switched on: what it would have made of a period that is past, beside what was."""

from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.assessment.assessing import Reading, assessed
from huiyin.assessment.models import Measure, Rule
from huiyin.assessment.periods import Period
from huiyin.assessment.rules import rule_of
from huiyin.assessment.statistics import UNCOMPARED
from huiyin.organisation.actors import Actor

CHANGES = (Measure.COMPOSITE, Measure.SATISFIED)  # what weights, k and the least number can change


@dataclass(frozen=True)
class Compared:
    """One unit in one measure, by the old rule and by the new one."""

    kind: str
    unit: str
    measure: str
    before: Reading
    after: Reading

    @property
    def moved(self) -> bool:
        """Whether the unit would lie in another band; why it is not compared is none."""
        bands = {self.before.band, self.after.band}
        return len(bands) > 1 and not bands <= UNCOMPARED


@dataclass(frozen=True)
class Rehearsal:
    """A period under both rules, how many units would lie in another band, and what is told (as `Assessed`)."""

    period: Period
    old: str
    lines: Sequence[Compared]
    moved: int
    told: bool
    barred: bool


def rehearse(by: Actor, rule: Rule, period: Period) -> Rehearsal:
    """What a rule would have made of a period; nothing is kept. Raises PermissionDenied, NoRule.

    The period is cut as the rule in force then cut it: a second cut of the same days would tell, beside the first, what
    the people of the odd days said.
    """
    then = rule_of(period)
    before, after = assessed(by, period, rule=then), assessed(by, period, rule=_with_measures(rule, then))
    lines = [
        Compared(one.name, line.name, measure, line.readings[measure], other.readings[measure])
        for one, two in zip(before.groups, after.groups, strict=True)
        for line, other in zip(one.lines, two.lines, strict=True)
        for measure in CHANGES
        if measure in then.measures and _said(line.readings[measure])
    ]
    lines.sort(key=lambda line: not line.moved)  # what changes comes first
    moved = sum(line.moved for line in lines)
    return Rehearsal(period, str(then), lines, moved, told=before.told, barred=before.barred)


def _with_measures(rule: Rule, then: Rule) -> Rule:
    """The rule with what the other shows, so that both can be laid side by side; never saved."""
    shown = list(dict.fromkeys([*then.measures, *rule.measures]))
    values = {
        name: getattr(rule, name)
        for name in ("code", "name", "contacted", "solved", "satisfied", "k", "fewest")
    }
    return Rule(
        **values, basis=rule.basis, measures=shown, month_begins=then.month_begins, day_begins=then.day_begins
    )


def _said(reading: Reading) -> bool:
    """Whether there is anything to compare, or it is kept back."""
    return reading.kept is None or reading.kept.n > 0
