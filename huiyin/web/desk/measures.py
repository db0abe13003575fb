"""联系约定 at the desk: what is agreed with whom, proposed by one, confirmed by another, looked at again, ended."""

from abc import abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import DESK, Role
from huiyin.cases import measures, queries
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.web.acts.form import RowField, day, words
from huiyin.web.forms import AsksPhone, PlainForm
from huiyin.web.staff import staff

UNPROCESSABLE = 422
TONES = {"proposed": "soon", "in_force": "active", "refused": "quiet", "lifted": "quiet"}


class NewForm(AsksPhone, PlainForm):
    """Whom it is about, what is agreed, why, and until when."""

    phone = forms.CharField(
        label=gettext_lazy("电话"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-no-draft": "", "inputmode": "tel"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("联系方式"), choices=measures.KINDS, widget=forms.RadioSelect)
    agreed = words(
        gettext_lazy("约定的内容"),
        hint=gettext_lazy(
            "本人会看到。写明由谁联系、什么时候、怎么联系。诉求照常登记和答复，不能写“不再受理”。"
        ),
    )
    reason = RowField(gettext_lazy("理由"))
    why = words(gettext_lazy("发生了什么"), hint=gettext_lazy("时间、次数、经过。只有受理中心和督办看得到。"))
    until = day(gettext_lazy("最后一天"), hint=gettext_lazy("到期自动失效。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["reason"]
        offered.offer([("", queries.reasons("measure"))])


class MeasureForm(PlainForm):
    """One act on a measure."""

    title: ClassVar[Any]
    done: ClassVar[Any]
    kind: ClassVar[str] = "primary"

    @abstractmethod
    def perform(self, measure: Any, by: Any) -> None:
        """Call the act. Raises `Refused` when it is not possible now."""


class Confirm(MeasureForm):
    title, done = (
        gettext_lazy("确认约定"),
        gettext_lazy("约定从今天起执行。请告诉本人，本人打开查询页也会看到。"),
    )
    said = words(gettext_lazy("审批意见"), required=False)

    def perform(self, measure: Any, by: Any) -> None:
        measures.confirm(measure, by=by, said=self.cleaned_data["said"])


class Refuse(MeasureForm):
    title, done, kind = gettext_lazy("不同意约定"), gettext_lazy("已记录不同意，什么都没有改变。"), "late"
    said = words(gettext_lazy("不同意的理由"))

    def perform(self, measure: Any, by: Any) -> None:
        measures.refuse(measure, by=by, said=self.cleaned_data["said"])


class Review(MeasureForm):
    title, done = gettext_lazy("复核约定"), gettext_lazy("复核意见已记录，本人会看到。")
    said = words(gettext_lazy("复核意见"), hint=gettext_lazy("本人会看到。有异议的，要写明怎么看这项异议。"))
    until = day(gettext_lazy("提前到哪一天结束"), required=False, hint=gettext_lazy("不填就不变。只能缩短。"))

    def perform(self, measure: Any, by: Any) -> None:
        told = self.cleaned_data
        measures.review(measure, by=by, said=told["said"], until=told["until"])


class Lift(MeasureForm):
    title, done, kind = gettext_lazy("解除约定"), gettext_lazy("约定已解除。"), "late"
    said = words(gettext_lazy("解除的理由"))

    def perform(self, measure: Any, by: Any) -> None:
        measures.lift(measure, by=by, said=self.cleaned_data["said"])


class Tell(MeasureForm):
    title, done = gettext_lazy("记录已告诉本人"), gettext_lazy("已记录告诉本人。")

    def perform(self, measure: Any, by: Any) -> None:
        measures.tell(measure, by=by)


ACTS: dict[str, type[MeasureForm]] = {
    "confirm": Confirm,
    "refuse": Refuse,
    "review": Review,
    "lift": Lift,
    "tell": Tell,
}


@staff(*DESK, Role.SUPERVISOR)
def listing(request: HttpRequest) -> HttpResponse:
    """What is proposed and agreed, the newest first."""
    rows = [shown(row, request.actor) for row in measures.listing(request.actor)]
    return render(request, "desk/measures.html", {"rows": rows, "may_propose": request.actor.role in DESK})


@staff(*DESK)
def new(request: HttpRequest) -> HttpResponse:
    """Propose one."""
    form = NewForm(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            made = measures.propose(by=request.actor, **form.cleaned_data)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _("已提出，等另一个人确认。确认以前什么都没有改变。"))
            return redirect("desk:measure", made.pk)
    values = {"form": form, "refusal": refusal, "title": _("提出联系约定"), "kind": "primary"}
    return render(request, "desk/measure_act.html", values, status=_status(form, refusal))


@staff(*DESK, Role.SUPERVISOR)
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One of them, with what can be done now."""
    row = _found(request, key)
    offered = [(name, ACTS[name].title, ACTS[name].kind) for name in measures.possible(row, request.actor)]
    return render(request, "desk/measure.html", {"row": shown(row, request.actor), "acts": offered})


@staff(*DESK, Role.SUPERVISOR)
def act(request: HttpRequest, key: int, act: str) -> HttpResponse:
    """One act on one of them. A refusal stands beside the form, and what was typed stays."""
    row = _found(request, key)
    if act not in ACTS:
        raise Http404
    form = ACTS[act](request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(row, request.actor)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, form.done)
            return redirect("desk:measure", row.pk)
    values = {"form": form, "refusal": refusal, "title": form.title, "kind": form.kind,
              "row": shown(row, request.actor)}  # fmt: skip
    return render(request, "desk/measure_act.html", values, status=_status(form, refusal))


def _status(form: PlainForm, refusal: Refused | None) -> int:
    return UNPROCESSABLE if refusal or form.errors else 200


def _found(request: HttpRequest, key: int) -> Any:
    """The measure of that key; 404 for whoever may not know of it."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    found = measures.visible(actor).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def shown(row: Any, by: Any) -> dict[str, Any]:
    """A measure as pages show it; whom it is about is not among it."""
    permit = Permit(holder=by.name, purpose=Purpose.WORK)
    texts = ("words", "why", "decision", "objection", "review")
    opened = {name: getattr(row, name).open(permit) if getattr(row, name) else "" for name in texts}
    state = measures.state_of(row)
    return {"row": row, "state": state, "tone": TONES[row.state], "objected": row.objected(), **opened}


def of_phone(request: HttpRequest, phone: str) -> list[dict[str, Any]]:
    """What is agreed today with whoever calls from this number, for the page that the desk has before it."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    return [shown(row, actor) for row in measures.holding(actor, phone)] if phone else []
