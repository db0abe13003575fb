"""Inspection, talk, advice, charge, fault: what each step asks, and who may take it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import history
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.supervision import access, actions, ladder, queries
from huiyin.supervision.models import Receipt, Rung
from huiyin.supervision.tests.road import FRIDAY, TUESDAY, appealed, fresh, issued, rules
from huiyin.supervision.wording import ACTS, state_name

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
__all__ = ["rules"]


def test_a_listing_goes_only_by_an_inspection_of_somebody_outside_the_unit(cast):
    rung = issued(cast, "listing", public=True, title="夜间噪声")
    told = {"seen_on": TUESDAY, "text": "十点后已停业"}
    with at(MONDAY + DAY):
        for who in (cast.unit_leader, cast.handler, cast.clerk):
            with pytest.raises(PermissionDenied):
                actions.inspect(rung, by=who, verdict="passed", **told)
        with pytest.raises(Refused) as refusal:
            actions.inspect(rung, by=cast.supervisor, text="看了", seen_on=FRIDAY, verdict="passed")
        assert refusal.value.code == "future"
        actions.inspect(rung, by=cast.supervisor, verdict="failed", **told)
        assert fresh(rung).state == "waiting"
        actions.hide(rung, by=cast.supervisor, text="标题有误")
        with pytest.raises(Refused):
            actions.hide(rung, by=cast.supervisor, text="再一次")
        actions.inspect(rung, by=cast.supervisor, verdict="passed", **told)
    assert fresh(rung).state == "done" and not fresh(rung).public
    assert "withdraw" not in ladder.acts_from("listing", "waiting")


def test_who_belongs_to_the_listed_unit_in_another_post_does_not_inspect_it(cast):
    Post.objects.create(code="second-hat", user=cast.supervisor.user, unit=cast.chengguan, role="handler")
    with at(MONDAY + DAY):
        rung = issued(cast, "listing", by=cast.leader)
        with pytest.raises(PermissionDenied):
            actions.inspect(rung, by=cast.supervisor, seen_on=TUESDAY, text="看了", verdict="passed")


def test_a_talk_keeps_its_record_and_what_was_promised_by_when(cast):
    rung = issued(cast, "talk")
    with at(MONDAY + DAY):
        with pytest.raises(Refused) as refusal:
            actions.hold(rung, by=cast.supervisor, held_on=TUESDAY, text="谈了", measures="加派人手")
        assert refusal.value.code == "due_on"
        actions.hold(
            rung,
            by=cast.supervisor,
            held_on=TUESDAY,
            text="谈了",
            measures="加派人手",
            due_on=date(2026, 12, 1),
        )
        assert (fresh(rung).state, fresh(rung).due_on) == ("held", date(2026, 12, 1))
        actions.accept(rung, by=cast.supervisor, text="已加派")
    assert fresh(rung).state == "done"
    assert [entry.act for entry in rung.entries.order_by("pk")] == ["hold", "promise", "accept"]


def test_a_circular_is_read_once_by_each_unit_and_by_nobody_else(cast):
    rung = issued(cast, "circular")
    assert access.visible(cast.handler).filter(pk=rung.pk).exists()
    assert not access.visible(cast.zhujian_leader).filter(pk=rung.pk).exists()
    with at(MONDAY + DAY):
        assert actions.read(rung, by=cast.handler) and not actions.read(rung, by=cast.unit_leader)
        assert not actions.read(rung, by=cast.zhujian_leader)
    assert Receipt.objects.get(unit=cast.chengguan).read_by == cast.handler.post
    assert Receipt.objects.get(unit=cast.weijian).read_at is None
    assert [e.facts["step"] for e in history(f"rung:{rung.number}")] == ["issue", "read"]


def test_an_advice_is_answered_adopted_in_part_or_not(cast):
    rung = issued(cast, "advice")
    with at(MONDAY + DAY):
        with pytest.raises(Refused) as refusal:
            actions.reply(rung, by=cast.unit_leader, text="研究", verdict="later")
        assert refusal.value.code == "verdict"
        entry = actions.reply(rung, by=cast.unit_leader, text="批评教育，不再处分", verdict="partly")
    assert (entry.verdict, fresh(rung).state) == ("partly", "done")


def test_a_charge_is_ended_by_the_leader_who_took_it(cast):
    rung = issued(cast, "charge")
    with at(MONDAY + DAY):
        actions.progress(rung, by=cast.supervisor, text="到现场")
        actions.progress(rung, by=cast.leader, text="约见店主")
        with pytest.raises(PermissionDenied):
            actions.end(rung, by=cast.supervisor, text="结束")
        actions.end(rung, by=cast.leader, text="已签协议")
    assert fresh(rung).state == "done"
    assert access.visible(cast.handler).filter(pk=rung.pk).exists(), "the unit at work knows who took it"


def test_an_appeal_is_decided_by_another_person_than_who_recorded_the_fault(cast):
    rung = appealed(cast)
    with at(MONDAY + DAY):
        with pytest.raises(PermissionDenied, match="另一个人"):
            actions.decide(rung, by=cast.supervisor, text="维持", verdict="upheld")
        second = Post.objects.create(code="also", user=cast.supervisor.user, unit=cast.duban, role="leader")
        with pytest.raises(PermissionDenied):
            actions.decide(rung, by=type(cast.leader).of(second), text="维持", verdict="upheld")
        actions.decide(rung, by=cast.leader, text="录音属实", verdict="revoked")
    assert fresh(rung).state == "revoked"


def test_who_is_named_takes_no_overseers_step_after_a_change_of_posts(cast):
    rung, order = appealed(cast), issued(cast, "order")
    with at(MONDAY + DAY):
        actions.reply(order, by=cast.unit_leader, text="已派人")
        Post.objects.filter(user__in=(cast.handler.user, cast.unit_leader.user)).update(valid_to=TUESDAY)
        moved, leader = (
            Post.objects.create(code=code, user=by.user, unit=cast.duban, role="supervisor")
            for code, by in (("moved", cast.handler), ("moved-2", cast.unit_leader))
        )
    with at(MONDAY + 2 * DAY):
        with pytest.raises(PermissionDenied, match="您本人"):
            actions.decide(rung, by=Actor.of(moved), text="没有推诿", verdict="revoked")
        with pytest.raises(PermissionDenied, match="您本人"):
            actions.exempt(rung, by=Actor.of(moved), text="先行先试")
        with pytest.raises(PermissionDenied, match="您本人"):
            actions.accept(order, by=Actor.of(leader))
        actions.decide(rung, by=Actor.of(leader), text="录音属实", verdict="revoked")
    assert (fresh(rung).state, fresh(order).state) == ("revoked", "replied")


def test_who_appealed_for_the_successor_does_not_decide_as_overseer(cast):
    rung = issued(cast, "fault")
    cast.chengguan.valid_to, cast.chengguan.successor = date(2026, 11, 2), cast.zhujian
    cast.chengguan.save()
    remembering.clear()
    with at(MONDAY + DAY):
        actions.appeal(rung, by=cast.zhujian_leader, text="没有推诿")
        Post.objects.filter(pk=cast.zhujian_leader.post.pk).update(valid_to=TUESDAY)
        moved = Post.objects.create(
            code="moved", user=cast.zhujian_leader.user, unit=cast.duban, role="supervisor"
        )
    with at(MONDAY + 2 * DAY), pytest.raises(PermissionDenied, match="您提出的"):
        actions.decide(rung, by=Actor.of(moved), text="撤销", verdict="revoked")
    assert fresh(rung).state == "appealed"


def overseer_now(cast, by):
    """The same person, called to the supervision after their post in the unit ended."""
    Post.objects.filter(pk=by.post.pk).update(valid_to=TUESDAY)
    return Actor.of(Post.objects.create(code="moved", user=by.user, unit=cast.duban, role="supervisor"))


def stands_in(cast):
    """Somebody who answers for the unit beside its leader."""
    user = cast.second_clerk.user
    return Actor.of(Post.objects.create(code="in", user=user, unit=cast.chengguan, role="unit_leader"))


@pytest.mark.parametrize(
    ("kind", "act", "told"),
    [
        ("order", "accept", {}),
        ("order", "send_back", {"text": "补充", "due_on": date(2026, 11, 9)}),
        ("fault", "accept", {}),
        ("fault", "exempt", {"text": "先行先试"}),
    ],
)
def test_who_replied_for_the_unit_takes_no_overseers_step(cast, kind, act, told):
    rung, by = issued(cast, kind), stands_in(cast)
    with at(MONDAY + DAY):
        actions.reply(rung, by=by, text="已派人")
        moved = overseer_now(cast, by)
    with at(MONDAY + 5 * DAY if kind == "fault" else MONDAY + 2 * DAY):
        before = fresh(rung).state
        with pytest.raises(PermissionDenied, match="您写的"):
            getattr(actions, act)(rung, by=moved, **told)
        assert fresh(rung).state == before and act not in queries.offered(rung, moved)
        assert act in queries.offered(fresh(rung), cast.supervisor)
        getattr(actions, act)(rung, by=cast.supervisor, **told)


def test_who_replied_does_not_take_the_matter_back_after_it_was_returned(cast):
    rung, by = issued(cast), stands_in(cast)
    with at(MONDAY + DAY):
        actions.reply(rung, by=by, text="已派人")
        actions.send_back(rung, by=cast.supervisor, text="补充", due_on=date(2026, 11, 9))
        moved = overseer_now(cast, by)
    with at(MONDAY + 2 * DAY), pytest.raises(PermissionDenied, match="您写的"):
        actions.withdraw(rung, by=moved, text="不用了")


@pytest.mark.parametrize("act", ["exempt", "decide"])
def test_who_appealed_for_another_neither_decides_nor_excuses(cast, act):
    rung, by = issued(cast, "fault"), stands_in(cast)
    with at(MONDAY + DAY):
        actions.appeal(rung, by=by, text="没有推诿")
        moved = overseer_now(cast, by)
    told = {"verdict": "revoked"} if act == "decide" else {}
    with at(MONDAY + 2 * DAY):
        with pytest.raises(PermissionDenied, match="您提出的"):
            getattr(actions, act)(rung, by=moved, text="先行先试", **told)
        assert queries.offered(rung, moved) == []
        getattr(actions, act)(rung, by=cast.leader, text="先行先试", **told)


def test_a_fault_stands_only_when_the_time_to_be_heard_is_over(cast):
    rung = issued(cast, "fault")
    with at(MONDAY + DAY):
        actions.reply(rung, by=cast.handler, text="当时在接另一个电话")
        with pytest.raises(Refused) as refusal:
            actions.accept(rung, by=cast.supervisor)
        assert refusal.value.code == "too_early"
    with at(MONDAY + 5 * DAY):
        with pytest.raises(Refused) as refusal:
            actions.appeal(rung, by=cast.handler, text="不服")
        assert refusal.value.code == "too_late"
        actions.accept(rung, by=cast.supervisor)
    assert fresh(rung).state == "done"


def test_a_fault_may_be_excused_with_a_ground_also_after_an_appeal(cast):
    rung = appealed(cast)
    with at(MONDAY + DAY):
        with pytest.raises(PermissionDenied):
            actions.exempt(rung, by=cast.unit_leader, text="先行先试")
        actions.exempt(rung, by=cast.supervisor, text="先行先试，无主观故意")
    assert fresh(rung).state == "exempted"


def test_every_step_has_a_name_a_rule_and_every_state_words():
    acts = {row.act for row in ladder.LADDER}
    assert acts == set(access.PERMITTED) and acts <= set(ACTS)
    assert {row.kind for row in ladder.LADDER} == set(Rung.Kind.values)
    for row in ladder.LADDER:
        assert state_name(row.kind, row.after) and {row.before, row.after} <= {"", *Rung.State.values}


@pytest.mark.parametrize("kind", ["order", "listing", "talk", "advice", "charge", "fault"])
def test_what_ended_is_taken_no_further(cast, kind):
    rung = issued(cast, kind)
    Rung.objects.filter(pk=rung.pk).update(state="done")
    with at(MONDAY + DAY):
        for act in ladder.acts_from(kind, "waiting"):
            told = {"text": "说明"}
            told |= {"seen_on": TUESDAY, "verdict": "passed"} if act == "inspect" else {}
            told |= {"held_on": TUESDAY} if act == "hold" else {}
            by = {"reply": cast.unit_leader, "appeal": cast.unit_leader, "end": cast.leader}.get(
                act, cast.supervisor
            )
            with pytest.raises(Refused) as refusal:
                getattr(actions, act)(rung, by=by, **told)
            assert refusal.value.code == "state", act


def test_a_successor_answers_for_a_unit_that_is_no_more(cast):
    rung = issued(cast)
    cast.chengguan.valid_to, cast.chengguan.successor = date(2026, 11, 2), cast.zhujian
    cast.chengguan.save()
    from huiyin.organisation import remembering

    remembering.clear()
    with at(MONDAY + 2 * DAY):
        assert access.visible(cast.zhujian_leader).filter(pk=rung.pk).exists(), "before it has the order too"
        roads_order = rung.case.orders.get()
        from huiyin.cases import actions as cases

        cases.take_over(roads_order, by=cast.dispatcher)
        actions.reply(rung, by=cast.zhujian_leader, text="由我们接着办")
    assert fresh(rung).state == "replied"


def test_reading_is_of_those_who_may_see_the_case(cast):
    rung = issued(cast)
    sees = {name for name, by in cast.staff().items() if access.visible(by).filter(pk=rung.pk).exists()}
    desk = {"clerk", "second_clerk", "dispatcher", "reviewer", "caller", "two_hats"}
    assert sees == {"supervisor", "leader", "unit_leader", "handler", *desk}
    assert roads.fresh(rung.case).state == "handling"


def test_who_appeals_as_the_successor_does_not_decide_as_overseer(cast):
    rung = issued(cast, "fault")
    with at(MONDAY + DAY):
        roads.merge_units(cast.chengguan, into=cast.zhujian)
    hat = Post.objects.create(code="hat", user=cast.zhujian_leader.user, unit=cast.duban, role="supervisor")
    with at(MONDAY + DAY):
        actions.appeal(rung, by=cast.zhujian_leader, text="没有推诿")
        with pytest.raises(PermissionDenied):
            actions.decide(rung, by=Actor.of(hat), text="撤销", verdict="revoked")


def test_the_heir_of_a_unit_that_was_merged_twice_answers(cast):
    rung = issued(cast, "advice")
    with at(MONDAY + DAY):
        roads.merge_units(cast.chengguan, into=cast.zhujian)
        roads.merge_units(cast.zhujian, into=cast.weijian)
        assert queries.owed(cast.outsider) == [rung] and not queries.owed(cast.two_hats)
        actions.reply(rung, by=cast.outsider, text="采纳", verdict="adopted")
    assert fresh(rung).state == "done"


def test_the_heir_reads_a_circular_for_itself_and_for_the_unit_that_was_merged_into_it(cast):
    rung = issued(cast, "circular")
    with at(MONDAY + DAY):
        roads.merge_units(cast.chengguan, into=cast.zhujian)
        roads.merge_units(cast.zhujian, into=cast.weijian)
        assert queries.owed(cast.outsider) == [rung]
        shown = queries.page_of(queries.find(cast.outsider, rung.pk), cast.outsider)
        assert [row.unit for row in shown.receipts] == [cast.chengguan, cast.weijian]
        assert actions.read(rung, by=cast.outsider) and not actions.read(rung, by=cast.outsider)
        assert queries.owed(cast.outsider) == []
    assert set(Receipt.objects.values_list("read_by", flat=True)) == {cast.outsider.post.pk}
    read = [e.facts["unit"] for e in history(f"rung:{rung.number}") if e.facts["step"] == "read"]
    assert read == ["chengguan", "weijian"]


def test_the_heir_of_a_unit_that_got_a_circular_alone_reads_it(cast):
    rung = issued(cast, "circular")
    with at(MONDAY + DAY):
        roads.merge_units(cast.chengguan, into=cast.zhujian)
        assert queries.find(cast.zhujian_handler, rung.pk) and queries.owed(cast.zhujian_handler) == [rung]
        assert actions.read(rung, by=cast.zhujian_handler)
    assert Receipt.objects.get(unit=cast.chengguan).read_by == cast.zhujian_handler.post
    assert Receipt.objects.get(unit=cast.weijian).read_at is None
