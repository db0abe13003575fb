"""Forms of the re-inspection by telephone: whether what was closed came back."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.refusals import Refused
from huiyin.supervision.recurrence import queries
from huiyin.supervision.recurrence.actions import tell_recurrence
from huiyin.web.acts.form import ActForm, words

ANSWERS = [("no", _("没有再出现")), ("yes", _("又出现了"))]


class TellRecurrence(ActForm):
    act, title, verb = "tell_recurrence", _("回头看"), _("记下回答")
    done = _("回答已记下。")
    explain = _(
        "照诉求人的原话记。又出现了的，这件诉求马上重启，重新办理。电话里可以这样问：办结以后，这个问题又出现过吗？"
    )
    icon, kind = "phone", "primary"
    back = forms.ChoiceField(label=_("问题又出现了吗？"), choices=ANSWERS, widget=forms.RadioSelect)
    said = words(_("诉求人的话"), required=False)

    def perform(self) -> None:
        asked = queries.last_of(self.case)
        if asked is None:
            raise Refused(gettext("这件诉求没有抽中，不用回头看。问题又出现的，可以直接重启。"), code="gone")
        told = self.cleaned_data
        tell_recurrence(asked, by=self.by, came_back=told["back"] == "yes", text=told["said"])
