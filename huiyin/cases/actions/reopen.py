"""重启: new facts, the trouble is back, or the end is contested: the desk looks again, in a new round."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Round
from huiyin.cases.ordering import begin_round
from huiyin.organisation.actors import Actor


def reopen(case: Case, *, by: Actor, reason: str) -> None:
    """Reopen an ended case with a new round and a new clock; what the earlier rounds count stays as it was."""
    said = words.required(reason, _("重启的理由"))
    with opened(case, "reopen", by=by) as file:
        file.move(Case.State.REGISTERED)
        begin_round(file, Round.Cause.REOPENED, reason=said, carry_clock=False)
        file.hold(file.case.desk, Role.CLERK)
        file.private["reason"] = words.digest(said)
