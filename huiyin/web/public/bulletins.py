"""Bulletins that everybody may read: the list, one of them, its files, and the newest as a feed."""

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.organisation.place import place
from huiyin.publication.bulletins import queries
from huiyin.publication.bulletins.actions import span_of
from huiyin.web.bulletins.drawing import page
from huiyin.web.bulletins.views import sent
from huiyin.web.public.feeds import Rss

IN_FEED = 20


@require_safe
def bulletins(request: HttpRequest) -> HttpResponse:
    """What was issued, the newest first; what was taken back keeps its line."""
    asked = {name: request.GET.get(name, "")[:30] for name in ("after", "before")}
    found = queries.public_listing(**asked)
    here = reverse("public:bulletins")
    values = {
        "rows": [_row(row) for row in found.rows],
        "older": f"{here}?{urlencode({'after': found.later})}" if found.later else "",
        "newer": f"{here}?{urlencode({'before': found.earlier})}" if found.earlier else "",
    }
    return render(request, "public/bulletins.html", values)


def _row(row: Any) -> dict[str, Any]:
    issue = queries.issue_words(row)
    return {
        "row": row,
        # The title of what was taken back may be why it was: its series and number stand in its place.
        "title": row.title if row.state == "issued" else f"{row.series} {issue}",
        "url": reverse("public:bulletin", args=[row.pk]),
        "issue": issue,
        "period": span_of(row).words,
    }


@require_safe
def bulletin(request: HttpRequest, key: int) -> HttpResponse:
    """One of them; of one that was taken back its number, its day and the reason."""
    row = _found(key)
    replaced = getattr(row, "replaced_by", None)
    if replaced is not None and replaced.state != "issued":
        replaced = None
    values = {
        **_row(row),
        "files": queries.files_of(row),
        "replaced": _row(replaced) if replaced else None,
        "replaces": _row(row.replaces) if row.replaces else None,
        **(page(queries.document_of(row)) if row.state == "issued" else {}),
    }
    return render(request, "public/bulletin.html", values)


@require_safe
def file(request: HttpRequest, key: int, kind: str) -> FileResponse:
    """One of them as a file."""
    return sent(_found(key), kind)


def _found(key: int) -> Any:
    try:
        return queries.public_find(key)
    except (queries.NotFound, OverflowError) as missing:
        raise Http404 from missing


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest bulletins as RSS 2.0."""
    told = Rss(
        title=_("%(place)s · 简报") % {"place": place().place},
        link=request.build_absolute_uri(reverse("public:bulletins")),
        description=_("周报、月报、年报和宣传栏公开。"),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for row in queries.public_newest(IN_FEED):
        link = request.build_absolute_uri(reverse("public:bulletin", args=[row.pk]))
        told.add_item(title=row.title, link=link, unique_id=link, pubdate=row.issued_at,
                      description=f"{row.series} {queries.issue_words(row)}")  # fmt: skip
    return HttpResponse(told.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
