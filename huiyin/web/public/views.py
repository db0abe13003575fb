"""What anybody may read: the home page, published matters, figures, and the rules that bind the office."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huiyin.cases import choices, released
from huiyin.cases.sheets import as_csv
from huiyin.kernel import clock as wall
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.kernel.signing import public_key
from huiyin.organisation.place import doors, is_demonstration, place
from huiyin.organisation.queries import today
from huiyin.publication import queries as publication
from huiyin.search.words import LONGEST_QUESTION
from huiyin.supervision.queries import listed_publicly
from huiyin.web.navigation import CITIZEN, resolved
from huiyin.web.public import told_figures
from huiyin.web.public.example import example
from huiyin.web.public.figures_json import figures_json
from huiyin.web.public.rules import coming, grounds, tracks
from huiyin.web.public.searching import card, chosen_among, published_number, searched

FILTERS = ("nature", "category", "region", "unit")


def home(request: HttpRequest) -> HttpResponse:
    """One screen that says what Huiyin does, with three doors; asks the database nothing."""
    actions = {way.to.partition(":")[2]: way for way in resolved(CITIZEN, "")}
    values = {
        "actions": actions,
        "example": example(),
        "demo": is_demonstration(),
        "place": place(),
        "doors": doors(),
    }
    return render(request, "public/home.html", values)


@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """Published matters, the newest first, or those with the words that stand in the address, in either order."""
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    if number := published_number(asked):
        return redirect("public:matter", number)
    wanted = {name: request.GET[name][:60] for name in FILTERS if request.GET.get(name)}
    kept = {**({"q": asked} if asked else {}), **wanted}
    after = request.GET.get("after", "")[:60]
    values = {
        "asked": asked,
        "wanted": wanted,
        "choices": _choices(wanted),
        "newest": _address(kept) if after else "",
        "feeds": {kind: _feed(kind, wanted) for kind in ("rss", "json")},
        **(searched(request, asked, wanted, after) if asked else _listed(wanted, after)),
    }
    return render(request, "public/list.html", values)


def _listed(wanted: dict[str, str], after: str) -> dict[str, Any]:
    page = publication.public_list(after_key=after, **wanted)
    return {
        "matters": [card(row) for row in page.rows],
        "older": _address(wanted, page.next_key) if page.next_key else "",
    }


def _address(wanted: dict[str, str], after: str = "") -> str:
    asked = {**wanted, **({"after": after} if after else {})}
    return f"{reverse('public:list')}?{urlencode(asked)}" if asked else reverse("public:list")


def _feed(kind: str, wanted: dict[str, str]) -> str:
    """The feed of what is listed, whatever words were looked for."""
    path = reverse(f"public:{kind}")
    return f"{path}?{urlencode(wanted)}" if wanted else path


def _choices(wanted: dict[str, str]) -> list[dict[str, Any]]:
    """The filters with what can be chosen; a report is never published, so nobody can look for one."""
    natures = [(value, label) for value, label in choices.NATURES if value != "report"]
    offered = {"nature": natures, **chosen_among(get_language() or "")}
    return [{"name": name, "options": offered[name], "chosen": wanted.get(name, "")} for name in FILTERS]


@require_safe
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """One published matter with its answer; any other number is simply not there."""
    try:
        spelled = check_case_number(number)
        row = publication.public_page(spelled)
    except Refused as fault:
        raise Http404 from fault
    except publication.NotPublished:
        return _open_matter(request, spelled)
    if spelled != number:
        return HttpResponsePermanentRedirect(reverse("public:matter", args=[spelled]))
    return render(request, "public/matter.html", {"row": row})


def _open_matter(request: HttpRequest, number: str) -> HttpResponse:
    """An open matter whose title is out: the title, whose turn it is, and the way to join."""
    try:
        found = released.find(number)
    except released.NotReleased as fault:
        raise Http404 from fault
    return render(request, "public/open.html", {"matter": found})


@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """What was explained in public, the newest first; no matter and no person stands beside it."""
    after = request.GET.get("after", "")[:60]
    rows, older = publication.statements(after_key=after)
    here = reverse("public:statements")
    values = {
        "rows": rows,
        "older": f"{here}?{urlencode({'after': older})}" if older else "",
        "newest": here if after else "",
    }
    return render(request, "public/statements.html", values)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What is listed until somebody has looked that it is solved: a title, the unit, the days; no number, no person."""
    asked = {name: request.GET.get(name, "")[:60] for name in ("after", "before")}
    found = listed_publicly(**asked)
    here = reverse("public:listed")
    values = {
        "rows": found.rows,
        "older": f"{here}?{urlencode({'after': found.later})}" if found.later else "",
        "newer": f"{here}?{urlencode({'before': found.earlier})}" if found.earlier else "",
    }
    return render(request, "public/listed.html", values)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of this installation, each with what it was counted from and how."""
    return render(request, "public/figures.html", told_figures.page())


@require_safe
def figures_file(request: HttpRequest) -> HttpResponse:
    """The same figures as a table, for whoever wants to reckon on."""
    name = f"huiyin-figures-{wall.local_date(wall.now()).isoformat()}.csv"
    head, rows = told_figures.rows()
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(as_csv(head, rows), content_type="text/csv; charset=utf-8", headers=disposition)


@require_safe
def figures_numbers(request: HttpRequest) -> HttpResponse:
    """The same figures for programs; any site may read them, as anybody may."""
    plain = {"ensure_ascii": False}
    return JsonResponse(figures_json(), json_dumps_params=plain, headers={"Access-Control-Allow-Origin": "*"})


@require_safe
def figures_key(request: HttpRequest) -> HttpResponse:
    """The public key by which anybody can tell that files of open data are the office's."""
    disposition = {"Content-Disposition": 'attachment; filename="huiyin-key.pem"'}
    return HttpResponse(public_key(), content_type="application/x-pem-file", headers=disposition)


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """The deadlines in force with their legal basis, those to come, and on which grounds a matter is refused."""
    values = {"tracks": tracks(), "coming": coming(), "grounds": grounds(), "today": today()}
    return render(request, "public/standards.html", values)
