"""单位复看: which units were asked for their view, which are overdue, and whose view is to be weighed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.cases import peer_pages
from huiyin.kernel import clock as wall
from huiyin.web.desk.lists import framed
from huiyin.web.staff import staff

TABS = {
    "waiting": (_("待复看"), _("请了、还没有回音的会出现在这里，最早到期的在前。")),
    "overdue": (_("过期"), _("过了日子还没有回音的会出现在这里。")),
    "weigh": (_("待决定"), _("有了意见、还没有定是否采纳的会出现在这里。")),
    "all": (_("全部"), _("请单位看过的每一次都在这里。在诉求的页面上请。")),
}
TONES = {"asked": "active", "given": "soon", "followed": "done"}


@staff(*peer_pages.ASKERS)
def listing(request: HttpRequest) -> HttpResponse:
    """The views that were asked for in matters that the reader sees."""
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else "waiting"
    by = request.actor
    found = peer_pages.listing(by, tab, **{name: request.GET.get(name, "") for name in ("after", "before")})
    values = {
        **framed(request, TABS, tab, found),
        "rows": [row_of(row, reverse("cases:case", args=[row.case.number])) for row in found.rows],
        "overdue": peer_pages.overdue_count(by),
    }
    return render(request, "desk/peers.html", values)


def row_of(row: Any, url: str, *, title: str = "") -> dict[str, Any]:
    """A view as a row of a list: the matter, the unit, how it stands."""
    late = row.state == row.State.ASKED and row.due_on < wall.local_date(wall.now())
    return {
        "row": row,
        "url": url,
        "title": title or row.case.title,
        "waits": row.state == row.State.ASKED,
        "tone": "late" if late else TONES.get(row.state, "quiet"),
        "state": _("过期没有回音") if late else row.get_state_display(),
        "asker": f"{row.asked_by.unit} {row.asked_by.user.name}" if row.asked_by else "",
    }
