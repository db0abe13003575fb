"""单独情况: what only one of a group is to say and to read, such as an amount or an address."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.actions.open_original import SHORTEST_REASON
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Party
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

TELLS = (*Party.PEOPLE, Party.Role.AGENT)


def tell_privately(case: Case, *, by: Actor, text: str, party: Party | None = None) -> None:
    """Add to what only this party and the desk read: a party to their own, the desk for `party`.

    Nothing that stood there is lost: each telling begins a new line.
    """
    said = words.required(text, _("单独情况"), most=words.LONGEST_TEXT)
    with opened(case, "tell_privately", by=by) as file:
        own = next((each for each in file.parts(Party) if each.pk == by.party_id), None)
        mine = own if by.kind == "citizen" else file.part(party) if party is not None else None
        if mine is None or (party is not None and party.pk != mine.pk):
            raise Refused(_("只能补充自己的单独情况。"), code="party")
        if mine.role not in TELLS or mine.left_at is not None:
            raise Refused(_("这位不在这件诉求的诉求人里，或者已经退出。请刷新页面。"), code="gone")
        before = mine.private.open(Permit(holder=by.name, purpose=Purpose.MATCH)) if mine.private else ""
        whole = words.required(f"{before}\n{said}", _("单独情况"), most=words.LONGEST_TEXT)
        file.change(mine, private=whole)
        file.move(file.case.state)
        file.facts["party"] = mine.pk
        file.private["text"] = words.digest(said)


def open_private(case: Case, *, by: Actor, party: Party, reason: str) -> str:
    """Open one member's private part for the desk, against a reason that this member reads and no other does."""
    said = words.required(reason, _("查看单独情况的理由"))
    if by.kind == "citizen":
        raise PermissionDenied(_("您的岗位不能做这一步。请联系受理中心。"))
    with opened(case, "open_private", by=by) as file:
        if len(said) < SHORTEST_REASON:
            raise Refused(_("请写清楚为什么要看（至少 4 个字），本人会看到这条记录。"), code="reason")
        mine = file.part(party)
        if mine.private is None or mine.role not in TELLS:
            raise Refused(_("这位没有单独说明的情况。"), code="empty")
        file.move(file.case.state)
        file.facts |= {"unit": by.unit.code if by.unit else "", "party": mine.pk}
        file.private["reason"] = said  # in words: the member reads it on their own page
        return mine.private.open(Permit(holder=by.name, purpose=Purpose.READ_ORIGINAL))
