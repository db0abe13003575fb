"""A rule of assessment is proposed, looked at against last year, and switched on by a named person from a date."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from secrets import token_hex

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin import ledger
from huiyin.accounts.roles import OVERSIGHT, Role
from huiyin.assessment.models import Rule
from huiyin.assessment.rules import rule_on
from huiyin.cases.words import required
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.queries import today

PATTERN = ("contacted", "solved", "satisfied", "k", "fewest")


@transaction.atomic
def propose_rule(
    *, by: Actor, name: str, basis: str, weights: dict[str, int], k: Decimal, fewest: int, once: str = ""
) -> Rule:
    """Draft the next rule after the one in force: other weights, another k or minimum; all else stays as it is.

    `once` (32 hexadecimal digits) names the form: sent again, it is the rule that was drafted before. Raises
    Refused for weights that are all nought, or when nothing would change.
    """
    if by.role not in OVERSIGHT:
        raise PermissionDenied(_("考核规则由督办和领导拟定。"))
    now = rule_on(today())
    said, ground = required(name, _("名称"), most=60), required(basis, _("依据"), most=200)
    if not sum(weights.values()):
        raise Refused(_("三个权重不能都是 0。"), code="weights")
    drafted = {**weights, "k": k, "fewest": fewest}
    if all(getattr(now, part) == drafted[part] for part in PATTERN):
        raise Refused(_("和现行规则一样，没有要改的。"), code="same")
    rule, made = Rule.objects.get_or_create(
        code=f"drafted-{once or token_hex(16)}",
        defaults={
            "name": said,
            "basis": ground,
            "month_begins": now.month_begins,
            "day_begins": now.day_begins,
            "measures": now.measures,
            **drafted,
        },
    )
    if not made:
        return rule
    _record(rule, "propose_rule", by, {})
    return rule


@transaction.atomic
def switch_on(rule: Rule, *, by: Actor, day: date) -> Rule:
    """Put a rule into force from the first day of a month to come; what went before keeps the rule it had.

    A named leader does it. Raises Refused for a rule in force, a day that has come or begins no month, a day that
    another rule has, and a new beginning of months in mid-year.
    """
    if by.role != Role.LEADER:
        raise PermissionDenied(_("考核规则由领导签发启用。"))
    rows = {row.pk: row for row in Rule.objects.select_for_update().order_by("pk")}
    row = rows[rule.pk]
    if row.valid_from is not None:
        raise Refused(_("这条规则已经启用过了。"), code="switched_on")
    if day <= today() or day.day != 1:
        raise Refused(_("规则只能从以后某个月的 1 日起生效；已经开始的月份按原来的规则算。"), code="day")
    if any(each.valid_from == day for each in rows.values()):
        raise Refused(_("这一天已经有另一条规则生效。请换一个月。"), code="taken")
    _require_same_months(row, day, rows.values())
    row.valid_from, row.switched_on_by, row.switched_on_at = day, by.post, by.when()
    row.save()
    _record(row, "switch_on_rule", by, {"from": day.isoformat()})
    return row


def _require_same_months(row: Rule, day: date, rows: Iterable[Rule]) -> None:
    """Months that begin on another day overlap with those before: only once, at the turn of a year.

    So neither this rule may begin them otherwise in mid-year, nor the one that follows it.
    """
    dated = sorted(((each.valid_from, each) for each in rows if each.valid_from), key=lambda pair: pair[0])
    before = [each for began, each in dated if began <= day][-1:]
    after = [(began, each) for began, each in dated if began > day][:1]
    cut = row.month_begins, row.day_begins
    turns = [(day, each) for each in before] + after
    if any((each.month_begins, each.day_begins) != cut and began.month != 1 for began, each in turns):
        raise Refused(_("考核月从哪一天算起，只能从 1 月 1 日起改，免得同一年里的两期重叠。"), code="months")


def _record(rule: Rule, act: str, by: Actor, more: dict[str, str]) -> None:
    """What the rule says stands in the ledger, so that nobody can say later that it was another one."""
    content = {part: str(getattr(rule, part)) for part in (*PATTERN, "month_begins", "day_begins")}
    ledger.record(
        f"rule:{rule.pk}",
        act,
        actor=by.name,
        occurred_at=by.when(),
        facts={"code": rule.code, **content, **more},
    )
