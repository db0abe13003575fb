"""Forms of supervision on one case: reminders and remarks."""

from contextlib import suppress

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.cases import actions, reminding
from huiyin.deadlines.queries import work_calendar
from huiyin.deadlines.refusals import UnknownYear
from huiyin.kernel import clock as wall
from huiyin.web.acts.form import ActForm, RowField, day, words


class Remind(ActForm):
    act, title, verb = "remind", pgettext_lazy("act", "催办"), pgettext_lazy("act", "催办")
    done = _("催办已送到，列在那个单位的最上面。")
    explain = _(
        "催现在轮到的单位。它看得到催办的话和日期，诉求人看不到；它动了，催办就自己结束。"
        "催办不是处分，不改变期限；同一件诉求几天内只能催一次。"
    )
    icon = "bell"
    unit = RowField(_("催谁"))
    text = words(_("催办内容"), hint=_("写明要做什么"))
    act_by = day(_("最迟哪天办"))

    def prepare(self) -> None:
        promises = self.page.asides.get("promise", ())
        awaited = reminding.awaited(self.case, self.page.orders, promises)
        offered = [unit for unit in awaited if unit != self.by.unit]
        self.fields["unit"].offer([("", offered)])
        if offered:
            self.initial["unit"] = str(offered[0].pk)
        today = wall.local_date(wall.now())
        with suppress(UnknownYear):  # the act says which calendar is missing
            self.initial["act_by"] = work_calendar().add_working_days(today, 1)
            bounds = {"min": today.isoformat(), "max": reminding.last_day(today).isoformat()}
            self.fields["act_by"].widget.attrs |= bounds

    def perform(self) -> None:
        told = self.cleaned_data
        actions.remind(self.case, by=self.by, unit=told["unit"], text=told["text"], act_by=told["act_by"])


class Comment(ActForm):
    act, title, verb, done = "comment", _("督办批注"), _("批注"), _("批注已写上。")
    explain = _("给受理中心和手里有本件工单的单位看，诉求人看不到。批注不改变什么；要单位回报请用批示。")
    icon = "message"
    text = words(_("批注内容"))

    def perform(self) -> None:
        actions.comment(self.case, by=self.by, text=self.cleaned_data["text"])
