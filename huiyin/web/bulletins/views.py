"""The office's pages of bulletins: the list, a new draft, the text, and one bulletin with what is due on it."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiyin.kernel.refusals import Refused
from huiyin.organisation.queries import today
from huiyin.publication.bulletins import access, actions, files, queries, templates
from huiyin.publication.bulletins.periods import KINDS
from huiyin.web.bulletins.deeds import offered
from huiyin.web.bulletins.drawing import page
from huiyin.web.bulletins.forms import Drafting, Editing
from huiyin.web.desk.lists import Tab, address, chosen_tab
from huiyin.web.onpaper import as_file
from huiyin.web.staff import staff

UNPROCESSABLE = 422
TABS = (
    Tab("open", gettext_lazy("在办"), empty=gettext_lazy("起草、待核准、待签发的简报会出现在这里。先选一种简报和一段时间，系统按模板写好草稿，数字也一起取好。")),
    Tab("issued", gettext_lazy("已签发"), empty=gettext_lazy("签发的简报会出现在这里，公开的同时出现在公开页面上。")),
    Tab("withdrawn", gettext_lazy("已撤回"), empty=gettext_lazy("撤回的简报留在这里，写明原因。")),
    Tab("discarded", gettext_lazy("已作废"), empty=gettext_lazy("作废的草稿留在这里。")),
)  # fmt: skip
TONES = {"draft": "soon", "submitted": "active", "approved": "active", "issued": "done", "withdrawn": "late",
         "discarded": "quiet"}  # fmt: skip
UNISSUED = ("draft", "submitted", "approved")
TURNS = {  # whose turn it is, below the title
    "draft": gettext_lazy("还在写。写好以后送核准。"),
    "submitted": gettext_lazy("轮到审核员、督办员或者领导核准，改过这一份的人不能核准。"),
    "approved": gettext_lazy("已经核准，等签发。"),
}
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@staff(*access.STAFF)
@require_safe
def bulletins(request: HttpRequest) -> HttpResponse:
    """What is being written, what was issued."""
    tab = chosen_tab(request, TABS, "open")
    asked = {name: request.GET.get(name, "")[:30] for name in ("after", "before")}
    listing = queries.listing(request.actor, tab=tab.name, **asked)
    here = reverse("bulletins:list")
    values = {
        "tab": tab,
        "tabs": [
            {"label": each.label, "url": f"{here}?tab={each.name}", "current": each.name == tab.name}
            for each in TABS
        ],
        "rows": [row_of(each) for each in listing.rows],
        "shown": len(listing.rows),
        "previous_url": address(request, before=listing.earlier) if listing.earlier else "",
        "next_url": address(request, after=listing.later) if listing.later else "",
        "may_draft": any(access.may_draft(request.actor, each) for each in templates.in_force(today())),
    }
    return render(request, "bulletins/list.html", values)


def row_of(row: Any) -> dict[str, Any]:
    """A bulletin in a list."""
    return {
        "row": row,
        "url": reverse("bulletins:bulletin", args=[row.pk]),
        "tone": TONES[row.state],
        "issue": queries.issue_words(row),
        "period": actions.span_of(row).words,
    }


@staff(*access.STAFF)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind to draft."""
    found = [each for each in templates.in_force(today()) if access.may_draft(request.actor, each)]
    offers = [
        {
            "template": each,
            "url": reverse("bulletins:new", args=[each.code]),
            "every": KINDS[each.every],
            "public": each.audience == "public",
        }
        for each in found
    ]
    return render(request, "bulletins/choose.html", {"offers": offers})


@staff(*access.STAFF)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Draft one by a template."""
    template = next((each for each in templates.in_force(today()) if each.code == code), None)
    if template is None:
        raise Http404
    form = Drafting(request.POST or None, template=template, initial={"key": uuid4().hex})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.draft(by=request.actor, code=code, **form.asked())
        except actions.Taken as taken:
            messages.info(request, str(taken), extra_tags="")
            return redirect("bulletins:bulletin", taken.key)
        except Refused as fault:
            refusal = fault
        else:
            messages.success(request, _("草稿写好了，数字已经取好并固定下来。请看一遍，改好以后送核准。"))
            return redirect("bulletins:bulletin", row.pk)
    values = {"form": form, "refusal": refusal, "template": template}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "bulletins/new.html", values, status=status)


@staff(*access.STAFF)
@require_safe
def look(request: HttpRequest, key: int) -> HttpResponse:
    """One bulletin as it will be read, who did what with it, and what may be done now."""
    row = found_or_404(request, key)
    opened = queries.opened(request.actor, row)
    values = {
        **row_of(row),
        **page(opened.document),
        "opened": opened,
        "acts": offered(row, opened.may),
        "files": [_file(row, each) for each in opened.files],
        "public_url": reverse("public:bulletin", args=[row.pk]) if _is_public(row) else "",
        "marks": row.state in UNISSUED,
        "turn": TURNS.get(row.state, ""),
        "replaced_url": reverse("bulletins:bulletin", args=[opened.replaced_by.pk])
        if opened.replaced_by
        else "",
        "replaces_url": reverse("bulletins:bulletin", args=[row.replaces_id]) if row.replaces_id else "",
    }
    return render(request, "bulletins/bulletin.html", values)


def _is_public(row: Any) -> bool:
    return row.audience == "public" and row.state in ("issued", "withdrawn")


def _file(row: Any, each: Any) -> dict[str, Any]:
    ready = each.state == "ready"
    url = reverse("bulletins:file", args=[row.pk, each.kind]) if ready else ""
    return {"kind": each.get_kind_display(), "state": each.get_state_display(), "url": url}


def found_or_404(request: HttpRequest, key: int) -> Any:
    """The bulletin with this key for whoever sits here; 404 when there is none that they may know of."""
    try:
        return queries.find(request.actor, key)
    except (queries.NotFound, OverflowError) as missing:
        raise Http404 from missing


@staff(*access.STAFF)
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """The text of a draft: saved, or looked at without being saved; nothing typed is lost."""
    row = found_or_404(request, key)
    if access.withheld(row):
        return redirect("bulletins:bulletin", row.pk)
    begin = {"title": row.title, "body": queries.text_of(row), "version": row.version}
    form = Editing(request.POST or None, initial=begin)
    preview, refusal = None, None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if request.POST.get("act") == "preview":
                preview = queries.previewed(request.actor, row, title=given["title"], text=given["body"])
            else:
                actions.edit(row, by=request.actor, **given)
                messages.success(request, _("存好了。"))
                return redirect("bulletins:bulletin", row.pk)
        except Refused as fault:
            refusal = fault
    elif request.method == "GET" and not (row.state == "draft" and access.may_write(request.actor, row)):
        return redirect("bulletins:bulletin", row.pk)
    values = {**row_of(row), "form": form, "refusal": refusal, "names": queries.names_for(row)}
    values |= page(preview) if preview else {}
    status = UNPROCESSABLE if request.method == "POST" and not preview else 200
    return render(request, "bulletins/edit.html", values, status=status)


@staff(*access.STAFF)
@require_safe
def file(request: HttpRequest, key: int, kind: str) -> FileResponse:
    """An issue as a file."""
    row = found_or_404(request, key)
    return sent(row, kind)


@staff(*access.STAFF)
@require_safe
def proof(request: HttpRequest, key: int) -> HttpResponse:
    """A bulletin that is not issued yet, on paper as it would be, with a word that it is a proof."""
    row = found_or_404(request, key)
    if row.state not in UNISSUED:
        raise Http404
    document = queries.document_of(row)
    told = replace(document, notice=_("样稿，还没有签发。%(more)s") % {"more": document.notice})
    return as_file(told, name=f"{row.series}-{row.pk}-proof.pdf")


def sent(row: Any, kind: str) -> FileResponse:
    """The file as a download. Raises Http404 where there is none (any more)."""
    found = queries.file_of(row, kind) if kind in MEDIA else None
    if found is None:
        raise Http404
    try:
        content = files.content(found)
    except FileNotFoundError as missing:
        raise Http404 from missing
    name = f"{row.series}-{row.year}-{row.number}.{kind}"
    response = FileResponse(content, as_attachment=True, filename=name, content_type=MEDIA[kind])
    response["X-Content-Type-Options"] = "nosniff"
    return response
