"""承诺: an adopted suggestion is answered with a promise, kept or moved in words that its author reads."""

from datetime import date

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Answer, Case, Notice, Order, Point, Promise
from huiyin.cases.promising import Pledge
from huiyin.cases.tests.roads import (
    at,
    denied,
    events,
    everything,
    fresh,
    one_event,
    party_of,
    refused,
    signed,
)
from huiyin.kernel import clock
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2027, 6, 30)
LAMP = Pledge("在巷口装三盏路灯", NEXT_YEAR)
ADOPTED = {"text": "采纳您的建议", "outcome": Point.Outcome.ADOPTED}


def suggested(cast) -> Order:
    """A suggestion in the hands of a unit."""
    return signed(cast, nature=Case.Nature.SUGGESTION)


def promised(cast) -> Promise:
    """A promise that its author has read."""
    order = suggested(cast)
    actions.answer(order, by=cast.handler, pledge=LAMP, **ADOPTED)
    actions.approve(order.case, by=cast.reviewer)
    read(order.case)
    return Promise.objects.get(case=order.case)


def read(case: Case) -> None:
    for notice in Notice.objects.filter(case=case, told_at=None):
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")


def put_away(cast) -> Promise:
    """A promise of an archived case."""
    promise = promised(cast)
    actions.close(promise.case, by=cast.caller)
    actions.archive(promise.case, by=cast.reviewer)
    return fresh(promise)


# -- with the answer ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("outcome", ["adopted", "partly_adopted"])
def test_adopting_takes_a_promise(cast, outcome):
    order = suggested(cast)
    with refused("承诺", code="promise"):
        actions.answer(order, by=cast.handler, text="采纳", outcome=outcome)
    actions.answer(order, by=cast.handler, text="采纳", outcome=outcome, pledge=LAMP)
    promise = Promise.objects.get(case=order.case)
    assert (promise.state, promise.unit, promise.order, promise.round) == (
        "proposed",
        cast.chengguan,
        order,
        1,
    )
    assert (promise.text, promise.due_on) == (LAMP.text, LAMP.due_on)
    event = latest(f"case:{order.case.number}")
    assert event.facts["due_on"] == "2027-06-30" and "路灯" not in str(event.facts)


@pytest.mark.parametrize("outcome", ["kept", "not_adopted"])
def test_what_is_not_adopted_needs_no_promise_and_takes_none(cast, outcome):
    order = suggested(cast)
    with refused("采纳", code="no_promise"):
        actions.answer(order, by=cast.handler, text="留作参考", outcome=outcome, pledge=LAMP)
    actions.answer(order, by=cast.handler, text="留作参考", outcome=outcome)
    assert not Promise.objects.exists()


@pytest.mark.parametrize("nature", ["appeal", "complaint", "inquiry"])
def test_only_suggestions_have_promises(cast, nature):
    order = signed(cast, nature=nature)
    with refused("采纳", code="no_promise"):
        actions.answer(order, by=cast.handler, text="好", outcome="adopted", pledge=LAMP)


def test_a_report_never_has_a_promise(cast):
    order = signed(cast, nature=Case.Nature.REPORT)
    with refused("采纳", code="no_promise"):
        actions.answer(order, by=cast.handler, text="好", outcome="adopted", pledge=LAMP)
    actions.answer(order, by=cast.handler, text="好", outcome="adopted")
    assert not Promise.objects.exists()


@pytest.mark.parametrize(
    ("pledge", "code"),
    [
        (Pledge("装路灯", date(2026, 11, 2)), "past"),
        (Pledge("装路灯", date(2026, 1, 1)), "past"),
        (Pledge("装路灯", date(2040, 1, 1)), "far"),
        (Pledge("  ", NEXT_YEAR), ""),
    ],
)
def test_a_promise_has_words_and_a_day_ahead(cast, pledge, code):
    order = suggested(cast)
    with refused(code=code):
        actions.answer(order, by=cast.handler, pledge=pledge, **ADOPTED)


def test_the_promise_is_in_force_once_the_reviewer_lets_the_answer_out(cast):
    order = suggested(cast)
    actions.answer(order, by=cast.handler, pledge=LAMP, **ADOPTED)
    with refused("随答复待审核"):
        actions.fulfil_promise(Promise.objects.get(), by=cast.handler, text="装好了")
    actions.approve(order.case, by=cast.reviewer)
    assert Promise.objects.get().state == Promise.State.MADE


def test_a_promise_lapses_with_the_answer_that_the_reviewer_sends_back(cast):
    order = suggested(cast)
    actions.answer(order, by=cast.handler, pledge=LAMP, **ADOPTED)
    (again,) = actions.redo(order.case, by=cast.reviewer, reason="写清楚地点")
    assert Promise.objects.get().state == Promise.State.LAPSED
    actions.sign(again, by=cast.handler)
    actions.answer(again, by=cast.handler, pledge=LAMP, **ADOPTED)
    actions.approve(order.case, by=cast.reviewer)
    assert list(Promise.objects.order_by("pk").values_list("state", flat=True)) == ["lapsed", "made"]


def test_a_promise_lapses_when_the_suggestion_is_taken_back(cast):
    order = suggested(cast)
    actions.answer(order, by=cast.handler, pledge=LAMP, **ADOPTED)
    actions.withdraw(order.case, by=party_of(order.case))
    assert Promise.objects.get().state == Promise.State.LAPSED


def test_a_promise_that_was_told_stays_when_the_matter_is_done_again(cast):
    promise = promised(cast)
    actions.redo(promise.case, by=cast.reviewer, reason="没有解决")
    assert fresh(promise).state == Promise.State.MADE


def test_an_imported_history_may_adopt_without_a_promise(cast):
    order = suggested(cast)
    actions.answer(order, by=cast.system, **ADOPTED)
    assert Answer.objects.get().outcome == "adopted" and not Promise.objects.exists()


# -- kept ---------------------------------------------------------------------------------------------------
def test_a_promise_is_kept_from_the_archive_and_its_author_told_again(cast):
    promise = put_away(cast)
    clocks = everything()["Clock"]
    with (
        clock.frozen(fresh(promise).made_at.replace(year=2027)),
        one_event(promise.case, "fulfil_promise", cast.handler),
    ):
        actions.fulfil_promise(promise, by=cast.handler, text="三盏路灯已亮")
    promise, case = fresh(promise), fresh(promise.case)
    assert (promise.state, promise.fulfilment, promise.fulfilled_by) == (
        "fulfilled",
        "三盏路灯已亮",
        cast.handler.post,
    )
    assert (case.state, case.holder_unit) == ("archived", None) and everything()["Clock"] == clocks
    owed = Notice.objects.get(case=case, told_at=None)
    assert owed.about == Notice.About.FULFILLED
    read(case)
    assert fresh(owed).how == "delivered" and events(case)[-1] == "record_told"


def test_the_author_can_be_called_about_an_archived_matter(cast):
    promise = put_away(cast)
    actions.fulfil_promise(promise, by=cast.reviewer, text="三盏路灯已亮")
    actions.contact(promise.case, by=cast.caller, how="phone", outcome="reached", said="本人接听")
    owed = Notice.objects.get(case=promise.case, told_at=None)
    actions.record_told(owed, by=cast.caller, how="spoken", said="告知本人，路灯已亮")
    assert fresh(owed).how == "spoken"


@pytest.mark.parametrize("who", ["zhujian_handler", "outsider", "clerk", "caller", "administrator"])
def test_only_the_unit_that_promised_and_the_desk_speak_of_it(cast, who):
    promise = promised(cast)
    with denied():
        actions.fulfil_promise(promise, by=getattr(cast, who), text="好了")
    with denied():
        actions.change_promise(
            promise, by=getattr(cast, who), pledge=Pledge("装", date(2028, 1, 1)), reason="等"
        )


def test_a_kept_promise_is_not_kept_twice_nor_moved(cast):
    promise = promised(cast)
    actions.fulfil_promise(promise, by=cast.unit_leader, text="三盏路灯已亮")
    with refused("已兑现"):
        actions.fulfil_promise(promise, by=cast.handler, text="又亮了")
    with refused("已兑现"):
        actions.change_promise(promise, by=cast.handler, pledge=Pledge("装", date(2028, 1, 1)), reason="等")


# -- moved --------------------------------------------------------------------------------------------------
def test_a_date_moves_with_its_reason_and_both_stay(cast):
    promise = promised(cast)
    with one_event(promise.case, "change_promise", cast.handler):
        after = actions.change_promise(
            promise, by=cast.handler, pledge=Pledge("装三盏路灯", date(2027, 12, 31)), reason="等招标结果"
        )
    before = fresh(promise)
    assert (before.state, before.successor, before.due_on) == ("changed", after, NEXT_YEAR)
    assert (after.state, after.due_on, after.reason, after.unit) == (
        "made", date(2027, 12, 31), "等招标结果", cast.chengguan,
    )  # fmt: skip
    assert Notice.objects.get(case=promise.case, told_at=None).about == Notice.About.PROMISE
    facts = latest(f"case:{promise.case.number}").facts
    assert (facts["from_day"], facts["due_on"]) == ("2027-06-30", "2027-12-31") and "招标" not in str(facts)
    with refused("已调整"):
        actions.fulfil_promise(promise, by=cast.handler, text="好了")
    actions.fulfil_promise(after, by=cast.handler, text="好了")


@pytest.mark.parametrize(
    ("day", "reason", "saying"),
    [(NEXT_YEAR, "等", "没有调整"), (date(2026, 11, 2), "等", "晚于今天"), (date(2028, 1, 1), " ", "理由")],
)
def test_a_change_needs_a_new_day_ahead_and_a_reason(cast, day, reason, saying):
    promise = promised(cast)
    with refused(saying):
        actions.change_promise(promise, by=cast.handler, pledge=Pledge("装", day), reason=reason)


def test_an_overdue_promise_may_still_be_moved_or_kept(cast):
    promise = put_away(cast)
    with at(fresh(promise).made_at.replace(year=2028)):
        after = actions.change_promise(
            promise, by=cast.handler, pledge=Pledge("装", date(2029, 1, 1)), reason="经费没有到位"
        )
        actions.fulfil_promise(after, by=cast.handler, text="好了")
    assert fresh(after).state == Promise.State.FULFILLED


def test_another_date_is_another_date(cast):
    row = promised(cast)
    with refused("没有调整", code="same"):
        actions.change_promise(
            row, by=cast.reviewer, pledge=Pledge("改到那天", row.due_on), reason="要等招标"
        )
