"""How django-allauth behaves in this house: nobody signs up, secrets are sealed, errors speak plainly."""

import base64
from io import BytesIO
from typing import Any

import segno
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.kernel import clock, sealing

PLACE = "accounts.second_factor"  # associated data of the sealed secrets

SPOKEN = {  # allauth's own news, and what we say; whatever is not here goes unsaid
    "account/messages/password_changed.txt": _("密码已经改好，下次登录请用新密码。"),
    "mfa/messages/totp_activated.txt": _("第二步验证已经设好。请把恢复码抄下来收好。"),
    "mfa/messages/totp_deactivated.txt": _("第二步验证已经停用。"),
    "mfa/messages/recovery_codes_generated.txt": _("新的恢复码已经生成，旧的全部作废。"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by username and password, for people whom an administrator has entered."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账号已停用。请找本单位的系统管理员。"),
        "enter_current_password": _("原密码不对，请再输一次。"),
        "incorrect_code": _("验证码不对。请看应用里最新的 6 位数字，再输一次。"),
        "incorrect_password": _("密码不对，请再输一次。"),
        "too_many_login_attempts": _("试错太多次了。请等 5 分钟再试，或者找系统管理员重设密码。"),
        "rate_limited": _("操作太快了，请等一会儿再试。"),
        "username_password_mismatch": _("用户名或密码不对。请检查大小写后再输一次。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator enters people."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago is not asked again; later, changing the account's security asks."""
        request = context.request
        signed_in = [record["at"] for record in get_authentication_records(request, request.user)]
        return clock.now().timestamp() - max(signed_in, default=0) > account_settings.REAUTHENTICATION_TIMEOUT

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say the few things in SPOKEN, in our words."""
        said = SPOKEN.get(message_template or "")
        if said:
            super().add_message(request, level, message=str(said), extra_tags=extra_tags)


class SecondFactorAdapter(DefaultMFAAdapter):
    """One-time codes: their secret is sealed in the database, and cannot be given up while it is required."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("本单位要求第二步验证，不能停用。换手机请找系统管理员重设。"),
        "cannot_generate_recovery_codes": _("还没有设第二步验证，不能生成恢复码。请先设好。"),
        "incorrect_code": _("验证码不对。请看应用里最新的 6 位数字，再输一次；也可以用一个恢复码。"),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return base64.b64encode(sealing.encrypt(text, PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret. Raises SealBroken when it was altered or its key is gone."""
        return sealing.decrypt(base64.b64decode(encrypted_text), PLACE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Only where a second factor is optional."""
        return settings.HUIYIN_SECOND_FACTOR != "required"

    def build_totp_svg(self, url: str) -> str:
        """The QR code of a new secret, dark on white whatever the theme."""
        image = BytesIO()
        segno.make(url, error="m").save(image, kind="svg", scale=5, border=4, light="white")
        return image.getvalue().decode()
