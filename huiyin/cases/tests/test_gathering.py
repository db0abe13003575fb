"""Several questions in one statement give what each would give alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.cases.models import Answer, Case, Note, Order, Party, Round
from huiyin.cases.tests.roads import answered
from huiyin.kernel.gathering import gathered
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import Sealed

pytestmark = pytest.mark.django_db


def asked(case):
    """Rows with dates, sealed texts, flags, numbers, empty columns and related rows, some of which are missing."""
    return [
        Round.objects.filter(case=case)
        .select_related("clock__policy", "rating_clock__policy")
        .order_by("number"),
        Order.objects.filter(case=case)
        .select_related("unit", "person__user", "clock__policy")
        .order_by("pk"),
        Answer.objects.filter(case=case).select_related("unit", "given_by__user").order_by("pk"),
        Party.objects.filter(case=case).select_related("person", "unit", "post__user").order_by("pk"),
        Note.objects.none(),
        Note.objects.filter(case=case).order_by("pk"),
        Case.objects.filter(pk=case.pk).select_related("region", "category", "parent"),
    ]


def told(row) -> dict:
    """A row and every row that came with it, column by column."""
    values = {
        field.attname: _plain(getattr(row, field.attname), field) for field in row._meta.concrete_fields
    }
    related = {name: told(value) for name, value in row._state.fields_cache.items() if value is not None}
    return {**values, **related}


def _plain(value, field):
    return value.token_for(field.place) if isinstance(value, Sealed) else value


def test_each_question_gives_what_it_gives_alone(cast):
    case = answered(cast).case
    alone = [[told(row) for row in rows] for rows in asked(case)]
    with CaptureQueriesContext(connection) as seen:
        found = gathered(*asked(case))
    assert [[told(row) for row in rows] for rows in found] == alone and len(seen) == 1
    assert sum(map(len, alone)) > 4


def test_sealed_texts_can_be_opened(cast):
    case = answered(cast).case
    [[answer]] = gathered(Answer.objects.filter(case=case))
    assert answer.text.open(Permit(holder="a test", purpose=Purpose.WORK)) == "已约谈店主，限期整改"


def test_nothing_to_find_asks_nothing(cast):
    with CaptureQueriesContext(connection) as seen:
        assert gathered(Note.objects.none()) == [[]] and gathered() == []
    assert len(seen) == 0
