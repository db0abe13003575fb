"""Acts by which a matter, or a person, goes on to somebody outside, and comes back; and ending it by two people."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.cases import actions, choices, queries
from huiyin.cases.referring import EMERGENCY, LONGEST_BODY, LONGEST_REFERENCE
from huiyin.kernel import clock as wall
from huiyin.organisation.actors import Actor
from huiyin.web.acts.form import ActForm, RowField, day, words
from huiyin.web.acts.pledging import Pledging

MINUTE, NOON = timedelta(minutes=1), time(12)


def body(label: Any, *, hint: Any = "") -> forms.CharField:
    """A field for a body's name."""
    return forms.CharField(label=label, max_length=LONGEST_BODY, help_text=hint)


def number(label: Any) -> forms.CharField:
    """A field for the number of a paper, if there is one."""
    return forms.CharField(label=label, max_length=LONGEST_REFERENCE, required=False)


def at_minute(by: Actor, told: datetime, *, not_before: datetime) -> Actor:
    """The actor, claiming a minute that was typed; within the minute it began, or now, seconds are not disputed."""
    if told > wall.now() - MINUTE and told <= wall.now():
        return by
    return by.claiming(not_before if told <= not_before < told + MINUTE else told)


def on_day(by: Actor, told: date, *, not_before: datetime) -> Actor:
    """The actor, claiming a day that was typed."""
    if told == wall.local_date(wall.now()):
        return by
    noon = datetime.combine(told, NOON, wall.zone())
    return by.claiming(not_before if told == wall.local_date(not_before) and noon < not_before else noon)


# -- the legal route -----------------------------------------------------------------------------------------
class AdviseRoute(ActForm):
    act, title, verb, done = (
        "advise_route",
        pgettext_lazy("act", "告知法定途径"),
        pgettext_lazy("act", "告知法定途径"),
        _("已告知法定途径，诉求人可以打印回执，也可以提出异议。"),
    )
    explain = _(
        "依法应当走诉讼、仲裁、复议等途径的，写明哪个机关、什么依据。诉求人有异议的，由另一位同事再看。"
    )
    icon, kind = "arrow-right", "late"
    reason = RowField(_("法定途径"))
    to = body(_("受理的机关"), hint=_("写全称，例如“听风县人民法院”"))
    said = words(_("对诉求人的说明"), required=False)

    def prepare(self) -> None:
        self.fields["reason"].offer([("", queries.reasons("route"))])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.advise_route(
            self.case, by=self.by, reason=told["reason"], body=told["to"], words_to_citizen=told["said"]
        )


# -- to a body outside ---------------------------------------------------------------------------------------
class Forward(ActForm):
    act, title, verb, done = "forward", _("转送外部单位"), _("转送"), _("已转送，回执的期限开始计算。")
    explain = _(
        "转给本系统以外的单位，例如外县、企业、法院或纪检监察机关。诉求人会看到转给了谁；答复的期限不停。"
    )
    icon = "send"
    to = body(_("转送给"))
    reference = number(_("转送文号"))
    said = words(_("转送说明"), required=False, hint=_("诉求人看得到"))

    def perform(self) -> None:
        told = self.cleaned_data
        actions.forward(
            self.case, by=self.by, body=told["to"], reference=told["reference"], said=told["said"]
        )


class Chase(ActForm):
    act, title, verb, done = "chase", _("催问外部单位"), _("记录催问"), _("催问已记录。")
    about = ("referral",)
    icon = "phone"
    said = words(_("催问情况"), hint=_("问了谁、对方怎么说；只有受理中心和督办看得到"))

    def perform(self) -> None:
        actions.chase(self.target, by=self.by, said=self.cleaned_data["said"])


class RecordReceipt(ActForm):
    act, title, verb, done = "record_receipt", _("登记回执"), _("登记回执"), _("回执已登记。")
    about = ("referral",)
    icon = "check"
    receipt = number(_("回执号"))
    received = day(_("收到回执的日期"))

    def prepare(self) -> None:
        self.initial["received"] = wall.local_date(wall.now())

    def perform(self) -> None:
        told = self.cleaned_data
        by = on_day(self.by, told["received"], not_before=self.target.sent_at)
        actions.record_receipt(self.target, by=by, receipt=told["receipt"])


class Answering(Pledging):
    """What came of it elsewhere, as the answer to the petitioner."""

    text = words(_("给诉求人的答复"), rows=8, most=20_000)


class RecordOutcome(Answering):
    act, title, verb, done = (
        "record_outcome",
        _("登记外部结果"),
        _("作为答复"),
        _("已登记结果，等待告知诉求人。"),
    )
    explain = _("写明外部单位查明了什么、做了什么。这就是给诉求人的答复。")
    about = ("referral",)
    icon, kind = "message", "primary"

    def perform(self) -> None:
        told = self.cleaned_data
        actions.record_outcome(
            self.target, by=self.by, text=told["text"], outcome=told["outcome"], pledge=self.pledge()
        )


class TakeBack(ActForm):
    act, title, verb, done = "take_back", _("收回转送"), _("收回"), _("已收回，本件回到待甄别，期限不变。")
    about = ("referral",)
    icon = "arrow-back-up"
    reason = words(_("收回的理由"), hint=_("对方不接收，还是一直没有回音"))

    def perform(self) -> None:
        actions.take_back(self.target, by=self.by, reason=self.cleaned_data["reason"])


# -- emergencies ---------------------------------------------------------------------------------------------
class HandOver(ActForm):
    act, title, verb, done = "hand_over", _("移交应急"), _("记录移交"), _("移交已记录，本件照常办理。")
    explain = _("先打电话，再记录。本件其余的事照常办理。")
    icon = "phone"
    service = forms.ChoiceField(label=_("移交给"), choices=list(EMERGENCY.items()), widget=forms.RadioSelect)
    minute = forms.DateTimeField(
        label=_("几点几分移交的"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("请写成日期和时间，例如 2026-11-02 09:05。")},
    )
    reference = number(_("警情号"))

    def prepare(self) -> None:
        self.initial["minute"] = wall.now().astimezone(wall.zone()).replace(tzinfo=None)

    def claiming(self) -> Actor:
        """Who did it, at the minute in which it was done: one of the installation's zone, as it was typed."""
        told = self.cleaned_data["minute"].replace(tzinfo=wall.zone())
        return at_minute(self.by, told, not_before=self.case.received_at)

    def perform(self) -> None:
        told = self.cleaned_data
        actions.hand_over(self.case, by=self.claiming(), service=told["service"], reference=told["reference"])


class HandOverAndEnd(HandOver):
    act, title, verb, done = (
        "hand_over_and_end",
        _("移交应急并结束"),
        _("移交并结束"),
        _("已移交，本件到此结束。"),
    )
    explain = _("只在没有别的事要办时使用。先打电话，再记录；诉求人可以重启。")
    kind = "late"

    def perform(self) -> None:
        told = self.cleaned_data
        actions.hand_over_and_end(
            self.case, by=self.claiming(), service=told["service"], reference=told["reference"]
        )


# -- another procedure ---------------------------------------------------------------------------------------
class ReferElsewhere(ActForm):
    act, title, verb, done = (
        "refer_elsewhere",
        pgettext_lazy("act", "另循程序"),
        pgettext_lazy("act", "另循程序"),
        _("已暂停计时，到约定的日期自动恢复办理。"),
    )
    explain = _(
        "调解、听证、诉讼、仲裁或法律援助正在进行时，期限暂停到约定的日期。到期没有消息，自动恢复办理。"
    )
    icon = "git-branch"
    procedure = forms.ChoiceField(label=_("什么程序"), choices=choices.PROCEDURES, widget=forms.RadioSelect)
    to = body(_("由谁主持"))
    until = day(_("最迟哪天恢复办理"))
    said = words(_("给诉求人的说明"), required=False)

    def perform(self) -> None:
        told = self.cleaned_data
        actions.refer_elsewhere(
            self.case,
            by=self.by,
            procedure=told["procedure"],
            body=told["to"],
            until=told["until"],
            said=told["said"],
        )


class ResumeFrom(ActForm):
    act, title, verb, done = "resume_from", _("恢复办理"), _("恢复办理"), _("已恢复办理，期限接着计算。")
    explain = _("另一程序没有解决，或者还有别的事要办。暂停的日子不计入期限。")
    about = ("referral",)
    icon = "refresh"
    said = words(_("另一程序的结果"))

    def perform(self) -> None:
        actions.resume_from(self.target, by=self.by, said=self.cleaned_data["said"])


class SettledElsewhere(Answering):
    act, title, verb, done = (
        "settled_elsewhere",
        _("另循程序已解决"),
        _("作为答复"),
        _("已登记结果，等待告知诉求人。"),
    )
    explain = _("另一程序的结果就是给诉求人的答复，还没有办完的工单随之撤销。")
    about = ("referral",)
    icon, kind = "check", "primary"

    def perform(self) -> None:
        told = self.cleaned_data
        actions.settled_elsewhere(
            self.target, by=self.by, text=told["text"], outcome=told["outcome"], pledge=self.pledge()
        )


# -- counselling ---------------------------------------------------------------------------------------------
class Counsel(ActForm):
    act, title, verb, done = "counsel", _("转介人文疏导"), _("转介"), _("已转介，到日子请回访。")
    explain = _("先征得本人同意。这里写的只有受理中心和督办看得到，不影响本件办理。")
    icon = "users"
    to = body(_("转介给"))
    until = day(_("哪天回访"))
    said = words(_("为什么转介"))

    def perform(self) -> None:
        told = self.cleaned_data
        actions.counsel(self.case, by=self.by, body=told["to"], until=told["until"], said=told["said"])


class RecordCounselling(ActForm):
    act, title, verb, done = "record_counselling", _("记录疏导情况"), _("记录"), _("疏导情况已记录。")
    about = ("referral",)
    icon = "notes"
    said = words(_("疏导情况"))

    def perform(self) -> None:
        actions.record_counselling(self.target, by=self.by, said=self.cleaned_data["said"])


# -- terminating ---------------------------------------------------------------------------------------------
class ProposeTermination(ActForm):
    act, title, verb, done = (
        "propose_termination",
        _("提议终止办理"),
        _("提议终止"),
        _("提议已提交，由另一位同事复核。"),
    )
    explain = _("终止要由两个人决定。复核同意以前，本件照常办理。")
    icon, kind = "ban", "late"
    reason = RowField(_("理由"))
    said = words(_("给诉求人的说明"), rows=5)

    def prepare(self) -> None:
        self.fields["reason"].offer([("", queries.reasons("terminate"))])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.propose_termination(self.case, by=self.by, reason=told["reason"], said=told["said"])


class ConfirmTermination(ActForm):
    act, title, verb, done = (
        "confirm_termination",
        _("同意终止"),
        _("同意终止"),
        _("已终止，理由和申诉的办法已放到诉求人的查询页。"),
    )
    explain = _("同意后，没有办完的工单随之撤销。诉求人会看到理由、依据和说明，可以提出异议。")
    about = ("termination",)
    icon, kind = "check", "late"
    said = words(_("复核意见"))

    def perform(self) -> None:
        actions.confirm_termination(self.target, by=self.by, said=self.cleaned_data["said"])


class RefuseTermination(ActForm):
    act, title, verb, done = (
        "refuse_termination",
        _("不同意终止"),
        _("不同意终止"),
        _("已答复不同意终止，本件照常办理。"),
    )
    about = ("termination",)
    icon = "x"
    reason = words(_("不同意的理由"))

    def perform(self) -> None:
        actions.refuse_termination(self.target, by=self.by, reason=self.cleaned_data["reason"])
