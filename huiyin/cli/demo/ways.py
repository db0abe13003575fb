"""The ways in which matters of the past went: each walks one from its coming in to its end."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.models import Case, Order, Point, Reason
from huiyin.cli.demo.tale import Tale
from huiyin.supervision.entries import actions as entering
from huiyin.supervision.entries import queries as entries

MINUTE = timedelta(minutes=1)


def happy(tale: Tale) -> None:
    """Solved, and they are glad of it."""
    _told(tale)
    tale.rates("yes", 5, 5, 4)


def content(tale: Tale) -> None:
    """Solved, and all right."""
    _told(tale, 0.8, 2.4)
    tale.rates("yes", 4)


def fair(tale: Tale) -> None:
    """Solved after all, and it was tedious."""
    _told(tale, 1.4, 2.6)
    tale.rates("yes", 3)


def grudging(tale: Tale) -> None:
    """Solved, and they were kept waiting without a word."""
    _told(tale, 2.0, 3.0)
    tale.rates("yes", 2)
    tale.calls_back("yes")


def half(tale: Tale) -> None:
    """One half is left, and there is no more to be had."""
    outcome = outcome_of(tale.matter.nature)
    _told(tale, outcome=Point.Outcome.PARTLY if outcome == Point.Outcome.SOLVED else outcome)
    tale.rates("partly", 3, 4)
    _explained(tale)


def unhappy(tale: Tale) -> None:
    """Not solved; what the law allows was done."""
    _told(tale, outcome=Point.Outcome.EXPLAINED)
    tale.rates("no", 1, 2)
    _explained(tale)


def silent(tale: Tale) -> None:
    """Told; nobody rates."""
    _told(tale)
    tale.falls_silent()


def late(tale: Tale) -> None:
    """Answered days after the limit."""
    _told(tale, 6.5, 9)
    tale.rates("yes", 3)


def redone(tale: Tale) -> None:
    """Answered in words in time, and sent back within days."""
    tale.is_sent()
    tale.signs()
    tale.answers(0.2, 0.6, text=tale.say("weak_answers"), outcome=Point.Outcome.EXPLAINED)
    tale.redoes("redo")
    tale.signs()
    _answered(tale, 0.4, 1.2)
    tale.rates("yes", 4, 3)


def last_minute(tale: Tale) -> None:
    """Answered when the limit was all but over."""
    tale.is_sent()
    tale.signs()
    due = Order.objects.values_list("clock__due_at", flat=True).get(pk=tale.order.pk)
    tale.comes_to((due or tale.at) - tale.chance.randint(4, 26) * MINUTE)
    outcome = outcome_of(tale.matter.nature)
    actions.answer(tale.order, by=tale.unit_of(tale.order), text=tale.matter.answer, outcome=outcome)
    tale.approves()
    tale.tells()
    tale.rates("yes", 4, 3)


def objected(tale: Tale) -> None:
    """Sent to the wrong unit first, which objected."""
    objection = tale.is_sent_amiss()
    tale.wait(0.1, 0.5)
    tale.is_sent_on(objection)
    tale.signs()
    _answered(tale, 0.5, 1.5)
    tale.rates("yes", 4)


WAYS: Mapping[str, Callable[[Tale], None]] = {
    each.__name__: each
    for each in (happy, content, fair, grudging, half, unhappy, silent, late, redone, last_minute, objected)
}

MOST_WALKED = {"happy": 4, "content": 2, "fair": 2, "silent": 2}  # of so many natures; the others of one


def looked_at(tale: Tale) -> None:
    """Where the place asks for it, the unit hands its entry in and supervision has looked."""
    supervisor = tale.stage.supervisor
    if supervisor is None or not entries.may_submit(tale.order):
        return
    tale.wait(0.1, 0.5)
    entry = entering.submit_entry(tale.order, by=tale.unit_of(tale.order), text=tale.say("handed_in"))
    tale.wait(0.3, 1.2)
    entering.accept_entry(entry, by=tale.as_post(supervisor), text=tale.say("looked_at"))


def outcome_of(nature: str) -> str:
    """What came of a matter of this nature; nothing is promised for a day to come."""
    return Point.Outcome.INFORMED if nature == Case.Nature.INQUIRY else Point.Outcome.SOLVED


def _told(tale: Tale, least: float = 0.3, most: float = 1.6, *, outcome: str = "") -> None:
    tale.is_sent()
    tale.signs()
    _answered(tale, least, most, outcome=outcome)


def _answered(tale: Tale, least: float, most: float, *, outcome: str = "") -> None:
    tale.answers(least, most, outcome=outcome or outcome_of(tale.matter.nature))
    tale.approves()
    tale.tells()


def _explained(tale: Tale) -> None:
    tale.calls_back("no")
    reason, words = tale.chance.choice(tale.stage.reasons[Reason.For.EXPLAIN]), tale.say("explain")
    actions.explain_and_close(tale.case, by=tale.desk(Role.REVIEWER), reason=reason, explanation=words)
    tale.tells()
