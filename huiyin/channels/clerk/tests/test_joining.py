"""One more call about an incident: two acts, one transaction, and as quick for the two hundredth as for the first."""

import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.cases import access, actions
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.tests.roads import MONDAY, events, everything, fresh, party_of, registered
from huiyin.channels.clerk.joining import Call, join_incident
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def incident(cast) -> Case:
    case = registered(cast, title="主水管爆裂")
    actions.declare_incident(case, by=cast.dispatcher, reason="主水管爆裂")
    return fresh(case)


def call(**more: str) -> Call:
    return Call(**{"key": uuid.uuid4().hex, "phone": "13911112222", **more})


def test_a_call_is_registered_and_merged_in_one_breath(cast, incident):
    taken = join_incident(incident.number, call(name="李四", place="石桥路 9 号"), by=cast.clerk)
    case = Case.objects.get(number=taken.number)
    assert (case.state, case.parent, case.place, case.channel) == ("merged", incident, "石桥路 9 号", "phone")
    assert (case.track, case.urgency, case.region) == ("urgent", "immediate", incident.region)
    assert events(case) == ["register", "merge"] and events(incident)[-1] == "take_in"
    assert len(taken.codes) == 1 and "主水管爆裂" in case.text
    assert Notice.objects.get(case=case).about == Notice.About.MERGE
    assert Party.objects.get(case=case).person is not None


def test_what_the_caller_adds_is_their_own_text(cast, incident):
    taken = join_incident(incident.number, call(said="我家一楼进水了"), by=cast.clerk)
    assert Case.objects.get(number=taken.number).text == "我家一楼进水了"


def test_a_form_sent_twice_is_one_call(cast, incident):
    once = call()
    first = join_incident(incident.number, once, by=cast.clerk)
    assert join_incident(incident.number, once, by=cast.clerk) == first
    assert Case.objects.filter(parent=incident).count() == 1


def test_a_form_sent_again_with_another_telephone_counts_as_changed(cast, incident):
    once = call()
    first = join_incident(incident.number, once, by=cast.clerk)
    again = join_incident(incident.number, replace(once, phone="13911113333"), by=cast.clerk)
    assert (again.number, again.codes, again.changed) == (first.number, first.codes, True)


def test_the_two_hundredth_call_costs_what_the_second_did(cast, incident, django_assert_max_num_queries):
    counts = []
    join_incident(incident.number, call(), by=cast.clerk)
    for _each in range(8):
        with django_assert_max_num_queries(60) as taken:
            join_incident(incident.number, call(), by=cast.clerk)
        counts.append(len(taken))
    assert len(set(counts)) == 1, counts


def test_after_the_incident_is_over_nothing_is_registered(cast, incident):
    Case.objects.filter(pk=incident.pk).update(incident=False)
    before = everything()
    with pytest.raises(Refused, match="已经结束"):
        join_incident(incident.number, call(), by=cast.clerk)
    assert everything() == before


def test_after_it_was_taken_back_nothing_is_registered(cast, incident):
    actions.withdraw(incident, by=party_of(incident))
    before = everything()
    with pytest.raises(Refused):
        join_incident(incident.number, call(), by=cast.clerk)
    assert everything() == before


@pytest.mark.parametrize("who", ["handler", "caller", "reviewer", "representative"])
def test_whoever_may_not_merge_cannot_join_and_leaves_nothing(cast, incident, who):
    before = everything()
    with pytest.raises((PermissionDenied, access.NotFound)):
        join_incident(incident.number, call(), by=getattr(cast, who))
    assert everything() == before


def test_a_call_after_the_answer_is_out_is_owed_it_at_once(cast, incident):
    actions.answer_at_once(incident, by=cast.clerk, text="已修好")
    taken = join_incident(incident.number, call(), by=cast.clerk)
    case = Case.objects.get(number=taken.number)
    assert set(Notice.objects.filter(case=case).values_list("about", flat=True)) == {"merge", "answer"}
