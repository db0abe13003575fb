"""What helps whoever has a case before them: other matters like it, and what is agreed with its people."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases import access, measures, queries, states
from huiyin.cases.likeness import pairs
from huiyin.cases.queries import CasePage
from huiyin.organisation.actors import Actor
from huiyin.search import queries as search
from huiyin.search import scope
from huiyin.search.office import OFFICE
from huiyin.web.cases.page import office_case, summary
from huiyin.web.desk.lists import matter_of
from huiyin.web.desk.measures import shown
from huiyin.web.staff import staff

MOST = 5
COMPARED = 400  # letters; what a matter is about is said at its beginning
LOOKED_AT = 40
ALIKE, SHARE = 3, 8  # pairs of letters in common: so many at least, and an eighth of all
MERGEABLE = ("registered", "accepted")


@staff(*DESK, *UNIT, *OVERSIGHT)
def aids(request: HttpRequest, number: str) -> HttpResponse:
    """Matters like this one and what is agreed with its people: a page of its own, or the piece of it asked for."""
    page = queries.page_of(office_case(request, number), request.actor)
    values = {"alike": _alike(page), "agreed": _agreed(page), **summary(page)}
    piece = "HX-Request" in request.headers
    return render(request, "cases/aids_piece.html" if piece else "cases/aids.html", values)


def _alike(page: CasePage) -> list[dict[str, Any]]:
    """Other matters that the reader may see and that share words with this one, the likest first."""
    mergeable = page.case.state in MERGEABLE and page.by.role in DESK and page.case.nature != "report"
    merge = reverse("cases:act", args=[page.case.number, "merge"]) if mergeable else ""
    return [
        {
            "matter": matter_of(case),
            "merge": f"{merge}?number={case.number}" if merge and case.state in states.Case.OPEN else "",
        }
        for case in alike(page.by, page.case)
    ]


def alike(by: Actor, case: Any, *, most: int = MOST) -> list[Any]:
    """Cases like this one, without it."""
    return alike_to(by, f"{case.title} {case.text}", at=f"{case.region} {case.place}", but=case.pk, most=most)


def alike_to(by: Actor, text: str, *, at: str = "", but: int | None = None, most: int = MOST) -> list[Any]:
    """Cases that the actor may see and whose title or redacted text shares words with what is said.

    The names of the place (`at`) make no likeness: everything that happens there has them.
    """
    reach = scope.of_reader(by)
    if reach is None:
        return []

    def seen(keys: Sequence[int]) -> dict[int, Any]:
        rows = queries.with_clocks(access.visible(by).filter(pk__in=keys).exclude(pk=but))
        return {case.pk: case for case in rows.defer(None).defer(*search.SEALED)}

    found = search.alike(
        OFFICE.entries,
        text[:COMPARED],
        seen=seen,
        texts=lambda case: f"{case.title} {case.text}",
        reach=reach,
        most=LOOKED_AT,
    )
    return _likest(pairs(text[:COMPARED]) - pairs(at), found)[:most]


def _likest(asked: frozenset[str], found: Sequence[Any]) -> list[Any]:
    """Those that share enough pairs of letters, most first: one rare word alone (“昨天”) makes no likeness."""
    shared = [(len(asked & pairs(f"{case.title} {case.text}")), case) for case in found]
    enough = [each for each in shared if each[0] >= max(ALIKE, len(asked) // SHARE)]
    return [case for _n, case in sorted(enough, key=lambda each: -each[0])]


def _agreed(page: CasePage) -> list[dict[str, Any]]:
    """What is agreed today with the people of the case; only the desk knows of it."""
    if page.by.role not in DESK:
        return []
    present = [party for party in page.parties if party.left_at is None][:MOST]
    return [shown(row, page.by) for row in measures.agreed_with(page.by, present)]
