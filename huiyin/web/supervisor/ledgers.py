"""验收 and 对照查账 for those who oversee: what waits to be looked at, and each unit's ledger beside the own list."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huiyin.accounts.roles import OVERSIGHT, Role
from huiyin.organisation.directory import units_in
from huiyin.supervision.entries import queries
from huiyin.web.desk.lists import address
from huiyin.web.navigation import way_back
from huiyin.web.staff import staff
from huiyin.web.unit.ledger import compared
from huiyin.web.unit.ledger import shown as ledger
from huiyin.web.words import day

INSPECTORS = (*OVERSIGHT, Role.REVIEWER)


@staff(*INSPECTORS)
def waiting(request: HttpRequest) -> HttpResponse:
    """The entries that wait for somebody who is not of their unit."""
    listing = queries.to_inspect(
        request.actor, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    values = {
        "back": way_back(request.actor.role),
        "rows": [_row(entry) for entry in listing.rows],
        "beyond": bool(request.GET.get("after") or request.GET.get("before")),
        "first_url": request.path,
        "previous_url": address(request, before=listing.earlier) if listing.earlier else "",
        "next_url": address(request, after=listing.later) if listing.later else "",
        "shown": len(listing.rows),
    }
    return render(request, "supervisor/ledgers.html", values)


def _row(entry: Any) -> dict[str, Any]:
    return {
        "url": reverse("cases:case", args=[entry.case.number]),
        "act_url": reverse("cases:act", args=[entry.case.number, "accept_entry"]),
        "number": entry.case.number,
        "title": entry.case.title,
        "place": entry.case.place,
        "unit": str(entry.unit),
        "handed_in": day(entry.submitted_at),
    }


@staff(*INSPECTORS)
def units(request: HttpRequest) -> HttpResponse:
    """Every unit of the place with what its ledger holds, and the way to it."""
    known = dict.fromkeys(units_in(request.actor.unit.region.path))
    counted = {unit.pk: counts for unit, counts in queries.standing(request.actor)}
    rows = [
        {
            "name": str(unit),
            "url": reverse("supervisor:ledger", args=[unit.code]),
            "other_url": reverse("supervisor:differences", args=[unit.code]),
            **{
                state: counted.get(unit.pk, {}).get(state, 0)
                for state in ("submitted", "refused", "accepted")
            },
        }
        for unit in known
    ]
    rows.sort(key=lambda row: -row["submitted"])
    return render(request, "supervisor/ledger_units.html", {"rows": rows})


@staff(*INSPECTORS)
def of_unit(request: HttpRequest, unit: str) -> HttpResponse:
    """The ledger of one unit."""
    found = _unit(request, unit)
    other = reverse("supervisor:differences", args=[found.code])
    return ledger(request, found, other=other, back=reverse("supervisor:ledger_units"))


@staff(*INSPECTORS)
def differences(request: HttpRequest, unit: str) -> HttpResponse:
    """Where a unit's ledger and the supervisor's list differ."""
    found = _unit(request, unit)
    return compared(request, found, other=reverse("supervisor:ledger", args=[found.code]))


def _unit(request: HttpRequest, code: str) -> Any:
    """A unit of the reader's place. Raises Http404 for any other."""
    found = next((unit for unit in units_in(request.actor.unit.region.path) if unit.code == code), None)
    if found is None:
        raise Http404
    return found
