"""回访异议: what waits for two who oversee."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huiyin.accounts.roles import OVERSIGHT
from huiyin.evaluation import contests
from huiyin.web.staff import staff


@staff(*OVERSIGHT)
def listing(request: HttpRequest) -> HttpResponse:
    """The eldest first; those that the reader has agreed to are marked, for others to take."""
    by: Any = request.actor  # type: ignore[attr-defined]
    return render(request, "supervisor/contests.html", {"rows": contests.waiting(by)})
