"""复查、复核决定: upheld, changed or revoked, by somebody fresh, told to everybody; the hearing's time is free."""

from datetime import date, timedelta

import pytest

from huiyin.cases import actions, pens, reviewing, tasks
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Answer, Exclusion, Notice, Order, Point, Round
from huiyin.cases.petitions import ask_until
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.petitions import decide
from huiyin.cases.tests.roads import DAY, TWO, denied, fresh, one_event, party_of, refused
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from tests.cast import SINCE, Cast

pytestmark = pytest.mark.django_db
READ = Permit(holder="test", purpose=Purpose.WORK)


@pytest.fixture(autouse=True)
def _in_spring(_on_monday):
    """Every instance ends in a year whose calendar is known."""
    with roads.at(petitions.SPRING):
        yield


def test_upheld_it_is_told_to_all_with_the_right_to_the_next_instance(cast: Cast):
    review = petitions.asked(cast, parties=TWO)
    with one_event(review.case, "decide_review", cast.supervisor):
        decide(review, by=cast.supervisor)
    case, review = fresh(review.case), fresh(review)
    assert (case.state, case.holder_unit, review.state, review.decision) == (
        "telling", cast.centre, "decided", "uphold",
    )  # fmt: skip
    assert Notice.objects.filter(case=case, about="review", told_at=None, round=2).count() == 2
    answer = Answer.objects.get(case=case, round=2)
    assert (answer.unit, answer.outcome, answer.state) == (cast.duban, "refused", "approved")
    text = answer.text.open(READ)
    assert "信复〔2026〕1号" in text and "维持" in text and "30 日内向县委县政府申请复核" in text
    case = petitions.tell(case)
    assert case.state == "told"
    actions.close(case, by=cast.caller)
    assert fresh(case).state == "closed"


def test_changed_the_decision_is_the_answer(cast: Cast):
    review = petitions.asked(cast)
    with refused("新的结论", code="conclusion"):
        decide(review, by=cast.supervisor, decision="change")
    decide(review, by=cast.supervisor, decision="change", conclusion="support")
    assert Point.objects.get(case=review.case).outcome == "solved"
    outcomes = Answer.objects.filter(case=review.case).order_by("round").values_list("outcome", flat=True)
    assert list(outcomes) == ["refused", "solved"]


def test_revoked_the_unit_handles_it_again_in_a_new_round(cast: Cast):
    case = petitions.reviewed(cast, "revoke")
    order = Order.objects.get(case=case, round=3)
    assert (case.state, case.round, case.holder_unit) == ("handling", 3, cast.chengguan)
    assert (order.unit, order.state) == (cast.chengguan, "sent")
    causes = Round.objects.filter(case=case).order_by("number").values_list("cause", "clock__state")
    assert list(causes) == [("first", "stopped"), ("appealed", "stopped"), ("revoked", "running")]
    assert Notice.objects.filter(case=case, about="review", told_at=None).count() == 1
    actions.sign(order, by=cast.handler)
    actions.give_opinion(order, by=cast.handler, written=petitions.opinion_in("support"))
    actions.approve(case, by=cast.reviewer)
    case = petitions.tell(case)
    assert case.state == "told"
    assert actions.ask_review(case, by=party_of(case), reason="还差一分地").level == 1


def test_the_last_instance_says_that_none_is_left(cast: Cast):
    case = petitions.rereviewed(cast, "change", conclusion="explain")
    answer = Answer.objects.get(case=case, round=3)
    assert answer.outcome == "explained" and "不再受理" in answer.text.open(READ)
    assert (case.state, answer.unit.code) == ("told", "xianwei")


def test_upheld_twice_the_outcome_is_still_the_first_one(cast: Cast):
    case = petitions.rereviewed(cast)
    outcomes = Answer.objects.filter(case=case).order_by("round").values_list("outcome", flat=True)
    assert list(outcomes) == ["refused"] * 3


def test_only_the_body_that_holds_it_decides(cast: Cast):
    review = petitions.asked(cast)
    for who in (cast.handler, cast.reviewer, cast.clerk, cast.leader, party_of(review.case)):
        with denied():
            decide(review, by=who)


def test_whoever_answered_or_approved_before_does_not_decide(cast: Cast):
    review = petitions.asked(cast)
    for user in (cast.handler.user, cast.reviewer.user):
        post = Post.objects.create(
            code=f"duban-{user.username}", user=user, unit=cast.duban, role="supervisor", valid_from=SINCE
        )
        with refused("另一位同事", code="same_person"):
            decide(review, by=Actor.of(post))


def test_each_level_has_its_own_decision_and_is_decided_once(cast: Cast):
    review = petitions.asked(cast)
    with refused("复查", code="level"):
        actions.decide_rereview(review, by=cast.supervisor, decision="uphold", reference="1号", text="维持")
    with refused("维持、变更或者撤销", code="decision"):
        decide(review, by=cast.supervisor, decision="perhaps")
    with refused("文号"):
        actions.decide_review(review, by=cast.supervisor, decision="uphold", reference="", text="维持")
    decide(review, by=cast.supervisor)
    with denied():  # it does not lie with them any more
        decide(review, by=cast.supervisor)


# -- hearings ------------------------------------------------------------------------------------------------
def test_a_hearing_stops_the_clock_until_it_ends(cast: Cast):
    review = petitions.asked(cast)
    due = fresh(review.case).due_at
    with one_event(review.case, "hold_hearing", cast.supervisor):
        hear(review, cast.supervisor, days=20)
    case = fresh(review.case)
    assert (case.due_at, fresh(review.clock).state) == (clock.now() + 20 * DAY, "paused")
    with refused("先结束听证", code="hearing"):
        decide(review, by=cast.supervisor)
    with refused("已经在进行", code="hearing"):
        hear(review, cast.supervisor, days=3)
    with roads.at(clock.now() + 10 * DAY):
        actions.end_hearing(review, by=cast.supervisor)
        case = fresh(case)
        assert case.due_at == fresh(review.clock).due_at
        assert due + 9 * DAY <= case.due_at <= due + 13 * DAY
        with refused("没有正在进行的听证", code="no_hearing"):
            actions.end_hearing(review, by=cast.supervisor)
        decide(review, by=cast.supervisor)


def test_a_hearing_has_a_plan_and_an_end_ahead(cast: Cast):
    review = petitions.asked(cast)
    with refused("听证的安排"):
        actions.hold_hearing(review, by=cast.supervisor, until=clock.now() + DAY, words_of="")
    with refused("今后", code="until"):
        actions.hold_hearing(review, by=cast.supervisor, until=clock.now(), words_of="在街道")
    with refused("一年", code="until"):
        far = clock.now() + timedelta(days=367)
        actions.hold_hearing(review, by=cast.supervisor, until=far, words_of="在街道")
    with roads.at(clock.now() + 40 * DAY), refused("超过了决定的期限", code="too_late"):
        hear(review, cast.supervisor, days=3)


def test_a_hearing_whose_time_is_over_ends_by_itself(cast: Cast):
    review = petitions.asked(cast)
    hear(review, cast.supervisor, days=5)
    with roads.at(clock.now() + 6 * DAY):
        tasks.sweep()
        assert tasks.end_hearings() == 1 and tasks.end_hearings() == 0
        case, review = fresh(review.case), fresh(review)
        assert review.hearing_until is None
        assert case.due_at == fresh(review.clock).due_at and fresh(review.clock).state == "running"


def hear(review, by, *, days):
    actions.hold_hearing(review, by=by, until=clock.now() + timedelta(days=days), words_of="在街道会议室")


# -- the end -------------------------------------------------------------------------------------------------
def test_after_the_last_instance_it_is_final_and_a_new_round_takes_the_mark_off(cast: Cast):
    case = petitions.rereviewed(cast)
    with one_event(case, "finalise", cast.reviewer):
        actions.finalise(case, by=cast.reviewer)
    assert fresh(case).finalised_at == clock.now() and fresh(case).state == "told"
    with refused("已经终结", code="final"):
        actions.finalise(case, by=cast.supervisor)
    with refused("已经终结", code="final"):
        actions.ask_rereview(case, by=party_of(case), reason="不服")
    actions.close(case, by=cast.caller)
    actions.reopen(case, by=cast.reviewer, reason="找到了当年的协议")
    assert fresh(case).finalised_at is None


def test_while_somebody_can_still_ask_it_is_not_final(cast: Cast):
    case = petitions.told(cast)
    with refused("还可以申请复查", code="too_early"):
        actions.finalise(case, by=cast.reviewer)
    with roads.at(clock.now() + 40 * DAY):
        actions.finalise(case, by=cast.supervisor)
    assert fresh(case).finalised_at is not None


def test_what_had_no_opinion_is_not_finalised(cast: Cast):
    case = roads.told(cast)
    with refused("没有处理意见书", code="instance"):
        actions.finalise(case, by=cast.reviewer)


def test_who_may_not_finalise(cast: Cast):
    case = petitions.rereviewed(cast)
    for who in (cast.handler, cast.clerk, cast.caller, party_of(case)):
        with denied():
            actions.finalise(case, by=who)


def test_a_unit_that_is_no_more_needs_a_successor_before_it_can_handle_again(cast: Cast):
    review = petitions.asked(cast)
    cast.chengguan.valid_to = date(2026, 3, 1)
    cast.chengguan.save()
    with refused("管理员", "承继", code="successor"):
        decide(review, by=cast.supervisor, decision="revoke")
    cast.chengguan.successor = cast.weijian
    cast.chengguan.save()
    decide(review, by=cast.supervisor, decision="revoke")
    assert Order.objects.get(case=review.case, state="sent").unit == cast.weijian


def test_until_the_last_instant_of_the_time_to_ask_it_is_not_final(cast: Cast):
    case = petitions.told(cast)
    party = case.parties.get()
    file = CaseFile(fresh(case), "finalise", cast.reviewer, pens.in_hand())
    until = ask_until(file, 1, party)
    with roads.at(until), refused("还可以申请复查", code="too_early"):
        actions.finalise(case, by=cast.reviewer)
    with roads.at(until + timedelta(microseconds=1)):
        actions.finalise(case, by=cast.reviewer)


def test_a_decision_on_an_earlier_round_makes_no_later_one_final(cast: Cast):
    case = petitions.reviewed(cast, "revoke")
    order = Order.objects.get(case=case, round=3)
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.system, text="当年的答复", outcome="explained")
    actions.approve(case, by=cast.reviewer)
    case = petitions.tell(case)
    with refused("没有处理意见书", code="instance"):
        actions.finalise(case, by=cast.reviewer)


def test_whoever_decided_the_first_instance_does_not_decide_the_second(cast: Cast):
    review = petitions.asked_again(cast)
    user = cast.supervisor.user
    above = Unit.objects.get(code="xianwei")
    post = Post.objects.create(code="xianwei-again", user=user, unit=above, role="leader", valid_from=SINCE)
    with refused("另一位同事", code="same_person"):
        decide(review, by=Actor.of(post))


def test_a_body_that_is_complained_of_does_not_look_at_the_opinion(cast: Cast):
    case = petitions.told(cast)
    assert reviewing.bodies_for(case, 1)[0] == cast.duban
    Exclusion.objects.create(case=case, unit=cast.duban)
    assert cast.duban not in reviewing.bodies_for(case, 1)
    assert actions.ask_review(case, by=party_of(case), reason="没有实地量").unit.code == "xianwei"
