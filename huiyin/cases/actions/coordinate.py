"""指定统筹领导: one leader stands over several units that work on a matter, and explains it to the public."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT
from huiyin.cases import states
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Statement
from huiyin.cases.ordering import require_able
from huiyin.cases.statements import owe_statement
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

SEVERAL = 2  # units at work, from which on somebody may be put over them


def coordinate(case: Case, *, by: Actor, leader: Post) -> Statement | None:
    """Name the leader who coordinates the units at work. The public is owed a statement from now on.

    Nothing is said in public of a report. Raises `Refused` for somebody who does not oversee the place.
    """
    with opened(case, "coordinate", by=by) as file:
        _require_over(file, leader)
        if len({order.unit_id for order in file.orders if order.state in states.Order.IN_HAND}) < SEVERAL:
            raise Refused(_("现在只有一个单位在办，不需要统筹。"), code="alone")
        if file.case.coordinator_id == leader.pk:
            raise file.refusal(_("现在就由这位领导统筹"))
        file.set(coordinator=leader)
        file.move(file.case.state)
        file.facts |= {"leader": leader.code, "unit": leader.unit.code}
        said = any(row.state == Statement.State.MADE for row in file.parts(Statement))
        return None if said or file.case.nature == Case.Nature.REPORT else owe_statement(file)


def _require_over(file: CaseFile, leader: Post) -> None:
    over = file.case.region.path.startswith(leader.unit.region.path)
    if leader.role not in OVERSIGHT or not over:
        raise Refused(_("统筹要由管这个地方的领导或督办员担任。请另选一位。"), code="leader")
    require_able(file, leader, leader.unit)
