"""Signing in: by password, by a second step, by the demo list; and what each refuses."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from huiyin.accounts.models import User
from huiyin.kernel.models import ProfileRow
from huiyin.organisation import sitting

PASSWORD = "听风-tingfeng-2026"


@pytest.fixture(autouse=True)
def fresh_counts(db):
    cache.clear()


@pytest.fixture
def clerk(cast):
    user = User.objects.get(pk=cast.clerk.user.pk)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, user, password=PASSWORD):
    return client.post("/accounts/login/", {"login": user.username, "password": password})


def give_factor(user):
    secret = totp.generate_totp_secret()
    return totp.TOTP.activate(user, secret), secret


def code_for(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_a_password_opens_the_door_and_a_wrong_one_says_so_plainly(client, clerk):
    wrong = sign_in(client, clerk, "不是这个")
    assert "用户名或密码不对" in wrong.content.decode()
    assert clerk.username in wrong.content.decode()  # what was typed is kept
    right = sign_in(client, clerk)
    assert right.status_code == 302
    assert client.get("/").wsgi_request.user == clerk


def test_an_unknown_name_is_answered_like_a_wrong_password(client, clerk):
    unknown = client.post("/accounts/login/", {"login": "nobody", "password": "x"}).content.decode()
    assert "用户名或密码不对" in unknown


def test_guessing_is_stopped(client, clerk):
    for _guess in range(6):
        last = sign_in(client, clerk, "猜一个")
    assert last.status_code == 429 or "试错太多次了" in last.content.decode()
    assert sign_in(client, clerk).status_code != 302


def test_nobody_signs_up(client, db):
    assert client.get("/accounts/signup/").status_code == 404


def test_a_disabled_person_does_not_get_in(client, clerk):
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    sign_in(client, clerk)
    assert not client.get("/").wsgi_request.user.is_authenticated


def test_the_second_step_is_asked_for_and_its_secret_is_sealed(client, clerk):
    _factor, secret = give_factor(clerk)
    stored = Authenticator.objects.get(user=clerk, type="totp").data["secret"]
    assert secret not in stored
    step = sign_in(client, clerk)
    assert step.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert not client.get("/").wsgi_request.user.is_authenticated
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "验证码不对" in wrong
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert client.get("/").wsgi_request.user == clerk


def test_where_a_second_factor_is_required_nothing_opens_before_it_is_set(client, clerk, settings):
    settings.HUIYIN_SECOND_FACTOR = "required"
    sign_in(client, clerk)
    led = client.get("/")
    assert led.headers["Location"] == "/accounts/2fa/totp/activate/"
    page = client.get(led.headers["Location"]).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get(done.headers["Location"]).content.decode()
    assert len(re.findall(r"<li><code>", codes)) == 10
    assert client.get("/").status_code == 200


def test_a_required_factor_cannot_be_given_up(client, clerk, settings):
    give_factor(clerk)
    settings.HUIYIN_SECOND_FACTOR = "required"
    client.force_login(clerk, backend="huiyin.organisation.backends.Backend")
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=clerk, type="totp").exists()


def test_citizens_never_meet_the_second_factor(client, db, settings):
    settings.HUIYIN_SECOND_FACTOR = "required"
    assert client.get("/").status_code == 200


def test_a_new_password_must_be_typed_twice_alike_and_is_then_the_only_one(client, clerk):
    sign_in(client, clerk)
    new = "回声-huisheng-2026"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new + "!"}
    assert "两次输入的新密码不一样" in client.post("/accounts/password/change/", form).content.decode()
    assert client.post("/accounts/password/change/", form | {"password2": new}).status_code == 302
    clerk.refresh_from_db()
    assert clerk.check_password(new)


def test_passwords_are_kept_by_argon2():
    from config import settings as real  # the tests themselves hash quickly

    assert real.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_long_after_signing_in_a_change_of_security_asks_again(client, clerk):
    sign_in(client, clerk)
    session = client.session
    session["account_authentication_methods"] = [
        record | {"at": record["at"] - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()
    asked = client.get("/accounts/2fa/totp/activate/").headers["Location"]
    assert asked.startswith("/accounts/reauthenticate/")
    assert client.post(asked, {"password": "不对"}).status_code == 200
    assert client.post(asked, {"password": PASSWORD}).headers["Location"] == "/accounts/2fa/totp/activate/"


@pytest.fixture
def demo_list(cast, monkeypatch):
    monkeypatch.setattr(
        "huiyin.organisation.place._about",
        lambda name: {"demo": {"sign_in": [cast.dispatcher.post.code, cast.clerk.post.code]}},
    )
    ProfileRow.objects.create(table="profile", key="demo", loaded_hash=b"")
    return cast


def test_the_demo_list_signs_in_by_one_tap(client, demo_list):
    page = client.get("/accounts/demo/").content.decode()
    assert page.index("zhuge-liang") < page.index("su-dongpo")
    client.post("/accounts/demo/", {"post": demo_list.clerk.post.code})
    assert client.get("/").wsgi_request.actor.name == demo_list.clerk.name


def test_the_demo_list_lets_in_only_whom_it_names(client, demo_list):
    assert client.post("/accounts/demo/", {"post": demo_list.leader.post.code}).status_code == 422
    assert not client.get("/").wsgi_request.user.is_authenticated


def test_the_demo_list_needs_a_token_against_forgery(demo_list):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/demo/", {"post": demo_list.clerk.post.code}).status_code == 403


def test_another_profile_has_no_demo_list(client, demo_list, settings):
    settings.HUIYIN_PROFILE = "yantian"
    assert client.get("/accounts/demo/").status_code == 404
    assert client.post("/accounts/demo/", {"post": demo_list.clerk.post.code}).status_code == 404


def test_without_a_loaded_demo_profile_there_is_no_demo_list(client, demo_list):
    ProfileRow.objects.all().delete()
    assert client.get("/accounts/demo/").status_code == 404


@pytest.mark.parametrize(
    "page",
    ["login/", "logout/", "inactive/", "password/change/", "2fa/", "2fa/totp/activate/", "reauthenticate/"],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_account_opens_in_both_languages(client, clerk, page, language):
    if page not in ("login/", "inactive/"):
        sign_in(client, clerk)
    response = client.get(f"/accounts/{page}", headers={"accept-language": language})
    assert response.status_code == 200
    assert b"allauth" not in response.content
    assert b"placeholder" not in response.content


def test_recovery_codes_are_made_anew_and_downloaded(client, clerk):
    sign_in(client, clerk)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert "全部作废" in client.get("/accounts/2fa/recovery-codes/generate/").content.decode()
    assert client.post("/accounts/2fa/recovery-codes/generate/").status_code == 302
    assert len(client.get("/accounts/2fa/recovery-codes/download/").content.split()) == 10


def test_somebody_sits_under_their_first_post_and_may_take_another_of_theirs(cast, sign_in):
    client = sign_in(cast.two_hats)
    assert client.get("/").wsgi_request.actor.name == cast.two_hats.name
    moved = client.post("/accounts/post/", {"post": cast.two_hats_at_weijian.post.pk, "next": "/look/"})
    assert moved.headers["Location"] == "/look/"
    assert client.get("/").wsgi_request.actor.name == cast.two_hats_at_weijian.name


@pytest.mark.parametrize("post", ["", "abc", "0", "９"])
def test_a_post_that_is_not_ones_own_cannot_be_taken(cast, sign_in, post):
    client = sign_in(cast.two_hats)
    assert client.post("/accounts/post/", {"post": post or cast.leader.post.pk}).status_code == 404
    assert client.get("/").wsgi_request.actor.name == cast.two_hats.name


def test_taking_a_post_never_leads_to_another_site(cast, sign_in):
    client = sign_in(cast.two_hats)
    away = client.post("/accounts/post/", {"post": cast.two_hats.post.pk, "next": "https://evil.example/"})
    assert away.headers["Location"] == "/"


def test_finding_the_seat_takes_one_query_and_none_for_a_citizen(
    cast, sign_in, client, rf, django_assert_num_queries
):
    request = rf.get("/")
    request.user, request.session = cast.two_hats.user, {}
    with django_assert_num_queries(1):
        sitting.middleware(lambda request: None)(request)
    assert [post.unit.code for post in request.posts] == ["centre", "weijian"]


def test_somebody_whose_posts_have_ended_has_no_actor(cast, sign_in):
    client = sign_in(cast.clerk)
    type(cast.clerk.post).objects.filter(pk=cast.clerk.post.pk).update(valid_to="2020-01-01")
    assert client.get("/").wsgi_request.actor is None
