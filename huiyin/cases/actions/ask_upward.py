"""请示: a unit's leader or a dispatcher asks those above for a decision; it binds, with a date, and time runs on."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import pausing, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Order, Question
from huiyin.cases.ordering import start_clock
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

ASKED = gettext_lazy("请示的事项")
DECIDED = gettext_lazy("批复意见")
UPWARD, OPEN = Question.Kind.UPWARD, Question.State.OPEN


def ask_upward(case: Case, *, by: Actor, said: str, order: Order | None = None) -> Question:
    """Ask the overseers of the place what to do. They have a clock of their own; the asker's own runs on."""
    spoken = words.required(said, ASKED)
    with opened(case, "ask_upward", by=by, order=order) as file:
        file.require_in_hand(order)
        mine = file.part_or_none(order)
        if any(_same_asker(each, mine) for each in file.parts(Question)):
            raise Refused(_("已经请示，还在等批复。批复或撤回以后才能再请示。"), code="open")
        clock = start_clock(file, "upward")
        row = file.add(
            Question(
                case=file.case,
                round=file.case.round,
                order=mine,
                kind=UPWARD,
                words=spoken,
                asked_at=file.at,
                asked_by=by.post,
                until=clock.due_at,
                clock=clock,
            )
        )
        file.move(file.case.state)
        file.facts |= {"unit": mine.unit.code if mine else file.case.desk.code, "due": row.until.isoformat()}
        file.private["words"] = words.digest(spoken)
    return row


def answer_upward(question: Question, *, by: Actor, text: str, act_by: date) -> None:
    """Decide what was asked, with the date by which it is to be done; the asker is bound by it."""
    said = words.required(text, DECIDED)
    with opened(question.case, "answer_upward", by=by) as file:
        mine = _open(file, question)
        if mine.kind != UPWARD:
            raise Refused(_("这是请诉求人补充的，不能批复。"), code="kind")
        if act_by < wall.local_date(file.at):
            raise Refused(_("办理的日期不能早于今天，请改正。"), code="act_by")
        answered = {"answer": said, "answered_at": file.at, "answered_by": by.post, "act_by": act_by}
        pausing.settle(file, mine, Question.State.ANSWERED, **answered)
        file.move(file.case.state)
        file.facts |= {"unit": _unit(file, mine), "act_by": act_by.isoformat()}
        file.private["text"] = words.digest(said)


def take_question_back(question: Question, *, by: Actor) -> None:
    """Take back what one's own side asked, upward or of the petitioner, while nobody has answered."""
    with opened(question.case, "take_question_back", by=by, order=question.order) as file:
        mine = _open(file, question)
        pausing.settle(file, mine, Question.State.TAKEN_BACK, answered_at=file.at, answered_by=by.post)
        file.move(file.case.state)
        file.facts |= {"unit": _unit(file, mine), "about": mine.kind}


def _same_asker(question: Question, order: Order | None) -> bool:
    """Whether this is a question upward, still open, from the same unit or, without an order, from the desk."""
    same = question.order_id == (order.pk if order else None)
    return same and question.kind == UPWARD and question.state == OPEN


def _open(file: CaseFile, question: Question) -> Question:
    mine = file.part(question)
    if mine.state != OPEN:
        raise file.refusal(_("这次提问现在是“%(state)s”") % {"state": mine.get_state_display()})
    return mine


def _unit(file: CaseFile, question: Question) -> str:
    order = file.part_or_none(question.order)
    return order.unit.code if order else file.case.desk.code
