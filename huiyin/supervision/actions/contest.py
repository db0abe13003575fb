"""申诉、容错: the record of a fault is contested, decided on by somebody else, or excused with a ground."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases.words import required
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.supervision.models import Entry, Rung
from huiyin.supervision.rungfile import opened, require_verdict

REASON, GROUND = gettext_lazy("理由"), gettext_lazy("容错的依据")


def appeal(rung: Rung, *, by: Actor, text: str) -> Entry:
    """Contest the record of a fault, once, within its limit."""
    said = required(text, REASON)
    with opened(rung, "appeal", by=by) as file:
        due = file.rung.due_on
        if due and file.today > due:
            raise Refused(
                _("申诉的期限到 %(day)s 为止，已经过了。") % {"day": due.isoformat()}, code="too_late"
            )
        file.move(Rung.State.APPEALED)
        return file.say(said)


def decide(rung: Rung, *, by: Actor, text: str, verdict: str) -> Entry:
    """Uphold or revoke what was appealed; `access` lets nobody in who made the record, under whichever post."""
    said = required(text, REASON)
    require_verdict(verdict, ("upheld", "revoked"))
    with opened(rung, "decide", by=by) as file:
        file.move(verdict)
        return file.say(said, verdict=verdict)


def exempt(rung: Rung, *, by: Actor, text: str) -> Entry:
    """容错: say on which ground a fault is not held against anybody; the record stays, with the exemption.

    Source: Beijing Regulations on Handling Complaints upon Receipt 北京市接诉即办工作条例 art. 36.
    """
    said = required(text, GROUND)
    with opened(rung, "exempt", by=by) as file:
        file.move(Rung.State.EXEMPTED)
        return file.say(said)
