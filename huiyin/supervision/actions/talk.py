"""约谈: the record of a talk, and what was promised in it by when."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases.words import digest, optional, required
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.supervision.models import Entry, Rung
from huiyin.supervision.rungfile import opened, require_past

RECORD, MEASURES = gettext_lazy("约谈记录"), gettext_lazy("答应的措施")


def hold(
    rung: Rung, *, by: Actor, held_on: date, text: str, measures: str = "", due_on: date | None = None
) -> Entry:
    """Keep the record of a talk; what was promised has a day by which it is done, and waits to be confirmed."""
    said, promised = required(text, RECORD), optional(measures, MEASURES)
    with opened(rung, "hold", by=by) as file:
        require_past(file, held_on)
        if promised and (due_on is None or due_on < file.today):
            raise Refused(_("请写明措施最迟哪天落实，不能早于今天。"), code="due_on")
        file.move(Rung.State.HELD if promised else Rung.State.DONE)
        entry = file.say(said, day=held_on)
        if promised:
            file.set(due_on=due_on)
            file.private["measures"] = digest(promised)
            Entry.objects.create(
                rung=file.rung, act="promise", words=promised, day=due_on, at=file.at, by=file.by.post
            )
        return entry
