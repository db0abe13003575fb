"""huiyin assessment: a month by which units are assessed, closed when its days are over, corrected with a reason."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from huiyin.assessment import closing, rules
from huiyin.assessment.models import ClosedMonth
from huiyin.assessment.periods import Kind, NotAPeriod, Period
from huiyin.cli.frame import EXIT
from huiyin.cli.months import add_verbs
from huiyin.cli.output import as_json
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.queries import today

NAME = "assessment"
HELP = _("考核的月份：定稿、更正、看定了哪些")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Close, revise or show."""
    sentences = {
        "close": _("把一个月的考核定稿，以后不再跟着数据变"),
        "revise": _("按现在的数据更正，写明原因"),
        "show": _("一个月的考核定稿和更正过几次"),
    }
    add_verbs(parser, sentences, reason=_("更正的原因，看考核的人都看得到"))


def run(options: argparse.Namespace) -> int:
    """Do it, then show the month; 1 where a row is not what the ledger says."""
    month, by = _month(options.month), Actor.system("assessment")
    if options.verb == "close":
        closing.close(month, by=by)
    if options.verb == "revise":
        closing.revise(month, by=by, reason=options.reason)
    wrong = {row.pk for row in closing.tampered()}
    found = [_told(row, row.pk not in wrong) for row in closing.revisions(month)]
    print(as_json({"period": month.code, "revisions": found}) if options.json else _lines(month, found))
    return EXIT.DONE if all(each["as_in_ledger"] for each in found) else EXIT.PROBLEMS


def _month(code: str) -> Period:
    """The month of a code. Raises Refused for anything else, and for one to come."""
    try:
        found = rules.named(code, today())
    except NotAPeriod as fault:
        raise Refused(_("月份写成 2026-10 的样子，不能是以后的月份。"), code="period") from fault
    if found.kind is not Kind.MONTH:
        raise Refused(_("考核按月定稿；季度和年由各月合成。"), code="period")
    return found


def _told(row: ClosedMonth, as_in_ledger: bool) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "closed_at": row.closed_at,
        "as_of": row.as_of,
        "ledger_position": row.position,
        "reason": row.reason,
        "as_in_ledger": as_in_ledger,
    }


def _lines(month: Period, found: list[dict[str, Any]]) -> str:
    if not found:
        return _("%(period)s 的考核还没有定稿。") % {"period": month.code}
    said = _("%(period)s，第 %(revision)d 次，%(closed_at)s，账本第 %(ledger_position)d 条")
    wrong = _("这一行和账本里记的不一样，请查：huiyin ledger verify")
    lines = []
    for each in found:
        parts = [said % {"period": month.code, **each}, each["reason"], "" if each["as_in_ledger"] else wrong]
        lines.append("  ".join(part for part in parts if part))
    return "\n".join(lines)
