"""The pens: several acts under one that holds on leave what the same acts leave when each reads anew."""

from contextlib import nullcontext

import pytest
from django.db import transaction

from huiyin.cases import actions, pens
from huiyin.cases.models import Answer, Case, Notice, Objection, Order, Party, Point, Round
from huiyin.cases.tests import roads
from huiyin.deadlines.models import Clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import history
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DRAWN = ("id", "number", "code_hash", "subject", "recorded_at")  # by chance, or by the database


def a_long_road(cast: Cast) -> Case:
    """One matter with an objection, a second unit, a redo, and its end."""
    wrong = roads.objected(cast)
    order = actions.redispatch(wrong, by=cast.dispatcher, unit=cast.chengguan, reason="归城管")
    case = order.case
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="已约谈店主", outcome=Point.Outcome.PARTLY)
    [second] = actions.redo(case, by=cast.reviewer, reason="没有写明期限")
    actions.sign(second, by=cast.handler)
    actions.answer(second, by=cast.handler, text="五日前加装隔音", outcome=Point.Outcome.SOLVED)
    actions.approve(case, by=cast.reviewer)
    actions.tell_all(case, by=cast.system, how=Notice.How.POSTED)
    actions.close(case, by=cast.caller)
    return case


def picture(case: Case) -> list:
    """Every row of the case and every event, but for what chance draws."""
    shown = [
        (model.__name__, *_values(row))
        for model in (Case, Party, Point, Round, Order, Answer, Notice)
        for row in model.objects.filter(**{"pk" if model is Case else "case": case.pk}).order_by("pk")
    ]
    shown += [("Objection", *_values(row)) for row in Objection.objects.filter(order__case=case)]
    shown += [("Clock", *_values(row)) for row in Clock.objects.filter(subject=case.number).order_by("pk")]
    return shown + [(e.subject_seq, e.kind, e.actor, e.facts) for e in history(pens.subject_of(case))]


def _values(row) -> list:
    """Plain columns; keys of other rows of the case differ, and sealed ones do not show themselves."""
    kept = [f for f in row._meta.concrete_fields if f.name not in DRAWN and not f.is_relation]
    return [(f.name, str(getattr(row, f.attname))) for f in kept]


def test_acts_under_a_pen_that_holds_leave_what_they_leave_one_by_one(cast):
    pictures = []
    for writing in (nullcontext(), pens.writing_with(pens.HoldingPen())):
        with transaction.atomic(), writing:
            pictures.append(picture(a_long_road(cast)))
    assert pictures[0] == pictures[1]


def test_a_case_born_under_a_pen_that_holds_is_never_read_again(cast, django_assert_max_num_queries):
    roads.closed(cast)  # the memory of units and policies is warm
    with transaction.atomic(), pens.writing_with(pens.HoldingPen()), django_assert_max_num_queries(24):
        case = actions.register(roads.noise(), by=cast.system).case  # 3 of savepoint, 9 rows and events
        actions.accept(case, by=cast.system)
        actions.dispatch(case, by=cast.system, lead=cast.chengguan)


def test_a_case_that_was_there_is_read_once_under_its_lock(cast):
    case = roads.accepted(cast)
    with transaction.atomic(), pens.writing_with(pens.HoldingPen()):
        order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
        actions.sign(order, by=cast.handler)
    assert roads.fresh(order).state == "signed" and roads.fresh(case).version == 4


def test_a_case_changed_since_it_was_read_is_refused_with_its_event_unwritten(cast):
    case = roads.accepted(cast)
    stale = pens.HoldingPen()
    with transaction.atomic(), pens.writing_with(stale):
        actions.note(case, by=cast.clerk, text="先看一眼")
    actions.note(case, by=cast.clerk, text="又写一句")
    with pytest.raises(Refused, match="先改动"), pens.writing_with(stale):
        actions.note(case, by=cast.clerk, text="来晚了")
    assert history(pens.subject_of(case)).count() == 4
