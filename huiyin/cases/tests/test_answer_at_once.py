"""当场答复: the desk answers on the spot, a nameless caller too."""

from datetime import date

import pytest

from huiyin.cases import access, actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Answer, Case, Notice, Point, Promise, Round
from huiyin.cases.offering import offered
from huiyin.cases.promising import Pledge
from huiyin.cases.queries import page_of
from huiyin.cases.tests.roads import (
    accepted,
    denied,
    events,
    everything,
    forwarded,
    fresh,
    merged,
    noise,
    one_event,
    party_of,
    referred,
    refused,
    registered,
)
from huiyin.deadlines.models import Clock
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db


def test_a_nameless_callers_question_is_registered_and_answered_in_one_breath(cast):
    question = noise(nature=Case.Nature.INQUIRY, channel=Case.Channel.PHONE, parties=[PartyIn()])
    made = actions.register_and_answer(question, by=cast.clerk, text="居住证在社区办理")
    case, now = fresh(made.case), Round.objects.get(case=made.case)
    assert events(case) == ["register", "answer_at_once"] and case.version == 2
    assert (case.state, case.holder_role, now.clock.state) == ("told", "caller", Clock.State.STOPPED)
    assert now.rating_clock.state == Clock.State.RUNNING
    assert Point.objects.get(case=case).outcome == "informed"
    notice = Notice.objects.get(case=case)
    assert (notice.how, notice.told_by) == ("spoken", cast.clerk.post)
    actions.close(case, by=cast.caller)


def test_both_acts_or_neither(cast):
    before = everything()
    with pytest.raises(Exception, match="答复内容"):
        actions.register_and_answer(noise(), by=cast.clerk, text="")
    assert everything() == before


def test_a_waiting_matter_can_be_answered_at_once_too_but_not_an_accepted_one(cast):
    case = registered(cast)
    with one_event(case, "answer_at_once", cast.clerk):
        actions.answer_at_once(case, by=cast.clerk, text="已电话说明")
    assert fresh(case).state == "told"
    waiting = accepted(cast)
    with refused("待派单", "su-dongpo", code="state"):
        actions.answer_at_once(waiting, by=cast.clerk, text="已电话说明")
    with denied():
        actions.answer_at_once(waiting, by=party_of(waiting), text="已电话说明")
    with denied():
        actions.answer_at_once(waiting, by=cast.handler, text="已电话说明")


def test_the_parties_of_merged_matters_are_owed_an_answer_given_at_once(cast):
    child = merged(cast)
    actions.answer_at_once(child.parent, by=cast.clerk, text="已电话说明")
    assert Notice.objects.filter(case=child, about="answer", told_at=None).count() == 1
    assert Round.objects.get(case=child).clock.state == Clock.State.RUNNING


@pytest.mark.parametrize("outcome", ["adopted", "partly_adopted"])
def test_the_desk_adopts_a_suggestion_with_a_promise_like_any_unit(cast, outcome):
    case = registered(cast, nature=Case.Nature.SUGGESTION)
    with refused("承诺", code="promise"):
        actions.answer_at_once(case, by=cast.clerk, text="采纳", outcome=outcome)
    lamp = Pledge("在巷口装三盏路灯", date(2027, 6, 30))
    with refused("采纳", code="no_promise"):
        actions.answer_at_once(case, by=cast.clerk, text="留作参考", outcome="kept", pledge=lamp)
    with one_event(case, "answer_at_once", cast.clerk):
        actions.answer_at_once(case, by=cast.clerk, text="采纳", outcome=outcome, pledge=lamp)
    promise = Promise.objects.get(case=case)
    assert (promise.state, promise.unit, promise.order) == ("made", cast.centre, None)
    assert latest(f"case:{case.number}").facts["due_on"] == "2027-06-30"
    page = page_of(access.find(cast.reviewer, case.number), cast.reviewer)
    assert ("fulfil_promise", promise) in offered(page)
    actions.fulfil_promise(promise, by=cast.reviewer, text="三盏灯亮了")


@pytest.mark.parametrize("road", [forwarded, referred])
def test_what_came_of_it_outside_adopts_with_a_promise_too(cast, road):
    row = road(cast, nature=Case.Nature.SUGGESTION)
    act = actions.record_outcome if road is forwarded else actions.settled_elsewhere
    with refused("承诺", code="promise"):
        act(row, by=cast.clerk, text="采纳", outcome="adopted")
    act(row, by=cast.clerk, text="采纳", outcome="adopted", pledge=Pledge("装灯", date(2027, 6, 30)))
    assert Promise.objects.get(case=row.case).unit == cast.centre


def test_at_once_it_takes_few_statements(cast, django_assert_max_num_queries):
    case = registered(cast)
    with django_assert_max_num_queries(21):
        actions.answer_at_once(case, by=cast.clerk, text="已电话说明")


def test_the_same_form_with_another_answer_counts_as_changed(cast):
    form = noise(idempotency_key="once")
    told = [actions.register_and_answer(form, by=cast.clerk, text=text) for text in ("九点", "九点", "十点")]
    assert [each.changed for each in told] == [False, False, True]
    assert Answer.objects.count() == 1
