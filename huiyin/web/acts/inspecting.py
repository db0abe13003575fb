"""Forms about an entry of a unit's ledger: handed in, accepted, sent back, struck."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases import files
from huiyin.kernel.refusals import Refused
from huiyin.supervision.entries import actions, queries
from huiyin.web.acts.form import ActForm, RowField, words


class SubmitEntry(ActForm):
    act, title, verb = "submit_entry", _("台账报验"), _("报验")
    about = ("order",)
    done = _("已报验。验收的人看过、同意了，这一项才销账。")
    explain = _("告诉验收的人可以来看了。事情的经过已经在诉求里，不用再抄；只写到哪里看、看什么。")
    icon = "checks"
    said = words(_("到哪里看、看什么"), required=False)

    def perform(self) -> None:
        actions.submit_entry(self.target, by=self.by, text=self.cleaned_data["said"])


class _Inspecting(ActForm):
    """What an inspector does about one of the entries that wait for them."""

    entry = RowField(_("哪个单位的台账"))

    def prepare(self) -> None:
        self.waiting = queries.waiting_for(self.case, self.by, self.act)
        self.fields["entry"].offer([("", self.waiting)], named=lambda row: str(row.unit))
        if len(self.waiting) < 2:
            del self.fields["entry"]

    def chosen(self) -> Any:
        """The entry that is meant. One that waits no more says so itself. Raises `Refused` where there is none."""
        found = self.cleaned_data.get("entry") or next(iter(self.waiting), None) or queries.last_of(self.case)
        if found is None:
            raise Refused(_("这件诉求还没有单位报验，没有可验收的。"), code="none")
        return found

    def photo(self) -> files.StoredFile | None:
        """The photo that came along, checked and stored."""
        upload = self.cleaned_data["upload"]
        return files.check_and_store(upload) if upload else None


class AcceptEntry(_Inspecting):
    act, title, verb, done = "accept_entry", _("验收销账"), _("同意销账"), _("已销账。")
    explain = _("到现场看过、或者问过诉求人以后再销账。写下看到的情况，或者传一张现场照片，两样至少有一样。")
    icon = "checks"
    said = words(_("看到的情况"), required=False)
    upload = forms.FileField(label=_("现场照片"), required=False, help_text=_("照片里的拍摄位置会去掉"))

    def clean(self) -> dict[str, Any]:
        """One of the two has to be there; the act asks for it too."""
        told = super().clean() or self.cleaned_data
        if not (told.get("said") or told.get("upload")) and "said" not in self.errors:
            self.add_error("said", _("请写下看到的情况，或者传一张现场照片。"))
        return dict(told)

    def perform(self) -> None:
        told = self.cleaned_data
        actions.accept_entry(self.chosen(), by=self.by, text=told["said"], photo=self.photo())


class RefuseEntry(_Inspecting):
    act, title, verb, done = "refuse_entry", _("验收退回"), _("退回"), _("已退回，单位看得到理由。")
    explain = _("理由给那个单位看；它改好以后再报验。要整件重新办理的，请另外“重启”或“退回重办”。")
    icon, kind = "arrow-back-up", "late"
    said = words(_("哪里不对、要怎样"))
    upload = forms.FileField(label=_("现场照片"), required=False, help_text=_("照片里的拍摄位置会去掉"))

    def perform(self) -> None:
        told = self.cleaned_data
        actions.refuse_entry(self.chosen(), by=self.by, reason=told["said"], photo=self.photo())


class StrikeEntry(_Inspecting):
    act, title, verb, done = "strike_entry", _("划出台账"), _("划出"), _("已从那个单位的台账划出。")
    explain = _("这件诉求已经不由那个单位主办，它的台账里不该再等验收。")
    icon = "archive"
    said = words(_("划出的理由"))

    def perform(self) -> None:
        told = self.cleaned_data
        actions.strike_entry(self.chosen(), by=self.by, reason=told["said"])
