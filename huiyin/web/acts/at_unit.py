"""Acts of the unit that has the order in hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from huiyin.cases import actions, choices, files, phrases, queries, states
from huiyin.web.acts.form import ActForm, RowField, words
from huiyin.web.acts.pledging import Pledging
from huiyin.web.citizen.uploads import FilesField

SHOWN = ("before", "after")  # what photos of an answer show


class Sign(ActForm):
    act, title, verb, done = "sign", _("签收工单"), _("签收"), _("已签收。")
    explain = _("期限从派单时就已开始计算，签收不影响期限。")
    about = ("order",)
    icon, kind, key = "check", "primary", "e"

    def perform(self) -> None:
        actions.sign(self.target, by=self.by)


class ObjectTo(ActForm):
    act, title, verb, done = "object", _("提出派单异议"), _("提出异议"), _("异议已提交，受理中心会尽快裁定。")
    explain = _("不属于本单位职责时，引用一条依据提出。每个单位每轮只有一次，过了时限就视为接受。")
    about = ("order",)
    icon = "hand-stop"
    reason = RowField(_("依据"))
    explanation = words(_("异议说明"))
    suggested = RowField(_("建议改派给"), required=False)

    def prepare(self) -> None:
        self.fields["reason"].offer([("", queries.reasons("objection"))])
        likely, others = choices.receiving_units(self.case)
        self.fields["suggested"].offer([("", [u for u in (*likely, *others) if u.pk != self.target.unit_id])])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.object_to(
            self.target,
            by=self.by,
            reason=told["reason"],
            explanation=told["explanation"],
            suggested_unit=told["suggested"],
        )


class Contact(ActForm):
    act, title, verb, done = "contact", _("记录联系诉求人"), _("记录联系"), _("联系已记录。")
    about = ("case", "order")
    icon, key = "phone", "c"
    how = forms.ChoiceField(label=_("联系方式"), choices=choices.CONTACT_WAYS, widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=_("是否联系上"),
        choices=[("reached", _("联系上了")), ("missed", _("没有联系上"))],
        widget=forms.RadioSelect,
    )
    said = words(_("联系情况"), required=False)

    def perform(self) -> None:
        order = self.target if self.target is not self.case else None
        told = self.cleaned_data
        actions.contact(
            self.case, by=self.by, how=told["how"], outcome=told["outcome"], said=told["said"], order=order
        )


class AskExtension(ActForm):
    act, title, verb, done = "ask_extension", _("申请延期"), _("申请延期"), _("延期申请已提交。")
    explain = _("到期之前申请，每单一次。批准后会告知诉求人。")
    about = ("order",)
    icon = "clock"
    days = forms.IntegerField(label=_("再要几个工作日"), min_value=1, max_value=60)
    reason = words(_("延期的理由"))

    def perform(self) -> None:
        told = self.cleaned_data
        actions.ask_extension(self.target, by=self.by, days=told["days"], reason=told["reason"])


class Answer(Pledging):
    act, title, verb, done = "answer", _("答复"), _("提交答复"), _("答复已提交，由受理中心审核。")
    explain = _("写给诉求人看：查明了什么、做了什么、依据什么、什么时候完成。审核通过后原样告知。")
    about = ("order",)
    icon, kind, key = "message", "primary", "a"
    text = words(_("答复内容"), rows=8, most=20_000)
    before = FilesField(label=_("办理前的照片"), help_text=_("审核通过后，诉求人会和答复一起看到。"))
    after = FilesField(label=_("办理后的照片"))

    def prepare(self) -> None:
        super().prepare()
        self.phrases = phrases.phrases_for(self.case)
        begun = {each.code: each.text for each in self.phrases}.get(self.asked.get("template", ""))
        if begun:
            self.initial["text"] = begun
        silent = [str(order.unit) for order in self._helping() if order.state in states.Order.OPEN]
        if silent:
            named = pgettext("between names", "、").join(silent)
            still = _("协办还没有答复：%(units)s。您答复后，它们的工单随之结束。") % {"units": named}
            self.explain = f"{self.explain}{still}"

    def _helping(self) -> list[Any]:
        """The orders of those who assist with the same point."""
        same = [order for order in self.page.orders if order.point_id == self.target.point_id]
        return [each for each in same if each.part == each.Part.ASSIST and each.round == self.case.round]

    def perform(self) -> None:
        told = self.cleaned_data
        actions.answer(
            self.target,
            by=self.by,
            text=told["text"],
            outcome=told["outcome"],
            pledge=self.pledge(),
            photos=[(shows, photo) for shows in SHOWN for photo in told[shows]],
        )


class Note(ActForm):
    act, title, verb, done = "note", _("写备注"), _("保存备注"), _("备注已保存。")
    icon, key = "notes", "n"
    text = words(_("备注内容"), rows=5, most=20_000)
    readers = forms.ChoiceField(label=_("谁可以看"), choices=choices.READERS)

    def prepare(self) -> None:
        allowed = choices.readers_for(self.by)
        self.fields["readers"].choices = allowed
        self.initial["readers"] = "office"

    def perform(self) -> None:
        told = self.cleaned_data
        actions.note(self.case, by=self.by, text=told["text"], readers=told["readers"])


class Attach(ActForm):
    act, title, verb, done = "attach", _("上传材料"), _("上传"), _("材料已上传。")
    explain = _("照片、PDF 或常用办公文件。照片里的拍摄位置会去掉；文件只供下载，不会在网页里打开。")
    icon = "paperclip"
    upload = forms.FileField(label=_("文件"))
    readers = forms.ChoiceField(label=_("谁可以看"), choices=choices.READERS)
    point = RowField(_("属于哪个诉求点"), required=False, empty=_("整件诉求"))

    def prepare(self) -> None:
        self.fields["readers"].choices = choices.readers_for(self.by)
        self.initial["readers"] = "office"
        self.fields["point"].offer([("", self.page.points)])
        if len(self.page.points) < 2:
            del self.fields["point"]

    def perform(self) -> None:
        told = self.cleaned_data
        stored = files.check_and_store(told["upload"])
        actions.attach(self.case, by=self.by, stored=stored, readers=told["readers"], point=told.get("point"))
