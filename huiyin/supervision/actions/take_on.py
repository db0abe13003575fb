"""包案: how a case stands that a leader has taken personally, and how it ended."""

from django.utils.translation import gettext_lazy

from huiyin.cases.words import required
from huiyin.organisation.actors import Actor
from huiyin.supervision.models import Entry, Rung
from huiyin.supervision.rungfile import opened

PROGRESS, RESULT = gettext_lazy("进展"), gettext_lazy("结果")


def progress(rung: Rung, *, by: Actor, text: str) -> Entry:
    """Note how it stands, as often as there is something to say."""
    said = required(text, PROGRESS)
    with opened(rung, "progress", by=by) as file:
        return file.say(said)


def end(rung: Rung, *, by: Actor, text: str) -> Entry:
    """Let the case go, with what came of it. Only the leader who took it."""
    said = required(text, RESULT)
    with opened(rung, "end", by=by) as file:
        file.move(Rung.State.DONE)
        return file.say(said)
