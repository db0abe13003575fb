"""Redacted matters for outside supervisors; their questions, for them, the units asked, and those who oversee."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import OVERSIGHT, UNIT, Role
from huiyin.kernel import clock as wall
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.supervision.outside import actions, queries
from huiyin.web.acts.form import RowField, words
from huiyin.web.desk.lists import framed
from huiyin.web.forms import PlainForm
from huiyin.web.navigation import way_back
from huiyin.web.staff import staff

UNPROCESSABLE = 422
TABS = {
    "waiting": (_("待答复"), _("问了、还没有答复的会出现在这里，最早到期的在前。")),
    "overdue": (_("过期"), _("过了日子还没有答复的会出现在这里。")),
    "all": (_("全部"), _("每一问和它的答复都在这里。")),
}
STANDING = {
    "open": (_("在办"), _("还没有办结的会出现在这里。")),
    "all": (_("全部"), _("辖区内的诉求会出现在这里。")),
}


class AskForm(PlainForm):
    """What is asked of which unit."""

    unit = RowField(_("问哪个单位"))
    question = words(_("询问"), hint=_("单位要在规定的日子以前书面答复"))


class AnswerForm(PlainForm):
    """A unit's answer in writing."""

    text = words(_("答复"), hint=_("问的人看得到，诉求人看不到；不要写诉求人是谁"))


@staff(Role.MONITOR)
def matters(request: HttpRequest) -> HttpResponse:
    """The matters of the reader's place, redacted."""
    tab = "all" if request.GET.get("tab") == "all" else "open"
    found = queries.matters(request.actor, open_only=tab == "open", **_place(request))
    titles = queries.titles(found.rows)
    rows = [
        {
            "case": case,
            "title": titles[case.pk],
            "place": str(case.region),
            "unit": str(case.holder_unit) if case.holder_unit else "",
            "url": reverse("monitor:matter", args=[case.number]),
        }
        for case in found.rows
    ]
    return render(request, "monitor/matters.html", {"rows": rows, **framed(request, STANDING, tab, found)})


@staff(Role.MONITOR)
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One matter, and the question to ask about it."""
    found = _matter(request, number)
    form = AskForm(request.POST if request.method == "POST" else None)
    asked: Any = form.fields["unit"]
    asked.offer([("", found.units)])
    if len(found.units) == 1:
        form.initial["unit"] = str(found.units[0].pk)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_unit(found.case, by=request.actor, **form.cleaned_data)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("已问，到期没有答复会显示给督办。"))
            return redirect("monitor:matter", number)
    values = {
        "found": found,
        "place": str(found.case.region),
        "form": form,
        "refusal": refusal,
        "inquiries": _inquiries(found.inquiries, request.actor),
    }
    status = UNPROCESSABLE if refusal or form.errors else 200
    return render(request, "monitor/matter.html", values, status=status)


def _matter(request: HttpRequest, number: str) -> Any:
    """A matter that the reader may read. Raises Http404 for any other, and for none."""
    try:
        found = queries.find(request.actor, check_case_number(number))
    except Refused as missing:
        raise Http404 from missing
    if found is None:
        raise Http404
    return found


@staff(Role.MONITOR, *UNIT, *OVERSIGHT)
def inquiries(request: HttpRequest) -> HttpResponse:
    """The questions that the reader asked, was asked, or oversees."""
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else "waiting"
    found = queries.listing(request.actor, tab, **_place(request))
    values = {
        "rows": _inquiries(found.rows, request.actor),
        "overdue": queries.overdue_count(request.actor),
        "back": None if request.actor.role == Role.MONITOR else way_back(request.actor.role),
    }
    return render(request, "monitor/inquiries.html", {**values, **framed(request, TABS, tab, found)})


@staff(Role.MONITOR, *UNIT, *OVERSIGHT)
def inquiry(request: HttpRequest, key: int) -> HttpResponse:
    """One question: the unit answers it here, whoever asked takes it back."""
    by = request.actor
    row = queries.inquiries(by).filter(pk=key).first()
    if row is None:
        raise Http404
    form, refusal = AnswerForm(request.POST if request.method == "POST" else None), None
    try:
        if request.method == "POST" and by.role == Role.MONITOR:
            actions.withdraw_inquiry(row, by=by)
            messages.success(request, gettext("已撤回。"))
            return redirect("monitor:inquiries")
        if request.method == "POST" and form.is_valid():
            actions.answer_inquiry(row, by=by, **form.cleaned_data)
            messages.success(request, gettext("已答复。"))
            return redirect("monitor:inquiries")
    except Refused as caught:
        refusal = caught
    values = {
        "each": _inquiries([row], by)[0],
        "form": form,
        "refusal": refusal,
        "may_answer": by.role in UNIT and row.state == row.State.ASKED,
        "may_withdraw": by.role == Role.MONITOR and row.state == row.State.ASKED,
        "case_url": "" if by.role == Role.MONITOR else reverse("cases:case", args=[row.case.number]),
    }
    failed = refusal or (request.method == "POST" and form.errors)
    return render(request, "monitor/inquiry.html", values, status=UNPROCESSABLE if failed else 200)


def _inquiries(rows: Sequence[Any], by: Any) -> list[dict[str, Any]]:
    """Questions as the page shows them."""
    words_of = queries.words_of(rows, by)
    return [_inquiry(row, *said) for row, said in zip(rows, words_of, strict=True)]


def _inquiry(row: Any, question: str, answer: str) -> dict[str, Any]:
    late = row.state == row.State.ASKED and row.due_on < wall.local_date(wall.now())
    tone = {"asked": "active", "answered": "done"}.get(row.state, "quiet")
    return {
        "row": row,
        "url": reverse("monitor:inquiry", args=[row.pk]),
        "question": question,
        "answer": answer,
        "tone": "late" if late else tone,
        "state": _("过期没有答复") if late else row.get_state_display(),
    }


def _place(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("after", "before")}
