"""Rungs as rows, lines and panels: on their own lists, on a case's page, on the first page of a unit's day."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.supervision import queries
from huiyin.supervision.wording import act_name, kind_name, state_name
from huiyin.web.components.matter import Badge

TONES = {"waiting": "soon", "replied": "active", "held": "soon", "appealed": "active", "done": "done",
         "upheld": "late", "revoked": "quiet", "exempted": "quiet", "withdrawn": "quiet"}  # fmt: skip
NAMED = ("fault", "listing", "charge")  # called by the act, not by the paper


def way(kind: str, case: Any = None) -> dict[str, str]:
    """Where a rung of a kind is signed, about a case where one is given."""
    url = reverse("ladder:new", args=[kind])
    return {"label": act_name(kind, "issue") if kind in NAMED else kind_name(kind),
            "url": f"{url}?case={case.number}" if case else url}  # fmt: skip


def row(rung: Any) -> dict[str, Any]:
    """A rung as a row or a line: what it is, to whom, about what, how it stands, until when."""
    late = queries.is_overdue(rung)
    return {
        "url": reverse("ladder:rung", args=[rung.pk]),
        "kind": rung.get_kind_display(),
        "title": title_of(rung),
        "unit": str(rung.unit) if rung.unit else "",
        "post": f"{rung.post.user.name}" if rung.post else "",
        "due": rung.due_on if rung.ended_at is None else None,
        "badge": badge(rung, late=late),
        "late": late,
        "number": rung.number,
    }


def badge(rung: Any, *, late: bool) -> Badge:
    """How it stands; late in words and shape when its day is over."""
    state = state_name(rung.kind, rung.state)
    return Badge("late", _("过期：%(state)s") % {"state": state}) if late else Badge(TONES[rung.state], state)


def title_of(rung: Any) -> str:
    """What a rung is about: its own title, else the case's, else the unit."""
    if rung.serial:
        return _("〔%(year)s〕%(serial)s 号 %(title)s") % {
            "year": rung.year, "serial": rung.serial, "title": rung.title,
        }  # fmt: skip
    return str(rung.title or (rung.case.title if rung.case else "") or rung.unit or "")


def beside(page: Any) -> dict[str, Any]:
    """What a case's page shows of the ladder: the rungs that the reader may know of, and those they may sign."""
    known = any(event.kind == "supervise" for event in page.history)
    found = queries.of_case(page.case, page.by) if known else []
    signable = [way(kind, page.case) for kind in queries.signable(page.by, page.case)]
    return {"rows": [row(each) for each in found], "may_sign": signable}


def owed(by: Any) -> list[dict[str, Any]]:
    """What the reader's unit owes a word on, as lines for the first page of its day."""
    return [
        {"url": reverse("ladder:rung", args=[rung.pk]), "kind": rung.get_kind_display(), "title": title_of(rung),
         "due": rung.due_on, "late": queries.is_overdue(rung)}
        for rung in queries.owed(by)
    ]  # fmt: skip
