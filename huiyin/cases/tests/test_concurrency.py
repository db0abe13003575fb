"""People who act on one case at the same moment, over connections of their own, on either database."""

import contextvars
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from huiyin.cases import actions, measures, tasks
from huiyin.cases.models import Case, Note, Notice, Order, Party
from huiyin.cases.tests import roads
from huiyin.cases.tests.attempts import READABLE
from huiyin.cases.tests.roads import DAY, at, events, everything, fresh, noise, owed, party_of
from huiyin.cases.tests.rules import Look
from huiyin.kernel.clock import local_date, now
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.people.models import ContactMeasure

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = 60.0  # seconds until a test gives up on a deadlock


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads of their own; what each returned, or the refusal it met.

    The database is held until all of them stand before it, so that they do meet.
    """
    ready, outcomes = threading.Barrier(len(acts) + 1), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        ready.wait(LONGEST)
        try:
            outcomes[place] = act()
        except (Refused, PermissionDenied) as no:
            outcomes[place] = no
        except BaseException as fault:  # noqa: BLE001 — carried to the test's own thread, and raised there
            outcomes[place] = fault
        finally:
            connection.close()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, place, act), daemon=True)
        for place, act in enumerate(acts)
    ]
    with transaction.atomic():
        list(Case.objects.select_for_update().order_by("pk"))
        for thread in threads:
            thread.start()
        ready.wait(LONGEST)
        threading.Event().wait(0.15)
    for thread in threads:
        thread.join(LONGEST)
        assert not thread.is_alive(), "somebody waits for ever"
    faults = [found for found in outcomes if isinstance(found, BaseException) and not isinstance(found, NO)]
    if faults:
        raise faults[0]
    Look(everything()).require_sound()
    return outcomes


NO = (Refused, PermissionDenied)


def winner_and_loser(outcomes: list[Any]) -> tuple[int, Refused]:
    """Exactly one act happened: which, and what the other was told."""
    refused = [found for found in outcomes if isinstance(found, Refused)]
    assert len(refused) == len(outcomes) - 1, outcomes
    return next(place for place, found in enumerate(outcomes) if not isinstance(found, Refused)), refused[0]


def incompatible(cast, name: str) -> tuple[Case, list[tuple[Any, str, Callable[[], Any]]]]:
    """A case, and two acts of which only one can happen: by whom, what the latecomer reads of it, and the act."""
    if name == "two dispatchers":
        case = roads.accepted(cast)
        return case, [
            (
                cast.dispatcher,
                "派单",
                lambda: actions.dispatch(fresh(case), by=cast.dispatcher, lead=cast.chengguan),
            ),
            (
                cast.dispatcher,
                "派单",
                lambda: actions.dispatch(fresh(case), by=cast.dispatcher, lead=cast.weijian),
            ),
        ]
    if name == "accept and decline":
        case = roads.registered(cast)
        decline = lambda: actions.decline(fresh(case), by=cast.second_clerk, reason=cast.no_duty)  # noqa: E731
        return case, [
            (cast.clerk, "受理", lambda: actions.accept(fresh(case), by=cast.clerk)),
            (cast.second_clerk, "不予受理", decline),
        ]
    if name == "approve and redo":
        case = roads.answered(cast).case
        return case, [
            (cast.reviewer, "审核通过", lambda: actions.approve(fresh(case), by=cast.reviewer)),
            (
                cast.dispatcher,
                "退回重办",
                lambda: actions.redo(fresh(case), by=cast.dispatcher, reason="没有期限"),
            ),
        ]
    if name == "reject and designate":
        objection = roads.objected(cast)
        designate = lambda: actions.designate(  # noqa: E731
            fresh(objection), by=cast.supervisor, unit=cast.chengguan, reason="会商"
        )
        reject = lambda: actions.reject_objection(fresh(objection), by=cast.dispatcher, reason="归你")  # noqa: E731
        return objection.order.case, [
            (cast.dispatcher, "驳回派单异议", reject),
            (cast.supervisor, "指定承办", designate),
        ]
    case = roads.told(cast)
    return case, [
        (cast.caller, "办结", lambda: actions.close(fresh(case), by=cast.caller)),
        (cast.reviewer, "退回重办", lambda: actions.redo(fresh(case), by=cast.reviewer, reason="照旧")),
    ]


PAIRS = [
    "two dispatchers",
    "accept and decline",
    "approve and redo",
    "reject and designate",
    "close and redo",
]


@pytest.mark.parametrize("pair", PAIRS)
def test_of_incompatible_acts_exactly_one_happens_and_the_other_is_told_who_did_what_when(cast, pair):
    case, acts = incompatible(cast, pair)
    before = len(events(case))
    first, no = winner_and_loser(at_once(*[act for _who, _word, act in acts]))
    who, word, _act = acts[first]
    assert word in str(no) and "11-02 09:00" in str(no)
    assert who.user.name in str(no) and len(events(case)) == before + 1


def test_an_answer_that_loses_to_a_withdrawal_leaves_no_trace_and_the_other_way_round(cast):
    order = roads.signed(cast)
    citizen = party_of(order.case)
    outcomes = at_once(
        lambda: actions.answer(fresh(order), by=cast.handler, text="已办", outcome="solved"),
        lambda: actions.withdraw(fresh(order.case), by=citizen),
    )
    assert fresh(order.case).state == "withdrawn", "an answer that was not told yet can still be withdrawn"
    assert isinstance(outcomes[0], Refused) == (fresh(order).answers.count() == 0)


def test_two_notes_both_stand(cast):
    case = roads.registered(cast)
    at_once(
        lambda: actions.note(fresh(case), by=cast.clerk, text="来电人情绪激动"),
        lambda: actions.note(fresh(case), by=cast.second_clerk, text="又来电催问"),
    )
    assert Note.objects.filter(case=case).count() == 2 and events(case) == ["register", "note", "note"]


def test_two_units_sign_their_orders_side_by_side(cast):
    order = roads.dispatched(cast, assisting=[cast.zhujian])
    helping = Order.objects.get(case=order.case, part="assist")
    at_once(
        lambda: actions.sign(fresh(order), by=cast.handler),
        lambda: actions.sign(fresh(helping), by=cast.zhujian_handler),
    )
    assert set(Order.objects.values_list("state", flat=True)) == {"signed"}


def test_two_callers_tell_the_last_two_parties_and_the_case_is_told(cast):
    case = roads.approved(cast, parties=roads.TWO)
    one, two = Notice.objects.filter(case=case).order_by("pk")
    at_once(
        lambda: actions.record_told(fresh(one), by=cast.caller, how="spoken", said="电话告知甲"),
        lambda: actions.record_told(fresh(two), by=cast.clerk, how="spoken", said="电话告知乙"),
    )
    assert fresh(case).state == "told"


def test_the_program_accepts_an_order_while_its_unit_signs_it(cast):
    order = roads.dispatched(cast)
    with at(order.objection_until + DAY):
        accepted, _signed = at_once(tasks.accept_silence, lambda: actions.sign(fresh(order), by=cast.handler))
    assert fresh(order).state == "signed" and accepted in (0, 1)
    assert len(events(order.case)) == 4


# -- merging ---------------------------------------------------------------------------------------------------
def test_merging_each_into_the_other_does_one_of_the_two_and_nobody_waits_for_ever(cast):
    a, b = roads.registered(cast), roads.registered(cast)
    first, _no = winner_and_loser(
        at_once(
            lambda: actions.merge(fresh(a), into=fresh(b), by=cast.clerk),
            lambda: actions.merge(fresh(b), into=fresh(a), by=cast.second_clerk),
        )
    )
    assert fresh((a, b)[first]).state == "merged" and fresh((b, a)[first]).state == "registered"


def test_a_child_is_taken_out_while_its_parents_answer_is_shared(cast):
    child = roads.merged(cast)
    parent = child.parent
    actions.accept(parent, by=cast.clerk, category=cast.night_noise)
    order = actions.dispatch(parent, by=cast.dispatcher, lead=cast.chengguan)
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="已办", outcome="solved")
    at_once(
        lambda: actions.approve(fresh(parent), by=cast.reviewer),
        lambda: actions.unmerge(fresh(child), by=cast.clerk),
    )
    assert fresh(parent).state == "telling" and fresh(child).state == "registered"
    assert not Notice.objects.filter(case=child, about="answer", told_at=None).exists()


def test_a_child_joins_while_its_parents_answer_is_shared(cast):
    parent, child = roads.answered(cast).case, roads.registered(cast)
    at_once(
        lambda: actions.approve(fresh(parent), by=cast.reviewer),
        lambda: actions.merge(fresh(child), into=fresh(parent), by=cast.clerk),
    )
    if fresh(parent).state == "telling" and fresh(child).state == "merged":
        assert Notice.objects.filter(case=child, about="answer").count() == 1


def test_a_chain_is_merged_from_both_ends(cast):
    a, b, c = (roads.registered(cast) for _each in range(3))
    at_once(
        lambda: actions.merge(fresh(a), into=fresh(b), by=cast.clerk),
        lambda: actions.merge(fresh(b), into=fresh(c), by=cast.second_clerk),
    )
    parents = {case.pk: fresh(case).parent_id for case in (a, b)}
    assert parents[b.pk] in (c.pk, None) and parents[a.pk] in (b.pk, c.pk, None)
    assert fresh(c).state == "registered" and any(parents.values())


# -- registering -----------------------------------------------------------------------------------------------
def test_the_same_form_sent_twice_at_once_is_one_case_and_both_get_the_same_receipt(cast):
    form = noise(idempotency_key="form-1", parties=roads.TWO)
    one, two = at_once(*[lambda: actions.register(form, by=cast.citizen)] * 2)
    assert (one.case.number, one.codes) == (two.case.number, two.codes) and len(one.codes) == 2
    assert Case.objects.count() == 1 and Event.objects.count() == 1 and Party.objects.count() == 2


def test_the_same_call_taken_down_and_answered_twice_at_once_is_one_case_too(cast):
    form = noise(idempotency_key="call-1")
    one, two = at_once(*[lambda: actions.register_and_answer(form, by=cast.clerk, text="已说明")] * 2)
    assert one.case.pk == two.case.pk and one.codes == two.codes
    assert events(fresh(one.case)) == ["register", "answer_at_once"]


def test_many_register_side_by_side(cast):
    made = at_once(*[lambda: actions.register(noise(), by=cast.citizen)] * 6)
    assert len({each.case.number for each in made}) == 6 == Case.objects.count()


def test_a_crowd_at_one_case_leaves_it_sound(cast):
    order = roads.signed(cast)
    case, citizen = order.case, party_of(order.case)
    at_once(
        lambda: actions.note(fresh(case), by=cast.clerk, text="一"),
        lambda: actions.ask_extension(fresh(order), by=cast.handler, days=2, reason="等检测"),
        lambda: actions.answer(fresh(order), by=cast.unit_leader, text="已办", outcome="solved"),
        lambda: actions.note(fresh(case), by=citizen, text="二"),
        lambda: actions.withdraw(fresh(case), by=citizen),
        lambda: actions.redact(fresh(case), by=cast.clerk, redaction=READABLE),
    )
    assert Note.objects.filter(case=case).count() == 2 and fresh(case).state == "withdrawn"
    assert not Notice.objects.filter(told_at=None).exists() or owed(case)


def test_of_two_who_agree_how_to_keep_in_touch_with_one_person_one_is_told_of_the_other(cast):
    roads.registered(cast)
    given = {"phone": "13800000001", "kind": "written", "agreed": "以书面为主", "why": "一天来电十二次"}
    given |= {"reason": cast.too_often, "until": local_date(now()) + 10 * DAY}
    outcomes = at_once(
        lambda: measures.propose(by=cast.clerk, **given),
        lambda: measures.propose(by=cast.second_clerk, **given),
    )
    _first, told = winner_and_loser(outcomes)
    assert told.code == "again" and ContactMeasure.objects.count() == 1
