"""Acts that reach many people, or reach them again: incidents, one explanation for all, and kept promises."""

from django.utils.translation import gettext_lazy as _

from huiyin.cases import actions
from huiyin.cases.promising import Pledge
from huiyin.web.acts.form import ActForm, day, words


class DeclareIncident(ActForm):
    act, title, verb, done = (
        "declare_incident",
        _("启动突发事件"),
        _("启动突发事件"),
        _("已启动突发事件，期限改按小时计算，登记页可以把来电直接并入。"),
    )
    explain = _("同一件事引来大量来电时使用。期限只会提前，不会推后；同时要在时限内公开说明。")
    icon, kind = "alert-triangle", "late"
    reason = words(_("启动的理由"), hint=_("发生了什么、影响多大。"))

    def perform(self) -> None:
        actions.declare_incident(self.case, by=self.by, reason=self.cleaned_data["reason"])


class EndIncident(ActForm):
    act, title, verb, done = (
        "end_incident",
        _("结束突发事件"),
        _("结束突发事件"),
        _("突发事件已结束，来电不再并入本件。"),
    )
    explain = _("已经并入的诉求不变，答复仍会送到每个人。期限不会改回去。")
    icon = "check"
    reason = words(_("结束的理由"))

    def perform(self) -> None:
        actions.end_incident(self.case, by=self.by, reason=self.cleaned_data["reason"])


class ExplainToAll(ActForm):
    act, title, verb, done = (
        "explain_to_all",
        _("统一说明"),
        _("发给所有人"),
        _("说明已放到每位诉求人的查询页。"),
    )
    explain = _("写给本件和并入本件的每一位诉求人：发生了什么、正在做什么、什么时候好。不要写到任何人。")
    icon = "message"
    text = words(_("说明内容"), rows=6, most=20_000)

    def perform(self) -> None:
        actions.explain_to_all(self.case, by=self.by, text=self.cleaned_data["text"])


class FulfilPromise(ActForm):
    act, title, verb, done = (
        "fulfil_promise",
        _("兑现承诺"),
        _("记录兑现"),
        _("已记录兑现，会再次告诉建议人。"),
    )
    about = ("promise",)
    explain = _("写给建议人看：承诺的事怎样做到的、在哪里能看到。")
    icon, kind = "check", "primary"
    text = words(_("兑现情况"), rows=5)

    def perform(self) -> None:
        actions.fulfil_promise(self.target, by=self.by, text=self.cleaned_data["text"])


class ChangePromise(ActForm):
    act, title, verb, done = (
        "change_promise",
        _("调整承诺"),
        _("调整承诺"),
        _("承诺已调整，理由会告诉建议人，原来的日期也保留。"),
    )
    about = ("promise",)
    explain = _("到期做不到时，如实说明理由，写一个做得到的日期。")
    icon = "clock"
    promise = words(_("承诺的内容"))
    due_on = day(_("新的日期"))
    reason = words(_("调整的理由"))

    def prepare(self) -> None:
        self.initial["promise"] = self.target.text

    def perform(self) -> None:
        told = self.cleaned_data
        pledge = Pledge(told["promise"], told["due_on"])
        actions.change_promise(self.target, by=self.by, pledge=pledge, reason=told["reason"])
