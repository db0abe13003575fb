"""排查 for the units on the ground: the sheets that are due, what was found, and that a grid was walked."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import UNIT
from huiyin.cases import choices
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.supervision.sweeps import actions, queries
from huiyin.web.acts.form import words
from huiyin.web.desk.lists import address
from huiyin.web.forms import AsksPhone, PlainForm, Ticking
from huiyin.web.staff import staff

UNPROCESSABLE = 422


class FindingForm(AsksPhone, PlainForm):
    """What was found: a matter like any other."""

    title = forms.CharField(label=_("发现了什么"), max_length=120, help_text=_("一句话，例如：护坡开裂"))
    text = words(_("情况"), rows=5, most=2000)
    place = forms.CharField(label=_("具体地点"), max_length=120, required=False)
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=choices.URGENCIES, widget=forms.RadioSelect)
    name = forms.CharField(label=_("反映的人（愿意留的）"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("他的电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-no-draft": "", "inputmode": "tel"}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial |= {"key": uuid.uuid4().hex, "urgency": "normal"}


class FinishForm(PlainForm):
    """That the grid was walked, and whether nothing was found."""

    nothing = forms.BooleanField(label=_("没有发现问题"), required=False, widget=Ticking)
    text = words(_("排查情况"), required=False, rows=3)


@staff(*UNIT)
def listing(request: HttpRequest) -> HttpResponse:
    """The sheets that the reader's unit has to walk, those due first at the top."""
    found = queries.to_walk(
        request.actor, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    today = wall.local_date(wall.now())
    values = {
        "rows": [
            {"row": row, "late": row.due_on < today, "url": reverse("unit:sheet", args=[row.pk])}
            for row in found.rows
        ],
        "beyond": bool(request.GET.get("after") or request.GET.get("before")),
        "first_url": request.path,
        "previous_url": address(request, before=found.earlier) if found.earlier else "",
        "next_url": address(request, after=found.later) if found.later else "",
        "shown": len(found.rows),
    }
    return render(request, "unit/sweeps.html", values)


@staff(*UNIT)
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One sheet: what to look for, what was found, and how to say that it is done."""
    sheet = _sheet(request, key)
    finish, refusal = FinishForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and finish.is_valid():
        try:
            actions.finish_sheet(sheet, by=request.actor, **finish.cleaned_data)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("已记下，这张排查单完成了。"))
            return redirect("unit:sweeps")
    open_now = sheet.state == sheet.State.DUE and sheet.begins_on <= wall.local_date(wall.now())
    values = {
        "sheet": sheet,
        "finish": finish,
        "refusal": refusal,
        "open": open_now,
        "found": queries.findings(sheet, request.actor),
        "find_url": reverse("unit:sheet_find", args=[sheet.pk]),
    }
    status = UNPROCESSABLE if refusal or finish.errors else 200
    return render(request, "unit/sheet.html", values, status=status)


@staff(*UNIT)
def find(request: HttpRequest, key: int) -> HttpResponse:
    """Register what was found as a case."""
    sheet = _sheet(request, key)
    form, refusal = FindingForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        try:
            taken = actions.report_finding(sheet, by=request.actor, **form.cleaned_data)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("已登记，编号 %(number)s。") % {"number": taken.number})
            return redirect("unit:sheet", sheet.pk)
    values = {"form": form, "refusal": refusal, "title": _("登记发现的问题"), "kind": "primary"}
    values |= {"back_url": reverse("unit:sheet", args=[sheet.pk]), "back": sheet.sweep.title}
    status = UNPROCESSABLE if refusal or form.errors else 200
    return render(request, "unit/plain_act.html", values, status=status)


def _sheet(request: HttpRequest, key: int) -> Any:
    """A sheet of the reader's own unit. Raises Http404 for any other."""
    found = queries.sheet_for(request.actor, key)
    if found is None:
        raise Http404
    return found
