"""What the visitor's own browser keeps for half a day: the cases that they opened by code, and their receipts.

An encrypted, authenticated cookie: the server stores nothing about visitors, and a copy of the database opens
no case. What it names is checked afresh on every page (a party who has left reads nothing more).
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import SealBroken, Sealed
from huiyin.organisation.actors import Actor

COOKIE = "huiyin_cases"
PLACE = "web.citizen.pocket"
KEPT = timedelta(hours=12)
MOST = 12  # cases; the oldest falls out, and comes back with its code


@dataclass
class Pocket:
    """Case numbers with the id of the visitor's part in them, and the query codes of matters just handed in."""

    cases: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def put(self, number: str, party_id: int, code: str = "") -> None:
        """Take a case in; with its code when the visitor has just got it."""
        self.cases.pop(number, None)
        self.cases[number] = party_id
        if code:
            self.codes[number] = code
        for old in list(self.cases)[:-MOST]:
            del self.cases[old]
            self.codes.pop(old, None)

    def actor(self, number: str) -> Actor | None:
        """The visitor in their part of this case; None when they have not opened it here."""
        party_id = self.cases.get(number)
        return None if party_id is None else Actor.citizen(party_id)


def read(request: HttpRequest) -> Pocket:
    """The visitor's pocket; an empty one when there is none, or it is too old or was not written by us."""
    token = request.COOKIES.get(COOKIE, "")
    try:
        kept = json.loads(_opened(base64.urlsafe_b64decode(token)))
    except (SealBroken, binascii.Error, ValueError):
        return Pocket()
    if kept["until"] < clock.now().timestamp():
        return Pocket()
    return Pocket(cases=kept["cases"], codes=kept["codes"])


def keep(response: HttpResponse, pocket: Pocket) -> HttpResponse:
    """Give the pocket back to the browser, for another half day."""
    until = (clock.now() + KEPT).timestamp()
    content = json.dumps({"until": until, "cases": pocket.cases, "codes": pocket.codes})
    token = base64.urlsafe_b64encode(Sealed.of(content).token_for(PLACE)).decode()
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(KEPT.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def empty(response: HttpResponse) -> HttpResponse:
    """Let the browser forget, as on a shared computer."""
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _opened(token: bytes) -> str:
    return Sealed.stored(token, PLACE).open(Permit(holder="visitor", purpose=Purpose.OWN))
