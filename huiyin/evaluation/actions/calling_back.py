"""回访: somebody who has no part in the matter calls those who were chosen, and writes down what they say."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from huiyin.cases import pens
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case
from huiyin.evaluation import calling, judging
from huiyin.evaluation.family import may_be_rated
from huiyin.evaluation.models import COUNTS, CallBack, Rating, Try
from huiyin.evaluation.rules import call_back_rules
from huiyin.evaluation.settling import settle
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.people import queries as people

State, Result = CallBack.State, Try.Result


def dial(call_back: CallBack, *, by: Actor) -> dict[str, str]:
    """Name and phone of the one party whom somebody is about to call, on the record, and shown to that party."""
    with opened(call_back.case, "dial", by=by) as file:
        row = _in_hand(call_back, by)
        permit = Permit(holder=by.name, purpose=Purpose.CONTACT)
        found = people.particulars(row.party.person, permit) if row.party.person else {}
        if not found.get("phone"):
            raise Refused(_("这一位没有留下电话，不能电话回访。"), code="no_phone")
        file.move(file.case.state)
        file.facts |= {"party": row.party_id, "purpose": str(Purpose.CONTACT)}
        row.dialled_at = file.at
        row.save(update_fields=["dialled_at"])
    return {name: found[name] for name in ("name", "phone")}


def call_back(
    row: CallBack,
    *,
    by: Actor,
    result: str,
    contacted: bool = False,
    solved: str = "",
    satisfied: int = 0,
    words: str = "",
    solvable: str = "",
) -> Rating | None:
    """Write down one try, and what was said when somebody was reached; the rating, None without one.

    `result` is one of `Try.Result`. Whoever does not want to talk is not called again; after as many tries as the
    place asks for it is an invalid call-back, which counts nowhere but in its own number. What is said by somebody who
    has rated before is kept beside and does not count. `solvable` is what the caller proposes to the reviewer when it
    is not solved. The event says that somebody was called, and not what came of it.

    Only whoever has taken the number for this try (`dial`, on record) has called: neither an answer nor that there
    was none is taken down otherwise. This is the one door by which somebody rates for somebody else.
    """
    if result not in Result.values:
        raise Refused(_("请选择这一次电话怎么样。"), code="result")
    reached = result == Result.REACHED
    rating = (
        judging.judgement(contacted=contacted, solved=solved, satisfied=satisfied, words=words)
        if reached
        else None
    )
    if solvable and solvable not in CallBack.Solvable.values:
        raise Refused(_("请选择还能不能解决。"), code="solvable")
    case = row.case
    pen, seen, close = pens.in_hand(), case.parent, None
    with pen.lock(case, seen) if seen else pen.atomic():
        with opened(case, "call_back", by=by) as file:
            mine = _in_hand(row, by)
            if mine.dialled_at is None:
                raise Refused(_("您还没有取电话号码。请先取号码、打电话，再记录。"), code="not_dialled")
            if mine.round != file.case.round or file.case.state not in calling.STANDING:
                raise file.refusal(_("这件诉求已经进入新的一轮，这次回访作废"))
            Try.objects.create(call_back=mine, at=file.at, by=by.post, result=result)
            mine.tries += 1
            file.facts |= {"party": mine.party_id, "times": mine.tries}
            file.private = {"result": result}
            if rating is not None:
                mine.solvable = solvable if rating.solved != Rating.Solved.YES else ""
                close = _take_down(file, mine, rating, words)
                settle(mine, State.VALID, at=file.at, rating=rating)
            else:
                file.move(file.case.state)
                _not_heard(mine, result, file.at)
        if close is not None:
            judging.close_solved(case, close, by=by)
    row.refresh_from_db()
    return rating


def _take_down(file: CaseFile, mine: CallBack, rating: Rating, words: str) -> Case | None:
    """Keep what was said; the matter that it closes, if it closes one."""
    before = Rating.objects.filter(COUNTS, party=mine.party, round=mine.round).exists()
    if before:
        rating.set_aside = Rating.Aside.SECOND
    rateable = may_be_rated(file.case)
    judging.keep(file, rating, words=words, party=mine.party, how=Rating.How.CALL_BACK)
    if before or not rateable:  # it is over, or they have spoken: their word is kept and moves nothing
        return None
    head, entitled = judging.entitled_in(file)
    return head if judging.heed(file, head, entitled) else None


def _not_heard(mine: CallBack, result: str, at: datetime) -> None:
    """Nobody has said anything: it is tried again later, or was the last time."""
    rules = call_back_rules()
    if result == Result.REFUSED:
        settle(mine, State.REFUSED, at=at)
    elif mine.tries >= rules.tries:
        settle(mine, State.UNREACHED, at=at)
    else:
        mine.not_before = at + timedelta(hours=rules.gap_hours)
        mine.claimed_by = mine.claimed_until = mine.dialled_at = None
        mine.save()


def _in_hand(call_back: CallBack, by: Actor) -> CallBack:
    """The call-back under a lock, if this post has it in hand and may have it."""
    mine = calling.waiting(by).filter(pk=call_back.pk).values("pk")
    found = (
        CallBack.objects.select_for_update(of=("self",)).select_related("party__person").filter(pk__in=mine)
    )
    row = found.first()
    if row is None or row.claimed_by_id != (by.post.pk if by.post else None):
        raise Refused(_("这一位已经不在您手里：到了时间，或者别人已经回访。请取下一位。"), code="taken")
    return row
