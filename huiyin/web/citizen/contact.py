"""By what somebody can be reached: a telephone, an e-mail address, both or neither; and a form's own key."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.refusals import Refused
from huiyin.people.acts import email_of
from huiyin.web.forms import AsksPhone

YOURS = _("您的电话")


class AsksContact(AsksPhone):
    """For a form with fields `phone` and `email`: either can be used, each is checked as it was typed."""

    def clean_email(self) -> str:
        """The address. Raises ValidationError when it cannot be one."""
        try:
            return email_of(self.cleaned_data["email"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class Keyed:
    """For a form with a hidden field `key`: sent twice, it counts once."""

    cleaned_data: dict[str, Any]

    def clean_key(self) -> str:
        """The form's own key; a mangled one is replaced, and what was sent simply counts as new."""
        try:
            return str(uuid.UUID(self.cleaned_data["key"]))
        except ValueError:
            return str(uuid.uuid4())


def phone_field(hint: Any = "", *, label: Any = YOURS) -> forms.CharField:
    """A telephone number, on the phone's own keypad; never kept in a draft."""
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "data-no-draft": ""})
    return forms.CharField(label=label, required=False, max_length=40, widget=widget, help_text=hint)


def email_field() -> forms.CharField:
    """An e-mail address; never kept in a draft."""
    widget = forms.TextInput(
        attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "data-no-draft": ""}
    )
    return forms.CharField(label=_("您的邮箱"), required=False, max_length=254, widget=widget)


def name_field() -> forms.CharField:
    """A name, as somebody wants to be called; never kept in a draft."""
    widget = forms.TextInput(attrs={"autocomplete": "name", "data-no-draft": ""})
    return forms.CharField(label=_("您的姓名"), required=False, max_length=60, widget=widget)


def key_field() -> forms.CharField:
    """The form's own key."""
    return forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
