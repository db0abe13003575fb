"""The form by which a feedback form 《诉求问题反馈表》 is sent."""

from django.utils.translation import gettext_lazy as _

from huiyin.supervision.feedback import actions
from huiyin.web.acts.form import ActForm, words


class SendFeedback(ActForm):
    act, title, verb = "send_feedback", _("报送反馈表"), _("报送")
    done = _("反馈表已送给规定的收件人，谁看过、谁签收都记着。")
    explain = _(
        "事项、情况、单位、期限和结果从诉求里取，不用再写；诉求人是谁不写进表里。收件人按资料里的规定，看不到这件诉求的人不送。"
    )
    icon = "send"
    suggestion = words(_("拟办意见"))

    def perform(self) -> None:
        actions.send_feedback(self.case, by=self.by, suggestion=self.cleaned_data["suggestion"])
