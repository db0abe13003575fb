"""排查 for those who oversee: plans, how far each is, what is overdue, and the way to plan and to stop one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import OVERSIGHT
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.directory import indented, places_within
from huiyin.supervision.sweeps import actions, queries
from huiyin.supervision.sweeps.rules import in_season, kind_named
from huiyin.web.acts.form import day, words
from huiyin.web.desk.lists import address
from huiyin.web.forms import Choosing, PlainForm, new_once, once
from huiyin.web.staff import staff
from huiyin.web.words import day as in_words

UNPROCESSABLE = 422
TABS = {
    "overdue": (_("过期没有排查"), _("过了日子还没有排查的网格会出现在这里。")),
    "found": (_("发现问题"), _("登记了问题的网格会出现在这里。")),
    "done": (_("已排查"), _("排查过的网格会出现在这里，没有发现问题的也在。")),
    "all": (_("全部"), _("每个网格每一轮一张排查单。")),
}
TONES = {"due": "active", "done": "done", "cancelled": "quiet"}


class PlanForm(PlainForm):
    """What is looked for, where, from when to when, and how often."""

    kind = forms.ChoiceField(label=_("查哪一类"), widget=Choosing)
    title = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如：汛期地质灾害隐患排查"))
    region = forms.ChoiceField(
        label=_("范围"), widget=Choosing, help_text=_("里面的每个社区，没有社区的每个街道，各有一张排查单")
    )
    since = day(_("从哪天"))
    until = day(_("到哪天"))
    every = forms.IntegerField(label=_("几天一轮"), min_value=1, max_value=366)
    what = words(_("查什么"), most=500, hint=_("去的人照着看，一行一项"))
    once = once()

    def __init__(self, *args: Any, within: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {row.code: row for row in places_within(within)}
        kinds = in_season(wall.local_date(wall.now()).month)
        fields: Any = self.fields
        fields["kind"].choices = [(kind.code, kind.name) for kind in kinds]
        fields["region"].choices = indented(tuple(self.places.values()))
        if kinds:
            self.initial |= {"kind": kinds[0].code, "every": kinds[0].every, "what": kinds[0].what}
        self.initial.setdefault("since", wall.local_date(wall.now()))
        self.initial["once"] = new_once()


class StopForm(PlainForm):
    """Why a sweep is stopped."""

    reason = words(_("停止的理由"), rows=3, most=300)


@staff(*OVERSIGHT)
def listing(request: HttpRequest) -> HttpResponse:
    """The sweeps of the place, the newest first, with how far each is."""
    found, rows = queries.listing(
        request.actor, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    values = {
        "rows": [
            {"each": row, "url": reverse("supervisor:sweep", args=[row.sweep.pk]), "days": _days(row.sweep)}
            for row in rows
        ],
        "may_plan": bool(in_season(1)),
        **_beside(request, found),
    }
    return render(request, "supervisor/sweeps.html", values)


def _days(sweep: Any) -> str:
    return f"{in_words(sweep.since)} – {in_words(sweep.until)}"


def _beside(request: HttpRequest, found: Any, **more: str) -> dict[str, Any]:
    """The ways to the pages beside this one."""
    return {
        "beyond": bool(request.GET.get("after") or request.GET.get("before")),
        "first_url": address(request, **more),
        "previous_url": address(request, before=found.earlier, **more) if found.earlier else "",
        "next_url": address(request, after=found.later, **more) if found.later else "",
        "shown": len(found.rows),
    }


@staff(*OVERSIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """Plan a sweep."""
    within = request.actor.unit.region.path
    form = PlanForm(request.POST if request.method == "POST" else None, within=within)
    refusal = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        kind = kind_named(told.pop("kind"))
        region = form.places[told.pop("region")]
        try:
            if kind is None:
                raise Refused(gettext("资料里已经没有这一类排查。请刷新页面。"), code="kind")
            made = actions.plan_sweep(by=request.actor, kind=kind, region=region, **told)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("已安排，排查单到了各单位的页面上。"))
            return redirect("supervisor:sweep", made.pk)
    values = {"form": form, "refusal": refusal, "title": _("安排排查"), "kind": "primary"}
    values |= {"back_url": reverse("supervisor:sweeps"), "back": _("排查")}
    return render(request, "unit/plain_act.html", values, status=_status(form, refusal))


@staff(*OVERSIGHT)
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One sweep: how far it is, and its sheets."""
    sweep = _sweep(request, key)
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else "overdue"
    found = queries.sheets_of(
        sweep, tab=tab, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    today = wall.local_date(wall.now())
    values = {
        "sweep": sweep,
        "days": _days(sweep),
        "far": queries.progress([sweep])[0],
        "tabs": [
            {"label": label, "url": f"?tab={name}", "current": name == tab, "count": None}
            for name, (label, _empty) in TABS.items()
        ],
        "tab": {"label": TABS[tab][0], "empty": TABS[tab][1]},
        "rows": [_sheet(row, today) for row in found.rows],
        "stop_url": "" if sweep.stopped_at else reverse("supervisor:sweep_stop", args=[sweep.pk]),
        **_beside(request, found, tab=tab),
    }
    return render(request, "supervisor/sweep.html", values)


def _sheet(row: Any, today: Any) -> dict[str, Any]:
    late = row.state == row.State.DUE and row.due_on < today
    return {
        "row": row,
        "open": row.state == row.State.DUE,
        "tone": "late" if late else TONES[row.state],
        "state": _("过期") if late else row.get_state_display(),
    }


@staff(*OVERSIGHT)
def stop(request: HttpRequest, key: int) -> HttpResponse:
    """Stop a sweep, with a reason."""
    sweep = _sweep(request, key)
    form, refusal = StopForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.stop_sweep(sweep, by=request.actor, **form.cleaned_data)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("已停止，没有排查的不用再去。"))
            return redirect("supervisor:sweep", sweep.pk)
    values = {"form": form, "refusal": refusal, "title": _("停止排查"), "kind": "late"}
    values |= {"back_url": reverse("supervisor:sweep", args=[sweep.pk]), "back": sweep.title}
    return render(request, "unit/plain_act.html", values, status=_status(form, refusal))


def _sweep(request: HttpRequest, key: int) -> Any:
    found = queries.sweeps(request.actor).select_related("region", "unit").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _status(form: forms.Form, refusal: Refused | None) -> int:
    return UNPROCESSABLE if refusal or form.errors else 200
