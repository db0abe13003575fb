"""Public figures in words: numbers with definition, n and interval, charts with their tables, and the file of both.

What is shown is counted by `analytics.told`; small counts are hidden there, so that no page, chart or file has them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.analytics import figures, told
from huiyin.analytics.catalogue import FIGURES
from huiyin.analytics.told import Line
from huiyin.cases.choices import NATURES
from huiyin.organisation.queries import unit_name
from huiyin.web.components.chart import Bars, Point, Trend
from huiyin.web.components.figure import Figure
from huiyin.web.public import frozen_figures
from huiyin.web.words import dated

HIDDEN = "—"
MOST_BARS = 10  # units drawn; the table has them all


def page() -> dict[str, Any]:
    """Figures, charts and tables, with the moment of counting, in the reader's language."""
    kept = told.to_all()
    found = kept.value
    return {
        "counted_at": found.as_of or kept.at,
        "figures": _figures(found),
        "judged": [
            [each.basis or each.code, _limit(each), _count(each.n or None)] for each in found.on_time.policies
        ],
        "judged_columns": [_head(_("依据")), _head(_("期限")), _number(_("件次"))],
        "months": _by_month(found.months),
        "frozen": frozen_figures.table(found.frozen),
        "bars": [_by_nature(found.natures), _by_unit(found.units)],
        "tables": [
            {"id": name, "caption": caption, "note": _note(name), **_table(head, rows)}
            for name, caption, head, rows in _groups(found)
        ],
    }


def rows() -> tuple[list[str], list[list[Any]]]:
    """Head and rows of the file: everything that the page shows, one number a row, with how it is computed."""
    kept = told.to_all()
    head = [
        _("分组"),
        _("项目"),
        _("指标"),
        _("数值"),
        _("单位"),
        "n",
        _("95% 区间下限"),
        _("95% 区间上限"),
        _("怎么算的"),
        _("定稿"),
    ]
    totals = [
        [_("总计"), "", each.label, each.value, each.unit, each.n, each.low, each.high, each.definition, ""]
        for each in (*_figures(kept.value), _size("people", kept.value.totals.headcount, kept.value))
    ]
    return head, [*totals, *_cells(kept.value), *frozen_figures.cells(kept.value.frozen)]


def _figures(found: told.Told) -> list[Figure]:
    return [*_sizes(found), _rate(found.on_time), *_days(found)]


def _groups(found: told.Told) -> list[tuple[str, str, str, Sequence[tuple[str, Line]]]]:
    """Each table: its name in the address, its caption, the head of its first column, its rows with their names."""
    natures = {str(value): str(label) for value, label in NATURES}
    return [
        ("nature", _("按性质"), _("性质"), [(natures.get(row.key, row.key), row) for row in found.natures]),
        ("unit", _("按答复的单位"), _("单位"), _units(found.units)),
        ("month", _("按收到的月份"), _("月份"), [(row.key, row) for row in reversed(found.months)]),
    ]


def _note(table: str) -> str:
    """What is to be known of one table alone."""
    return (
        _("只含已经答复的；不含指名投诉单位、人员的诉求，所以合计可能比总数少。") if table == "unit" else ""
    )


def _units(rows: Sequence[Line]) -> list[tuple[str, Line]]:
    """The units that are told, and those that are not in one row."""
    shown = [(_unit(row.key), row) for row in rows if row.cases is not None]
    without = [row for row in rows if row.cases is None]
    names = pgettext("between names", "、").join(_unit(row.key) for row in without)
    rest = _("其余：%(units)s") % {"units": names}
    return [*shown, *([(rest, without[0])] if without else [])]


def _unit(code: str) -> str:
    return unit_name(code) if code else "–"


def _cells(found: told.Told) -> Iterator[list[Any]]:
    for _name, caption, _column, lines in _groups(found):
        for name, row in lines:
            for label, value in zip(_measures(), _values(row), strict=True):
                yield [caption, name, label, value, "", "", "", "", "", ""]


# -- numbers -------------------------------------------------------------------------------------------------
def _sizes(found: told.Told) -> list[Figure]:
    totals = found.totals
    people = _("件 · %(people)s 人次") % {"people": f"{totals.headcount:,}"}
    return [
        _size("received", totals.cases, found, unit=people, table="#nature"),
        _size("answered", totals.answered, found, table="#unit"),
        _size("open", totals.open, found),
        _size("overdue", totals.overdue, found),
    ]


def _size(name: str, counted: int, found: told.Told, *, unit: str = "", table: str = "") -> Figure:
    """A count with the n that the catalogue gives it."""
    return Figure(
        label=FIGURES[name].title,
        value=f"{counted:,}",
        unit=unit or FIGURES[name].unit,
        n=f"{found.whole[name]:,}",
        definition=FIGURES[name].definition,
        table=table,
    )


def _rate(on_time: figures.OnTime) -> Figure:
    low, high = on_time.interval or (0.0, 0.0)
    return Figure(
        label=FIGURES["on_time_rate"].title,
        value=_share(on_time.rate),
        n=f"{on_time.on_time:,} / {on_time.n:,}",
        low=_share(low) if on_time.interval else "",
        high=_share(high) if on_time.interval else "",
        definition=FIGURES["on_time_rate"].definition,
        table="#judged",
    )


def _days(found: told.Told) -> list[Figure]:
    totals, middle = found.totals, found.middle
    bounds = (_decimal(middle.low), _decimal(middle.high)) if middle.low is not None else ("", "")
    spans = (
        ("median_days", middle.value, bounds),
        ("mean_days", totals.mean_days, ("", "")),
        ("max_days", totals.max_days, ("", "")),
    )
    return [
        Figure(
            label=FIGURES[name].title,
            value=_decimal(days),
            unit=FIGURES[name].unit,
            n=f"{found.whole[name]:,}",
            low=low,
            high=high,
            definition=FIGURES[name].definition,
            table="#month",
        )
        for name, days, (low, high) in spans
    ]


# -- charts --------------------------------------------------------------------------------------------------
def _by_month(months: Sequence[Line]) -> Trend:
    points = [Point(dated(row.key), row.cases or 0, text=_count(row.cases)) for row in months]
    return Trend(_("每月收到多少件"), points, head=_("月份"), measure=_("件数"))


def _by_nature(natures: Sequence[Line]) -> Bars:
    named = {str(value): str(label) for value, label in NATURES}
    points = [Point(named.get(row.key, row.key), row.cases or 0, text=_count(row.cases)) for row in natures]
    largest = sorted(points, key=lambda point: -point.value)
    return Bars(_("都是什么诉求"), largest, head=_("性质"), measure=_("件数"))


def _by_unit(units: Sequence[Line]) -> Bars:
    shown = [row for row in units if row.answered is not None][:MOST_BARS]
    points = [Point(_unit(row.key), row.answered or 0, text=_count(row.answered)) for row in shown]
    return Bars(_("哪些单位答复得最多"), points, head=_("单位"), measure=_("已答复"))


# -- tables --------------------------------------------------------------------------------------------------
def _table(head: str, lines: Sequence[tuple[str, Line]]) -> dict[str, Any]:
    return {
        "columns": [_head(head), *(_number(label) for label in _measures())],
        "rows": [[name, *_values(row)] for name, row in lines],
    }


def _measures() -> tuple[str, ...]:
    return _("件数"), _("人次"), _("已答复"), _("中位数（天）"), _("平均（天）")


def _values(row: Line) -> tuple[str, ...]:
    counts = (_count(n) for n in (row.cases, row.headcount, row.answered))
    return *counts, _decimal(row.median_days), _decimal(row.mean_days)


def _head(label: str) -> dict[str, Any]:
    return {"label": label}


def _number(label: str) -> dict[str, Any]:
    return {"label": label, "figures": True}


def _limit(policy: figures.Judged) -> str:
    return figures.limit_words(policy.kind, policy.amount)


def _count(n: int | None) -> str:
    return HIDDEN if n is None else f"{n:,}"


def _decimal(days: float | None) -> str:
    return HIDDEN if days is None else f"{days:,.2f}"


def _share(rate: float | None) -> str:
    return HIDDEN if rate is None else f"{100 * rate:.1f}%"
