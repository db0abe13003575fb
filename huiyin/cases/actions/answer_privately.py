"""单独答复: what the unit answers to one of a group alone, such as an amount; the other members never read it."""

from django.utils.translation import gettext as _

from huiyin.cases import groups, private_answers, words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Order, Party, PrivateAnswer
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def answer_privately(order: Order, *, by: Actor, party: Party, text: str) -> PrivateAnswer:
    """Write one member's own part of the answer of a lead order, before or after the answer itself.

    The reviewer lets it out with the answer, or sends it back with it; what was written to the same member
    before, and is not out yet, gives way. Raises `Refused` where there is only one to answer.
    """
    said = words.required(text, _("单独答复"), most=words.LONGEST_TEXT)
    with opened(order.case, "answer_privately", by=by, order=order) as file:
        mine, whom = file.part(order), file.part(party)
        file.require_in_hand(mine)
        if mine.part != Order.Part.LEAD:
            raise Refused(
                _("协办单位把情况告诉主办单位，由主办单位统一答复。可用“备注”写给主办单位。"), code="lead"
            )
        people = groups.present(file.parts(Party))
        if whom not in people:
            raise Refused(_("这位不在这件诉求的诉求人里，或者已经退出。请刷新页面。"), code="gone")
        if len(people) == 1:
            raise Refused(_("只有一位诉求人，直接写在答复里。"), code="single")
        private_answers.replace(file, mine, whom)
        row = PrivateAnswer(
            case=file.case,
            round=file.case.round,
            order=mine,
            party=whom,
            text=said,
            given_at=file.at,
            given_by=by.post,
        )
        file.add(row)
        file.move(file.case.state)
        file.facts |= {"unit": mine.unit.code, "party": whom.pk}
        file.private["text"] = words.digest(said)
    return row
