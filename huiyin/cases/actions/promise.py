"""兑现承诺: an adopted suggestion's author is told again when it is done, or when its date has to move."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Notice, Promise
from huiyin.cases.ordering import owe
from huiyin.cases.promising import TEXT, Pledge, require_date
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

DONE = gettext_lazy("兑现情况")


def fulfil_promise(promise: Promise, *, by: Actor, text: str) -> None:
    """Say how a promise was kept, years later if need be and from the archive too; every party is told again."""
    said = words.required(text, DONE)
    with opened(promise.case, "fulfil_promise", by=by, order=promise.order) as file:
        mine = _in_force(file, promise)
        file.change(
            mine,
            state=Promise.State.FULFILLED,
            fulfilled_at=file.at,
            fulfilled_by=by.post,
            fulfilment=said,
        )
        file.move(file.case.state)
        owe(file, file.told_parties, Notice.About.FULFILLED)
        file.facts |= {"unit": mine.unit.code, "due_on": mine.due_on.isoformat()}
        file.private["text"] = words.digest(said)


def change_promise(promise: Promise, *, by: Actor, pledge: Pledge, reason: str) -> Promise:
    """Promise another date, with the reason; the old promise stays to be read, and every party is told."""
    why = words.required(reason, _("调整的理由"))
    said = words.required(pledge.text, TEXT)
    with opened(promise.case, "change_promise", by=by, order=promise.order) as file:
        mine = _in_force(file, promise)
        require_date(file, pledge.due_on)
        if pledge.due_on == mine.due_on:
            raise Refused(_("新的日期和原来的一样，没有调整。请写一个新的日期。"), code="same")
        after = file.add(
            Promise(
                case=file.case,
                round=mine.round,
                order=mine.order,
                unit=mine.unit,
                state=Promise.State.MADE,
                text=said,
                due_on=pledge.due_on,
                reason=why,
                made_at=file.at,
                made_by=by.post,
            )
        )
        file.change(mine, state=Promise.State.CHANGED, successor=after)
        file.move(file.case.state)
        owe(file, file.told_parties, Notice.About.PROMISE)
        dates = {"from_day": mine.due_on.isoformat(), "due_on": after.due_on.isoformat()}
        file.facts |= {"unit": mine.unit.code, **dates}
        file.private |= {"reason": words.digest(why), "promise": words.digest(said)}
    return after


def _in_force(file: CaseFile, promise: Promise) -> Promise:
    mine = file.part(promise)
    if mine.state != Promise.State.MADE:
        raise file.refusal(_("这项承诺现在是“%(state)s”") % {"state": mine.get_state_display()})
    return mine
