"""What a rating does to the call-back of its party: it needs none any more, or, if it is a bad one, needs one now."""

from datetime import datetime, timedelta

from huiyin.cases.models import Case
from huiyin.evaluation.models import CallBack, Rating
from huiyin.evaluation.rules import ASK_WHY, call_back_rules
from huiyin.kernel import clock

State = CallBack.State
POOR = Rating.Satisfied.DISSATISFIED  # this grade and below are called back where the place says so


def settle_by(rating: Rating) -> None:
    """Let the call-back of a party follow the rating that just was given; in the transaction of its act.

    One that waited is answered. Whoever rates by themselves and is not content, or says that it is not solved, is
    called where the place's rules name them: what they say on the telephone is kept beside, and does not count again.
    """
    found = CallBack.objects.filter(party=rating.party, round=rating.round).first()
    by_self = rating.how == Rating.How.SELF
    if by_self and _calls_for_one(rating):
        _ask_why(rating, found)
    elif found is not None and found.state == State.WAITING:
        settle(found, State.BY_SELF if by_self else State.VALID, at=rating.at, rating=rating)


def settle(call_back: CallBack, state: str, *, at: datetime, rating: Rating | None = None) -> None:
    """Write what came of a call-back; nobody has it in hand any more."""
    call_back.state, call_back.rating = state, rating
    call_back.settled_at, call_back.settled_on = at, clock.local_date(at)
    call_back.claimed_by = call_back.claimed_until = call_back.dialled_at = None
    call_back.save()


def _calls_for_one(rating: Rating) -> bool:
    discontent = rating.solved != Rating.Solved.YES or rating.satisfied <= POOR
    if not discontent or ASK_WHY not in call_back_rules().always:
        return False
    person = rating.party.person
    return rating.case.nature != Case.Nature.REPORT and person is not None and person.phone_index is not None


def _ask_why(rating: Rating, found: CallBack | None) -> None:
    row = found or CallBack(case=rating.case, party=rating.party, round=rating.round)
    row.rules = [*row.rules, ASK_WHY]
    row.state, row.not_before = State.WAITING, rating.at
    row.until = rating.at + timedelta(days=call_back_rules().days)
    row.save()
