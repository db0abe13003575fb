"""While somebody writes a matter down: what this telephone has brought of late, and matters about the same thing."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from huiyin.accounts.roles import Role
from huiyin.cases import queries, states
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.web.cases.aids import alike_to
from huiyin.web.desk.lists import matter_of
from huiyin.web.navigation import ENTRY, OFFICE
from huiyin.web.staff import staff

WRITERS = tuple(role for role, ways in OFFICE.items() if ENTRY in ways)
MERGERS = (Role.CLERK, Role.DISPATCHER)
OF_LATE = timedelta(days=30)
ENOUGH = 6  # letters: less says nothing about what it is
MOST = 3


@staff(*WRITERS)
@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """The piece beside the form; numbers and words come in the body, so that none is kept in an address."""
    told = request.POST
    values = found_in(request.actor, told)
    return render(request, "desk/alike.html", {**values, "join": told.get("join", "")})


def found_in(by: Actor, told: Any) -> dict[str, Any]:
    """The same for what has been sent so far, whether or not it makes sense yet."""
    return found(by, phone=told.get("phone", ""), text=_said(told), at=told.get("place", ""))


def found(by: Actor, *, phone: str, text: str, at: str = "") -> dict[str, Any]:
    """Matters of this telephone of the last thirty days, and others that sound alike; both may be empty."""
    own = _of_phone(by, phone)
    known = {case.pk for case in own}
    others = alike_to(by, text, at=at) if len(text.strip()) >= ENOUGH else []
    return {
        "own": [_row(by, case) for case in own[:MOST]],
        "others": [_row(by, case) for case in others if case.pk not in known][:MOST],
    }


def _said(told: Any) -> str:
    return f"{told.get('title', '')} {told.get('text', '')}"


def _of_phone(by: Actor, phone: str) -> list[Any]:
    """A number that is not written out yet has brought nothing."""
    since = clock.now() - OF_LATE
    try:
        return (
            [case for case in queries.of_phone(by, phone) if case.received_at >= since]
            if phone.strip()
            else []
        )
    except Refused:
        return []


def _row(by: Actor, case: Any) -> dict[str, Any]:
    """A matter, and whether the caller can be merged into it in the same step."""
    joins = by.role in MERGERS and case.state in states.Case.OPEN and case.nature != "report"
    return {"matter": matter_of(case), "joins": joins and case.desk_id == by.unit.pk}
