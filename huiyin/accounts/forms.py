"""The forms of signing in, in our words; what they check is django-allauth's."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext as _


def reword(form: forms.Form, **labels: str) -> None:
    """Give fields their labels, take placeholders and foreign hints away, and ask plainly for what is missing."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)
        field.error_messages["required"] = _("请填写%(field)s。") % {"field": label}


class SignIn(account.LoginForm):
    """Username and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, login=_("用户名"), password=_("密码"))
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class ChangePassword(account.ChangePasswordForm):
    """The old password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, oldpassword=_("原密码"), password1=_("新密码"), password2=_("再输一次新密码"))
        self.fields["password1"].help_text = _(
            "至少 10 个字符；不要用常见的密码，不要全是数字，不要和用户名相近。"
        )

    def clean(self) -> dict[str, Any] | None:
        """The two new passwords must be the same."""
        cleaned = super(account.PasswordVerificationMixin, self).clean() or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("两次输入的新密码不一样，请再输一次。"))
        return cleaned


class ConfirmPassword(account.ReauthenticateForm):
    """The password again, before a change to one's own account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, password=_("密码"))


class _Code(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code=_("验证码"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class Code(_Code, mfa.AuthenticateForm):
    """The second step of signing in: a one-time code or a recovery code."""


class ConfirmCode(_Code, mfa.ReauthenticateForm):
    """A code again, before a change to one's own account."""


class NewCode(_Code, totp.ActivateTOTPForm):
    """The first code of a newly scanned secret."""
