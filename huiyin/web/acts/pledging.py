"""What the forms of answers have in common: the outcome, and the promise that goes with an adopted suggestion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases import choices
from huiyin.cases.promising import Pledge
from huiyin.web.acts.form import ActForm, day, words


class Pledging(ActForm):
    """An answer with its outcome; of a suggestion also what will be done by when."""

    outcome = forms.ChoiceField(label=_("办理结果"), widget=forms.RadioSelect)
    promise = words(
        _("承诺做什么"),
        required=False,
        rows=3,
        hint=_("采纳或部分采纳时必填。建议人会看到，做到以后再告诉他一次。"),
    )
    due_on = day(_("什么时候做到"), required=False, hint=_("采纳或部分采纳时必填。"))
    field_order = ("text",)

    def prepare(self) -> None:
        self.fields["outcome"].choices = choices.outcomes(self.case.nature)
        if not choices.takes_promises(self.case):
            del self.fields["promise"], self.fields["due_on"]

    def clean(self) -> dict[str, Any]:
        """A promise says what and when."""
        told = super().clean() or {}
        if told.get("promise") and not told.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("请写明什么时候做到。"))
        if told.get("due_on") and not told.get("promise") and "promise" not in self.errors:
            self.add_error("promise", _("请写明承诺做什么。"))
        return told

    def pledge(self) -> Pledge | None:
        """What is promised; none when nothing was written."""
        told = self.cleaned_data
        return Pledge(told["promise"], told["due_on"]) if told.get("due_on") else None
