"""回头看: whom to call to ask whether it came back; and how often it did, for those who oversee."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huiyin.accounts.roles import OVERSIGHT, Role
from huiyin.analytics.figures import wilson
from huiyin.supervision.recurrence import queries
from huiyin.web.desk.lists import address, place_of
from huiyin.web.navigation import way_back
from huiyin.web.staff import staff
from huiyin.web.words import day


@staff(Role.CALLER, Role.REVIEWER, *OVERSIGHT)
def listing(request: HttpRequest) -> HttpResponse:
    """A page of the drawn cases whose petitioners have not answered yet."""
    found = queries.to_ask(
        request.actor, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    values = {
        "back": way_back(request.actor.role),
        "rows": [_row(row, request.actor.role) for row in found.rows],
        "beyond": bool(request.GET.get("after") or request.GET.get("before")),
        "first_url": request.path,
        "previous_url": address(request, before=found.earlier) if found.earlier else "",
        "next_url": address(request, after=found.later) if found.later else "",
        "shown": len(found.rows),
    }
    return render(request, "desk/rechecks.html", values)


def _row(recheck: Any, role: str) -> dict[str, Any]:
    case = recheck.case
    asks = role in queries.ASKERS
    return {
        "url": reverse("cases:case", args=[case.number]),
        "act_url": reverse("cases:act", args=[case.number, "tell_recurrence"]) if asks else "",
        "number": case.number,
        "title": case.title,
        "place": place_of(case),
        "days": recheck.days,
        "until": day(recheck.until),
    }


@staff(*OVERSIGHT)
def figures(request: HttpRequest) -> HttpResponse:
    """How often what was closed came back, in all and by the unit that led."""
    values = {
        "rows": [_line(row) for row in queries.recurrence(request.actor)],
        "units": [_line(row) for row in queries.by_unit(request.actor)],
    }
    return render(request, "supervisor/recurrence.html", values)


def _line(row: queries.Recurrence) -> dict[str, Any]:
    """A rate with its interval and both its numbers; no rate where nobody has answered."""
    low, high = wilson(row.came_back, row.n) if row.n else (0.0, 0.0)
    return {
        "unit": str(row.unit) if row.unit else "",
        "days": row.days,
        "asked": row.asked,
        "n": row.n,
        "back": row.came_back,
        "rate": f"{100 * row.rate:.1f} %" if row.rate is not None else "",
        "interval": f"{100 * low:.1f}–{100 * high:.1f} %" if row.n else "",
    }
