"""Many matters at once: chosen in the list, looked at beforehand row by row, then done one after the other."""

import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
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

OPEN = "many-open"  # in the session: previews not sent yet
LATEST = "many-latest"  # likewise: the latest batch
MOST_OPEN = 5  # previews, as of several tabs; the oldest is thrown away
KEPT = settings.SESSION_COOKIE_AGE  # seconds that a report is kept
UNPROCESSABLE = 422
LEFT_OUT = ("csrfmiddlewaretoken", "case", "once")
GONE = _("没有这个编号的诉求，或您看不到它。")
STOPPED = _("出了故障，这一件没有做。")
UNKNOWN = _("刚才那张预览已经失效，什么都没有做。下面是现在的情况，看过以后再按一次。")


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
    return _preview(request, form, cases)


@staff(*DESK)
@require_POST
def perform(request: HttpRequest) -> HttpResponse:
    """Do it: each matter in a transaction of its own. Sent twice, even at once, it is done once.

    The second sending shows what came of the first. One whose preview is not known any more is shown a new preview.
    """
    told, filters = request.POST, request.POST.get("list", "")
    kind = MANY.get(told.get("act", ""))
    form = kind(told, by=request.actor) if kind else None
    if form is None or not form.is_valid():
        raise Http404
    once, unsent = told.get("once", ""), request.session.get(OPEN, [])
    report = {"once": once, "act": form.act, "list": filters, "post": request.actor.post.pk, "undone": False}
    if once in unsent and cache.add(_place(once), {**report, "rows": [], "at_work": True}, KEPT):
        request.session[OPEN] = [each for each in unsent if each != once]
        request.session[LATEST] = once
        _one_by_one(request.actor, _numbers(told.getlist("case")), form.perform, report)
    elif _kept(request, once) is None:
        return _preview(request, form, _chosen(request.actor, told.getlist("case")), warning=UNKNOWN)
    return _to_report(once)


@staff(*DESK)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take a batch back, once, as far as each matter still allows it."""
    report = _kept(request, request.POST.get("once") or _latest(request))
    if report is None:
        return redirect("desk:inbox")
    settled = not report["undone"] and not report["at_work"]
    if settled and cache.add(f"{_place(report['once'])}:undo", True, KEPT):
        cache.set(_place(report["once"]), {**report, "at_work": True}, KEPT)
        form = MANY[report["act"]](by=request.actor)
        good = [row["number"] for row in report["rows"] if not row["said"]]
        _one_by_one(request.actor, good, form.takes_back, {**report, "undone": True})
    return _to_report(report["once"])


@staff(*DESK)
def done(request: HttpRequest) -> HttpResponse:
    """What came of a batch, row by row; where there is a way back, it stands here. Without its name, the latest."""
    report = _kept(request, request.GET.get("once") or _latest(request))
    if report is None:
        return redirect("desk:inbox")
    kind, back = MANY[report["act"]], _back(report["list"])
    if report["at_work"]:
        return render(request, "desk/many_at_work.html", {"kind": kind, "back": back})
    good = sum(not row["said"] for row in report["rows"])
    undoable = bool(kind.undo and good and not report["undone"])
    values = {**report, "kind": kind, "good": good, "undoable": undoable, "back": back}
    return render(request, "desk/many_done.html", values)


def _preview(request: HttpRequest, form: ManyForm, cases: list[Any], *, warning: Any = "") -> HttpResponse:
    """What would come of a valid form, row by row, with a button that is good for one sending."""
    told, once = request.POST, uuid.uuid4().hex
    request.session[OPEN] = [*request.session.get(OPEN, []), once][-MOST_OPEN:]
    rows = [_foreseen(form, case) for case in cases]
    values = {
        "form": form,
        "rows": rows,
        "good": [row["case"].number for row in rows if not row["refusal"]],
        "sent": [(key, value) for key in told if key not in LEFT_OUT for value in told.getlist(key)],
        "once": once,
        "warning": warning,
        "back": _back(told.get("list", "")),
    }
    return render(request, "desk/many_preview.html", values, status=UNPROCESSABLE if warning else 200)


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


def _one_by_one(
    by: Actor, numbers: Sequence[str], act: Callable[[Any], None], report: dict[str, Any]
) -> None:
    """Do it to each and keep what came of it, also when a fault ends it in the middle."""
    rows: list[dict[str, str]] = []
    try:
        for number in numbers:
            rows.append(_done(by, number, act))
    finally:
        rows += [{"number": number, "title": "", "said": str(STOPPED)} for number in numbers[len(rows) :]]
        cache.set(_place(report["once"]), {**report, "rows": rows, "at_work": False}, KEPT)


# -- reports -------------------------------------------------------------------------------------------------
def _place(once: str) -> str:
    """Where a batch and its report are kept: all processes share it, and only one of them can add it.

    The session would not do: it is written when the answer is ready, and a second sending does not wait for that.
    """
    return f"many:{once}"


def _kept(request: HttpRequest, once: str) -> dict[str, Any] | None:
    """The report of this batch; None when it is not one of this post's, or not known any more."""
    report = cache.get(_place(once)) if re.fullmatch("[0-9a-f]{32}", once) else None
    return report if report and report["post"] == request.actor.post.pk else None


def _latest(request: HttpRequest) -> str:
    """The name of the latest batch of this visit, "" before the first."""
    return str(request.session.get(LATEST, ""))


def _to_report(once: str) -> HttpResponse:
    return redirect(f"{reverse('desk:many_done')}?{urlencode({'once': once})}")


def _back(filters: str) -> str:
    """The list from which the matters were chosen."""
    return f"{reverse('desk:inbox')}?{QueryDict(filters).urlencode()}"
