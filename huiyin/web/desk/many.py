"""Many matters at once: chosen in the list, looked at beforehand row by row, then done one after the other."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from huiyin.accounts.roles import DESK
from huiyin.cases import access
from huiyin.cases.paging import PAGE
from huiyin.cases.rehearsing import rehearse
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.web.desk.many_forms import MANY, ManyForm, offered
from huiyin.web.staff import staff

DONE, ONCE = "many", "many-once"  # what the session keeps: the latest report, and the one sending still open
UNPROCESSABLE = 422
LEFT_OUT = ("csrfmiddlewaretoken", "case")
GONE = _("没有这个编号的诉求，或您看不到它。")


@staff(*DESK)
def many(request: HttpRequest) -> HttpResponse:
    """Choose an act for the ticked matters, then see for each what will happen; nothing is done here."""
    told = request.POST if request.method == "POST" else request.GET
    cases = _chosen(request.actor, told.getlist("case"))
    kinds = offered(request.actor, cases)
    name, filters = told.get("act", ""), told.get("list", "")
    forms = [kind(told if kind.act == name else None, by=request.actor) for kind in kinds]
    form = next((each for each in forms if each.act == name), None)
    values = {"cases": cases, "forms": forms, "form": form, "back": _back(filters), "list": filters}
    if request.method != "POST" or form is None or not form.is_valid():
        wrong = request.method == "POST"
        return render(request, "desk/many.html", values, status=UNPROCESSABLE if wrong else 200)
    request.session[ONCE] = once = uuid.uuid4().hex
    rows = [_foreseen(form, case) for case in cases]
    sent = [(key, value) for key in told if key not in LEFT_OUT for value in told.getlist(key)]
    good = [row["case"].number for row in rows if not row["refusal"]]
    values |= {"rows": rows, "sent": sent, "good": good, "once": once}
    return render(request, "desk/many_preview.html", values)


@staff(*DESK)
@require_POST
def perform(request: HttpRequest) -> HttpResponse:
    """Do it: each matter in a transaction of its own. Sent twice, it is done once."""
    told = request.POST
    kind = MANY.get(told.get("act", ""))
    form = kind(told, by=request.actor) if kind else None
    if form is None or not form.is_valid():
        raise Http404
    if told.get("once") == request.session.pop(ONCE, None):
        rows = [_done(request.actor, number, form.perform) for number in _numbers(told.getlist("case"))]
        _keep(request, form.act, rows, filters=told.get("list", ""), undone=False)
    return redirect("desk:many_done")


@staff(*DESK)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the latest batch back, as far as each matter still allows it."""
    report = _kept(request)
    if report and not report["undone"]:
        form = MANY[report["act"]](by=request.actor)
        good = [row["number"] for row in report["rows"] if not row["said"]]
        rows = [_done(request.actor, number, form.takes_back) for number in good]
        _keep(request, form.act, rows, filters=report["list"], undone=True)
    return redirect("desk:many_done")


@staff(*DESK)
def done(request: HttpRequest) -> HttpResponse:
    """What came of the latest batch, row by row; where there is a way back, it stands here."""
    report = _kept(request)
    if report is None:
        return redirect("desk:inbox")
    kind = MANY[report["act"]]
    good = sum(not row["said"] for row in report["rows"])
    undoable = bool(kind.undo and good and not report["undone"])
    values = {**report, "kind": kind, "good": good, "undoable": undoable, "back": _back(report["list"])}
    return render(request, "desk/many_done.html", values)


# -- one row after the other ---------------------------------------------------------------------------------
def _numbers(asked: Sequence[str]) -> list[str]:
    """Well-formed numbers, each once, no more than a page of a list has."""
    found: dict[str, None] = {}
    for each in asked[:PAGE]:
        try:
            found[check_case_number(each)] = None
        except Refused:
            continue
    return list(found)


def _chosen(by: Actor, asked: Sequence[str]) -> list[Any]:
    """The cases of these numbers that the actor may see."""
    found = []
    for number in _numbers(asked):
        try:
            found.append(access.find(by, number))
        except access.NotFound:
            continue
    return found


def _foreseen(form: ManyForm, case: Any) -> dict[str, Any]:
    """What would come of the act on this case."""
    fresh = access.find(form.by, case.number)  # a rehearsal leaves its traces in the object
    refusal = rehearse(lambda: form.perform(fresh))
    return {"case": case, "refusal": refusal, "becomes": "" if refusal else form.becomes(case)}


def _done(by: Actor, number: str, act: Callable[[Any], None]) -> dict[str, str]:
    """Do it to one case; `said` is why it was not possible, "" when it is done."""
    try:
        case = access.find(by, number)
    except access.NotFound:
        return {"number": number, "title": "", "said": str(GONE)}
    try:
        act(case)
    except (Refused, PermissionDenied) as refusal:
        return {"number": number, "title": case.title, "said": str(refusal)}
    return {"number": number, "title": case.title, "said": ""}


def _keep(request: HttpRequest, act: str, rows: list[dict[str, str]], *, filters: str, undone: bool) -> None:
    post = request.actor.post.pk
    request.session[DONE] = {"act": act, "rows": rows, "list": filters, "undone": undone, "post": post}


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    """The latest batch of this post."""
    report: dict[str, Any] | None = request.session.get(DONE)
    return report if report and report["post"] == request.actor.post.pk else None


def _back(filters: str) -> str:
    """The list from which the matters were chosen."""
    return f"{reverse('desk:inbox')}?{QueryDict(filters).urlencode()}"
