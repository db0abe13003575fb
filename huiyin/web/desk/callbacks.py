"""回访 at the desk: the next person in turn, what is read out to them, the try written down, and the days' lots."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huiyin.accounts.roles import Role
from huiyin.cases import queries
from huiyin.evaluation import actions, calling, drawn
from huiyin.evaluation.rules import NAMED, call_back_rules
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.place import place
from huiyin.web.acts.form import words
from huiyin.web.acts.of_followups import GRADES, SOLVED, YES_NO
from huiyin.web.forms import PlainForm
from huiyin.web.staff import staff
from huiyin.web.words import day

UNPROCESSABLE = 422
SHOWN = 25  # of those who wait: enough to see what comes, and nobody can choose among them
LATELY = timedelta(days=30)
ASKED = ("contacted", "solved", "satisfied")
WATCHING = (Role.CALLER, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER)


class CallForm(PlainForm):
    """How the call went, and the three answers when somebody talked."""

    result = forms.ChoiceField(
        label=gettext_lazy("这一次电话怎么样"), choices=calling.RESULTS, widget=forms.RadioSelect
    )
    contacted = forms.ChoiceField(
        label=gettext_lazy("办事的人联系过您吗？"), choices=YES_NO, required=False, widget=forms.RadioSelect,
        help_text=gettext_lazy("接通了才填这一项和下面的，照本人的原话。"),
    )  # fmt: skip
    solved = forms.ChoiceField(
        label=gettext_lazy("问题解决了吗？"), choices=SOLVED, required=False, widget=forms.RadioSelect
    )
    satisfied = forms.ChoiceField(
        label=gettext_lazy("您满意吗？"), choices=GRADES, required=False, widget=forms.RadioSelect
    )
    said = words(gettext_lazy("本人还说了什么"), required=False)
    solvable = forms.ChoiceField(
        label=gettext_lazy("没有解决的，您看还能解决吗"), required=False, widget=forms.RadioSelect,
        choices=[("", gettext_lazy("不填")), *calling.SOLVABLE],
        help_text=gettext_lazy("只供审核员决定要不要重办时参考。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Of somebody who talked all three answers; of nobody else any."""
        told = super().clean() or {}
        reached = told.get("result") == "reached"
        for name in ASKED:
            if reached and name not in self.errors and not told.get(name):
                self.add_error(name, _("接通了，请照本人说的选一项。"))
            if told.get("result") and not reached and told.get(name):
                self.add_error(name, _("没有说上话就没有评价。请改“这一次电话怎么样”，或者不选这一项。"))
                break
        return told

    def perform(self, row: Any, by: Any) -> None:
        """Write the try down. Raises `Refused` when the person is not in one's hands any more."""
        told = self.cleaned_data
        actions.call_back(
            row,
            by=by,
            result=told["result"],
            contacted=told["contacted"] == "yes",
            solved=told["solved"],
            satisfied=int(told["satisfied"] or 0),
            words=told["said"] if told["result"] == "reached" else "",
            solvable=told["solvable"],
        )


@staff(*calling.CALLERS)
def listing(request: HttpRequest) -> HttpResponse:
    """How many wait, who comes next, and what came of the calls of the last thirty days."""
    by: Any = request.actor  # type: ignore[attr-defined]
    waiting = calling.waiting(by)
    today = clock.local_date(clock.now())
    values = {
        "rows": [_line(row) for row in waiting.select_related("case")[:SHOWN]],
        "waiting": waiting.count(),
        "mine": calling.in_hand(by),
        "counted": _facts(by, waiting.count(), today),
        "rules": call_back_rules(),
    }
    return render(request, "desk/call_backs.html", values)


def _facts(by: Any, waiting: int, today: date) -> list[tuple[Any, Any]]:
    told = calling.numbers(calling.visible(by), since=today - LATELY, until=today)
    invalid = {
        "all": told.invalid, "refused": told.refused, "unreached": told.unreached, "void": told.void
    }  # fmt: skip
    return [
        (_("等着回访"), waiting),
        (_("现在能打"), calling.ready(by).count()),
        (_("30 天有效回访"), told.valid),
        (_("本人先评了"), told.by_self),
        (
            _("无效回访"),
            _("%(all)d（不愿说 %(refused)d，打不通 %(unreached)d，核实有误 %(void)d）") % invalid,
        ),
        (_("过期没有打"), told.lapsed),
    ]


@staff(*calling.CALLERS)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """The next person in turn."""
    row = calling.take_next(request.actor)  # type: ignore[attr-defined]
    if row is None:
        messages.info(request, _("现在没有要打的：都打过了，或者还没有到再打的时间。"))
        return redirect("desk:call_backs")
    return redirect("desk:call_back", row.pk)


@staff(*calling.CALLERS)
def one(request: HttpRequest, key: int) -> HttpResponse:
    """Whom to call and what to read out; the form for how it went."""
    row = _found(request, key)
    form = CallForm(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(row, request.actor)  # type: ignore[attr-defined]
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _said(row))
            return redirect("desk:call_backs")
    return _shown(request, row, form, refusal)


@staff(*calling.CALLERS)
@require_POST
def dial(request: HttpRequest, key: int) -> HttpResponse:
    """The number, once, ready to be tapped; that it was taken is on record."""
    row, person, refusal = _found(request, key), None, None
    try:
        person = actions.dial(row, by=request.actor)  # type: ignore[attr-defined]
    except Refused as caught:
        refusal = caught
    return _shown(request, row, CallForm(), refusal, person=person)


@staff(*calling.CALLERS)
@require_POST
def let_go(request: HttpRequest, key: int) -> HttpResponse:
    """Give the person back to the others."""
    calling.let_go(_found(request, key), by=request.actor)  # type: ignore[attr-defined]
    return redirect("desk:call_backs")


@staff(*WATCHING)
def draws(request: HttpRequest) -> HttpResponse:
    """Each day's lots: how many, of how many, and the seed once the day is over."""
    rows, earlier = drawn.days(until=_day_asked(request.GET.get("until", "")))
    columns = [
        {"label": _("日期")},
        *(
            {"label": each, "figures": True}
            for each in (_("能打的人"), _("抽取比例"), _("抽中"), _("规则点名"))
        ),
        {"label": _("种子")},
    ]
    table = [
        [day(row.day), row.looked_at, f"{row.share / 10:g}%", row.sampled, row.named,
         drawn.seed_of(row) or _("当天过完公开")]
        for row in rows
    ]  # fmt: skip
    older = f"?until={earlier.isoformat()}" if earlier else ""
    return render(request, "desk/draws.html", {"columns": columns, "rows": table, "older": older})


def _day_asked(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _found(request: HttpRequest, key: int) -> Any:
    """The call-back in one's hands; 404 for any other."""
    by: Any = request.actor  # type: ignore[attr-defined]
    row = calling.in_hand(by)
    if row is None or row.pk != key:
        raise Http404
    return row


def _shown(request: HttpRequest, row: Any, form: CallForm, refusal: Refused | None, *,
           person: dict[str, str] | None = None) -> HttpResponse:  # fmt: skip
    by: Any = request.actor  # type: ignore[attr-defined]
    page = queries.page_of(row.case, by)
    rules = call_back_rules()
    values = {
        "row": row,
        "case": row.case,
        "person": person,
        "form": form,
        "refusal": refusal,
        "why": _why(row),
        "try": row.tries + 1,
        "tries": rules.tries,
        "script": rules.read_out(office=place().office, title=row.case.title, number=row.case.number),
        "answers": [(each.unit, page.open(each.text)) for each in page.answers if each.round == row.round],
    }
    response = render(
        request, "desk/call_back.html", values, status=UNPROCESSABLE if refusal or form.errors else 200
    )
    response["Cache-Control"] = "no-store"
    return response


def _line(row: Any) -> dict[str, Any]:
    return {"row": row, "case": row.case, "why": _why(row)}


def _why(row: Any) -> str:
    """Why somebody is called, in words."""
    found = [str(NAMED.get(code, code)) for code in row.rules]
    return "；".join([*found, *([_("抽中")] if row.sampled else [])])


def _said(row: Any) -> str:
    if row.state == row.State.VALID:
        return _("回访已记录。办理单位只会知道解决没有。")
    if row.state == row.State.WAITING:
        return _("已记录这一次，过一会儿会再排到。")
    return _("已记录。这一位不再打，计入无效回访。")
