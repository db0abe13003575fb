"""回复、验收: the unit answers in writing, and the overseer takes the answer, sends it back, or takes all of it back."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases.words import optional, required
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.supervision import issuing
from huiyin.supervision.models import Entry, Rung
from huiyin.supervision.rungfile import opened, require_verdict

Kind, State = Rung.Kind, Rung.State
ADOPTING = ("adopted", "partly", "not")
REPLY, REASON = gettext_lazy("回复内容"), gettext_lazy("理由")


def reply(rung: Rung, *, by: Actor, text: str, verdict: str = "") -> Entry:
    """Answer in writing: an order, an advice (with `verdict` adopted, partly or not), a fault that was recorded."""
    said = required(text, REPLY)
    with opened(rung, "reply", by=by) as file:
        if file.rung.kind != Kind.ADVICE:
            verdict = ""
        if file.rung.kind == Kind.ADVICE:
            require_verdict(verdict, ADOPTING)
            file.move(State.DONE)
        elif file.rung.kind == Kind.ORDER:
            file.move(State.REPLIED)
        return file.say(said, verdict=verdict)


def accept(rung: Rung, *, by: Actor, text: str = "") -> Entry:
    """Take the reply to an order, or what a talk promised, as done; let a fault stand that nobody appealed in time."""
    said = optional(text, REASON)
    with opened(rung, "accept", by=by) as file:
        due = file.rung.due_on
        if file.rung.kind == Kind.FAULT and due and file.today <= due:
            raise Refused(
                _("申辩和申诉的期限到 %(day)s，过后才能认定。") % {"day": due.isoformat()}, code="too_early"
            )
        file.move(State.DONE)
        return file.say(said)


def send_back(rung: Rung, *, by: Actor, text: str, due_on: date) -> Entry:
    """Send a reply back with what is missing, and a new day."""
    said = required(text, REASON)
    with opened(rung, "send_back", by=by) as file:
        issuing.require_day_of(file.rung.kind, due_on, file.today)
        file.move(State.WAITING)
        file.set(due_on=due_on)
        return file.say(said, day=due_on)


def withdraw(rung: Rung, *, by: Actor, text: str) -> Entry:
    """Take back what should not have been signed, or is needed no more, with the reason."""
    said = required(text, REASON)
    with opened(rung, "withdraw", by=by) as file:
        file.move(State.WITHDRAWN)
        return file.say(said)
