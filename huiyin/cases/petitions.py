"""信访: what the petition track asks beyond the main road: a written opinion, two instances above it, an end.

Source: 信访工作条例 (2022) art. 22-23 (receipt), 31-32 (opinion), 35 (复查), 36 (复核, hearing, 终结).
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.cases import pens, reviewing
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Case, Notice, Opinion, Party, Point, Review, Round
from huiyin.cases.ordering import owe, stop_clock
from huiyin.deadlines import clocks
from huiyin.deadlines.models import Clock, Policy
from huiyin.deadlines.policies import policy_for
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.ledger import queries as ledger
from huiyin.organisation.models import Post

TRACK = Policy.Track.PETITION
DISPUTES = (
    Case.Nature.APPEAL,
    Case.Nature.COMPLAINT,
)  # 申诉求决; suggestions and reports have their own answers
ASKING = {
    Review.Level.REVIEW: Policy.Step.REVIEW_REQUEST,
    Review.Level.REREVIEW: Policy.Step.REREVIEW_REQUEST,
}
DECIDING = {Review.Level.REVIEW: Policy.Step.REVIEW, Review.Level.REREVIEW: Policy.Step.REREVIEW}
ANSWERING = (Notice.About.ANSWER, Notice.About.REVIEW)  # notices that bring the answer of a round
JUDGED = ("answer", "answer_at_once", "give_opinion", "approve")
OUTCOMES = {
    Opinion.Conclusion.SUPPORT: Point.Outcome.SOLVED,
    Opinion.Conclusion.EXPLAIN: Point.Outcome.EXPLAINED,
    Opinion.Conclusion.REJECT: Point.Outcome.REFUSED,
}
ONLY_HERE = ("give_opinion", "ask_review", "ask_rereview", "finalise", "confer_and_designate")


def is_petition(case: Case) -> bool:
    """Whether the case goes by the petition track."""
    return case.track == TRACK


def needs_opinion(case: Case) -> bool:
    """Whether the unit has to answer with a 处理意见书 and with nothing less (art. 32)."""
    return is_petition(case) and case.nature in DISPUTES


def fits(act: str, case: Case) -> bool:
    """Whether an act that the state allows makes sense on this track, so that it is worth offering."""
    if act in ("answer", "give_opinion"):
        return (act == "give_opinion") == needs_opinion(case)
    if act in ("ask_review", "ask_rereview"):
        return is_petition(case) and next_level(case, _reviews(case), _has_opinion(case)) == LEVELS[act]
    if act == "declare_incident":
        return not is_petition(case)
    return act not in ONLY_HERE or is_petition(case)


LEVELS = {"ask_review": Review.Level.REVIEW, "ask_rereview": Review.Level.REREVIEW}


# -- the receipt ---------------------------------------------------------------------------------------------
def notify_receipt(file: CaseFile) -> None:
    """受理告知 (art. 22-23): once a petition, every party is owed it, within a time counted from registration."""
    if not is_petition(file.case) or any(row.about == Notice.About.RECEIPT for row in file.parts(Notice)):
        return
    file.add(clocks.start(limit(file, Policy.Step.NOTIFY), file.case.received_at, file.case.number))
    owe(file, file.told_parties, Notice.About.RECEIPT)


def stop_notifying(file: CaseFile) -> None:
    """Stop the clock of the receipt once everybody has been told it."""
    if any(row.about == Notice.About.RECEIPT and row.told_at is None for row in file.parts(Notice)):
        return
    running = Clock.objects.exclude(state=Clock.State.STOPPED)
    for clock in running.filter(subject=file.case.number, step=Policy.Step.NOTIFY):
        stop_clock(file, clock)


def require_no_decision(file: CaseFile) -> None:
    """Refuse to send back what the body above has decided: art. 35-36 leave that to the next instance."""
    if decided_above(file.case, file.parts(Review) if is_petition(file.case) else ()):
        raise Refused(
            _("这一轮的答复是复查、复核机关作出的，不能退回重办。诉求人不服的，可以在期限内申请下一级。"),
            code="decided_above",
        )


def decided_above(case: Case, reviews: Iterable[Review]) -> bool:
    """Whether what the present round answered is the decision of a reviewing body."""
    return any(row.round == case.round and row.state == Review.State.DECIDED for row in reviews)


# -- instances -----------------------------------------------------------------------------------------------
def next_level(case: Case, reviews: Iterable[Review], has_opinion: bool) -> int | None:
    """The instance that may look at what the present round answered; none when there is none, or none is left."""
    if case.finalised_at is not None:
        return None
    here = [row for row in reviews if row.round == case.round and row.state == Review.State.DECIDED]
    if here:
        return Review.Level.REREVIEW if here[-1].level == Review.Level.REVIEW else None
    return Review.Level.REVIEW if has_opinion else None


def _reviews(case: Case) -> list[Review]:
    return list(Review.objects.filter(case=case).order_by("pk"))


def _has_opinion(case: Case) -> bool:
    return Opinion.objects.filter(case=case, round=case.round).exists()


def level_of(file: CaseFile) -> int | None:
    """`next_level`, of a case under the lock."""
    opinions = any(row.round == file.case.round for row in file.parts(Opinion))
    return next_level(file.case, file.parts(Review), opinions)


def limit(file: CaseFile, step: str) -> Policy:
    """The policy of one step of this case."""
    case = file.case
    on = wall.local_date(file.at)
    return policy_for(track=case.track, step=step, on=on, nature=case.nature, urgency=case.urgency)


def ask_until(file: CaseFile, level: int, party: Party) -> datetime:
    """The last instant at which the party may ask that instance: so many days after they were told themselves."""
    told = [
        row.told_at
        for row in file.parts(Notice)
        if (row.party_id, row.round) == (party.pk, file.case.round)
        and row.about in ANSWERING
        and row.told_at is not None
        and row.how != Notice.How.LAPSED
    ]
    since = max(told, default=file.round.told_at or file.at)
    return clocks.due_under(limit(file, ASKING[Review.Level(level)]), since)


def require_fresh_eyes(file: CaseFile, level: int) -> None:
    """Refuse whoever answered or approved the matter before, or decided the instance below, whichever their post."""
    subject = pens.subject_of(file.case)
    judged = JUDGED if level == Review.Level.REVIEW else (*JUDGED, "decide_review")
    names = {name for act in judged for name in ledger.actors_of(subject, act)}
    codes = [name.removeprefix("post:") for name in names]
    if file.by.user is not None and Post.objects.filter(code__in=codes, user=file.by.user).exists():
        raise Refused(_("您以前答复、审核或决定过这一件，复查复核要由另一位同事决定。"), code="same_person")


def answered_round(file: CaseFile) -> Round:
    """The latest round in which a unit gave its opinion: what both instances look at."""
    number = max((row.round for row in file.parts(Opinion)), default=file.case.round)
    return next(row for row in file.parts(Round) if row.number == number)


# -- words ---------------------------------------------------------------------------------------------------
def in_words(policy: Policy) -> str:
    """A limit in words: 30 日, 5 个工作日, 24 小时."""
    return {
        Policy.Kind.CALENDAR_DAYS: _("%(n)d 日"),
        Policy.Kind.WORKING_DAYS: _("%(n)d 个工作日"),
        Policy.Kind.HOURS: _("%(n)d 小时"),
    }[Policy.Kind(policy.kind)] % {"n": policy.amount}


def right_to_ask(file: CaseFile, level: int | None) -> str:
    """The sentence about the next instance, its time limit and where to turn; or that none is left."""
    if level is None:
        return _("这是复核意见。以同一事实和理由再次提出的，不再受理；有新的事实或者理由的，可以另行提出。")
    body = reviewing.in_words(file, level)
    days = in_words(limit(file, ASKING[Review.Level(level)]))
    if level == Review.Level.REVIEW:
        sentence = _("不服本意见的，可以自收到之日起 %(days)s内向%(body)s申请复查，也可以在查询页上申请。")
    else:
        sentence = _("不服本意见的，可以自收到之日起 %(days)s内向%(body)s申请复核，也可以在查询页上申请。")
    return sentence % {"days": days, "body": body}


def in_the_place_s_language() -> translation.override:
    """Papers are written in the language of the place, whatever their writer reads."""
    return translation.override(settings.LANGUAGE_CODE)
