"""签发: who may sign what to whom, by when, about what; and that a form sent twice signs once."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from huiyin.cases import actions as cases
from huiyin.cases.models import Case, Exclusion
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.ledger.queries import history, latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.supervision import access, actions
from huiyin.supervision.models import Proposal, Rung
from huiyin.supervision.tests.road import FRIDAY, TUESDAY, fresh, intake, issued, rules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
__all__ = ["rules"]
WORK = Permit(holder="test", purpose=Purpose.WORK)
CODES = {
    "post": {"post": None},
    "due_on": {"due_on": date(2026, 12, 31)},
    "missing": {"words": " "},
    "title": {"kind": "listing", "public": True},
    "clause": {"kind": "fault", "clause": "old"},
}


def test_an_order_goes_to_a_named_leader_by_a_day_in_the_case_s_own_chain(cast):
    rung = issued(cast)
    assert (rung.state, rung.unit, rung.post) == ("waiting", cast.chengguan, cast.unit_leader.post)
    assert rung.basis == "《某办法》第九条" and rung.words.open(WORK) == "超期未办，请说明原因。"
    event = latest(f"case:{rung.case.number}")
    assert (event.kind, event.actor) == ("supervise", cast.supervisor.name)
    told = {name: event.facts[name] for name in ("rung", "step", "unit", "due", "stands")}
    assert told == {
        "rung": "order",
        "step": "issue",
        "unit": "chengguan",
        "due": "2026-11-06",
        "stands": "waiting",
    }
    assert "超期" not in str(event.facts)


def test_a_talk_with_a_unit_has_a_chain_of_its_own(cast):
    rung = issued(cast, "talk")
    assert rung.case is None
    assert [event.facts["step"] for event in history(f"rung:{rung.number}")] == ["issue"]


@pytest.mark.parametrize("code", CODES)
def test_what_does_not_fit_is_refused_and_nothing_is_written(cast, code):
    with at(MONDAY):
        case = roads.signed(cast).case
        before = Event.objects.count()
        more = dict(CODES[code])
        with pytest.raises(Refused) as refusal:
            actions.issue(intake(cast, more.pop("kind", "order"), **more), by=cast.supervisor, case=case)
    assert refusal.value.code == code
    assert Rung.objects.count() == 0 and Event.objects.count() == before


@pytest.mark.parametrize(
    "who", ["handler", "unit_leader", "clerk", "representative", "administrator", "auditor"]
)
def test_only_who_oversees_signs(cast, who):
    with at(MONDAY), pytest.raises(PermissionDenied):
        actions.issue(intake(cast), by=getattr(cast, who), case=roads.signed(cast).case)


def test_a_unit_whose_turn_it_is_not_is_refused(cast):
    with at(MONDAY), pytest.raises(Refused) as refusal:
        told = intake(cast, unit=cast.zhujian, post=cast.zhujian_leader.post)
        actions.issue(told, by=cast.supervisor, case=roads.signed(cast).case)
    assert refusal.value.code == "no_turn"


def test_a_form_sent_twice_signs_once_and_a_second_order_waits_for_the_first(cast):
    with at(MONDAY):
        case = roads.signed(cast).case
        told = intake(cast, once="a" * 32)
        first = actions.issue(told, by=cast.supervisor, case=case)
        assert actions.issue(told, by=cast.supervisor, case=case).pk == first.pk
        with pytest.raises(Refused) as refusal:
            actions.issue(replace(told, once="b" * 32), by=cast.supervisor, case=case)
    assert refusal.value.code == "already" and Rung.objects.count() == 1


def test_a_form_sent_again_under_another_post_of_the_person_signs_once(cast, sign_in):
    second = Post.objects.create(code="also", user=cast.supervisor.user, unit=cast.duban, role="leader")
    form = {"unit": cast.chengguan.pk, "words": "建议约谈", "due_on": "2026-11-06", "once": "a" * 32}
    with at(MONDAY):
        url = reverse("ladder:new", args=["advice"])
        first = sign_in(cast.supervisor).post(url, form)
        again = sign_in(Actor.of(second)).post(url, form)
    assert first.status_code == again.status_code == 302 and first.url == again.url
    assert Rung.objects.get().issued_by == cast.supervisor.post


def test_a_form_that_somebody_else_has_sent_is_refused(cast):
    form = intake(cast, "advice", once="a" * 32)
    with at(MONDAY):
        actions.issue(form, by=cast.supervisor)
        with pytest.raises(Refused, match="别人已经用过") as refusal:
            actions.issue(form, by=cast.leader)
    assert refusal.value.code == "once" and Rung.objects.count() == 1


def test_a_fault_cites_a_clause_in_force_and_is_read_by_who_answers_and_by_who_is_named(cast):
    rung = issued(cast, "fault")
    assert rung.basis == "态度生硬，推诿群众（《某条例》第三十五条）"
    sees = {name for name, by in cast.staff().items() if access.visible(by).filter(pk=rung.pk).exists()}
    assert sees == {"supervisor", "leader", "unit_leader", "handler"}


def test_circulars_are_numbered_within_the_year_and_name_no_report(cast):
    first, second = (issued(cast, "circular", by=by) for by in (cast.supervisor, cast.leader))
    assert [(rung.year, rung.serial) for rung in (first, second)] == [(2026, 1), (2026, 2)]
    report = roads.registered(cast, nature=Case.Nature.REPORT)
    with at(MONDAY), pytest.raises(Refused) as refusal:
        actions.issue(intake(cast, "circular", about=(report,)), by=cast.supervisor)
    assert refusal.value.code == "about"


def test_nobody_hears_through_a_rung_of_a_report_that_accuses_them(cast):
    """The report is in the hands of a unit; its leader is then accused, in person."""
    with at(MONDAY):
        case = roads.registered(cast, nature=Case.Nature.REPORT)
        cases.accept(case, by=cast.clerk, category=cast.property)
        order = cases.dispatch(case, by=cast.dispatcher, lead=cast.zhujian)
        cases.sign(order, by=cast.zhujian_handler)
        told = intake(cast, unit=cast.zhujian, post=cast.zhujian_leader.post)
        rung = actions.issue(told, by=cast.supervisor, case=case)
        assert access.visible(cast.zhujian_leader).filter(pk=rung.pk).exists()
        Exclusion.objects.create(case=case, user=cast.zhujian_leader.user)
        assert not access.visible(cast.zhujian_leader).filter(pk=rung.pk).exists()
        with pytest.raises(PermissionDenied):
            actions.reply(rung, by=cast.zhujian_leader, text="收到")
        Rung.objects.all().delete()
        with pytest.raises(Refused) as refusal:
            actions.issue(told, by=cast.supervisor, case=case)
    assert refusal.value.code == "no_sight"


def test_a_public_listing_carries_no_petitioner_and_no_report(cast):
    with pytest.raises(Refused) as refusal:
        issued(cast, "listing", public=True, title="赵钱孙反映夜间噪声")
    assert refusal.value.code == "identity"
    rung = issued(cast, "listing", public=True, title="石桥街道夜间噪声")
    assert rung.public and latest(f"case:{rung.case.number}").facts["public"] is True
    report = roads.registered(cast, nature=Case.Nature.REPORT)
    with at(MONDAY), pytest.raises(Refused) as refusal:
        told = intake(cast, "listing", unit=cast.centre, public=True, title="某单位")
        actions.issue(told, by=cast.supervisor, case=report)
    assert refusal.value.code == "report"


def test_a_leader_takes_a_case_for_themselves_alone(cast):
    rung = issued(cast, "charge")
    assert rung.post == cast.leader.post
    with pytest.raises(PermissionDenied):
        issued(cast, "charge", case=roads.registered(cast), by=cast.supervisor)


def test_a_proposal_is_signed_or_set_aside_once(cast):
    with at(MONDAY):
        case = roads.signed(cast).case
        row = Proposal.objects.create(case=case, round=1, kind="order", rule="late", proposed_at=MONDAY)
        rung = actions.issue(intake(cast, proposal=row), by=cast.supervisor, case=case)
        assert (rung.rule, Proposal.objects.get().state, Proposal.objects.get().rung) == (
            "late",
            "signed",
            rung,
        )
        with pytest.raises(Refused) as refusal:
            actions.dismiss(row, by=cast.leader, reason="正在办")
        assert refusal.value.code == "decided"
        other = roads.signed(cast).case
        row = Proposal.objects.create(case=other, round=1, kind="order", rule="late", proposed_at=MONDAY)
        with pytest.raises(PermissionDenied):
            actions.dismiss(row, by=cast.handler, reason="不用")
        actions.dismiss(row, by=cast.leader, reason="已经电话催过")
        with pytest.raises(Refused):
            actions.issue(intake(cast, proposal=row), by=cast.supervisor, case=other)
    assert latest(f"case:{other.number}").facts["step"] == "dismiss"


def test_the_steps_of_an_order_reply_back_and_done(cast):
    rung = issued(cast)
    with at(MONDAY + DAY):
        with pytest.raises(PermissionDenied):
            actions.reply(rung, by=cast.handler, text="收到")
        actions.reply(rung, by=cast.unit_leader, text="已派人，周四办完")
        with pytest.raises(Refused) as refusal:
            actions.reply(rung, by=cast.unit_leader, text="再说一次")
        assert refusal.value.code == "state"
        actions.send_back(rung, by=cast.supervisor, text="没有写原因", due_on=FRIDAY)
        actions.reply(rung, by=cast.unit_leader, text="原因是交接遗漏")
        actions.accept(rung, by=cast.leader)
    assert (fresh(rung).state, fresh(rung).ended_by) == ("done", cast.leader.post)
    assert [entry.act for entry in rung.entries.order_by("pk")] == ["reply", "send_back", "reply", "accept"]
    steps = [e.facts["step"] for e in history(f"case:{rung.case.number}") if e.kind == "supervise"]
    assert steps == ["issue", "reply", "send_back", "reply", "accept"]


def test_an_order_outlives_its_case_and_is_answered_then_too(cast):
    order = roads.answered(cast)
    with at(MONDAY):
        case = order.case
        rung = actions.issue(
            intake(cast, unit=cast.centre, post=cast.reviewer.post, due_on=TUESDAY),
            by=cast.supervisor,
            case=case,
        )
        cases.approve(case, by=cast.reviewer)
        cases.withdraw(case, by=roads.party_of(case))
        actions.reply(rung, by=cast.reviewer, text="已经审核")
    assert fresh(rung).state == "replied"
