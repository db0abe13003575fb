"""huiyin period: a month's public figures, frozen when they are published, and corrected in the open."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from huiyin.analytics import freezing
from huiyin.analytics.catalogue import FIGURES
from huiyin.cli.frame import EXIT
from huiyin.cli.months import add_verbs
from huiyin.cli.output import as_json
from huiyin.organisation.actors import Actor

NAME = "period"
HELP = _("月度数字：定稿、更正、看现在的数和公布的差多少")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Freeze, revise or show."""
    sentences = {
        "freeze": _("把一个月的数字定稿，以后不再跟着数据变"),
        "revise": _("按现在的数据更正，写明原因"),
        "show": _("公布的数字，和现在已经不同的"),
    }
    add_verbs(parser, sentences, reason=_("更正的原因，会公布"))


def run(options: argparse.Namespace) -> int:
    """Do it, then show the month; 1 where what is published is no longer what is counted."""
    by = Actor.system("period")
    if options.verb == "freeze":
        freezing.freeze(options.month, by=by)
    if options.verb == "revise":
        freezing.revise(options.month, by=by, reason=options.reason)
    found = gathered(options.month)
    print(as_json(found) if options.json else "\n".join(lines(found)))
    return EXIT.PROBLEMS if found["changed"] else EXIT.DONE


def gathered(month: str) -> dict[str, Any]:
    """The revision that holds, and what has changed since."""
    changes = freezing.changes(month)  # refuses a month that is not frozen
    row = freezing.latest(month)
    assert row is not None  # noqa: S101 — or the line above had refused
    return {
        "period": row.period,
        "revision": row.revision,
        "frozen_at": row.frozen_at,
        "as_of": row.as_of,
        "ledger_position": row.position,
        "reason": row.reason,
        "figures": {name: _told(found) for name, found in freezing.found_in(row).items()},
        "changed": {
            each.name: {"published": each.published.value, "now": each.now.value} for each in changes
        },
        "as_in_ledger": row not in freezing.tampered(),
    }


def _told(found: Any) -> dict[str, Any]:
    return {"value": found.value, "n": found.n, "interval": found.interval}


def lines(found: dict[str, Any]) -> list[str]:
    """The month for a person."""
    head = _("%(period)s，第 %(revision)d 次，%(frozen_at)s，账本第 %(ledger_position)d 条") % found
    rows = [
        f"{FIGURES[name].title}：{_number(each['value'])}（n = {each['n']}）"
        for name, each in found["figures"].items()
    ]
    changed = [
        _("现在不同：%(title)s，公布 %(published)s，现在 %(now)s")
        % {"title": FIGURES[name].title, **{side: _number(value) for side, value in each.items()}}
        for name, each in found["changed"].items()
    ]
    wrong = [] if found["as_in_ledger"] else [_("这一行和账本里记的不一样，请查：huiyin ledger verify")]
    return [head, *([found["reason"]] if found["reason"] else []), *rows, *changed, *wrong]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"
