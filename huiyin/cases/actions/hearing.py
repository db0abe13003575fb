"""听证: a hearing in the course of a review; its time does not count (信访工作条例 art. 36)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from huiyin.cases import pausing, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Review
from huiyin.deadlines.arithmetic import is_late
from huiyin.deadlines.models import Pause
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

LONGEST = timedelta(days=366)  # no hearing takes as long; a slip in the year must not stop the clock for good


def hold_hearing(review: Review, *, by: Actor, until: datetime, words_of: str) -> None:
    """Let the review's clock stand still for a hearing, at the latest until `until`, with what it is about."""
    said = words.required(words_of, _("听证的安排"))
    with opened(review.case, "hold_hearing", by=by) as file:
        mine = open_review(file, review)
        if mine.hearing_until is not None:
            raise Refused(_("听证已经在进行。请先结束听证。"), code="hearing")
        if is_late(file.at, file.round.clock.due_at):
            raise Refused(_("已经超过了决定的期限，不能再用听证停止计时。请尽快决定。"), code="too_late")
        if not file.at < until <= file.at + LONGEST:
            raise Refused(_("听证要在今后一年以内结束，请改正日期。"), code="until")
        pausing.pause(file, Pause.Reason.HEARING, until=until)
        file.change(mine, hearing_until=until)
        file.move(file.case.state)
        file.facts |= {"unit": mine.unit.code, "until": until.isoformat()}
        file.private["words"] = words.digest(said)


def end_hearing(review: Review, *, by: Actor) -> None:
    """End the hearing: the clock goes on, without the days that it took."""
    with opened(review.case, "end_hearing", by=by) as file:
        mine = open_review(file, review)
        if mine.hearing_until is None:
            raise Refused(_("现在没有正在进行的听证。"), code="no_hearing")
        pausing.resume(file)
        file.change(mine, hearing_until=None)
        file.set(due_at=file.round.clock.due_at)  # the sweep may have let the clock go on already
        file.move(file.case.state)
        file.facts |= {"unit": mine.unit.code, "due": file.case.due_at.isoformat()}


def open_review(file: CaseFile, review: Review) -> Review:
    """The review under the lock, not decided yet."""
    mine = file.part(review)
    if mine.state != Review.State.ASKED:
        raise file.refusal(_("这项%(level)s%(state)s") % {
            "level": mine.get_level_display(), "state": mine.get_state_display(),
        })  # fmt: skip
    return mine
