"""剔除: what is left out of a unit's figures; asked for with clause and evidence, agreed to by two others."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiyin.accounts.roles import OVERSIGHT, UNIT, Role
from huiyin.assessment import actions, queries
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.web.acts.form import RowField, words
from huiyin.web.assessment.asking import address
from huiyin.web.forms import PlainForm
from huiyin.web.staff import staff

UNPROCESSABLE = 422
ROLES = (*OVERSIGHT, *UNIT, Role.REVIEWER, Role.DISPATCHER)
TONES = {"proposed": "soon", "approved": "done", "refused": "quiet"}


class Asking(PlainForm):
    """Which matter, for which unit, by which clause, with what evidence."""

    number = forms.CharField(
        label=gettext_lazy("诉求编号"), max_length=30, help_text=gettext_lazy("例如 2648-3917-5062。")
    )
    unit = forms.CharField(
        label=gettext_lazy("单位"), required=False, max_length=60,
        help_text=gettext_lazy("只有一个主办单位时不用填；有几个时填单位的名称。"),
    )  # fmt: skip
    clause = RowField(gettext_lazy("条款"))
    evidence = words(
        gettext_lazy("证据"), hint=gettext_lazy("什么材料、在哪里、说明什么。不要写诉求人的姓名和电话。")
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        offered: Any = self.fields["clause"]
        offered.offer([("", queries.clauses())], named=lambda row: f"{row.text}（{row.basis}）")

    def clean(self) -> dict[str, Any]:
        """The case and the unit behind what was typed."""
        given = super().clean() or self.cleaned_data
        if "number" not in given:
            return given
        case = queries.case_of(self.by, _number(given["number"]))
        if case is None:
            self.add_error("number", _("没有找到这个编号。请核对后再填；举报不进考核。"))
            return given
        units = queries.judged_units(self.by, case)
        typed = given.get("unit", "").strip()
        chosen = [unit for unit in units if not typed or typed in (str(unit), unit.name, unit.code)]
        if len(chosen) != 1:
            names = "、".join(str(unit) for unit in units) or _("没有")
            self.add_error(
                "unit", _("请写明是哪个单位。您可以为这些单位申请：%(names)s。") % {"names": names}
            )
            return given
        return {**given, "case": case, "judged": chosen[0]}


def _number(typed: str) -> str:
    try:
        return check_case_number(typed)
    except (Refused, ValueError):
        return typed.strip()


@staff(*ROLES)
@require_safe
def omissions(request: HttpRequest) -> HttpResponse:
    """What is left out, was refused, or waits for somebody's agreement."""
    after = request.GET.get("after", "")
    key = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else 0
    listing = queries.omissions(request.actor, after=key)
    values = {
        "entries": [_told(entry) for entry in listing.entries],
        "next_url": address("omissions", after=listing.later) if listing.later else "",
        "first_url": address("omissions") if key else "",
        "may_ask": request.actor.role != Role.LEADER,
        "oversees": request.actor.role in OVERSIGHT,
    }
    return render(request, "assessment/omissions.html", values)


def _told(entry: queries.Entry) -> dict[str, Any]:
    row = entry.row
    return {
        "entry": entry,
        "row": row,
        "tone": TONES[row.state],
        "state": _("还要一人核准") if row.state == "proposed" and row.first_by else row.get_state_display(),
        "decide_url": reverse("assessment:omission", args=[row.pk]),
    }


@staff(*ROLES)
def new(request: HttpRequest) -> HttpResponse:
    """Ask that a matter be left out."""
    form = Asking(request.POST or None, by=request.actor, initial={"number": request.GET.get("number", "")})
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.propose_omission(
                given["case"],
                by=request.actor,
                unit=given["judged"],
                clause=given["clause"],
                evidence=given["evidence"],
            )
        except Refused as fault:
            refusal = fault
        else:
            messages.success(request, _("已经申请。要两个人核准才算剔除，您自己不能核准。"))
            return redirect("assessment:omissions")
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "assessment/omission_new.html", {"form": form, "refusal": refusal}, status=status)


class Deciding(PlainForm):
    """Agree, or refuse with a reason."""

    why = words(gettext_lazy("不同意的理由"), required=False, hint=gettext_lazy("同意的不用填。"))


@staff(*ROLES)
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """One omission, with its evidence, for somebody who may agree or refuse."""
    entry = queries.omission(request.actor, key)
    if entry is None:
        raise Http404
    form, refusal = Deciding(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            said = _decide(entry, request, form.cleaned_data["why"])
        except Refused as fault:
            refusal = fault
        else:
            messages.success(request, said)
            return redirect("assessment:omissions")
    values = {**_told(entry), "form": form, "refusal": refusal}
    return render(
        request, "assessment/omission.html", values, status=UNPROCESSABLE if request.method == "POST" else 200
    )


def _decide(entry: queries.Entry, request: HttpRequest, why: str) -> str:
    if request.POST.get("act") == "refuse":
        actions.refuse_omission(entry.row, by=request.actor, why=why)
        return _("已经记下：不予剔除。")
    row = actions.agree_to_omission(entry.row, by=request.actor)
    return (
        _("两个人都核准了，这件诉求不再算进这个单位的考核。")
        if row.state == "approved"
        else _("已经核准，还要另一个人核准。")
    )
