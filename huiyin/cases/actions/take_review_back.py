"""撤回复查复核申请: whoever asked takes it back before it is decided; the matter stands as it did before they asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import groups, peers, words
from huiyin.cases.actions.hearing import open_review
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.kin import opened_with_children, owe_answer
from huiyin.cases.models import Answer, Case, Reason, Review, Round
from huiyin.cases.ordering import start_clock, stop_clock
from huiyin.organisation.actors import Actor


def before_asking(file: CaseFile) -> dict[str, Any]:
    """How a case stands that is about to be reviewed: what taking the request back restores."""
    case = file.case
    return {
        "state": case.state,
        "round": case.round,
        "role": case.holder_role,
        "ended_at": _iso(case.ended_at),
        "end_reason": case.end_reason_id,
        "outcomes": {str(point.pk): [point.outcome, _iso(point.outcome_at)] for point in file.points},
        "views": peers.unsettled(file),
    }


def take_review_back(review: Review, *, by: Actor, why: str = "") -> None:
    """Take a request for 复查 or 复核 back, the party who asked or the desk for them, until it is decided.

    State, round, outcomes, the views of other units and the citizen's clock are as they were before the asking;
    where a rating was waited for, its time begins anew. The round of the review stays as one that answered nothing.
    Within the time for asking, it can be asked again.
    """
    said = words.optional(why, _("撤回的原因"))
    with opened_with_children(review.case, "take_review_back", by=by) as (file, children):
        mine = open_review(file, review)
        groups.require_own(file, mine.party, _("这项申请是别人提出的"))
        stop_clock(file, file.round.clock)
        file.change(file.round, ended_at=file.at, end_state=file.case.state)
        file.change(mine, state=Review.State.TAKEN_BACK, hearing_until=None)
        file.facts |= {"unit": mine.unit.code, "level": mine.level, "taken_back_round": file.case.round}
        earlier = _restore(file, mine.before or _made_out(file, mine))
        _share_again(children, file.case.number, earlier, by=by)
        if said:
            file.private["why"] = words.digest(said)


def _restore(file: CaseFile, before: dict[str, Any]) -> Round:
    """Go back to the round that was reviewed, in the state in which it was."""
    file.set(round=before["round"], ended_at=_moment(before["ended_at"]), end_reason=_reason(before))
    earlier = file.round
    file.set(due_at=earlier.clock.due_at)
    for point in file.points:
        outcome, since = before["outcomes"][str(point.pk)]
        file.change(point, outcome=outcome, outcome_at=_moment(since))
    peers.restore(file, before.get("views", {}))
    file.move(before["state"])
    if before["state"] == Case.State.TOLD:
        file.change(earlier, ended_at=None, end_state="", rating_clock=start_clock(file, "rating"))
        file.hold(file.case.desk, before["role"])
    else:
        file.hold(None, "")
    return earlier


def _made_out(file: CaseFile, review: Review) -> dict[str, Any]:
    """How a case stood whose review was asked before that was kept: made out from its rounds and answers."""
    earlier = max((r for r in file.parts(Round) if r.number < review.round), key=lambda r: r.number)
    ended = earlier.end_state in (Case.State.CLOSED, Case.State.EXPLAINED)
    answers = [
        row
        for row in file.parts(Answer)
        if row.state == Answer.State.APPROVED and row.round <= earlier.number
    ]
    return {
        "state": earlier.end_state if ended else Case.State.TOLD,
        "round": earlier.number,
        "role": Role.CALLER,
        "ended_at": _iso(earlier.ended_at) if ended else None,
        "end_reason": None,
        "outcomes": {str(row.point_id): [row.outcome, _iso(row.given_at)] for row in answers},
    }


def _share_again(children: Sequence[Case], number: str, earlier: Round, *, by: Actor) -> None:
    """Matters that were merged in while the review ran are owed the answer that stands again."""
    program = Actor.system("merged").claiming(by.at)
    for child in children:
        if child.ended_at is not None:
            continue
        with opened(child, "share_answer", by=program) as file:
            file.move(Case.State.MERGED)
            owe_answer(file)
            file.facts |= {"parent": number, "answer_round": earlier.number}


def _reason(before: dict[str, Any]) -> Reason | None:
    key = before["end_reason"]
    return Reason.objects.get(pk=key) if key else None


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
