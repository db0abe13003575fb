"""huiyin stats: the figures of this installation, the same as on its pages."""

import argparse
import sys
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from huiyin.analytics import figures
from huiyin.cases.access import visible
from huiyin.cases.models import Case
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

NAME = "stats"
HELP = _("件数、答复用时、按期率：全部或一段时间")
REPORT = Case.Nature.REPORT  # left out: what is printed here is hung up and sent round (decision 0018)
DECIMALS = 2  # of days; shares have four


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The period, and the form."""
    parser.add_argument("--from", dest="since", type=_day, metavar="YYYY-MM-DD", help=_("从这天起收到的"))
    parser.add_argument(
        "--to", dest="until", type=_day, metavar="YYYY-MM-DD", help=_("到这天为止收到的，含当日")
    )
    add_json(parser)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("日期写成 2026-11-05 的样子。")) from None


def run(options: argparse.Namespace) -> int:
    """Print the figures."""
    if options.since and options.until and options.since > options.until:
        raise Refused(_("开始日期晚于结束日期。"), code="period")
    found = gathered(options.since, options.until)
    if options.json:
        print(as_json(found))
    else:
        show(found, Console(file=sys.stdout))
    return EXIT.DONE


def gathered(since: date | None, until: date | None) -> dict[str, Any]:
    """All figures of the period, ready for JSON."""
    cases = figures.within(visible(Actor.system("stats")).exclude(nature=REPORT), since, until)
    on_time = figures.on_time(cases)
    return {
        "from": since,
        "to": until,
        "as_of": clock.now(),
        "reports": "left out",
        **_rounded(asdict(figures.totals(cases))),
        "on_time_rate": _share(on_time.rate),
        "on_time": {
            "on_time": on_time.on_time,
            "n": on_time.n,
            "interval_95": [_share(end) for end in on_time.interval] if on_time.interval else None,
            "extended": on_time.extended,
        },
        "on_time_policy": [asdict(policy) for policy in on_time.policies],
        "by_nature": [_rounded(asdict(row)) for row in figures.by_nature(cases)],
        "by_door": [_rounded(asdict(row)) for row in figures.by_door(cases)],
        "by_unit": [_rounded(asdict(row)) for row in figures.by_unit(cases)],
        "by_month": [_rounded(asdict(row)) for row in figures.by_month(cases)],
    }


def _rounded(figures_of_it: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, DECIMALS) if isinstance(value, float) else value
        for name, value in figures_of_it.items()
    }


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def show(found: dict[str, Any], console: Console) -> None:
    """The figures as tables for a person."""
    table = Table(title=_("总计"), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in _lines(found):
        table.add_row(name, value)
    console.print(table)
    console.print(_("不含举报。举报的件数只有看得到举报的人在页面上能查到。"), soft_wrap=True)
    for policy in found["on_time_policy"]:
        console.print(_("按期依据：%(limit)s，%(basis)s（%(n)d 次）") % policy, soft_wrap=True)
    for title, key in (
        (_("按性质"), "by_nature"),
        *([(_("按窗口"), "by_door")] if found["by_door"] else []),
        (_("按答复单位"), "by_unit"),
        (_("按收到月份"), "by_month"),
    ):
        console.print(_table(title, found[key]))


def _lines(found: dict[str, Any]) -> list[tuple[str, str]]:
    on_time = found["on_time"]
    return [
        (_("件数"), _number(found["cases"])),
        (_("人次"), _number(found["headcount"])),
        (_("已答复"), _number(found["answered"])),
        (_("未办结"), _number(found["open"])),
        (_("已超期"), _number(found["overdue"])),
        (_("答复用时（天）中位数"), _number(found["median_days"])),
        (_("答复用时（天）平均"), _number(found["mean_days"])),
        (_("答复用时（天）最长"), _number(found["max_days"])),
        (_("按期率"), _percent(found["on_time_rate"])),
        (_("按期率的 95%% 区间") % (), _interval(on_time["interval_95"])),
        (_("按期 / 应评次数"), f"{on_time['on_time']:,} / {on_time['n']:,}"),
    ]


def _table(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title)
    table.add_column("")
    for name in (_("件数"), _("人次"), _("已答复"), _("中位天数"), _("平均天数")):
        table.add_column(name, justify="right")
    for row in rows:
        figures_of_it = ("cases", "headcount", "answered", "median_days", "mean_days")
        table.add_row(row["name"], *(_number(row[name]) for name in figures_of_it))
    return table


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _interval(ends: list[float] | None) -> str:
    return "–" if ends is None else f"{ends[0]:.1%} – {ends[1]:.1%}"
