"""Questions composed once, beside what Django itself would have asked."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from huiyin.deadlines.models import Clock, Policy
from huiyin.kernel.composed import Composed, Head, asked, keys_in, worded

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def clock(step: str, hours: int, **more) -> Clock:
    policy = Policy.objects.get_or_create(
        code="p", defaults={"step": "order", "kind": "hours", "amount": 2, "basis": "某条"}
    )[0]
    due = NOON + timedelta(hours=hours)
    kept = {"subject": "s", "policy": policy, "kind": "hours", "amount": 2, "started_at": NOON, **more}
    return Clock.objects.create(step=step, due_at=due, yellow_at=due, **kept)


def columns(row: Clock) -> dict:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_a_composed_question_finds_what_the_query_itself_would_find():
    for number in range(6):
        clock("order" if number % 2 else "it's 100 % \\ sure", number, until=date(2026, 3, 2 + number))
    question = Composed(
        lambda step, since, until: (
            Clock.objects.filter(Q(step=step) | Q(step="order"), due_at__gt=since, until__lte=until)
            .select_related("policy")
            .annotate(length=F("due_at") - F("started_at"))
            .order_by("pk")
        )
    )
    for step in ("it's 100 % \\ sure", "order", "nothing"):
        for hours in range(4):
            since, until = NOON + timedelta(hours=hours), date(2026, 3, 3 + hours)
            found = question(step=step, since=since, until=until)
            plain = Clock.objects.filter(Q(step=step) | Q(step="order"), due_at__gt=since, until__lte=until)
            assert [columns(row) for row in found] == [
                columns(row) | {"length": row.due_at - row.started_at} for row in plain.order_by("pk")
            ]
            with CaptureQueriesContext(connection) as asked_of:
                assert all(row.policy.code == "p" for row in found)
            assert not asked_of.captured_queries


def test_a_list_of_keys_stands_in_one_question_however_many_they_are():
    keys = [clock("order", number).pk for number in range(5)]
    question = Composed(lambda keys: Clock.objects.filter(pk__in=keys_in(keys)).order_by("pk"))
    for chosen in (keys[1:4], keys[:1], [], [*keys, 10**17], [keys[2]] * 3):
        found = [row.pk for row in question(keys=json.dumps(chosen))]
        assert found == sorted(set(chosen) & set(keys)), chosen


def test_a_value_that_django_changes_on_its_way_is_refused():
    with pytest.raises(ValueError, match="prefix"):
        Composed(lambda prefix: Clock.objects.filter(step__startswith=prefix))(prefix="or")


def test_nothing_stands_in_for_a_value_of_an_unknown_kind():
    with pytest.raises(TypeError, match="bool"):
        Composed(lambda late: Clock.objects.filter(late=late))(late=True)


def test_a_head_reads_the_rows_of_a_condition_in_order():
    made = [clock(f"step {number % 3}", number) for number in range(7)]
    head = Head(lambda: Clock.objects.select_related("policy").only("step", "due_at", "policy__code"))
    for condition in (Q(), Q(step="step 1"), Q(step__in=["step 0", "step 2"], due_at__gt=NOON), Q(pk=None)):
        rows = Clock.objects.filter(condition)
        found = head(rows, order=("-due_at", "id"), most=3)
        plain = list(rows.order_by("-due_at", "id")[:3])
        assert [row.pk for row in found] == [row.pk for row in plain]
        assert [row.policy.code for row in found] == ["p"] * len(found)
    assert len(made) == 7 and head(Clock.objects.none(), order=("id",), most=3) == []


def test_a_condition_on_other_rows_is_refused():
    with pytest.raises(ValueError, match="other rows"):
        worded(Clock.objects.filter(policy__code="p"))


def test_words_are_written_into_the_text_and_numbers_are_bound():
    kept, odd = clock("it's 100 %s \\ sure", 1), "it's 100 %s \\ sure"
    table = Clock._meta.db_table
    sql = f"SELECT id, '%%' FROM {table} WHERE step = %s AND amount = %s AND id >= %s"
    for _ in range(7):  # PostgreSQL makes a plan for all values at the sixth time
        assert asked(sql, [odd, 2, 0]) == [(kept.pk, "%")]
        assert asked(sql, [odd, 3, 0]) == []
    assert asked(sql, ["another", 2, 0]) == []
    assert asked(sql, [odd, 2, 0], bound={0}) == [(kept.pk, "%")]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps plans")
def test_postgresql_plans_a_statement_once_whatever_its_numbers():
    sql = f"SELECT id FROM {Clock._meta.db_table} WHERE step = %s AND amount = %s"
    known = "SELECT count(*) FROM pg_prepared_statements"
    with connection.cursor() as cursor:
        asked(sql, ["order", 1])
        before = cursor.execute(known).fetchone()[0]
        for amount in range(2, 9):
            asked(sql, ["order", amount])
        assert cursor.execute(known).fetchone()[0] == before
        asked(sql, ["another", 1])
        assert cursor.execute(known).fetchone()[0] == before + 1
