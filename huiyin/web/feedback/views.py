"""Feedback forms: those sent to the reader, one of them to print, its receipt, and who else has read it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.publication.bulletins.document import Table
from huiyin.supervision.feedback import actions, queries
from huiyin.supervision.feedback.rules import feedback_rule
from huiyin.web.desk.lists import address
from huiyin.web.navigation import way_back
from huiyin.web.onpaper import as_file, on_paper
from huiyin.web.staff import staff

TABS = {
    "waiting": (_("待签收"), _("送来的反馈表会出现在这里，看过以后请签收。")),
    "all": (_("全部"), _("送给您的每一份反馈表都在这里。")),
}


@staff()
def listing(request: HttpRequest) -> HttpResponse:
    """The forms that were sent to the reader."""
    tab = "all" if request.GET.get("tab") == "all" else "waiting"
    found = queries.listing(
        request.actor,
        waiting=tab == "waiting",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    today = wall.local_date(wall.now())
    values = {
        "back": way_back(request.actor.role),
        "tabs": [
            {"label": label, "url": f"?tab={name}", "current": name == tab, "count": None}
            for name, (label, _empty) in TABS.items()
        ],
        "tab": {"label": TABS[tab][0], "empty": TABS[tab][1]},
        "rows": [_row(copy, today) for copy in found.rows],
        "beyond": bool(request.GET.get("after") or request.GET.get("before")),
        "first_url": f"?tab={tab}",
        "previous_url": address(request, tab=tab, before=found.earlier) if found.earlier else "",
        "next_url": address(request, tab=tab, after=found.later) if found.later else "",
        "shown": len(found.rows),
    }
    return render(request, "feedback/listing.html", values)


def _row(copy: Any, today: Any) -> dict[str, Any]:
    return {
        "copy": copy,
        "form": copy.form,
        "url": reverse("feedback:one", args=[copy.form_id]),
        "mark": _mark(copy, copy.form, today),
    }


def _mark(copy: Any, form: Any, today: Any) -> tuple[str, Any]:
    """How a copy stands: its tone and its words."""
    if copy.received_at is not None:
        return "done", _("已签收")
    if form.receipt_by < today:
        return "late", _("过期没有签收")
    return ("active", _("已读，待签收")) if copy.read_at is not None else ("soon", _("未读"))


@staff()
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One form, to read, to print and to give receipt of. Opening one's own copy is reading it."""
    found = queries.find(request.actor, key)
    if found is None:
        raise Http404
    if request.method == "POST" and found.own is not None:
        try:
            actions.receive_feedback(found.own, by=request.actor)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, gettext("已签收。"))
        return redirect("feedback:one", key)
    if found.own is not None and request.method == "GET" and "prefetch" not in _purpose(request):
        actions.note_reading(found.own, by=request.actor)
    today = wall.local_date(wall.now())
    rule = feedback_rule()
    values = {
        "found": found,
        "form": found.form,
        "title": rule.title if rule else _("诉求问题反馈表"),
        "copies": [{"copy": copy, "mark": _mark(copy, found.form, today)} for copy in found.copies],
        "may_receive": found.own is not None and found.own.received_at is None,
    }
    return render(request, "feedback/form.html", values)


@staff()
def file(request: HttpRequest, key: int) -> HttpResponse:
    """The form as PDF/UA, for whoever may read it."""
    found = queries.find(request.actor, key)
    if found is None:
        raise Http404
    if found.own is not None:
        actions.note_reading(found.own, by=request.actor)
    rule = feedback_rule()
    title = rule.title if rule else gettext("诉求问题反馈表")
    lines = [[str(name), text] for name, text in found.lines]
    table = Table(title, [gettext("项目"), gettext("内容")], lines)
    number = f"{found.form.case.number}-{found.form.number}"
    return as_file(on_paper(title, found.form.case.number, [table]), name=f"{title}-{number}.pdf")


def _purpose(request: HttpRequest) -> str:
    return request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
