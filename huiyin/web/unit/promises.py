"""Promises that are still to be kept, those due first: a unit's own, or everybody's for desk and supervision."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases import promises
from huiyin.kernel import clock as wall
from huiyin.web.desk.lists import address
from huiyin.web.navigation import way_back
from huiyin.web.staff import staff


@staff(*UNIT, *DESK, *OVERSIGHT)
def due(request: HttpRequest) -> HttpResponse:
    """A page of the promises in force, by their last day."""
    listing = promises.listing(
        request.actor, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    today = wall.local_date(wall.now())
    values = {
        "rows": [_row(promise, today) for promise in listing.rows],
        "back": way_back(request.actor.role),
        "oversees": request.actor.role in OVERSIGHT,
        "overdue": promises.overdue_count(request.actor),
        "beyond": bool(request.GET.get("after") or request.GET.get("before")),
        "first_url": request.path,
        "previous_url": address(request, before=listing.earlier) if listing.earlier else "",
        "next_url": address(request, after=listing.later) if listing.later else "",
        "shown": len(listing.rows),
    }
    return render(request, "unit/promises.html", values)


def _row(promise: Any, today: Any) -> dict[str, Any]:
    return {
        "promise": promise,
        "late": promise.due_on < today,
        "url": reverse("cases:case", args=[promise.case.number]),
    }
