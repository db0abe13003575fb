"""退出: one of a group goes, by their own word or through the desk; what they were told stays, nothing more is owed."""

from django.utils.translation import gettext as _

from huiyin.cases import groups, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Party
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def leave(case: Case, *, by: Actor, party: Party, why: str = "") -> None:
    """Let a party of a group go, and whoever speaks for them with them; the headcount follows.

    Earlier answers, notices and ratings stay as they are. The last petitioner cannot leave: that is `withdraw`.
    A citizen goes for themselves, or for whom they act.
    """
    said = words.optional(why, _("退出的原因"))
    with opened(case, "leave", by=by) as file:
        mine = file.part(party)
        groups.require_own(file, mine, _("您只能自己退出"))
        _require_others(file, mine)
        groups.depart(file, mine, *groups.agents(file.parts(Party), mine))
        groups.fewer_heads(file)
        file.facts |= {"party": mine.pk, "headcount": file.case.headcount}
        if said:
            file.private["why"] = words.digest(said)


def _require_others(file: CaseFile, party: Party) -> None:
    if party.left_at is not None or party.role not in Party.PEOPLE:
        raise Refused(_("这位不在这件诉求的诉求人里，或者已经退出。请刷新页面。"), code="gone")
    if not groups.may_leave(party, file.parts(Party)):
        raise Refused(
            _("最后一位诉求人不能退出。不想再反映的，请撤回整件诉求。"), code="last", instead=_("撤回")
        )
