"""Asking for a list as a file, seeing how far it is, fetching it, and a word on any page when it is ready."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases import exporting
from huiyin.cases.queries import Wanted
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.web.desk.views import wanted_of as desk
from huiyin.web.staff import staff
from huiyin.web.supervisor.views import wanted_of as watch
from huiyin.web.unit.views import wanted_of as unit
from huiyin.workbooks.access import FILLERS

Reading = Callable[[HttpRequest], Wanted]
LISTS: dict[str, tuple[str, Reading]] = {
    "desk": ("cases", desk),
    "watch": ("cases", watch),
    "unit": ("orders", unit),
}  # by the word in the address: of what, and how the list's own address is read
WAITING = "exports"  # the session's key for what somebody has asked for and not been told of
STOP = 286  # what tells htmx to ask no more
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TONES = {"asked": "quiet", "writing": "active", "ready": "done", "failed": "late", "gone": "quiet"}
MAY = (*DESK, *OVERSIGHT, *UNIT)


@staff(*MAY)
@require_POST
def new(request: HttpRequest, which: str) -> HttpResponse:
    """Ask for the list whose filters stand in the address."""
    if which not in LISTS:
        raise Http404
    of, read = LISTS[which]
    try:
        row = exporting.ask(
            request.actor,
            read(request),
            of=of,
            kind=request.POST.get("kind", ""),
            language=get_language() or "zh-hans",
        )
    except Refused as refused:
        messages.error(request, str(refused), extra_tags="")
        return redirect("exports:mine")
    await_file(request, row)
    return redirect("exports:mine")


def await_file(request: HttpRequest, row: Any) -> None:
    """Let the pages of whoever asked say so when the file is ready."""
    waiting = [key for key in request.session.get(WAITING, []) if key != row.pk]
    request.session[WAITING] = [*waiting, row.pk][-20:]


@staff(*MAY)
def mine(request: HttpRequest) -> HttpResponse:
    """What this post has asked for, the newest first; it renews itself while something is being written."""
    rows = exporting.mine(request.actor)
    if request.session.get(WAITING) and not any(row.waits for row in rows):
        del request.session[WAITING]
    values = {
        "rows": [_line(row) for row in rows],
        "waits": any(row.waits for row in rows),
        "may_fill": request.actor.role in FILLERS,
    }
    return render(request, "exports/mine.html", values)


@staff(*MAY)
def ended(request: HttpRequest) -> HttpResponse:
    """For the strip on every page of the office: a word once all that was asked for has ended, else nothing."""
    keys = request.session.get(WAITING, [])
    rows = [row for row in exporting.mine(request.actor) if row.pk in keys]
    if any(row.waits for row in rows):
        return HttpResponse(status=204)
    request.session.pop(WAITING, None)
    return render(request, "exports/ended.html", {"rows": [_line(row) for row in rows]}, status=STOP)


@staff(*MAY)
def fetch(request: HttpRequest, key: int) -> FileResponse:
    """The file, as a download."""
    try:
        row, content = exporting.fetch(request.actor, key)
    except (exporting.Export.DoesNotExist, FileNotFoundError) as missing:
        raise Http404 from missing
    at = row.asked_at.astimezone(clock.zone())
    name = f"{row.name}-{at:%Y%m%d-%H%M}.{row.kind}"
    response = FileResponse(content, as_attachment=True, filename=name, content_type=MEDIA[row.kind])
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _line(row: Any) -> dict[str, Any]:
    """An export as the page shows it; what could be mended is said as it was found."""
    return {
        "row": row,
        "tone": TONES[row.state],
        "what": f"{row.name} · {row.get_kind_display()}",
        "url": reverse("exports:file", args=[row.pk]) if row.state == "ready" else "",
        "until": row.ended_at + exporting.KEPT if row.state == "ready" else None,
        "most": row.total or 1,
        "said": _failure(row) if row.state == "failed" else "",
    }


def _failure(row: Any) -> str:
    return row.said or _("没有写成。请再导出一次；还不行，请告诉管理员。")
