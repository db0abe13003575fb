"""The rules of assessment: versions, drafts, what a draft would have done to last year, and switching it on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiyin.accounts.roles import OVERSIGHT, Role
from huiyin.assessment import rules as book
from huiyin.assessment.actions import propose_rule, switch_on
from huiyin.assessment.assessing import Reading
from huiyin.assessment.measures import BANDS, MEASURES
from huiyin.assessment.periods import Kind, NotAPeriod
from huiyin.assessment.rehearsing import rehearse
from huiyin.assessment.rules import NoRule
from huiyin.assessment.statistics import Share
from huiyin.kernel.refusals import Refused
from huiyin.organisation.queries import today
from huiyin.web.acts.form import day, words
from huiyin.web.assessment.asking import interval, offered_periods, percent, period_words, with_all
from huiyin.web.assessment.closed import why_untold
from huiyin.web.forms import PlainForm, new_once, once
from huiyin.web.staff import staff

UNPROCESSABLE = 422


def _weight(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100)


class Draft(PlainForm):
    """The next rule: what may differ from the one in force."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    contacted = _weight(gettext_lazy("响应率的权重"))
    solved = _weight(gettext_lazy("解决率的权重"))
    satisfied = _weight(gettext_lazy("满意率的权重"))
    k = forms.DecimalField(
        label=gettext_lazy("基本满意折算成多少"),
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=gettext_lazy("0 到 1，例如 0.9：十件基本满意算九件。"),
    )
    fewest = forms.IntegerField(
        label=gettext_lazy("至少多少件才比"),
        min_value=5,
        max_value=1000,
        help_text=gettext_lazy("不到这个数的单位不和别人比。"),
    )
    basis = words(gettext_lazy("依据"), rows=2, most=200, hint=gettext_lazy("哪个文件、哪一条。"))
    once = once()


class SwitchOn(PlainForm):
    """From which day."""

    day = day(
        gettext_lazy("从哪一天起"), hint=gettext_lazy("以后某个月的 1 日。已经开始的月份按原来的规则算。")
    )


@staff(*OVERSIGHT)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What is, was and will be in force, and what waits to be switched on."""
    versions = [_told(row) for row in book.versions()]
    drafts = [_told(row) for row in book.proposed()]
    return render(
        request, "assessment/rules.html", {"versions": versions, "drafts": drafts, "today": today()}
    )


def _told(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "url": reverse("assessment:rule", args=[row.pk]),
        "weights": f"{row.contacted} / {row.solved} / {row.satisfied}",
        "measures": "、".join(str(MEASURES[each]) for each in row.measures),
        "coming": row.valid_from is not None and row.valid_from > today(),
    }


@staff(*OVERSIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """Draft the next rule, beginning with the one in force."""
    now = book.rule_on(today())
    begin = {name: getattr(now, name) for name in ("contacted", "solved", "satisfied", "k", "fewest")}
    form = Draft(request.POST or None, initial={**begin, "once": new_once()})
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = propose_rule(
                by=request.actor,
                name=given["name"],
                basis=given["basis"],
                weights={name: given[name] for name in ("contacted", "solved", "satisfied")},
                k=given["k"],
                fewest=given["fewest"],
                once=given["once"],
            )
        except Refused as fault:
            refusal = fault
        else:
            messages.success(request, _("拟好了。先看看它会让去年变成什么样，再由领导启用。"))
            return redirect("assessment:rule", row.pk)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "assessment/rule_new.html", {"form": form, "refusal": refusal}, status=status)


@staff(*OVERSIGHT)
def look(request: HttpRequest, key: int) -> HttpResponse:
    """One rule: side by side with what was, and, while it is a draft, the form by which a leader switches it on."""
    row = book.numbered(key)
    if row is None:
        raise Http404
    form, refusal = SwitchOn(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            switch_on(row, by=request.actor, day=form.cleaned_data["day"])
        except Refused as fault:
            refusal = fault
        else:
            messages.success(request, _("已经启用。那一天以前的各期还按原来的规则算。"))
            return redirect("assessment:rules")
    values = {
        **_told(row),
        **_rehearsed(request, row),
        "form": form,
        "refusal": refusal,
        "offers": row.valid_from is None and request.actor.role == Role.LEADER,
        "draft": row.valid_from is None,
    }
    return render(
        request, "assessment/rule.html", values, status=UNPROCESSABLE if request.method == "POST" else 200
    )


def _rehearsed(request: HttpRequest, row: Any) -> dict[str, Any]:
    """The comparison for the page: last year, unless another period is asked for."""
    try:
        period = book.named(request.GET.get("period", ""), today())
    except (NotAPeriod, NoRule):
        running = book.current(today(), Kind.YEAR)
        period = running.before()
    try:
        found = rehearse(request.actor, row, period)
    except NoRule:
        return {"rehearsal": None}
    lines = [
        {
            "unit": line.unit,
            "kind": line.kind,
            "measure": MEASURES[line.measure],
            "moved": line.moved,
            **_beside(line.before, line.after),
        }
        for line in found.lines
    ]
    untold = bool(lines) and all(line.get("hidden") for line in lines)
    return {
        "rehearsal": found,
        "name": period_words(period),
        "untold": why_untold(found) if untold else "",
        "lines": lines,
        "periods": [
            {"code": each.code, "name": period_words(each), "current": each == period}
            for each in offered_periods(period)
        ],
    }


def _beside(before: Reading, after: Reading) -> dict[str, Any]:
    if before.kept is None or after.kept is None:
        return {"hidden": True}
    return {
        "n": f"{before.kept.n:,}",
        "old": _rated(before.kept, before),
        "new": _rated(after.kept, after),
        "old_band": BANDS[before.band],
        "new_band": BANDS[after.band],
    }


def _rated(kept: Share, reading: Reading) -> dict[str, str]:
    """A rate as every page of assessment shows it: with its interval, and what it would be with what is left out."""
    return {
        "rate": percent(kept.rate),
        "interval": interval(kept.interval),
        "without": with_all(reading.whole or kept) if reading.omitted else "",
    }
