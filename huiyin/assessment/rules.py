"""Which rule is in force when, and the periods and targets that go with it."""

from datetime import date

from django.utils.translation import gettext as _

from huiyin.assessment.models import Rule, Target
from huiyin.assessment.periods import Kind, NotAPeriod, Period, holding, period_of
from huiyin.kernel.refusals import Refused

LARGEST_KEY = 2**63  # of a row; a database refuses to be asked for more


class NoRule(Refused):
    """No rule was in force then."""


def rule_on(day: date) -> Rule:
    """The rule in force on a day. Raises NoRule."""
    rule = Rule.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    if rule is None:
        raise NoRule(
            _("%(day)s 还没有生效的考核规则。") % {"day": day.isoformat()},
            code="no_rule",
            instead=_("请在资料的 assessment.toml 里写上规则，再运行 huiyin profile load。"),
        )
    return rule


def rule_of(period: Period) -> Rule:
    """The rule by which a period is judged, whatever came later: in force on the 1st of its first month. Raises NoRule.

    Which day of the month its months begin on is itself a word of the rule, so that it cannot be asked for here.
    """
    return rule_on(period_of(period.code).first)


def current(day: date, kind: Kind) -> Period:
    """The period in which a day lies, as the rule of that day cuts months. Raises NoRule."""
    rule = rule_on(day)
    return holding(day, kind, opens=rule.month_begins, hour=rule.day_begins)


def named(code: str, today: date) -> Period:
    """The period of a code, cut as its own rule cuts it. Raises NotAPeriod, also for one to come, and NoRule."""
    plain = period_of(code)
    rule = rule_on(plain.first)
    period = period_of(code, opens=rule.month_begins, hour=rule.day_begins)
    if period.first > today:
        raise NotAPeriod(code)
    return period


def proposed() -> list[Rule]:
    """The rules that nobody has switched on yet, the newest first."""
    return list(Rule.objects.filter(valid_from=None).order_by("-pk"))


def versions() -> list[Rule]:
    """Every rule that is, was or will be in force, the latest first."""
    return list(
        Rule.objects.exclude(valid_from=None).select_related("switched_on_by").order_by("-valid_from")
    )


def targets(year: int) -> dict[tuple[int, str], Target]:
    """What units have promised for a year, by unit and measure."""
    return {(row.unit_id, row.measure): row for row in Target.objects.filter(year=year)}


def numbered(key: int) -> Rule | None:
    """The rule of this key; None for a key that there cannot be."""
    return Rule.objects.select_related("switched_on_by").filter(pk=key).first() if key < LARGEST_KEY else None
