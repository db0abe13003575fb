"""huiyin figures: every figure of the catalogue, with n, interval and definition, counted from the live data."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Any

from rich.console import Console
from rich.table import Table

from huiyin.cli.frame import EXIT
from huiyin.cli.histories.elsewhere import go_to, require_loaded
from huiyin.cli.output import add_json, as_json
from huiyin.cli.words import _
from huiyin.kernel.refusals import Refused

NAME = "figures"
HELP = _("各项指标：数值、分母、区间和定义；全部或一段时间，可按地区、单位、类别、月份分开")
SETUP = False  # `--profile` chooses the data before Django reads its settings
BY = (
    "region", "unit", "category", "month", "nature", "channel", "door", "quarter", "year", "assessed",
    "region:county", "region:community", "region:grid", "category:top",
)  # fmt: skip
SHOWN = (
    "received",
    "concluded",
    "conclusion_rate",
    "answered",
    "median_days",
    "on_time_rate",
    "satisfaction_rate",
)
DECIMALS = {"days": 2, "rate": 4}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The place, the period, the cut, and the form."""
    parser.add_argument("--profile", default="", metavar="NAME", help=_("哪份资料的数据；不写是本系统的"))
    parser.add_argument("--from", dest="since", type=_day, metavar="YYYY-MM-DD", help=_("从这天起收到的"))
    parser.add_argument(
        "--to", dest="until", type=_day, metavar="YYYY-MM-DD", help=_("到这天为止收到的，含当日")
    )
    parser.add_argument("--by", default="", choices=BY, metavar="|".join(BY[:4]), help=_("按什么分开"))
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
    go_to(options.profile)
    require_loaded(options.profile)
    found = gathered(options.since, options.until, options.by)
    if options.json:
        print(as_json(found))
    else:
        show(found, Console(file=sys.stdout))
    return EXIT.DONE


def gathered(since: date | None, until: date | None, by: str) -> dict[str, Any]:
    """All figures of the period, ready for JSON: by their names, and with `by` once more for each row."""
    asking, catalogue, snapshot = (
        import_module(f"huiyin.analytics.{room}") for room in ("asking", "catalogue", "snapshot")
    )
    with snapshot.live() as (star, checkpoint):
        question = asking.Question(checkpoint.moment, since=since, until=until)
        [whole] = asking.ask(star, catalogue.FIGURES, question)
        rows = asking.every(star, catalogue.FIGURES, question, by=by) if by else []
        bounds = asking.median_bounds(star, question)
    told = {
        "from": since,
        "to": until,
        "as_of": checkpoint.moment,
        "reports": "left out",
        **{name: _defined(catalogue.FIGURES[name], found) for name, found in whole.figures.items()},
    }
    told["median_days"]["interval"] = _ends(bounds.get(""), "days")
    if by:
        told |= {"by": by, "rows": [_row(line, catalogue.FIGURES) for line in rows]}
    return told


def _defined(figure: Any, found: Any) -> dict[str, Any]:
    """A figure in numbers and words."""
    words = {
        name: str(getattr(figure, name)) for name in ("title", "definition", "unit", "denominator", "basis")
    }
    return {"kind": figure.kind, **_numbers(figure, found), **words}


def _numbers(figure: Any, found: Any) -> dict[str, Any]:
    numbers = {
        "value": _rounded(found.value, figure.kind),
        "n": found.n,
        "interval": _ends(found.interval, figure.kind),
    }
    if found.share is not None:
        numbers |= {
            "share": _rounded(found.share, "rate"),
            "share_interval": _ends(found.share_interval, "rate"),
        }
    return numbers


def _row(line: Any, known: Any) -> dict[str, Any]:
    figures = {name: _numbers(known[name], found) for name, found in line.figures.items()}
    return {"key": line.key, "name": line.name, "figures": figures}


def _rounded(value: Any, kind: str) -> Any:
    return value if value is None or kind not in DECIMALS else round(value, DECIMALS[kind])


def _ends(ends: Sequence[Any] | None, kind: str) -> list[Any] | None:
    return None if ends is None else [_rounded(end, kind) for end in ends]


# -- for a person --------------------------------------------------------------------------------------------
def show(found: dict[str, Any], console: Console) -> None:
    """The figures as a table, and one row for each part where they are asked for by something."""
    table = Table(title=_("各项指标"))
    for head in (_("指标"), _("数值"), _("95% 区间"), "n"):
        table.add_column(head, justify="left" if head == _("指标") else "right")
    figures = [each for each in found.values() if isinstance(each, dict)]
    for each in figures:
        table.add_row(each["title"], _value(each), _interval(each), f"{each['n']:,}")
    console.print(table)
    for each in figures:
        words = _("{title}：{definition}（{unit}；n：{denominator}；{basis}）")
        console.print(words.format(**each), soft_wrap=True)
    console.print(_("不含举报。举报的件数只有看得到举报的人在页面上能查到。"), soft_wrap=True)
    if found.get("rows"):
        console.print(_cut(found))
    elif "rows" in found:
        console.print(_("这段时间没有收到诉求，分不出行。"))


def _cut(found: dict[str, Any]) -> Table:
    table = Table(title=_("分开统计"))
    table.add_column("")
    for name in SHOWN:
        table.add_column(found[name]["title"], justify="right")
    for row in found["rows"]:
        named = {name: {**found[name], **row["figures"][name]} for name in SHOWN}
        table.add_row(row["name"] or "–", *(_value(each) for each in named.values()))
    return table


def _value(each: dict[str, Any]) -> str:
    value = each["value"]
    if value is None:
        return "–"
    if "share" in each and 0 < each["share"] < 1:
        return f"{value:,}（{each['share']:.1%}）"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.1%}" if _is_share(each) else f"{value:,.2f}"


def _interval(each: dict[str, Any]) -> str:
    ends = each["interval"]
    if ends is None:
        return "–"
    if isinstance(each["value"], int):
        return _("全数")
    return f"{ends[0]:.1%} – {ends[1]:.1%}" if _is_share(each) else f"{ends[0]:,.2f} – {ends[1]:,.2f}"


def _is_share(each: dict[str, Any]) -> bool:
    return each["kind"] == "rate"
