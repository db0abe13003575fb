"""One more call about a running incident: a telephone number, one click, and the receipt."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import Role
from huiyin.cases import access, incidents
from huiyin.channels.clerk.joining import Call, join_incident
from huiyin.kernel.refusals import Refused
from huiyin.web.acts.form import words
from huiyin.web.cases.page import office_case
from huiyin.web.desk import receipts
from huiyin.web.desk.entry_form import unkept
from huiyin.web.forms import AsksPhone, PlainForm
from huiyin.web.staff import staff

JOINERS = (Role.CLERK, Role.DISPATCHER)  # who may merge, at their own desk


class JoinForm(AsksPhone, PlainForm):
    """What a caller adds; nothing has to be said."""

    phone = unkept(_("电话"), most=30, inputmode="tel", hint=_("留了电话的，修好以后会告诉他。"))
    name = unkept(_("姓名"), most=60, hint=_("不愿说的可以不填。"))
    place = forms.CharField(label=_("具体地点"), required=False, max_length=120)
    said = words(_("还说了什么"), required=False, rows=2)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4().hex)


def offered(request: HttpRequest) -> list[dict[str, Any]]:
    """The incidents that an entry page shows on top, each with its form; none for whoever may not merge."""
    by = request.actor  # type: ignore[attr-defined]
    if by.role not in JOINERS:
        return []
    return [
        {"case": case, "form": JoinForm(auto_id=f"id_{case.number}_%s")} for case in incidents.running(by)
    ]


@staff(*JOINERS)
def join(request: HttpRequest, number: str) -> HttpResponse:
    """Register a caller and merge them into the incident; what was typed comes back when it could not be done."""
    incident = office_case(request, number)
    form = JoinForm(request.POST) if request.method == "POST" else JoinForm()
    refusal: Exception | None = None
    if request.method == "POST" and form.is_valid():
        try:
            taken = join_incident(incident.number, Call(**form.cleaned_data), by=request.actor)
        except access.NotFound as missing:
            raise Http404 from missing
        except (Refused, PermissionDenied) as caught:
            refusal = caught
        else:
            receipts.keep(request, taken)
            return redirect("desk:receipt", taken.number)
    values = {"incident": incident, "form": form, "refusal": refusal}
    return render(request, "desk/join.html", values, status=422 if refusal or form.errors else 200)
