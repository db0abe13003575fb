"""What a unit reads of its ratings: groups of ten and more, by month, quarter or year; never a single one."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import UNIT
from huiyin.evaluation import blocks, spans
from huiyin.web.spans import mean, share
from huiyin.web.staff import staff
from huiyin.web.words import day

PERIODS = {
    "month": gettext_lazy("按月"),
    "quarter": gettext_lazy("按季"),
    "year": gettext_lazy("按年"),
}


@staff(*UNIT)
def ratings(request: HttpRequest) -> HttpResponse:
    """The figures of one's own unit with those below it, or of one below."""
    by: Any = request.actor  # type: ignore[attr-defined]
    period = request.GET.get("period", "month")
    period = period if period in PERIODS else "month"
    units = blocks.units_below(by)
    chosen = next((unit for unit in units if unit.code == request.GET.get("unit")), by.unit)
    cells = blocks.told_to(by, period=period, below="" if chosen == by.unit else chosen.code)
    values = {
        "tabs": [_tab(label, name, chosen, current=name == period) for name, label in PERIODS.items()],
        "units": [_tab(str(unit), period, unit, current=unit == chosen) for unit in units]
        if len(units) > 1
        else [],
        "caption": _("%(unit)s（含下级）的评价") % {"unit": chosen},
        "columns": [
            {"label": _("时段")},
            {"label": _("包含的月份")},
            *(
                {"label": label, "figures": True}
                for label in (_("有效评价"), _("联系过"), _("已解决"), _("满意和非常满意"), _("平均分"))
            ),
        ],
        "rows": [_row(cell) for cell in cells],
        "full": blocks.FULL,
        "known": spans.KNOWN,
    }
    return render(request, "unit/ratings.html", values)


def _tab(label: Any, period: str, unit: Any, *, current: bool) -> dict[str, Any]:
    return {
        "label": label,
        "url": f"?{urlencode({'period': period, 'unit': unit.code})}",
        "current": current,
    }


def _row(cell: Any) -> list[Any]:
    return [
        cell.period,
        _("%(since)s 到 %(until)s") % {"since": day(cell.since), "until": day(cell.until)},
        cell.n,
        *(share(told, cell.n) for told in (cell.contacted, cell.solved, cell.content)),
        mean(cell.grades, cell.n),
    ]
