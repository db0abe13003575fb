"""当场答复: the desk answers on the spot, a nameless caller too."""

import pytest

from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Notice, Point, Round
from huiyin.cases.tests.roads import (
    accepted,
    denied,
    events,
    everything,
    fresh,
    merged,
    noise,
    one_event,
    party_of,
    refused,
    registered,
)
from huiyin.deadlines.models import Clock

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


def test_at_once_it_takes_few_statements(cast, django_assert_max_num_queries):
    case = registered(cast)
    with django_assert_max_num_queries(21):
        actions.answer_at_once(case, by=cast.clerk, text="已电话说明")
