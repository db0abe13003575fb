"""复看: what waits for somebody else to look at it once more."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huiyin.evaluation import second_opinions
from huiyin.web.staff import staff


@staff(*second_opinions.READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """The eldest first; those that the reader has looked at before are marked, for others to take."""
    by: Any = request.actor  # type: ignore[attr-defined]
    return render(request, "desk/second.html", {"rows": second_opinions.waiting(by)})
