"""The last weeks of the reader's region in one minute, with ways down to the cases."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiyin.accounts.roles import OVERSIGHT
from huiyin.analytics import figures as analytics
from huiyin.analytics import lately
from huiyin.analytics.catalogue import FIGURES
from huiyin.analytics.dated import DATED
from huiyin.analytics.keeping import FRESH, kept
from huiyin.cases import access
from huiyin.organisation import queries as organisation
from huiyin.web.components.chart import Bars, Point, Trend
from huiyin.web.components.figure import Figure
from huiyin.web.staff import staff
from huiyin.web.supervisor.views import matters_url
from huiyin.web.words import day as in_words

NONE = "—"
ON_WALL = 5  # rows of a table that are legible from across a room
BEHIND = {
    "told": gettext_lazy("近 28 天告知的，和现在已经超期的"),
    "not_in_time": gettext_lazy("近 28 天没有按时告知的，和现在已经超期的"),
    "answered": gettext_lazy("近 28 天第一次答复的"),
}


@staff(*OVERSIGHT)
def figures(request: HttpRequest) -> HttpResponse:
    """What came in, what waits, what is late, how long answers take: now and in the last four weeks."""
    by, wall = request.actor, request.GET.get("wall") == "on"
    most = ON_WALL if wall else None
    counted = kept("glance", by, lambda: lately.glance(access.visible(by)))
    seen = counted.value
    places = seen.places if most is None else seen.places[: most + 1]  # the first is the whole
    values = {
        "wall": wall,
        "other_url": request.path if wall else f"{request.path}?wall=on",
        "today": organisation.today(),
        "place": by.unit.region,
        "counted_at": counted.at,
        "figures": headline(seen),
        "trend": _trend(seen),
        "categories": _categories(seen, most),
        "units": _units(seen, most),
        "least": seen.least,
        "places": [_place(row, seen) for row in places],
        "more_places": len(seen.places) - len(places),
        "place_columns": _place_columns(),
        "doors": [] if wall else [_door(row, seen) for row in seen.doors],
        "door_columns": [{"label": _("窗口")}, *_numbers(_("收到（件）"), _("用时中位数（天）"))],
    }
    response = render(request, "cockpit/figures.html", values)
    if wall:
        response["Refresh"] = str(FRESH.seconds)  # nobody stands before a wall to ask anew
    return response


@staff(*OVERSIGHT)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a rate or a median of the page, a page by key."""
    figure, after = request.GET.get("figure", "told"), request.GET.get("after", "")
    if figure not in BEHIND:
        raise BadRequest(_("没有这个指标。"))
    key = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else 0
    rows, later = lately.behind(access.visible(request.actor), figure, after=key)
    values = {
        "title": BEHIND[figure],
        "place": request.actor.unit.region,
        "rows": [{"case": case, "url": reverse("cases:case", args=[case.number])} for case in rows],
        "next_url": f"{_behind_url(figure)}&{urlencode({'after': later})}" if later else "",
        "first_url": _behind_url(figure),
        "beyond": bool(key),
        "shown": len(rows),
    }
    return render(request, "cockpit/cases.html", values)


def _behind_url(figure: str) -> str:
    return f"{reverse('cockpit:cases')}?{urlencode({'figure': figure})}"


def headline(seen: lately.Glance) -> list[Figure]:
    """The five figures that come first, each with what it was before."""
    return [_received(seen), _open(seen), _late(seen), _told(seen), _pace(seen)]


def _received(seen: lately.Glance) -> Figure:
    today, week_ago = seen.days[-1], seen.days[-1 - lately.WEEK]
    return Figure(
        label=_("今天收到"),
        value=f"{today.received:,}",
        unit=_("件 · %(people)s 人次") % {"people": f"{today.people:,}"},
        direction=_way(today.received, week_ago.received),
        trend_text=_("上周同一天 %(n)s 件") % {"n": f"{week_ago.received:,}"},
        definition=_("今天到现在登记的件数。近 28 天共 %(n)s 件，前 28 天 %(before)s 件。")
        % {"n": f"{sum(day.received for day in seen.days):,}", "before": f"{seen.before:,}"},
        table=matters_url("all", since=today.day.isoformat(), until=today.day.isoformat()),
    )


def _open(seen: lately.Glance) -> Figure:
    now = seen.now
    return Figure(
        label=FIGURES["open"].title,
        value=f"{now.open:,}",
        unit=_("件 · %(people)s 人次") % {"people": f"{now.people:,}"},
        direction=_way(now.open, now.open_before),
        trend_text=_("7 天前 %(n)s 件") % {"n": f"{now.open_before:,}"},
        definition=format_lazy(
            "{}{}", FIGURES["open"].definition, _("7 天前的数按这 7 天里收到和结束的件数推算。")
        ),
        table=matters_url("open"),
    )


def _late(seen: lately.Glance) -> Figure:
    fresh = seen.now.newly_late
    return Figure(
        label=FIGURES["overdue"].title,
        value=f"{seen.now.late:,}",
        unit=_("件"),
        n=f"{seen.now.open:,}",
        direction="up" if fresh else "same",
        trend="worse" if fresh else "same",
        trend_text=_("其中 %(n)s 件是近 7 天超期的") % {"n": f"{fresh:,}"},
        definition=FIGURES["overdue"].definition,
        table=matters_url("late"),
    )


def _told(seen: lately.Glance) -> Figure:
    told, alone, before = seen.told, seen.told_only, seen.told_only_before
    low, high = told.interval or (None, None)
    direction = _way(alone.rate or 0, before.rate or 0) if alone.n and before.n else ""
    return Figure(
        label=DATED["told_in_time_rate"].title,
        value=NONE if told.rate is None else f"{100 * told.rate:.1f}",
        unit="" if told.rate is None else "%",
        n=f"{told.good:,} / {told.n:,}",
        low="" if low is None else f"{low:.1%}",
        high="" if high is None else f"{high:.1%}",
        direction=direction,
        trend=_better(direction, wanted="up"),
        trend_text=_("已告知的里面 %(now)s，前 28 天 %(before)s")
        % {"now": _percent(alone.rate), "before": _percent(before.rate)},
        definition=_("近 28 天里在期限内告知的轮次，除以这 28 天告知的和现在已经超期的轮次。"),
        table=_behind_url("not_in_time"),
    )


def _pace(seen: lately.Glance) -> Figure:
    direction = "" if None in (seen.median, seen.median_before) else _way(seen.median, seen.median_before)
    return Figure(
        label=DATED["answered_median_days"].title,
        value=_days(seen.median),
        unit="" if seen.median is None else _("天"),
        n=f"{seen.answered:,}",
        direction=direction,
        trend=_better(direction, wanted="down"),
        trend_text=_("前 28 天 %(days)s 天") % {"days": _days(seen.median_before)},
        definition=format_lazy("{}{}", _("近 28 天。"), DATED["answered_median_days"].definition),
        table=_behind_url("answered"),
    )


def _trend(seen: lately.Glance) -> Trend:
    points = [
        Point(
            in_words(day.day),
            day.received,
            url=matters_url("all", since=day.day.isoformat(), until=day.day.isoformat())
            if day.received
            else "",
            late=day.late,
        )
        for day in seen.days
    ]
    return Trend(
        _("近 28 天每天收到"), points, head=_("收到的日期"), measure=_("件数"), late_label=_("其中超过期限的")
    )


def _since(seen: lately.Glance) -> dict[str, str]:
    """What narrows a list to the cases that were received in the period."""
    return {"since": seen.days[0].day.isoformat(), "until": seen.days[-1].day.isoformat()}


def _categories(seen: lately.Glance, most: int | None) -> Bars:
    points = [
        Point(row.name, row.cases, url=matters_url("all", category=row.code, **_since(seen)))
        for row in seen.categories[:most]
    ]
    return Bars(_("近 28 天收到最多的类别"), points, head=_("类别"), measure=_("件数"))


def _units(seen: lately.Glance, most: int | None) -> Bars:
    points = [
        Point(
            row.name,
            row.median_days or 0,
            _("%(days)s 天（n = %(n)s）") % {"days": _days(row.median_days), "n": f"{row.n:,}"},
            matters_url("open", unit=row.code),
        )
        for row in seen.units[:most]
    ]
    return Bars(_("近 28 天答复用时最长的单位"), points, head=_("单位"), measure=_("用时中位数"))


def _place_columns() -> list[dict[str, Any]]:
    named = (_("收到"), _("在办"), _("超期"), _("按时告知率"), _("95% 区间"))
    return [{"label": _("地点")}, *_numbers(*named)]


def _place(row: lately.Place, seen: lately.Glance) -> list[Any]:
    """A row of the table: every count leads to its list."""
    bounds = row.told.interval
    spread = f"{bounds[0]:.1%} – {bounds[1]:.1%}" if bounds else NONE
    share = f"{_percent(row.told.rate)}（{row.told.good:,} / {row.told.n:,}）" if row.told.n else NONE
    return [
        {"text": row.name, "indent": "　" * row.depth, "url": matters_url("open", region=row.code)},
        _count(row.received, "all", region=row.code, **_since(seen)),
        _count(row.open, "open", region=row.code),
        _count(row.late, "late", region=row.code),
        share,
        spread,
    ]


def _count(n: int, mark: str, **narrowed: str) -> Any:
    return {"text": f"{n:,}", "url": matters_url(mark, **narrowed)} if n else "0"


def _door(row: analytics.Row, seen: lately.Glance) -> list[Any]:
    return [
        {"text": row.name, "url": matters_url("all", door=row.key, **_since(seen))},
        f"{row.cases:,}",
        _days(row.median_days),
    ]


def _numbers(*labels: str) -> list[dict[str, Any]]:
    return [{"label": label, "figures": True} for label in labels]


def _way(now: float, before: float) -> str:
    return "up" if now > before else "down" if now < before else "same"


def _better(direction: str, *, wanted: str) -> str:
    return "same" if direction in ("", "same") else "better" if direction == wanted else "worse"


def _percent(rate: float | None) -> str:
    return NONE if rate is None else f"{rate:.1%}"


def _days(days: float | None) -> str:
    return NONE if days is None else f"{days:,.1f}"
