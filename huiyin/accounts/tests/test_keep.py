"""Keeping accounts."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate

from huiyin.accounts.actions import keep
from huiyin.accounts.models import User
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event

pytestmark = pytest.mark.django_db
GOOD = "Qingfeng-Lai-2048"


@pytest.fixture
def user() -> User:
    return keep.open_account("zhang-sanfeng", name="张三丰", password=GOOD, by="system:cli")


def kinds(user: User) -> list[str]:
    return list(
        Event.objects.filter(subject=f"user:{user.pk}").order_by("subject_seq").values_list("kind", flat=True)
    )


def test_an_account_opens_with_its_password_and_an_event_without_the_name(user: User) -> None:
    assert user.check_password(GOOD)
    event = Event.objects.get(subject=f"user:{user.pk}")
    assert (event.kind, event.facts, event.actor) == ("account.opened", {}, "system:cli")


def test_a_name_is_taken_once(user: User) -> None:
    with pytest.raises(Refused):
        keep.open_account("zhang-sanfeng", name="张四丰", password=GOOD, by="system:cli")


@pytest.mark.parametrize("weak", ["", "short", "1234567890", "password123"])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(Refused) as refusal:
        keep.open_account("li-si", name="李四", password=weak, by="system:cli")
    assert refusal.value.code == "password_weak"
    assert not User.objects.filter(username="li-si").exists()


def test_a_disabled_account_cannot_sign_in_until_it_is_enabled(user: User, rf) -> None:
    keep.disable(user, by="system:cli")
    assert authenticate(rf.post("/"), username=user.username, password=GOOD) is None
    with pytest.raises(Refused):
        keep.disable(user, by="system:cli")
    keep.enable(user, by="system:cli")
    assert authenticate(rf.post("/"), username=user.username, password=GOOD) == user
    with pytest.raises(Refused):
        keep.enable(user, by="system:cli")
    assert kinds(user) == ["account.opened", "account.disabled", "account.enabled"]


def test_a_new_password_replaces_the_old_one(user: User) -> None:
    keep.set_password(user, password="Mingyue-Gong-4096", by="system:cli")
    user.refresh_from_db()
    assert user.check_password("Mingyue-Gong-4096")
    assert not user.check_password(GOOD)


def test_a_lost_second_factor_is_cleared(user: User) -> None:
    with pytest.raises(Refused):
        keep.clear_second_factor(user, by="system:cli")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    keep.clear_second_factor(user, by="system:cli")
    assert not Authenticator.objects.filter(user=user).exists()
