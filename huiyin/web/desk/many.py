"""Many matters at once: chosen in the list, looked at beforehand row by row, then done one after the other."""

import json
import re
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

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
from huiyin.kernel import batches
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.kernel.sealing import Sealed
from huiyin.organisation.actors import Actor
from huiyin.web.desk.many_forms import MANY, ManyForm, offered
from huiyin.web.staff import staff

OPEN = "many-open"  # in the session: previews not sent yet
LATEST = "many-latest"  # likewise: the latest batch
MOST_OPEN = 5  # previews, as of several tabs; the oldest is thrown away
BACK = "u"  # behind the name of a batch: what takes it back
NAME = re.compile(f"[0-9a-f]{{32}}{BACK}{{0,9}}")
SENT = "desk.batch.sent"  # what is told of an act is sealed for this place
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
    told = request.POST
    kind = MANY.get(told.get("act", ""))
    form = kind(told, by=request.actor) if kind else None
    if form is None or not form.is_valid():
        raise Http404
    once, unsent = told.get("once", ""), request.session.get(OPEN, [])
    numbers = _numbers(told.getlist("case"))
    if once in unsent and batches.begin(once, numbers, _about(request, form)):
        request.session[OPEN] = [each for each in unsent if each != once]
        request.session[LATEST] = once
        request.session.save()  # now: should the work be killed, the button has still been pressed
        _one_by_one(request.actor, once, form.perform)
    elif _kept(request, once) is None:
        return _preview(request, form, _chosen(request.actor, numbers), warning=UNKNOWN)
    return _to_report(once)


@staff(*DESK)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take a batch back, as far as each matter still allows it: once, and then what was not reached the first time."""
    asked = request.POST.get("once") or _latest(request)
    batch = _kept(request, asked)
    if batch is None:
        return redirect("desk:inbox")
    if (
        batch.name == asked
        and not batch.at_work
        and batches.begin(asked + BACK, _to_undo(batch), batch.about)
    ):
        form = MANY[batch.about["act"]](by=request.actor)
        _one_by_one(request.actor, asked + BACK, form.takes_back)
    return _to_report(asked)


@staff(*DESK)
def done(request: HttpRequest) -> HttpResponse:
    """What came of a batch, row by row; where there is a way back, it stands here. Without its name, the latest."""
    batch = _kept(request, request.GET.get("once") or _latest(request))
    if batch is None:
        return redirect("desk:inbox")
    kind, back = MANY[batch.about["act"]], _back(batch.about["list"])
    # The words, not their form: a template would call a class.
    words = {"title": kind.title, "undo": kind.undo, "back": back}
    values = {**words, "reached": len(batch.rows), "all": len(batch.items)}
    if batch.at_work:
        return render(request, "desk/many_at_work.html", values)
    undone, rest = batch.name.endswith(BACK), batch.stopped()
    # What was not reached was never opened, so its title is looked up now.
    titles = {case.number: case.title for case in _chosen(request.actor, rest)}
    rows = [
        {**batch.rows[number], "title": titles.get(number) or batch.rows[number]["title"]}
        for number in batch.items
    ]
    sent = json.loads(batch.about["sent"].open(Permit(request.actor.name, Purpose.WORK))) if rest else []
    values |= {
        "once": batch.name,
        "rows": rows,
        "good": sum(not row["said"] for row in rows),
        "undone": undone,
    }
    values |= {"rest": rest, "sent": sent, "undoable": bool(kind.undo and _to_undo(batch))}
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
        "sent": _sent(told),
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


def _one_by_one(by: Actor, name: str, act: Callable[[Any], None]) -> None:
    """Do it to each, as far as a fault lets it; whatever was not reached then says so."""
    batch = batches.find(name)
    try:
        for number in batch.items if batch else ():
            if not batches.do(name, number, partial(_done, by, number, act)):
                break  # it took so long that somebody has ended the batch
    finally:
        _end(name)


# -- reports -------------------------------------------------------------------------------------------------
def _about(request: HttpRequest, form: ManyForm) -> dict[str, Any]:
    """What is kept with a batch: whose it is, and what was told, sealed, so that the rest can be done likewise.

    The session would not do: it is written when the answer is ready, and a second sending does not wait for that.
    """
    sealed = Sealed.of(json.dumps(_sent(request.POST)))
    sealed.token_for(SENT)
    by = {"act": form.act, "list": request.POST.get("list", ""), "post": request.actor.post.pk}
    return {**by, "sent": sealed}


def _sent(told: QueryDict) -> list[tuple[str, str]]:
    """What was told of the act, for every matter the same."""
    return [(key, str(value)) for key in told if key not in LEFT_OUT for value in told.getlist(key)]


def _kept(request: HttpRequest, once: str) -> batches.Batch | None:
    """This batch, or the latest that takes it back; None when it is not one of this post's, or not known any more.

    One at which nobody works any more is ended here: its maker is gone.
    """
    batch = batches.find(once) if NAME.fullmatch(once) else None
    if batch is None or batch.about["post"] != request.actor.post.pk:
        return None
    while (later := batches.find(batch.name + BACK)) is not None:
        batch = later
    return _end(batch.name) if batch.at_work and batch.lapsed else batch


def _end(name: str) -> batches.Batch | None:
    """End a batch: what has not been reached will not be."""
    batch = batches.find(name)
    if batch is not None and batch.at_work:
        batches.stop(batch, lambda number: {"number": number, "title": "", "said": str(STOPPED)})
        batch = batches.find(name)
    return batch


def _to_undo(batch: batches.Batch) -> list[str]:
    """What can be taken back now: what was done, or what an earlier taking back did not reach."""
    if batch.name.endswith(BACK):
        return batch.stopped()
    return [number for number in batch.items if not batch.rows[number]["said"]]


def _latest(request: HttpRequest) -> str:
    """The name of the latest batch of this visit, "" before the first."""
    return str(request.session.get(LATEST, ""))


def _to_report(once: str) -> HttpResponse:
    return redirect(f"{reverse('desk:many_done')}?{urlencode({'once': once})}")


def _back(filters: str) -> str:
    """The list from which the matters were chosen."""
    return f"{reverse('desk:inbox')}?{QueryDict(filters).urlencode()}"
