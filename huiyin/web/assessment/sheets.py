"""年度考核表: one unit, posts and representatives, and the cases behind each figure."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiyin.accounts.roles import OVERSIGHT, UNIT, Role
from huiyin.analytics.keeping import kept
from huiyin.assessment import people as assessed_people
from huiyin.assessment.assessing import Line, Reading, own
from huiyin.assessment.behind import BEHIND, FIGURES, NAMES, Listing, behind
from huiyin.assessment.closing import revisions
from huiyin.assessment.measures import BANDS, DEFINITIONS, MEASURES, RATED
from huiyin.assessment.periods import Kind, Period
from huiyin.assessment.rules import rule_of
from huiyin.assessment.source import as_of
from huiyin.assessment.statistics import FEWEST_COMPARED, Share
from huiyin.organisation.directory import post_coded, unit_coded
from huiyin.web.assessment.asking import (
    NONE,
    address,
    interval,
    offered_periods,
    percent,
    period_of,
    period_words,
    with_all,
)
from huiyin.web.assessment.closed import status, status_of_posts, why_untold
from huiyin.web.assessment.views import of
from huiyin.web.staff import staff


@staff(*OVERSIGHT, *UNIT)
@require_safe
def unit(request: HttpRequest) -> HttpResponse:
    """One unit's sheet of a period, a year unless another is asked for; every figure opens its cases."""
    by, period = request.actor, period_of(request, Kind.YEAR)
    chosen = by.unit if by.role in UNIT else _unit(request)
    if by.role in UNIT and request.GET.get("unit", chosen.code) != chosen.code:
        raise PermissionDenied(_("考核由督办和领导查看；单位看本单位的。"))
    revised = revisions(period)
    line, untold = _line(request, period, chosen.code, revised)
    rule = rule_of(period)
    rows = [_row(measure, line, chosen.code, period) for measure in rule.measures] if line else []
    values = {
        "unit": chosen,
        "name": period_words(period),
        "rule": rule,
        "fewest_units": FEWEST_COMPARED,
        "untold": untold if any(row.get("hidden") for row in rows) else "",
        "closed": status(period, revised),
        "counted_at": as_of(),
        "rows": rows,
        "omitted_url": address("cases", figure="omitted", unit=chosen.code, period=period.code),
        "oversees": by.role in OVERSIGHT,
        "periods": [
            {"code": each.code, "name": period_words(each), "current": each == period}
            for each in offered_periods(period)
        ],
    }
    return render(request, "assessment/unit.html", values)


def _unit(request: HttpRequest) -> Any:
    """The unit in the address, of those in the reader's region."""
    found = unit_coded(request.GET.get("unit", ""), within=request.actor.unit.region.path)
    if found is None:
        raise Http404
    return found


def _line(request: HttpRequest, period: Period, code: str, revised: Any) -> tuple[Line | None, str]:
    """A unit's measures, and why nothing of ratings would be told."""
    by = request.actor
    if by.role in UNIT:
        return own(by, period), _("群众的评价成组告知本单位，这里不列出。")
    found = of(request, period, revised).value
    lines = (line for group in found.groups for line in group.lines if line.code == code)
    return next(lines, None), why_untold(found)


def _row(measure: str, line: Line, code: str, period: Period) -> dict[str, Any]:
    reading = line.readings[measure]
    every, against = BEHIND[measure]
    row: dict[str, Any] = {
        "label": MEASURES[measure],
        "definition": DEFINITIONS[measure],
        "url": address("cases", figure=every, unit=code, period=period.code),
        "target": NONE if reading.target is None else f"{reading.target:g}%",
    }
    if reading.kept is None or reading.whole is None:
        return {**row, "hidden": True}
    if against:
        row["against"] = {
            "url": address("cases", figure=against, unit=code, period=period.code),
            "label": NAMES[against],
        }
    return {**row, **_numbers(reading), "rated": measure in RATED}


def _numbers(reading: Reading) -> dict[str, Any]:
    kept_, whole = reading.kept or Share(0, 0), reading.whole or Share(0, 0)
    met = {True: _("达到"), False: _("没有达到"), None: ""}[reading.reached]
    return {
        "n": f"{kept_.n:,}",
        "rate": percent(kept_.rate),
        "interval": interval(kept_.interval),
        "without": with_all(whole) if reading.omitted else _("相同"),
        "band": BANDS[reading.band],
        "met": met,
    }


@staff(*OVERSIGHT, *UNIT, Role.REPRESENTATIVE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Posts and representatives in a year: orders and matters, never what people said."""
    by, period = request.actor, period_of(request, Kind.YEAR)
    values: dict[str, Any] = {
        "name": period_words(period),
        "period": period,
        "periods": [
            {"code": each.code, "name": period_words(each), "current": each == period}
            for each in offered_periods(period)
        ],
        "oversees": by.role in OVERSIGHT,
    }
    if by.role != Role.REPRESENTATIVE:
        revised = revisions(period)
        name = f"in_hand:{period.code}:{len(revised)}"
        found = (
            kept(name, by, lambda: _posts(by, period)).value if by.role in OVERSIGHT else _posts(by, period)
        )
        values |= {
            "posts": found,
            "post_columns": _post_columns(),
            "closed": status_of_posts(period, revised),
        }
        values["counted_at"] = as_of()
    if by.role not in UNIT:
        lines = assessed_people.representatives(by, period)
        values["representatives"] = [
            _opened(line, period) if by.role in OVERSIGHT else _representative(line) for line in lines
        ]
        values["representative_columns"] = [
            {"label": _("代表")},
            *({"label": label, "figures": True} for label in (_("转达"), _("已答复"), _("本人评价"))),
        ]
    return render(request, "assessment/people.html", values)


OF_POSTS = {  # measure: what its n is called
    "on_time": gettext_lazy("主办到期"),
    "signed": gettext_lazy("应签收"),
    "redone": gettext_lazy("答复"),
}


def _post_columns() -> list[dict[str, Any]]:
    return [
        {"label": MEASURES[measure], "n": n, "definition": DEFINITIONS[measure]}
        for measure, n in OF_POSTS.items()
    ]


def _posts(by: Any, period: Period) -> list[dict[str, Any]]:
    return [_post(line, period) for line in assessed_people.posts(by, period)]


def _post(line: assessed_people.PostLine, period: Period) -> dict[str, Any]:
    asked = {"unit": line.post.unit.code, "post": line.post.code, "period": period.code}
    shares = zip(_post_columns(), OF_POSTS, (line.on_time, line.signed, line.redone), strict=True)
    cells = [{**column, **_in_hand(share, measure, asked)} for column, measure, share in shares]
    return {"name": f"{line.post} {line.post.user}", "cells": cells}


def _in_hand(share: assessed_people.InHand, measure: str, asked: dict[str, str]) -> dict[str, Any]:
    """A share of a post as a unit's sheet shows it: n, rate, interval, and what it would be with all."""
    every, against = BEHIND[measure]
    return {
        "any": share.whole.n,
        "count": f"{share.kept.n:,}",
        "count_url": address("cases", figure=every, **asked),
        "rate": percent(share.kept.rate),
        "rate_url": address("cases", figure=against, **asked),
        "interval": interval(share.kept.interval) if share.kept.n else "",
        "without": with_all(share.whole) if share.omitted else "",
    }


def _representative(line: assessed_people.BringerLine) -> list[Any]:
    """A representative for themselves, whose list of what they brought is their first page."""
    return [f"{line.post} {line.post.user}", f"{line.brought:,}", f"{line.answered:,}", f"{line.rated:,}"]


def _opened(line: assessed_people.BringerLine, period: Period) -> list[Any]:
    """The same for those who oversee, with the way to the cases."""
    asked = {"unit": line.post.unit.code, "post": line.post.code, "period": period.code}
    name, _brought, _answered, rated = _representative(line)
    counts = {"brought": line.brought, "brought_answered": line.answered}
    cells = [_linked(f"{n:,}", address("cases", figure=figure, **asked), n) for figure, n in counts.items()]
    return [name, *cells, rated]


def _linked(text: str, url: str, n: int) -> Any:
    return {"text": text, "url": url} if n else text


@staff(*OVERSIGHT, *UNIT)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a figure, a page by key."""
    by, figure = request.actor, request.GET.get("figure", "due")
    if figure not in NAMES:
        raise BadRequest(_("没有这个指标。"))
    chosen = by.unit if by.role in UNIT and not request.GET.get("unit") else _unit(request)
    post = post_coded(request.GET.get("post", ""), unit=chosen)
    after = request.GET.get("after", "")
    after_key = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else 0
    period = period_of(request, Kind.YEAR)
    listing = behind(by, figure, period, unit=chosen, post=post, after=after_key)
    asked = {"figure": figure, "unit": chosen.code, "period": period.code, "post": post.code if post else ""}
    values = {
        "title": NAMES[figure],
        "unit": chosen,
        "post": post,
        "name": _("各考核期一起") if figure == "omitted" else period_words(period),
        "counted_at": as_of() if figure in FIGURES else None,
        "rows": [
            {
                "case": case,
                "url": reverse("cases:case", args=[case.number]),
                "left_out": case.pk in listing.left_out,
            }
            for case in listing.rows
        ],
        "some_left_out": bool(listing.left_out),
        "several": _several(figure, listing),
        "back": _back(by, chosen, post, period),
        "next_url": address("cases", **asked, after=listing.later) if listing.later else "",
        "shown": len(listing.rows),
        "first_url": address("cases", **asked),
        "beyond": bool(after_key),
    }
    return render(request, "assessment/cases.html", values)


def _several(figure: str, listing: Listing) -> str:
    """What the cases of a list stand for, where they are not as many as the figure counts."""
    if listing.counted == listing.matters:
        return ""
    said = (
        _("%(cases)d 件诉求，%(n)d 次答复：一件诉求答复了几次，就算几次。")
        if figure in ("answered", "redone", "repeated")
        else _("%(cases)d 件诉求，%(n)d 张工单：一件诉求派了几张，就算几张。")
    )
    return said % {"cases": listing.matters, "n": listing.counted}


def _back(by: Any, unit: Any, post: Any, period: Period) -> dict[str, Any]:
    """To the sheet in which the figure stands."""
    if post is not None:
        return {"url": address("people", period=period.code), "label": _("岗位和代表")}
    label = _("回到%(unit)s考核表") % {"unit": unit}
    return {"url": address("unit", unit=unit.code, period=period.code), "label": label}
