"""A person is kept sealed, found again by phone, and erased for good."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.models import Event
from huiyin.organisation.actors import Actor
from huiyin.people import acts, queries
from huiyin.people.models import Person

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OWN = Permit(holder="test", purpose=Purpose.OWN)
pytestmark = pytest.mark.django_db


def zhang(**apart: str) -> Person:
    given = {"name": "张三丰", "phone": "13800001234", "address": "武当山 1 号"}
    return acts.keep(at=AT, **(given | apart))


def test_what_is_kept_opens_only_to_a_permit():
    person = Person.objects.get(pk=zhang().pk)
    assert person.name.open(OWN) == "张三丰"
    assert "张三丰" not in repr(vars(person))


def test_nothing_readable_reaches_the_database():
    zhang(email="zhang@example.cn")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_person")
        stored = b"|".join(
            bytes(value) for row in cursor for value in row if isinstance(value, bytes | memoryview)
        )
    for part in ("张三丰", "13800001234", "武当山", "zhang@"):
        assert part.encode() not in stored


@pytest.mark.parametrize(
    "phone", ["13800001234", "+86 138 0000 1234", "１３８００００１２３４", "0086-13800001234"]
)
def test_a_person_is_found_by_their_phone_however_it_is_written(phone):
    person = zhang()
    zhang(phone="13800005678")
    assert list(queries.by_phone(phone)) == [person]


def test_nobody_is_found_under_an_empty_phone():
    zhang(phone="")
    assert not queries.by_phone(" ").exists()


def test_a_foreign_number_is_allowed():
    assert zhang(phone="+1 212 555 2368").phone.open(OWN) == "+12125552368"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("phone", "不知道"),
        ("phone", "138000"),
        ("identity_number", "110101199003070000"),
        ("email", "zhang@"),
        ("name", "张" * 61),
        ("address", "山" * 201),
    ],
)
def test_what_cannot_be_is_refused_with_the_field_and_a_sentence(field, text):
    with pytest.raises(acts.Unreadable) as refusal:
        zhang(**{field: text})
    assert refusal.value.field == field
    assert text not in str(refusal.value)
    assert not Person.objects.exists()


def test_a_firm_gives_its_credit_code():
    firm = zhang(kind=Person.Kind.LEGAL, identity_number="91110000600037341l")
    assert list(queries.by_identity("91110000600037341L", kind=Person.Kind.LEGAL)) == [firm]


def test_erasing_leaves_no_particular_and_no_index_and_one_event():
    person = zhang(identity_number="11010119900307299X", email="zhang@example.cn")
    acts.erase(person, by=Actor.system("worker"))
    acts.erase(person, by=Actor.system("worker"))
    person.refresh_from_db()
    kept = {field.name for field in Person._meta.fields if getattr(person, field.attname)}
    assert kept == {"id", "kind", "language", "created_at", "erased_at"}
    assert person.erased_at
    assert not queries.by_phone("13800001234").exists()
    event = Event.objects.get(subject=f"person:{person.pk}")
    assert (event.kind, event.facts) == ("person_erased", {})
