"""Units in a period by one measure: what counts and what would without 剔除, intervals, bands, a funnel; as a file."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from huiyin.accounts.roles import OVERSIGHT, UNIT
from huiyin.analytics.keeping import Kept, kept
from huiyin.assessment import statistics
from huiyin.assessment.assessing import Assessed, Group, Reading, assessed
from huiyin.assessment.behind import BEHIND
from huiyin.assessment.closing import revisions
from huiyin.assessment.measures import BANDS, DEFINITIONS, MEASURES, RATED, better_high
from huiyin.assessment.periods import Kind, Period
from huiyin.assessment.statistics import FEWEST_COMPARED, UNCOMPARED, Band
from huiyin.cases.sheets import WRITERS
from huiyin.web.assessment.asking import (
    Asked,
    address,
    interval,
    percent,
    period_of,
    period_words,
    with_all,
)
from huiyin.web.assessment.closed import status, why_untold
from huiyin.web.components.funnel import Dot, Funnel, Limit, sizes
from huiyin.web.staff import staff

TYPES = {"csv": "text/csv; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip
TONES = {Band.WITHIN: "done", **dict.fromkeys(UNCOMPARED, "quiet")}


@staff(*OVERSIGHT, *UNIT)
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Every unit beside those of its kind; a unit is led to its own sheet."""
    if request.actor.role in UNIT:
        return redirect("assessment:unit")
    period = period_of(request)
    rows = revisions(period)
    found = of(request, period, rows).value
    measure = request.GET.get("measure", "")
    measure = measure if measure in found.measures else found.measures[0]
    groups = [_shown(group, measure, found) for group in found.groups]
    groups = [group for group in groups if group["rows"] or group["untold"]]
    told = [group for group in groups if group["rows"]]
    undrawn = bool(told) and all(group["enough"] < FEWEST_COMPARED for group in told)
    values = {
        "period": period,
        "name": period_words(period),
        "found": found,
        "counted_at": found.as_of,
        "closed": status(period, rows),
        "measure": MEASURES[measure],
        "definition": DEFINITIONS[measure],
        "low_is_good": not better_high(measure),
        "fewest_units": FEWEST_COMPARED,
        "untold": why_untold(found) if groups and not told else "",
        "undrawn": undrawn,
        "year": _year(period, measure) if undrawn else None,
        "rated": measure in RATED,
        "filters": Asked(request, period=period, measure=measure, measures=found.measures),
        "groups": groups,
        "csv_url": address("file", period=period.code, kind="csv"),
        "xlsx_url": address("file", period=period.code, kind="xlsx"),
    }
    return render(request, "assessment/units.html", values)


def of(request: HttpRequest, period: Period, rows: Sequence[Any]) -> Kept[Assessed]:
    """The assessment of a period, at most a minute old; shared by those who work in the same units, or in none.

    `rows` are the revisions of its months: with a new one it is counted anew, so that a page never calls numbers
    closed or corrected that are not.
    """
    by = request.actor
    works_in = ",".join(sorted({str(post.unit_id) for post in by.posts_today if post.role in UNIT}))
    return kept(f"assessed:{period.code}:{len(rows)}:{works_in}", by, lambda: assessed(by, period))


def _year(period: Period, measure: str) -> dict[str, Any] | None:
    """The way to the year of a shorter period, in which there are more cases."""
    if period.kind is Kind.YEAR:
        return None
    code = f"{period.year:04}"
    return {
        "name": _("%(year)s 年") % {"year": period.year},
        "url": address("units", period=code, measure=measure),
    }


def _shown(group: Group, measure: str, found: Assessed) -> dict[str, Any]:
    """A group as the page shows it: its rows, and its funnel where units can be compared."""
    funnel = _funnel(group, measure, found)
    numbers = {each.dot.label: each.number for each in funnel.placed} if funnel else {}
    ways = {line.code: address("unit", unit=line.code, period=found.period.code) for line in group.lines}
    told = [(line, line.readings[measure]) for line in group.lines]
    whole = group.centres[measure]
    return {
        "name": group.name,
        "rows": [
            {
                "name": line.name,
                "number": numbers.get(line.name),
                "url": ways[line.code],
                "cases_url": address(
                    "cases", figure=BEHIND[measure][0], unit=line.code, period=found.period.code
                ),
                **row,
            }
            for line, reading in told
            if (row := _row(reading))
        ],
        "untold": [
            {"name": line.name, "url": ways[line.code]} for line, reading in told if reading.whole is None
        ],
        "whole": percent(whole.rate),
        "whole_told": whole.n > 0,
        "interval": interval(whole.interval),
        "n": f"{whole.n:,}",
        "wide": group.spreads[measure] > 1,
        "funnel": funnel,
        "enough": _enough(group, measure, found),
    }


def _enough(group: Group, measure: str, found: Assessed) -> int:
    """How many units have cases enough to be compared."""
    kept_ = [line.readings[measure].kept for line in group.lines]
    return sum(share is not None and share.n >= found.fewest for share in kept_)


def _row(reading: Reading) -> dict[str, Any]:
    """The figures of a unit; nothing where there is nothing to say, or it is kept back."""
    kept_, whole = reading.kept, reading.whole
    if kept_ is None or whole is None or not whole.n:
        return {}
    return {
        "n": f"{kept_.n:,}",
        "rate": percent(kept_.rate),
        "interval": interval(kept_.interval),
        "without": with_all(whole) if reading.omitted else _("相同"),
        "shrunk": percent(reading.shrunk),
        "adjusted": percent(reading.adjusted),
        "band": BANDS[reading.band],
        "tone": TONES.get(reading.band, "soon"),
    }


def _funnel(group: Group, measure: str, found: Assessed) -> Funnel | None:
    """The units over their size, at the rate they would have on everybody's categories; None where none is compared."""
    whole, spread = group.centres[measure], group.spreads[measure]
    if _enough(group, measure, found) < FEWEST_COMPARED or whole.rate in (
        None,
        0,
        1,
    ):  # no limits around these
        return None
    dots = [
        Dot(
            label=line.name,
            n=reading.kept.n,
            rate=reading.adjusted,
            words=str(BANDS[reading.band]),
            tone=_tone(reading.band),
            url=address("unit", unit=line.code, period=found.period.code),
        )
        for line in group.lines
        if (reading := line.readings[measure]).kept is not None and reading.adjusted is not None
    ]
    steps = sizes(max(2, min(dot.n for dot in dots)), max(dot.n for dot in dots))
    limits = [(n, statistics.funnel(whole.rate, n, spread=spread)) for n in steps]
    return Funnel(
        title=_("%(kind)s · %(measure)s，按件数") % {"kind": group.name, "measure": MEASURES[measure]},
        centre=whole.rate,
        dots=dots,
        usual=[Limit(n, *each.usual) for n, each in limits],
        strict=[Limit(n, *each.strict) for n, each in limits],
        summary=_summary(dots, whole.rate),
        measured=_("按类别调整后"),
    )


def _summary(dots: Sequence[Dot], rate: float) -> str:
    """The drawing in words."""
    outside = [str(dot.label) for dot in dots if dot.tone == "out"]
    said = _("%(n)s 个单位按件数排开，合计 %(rate)s。") % {"n": len(dots), "rate": percent(rate)}
    if not outside:
        return said + _("没有明显在范围以外的。")
    return said + _("明显在范围以外：%(names)s。") % {"names": pgettext("between names", "、").join(outside)}


def _tone(band: Band) -> str:
    if band in (Band.CLEARLY_ABOVE, Band.CLEARLY_BELOW):
        return "out"
    return "few" if band in UNCOMPARED else "within"


@staff(*OVERSIGHT)
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """Every measure of every unit of a period as a table."""
    kind = request.GET.get("kind", "csv")
    if kind not in WRITERS:
        raise BadRequest(_("只能导出 csv 或 xlsx。"))
    period = period_of(request)
    rows = _lines(of(request, period, revisions(period)).value)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"assessment.{kind}"
        WRITERS[kind](path, _head(), rows)
        content = path.read_bytes()
    name = f"huiyin-assessment-{period.code}.{kind}"
    return HttpResponse(
        content,
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _head() -> list[str]:
    return [
        _("考核期"), _("规则"), _("类型"), _("单位"), _("指标"), "n", _("比率（%）"), _("区间下限（%）"),
        _("区间上限（%）"), _("不剔除时的 n"), _("不剔除时的比率（%）"), _("收缩后（%）"), _("按类别结构调整后（%）"),
        _("落在哪里"), _("目标（%）"),
    ]  # fmt: skip


def _lines(found: Assessed) -> list[list[Any]]:
    """What could not be told is empty, not nought."""
    lines = []
    for group in found.groups:
        for line in group.lines:
            for measure in found.measures:
                first = [found.period.code, found.rule, group.name, line.name, str(MEASURES[measure])]
                lines.append(first + _numbers(line.readings[measure]))
    return lines


def _numbers(reading: Reading) -> list[Any]:
    target = "" if reading.target is None else f"{reading.target:.1f}"
    kept_, whole = reading.kept, reading.whole
    if kept_ is None or whole is None:
        return ["", "", "", "", "", "", "", "", _("不列出"), target]
    low, high = kept_.interval or (None, None)
    return [
        kept_.n, _number(kept_.rate), _number(low), _number(high), whole.n, _number(whole.rate),
        _number(reading.shrunk), _number(reading.adjusted), str(BANDS[reading.band]), target,
    ]  # fmt: skip


def _number(rate: float | None) -> str:
    return "" if rate is None else f"{100 * rate:.1f}"
