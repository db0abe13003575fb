"""推选代表人: on the group's word, at most five of them speak for it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from huiyin.cases import groups, words
from huiyin.cases.actions.add_party import is_spokesperson, require_few_spokespersons
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Party
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def appoint_spokespersons(case: Case, *, by: Actor, parties: Sequence[Party], said: str) -> None:
    """Record whom the group chose; who spoke for it before and was not chosen again is a member.

    `said` is how the group gave its word. Source of the number: 信访工作条例 art. 20.
    """
    spoken = words.required(said, _("大家怎么推选的"))
    with opened(case, "appoint_spokespersons", by=by) as file:
        chosen = [file.part(party) for party in parties]
        if not chosen:
            raise Refused(_("请至少选一位代表人。"), code="spokespersons")
        require_few_spokespersons(len(chosen))
        if any(party.role == Party.Role.PETITIONER for party in chosen):
            raise Refused(_("诉求人自己就能说话，不用再推选。请从成员里选代表人。"), code="role")
        if any(party not in groups.present(file.parts(Party)) for party in chosen):
            raise Refused(_("选中的人里有人不是成员，或者已经退出。请刷新页面再选。"), code="gone")
        for party in groups.present(file.parts(Party)):
            if party in chosen and not is_spokesperson(party):
                file.change(party, role=Party.Role.SPOKESPERSON)
            elif party not in chosen and is_spokesperson(party):
                file.change(party, role=Party.Role.MEMBER)
        file.move(file.case.state)
        file.facts["parties"] = sorted(party.pk for party in chosen)
        file.private["said"] = words.digest(spoken)
