"""请诉求人补充: a question that only the petitioner can answer; the clocks wait for it, for a bounded time."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import pausing, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Notice, Order, Party, Question
from huiyin.cases.ordering import owe
from huiyin.deadlines import clocks
from huiyin.deadlines.models import Pause, Policy
from huiyin.deadlines.policies import policy_for
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

ASKED = gettext_lazy("要诉求人补充什么")
SUPPLIED = gettext_lazy("补充的内容")
SUPPLEMENT, OPEN = Question.Kind.SUPPLEMENT, Question.State.OPEN
WAITING = Pause.Reason.AWAITING_PETITIONER


def ask_petitioner(case: Case, *, by: Actor, said: str, order: Order | None = None) -> Question:
    """Ask the petitioner for more: the unit through its order, the desk while the matter is still with it.

    Every clock stands still until the answer, at the latest until the policy's bound; where the rule for the
    citizen's clock allows no such pause (petitions), the question is asked and the clocks run on. One question
    at a time, and so many a round as the profile says: asking is no way to win time.
    """
    spoken = words.required(said, ASKED)
    with opened(case, "ask_petitioner", by=by, order=order) as file:
        file.require_in_hand(order)
        _require_askable(file, order)
        until = clocks.due_under(_policy(file, "supplement"), file.at)
        paused = WAITING in file.round.clock.policy.pauses
        if paused:
            pausing.pause(file, WAITING, until=until)
        row = file.add(
            Question(
                case=file.case,
                round=file.case.round,
                order=file.part_or_none(order),
                kind=SUPPLEMENT,
                words=spoken,
                asked_at=file.at,
                asked_by=by.post,
                until=until,
            )
        )
        owe(file, file.told_parties, Notice.About.QUESTION)
        file.move(file.case.state)
        file.facts |= {"unit": _asker(file, row), "until": until.isoformat(), "paused": paused}
        file.private["words"] = words.digest(spoken)
    return row


def supply(question: Question, *, by: Actor, text: str) -> None:
    """Answer it: a party on their page, or the office on their behalf after a talk. The clocks go on."""
    said = words.required(text, SUPPLIED, most=words.LONGEST_TEXT)
    with opened(question.case, "supply", by=by, order=question.order) as file:
        mine = _open(file, question)
        party = next((each for each in file.parts(Party) if each.pk == by.party_id), None)
        answered = {"answer": said, "answered_at": file.at, "answered_by": by.post, "party": party}
        pausing.settle(file, mine, Question.State.ANSWERED, **answered)
        file.move(file.case.state)
        file.facts["unit"] = _asker(file, mine)
        file.private["text"] = words.digest(said)


def supplement_lapsed(question: Question, *, by: Actor) -> None:
    """Go on without an answer once the bound is over; `Refused` before that."""
    with opened(question.case, "supplement_lapsed", by=by) as file:
        mine = _open(file, question)
        if file.at < mine.until:
            raise Refused(_("请诉求人补充的时限还没有过。"), code="too_early")
        pausing.settle(file, mine, Question.State.LAPSED)
        file.move(file.case.state)
        file.facts["unit"] = _asker(file, mine)


def _require_askable(file: CaseFile, order: Order | None) -> None:
    if order is None and file.case.state == Case.State.HANDLING:
        raise Refused(_("这件诉求已交承办单位办理，由承办单位请诉求人补充。"), code="unit")
    asked = [each for each in file.parts(Question) if each.kind == SUPPLEMENT]
    if any(each.state == OPEN for each in asked):
        raise Refused(_("已经请诉求人补充，还在等回复。回复或到期以后才能再问。"), code="open")
    most = _policy(file, Policy.Step.SUPPLEMENT_TIMES).amount
    counted = [each for each in asked if each.round == file.case.round]
    if sum(each.state != Question.State.TAKEN_BACK for each in counted) >= most:
        raise Refused(
            _("这一轮已经请诉求人补充过 %(most)d 次，不能再问。请按已有的情况办理。") % {"most": most},
            code="times",
        )


def _policy(file: CaseFile, step: str) -> Policy:
    case = file.case
    on = wall.local_date(file.at)
    return policy_for(track=case.track, step=step, on=on, nature=case.nature, urgency=case.urgency)


def _open(file: CaseFile, question: Question) -> Question:
    mine = file.part(question)
    if mine.kind != SUPPLEMENT or mine.state != OPEN:
        raise file.refusal(_("这次补充现在是“%(state)s”") % {"state": mine.get_state_display()})
    return mine


def _asker(file: CaseFile, question: Question) -> str:
    """The code of the unit that asks: of the order, else the desk."""
    order = file.part_or_none(question.order)
    return order.unit.code if order else file.case.desk.code
