"""The lists of the ladder, and one rung with all that was said on it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases import access as cases
from huiyin.supervision import actions, queries
from huiyin.supervision.wording import UNHEARD, act_name, mark_name, turn_words, verdict_name
from huiyin.web.desk.lists import Tab, address, chosen_tab, frame
from huiyin.web.ladder.forms import WORDS
from huiyin.web.ladder.rows import row, way
from huiyin.web.staff import staff

READERS = (*OVERSIGHT, *UNIT, *DESK)
TABS = (
    Tab("open", gettext_lazy("在办"), empty=gettext_lazy("督办单、挂牌、约谈、问责建议、包案、过错记录在办的会出现在这里，先到期的在前。")),
    Tab("overdue", gettext_lazy("过期"), empty=gettext_lazy("过了日期还没有回复或落实的会出现在这里。")),
    Tab("replied", gettext_lazy("等督办决定"), empty=gettext_lazy("已经回复、等督办验收，或者申诉等决定的会出现在这里。")),
    Tab("ended", gettext_lazy("已结束"), order="newest", empty=gettext_lazy("验收、摘牌、答复、撤回的会出现在这里，通报也在这里。")),
    Tab("all", gettext_lazy("全部"), order="newest", empty=gettext_lazy("签发过的都会列在这里。")),
)  # fmt: skip


@staff(*READERS)
def rungs(request: HttpRequest) -> HttpResponse:
    """What was signed and the reader may know of, what is due first standing first."""
    by, tab = request.actor, chosen_tab(request, TABS, "open")
    kind = request.GET.get("kind", "")
    asked = {name: request.GET.get(name, "") for name in ("after", "before")}
    listing = queries.listing(by, tab.name, kind=kind, **asked)
    values = frame(request, TABS, tab, None, listing, queries.counts(by))
    values |= {
        "rows": [row(each) for each in listing.rows],
        "kinds": _kinds(request, kind),
        "may_sign": [way(each) for each in queries.signable(by, None)],
        "oversees": by.role in OVERSIGHT,
    }
    return render(request, "ladder/list.html", values)


def _kinds(request: HttpRequest, chosen: str) -> list[dict[str, Any]]:
    """The chips that narrow the list to one kind; pressed again, they let all stand."""
    return [
        {"label": label, "on": kind == chosen, "url": address(request, kind="" if kind == chosen else kind)}
        for kind, label in queries.Kind.choices
    ]


@staff(*READERS)
def rung(request: HttpRequest, key: int) -> HttpResponse:
    """One rung. A circular is read by being opened, and that is kept once for the unit."""
    found = found_or_404(request, key)
    if request.method == "GET":
        actions.read(found, by=request.actor)
    page = queries.page_of(found, request.actor)
    line = row(found)
    whom = " ".join(filter(None, (line["unit"], line["post"])))
    values = {
        **line,
        "rung": found,
        "whom": whom,
        "turn": UNHEARD
        if queries.is_unheard(found)
        else turn_words(found.kind, found.state, str(queries.heir(found) or whom)),
        "words": page.words,
        "heading": WORDS.get(found.kind, _("理由和要求")),
        "said": [said(found, each) for each in page.said],
        "acts": [_step(found, act) for act in page.acts],
        "receipts": page.receipts,
        "about": page.about,
        "case_url": _case_url(request, found),
        "mark": mark_name(found.rule) if found.rule else "",
    }
    return render(request, "ladder/rung.html", values)


def _case_url(request: HttpRequest, rung: Any) -> str:
    seen = rung.case is not None and cases.sees(request.actor, rung.case)
    return reverse("cases:case", args=[rung.case.number]) if seen else ""


def found_or_404(request: HttpRequest, key: int) -> Any:
    """The rung with this key for whoever sits here; 404 when there is none that they may know of."""
    try:
        return queries.find(request.actor, key)
    except (*queries.NotFound, OverflowError) as missing:
        raise Http404 from missing


def said(rung: Any, told: Any) -> dict[str, Any]:
    """An entry on a rung as a page shows it: which step, by whom, when, in which words."""
    entry = told.entry
    return {
        "act": act_name(rung.kind, entry.act),
        "who": f"{entry.by.unit} {entry.by.user.name}" if entry.by else "",
        "at": entry.at,
        "words": told.words,
        "verdict": verdict_name(entry.verdict) if entry.verdict else "",
        "day": entry.day,
    }


def _step(rung: Any, act: str) -> dict[str, str]:
    return {
        "label": act_name(rung.kind, act),
        "url": reverse("ladder:step", args=[rung.pk, act]),
        "kind": "primary" if act in ("reply", "accept", "inspect", "hold", "progress", "decide") else "",
    }


@staff(*OVERSIGHT)
def proposals(request: HttpRequest) -> HttpResponse:
    """What the place's rules propose and nobody has decided: to be signed, or set aside with a reason."""
    listing = queries.proposed(
        request.actor, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    owing = queries.owing_promises(listing.rows)
    values = {
        "rows": [_proposal(each, owing.get(each.case_id) or each.case.holder_unit) for each in listing.rows],
        "shown": len(listing.rows),
        "beyond": bool(request.GET.get("after") or request.GET.get("before")),
        "first_url": request.path,
        "previous_url": address(request, before=listing.earlier) if listing.earlier else "",
        "next_url": address(request, after=listing.later) if listing.later else "",
    }
    return render(request, "ladder/proposals.html", values)


def _proposal(each: Any, unit: Any) -> dict[str, Any]:
    """What is proposed about a matter, and whose turn it is there."""
    case = each.case
    asked = f"?case={case.number}&proposal={each.pk}"
    return {
        "kind": each.get_kind_display(),
        "mark": mark_name(each.rule),
        "words": queries.proposed_words(each),
        "case": case,
        "unit": str(unit) if unit else "",
        "at": each.proposed_at,
        "case_url": reverse("cases:case", args=[case.number]),
        "sign_url": reverse("ladder:new", args=[each.kind]) + asked,
        "dismiss_url": reverse("ladder:dismiss", args=[each.pk]),
    }
