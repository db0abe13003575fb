"""Handing a matter in, and following it: fetch what is theirs, check the form, one act, redirect or 422."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from huiyin.cases import access, files, papers
from huiyin.channels.web import handing_in, joining, reading, telling
from huiyin.channels.web.papers import own_paper
from huiyin.channels.web.reading import OwnCase
from huiyin.evaluation.access import disclosed
from huiyin.evaluation.queries import may_rate_now
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.organisation import remembering
from huiyin.supervision.recurrence import queries as recurrence
from huiyin.web import faults
from huiyin.web.citizen import mine, pace, pocket, standing, tries
from huiyin.web.citizen.acts import FORMS
from huiyin.web.citizen.forms import FollowForm, NewForm
from huiyin.web.citizen.similar import Similar
from huiyin.web.citizen.similar import similar as find_similar
from huiyin.web.citizen.story import story
from huiyin.web.components.receipt import Receipt

log = logging.getLogger(__name__)

UNPROCESSABLE = 422
LOOK = "look"  # the button that asks what others have said before anything is sent
LOOKED_AT = 2000  # letters of a text that are compared


# -- handing in ----------------------------------------------------------------------------------------------
@csrf_exempt  # anybody may hand in, with no more rights than without: a browser without cookies too
def new(request: HttpRequest) -> HttpResponse:
    """The form. It may lie in the browser's history (with its key, so that going back makes no second case)."""
    if request.method != "POST":
        return _asked(request, NewForm(), status=200)
    if wait := pace.wait(request):
        return _too_soon(request, NewForm.looked(request.POST, None), wait)
    form = NewForm(request.POST, request.FILES)
    if LOOK in request.POST:
        return _looked(request, NewForm.looked(request.POST, request.FILES))
    if form.is_valid():
        try:
            return _received(request, handing_in.hand_in(form.message()))
        except Refused as refusal:
            form.add_error(*_place_of(refusal, form))
        except DatabaseError as fault:
            if not faults.cannot_store(fault):
                raise
            log.exception("a matter could not be stored; its form is shown again")
            remembering.rely()  # the form asks for places, and whoever waits has waited once
            return _not_stored(request, form)
    return _asked(request, form, status=UNPROCESSABLE if form.errors else 200)


def _asked(request: HttpRequest, form: NewForm, *, status: int, **more: Any) -> HttpResponse:
    """The form with what was typed and every file that is good."""
    values = {"form": form, "not_stored": status == faults.UNAVAILABLE_STATUS, **more}
    return _private(render(request, "citizen/new.html", values, status=status))


def _looked(request: HttpRequest, form: NewForm) -> HttpResponse:
    """The form once more, above it what others have said; for browsers without a script."""
    values = {"form": form, "similar": _similar(request), "looked": True}
    return _private(render(request, "citizen/new.html", values))


@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """A piece of the form: what others have said about the same thing. Nothing of what is sent here is kept."""
    return _private(render(request, "citizen/similar.html", {"similar": _similar(request)}))


def _similar(request: HttpRequest) -> list[Similar]:
    """For a report nothing is looked up: whoever is afraid is not asked to compare."""
    if request.POST.get("nature") == "report":
        return []
    return find_similar(request.POST.get("text", "")[:LOOKED_AT], region=request.POST.get("region", "")[:60])


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _not_stored(request: HttpRequest, form: NewForm) -> HttpResponse:
    """503 beside the form; it keeps its key, so that sending it again makes one case even if the first was stored."""
    response = _asked(request, form, status=faults.UNAVAILABLE_STATUS)
    response["Retry-After"] = faults.RETRY_AFTER
    return response


def _too_soon(request: HttpRequest, form: NewForm, wait: float) -> HttpResponse:
    """429 beside the form, with the minutes to wait; new files are not looked at."""
    minutes, files = ceil(wait / 60), bool(request.FILES)
    response = _asked(request, form, status=faults.TOO_MANY_STATUS, minutes=minutes, files_again=files)
    response["Retry-After"] = str(minutes * 60)
    return response


def _place_of(refusal: Refused, form: Any) -> tuple[str | None, str]:
    """The field that a refusal is about, and its sentence with what can be done instead."""
    field = getattr(refusal, "field", refusal.code)
    return (field if field in form.fields else None, " ".join(filter(None, (str(refusal), refusal.instead))))


def _received(request: HttpRequest, handed: handing_in.HandedIn) -> HttpResponse:
    kept = pocket.read(request)
    kept.put(handed.number, handed.party_id, handed.code)
    if handed.changed:
        messages.warning(
            request,
            _("这件诉求刚才已经收到，下面是它的回执。您后来改动的内容没有另存；要补充，请打开进度页。"),
        )
    if _without_cookies(request):  # the next page would not know whose receipt it is
        return _private(_shown(request, handed.number, handed.party_id, handed.code))
    return pocket.keep(redirect("citizen:receipt", number=handed.number), kept)


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt with its code, for the browser that handed the matter in; to others, the way to follow it."""
    kept = pocket.read(request)
    code = kept.codes.get(number)
    if code is None:
        return _to_door(number)
    return _shown(request, number, kept.cases[number], code)


def _shown(request: HttpRequest, number: str, party_id: int, code: str) -> HttpResponse:
    joined = joining.receipt_of(party_id)
    values = Receipt(
        code=code,
        follow_url=request.build_absolute_uri(_door(number)),
        next_steps=_steps_of_joined() if joined else _next_steps(),
        **{**handing_in.receipt_of(number), **joined},
    )
    return render(request, "citizen/receipt.html", {"receipt_values": values, "number": number})


def _next_steps() -> list[tuple[str, str]]:
    return [
        (_("工作人员看您写的"), _("先把能认出您的内容遮住，再决定由谁办。")),
        (_("交给该管的单位"), _("期限从收到时算起，不会因为转来转去重新计算。")),
        (_("答复您"), _("答复留在进度页上；您留了电话的，也会打给您。")),
        (_("您来评"), _("解决没有、满意不满意，由您说了算。")),
    ]


def _steps_of_joined() -> list[tuple[str, str]]:
    return [
        (_("您已经加入"), _("和先说的人是同一个编号，查询码是您自己的。")),
        (_("一起等答复"), _("期限从第一个人提出时算起，不会因为多一个人重新计算。")),
        (_("看答复"), _("答复留在进度页上，请凭编号和查询码来看。")),
        (_("您来评"), _("解决没有、满意不满意，您可以自己评。")),
    ]


# -- the door ------------------------------------------------------------------------------------------------
@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Number and code open a case; the cases opened on this device are listed."""
    kept = pocket.read(request)
    form = FollowForm(request.POST if request.method == "POST" else None, initial=_number_asked(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            attempt = tries.begin(request, told["number"])
        except tries.TooMany:
            return _wait(request)
        party_id = reading.find_by_code(told["number"], told["code"])
        if party_id is not None:
            attempt.succeeded()
            kept.put(told["number"], party_id)
            return pocket.keep(redirect("citizen:case", number=told["number"]), kept)
        form.add_error(
            None, _("编号和查询码对不上。请对照回执再输一次。连续输错 5 次，要等 15 分钟才能再试。")
        )
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "citizen/follow.html", {"form": form, "opened": list(kept.cases)}, status=status)


def _number_asked(request: HttpRequest) -> dict[str, str]:
    return {"number": request.GET.get("number", "")[:20]}


def _wait(request: HttpRequest) -> HttpResponse:
    response = faults.too_many(request)
    response["Retry-After"] = str(tries.MINUTES * 60)
    return response


def _to_door(number: str) -> HttpResponse:
    """To the page that asks for the code; the same for a case that is not theirs and for none at all."""
    return redirect(_door(number))


def _without_cookies(request: HttpRequest) -> bool:
    """Whether a form of ours came back without the cookie that went out with it."""
    return "csrfmiddlewaretoken" in request.POST and settings.CSRF_COOKIE_NAME not in request.COOKIES


def _door_with_words(request: HttpRequest, number: str) -> HttpResponse:
    """The door for somebody whose visit ran out while they wrote: what they wrote is given back."""
    values = {
        "form": FollowForm(initial={"number": number}),
        "opened": [],
        "typed": faults.typed_words(request),
        "late": True,
    }
    return render(request, "citizen/follow.html", values, status=UNPROCESSABLE)


def _door(number: str) -> str:
    return f"{reverse('citizen:follow')}?{urlencode({'number': number})}"


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Let this device forget every case that was opened on it, and whose telephone or mailbox was proved on it."""
    messages.success(request, _("这台设备已经不再记得您打开过的诉求。"))
    return mine.empty(pocket.empty(redirect("citizen:follow")))


# -- one's own case ------------------------------------------------------------------------------------------
def own(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the visitor's own case; whoever has not opened it here is sent to the door.

    By the part in it that this browser keeps, else by the one that their proved telephone or mailbox shows.
    """

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, number: str, **more: Any) -> HttpResponseBase:
        try:
            spelled = check_case_number(number)
        except Refused as refusal:
            raise Http404 from refusal
        kept = pocket.read(request).actor(spelled)
        if kept is not None:
            with suppress(access.NotFound):  # that part they have left; their telephone may prove another
                return view(request, kept, spelled, **more)
        by = mine.actor(request, spelled)
        if by is None:
            late = kept is None and faults.typed_words(request)
            return _door_with_words(request, spelled) if late else _to_door(spelled)
        try:
            return view(request, by, spelled, **more)
        except access.NotFound:
            return _to_door(spelled)

    return opened


@require_safe
@own
def case(request: HttpRequest, by: Any, number: str) -> HttpResponse:
    """The case as its party sees it. Reading it is being told: owed notices are recorded as delivered, once."""
    page = reading.own_case(by, number, proved=mine.telephone(request))
    if page.owed and _is_read(request) and telling.tell_by_page(page):
        page = reading.own_case(by, number, proved=mine.telephone(request))
    if page.measures and _is_read(request):
        telling.tell_measures(page)
    to_rate, grades = may_rate_now(page.case, by), disclosed(page.case, by).grades
    came_back = _is_asked(page)
    values = {
        "page": page,
        "number": number,
        "sentence": standing.sentence(page, to_rate=to_rate, rated=bool(grades)),
        "next_step": standing.what_next(page, to_rate=to_rate, rated=bool(grades)),
        "turn": standing.turn(page, to_rate=to_rate),
        "clock_values": standing.clock(page),
        "events": story(page, lambda key: reverse("citizen:file", args=[number, key])),
        "grades": grades,
        "openings": sum(event.kind == "open_original" for event in page.history),
        "to_rate": to_rate,
        "papers": papers.named(page.case, by, {event.kind for event in page.history}),
        "acts": _acts(page, to_rate=to_rate, came_back=came_back),
        "came_back": came_back,
        "supply_form": FORMS["supply"]() if page.question else None,
    }
    return render(request, "citizen/case.html", values)


def _is_read(request: HttpRequest) -> bool:
    """Whether somebody looks at the page, rather than a browser that fetches it in case they might."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and "prefetch" not in purpose


def _is_asked(page: OwnCase) -> bool:
    """Whether the reader is asked if the trouble came back; nothing is looked up where nobody drew the case."""
    drawn = "tell_recurrence" in page.possible and any(e.kind == "ask_recurrence" for e in page.history)
    return drawn and recurrence.open_for(page.case) is not None


def _acts(page: OwnCase, *, to_rate: bool, came_back: bool) -> dict[str, Any]:
    """The forms that the party can open now, by name."""
    return {
        name: form
        for name, form in FORMS.items()
        if form.needs in page.possible and {"rate": to_rate, "recurrence": came_back}.get(name, True)
    }


@own
def act(request: HttpRequest, by: Any, number: str, act: str) -> HttpResponse:
    """The form of one act. A refusal stands beside the form, and what was typed stays."""
    if act not in FORMS:
        raise Http404
    page = reading.own_case(by, number, proved=mine.telephone(request))
    form = FORMS[act](request.POST, request.FILES) if request.method == "POST" else FORMS[act]()
    form.prepare(page)
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(page)
        except Refused as refusal:
            form.add_error(*_place_of(refusal, form))
        else:
            messages.success(request, form.done, extra_tags=f"own-{number}-{act}")
            return redirect("citizen:case", number=number)
    status = UNPROCESSABLE if form.errors else 200
    values = {
        "form": form,
        "number": number,
        "page": page,
        "possible": form.needs in page.possible,
        "draft": f"own-{number}-{act}" if form.keeps_draft else "",
    }
    return render(request, "citizen/act.html", values, status=status)


@require_safe
@own
def file(request: HttpRequest, by: Any, number: str, key: int) -> HttpResponseBase:
    """A file of the case, as a download."""
    found = reading.attachment(by, number, key)
    if found is None:
        raise Http404
    return files.serve(found, by)


@require_safe
@own
def paper(request: HttpRequest, by: Any, number: str, kind: str) -> HttpResponse:
    """A printed paper of one's own case; 404 where there is no such paper (yet)."""
    shown = own_paper(by, number, kind)
    if shown is None:
        raise Http404
    return render(request, "citizen/paper.html", {"paper": shown, "number": number})
