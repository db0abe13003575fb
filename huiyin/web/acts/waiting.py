"""Acts of waiting and calling: asking the petitioner, asking upward, calling to a place, letting a matter rest."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases import actions, choices, offering
from huiyin.web.acts.form import ActForm, RowsField, day, words


class AskPetitioner(ActForm):
    act, title, verb, done = (
        "ask_petitioner",
        _("请诉求人补充"),
        _("请补充"),
        _("已请诉求人补充，期限暂停，等到回复或到期。"),
    )
    explain = _(
        "写给诉求人看，写明缺什么、为什么要。等待有时限，到期没有回复就继续办理；每一轮的次数也有限。"
    )
    about = ("case", "order")
    icon = "message"
    said = words(_("请诉求人补充什么"))

    def perform(self) -> None:
        order = self.target if self.target is not self.case else None
        actions.ask_petitioner(self.case, by=self.by, said=self.cleaned_data["said"], order=order)


class Supply(ActForm):
    act, title, verb, done = "supply", _("代诉求人补充"), _("记录补充"), _("补充已记录，期限接着计算。")
    explain = _("诉求人在电话里或当面补充的，照他的话写下来。")
    about = ("question",)
    icon, kind = "phone", "primary"
    text = words(_("补充的内容"), rows=6, most=20_000)

    def perform(self) -> None:
        actions.supply(self.target, by=self.by, text=self.cleaned_data["text"])


class AskUpward(ActForm):
    act, title, verb, done = "ask_upward", _("请示"), _("请示"), _("请示已提交，等待批复。")
    explain = _("自己定不了的，请上级定。批复有约束力，写明办理日期；等待期间，本单的期限照走。")
    about = ("case", "order")
    icon = "help"
    said = words(_("请示的事项"))

    def perform(self) -> None:
        order = self.target if self.target is not self.case else None
        actions.ask_upward(self.case, by=self.by, said=self.cleaned_data["said"], order=order)


class AnswerUpward(ActForm):
    act, title, verb, done = "answer_upward", _("批复请示"), _("批复"), _("已批复。")
    explain = _("批复对请示的单位有约束力。")
    about = ("question",)
    icon, kind = "check", "primary"
    text = words(_("批复意见"))
    act_by = day(_("最迟哪天办到"))

    def perform(self) -> None:
        told = self.cleaned_data
        actions.answer_upward(self.target, by=self.by, text=told["text"], act_by=told["act_by"])


class TakeQuestionBack(ActForm):
    act, title, verb, done = "take_question_back", _("撤回提问"), _("撤回"), _("已撤回。")
    explain = _("已经不需要回复时撤回。等待诉求人补充而暂停的期限接着计算。")
    about = ("question",)
    icon = "arrow-back-up"

    def perform(self) -> None:
        actions.take_question_back(self.target, by=self.by)


class Blow(ActForm):
    act, title, verb, done = "whistle", _("吹哨"), _("吹哨"), _("已吹哨，被叫的单位收到协办工单和报到时限。")
    explain = _("请有关部门到现场一起办。来没来、什么时候来，双方都要写，督办的人看得到。")
    about = ("order",)
    icon = "bell"
    units = RowsField(_("叫哪些单位来"), required=True)
    said = words(_("为什么吹哨、到哪里会合"))

    def prepare(self) -> None:
        units = choices.assisting_units(self.case)
        self.fields["units"].offer(
            [unit for unit in units if unit.pk not in (self.target.unit_id, self.case.desk_id)]
        )

    def perform(self) -> None:
        told = self.cleaned_data
        actions.whistle(self.target, by=self.by, units=told["units"], said=told["said"])


class ReportIn(ActForm):
    act, title, verb, done = "report_in", _("报到"), _("报到"), _("报到已记录。")
    explain = _("写明谁到了现场、做了什么。没有签收的工单同时签收。")
    about = ("whistle",)
    icon, kind = "check", "primary"
    minute = forms.DateTimeField(
        label=_("几点到的"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=_("不填就是现在"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("请写成日期和时间，例如 2026-11-02 09:05。")},
    )
    said = words(_("到场情况"))

    def perform(self) -> None:
        told = self.cleaned_data
        by = self.by.claiming(told["minute"]) if told["minute"] else self.by
        actions.report_in(self.target, by=by, said=told["said"])


class JudgeWhistle(ActForm):
    act, title, verb, done = "judge_whistle", _("评报到"), _("提交"), _("已记录。")
    explain = _("按实际写。督办的人和被叫的单位看得到。")
    about = ("whistle",)
    icon = "flag"
    came = forms.ChoiceField(label=_("来了没有"), choices=choices.CAME, widget=forms.RadioSelect)
    said = words(_("评语"), hint=_("什么时候到的、配合得怎样"))

    def perform(self) -> None:
        told = self.cleaned_data
        actions.judge_whistle(self.target, by=self.by, came=told["came"], said=told["said"])


class ProposeSuspension(ActForm):
    act, title, verb, done = (
        "propose_suspension",
        _("提出挂账"),
        _("提出挂账"),
        _("已提出，由另一位同事审批。"),
    )
    explain = _(
        "现在解决不了、以后能解决的，写明打算和日期。另一位同事同意后暂停计时，到期自动恢复办理；诉求人看得到。"
    )
    about = ("case", "order")
    icon = "clock-pause"
    plan = words(_("打算怎么办"), hint=_("写给诉求人看"))
    until = day(_("挂账到哪天"))

    def perform(self) -> None:
        order = self.target if self.target is not self.case else None
        told = self.cleaned_data
        actions.propose_suspension(self.case, by=self.by, plan=told["plan"], until=told["until"], order=order)


class ApproveSuspension(ActForm):
    act, title, verb, done = (
        "approve_suspension",
        _("同意挂账"),
        _("同意挂账"),
        _("已挂账，到期自动恢复办理，并将告知诉求人。"),
    )
    explain = _("同意后，所有期限暂停到挂账那天结束。打算和日期会告知诉求人。")
    about = ("suspension",)
    icon, kind = "check", "primary"

    def perform(self) -> None:
        actions.approve_suspension(self.target, by=self.by)


class RefuseSuspension(ActForm):
    act, title, verb, done = (
        "refuse_suspension",
        _("不同意挂账"),
        _("不同意挂账"),
        _("已答复不同意挂账，期限照走。"),
    )
    about = ("suspension",)
    icon = "x"
    reason = words(_("不同意的理由"))

    def perform(self) -> None:
        actions.refuse_suspension(self.target, by=self.by, reason=self.cleaned_data["reason"])


class EndSuspension(ActForm):
    act, title, verb, done = (
        "end_suspension",
        _("提前恢复办理"),
        _("恢复办理"),
        _("已恢复办理，期限接着计算。"),
    )
    explain = _("不用等到挂账的日期就能办了时使用。暂停的日子不计入期限。承办单位随时可以恢复，不用等批准。")
    about = ("suspension",)
    icon, kind = "refresh", "primary"

    def perform(self) -> None:
        order = offering.through(self.page, "end_suspension")
        actions.end_suspension(self.target, by=self.by, order=order)
