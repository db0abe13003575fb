"""Signing a rung, of one's own accord or on a proposal; setting a proposal aside."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT
from huiyin.kernel.refusals import Refused
from huiyin.supervision import actions, queries
from huiyin.supervision.wording import act_name, kind_name, mark_name
from huiyin.web.cases.page import office_case
from huiyin.web.ladder.forms import EXPLAINED, Dismiss, Sign
from huiyin.web.staff import staff


@staff(*OVERSIGHT)
def sign(request: HttpRequest, rung: str) -> HttpResponse:
    """The page on which a rung of a kind is signed. A refusal stands beside what was typed (422)."""
    case = office_case(request, number) if (number := request.GET.get("case", "")) else None
    if rung not in queries.Kind.values:
        raise Http404
    if rung not in queries.signable(request.actor, case):
        raise PermissionDenied(_("您的岗位不能做这一步，或者要从一件诉求的页面开始。"))
    proposal = _proposal(request, case)
    form = Sign(
        *((request.POST,) if request.method == "POST" else ()),
        kind=rung,
        by=request.actor,
        case=case,
        proposal=proposal,
        said=queries.proposed_words(proposal) if proposal else "",
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            signed = form.perform()
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _("已签发。"), extra_tags=f"rung-{rung}")
            return redirect("ladder:rung", signed.pk)
    values = {
        "form": form,
        "refusal": refusal,
        "heading": act_name(rung, "issue") if rung in ("fault", "listing", "charge") else kind_name(rung),
        "explain": EXPLAINED[rung],
        "verb": act_name(rung, "issue"),
        "case": case,
        "draft": f"rung-{rung}",
        "mark": mark_name(proposal.rule) if proposal else "",
        "back": _back(case, proposal),
    }
    return render(request, "ladder/step.html", values, status=422 if refusal or form.errors else 200)


def _proposal(request: HttpRequest, case: Any) -> Any:
    """The proposal that the address names, while it waits; 404 once somebody has decided on it."""
    key = request.GET.get("proposal", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 19) or case is None:
        return None
    try:
        found = queries.proposal(request.actor, int(key))
    except queries.NotFound as missing:
        raise Http404 from missing
    return found if found.case_id == case.pk else None


def _back(case: Any, proposal: Any) -> str:
    if proposal is not None:
        return reverse("ladder:proposals")
    return reverse("cases:case", args=[case.number]) if case else reverse("ladder:list")


@staff(*OVERSIGHT)
def dismissing(request: HttpRequest, key: int) -> HttpResponse:
    """Why a proposal is set aside; 404 for one that was decided or that the reader may not know of."""
    try:
        found = queries.proposal(request.actor, key)
    except (*queries.NotFound, OverflowError) as missing:
        raise Http404 from missing
    form = Dismiss(*((request.POST,) if request.method == "POST" else ()))
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.dismiss(found, by=request.actor, reason=form.cleaned_data["text"])
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _("已记下不采用的理由。"), extra_tags=f"proposal-{found.pk}")
            return redirect("ladder:proposals")
    values = {
        "form": form,
        "refusal": refusal,
        "heading": _("不采用这条建议"),
        "explain": _("这一轮里，同一条规则不再对这件诉求提建议。"),
        "verb": act_name("", "dismiss"),
        "case": found.case,
        "draft": f"proposal-{found.pk}",
        "mark": mark_name(found.rule),
        "back": reverse("ladder:proposals"),
    }
    return render(request, "ladder/step.html", values, status=422 if refusal or form.errors else 200)
