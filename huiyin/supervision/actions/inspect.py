"""摘牌: a listed matter is taken off by nothing but an inspection, by somebody outside the unit."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases.words import required
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.supervision.models import Entry, Rung
from huiyin.supervision.rungfile import opened, require_past, require_verdict

SEEN, REASON = gettext_lazy("看到的情况"), gettext_lazy("理由")


def inspect(rung: Rung, *, by: Actor, seen_on: date, text: str, verdict: str) -> Entry:
    """Say when one looked and what one saw; `verdict` "passed" takes the matter off, "failed" leaves it listed."""
    said = required(text, SEEN)
    require_verdict(verdict, ("passed", "failed"))
    with opened(rung, "inspect", by=by) as file:
        require_past(file, seen_on)
        if seen_on < wall.local_date(file.rung.issued_at):
            raise Refused(_("这一天早于挂牌的日期，请改正。"), code="too_early")
        file.move(Rung.State.DONE if verdict == "passed" else Rung.State.WAITING)
        return file.say(said, verdict=verdict, day=seen_on)


def hide(rung: Rung, *, by: Actor, text: str) -> Entry:
    """Let the public read of a listed matter no more; it stays listed."""
    said = required(text, REASON)
    with opened(rung, "hide", by=by) as file:
        if not file.rung.public:
            raise Refused(_("这件本来就是内部挂牌，没有公开。"), code="not_public")
        file.set(public=False)
        return file.say(said)
