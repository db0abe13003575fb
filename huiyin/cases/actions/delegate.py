"""转交经办人: an order changes hands inside its unit; unit, deadline and everything else stay as they are."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import UNIT
from huiyin.cases.casefile import opened
from huiyin.cases.models import Order
from huiyin.cases.ordering import require_able
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post


def delegate(order: Order, *, by: Actor, person: Post) -> None:
    """Hand an open order to another post of the same unit; its leader or the person in charge does it."""
    with opened(order.case, "delegate", by=by, order=order) as file:
        mine = file.part(order)
        file.require_in_hand(mine)
        if person.pk == mine.person_id:
            raise Refused(_("本单现在就由这位经办。请另选一位。"), code="same_person")
        require_able(file, person, mine.unit)
        if person.role not in UNIT:
            raise Refused(_("只有经办人和分管负责人能经办工单。请另选一位。"), code="role")
        before = mine.person_id
        file.change(mine, person=person)
        if (file.case.holder_unit_id, file.case.holder_post_id) == (mine.unit_id, before):
            file.set(holder_post=person)  # the unit has held it all along: `held_since` stays
        file.move(file.case.state)
        file.facts |= {"unit": mine.unit.code, "part": mine.part, "person": person.code}
