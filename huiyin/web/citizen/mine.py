"""我的诉求: sign in with a code sent to one's telephone or mailbox, and see one's matters for half an hour.

Two sealed cookies and no account: one says which code was asked for, the other whose telephone or mailbox is proved.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.channels.sending import ways
from huiyin.channels.web import mine as matters
from huiyin.channels.web import signing_in
from huiyin.channels.web.mine import Contact
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.kernel.sealing import SealBroken, Sealed
from huiyin.organisation.actors import Actor
from huiyin.web import faults
from huiyin.web.citizen import standing, tries
from huiyin.web.citizen.contact import AsksContact, email_field, phone_field
from huiyin.web.forms import PlainForm

UNPROCESSABLE = 422
ASKED, PROVED = "huiyin_code", "huiyin_mine"
LASTS = timedelta(minutes=30)
OF_ADDRESS, OF_CONTACT, MINUTES = 20, 5, 60  # codes asked for in that time


class AskForm(AsksContact, PlainForm):
    """Where the code is to go: to a telephone or to a mailbox, as far as there are ways."""

    phone = phone_field(label=gettext_lazy("您留的手机号"))
    email = email_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ways = ways.ways()
        for name, way in (("phone", ways.SMS), ("email", ways.MAIL)):
            if way not in open_ways:
                del self.fields[name]
        for field in self.fields.values():
            field.one_of_two = True  # type: ignore[attr-defined]  # neither is optional, and one is enough

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        told = super().clean() or {}
        if not self.errors and not any(told.values()):
            self.add_error(next(iter(self.fields), None), _("请填手机号，或者邮箱。"))
        return told

    def wanted(self) -> tuple[str, str]:
        """The channel and what was typed for it; the telephone goes first."""
        told = self.cleaned_data
        return (ways.SMS, told["phone"]) if told.get("phone") else (ways.MAIL, told["email"])


class CodeForm(PlainForm):
    """The six digits."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=20,
        help_text=gettext_lazy("6 位数字。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """One's matters, for whoever has proved a telephone or mailbox; for others, where to send a code."""
    contact = proved(request)
    if contact is not None and request.method != "POST":
        return _listed(request, contact)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.fields and form.is_valid():
        channel, typed = form.wanted()
        try:
            return _asked(request, channel, typed)
        except tries.TooMany:
            return _wait(request)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(
        request, "citizen/sign_in.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200
    )


def _asked(request: HttpRequest, channel: str, typed: str) -> HttpResponse:
    """The same answer, after the same work, whether or not anybody is known by what was typed."""
    contact = signing_in.contact_of(channel, typed)
    tries.spend(request, "code-address", most=OF_ADDRESS, minutes=MINUTES)
    tries.spend(request, "code-contact", most=OF_CONTACT, minutes=MINUTES, value=contact.index.hex())
    key = signing_in.ask(channel, typed)
    kept = {"key": key, "shown": contact.shown, "channel": channel}
    return _keep(redirect("citizen:mine_code"), ASKED, kept, signing_in.LASTS)


@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The code as it arrived. Only the browser that asked for it can use it, so that nobody uses up another's tries."""
    asked = _read(request, ASKED)
    if asked is None:
        messages.warning(request, _("请先填手机号或邮箱。浏览器不让用 cookie 的，请用编号和查询码查进度。"))
        return redirect("citizen:mine")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        contact = signing_in.check(asked["key"], form.cleaned_data["code"])
        if contact is not None:
            kept = {"channel": contact.channel, "index": contact.index.hex(), "shown": asked["shown"]}
            return _keep(_forgotten(redirect("citizen:mine"), ASKED), PROVED, kept, LASTS)
        form.add_error("code", _("验证码不对，或者已经过期。请核对最新的一条；连续输错 5 次，要重新获取。"))
    values = {"form": form, "shown": asked["shown"], "tried": ways.is_only_tried(asked["channel"])}
    return render(request, "citizen/sign_in_code.html", values, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End it now, as on a shared computer."""
    messages.success(request, _("已经退出。"))
    return _forgotten(redirect("citizen:mine"), PROVED)


def proved(request: HttpRequest) -> Contact | None:
    """The telephone or mailbox that this browser has proved within the last half hour."""
    kept = _read(request, PROVED)
    if kept is None:
        return None
    return Contact(kept["channel"], bytes.fromhex(kept["index"]), shown=kept["shown"])


def telephone(request: HttpRequest) -> bytes | None:
    """The blind index of the telephone that this browser has proved; None for a mailbox, and for nothing."""
    contact = proved(request)
    return contact.index if contact and contact.channel == ways.SMS else None


def actor(request: HttpRequest, number: str) -> Actor | None:
    """The visitor in their part of this matter, by the telephone or mailbox that they have proved."""
    contact = proved(request)
    return matters.actor(contact, number) if contact else None


def _listed(request: HttpRequest, contact: Contact) -> HttpResponse:
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    rows, older = matters.listing(contact, before=before)
    values = {
        "rows": [(row, standing.in_short(row.state)) for row in rows],
        "older": f"?before={older}" if older else "",
        "newest": "?" if before else "",
        "shown": contact.shown,
    }
    return render(request, "citizen/mine.html", values)


def _wait(request: HttpRequest) -> HttpResponse:
    response = faults.too_many(request)
    response["Retry-After"] = str(MINUTES * 60)
    return response


# -- cookies -------------------------------------------------------------------------------------------------
def _keep(response: HttpResponse, name: str, kept: Mapping[str, Any], lasts: timedelta) -> HttpResponse:
    content = json.dumps({**kept, "until": (clock.now() + lasts).timestamp()})
    token = base64.urlsafe_b64encode(Sealed.of(content).token_for(name)).decode()
    secure = settings.SESSION_COOKIE_SECURE
    age = int(lasts.total_seconds())
    response.set_cookie(name, token, max_age=age, secure=secure, httponly=True, samesite="Lax")
    return response


def _read(request: HttpRequest, name: str) -> dict[str, Any] | None:
    try:
        sealed = Sealed.stored(base64.urlsafe_b64decode(request.COOKIES.get(name, "")), name)
        kept = json.loads(sealed.open(Permit(holder="visitor", purpose=Purpose.OWN)))
    except (SealBroken, binascii.Error, ValueError):
        return None
    return kept if kept["until"] >= clock.now().timestamp() else None


def empty(response: HttpResponse) -> HttpResponse:
    """Let the browser forget both, as on a shared computer: a code that is still under way opens nothing there."""
    return _forgotten(_forgotten(response, ASKED), PROVED)


def _forgotten(response: HttpResponse, name: str) -> HttpResponse:
    response.delete_cookie(name, samesite="Lax")
    return response
