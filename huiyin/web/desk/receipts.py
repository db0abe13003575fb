"""Receipts that somebody of the office may print again for an hour; sealed, so that no table holds a query code."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest

from huiyin.channels.clerk.taking_down import TakenDown
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import SealBroken, Sealed

SLOT = "receipts"
PLACE = "web.desk.receipts"
KEPT = timedelta(hours=1)
MOST = 5
JOINED = "joined:"


@dataclass(frozen=True)
class Kept:
    """The query codes of a case just entered: the petitioner's first, then each member's."""

    codes: list[str]
    answered: bool
    changed: bool


def keep(request: HttpRequest, taken: TakenDown) -> None:
    """Lay a receipt by in the session; the oldest falls out."""
    content = {"codes": taken.codes, "answered": taken.answered, "changed": taken.changed}
    _put(request, taken.number, content)


def keep_codes(request: HttpRequest, number: str, codes: list[str]) -> None:
    """Lay by the codes of whoever joined a case later; `find` them under JOINED and its number."""
    _put(request, JOINED + number, {"codes": codes, "answered": False, "changed": False})


def _put(request: HttpRequest, name: str, content: dict[str, Any]) -> None:
    content |= {"until": (clock.now() + KEPT).timestamp(), "post": request.actor.post.pk}
    token = Sealed.of(json.dumps(content)).token_for(PLACE)
    kept = {**request.session.get(SLOT, {}), name: base64.b64encode(token).decode()}
    request.session[SLOT] = dict(list(kept.items())[-MOST:])


def find(request: HttpRequest, number: str) -> Kept | None:
    """The receipt of this case, for the post that entered it; None when there is none or its hour is over."""
    try:
        token = base64.b64decode(request.session.get(SLOT, {}).get(number, ""))
        permit = Permit(holder=request.actor.name, purpose=Purpose.NOTICE)
        content = json.loads(Sealed.stored(token, PLACE).open(permit))
    except (SealBroken, binascii.Error, ValueError):
        return None
    if content["until"] < clock.now().timestamp() or content["post"] != request.actor.post.pk:
        return None
    return Kept(content["codes"], content["answered"], content["changed"])
