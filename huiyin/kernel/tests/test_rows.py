"""Single rows written by statements composed once, beside what Django itself would have written."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, models, transaction

from huiyin.deadlines.models import CalendarYear, Clock, Policy
from huiyin.kernel import rows
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.models import Event
from huiyin.people.models import Person

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def clock() -> Clock:
    policy = Policy.objects.create(
        code="p", step="order", kind="hours", amount=2, pauses=["听证"], basis="某条"
    )
    return Clock(
        subject="s", step="order", policy=policy, kind="hours", amount=2, started_at=NOON, due_at=NOON
    )


def test_a_row_reads_back_as_it_was_inserted():
    written = clock()
    rows.insert(written)
    assert written.pk and not written._state.adding
    read = Clock.objects.get(pk=written.pk)
    for field in Clock._meta.concrete_fields:
        assert getattr(read, field.attname) == getattr(written, field.attname), field.name


def test_lists_days_and_sealed_texts_are_stored_as_their_fields_store_them():
    year = CalendarYear(year=2030, holidays=["2030-01-01"], workdays=[], basis="通知")
    person = Person(name="张三丰", created_at=NOON)
    rows.insert(year)
    rows.insert(person)
    assert CalendarYear.objects.get(year=2030).holidays == ["2030-01-01"]
    reader = Permit(holder="test", purpose=Purpose.READ_ORIGINAL)
    assert Person.objects.get(pk=person.pk).name.open(reader) == "张三丰"


def test_an_update_takes_one_statement_and_leaves_the_other_fields(django_assert_num_queries):
    written = clock()
    rows.insert(written)
    written.state, written.until, written.step = "stopped", date(2026, 4, 1), "not written"
    with django_assert_num_queries(1):
        assert rows.update(written, ["state", "until"])
    read = Clock.objects.get(pk=written.pk)
    assert (read.state, read.until, read.step) == ("stopped", date(2026, 4, 1), "order")


def test_an_update_on_a_condition_that_failed_changes_nothing():
    written = clock()
    rows.insert(written)
    written.amount = 9
    assert not rows.update(written, ["amount"], only_if={"state": "paused"})
    assert Clock.objects.get(pk=written.pk).amount == 2
    assert rows.update(written, ["amount"], only_if={"state": "running"})


def test_an_update_of_a_row_that_is_not_there_is_a_fault():
    written = clock()
    rows.insert(written)
    Clock.objects.all().delete()
    with pytest.raises(DatabaseError):
        rows.update(written, ["state"])


def test_a_clash_is_the_databases_own_error():
    rows.insert(CalendarYear(year=2030))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(CalendarYear(year=2030))


def test_a_made_row_is_an_ordinary_row():
    columns = {field.attname: None for field in Event._meta.concrete_fields}
    row = rows.made(Event, {**columns, "subject": "case:1", "kind": "note", "subject_seq": 1})
    assert str(row) == "case:1 #1 note" and row._state.adding and row.pk is None


def test_a_quickly_made_row_equals_one_made_by_django():
    policy = Policy.objects.create(code="q", step="order", kind="hours", amount=2, basis="某条")
    given = {
        "subject": "s",
        "step": "order",
        "policy": policy,
        "kind": "hours",
        "amount": 2,
        "started_at": NOON,
    }
    quick, slow = Clock(**given), models.Model.__new__(Clock)
    models.Model.__init__(slow, **given)
    for field in Clock._meta.concrete_fields:
        assert getattr(quick, field.attname) == getattr(slow, field.attname), field.name
    assert quick.policy is policy and quick._state.adding
    quick.save()
    assert Clock.objects.get(pk=quick.pk).policy == policy


def test_a_quickly_made_row_seals_its_texts_and_refuses_unknown_names():
    assert str(Person(name="张三丰", created_at=NOON).name) == "〔已封存〕"
    with pytest.raises(TypeError):
        Person(nmae="张三丰")


def test_a_row_is_read_as_django_reads_it():
    rows.insert(Person(name="张三丰", created_at=NOON))
    read = Person.objects.get()
    columns = [field.attname for field in Person._meta.concrete_fields]
    theirs = models.Model.from_db.__func__(Person, "default", columns, [vars(read)[name] for name in columns])
    assert vars(read).keys() == vars(theirs).keys() and read == theirs
    assert all(vars(read)[name] == vars(theirs)[name] for name in columns)
    assert (read._state.adding, read._state.db) == (False, "default")


def test_a_column_that_was_not_read_comes_when_it_is_asked_for(django_assert_num_queries):
    rows.insert(clock())
    read = Clock.objects.only("subject").get()
    assert read.get_deferred_fields() == {f.attname for f in Clock._meta.concrete_fields} - {"id", "subject"}
    with django_assert_num_queries(1):
        assert read.kind == "hours"
    read.kind = "working_days"
    read.save()
    assert Clock.objects.get().kind == "working_days"
