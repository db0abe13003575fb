"""Keeping accounts: open one, set its password, stop it and let it in again, clear its second factor."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.accounts.models import User
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger import record


@transaction.atomic
def open_account(username: str, *, name: str, password: str, by: str, phone: str = "") -> User:
    """A new account without any post. Raises Refused for a name that is taken or unfit, or a weak password."""
    user = User(username=username, name=name, phone=phone)
    user.set_password(_strong(password, user))
    try:
        user.full_clean()
    except ValidationError as fault:
        raise Refused(" ".join(fault.messages), code="account_unfit") from None
    user.save(force_insert=True)
    _record(user, "account.opened", by=by, first=True)
    return user


@transaction.atomic
def set_password(user: User, *, password: str, by: str) -> None:
    """A new password; whoever is signed in with the old one is signed out. Raises Refused if it is weak."""
    user = _locked(user)
    user.set_password(_strong(password, user))
    user.save(update_fields=["password"])
    _record(user, "account.password_set", by=by)


@transaction.atomic
def disable(user: User, *, by: str) -> None:
    """Nobody signs in with this account any more; what it did keeps its name. Raises Refused if it is so already."""
    user = _locked(user)
    if not user.is_active:
        raise Refused(_("账号 {name} 已经停用。").format(name=user.username))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _record(user, "account.disabled", by=by)


@transaction.atomic
def enable(user: User, *, by: str) -> None:
    """Let a disabled account in again. Raises Refused if it is not disabled."""
    user = _locked(user)
    if user.is_active:
        raise Refused(_("账号 {name} 没有停用。").format(name=user.username))
    user.is_active = True
    user.save(update_fields=["is_active"])
    _record(user, "account.enabled", by=by)


@transaction.atomic
def clear_second_factor(user: User, *, by: str) -> None:
    """Forget the second factor of somebody who lost it. Raises Refused if there is none."""
    user = _locked(user)
    removed, _each = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise Refused(_("账号 {name} 没有设置第二步验证。").format(name=user.username))
    _record(user, "account.second_factor_cleared", by=by)


def _strong(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise Refused(" ".join(fault.messages), code="password_weak") from None
    return password


def _locked(user: User) -> User:
    """The account's row, held until the act is done: its events are written one after another."""
    return User.objects.select_for_update().get(pk=user.pk)


def _record(user: User, kind: str, *, by: str, first: bool = False) -> None:
    record(f"user:{user.pk}", kind, actor=by, occurred_at=clock.now(), facts={}, first=first)
