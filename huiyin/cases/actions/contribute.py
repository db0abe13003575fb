"""协办答复: a co-handler says its part to the lead and the desk; what the petitioner reads is the lead's answer."""

from django.utils.translation import gettext as _

from huiyin.cases import states, words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Note, Order
from huiyin.cases.ordering import lapse_requests, stop_clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def contribute(order: Order, *, by: Actor, text: str) -> Note:
    """Hand in what a co-handling unit has done and found: an office note; its order is answered, its clock stops."""
    said = words.required(text, _("协办情况"), most=words.LONGEST_TEXT)
    with opened(order.case, "contribute", by=by, order=order) as file:
        mine = file.part(order)
        if mine.part != Order.Part.ASSIST:
            raise Refused(_("贵单位是主办，请用“答复”直接答复诉求人。"), code="lead", instead=_("答复"))
        file.move_order(mine, states.Order.ANSWERED, answered_at=file.at)
        stop_clock(file, mine.clock)
        lapse_requests(file, mine)
        row = file.add(Note(case=file.case, readers=Note.Readers.OFFICE, text=said, at=file.at, by=by.post))
        file.move(file.case.state)
        file.facts["unit"] = mine.unit.code
        file.private["text"] = words.digest(said)
    return row
