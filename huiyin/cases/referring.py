"""Referrals: handing a matter, or a part of it, to somebody outside, and how the wait for them ends."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import words
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Referral
from huiyin.cases.ordering import stop_clock
from huiyin.kernel.refusals import Refused

WAITING = (Referral.Kind.OUTSIDE, Referral.Kind.ELSEWHERE)  # a case rests while one of these is open
BODY, REFERENCE, SAID = gettext_lazy("去处"), gettext_lazy("文号"), gettext_lazy("说明")
LONGEST_BODY, LONGEST_REFERENCE = 120, 60  # as many characters as the columns hold
EMERGENCY = {
    "110": gettext_lazy("公安 110"),
    "119": gettext_lazy("消防救援 119"),
    "120": gettext_lazy("医疗急救 120"),
    "122": gettext_lazy("交通事故 122"),
}


def refer(file: CaseFile, kind: str, *, body: str, said: str = "", **more: Any) -> Referral:
    """Write down to whom the matter goes. The ledger's public facts hold neither the body's name nor any words."""
    to = words.required(body, BODY, most=LONGEST_BODY)
    told = words.optional(said, SAID)
    file.private["body"] = words.digest(to)
    if told:
        file.private["words"] = words.digest(told)
    return file.add(
        Referral(
            case=file.case,
            round=file.case.round,
            kind=kind,
            body=to,
            words=told or None,
            sent_at=file.at,
            sent_by=file.by.post,
            **more,
        )
    )


def number(text: str) -> str:
    """The cleaned number of a paper, which may be empty."""
    return words.optional(text, REFERENCE, most=LONGEST_REFERENCE)


def where(referral: Referral) -> str:
    """To whom it went, in words."""
    return str(EMERGENCY.get(referral.body, referral.body))


def waits(referral: Referral) -> bool:
    """Whether a referral has not ended."""
    return referral.ended_at is None


def in_hand(file: CaseFile, referral: Referral, kind: str) -> Referral:
    """The referral as it is under the lock; refused when it is of another kind, has ended, or began later."""
    mine = file.part(referral)
    if mine.kind != kind or not waits(mine):
        raise file.refusal(_("这项“%(kind)s”已经了结") % {"kind": mine.get_kind_display()})
    if file.at < mine.sent_at:
        raise Refused(_("填写的时间早于送出的时间，请改成实际发生的时间。"), code="too_early")
    return mine


def end_referral(file: CaseFile, referral: Referral, *, outcome: str = "") -> None:
    """End a referral with what is known of it: its clock stops, nobody waits for it any more."""
    stop_clock(file, referral.clock)
    file.change(referral, ended_at=file.at, ended_by=file.by.post, outcome=outcome or None)


def lapse_referrals(file: CaseFile) -> None:
    """End whatever the case still waits for outside; a promised look after a person stays promised."""
    for row in file.parts(Referral):
        if row.kind in WAITING and waits(row):
            end_referral(file, row)
