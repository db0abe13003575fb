"""提出异议: the petitioner contests a refusal at the door; another clerk looks again, in a new round."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Note, Round
from huiyin.cases.ordering import begin_round
from huiyin.organisation.actors import Actor


def contest(case: Case, *, by: Actor, why: str) -> None:
    """Contest a decline with reasons, which the desk reads (and whoever wrote them)."""
    said = words.required(why, _("异议的理由"))
    with opened(case, "contest", by=by) as file:
        file.move(Case.State.REGISTERED)
        begin_round(file, Round.Cause.CONTESTED, reason=said, carry_clock=False)
        file.hold(file.case.desk, Role.CLERK)
        file.add(
            Note(
                case=file.case,
                readers=Note.Readers.DESK,
                text=said,
                at=file.at,
                by=by.post,
                party_id=by.party_id,
            )
        )
        file.private["why"] = words.digest(said)
