"""记录告知: read by the party, spoken with who and when, or posted after recorded tries."""

import pytest

from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    TWO,
    answered,
    approved,
    at,
    denied,
    events,
    explained,
    extension_asked,
    fresh,
    one_event,
    owed,
    party_of,
    refused,
)
from huiyin.deadlines.models import Clock, Policy
from huiyin.kernel.permits import Permit, Purpose

pytestmark = pytest.mark.django_db


def test_when_all_were_told_the_citizens_clock_stops_and_rating_begins(cast):
    case = approved(cast, parties=TWO)
    with one_event(case, "record_told", party_of(case)):
        actions.record_told(owed(case), by=party_of(case), how="delivered")
    assert fresh(case).state == "telling" and Round.objects.get(case=case).clock.state == Clock.State.RUNNING
    with at(MONDAY + DAY):
        actions.record_told(owed(case), by=cast.caller, how="spoken", said="11 月 3 日电话告知乙本人")
    now = Round.objects.get(case=case)
    assert (fresh(case).state, fresh(case).holder_role) == ("told", "caller")
    assert (now.told_at, now.clock.state, now.rating_clock.state) == (MONDAY + DAY, "stopped", "running")


def test_posted_counts_after_two_recorded_tries(cast):
    case = approved(cast)
    notice = owed(case)
    with refused("还没有满 2 次", code="tries"):
        actions.record_told(notice, by=cast.caller, how="posted")
    for _try in range(2):
        actions.contact(case, by=cast.caller, how="phone", outcome="missed")
    actions.record_told(notice, by=cast.caller, how="posted")
    assert (fresh(notice).how, fresh(notice).attempts, fresh(case).state) == ("posted", 2, "told")


def test_a_place_may_ask_for_fewer_tries_where_a_matter_of_some_nature_or_urgency_is_told(cast):
    common = Policy.objects.filter(step="contact_tries")[0]
    for code, change in (
        ("calm", {"nature": "inquiry", "track": "hotline", "amount": 1}),
        ("fast", {"urgency": "immediate", "amount": 3}),
    ):
        fields = {"step": "contact_tries", "kind": common.kind, "basis": common.basis, **change}
        Policy.objects.create(code=code, **fields)
    for more, tries in (({}, 2), ({"nature": "inquiry"}, 1), ({"urgency": "immediate"}, 3)):
        case = approved(cast, **more)
        with refused(f"还没有满 {tries} 次", code="tries"):
            actions.record_told(owed(case), by=cast.caller, how="posted")


def test_how_often_somebody_tries_first_is_the_places_rule(cast):
    for policy in Policy.objects.filter(step="contact_tries"):
        policy.amount = 3
        policy.save()
    case = approved(cast)
    for _try in range(2):
        actions.contact(case, by=cast.caller, how="phone", outcome="missed")
    with refused("还没有满 3 次", code="tries"):
        actions.record_told(owed(case), by=cast.caller, how="posted")


def test_posted_counts_at_once_for_somebody_who_left_no_number(cast):
    case = approved(cast, parties=[PartyIn(name="赵钱孙")])
    actions.record_told(owed(case), by=cast.caller, how="posted")
    assert fresh(case).state == "told"


@pytest.mark.parametrize(
    ("how", "said", "code"),
    [("spoken", "", "spoken"), ("delivered", "", "delivered"), ("pigeon", "", "how"), ("lapsed", "", "how")],
)
def test_staff_say_honestly_how(cast, how, said, code):
    case = approved(cast)
    with refused(code=code):
        actions.record_told(owed(case), by=cast.caller, how=how, said=said)


@pytest.mark.parametrize("how", ["spoken", "posted", "lapsed"])
def test_a_citizen_can_only_have_read_it(cast, how):
    case = approved(cast)
    with refused(code="how"):
        actions.record_told(owed(case), by=party_of(case), how=how, said="说过了")


def test_nobody_reads_for_somebody_else(cast):
    case = approved(cast, parties=TWO)
    with refused("给别人的", code="party"):
        actions.record_told(owed(case), by=party_of(case, "member"), how="delivered")


def test_told_is_told_once_and_the_second_caller_reads_so(cast):
    case = approved(cast, parties=TWO)
    notice = owed(case)
    actions.record_told(notice, by=cast.caller, how="spoken", said="电话告知甲本人")
    with refused("已经告知过", "hua-mulan", "记录告知", code="state"):
        actions.record_told(notice, by=cast.clerk, how="spoken", said="电话告知甲本人")


@pytest.mark.parametrize("who", ["outsider", "dispatcher", "leader"])
def test_others_may_not(cast, who):
    case = approved(cast)
    with denied():
        actions.record_told(owed(case), by=getattr(cast, who), how="spoken", said="电话告知")


def test_the_unit_may_tell_what_it_answered_through_its_own_order(cast):
    order = answered(cast)
    actions.approve(order.case, by=cast.reviewer)
    notice = owed(order.case)
    with denied():
        actions.record_told(notice, by=cast.handler, how="spoken", said="电话告知甲本人")
    actions.record_told(notice, by=cast.handler, how="spoken", said="电话告知甲本人", order=order)
    assert fresh(order.case).state == "told"


def test_an_extension_is_told_while_the_unit_is_still_at_work(cast):
    asked = extension_asked(cast)
    actions.grant_extension(asked, by=cast.dispatcher)
    notice = owed(asked.order.case)
    actions.record_told(notice, by=party_of(notice.case), how="delivered")
    assert fresh(notice.case).state == "handling" and fresh(notice).told_at


def test_an_explanation_is_told_after_the_end(cast):
    case = explained(cast)
    actions.record_told(owed(case), by=party_of(case), how="delivered")
    assert fresh(case).state == "explained"


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    case = approved(cast)
    notice, by = owed(case), party_of(case)
    with django_assert_max_num_queries(14):
        actions.record_told(notice, by=by, how="delivered")


def test_tell_all_tells_everyone_who_is_owed_the_answer(cast):
    case = approved(cast, parties=TWO)
    actions.tell_all(case, by=cast.caller, how="spoken", said="当面告知两位")
    assert fresh(case).state == "told" and events(case)[-2:] == ["record_told", "record_told"]


def test_what_was_said_in_telling_is_kept_and_silence_is_no_text(cast):
    for how, said in (("spoken", "已读给他听"), ("delivered", "")):
        notice = owed(approved(cast))
        by = cast.caller if said else party_of(notice.case)
        actions.record_told(notice, by=by, how=how, said=said)
        words = fresh(notice).words
        assert (words.open(Permit(holder="test", purpose=Purpose.WORK)) if words else "") == said
        assert bool(words) == bool(said)
