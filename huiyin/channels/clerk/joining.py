"""One more call about a running incident: registered and merged into it in one breath."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases import access, actions, pens
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case
from huiyin.cases.words import clean
from huiyin.channels.clerk.taking_down import Statement, TakenDown, take_down
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


@dataclass(frozen=True)
class Call:
    """What a caller adds to what is known already; all but the form's own `key` may be empty."""

    key: str
    name: str = ""
    phone: str = ""
    place: str = ""
    said: str = ""
    channel: str = Case.Channel.PHONE


def join_incident(number: str, call: Call, *, by: Actor) -> TakenDown:
    """Register a caller and merge their matter into the incident, in one transaction and by the same two acts.

    They get a number, a code, the shared answer and a rating of their own, under the incident's hours. A form
    sent twice is one case. Raises `access.NotFound` for an incident that the actor does not see, `Refused` when
    it is none any more.
    """
    incident = access.find(by, number)
    with pens.writing_with(pens.HoldingPen()) as pen, pen.atomic():
        registered = actions.register(_intake(incident, call), by=by)
        case = registered.case
        if case.state == Case.State.REGISTERED:
            _require_running(incident)
            actions.merge(case, into=incident, by=by)
    return TakenDown(number=case.number, codes=registered.codes[:1], changed=registered.changed)


def take_down_into(statement: Statement, number: str, *, by: Actor) -> TakenDown:
    """Register what was said and merge it into an open matter about the same thing, both or neither.

    Whoever called has a number, a code and the answer of their own. Raises `access.NotFound` for a matter that
    the actor does not see, `Refused` when it takes no more in.
    """
    into = access.find(by, number)
    with transaction.atomic():
        taken = take_down(statement, by=by)
        case = access.find(by, taken.number)
        if case.state == Case.State.REGISTERED and not taken.changed:
            actions.merge(case, into=into, by=by)
    return taken


def _require_running(incident: Case) -> None:
    if not incident.incident:
        raise Refused(
            _("这件突发事件已经结束，来电没有登记。请按普通诉求登记。"), code="over", instead=_("登记一件")
        )


def _intake(incident: Case, call: Call) -> Intake:
    said = clean(call.said)
    return Intake(
        text=said or _("也反映这件事：%(title)s") % {"title": incident.title},
        title=incident.title,
        nature=Case.Nature.APPEAL,
        channel=call.channel,
        track=incident.track,
        urgency=incident.urgency,
        region=incident.region,
        category=incident.category,
        place=clean(call.place) or incident.place,
        parties=[PartyIn(name=call.name, phone=call.phone)],
        idempotency_key=f"clerk:{call.key}",
    )
