"""What waits on the desks of a demonstration today: people to be called, forms to be received, matters listed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from huiyin.cases.models import Case, Order
from huiyin.cases.pens import subject_of
from huiyin.cli.demo.book import Book
from huiyin.cli.demo.stage import Stage
from huiyin.cli.demo.stories import told
from huiyin.cli.demo.tale import NotYet, Tale
from huiyin.cli.demo.viewed import after_latest
from huiyin.evaluation.models import CallBack, Rating
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.supervision import actions as supervision
from huiyin.supervision.actions import RungIn
from huiyin.supervision.feedback.actions import note_reading, receive_feedback, send_feedback
from huiyin.supervision.feedback.models import FeedbackForm
from huiyin.supervision.feedback.rules import feedback_rule
from huiyin.supervision.issuing import proposed_day
from huiyin.supervision.models import Rung

KEY = "demo-call:"
TO_CALL = 6  # people who have been told and may be called
LISTED = 4  # matters listed in public
SENT_AGO = (
    timedelta(hours=20),
    timedelta(days=2),
    timedelta(days=6),
)  # forms: new, read and received, overdue
READ = 1  # which of them
TROUBLES = (Case.Nature.COMPLAINT, Case.Nature.APPEAL)  # a question or a suggestion is listed nowhere
SOME_DAYS = timedelta(days=3)


def lay_out(stage: Stage, book: Book, *, seed: int) -> None:
    """Lay out what waits, once; where the place has no supervision, only the calls."""
    _to_call(stage, book, seed=seed)
    if stage.supervisor is not None:
        _listed(stage, stage.supervisor, book.words["listed"], book.words["listed_title"])
        _reported(stage, stage.supervisor, book.words["suggestion"])


# -- calls ---------------------------------------------------------------------------------------------------
def _to_call(stage: Stage, book: Book, *, seed: int) -> None:
    """Some have been told and wait to be called; nobody answered one twice, and one has rated on the web since."""
    if Case.objects.filter(idempotency_key__startswith=KEY).exists():
        return
    for turn in range(TO_CALL):
        key = f"{KEY}{seed}:{turn}"
        tale = Tale(stage, book, Random(key), key=key)  # noqa: S311 (invented cases, not secrets)
        with transaction.atomic():
            tale.takes(book.matters[(turn * 7 + 3) % len(book.matters)])
            tale.channel = "web" if turn == TO_CALL - 1 else "phone"
            tale.begins(5.5, 7)
            try:
                told(tale)
                for party in tale.case.parties.filter(person__phone_index__isnull=False):
                    _called(tale, turn, tale.chosen(party))
            except NotYet:
                continue


def _called(tale: Tale, turn: int, row: CallBack) -> None:
    if turn == 1:
        for _try in range(2):
            tale.wait(0.2, 0.4)
            tale.called(row, result="no_answer")
    elif turn == TO_CALL - 1:
        tale.hurry(3, 20)
        tale.rates(Rating.Solved.YES, 4)


# -- listed in public ----------------------------------------------------------------------------------------
def _listed(stage: Stage, supervisor: Post, words: Sequence[str], titles: Sequence[str]) -> None:
    """As many listed matters as the page shows at a glance, each in its own words."""
    known = set(Rung.objects.filter(kind="listing").values_list("case", flat=True))
    resting = [each for each in _resting(stage.now - SOME_DAYS) if each.case_id not in known]
    orders = [each for each in resting if each.case.nature in TROUBLES]
    for at, order in zip(range(len(known), LISTED), orders, strict=False):
        by = Actor.of(supervisor).claiming(after_latest(order.case, SOME_DAYS, stage.now))
        told_in = RungIn(
            "listing", words[at % len(words)], unit=order.unit, public=True,
            title=titles[at % len(titles)].format(title=order.case.title),
            due_on=proposed_day("listing", clock.local_date(by.when())),
        )  # fmt: skip
        supervision.issue(told_in, by=by, case=order.case)


# -- 《诉求问题反馈表》 ---------------------------------------------------------------------------------------
def _reported(stage: Stage, supervisor: Post, suggestions: Sequence[str]) -> None:
    """One form has just been sent, one was read and received by its recipients, one is overdue."""
    if feedback_rule() is None or FeedbackForm.objects.count() >= len(SENT_AGO):
        return
    taken: set[int] = set()
    for at, ago in enumerate(SENT_AGO):
        sent = stage.now - ago
        order = next((each for each in _resting(sent) if each.case_id not in taken), None)
        if order is None:
            continue
        taken.add(order.case_id)
        by = Actor.of(supervisor).claiming(sent)
        try:
            form = send_feedback(order.case, by=by, suggestion=suggestions[at % len(suggestions)])
        except Refused:
            continue
        if at == READ:
            for copy in form.copies.select_related("form__case", "post__unit", "post__user"):
                reader = Actor.of(copy.post).claiming(sent + timedelta(hours=5))
                note_reading(copy, by=reader)
                receive_feedback(copy, by=reader)


def _resting(before: datetime) -> list[Order]:
    """Orders that a unit has signed for and with whose matter nothing was done since, the oldest first."""
    led = Order.objects.filter(
        part=Order.Part.LEAD, state=Order.State.SIGNED, case__state=Case.State.HANDLING
    ).exclude(case__nature=Case.Nature.REPORT)
    rows = led.select_related("case", "unit").order_by("pk")
    return [each for each in rows if (event := latest(subject_of(each.case))) and event.occurred_at < before]
