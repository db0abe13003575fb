"""Rows that belong together, inserted at once, beside what Django itself would have written one by one."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, models, transaction

from huiyin.deadlines.models import CalendarYear, Clock, Pause, Policy
from huiyin.kernel import together
from huiyin.kernel.permits import Permit, Purpose
from huiyin.people.models import Person

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def family() -> list[models.Model]:
    """A policy, a clock under it, two pauses of the clock, and somebody whom it does not concern."""
    policy = Policy(code="p", step="order", kind="hours", amount=2, pauses=["听证", "%s", "$1"], basis="某条")
    clock = Clock(
        subject="s",
        step="order",
        policy=policy,
        kind=Policy.Kind.HOURS,
        amount=2,
        started_at=NOON,
        due_at=NOON,
    )
    person = Person(name="张三丰", phone="+8613800000001", phone_index=b"\x00'\xff", created_at=NOON)
    ended = Pause(clock=clock, reason="expertise", began_at=NOON, ended_at=NOON)
    open_one = Pause(clock=clock, reason="awaiting_petitioner", began_at=NOON, until=NOON)
    clock.until = date(2026, 4, 1)
    return [policy, clock, person, ended, open_one]


def stored(row: models.Model) -> dict:
    """Every column of a row as it lies in the database; sealed ones opened."""
    read = type(row)._base_manager.get(pk=row.pk)
    reader = Permit(holder="test", purpose=Purpose.READ_ORIGINAL)
    values = {field.attname: getattr(read, field.attname) for field in read._meta.concrete_fields}
    return {
        name: value.open(reader)
        if hasattr(value, "open")
        else bytes(value)
        if isinstance(value, memoryview)
        else value
        for name, value in values.items()
    }


def plain(row: models.Model) -> dict:
    """The same without the keys, which the database draws."""
    keys = {field.attname for field in row._meta.concrete_fields if field.primary_key or field.is_relation}
    return {name: value for name, value in stored(row).items() if name not in keys}


def test_each_row_reads_back_as_django_would_have_stored_it():
    once, again = family(), family()
    together.insert(once)
    again[0].code = "another"
    for row in again:
        for name in ("policy", "clock"):
            if hasattr(row, name):
                setattr(row, name, getattr(row, name))  # which has its key by now
        row.save()
    for one, other in zip(once, again, strict=True):
        assert plain(one) | {"code": ""} == plain(other) | {"code": ""}


def test_rows_point_at_those_that_came_before_them_and_know_it():
    policy, clock, person, *pauses = family()
    together.insert([policy, clock, person, *pauses])
    assert all(row.pk and not row._state.adding for row in (policy, clock, person, *pauses))
    assert clock.policy_id == policy.pk and {pause.clock_id for pause in pauses} == {clock.pk}
    assert list(Pause.objects.filter(clock=clock).order_by("pk")) == pauses
    assert Clock.objects.get(pk=clock.pk).policy == policy
    clock.state = "stopped"
    clock.save()
    assert Clock.objects.get(pk=clock.pk).state == "stopped"


def test_a_row_may_point_at_one_that_was_there(django_assert_num_queries):
    policy = Policy.objects.create(code="p", step="order", kind="hours", amount=2, basis="某条")
    clock = Clock(subject="s", step="order", policy=policy, kind="hours", amount=2, started_at=NOON)
    with django_assert_num_queries(1):
        together.insert([clock])
    assert Clock.objects.get().policy == policy and Clock.objects.get().due_at is None


def test_postgresql_is_asked_once_for_all(django_assert_num_queries):
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 5):
        together.insert(family())


def test_shapes_do_not_mix():
    for amount in range(8):  # more often than any server waits before it keeps a plan
        row = Clock(subject=f"s{amount}", step="order", kind="hours", amount=amount, started_at=NOON)
        row.policy = Policy(
            code=f"p{amount}", step="order", kind="hours", amount=40_000 * amount % 32_000, basis="条"
        )
        row.due_at = NOON if amount % 2 else None
        row.until = date(2026, 4, 1) if amount % 3 else None
        together.insert([row.policy, row])
        read = Clock.objects.get(subject=f"s{amount}")
        assert (read.due_at, read.until, read.policy.code) == (row.due_at, row.until, f"p{amount}")


def test_a_clash_is_the_databases_own_error_and_leaves_nothing():
    together.insert([CalendarYear(year=2030)])
    person = Person(name="张三丰", created_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        together.insert([person, CalendarYear(year=2030)])
    assert not Person.objects.exists()
    together.insert([CalendarYear(year=2031)])
    assert CalendarYear.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_alone_it_is_a_transaction_of_its_own(django_assert_num_queries):
    postgresql = connection.vendor == "postgresql"
    with django_assert_num_queries(1 if postgresql else 7), together.whole():  # with BEGIN, COMMIT
        together.insert(family())
    with pytest.raises(IntegrityError), together.whole():
        together.insert([Person(created_at=NOON), CalendarYear(year=2030), CalendarYear(year=2030)])
    assert Person.objects.count() == 1 and not CalendarYear.objects.exists()


def test_within_another_transaction_that_goes_on_without_it():
    with pytest.raises(IntegrityError), together.whole():
        together.insert([Person(created_at=NOON), CalendarYear(year=2030), CalendarYear(year=2030)])
    assert not Person.objects.exists()
