"""终止: two people, a coded ground, words for the petitioner, and a way to contest it."""

import pytest

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.models import Notice, Order, Round, Termination
from huiyin.cases.tests.roads import (
    MONDAY,
    accepted,
    answered,
    denied,
    forwarded,
    fresh,
    merged,
    one_event,
    party_of,
    referred,
    refused,
    registered,
    signed,
    terminated,
    to_terminate,
)
from huiyin.deadlines.models import Clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db


def propose(case, by, **more):
    return actions.propose_termination(
        case, by=by, **{"reason": more.pop("reason"), "said": "店已搬走", **more}
    )


def read(sealed):
    return sealed.open(Permit(holder="test", purpose=Purpose.WORK))


# -- one person proposes -------------------------------------------------------------------------------------
@pytest.mark.parametrize("road", [accepted, signed, forwarded, referred])
def test_nothing_stops_on_one_persons_word(cast, road):
    thing = road(cast)
    case = fresh(getattr(thing, "case", thing))
    notices = Notice.objects.count()
    with one_event(case, "propose_termination", cast.dispatcher):
        row = propose(case, cast.dispatcher, reason=cast.dead_end)
    after = fresh(case)
    assert (after.state, after.holder_unit, after.due_at) == (case.state, case.holder_unit, case.due_at)
    assert (row.state, row.reason, row.proposed_by, read(row.words)) == (
        "proposed", cast.dead_end, cast.dispatcher.post, "店已搬走",
    )  # fmt: skip
    assert Notice.objects.count() == notices
    assert latest(f"case:{case.number}").facts["reason"] == "terminate-moot"


def test_a_ground_for_terminating_and_words_are_needed(cast):
    case = accepted(cast)
    with refused("终止办理", code="reason"):
        propose(case, cast.reviewer, reason=cast.no_duty)
    with refused("请填写给诉求人的说明", code="missing"):
        propose(case, cast.reviewer, reason=cast.dead_end, said="")


def test_one_proposal_at_a_time(cast):
    row = to_terminate(cast)
    with refused("等待复核", code="state"):
        propose(row.case, cast.reviewer, reason=cast.dead_end)


@pytest.mark.parametrize("road", [registered, lambda cast: answered(cast).case])
def test_not_before_it_is_accepted_nor_once_it_is_answered(cast, road):
    case = road(cast)
    with refused("不能再提议终止", code="state"):
        propose(case, cast.reviewer, reason=cast.dead_end)


@pytest.mark.parametrize("who", ["clerk", "caller", "handler", "supervisor", "citizen"])
def test_others_may_not_propose(cast, who):
    case = signed(cast).case
    with denied():
        propose(case, getattr(cast, who), reason=cast.dead_end)


# -- another decides -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["reviewer", "supervisor", "leader"])
def test_on_a_second_persons_word_it_ends_and_every_party_is_owed_the_ground(cast, who):
    row = to_terminate(cast)
    with one_event(row.case, "confirm_termination", getattr(cast, who)):
        actions.confirm_termination(row, by=getattr(cast, who), said="现场看过")
    case, row, order = fresh(row.case), fresh(row), Order.objects.get(case=row.case)
    assert (case.state, case.holder_unit, case.end_reason, case.ended_at) == (
        "terminated", None, cast.dead_end, MONDAY,
    )  # fmt: skip
    assert (row.state, row.decided_by, read(row.decision)) == (
        "confirmed",
        getattr(cast, who).post,
        "现场看过",
    )
    assert order.state == "cancelled" and Round.objects.get(case=case).end_state == "terminated"
    assert not Clock.objects.filter(subject=case.number).exclude(state=Clock.State.STOPPED).exists()
    assert Notice.objects.get(case=case).about == Notice.About.TERMINATION


@pytest.mark.parametrize("road", [forwarded, referred])
def test_what_waits_outside_ends_with_it(cast, road):
    referral = road(cast)
    row = propose(referral.case, cast.dispatcher, reason=cast.dead_end)
    actions.confirm_termination(row, by=cast.reviewer)
    assert fresh(referral).ended_at == MONDAY
    assert not Clock.objects.exclude(state=Clock.State.STOPPED).exists()


def test_nobody_confirms_their_own_proposal_under_another_post_either(cast):
    case = signed(cast).case
    row = propose(case, cast.reviewer, reason=cast.dead_end)
    with refused("由另一位同事复核", code="same_person"):
        actions.confirm_termination(row, by=cast.reviewer)
    hat = Post.objects.create(
        code="second-hat", user=cast.reviewer.user, unit=cast.duban, role=Role.SUPERVISOR
    )
    with refused("由另一位同事复核", code="same_person"):
        actions.confirm_termination(row, by=Actor.of(hat))


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "caller", "handler", "citizen"])
def test_others_may_not_decide(cast, who):
    row = to_terminate(cast)
    with denied():
        actions.confirm_termination(row, by=getattr(cast, who))
    with denied():
        actions.refuse_termination(row, by=getattr(cast, who), reason="店还在")


def test_refused_it_goes_on_and_can_be_proposed_again(cast):
    row = to_terminate(cast)
    with refused("请填写不同意的理由", code="missing"):
        actions.refuse_termination(row, by=cast.reviewer, reason="")
    with one_event(row.case, "refuse_termination", cast.reviewer):
        actions.refuse_termination(row, by=cast.reviewer, reason="店还在")
    assert (fresh(row).state, read(fresh(row).decision), fresh(row.case).state) == (
        "refused",
        "店还在",
        "handling",
    )
    with refused("不同意", code="state"):
        actions.confirm_termination(row, by=cast.supervisor)
    propose(row.case, cast.dispatcher, reason=cast.dead_end)


# -- it lapses -----------------------------------------------------------------------------------------------
def test_a_proposal_lapses_when_the_matter_ends_another_way(cast):
    row = to_terminate(cast)
    actions.withdraw(row.case, by=party_of(row.case))
    assert fresh(row).state == Termination.State.LAPSED


def test_a_proposal_of_an_earlier_round_is_not_confirmed_and_gives_way_to_a_new_one(cast):
    row = to_terminate(cast)
    order = Order.objects.get(case=row.case)
    actions.answer(order, by=cast.handler, text="已办", outcome="solved")
    actions.redo(row.case, by=cast.reviewer, reason="没有说清楚")
    with refused("以前的一轮", code="state"):
        actions.confirm_termination(row, by=cast.reviewer)
    second = propose(row.case, cast.dispatcher, reason=cast.dead_end)
    assert (fresh(row).state, second.state) == ("lapsed", "proposed")


# -- it is contested -----------------------------------------------------------------------------------------
def test_contested_it_is_looked_at_by_somebody_else_than_both(cast):
    case = terminated(cast)
    actions.contest(case, by=party_of(case), why="店没有搬")
    assert (fresh(case).state, fresh(case).round, fresh(case).end_reason) == ("registered", 2, None)
    with refused("另一位同事", code="same_person"):
        actions.decline(case, by=cast.dispatcher, reason=cast.no_duty)
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    for who in (cast.dispatcher, cast.reviewer):
        with refused("另一位同事", code="same_person"):
            propose(case, who, reason=cast.dead_end)


def test_it_can_be_reopened_and_archived(cast):
    case = terminated(cast)
    actions.record_told(Notice.objects.get(case=case), by=party_of(case), how="delivered")
    actions.archive(case, by=cast.clerk)
    actions.reopen(case, by=party_of(case), reason="店又开了")
    assert fresh(case).state == "registered"


def test_matters_merged_into_it_go_back_to_the_desk(cast):
    child = merged(cast)
    actions.accept(child.parent, by=cast.clerk, category=cast.night_noise)
    row = propose(child.parent, cast.dispatcher, reason=cast.dead_end)
    actions.confirm_termination(row, by=cast.reviewer)
    assert (fresh(child).state, fresh(child).parent) == ("registered", None)
