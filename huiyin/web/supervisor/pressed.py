"""被要求打好评: what citizens tell supervision alone, and what was found."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import Role
from huiyin.evaluation import actions, pressures
from huiyin.kernel.refusals import Refused
from huiyin.web.acts.form import words
from huiyin.web.forms import PlainForm
from huiyin.web.staff import staff

UNPROCESSABLE = 422
LONGEST_KEY = 18


class FindingForm(PlainForm):
    """What was found."""

    finding = words(
        gettext_lazy("核查情况"),
        hint=gettext_lazy("和谁谈过、查到什么、怎么处理。只有督办的人看得到；本人会看到已经核查。"),
    )


@staff(Role.SUPERVISOR)
def listing(request: HttpRequest) -> HttpResponse:
    """Everybody who said so, the newest first."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_KEY else None
    rows, older = pressures.told(request.actor, before=before)  # type: ignore[attr-defined]
    return render(request, "supervisor/pressed.html", {"rows": rows, "older": older})


@staff(Role.SUPERVISOR)
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One of them, and the form for what was found."""
    by: Any = request.actor  # type: ignore[attr-defined]
    told = pressures.one(by, key)
    if told is None:
        raise Http404
    form, refusal = FindingForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.look_into_pressure(told.row, by=by, finding=form.cleaned_data["finding"])
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _("核查情况已记录。"))
            return redirect("supervisor:pressed")
    status = UNPROCESSABLE if refusal or form.errors else 200
    return render(
        request,
        "supervisor/pressed_one.html",
        {"each": told, "form": form, "refusal": refusal},
        status=status,
    )
