"""Every act by everybody in every state succeeds, is refused or denied, and never half; and no case gets stuck."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from huiyin.cases import actions, states, tasks
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import (
    Case,
    Extension,
    Instruction,
    Notice,
    Objection,
    Order,
    PeerView,
    Question,
    Referral,
    Review,
    Statement,
    Suspension,
    Termination,
    Whistle,
)
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.attempts import ATTEMPTS, Attempt
from huiyin.cases.tests.roads import everything, fresh, party_of
from huiyin.cases.tests.rules import Look, Memory
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from tests.cast import Cast

SPRING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # far from the end of the known calendar
PAUSES = (timedelta(0), timedelta(minutes=5), timedelta(hours=20), timedelta(days=3))
STEPS, EXAMPLES = 40, 24
TWO_POINTS = {"points": ["限时营业", "装隔音"], "parties": roads.TWO}
OPEN_ONE = {"nature": "suggestion", "confidentiality": "open", "parties": [PartyIn(phone="13800000003")]}
BEGINNINGS = (
    (roads.asked_petitioner, TWO_POINTS), (roads.called, {}), (roads.suspension_proposed, {}),
    (roads.forwarded, {}), (roads.referred, {}), (roads.to_terminate, {}), (roads.advised, {"parties": roads.TWO}),
    (roads.registered, {}), (roads.accepted, TWO_POINTS), (roads.dispatched, OPEN_ONE), (roads.signed, TWO_POINTS),
    (petitions.signed, {"points": ["补偿", "安置"]}), (petitions.told, {"parties": roads.TWO}), (petitions.asked, {}),
    (petitions.reviewed, {}), (roads.objected, {}), (roads.extension_asked, OPEN_ONE), (roads.answered, TWO_POINTS),
    (roads.told, {}),
)  # fmt: skip
OFTEN = (
    "accept", "dispatch", "dispatch one point", "dispatch with help", "sign", "answer", "approve", "record_told",
    "object", "redispatch", "designate", "reject_objection", "ask_extension", "grant_extension", "redo", "close",
    "contest", "reopen", "merge", "give_opinion", "ask_review", "decide_review", "ask_rereview", "decide_rereview",
    "ask_peer", "give_view",
    "hold_hearing", "end_hearing", "answer with a promise", "fulfil_promise", "declare_incident",
)  # fmt: skip
ON_ROWS = {
    **dict.fromkeys(("sign", "object", "ask_extension", "answer", "accept_silently"), Order),
    **dict.fromkeys(("answer_privately", "recall_order"), Order),
    **dict.fromkeys(("delegate", "contribute", "escalate", "take_down", "take_over"), Order),
    **dict.fromkeys(("progress_on", "report_on", "settle_instruction", "ask_again"), Instruction),
    **dict.fromkeys(("reject_objection", "redispatch", "designate"), Objection),
    **dict.fromkeys(("grant_extension", "refuse_extension"), Extension),
    "record_told": Notice,
    **dict.fromkeys(("ask_petitioner", "ask_upward", "whistle", "propose_suspension"), Order),
    **dict.fromkeys(("supply", "supplement_lapsed", "answer_upward", "take_question_back"), Question),
    **dict.fromkeys(("report_in", "judge_whistle"), Whistle),
    **dict.fromkeys(
        ("approve_suspension", "refuse_suspension", "end_suspension", "suspension_due"), Suspension
    ),
    "give_opinion": Order,
    **dict.fromkeys(("entrust_view", "give_view", "weigh_view", "take_peer_back"), PeerView),
    **dict.fromkeys(
        ("hold_hearing", "end_hearing", "take_review_back", "decide_review", "decide_rereview"), Review
    ),
}
ON_ROWS |= {
    **dict.fromkeys(
        ("chase", "record_receipt", "record_outcome", "take_back", "resume_from", "settled_elsewhere"),
        Referral,
    ),
    "record_counselling": Referral,
    **dict.fromkeys(("confirm_termination", "refuse_termination"), Termination),
}
ROWS = (
    Referral,
    Termination,
    Order,
    Objection,
    Extension,
    Notice,
    Instruction,
    Review,
    Question,
    Suspension,
    Whistle,
    PeerView,
)
BY_UNITS = (
    "give_opinion", "sign", "object", "ask_extension", "answer", "delegate", "contribute",
    "ask_petitioner", "whistle", "propose_suspension", "answer_privately",
)  # fmt: skip
DESK_OF = {
    "dispatcher": (
        "propose_termination",
        "dispatch",
        "recall_order",
        "redispatch",
        "designate",
        "escalate",
        "take_down",
        "reject_objection",
        "grant_extension",
        "refuse_extension",
        "declare_incident",
        "end_incident",
        "explain_to_all",
        "fulfil_promise",
        "change_promise",
    ),
    "reviewer": (
        "confirm_termination",
        "refuse_termination",
        "approve",
        "redo",
        "explain_and_close",
        "redact",
        "ask_peer",
        "weigh_view",
        "take_peer_back",
    ),
    "caller": ("record_told", "close"),
    "leader": ("instruct", "settle_instruction", "ask_again"),
    "body": ("hold_hearing", "end_hearing", "decide_review", "decide_rereview"),
    "supervisor": (
        "answer_upward",
        "approve_suspension",
        "refuse_suspension",
        "confer_and_designate",
        "finalise",
        "remind",
        "comment",
    ),
    "system": ("supplement_lapsed", "suspension_due"),
    "community_handler": ("judge_whistle",),
    "handler": ("report_in", "supply", "take_question_back", "end_suspension"),
    "unit_leader": ("ask_upward",),
    "citizen": ("join",),
    "party": ("ask_review", "ask_rereview", "take_review_back", "contest", "reopen", "withdraw", "attach"),
}
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Story:
    """One example: three cases that stand somewhere on the road, and steps that hypothesis draws."""

    def __init__(self, cast: Cast, data: st.DataObject) -> None:
        self.cast, self.data, self.memory, self.at = cast, data, Memory(), SPRING
        begun = [road(cast, **more) for road, more in (self.draw(BEGINNINGS) for _each in range(3))]
        self.cases = [_case_of(thing) for thing in begun]
        self.people = [*cast.staff().values(), cast.citizen, *map(party_of, self.cases)]
        self.rows = everything()

    def draw(self, found: Any) -> Any:
        return self.data.draw(st.sampled_from(list(found)))

    def step(self) -> None:
        """One act, mostly one that fits, by somebody who mostly may; then everything is looked at."""
        self.at += self.draw(PAUSES)
        case = fresh(self.draw(self.cases))
        with clock.frozen(self.at):
            if self.draw(range(12)) == 0:
                tasks.accept_silence()
                tasks.lapse_supplements()
                tasks.end_suspensions()
                tasks.resume_elsewhere()
                tasks.sweep()
                self.rows = everything()
            else:
                self._try(case)
        look = Look(self.rows)
        look.require_sound()
        self.memory.compare(look)

    def _try(self, case: Case) -> None:
        lawful = [
            name for name in ATTEMPTS if name.split()[0] in states.acts_from(states.CASE_TABLE, case.state)
        ]
        fitting = [name for name in lawful if self._rows_for(name, case)]
        usual = [name for name in fitting if name in OFTEN] or lawful
        name = self.draw(self.draw([usual, usual, usual, usual, fitting, lawful, list(ATTEMPTS)]))
        by = self.draw(self.people) if self.draw(range(8)) == 0 else self._fitting(name, case)
        before = self.rows
        try:
            ATTEMPTS[name](Attempt(self.cast, case, by, lambda found: self._choose(found, name, case, by)))
        except (Refused, PermissionDenied) as no:
            assert everything() == before, f"{name} was refused ({no}) and wrote all the same"
        else:
            self.rows = everything()
            assert (self.rows == before) == (len(self.rows["Event"]) == len(before["Event"])), name

    def _rows_for(self, name: str, case: Case) -> list[Any]:
        """The rows on which the act may succeed; the case itself for an act on the whole case."""
        kind = ON_ROWS.get(name.split()[0])
        if kind is None:
            return [case]
        rows = [kind(**row) for row in Look(self.rows).of(kind.__name__, {"id": case.pk})]
        return [row for row in rows if self._fits(row, name, case)]

    def _fits(self, row: Any, name: str, case: Case) -> bool:
        if isinstance(row, Order):
            return row.round == case.round and bool(
                states.after(states.ORDER_TABLE, name.split()[0], row.state)
            )
        if isinstance(row, Whistle):
            return row.judged_at is None
        if isinstance(row, PeerView):
            return row.state == ("given" if name == "weigh_view" else "asked")
        if isinstance(row, Referral):
            return row.ended_at is None
        if isinstance(row, Termination):
            return row.state == "proposed"
        if isinstance(row, Suspension):
            return row.state in ("proposed", "in_force")
        return (
            row.told_at is None
            if isinstance(row, Notice)
            else row.state in ("open", "asked", "given", "reported")
        )

    def _choose(self, found: list[Any], name: str, case: Case, by: Actor) -> Any:
        """Among rows, mostly one that fits; among an order's, the actor's own."""
        mine = [
            row for row in found if not isinstance(row, Order) or by.unit is None or row.unit_id == by.unit.pk
        ]
        fit = (
            [row for row in mine if isinstance(row, ROWS) and self._fits(row, name, case)]
            if name.split()[0] in ON_ROWS
            else []
        )
        return self.draw(fit if fit and self.draw(range(8)) else found)

    def _fitting(self, name: str, case: Case) -> Actor:
        if name.split()[0] in BY_UNITS:
            orders = self._rows_for(name, case)
            unit = self.draw(orders).unit if orders else case.holder_unit
            return self._of_unit(unit) or self.draw(self.people)
        if name in ("entrust_view", "give_view"):
            views = self._rows_for(name, case)
            return (self._looking(self.draw(views)) if views else None) or self.draw(self.people)
        role = next((role for role, acts in DESK_OF.items() if name.split()[0] in acts), "clerk")
        if role == "body" and case.state == "in_review":
            return self._body(case)
        return party_of(case) if role == "party" else getattr(self.cast, "leader" if role == "body" else role)

    def _of_unit(self, unit: Any) -> Actor | None:
        return next((who for who in self.people if who.unit == unit and who.role == "handler"), None)

    def _looking(self, view: Any) -> Actor | None:
        """Who of the unit may give its view: its head, or whoever works there where nobody heads it."""
        mine = [who for who in self.people if who.unit == view.unit]
        return next((who for who in mine if who.role == "unit_leader"), None) or self._of_unit(view.unit)

    # -- the way out ----------------------------------------------------------------------------------------
    def finish(self) -> None:
        """Whatever happened, every open case can still be brought to its end, and every party told."""
        with clock.frozen(self.at):
            for case in self.cases:
                self._finish(case)
            for case in self.cases:
                self._tell(case)
                case = fresh(case)
                assert case.state in states.Case.ENDED, case.state
                assert not Notice.objects.filter(case=case, told_at=None).exists()
                if case.state not in ("archived", "merged"):
                    actions.archive(case, by=self.cast.clerk)
        look = Look(everything())
        look.require_sound()
        self.memory.compare(look)

    def _finish(self, case: Case) -> None:
        for _stage in range(30):
            case = fresh(case)
            if case.state in states.Case.ENDED:
                return
            getattr(self, f"_from_{case.state}")(case)
        raise AssertionError(f"stuck in {case.state}")

    def _from_registered(self, case: Case) -> None:
        actions.accept(case, by=self.cast.clerk, category=self.cast.night_noise)

    def _from_accepted(self, case: Case) -> None:
        actions.dispatch(case, by=self.cast.dispatcher, lead=self.cast.chengguan)

    def _from_handling(self, case: Case) -> None:
        for objection in Objection.objects.filter(order__case=case, state="open"):
            own = objection.order.unit
            actions.designate(objection, by=self.cast.dispatcher, unit=own, reason="会商")
        for order in Order.objects.filter(case=case, part="lead", state__in=("sent", "signed")):
            by = self._of_unit(order.unit)
            if order.state == "sent":
                actions.sign(order, by=by)
            if case.track == "petition" and case.nature in ("appeal", "complaint"):
                actions.give_opinion(order, by=by, written=petitions.opinion_in())
            else:
                actions.answer(order, by=by, text="已办", outcome="solved")

    def _from_in_review(self, case: Case) -> None:
        review = Review.objects.get(case=case, state="asked")
        if review.hearing_until is not None:
            actions.end_hearing(review, by=self.cast.system)
        petitions.decide(fresh(review), by=self._body(case))

    def _body(self, case: Case) -> Actor:
        """Somebody of the body that holds a review."""
        return next(who for who in (self.cast.supervisor, self.cast.leader) if who.unit == case.holder_unit)

    def _from_forwarded(self, case: Case) -> None:
        row = Referral.objects.get(case=case, kind="outside", ended_at=None)
        actions.record_outcome(row, by=self.cast.clerk, text="外县已办", outcome="solved")

    def _from_referred(self, case: Case) -> None:
        row = Referral.objects.get(case=case, kind="elsewhere", ended_at=None)
        actions.resume_from(row, by=self.cast.clerk, said="没有谈成")

    def _from_suspended(self, case: Case) -> None:
        rests = Suspension.objects.get(case=case, state="in_force")
        actions.end_suspension(rests, by=self.cast.reviewer)

    def _from_reviewing(self, case: Case) -> None:
        self._weigh_views(case)
        actions.approve(case, by=self.cast.reviewer)

    def _from_telling(self, case: Case) -> None:
        self._tell(case)

    def _weigh_views(self, case: Case) -> None:
        for view in PeerView.objects.filter(case=case, state="given").exclude(verdict="unsure"):
            actions.weigh_view(view, by=self.cast.reviewer, stands="departed", reason="已检测达标")

    def _from_told(self, case: Case) -> None:
        self._weigh_views(case)
        for owed in Statement.objects.filter(case=case, state="owed") if case.incident else ():
            actions.make_statement(owed, by=self.cast.reviewer, text="正在抢修，今晚恢复")
        actions.close(case, by=self.cast.caller)

    def _tell(self, case: Case) -> None:
        for notice in Notice.objects.filter(case=case, told_at=None).order_by("pk"):
            actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")


def _case_of(thing: Any) -> Case:
    """The case behind whatever a road led to."""
    if isinstance(thing, Case):
        return fresh(thing)
    return fresh(getattr(thing, "case", None) or thing.order.case)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # shrinking such stories takes minutes, and the drawn steps tell enough
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_whatever_people_try_the_rules_hold_and_every_case_can_end(cast, data):
    with transaction.atomic(), clock.frozen(SPRING):
        story = Story(cast, data)
        for _step in range(STEPS):
            story.step()
        story.finish()
        transaction.set_rollback(True)


def test_the_list_of_attempts_knows_every_act_of_the_room():
    tried = {name.split()[0] for name in ATTEMPTS}
    program = {"register", "take_in", "let_go", "follow", "share_answer"}
    above = {"rate", "hear_merged", "propose", "publish", "unpublish", "supervise"}
    above |= {
        "submit_entry",
        "accept_entry",
        "refuse_entry",
        "strike_entry",
        "ask_recurrence",
        "tell_recurrence",
    }
    above |= {"send_feedback", "receive_feedback"}
    above |= {"rate", "dial", "call_back", "say_pressed", "look_into_pressure", "rate_bringer", "hear_merged"}
    above |= {"contest_rating", "uphold_contest", "refuse_contest"}
    above |= {"ask_second_opinion", "give_second_opinion", "propose", "publish", "unpublish", "supervise"}
    assert {row.act for row in states.CASE_TABLE} == tried | program | above
