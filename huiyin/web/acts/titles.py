"""Acts on the title by which others may find and join an open matter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases import actions
from huiyin.web.acts.form import ActForm, words


class ReleaseTitle(ActForm):
    act, title, verb, done = "release_title", _("公开标题"), _("确认并公开标题"), _("标题已公开。")
    explain = _(
        "遇到同样事情的人提交前会看到这个标题，可以附议，不用再写一件。只公开标题和大概的地方；请确认标题里认不出任何人。"
    )
    icon = "eye"
    public_title = forms.CharField(
        label=_("公开的标题"), max_length=120, help_text=_("写清楚什么事、大概在哪里，不写门牌和姓名。")
    )

    def prepare(self) -> None:
        self.initial["public_title"] = self.case.title

    def perform(self) -> None:
        actions.release_title(self.case, by=self.by, title=self.cleaned_data["public_title"])


class TakeTitleBack(ActForm):
    act, title, verb, done = "take_title_back", _("收回标题"), _("收回标题"), _("标题已从公开页收回。")
    explain = _("收回后别人看不到、也不能再附议；已经附议的人不受影响。")
    about = ("released_title",)
    icon, kind = "eye-off", "late"
    reason = words(_("收回的理由"))

    def perform(self) -> None:
        actions.take_title_back(self.target, by=self.by, reason=self.cleaned_data["reason"])
