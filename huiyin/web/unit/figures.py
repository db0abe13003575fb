"""The unit's own figures, each with n, interval and definition from the catalogue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiyin.accounts.roles import UNIT
from huiyin.analytics import own
from huiyin.analytics.asking import Found
from huiyin.analytics.catalogue import COUNT, DAYS, FIGURES
from huiyin.analytics.keeping import kept
from huiyin.web.components.chart import Point, Trend
from huiyin.web.components.figure import Figure
from huiyin.web.staff import staff
from huiyin.web.words import dated

NONE = "—"


@staff(*UNIT)
def figures(request: HttpRequest) -> HttpResponse:
    """What the unit answered in the last twelve months, and how long it took."""
    by = request.actor
    counted = kept("own", by, lambda: own.of_unit(by.unit)).value
    work = [figure_of(name, found) for name, found in counted.work.items()]
    values = {
        "unit": by.unit,
        "counted_at": counted.as_of,
        "since": counted.since,
        "figures": [_with_bounds(each, counted) for each in work],
        "months": _months(counted),
    }
    return render(request, "unit/figures.html", values)


def figure_of(name: str, found: Found) -> Figure:
    """A figure of the catalogue in words."""
    about = FIGURES[name]
    low, high = found.interval or (None, None)
    rate = about.kind not in (COUNT, DAYS)
    return Figure(
        label=about.title,
        value=_number(found),
        unit="" if rate else about.unit,
        n=f"{found.whole:,} / {found.n:,}" if rate else f"{found.n:,}",
        low=_share(low) if rate else "",
        high=_share(high) if rate else "",
        definition=about.definition,
    )


def _with_bounds(figure: Figure, counted: own.Own) -> Figure:
    if figure.label != FIGURES["median_days"].title or counted.median_bounds is None:
        return figure
    low, high = (f"{end:.2f}" for end in counted.median_bounds)
    return Figure(
        label=figure.label, value=figure.value, unit=figure.unit, n=figure.n, low=low, high=high,
        definition=figure.definition,
    )  # fmt: skip


def _months(counted: own.Own) -> Trend:
    points = [Point(dated(month), n) for month, n in counted.months]
    return Trend(_("每月收到、由本单位最先答复的"), points, head=_("月份"), measure=_("件数"))


def _number(found: Found) -> str:
    if found.value is None:
        return NONE
    if found.kind == COUNT:
        return f"{found.value:,}"
    return f"{found.value:,.2f}" if found.kind == DAYS else _share(found.value)


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f}%"
