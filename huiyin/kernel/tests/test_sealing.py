"""Sealed texts: encrypted at rest, opened with a permit, found by a keyed index."""

import copy
import json
import pickle
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from hypothesis import given
from hypothesis import strategies as st

from huiyin.kernel import keys, resealing
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import (
    SealBroken,
    Sealed,
    SealedTextField,
    blind_index,
    commitment,
    decrypt,
    encrypt,
    key_id,
)

READER = Permit(holder="post:desk-1", purpose=Purpose.READ_ORIGINAL)
HARD_TEXTS = ["", "张三丰", "a\x00b", "👨‍👩‍👧𠮷", "诉" * 100_000, "\u202e倒", "'; DROP TABLE--"]


class Letter(models.Model):
    """A model with sealed columns, for these tests alone."""

    text = SealedTextField(null=True)
    phone = SealedTextField(null=True)

    class Meta:
        app_label = "kernel"


@pytest.fixture
def letters(db) -> Iterator[type[Letter]]:
    """The table of letters, for one test."""
    kinds = {"sqlite": ("INTEGER PRIMARY KEY", "BLOB"), "postgresql": ("BIGSERIAL PRIMARY KEY", "BYTEA")}
    number, sealed = kinds[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE kernel_letter (id {number}, text {sealed} NULL, phone {sealed} NULL)")
        yield Letter
        cursor.execute("DROP TABLE kernel_letter")


def stored(column: str = "text") -> bytes | None:
    """What lies in the only row of the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM kernel_letter")
        (value,) = cursor.fetchone()
    return None if value is None else bytes(value)


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_a_text_comes_back_as_it_went_in_and_is_not_readable_at_rest(letters, text):
    letters.objects.create(text=text)
    assert letters.objects.get().text.open(READER) == text
    assert not text or text.encode() not in stored()


def test_nothing_stays_nothing(letters):
    letters.objects.create(text=None)
    assert letters.objects.get().text is None
    assert stored() is None


def test_a_lone_surrogate_becomes_a_replacement_character(letters):
    letters.objects.create(text="a\ud800b")
    assert letters.objects.get().text.open(READER) == "a\ufffdb"


def test_assigning_a_text_seals_it_at_once(letters):
    letter = Letter(text="张三丰")
    assert isinstance(letter.text, Sealed)
    letter.text = "李四"
    assert "李四" not in f"{letter.text} {letter.text!r} {letter.text:>9} {letter.__dict__}"
    assert letter.text.open(READER) == "李四"


def test_every_way_of_writing_seals(letters):
    letters.objects.bulk_create([Letter(text="一"), Letter(text=Sealed.of("二"))])
    first, second = letters.objects.order_by("id")
    assert (first.text.open(READER), second.text.open(READER)) == ("一", "二")
    letters.objects.update(text="三")
    first.refresh_from_db()
    assert first.text.open(READER) == "三"
    first.text = "四"
    letters.objects.bulk_update([first], ["text"])
    assert letters.objects.get(pk=first.pk).text.open(READER) == "四"
    assert letters.objects.get(pk=second.pk).text.open(READER) == "三"


def test_raw_bytes_for_copy_are_what_the_field_stores(letters):
    field = Letter._meta.get_field("text")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kernel_letter (text) VALUES (%s)", [field.raw("张三\ud800")])
    assert letters.objects.get().text.open(READER) == "张三\ufffd"
    assert field.raw(None) is None
    with pytest.raises(TypeError):
        field.raw(12)


def test_only_texts_are_sealed(letters):
    with pytest.raises(TypeError), transaction.atomic():
        letters.objects.create(text=b"bytes")
    with pytest.raises(TypeError):
        Sealed.of(12)


def test_a_sealed_column_cannot_be_searched(letters):
    for question in (
        {"text": "张三丰"},
        {"text__contains": "张"},
        {"text__in": ["张三丰"]},
        {"text__gt": "a"},
    ):
        with pytest.raises(FieldError, match="sealed"):
            letters.objects.filter(**question).exists()
    letters.objects.create(text=None)
    assert letters.objects.filter(text__isnull=True).count() == letters.objects.filter(text=None).count() == 1


def test_only_a_permit_opens(letters):
    sealed = Letter(text="张三丰").text
    for key in (None, "post:desk-1", {"holder": "x", "purpose": "own"}):
        with pytest.raises(TypeError):
            sealed.open(key)


def test_a_value_moved_to_another_column_does_not_open(letters):
    letters.objects.create(text="张三丰")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_letter SET phone = text")
    with pytest.raises(SealBroken):
        letters.objects.get().phone.open(READER)


def test_a_value_assigned_from_one_field_to_another_is_sealed_anew(letters):
    letters.objects.create(text="张三丰")
    letter = letters.objects.get()
    letter.phone = letter.text
    letter.save()
    again = letters.objects.get()
    assert (again.phone.open(READER), again.text.open(READER)) == ("张三丰", "张三丰")


@given(st.text(max_size=50), st.integers(0), st.integers(1, 255))
def test_any_changed_byte_breaks_the_seal(text, place, change):
    token = bytearray(encrypt(text.encode("utf-8", "replace").decode(), "a.b.c"))
    token[place % len(token)] ^= change
    with pytest.raises(SealBroken):
        decrypt(bytes(token), "a.b.c")


@pytest.mark.parametrize("token", [b"", b"\x01", b"\x02" + bytes(60), bytes(60), b"\x01\x02k1" + bytes(27)])
def test_what_was_never_sealed_does_not_open(token):
    with pytest.raises(SealBroken):
        decrypt(token, "a.b.c")


def test_the_same_text_never_looks_the_same_twice():
    assert len({encrypt("张三丰", "a.b.c") for _number in range(100)}) == 100


def test_a_missing_key_is_named(own_keys, settings):
    token = encrypt("张三丰", "a.b.c")
    settings.HUIYIN_KEYS = replace(own_keys, sealing={"k7": bytes(32)}, current="k7")
    with pytest.raises(SealBroken, match="'k1'"):
        decrypt(token, "a.b.c")


def test_a_sealed_value_is_copied_and_pickled_encrypted_or_not_at_all(letters):
    letters.objects.create(text="张三丰")
    sealed = letters.objects.get().text
    assert copy.deepcopy(sealed) is copy.copy(sealed) is sealed
    pickled = pickle.dumps(sealed)
    assert "张三丰".encode() not in pickled
    assert pickle.loads(pickled).open(READER) == "张三丰"  # noqa: S301
    with pytest.raises(TypeError):
        pickle.dumps(Sealed.of("张三丰"))


def test_a_dump_of_the_table_holds_it_encrypted_and_loads_again(letters):
    letters.objects.create(text="张三丰")
    dump = serializers.serialize("json", letters.objects.all())
    assert "张三丰" not in dump
    assert json.loads(dump)[0]["fields"]["phone"] is None
    letters.objects.all().delete()
    for entry in serializers.deserialize("json", dump):
        entry.save()
    assert letters.objects.get().text.open(READER) == "张三丰"


def test_migrations_know_the_field():
    text, imports = MigrationWriter.serialize(SealedTextField(null=True))
    assert text == "huiyin.kernel.sealing.SealedTextField(null=True)"
    assert imports == {"import huiyin.kernel.sealing"}


def test_a_whole_model_can_be_checked_before_it_is_saved(letters):
    Letter(text="张三丰", phone="13800001234").full_clean()


def test_resealing_brings_every_value_under_the_newest_key(letters, own_keys, settings, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    letters.objects.bulk_create([Letter(text=f"第{number}封", phone=None) for number in range(5)])
    letters.objects.filter(pk=letters.objects.first().pk).update(phone="13800001234")
    newer = keys.fresh()
    settings.HUIYIN_KEYS = replace(
        own_keys, sealing={**own_keys.sealing, "k2": newer.sealing["k1"]}, current="k2"
    )
    letters.objects.create(text="新的一封")
    heard: list[int] = []
    assert resealing.reseal(Letter, told=heard.append) == 6
    assert heard == [3, 2, 1] or sum(heard) == 6
    assert resealing.reseal(Letter) == 0
    settings.HUIYIN_KEYS = replace(settings.HUIYIN_KEYS, sealing={"k2": newer.sealing["k1"]})
    assert [letter.text.open(READER) for letter in letters.objects.order_by("id")][0::5] == [
        "第0封",
        "新的一封",
    ]
    assert letters.objects.order_by("id")[0].phone.open(READER) == "13800001234"


def test_resealing_killed_in_the_middle_is_run_again(letters, own_keys, settings, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    letters.objects.bulk_create([Letter(text=f"第{number}封") for number in range(5)])
    settings.HUIYIN_KEYS = replace(own_keys, sealing={**own_keys.sealing, "k2": bytes(32)}, current="k2")

    def die(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resealing.reseal(Letter, told=die)
    assert resealing.reseal(Letter) == 3
    assert {key_id(letter.text.token_for("kernel.letter.text")) for letter in letters.objects.all()} == {"k2"}


def test_the_ledger_and_this_letter_are_among_the_sealed_models():
    assert Letter in resealing.sealed_models()
    assert [field.name for field in resealing.sealed_fields(Letter)] == ["text", "phone"]


def test_a_blind_index_finds_equal_values_of_one_kind(own_keys, settings):
    index = blind_index("phone", "+8613800001234")
    assert len(index) == 16
    assert index == blind_index("phone", "+8613800001234")
    assert index != blind_index("identity", "+8613800001234")
    assert index != blind_index("phone", "+8613800001235")
    settings.HUIYIN_KEYS = keys.fresh()
    assert index != blind_index("phone", "+8613800001234")


def test_a_kind_and_a_value_never_run_into_each_other():
    assert blind_index("a", "b\x00c") != blind_index("a\x00b", "c") or blind_index("a", "bc") != blind_index(
        "ab", "c"
    )


def test_a_commitment_depends_on_salt_and_facts_alone():
    salt = bytes(range(32))
    assert commitment(salt, {"a": 1, "b": 2}) == commitment(salt, {"b": 2, "a": 1})
    assert commitment(salt, {"a": 1}) != commitment(salt, {"a": 2})
    assert commitment(salt, {"a": 1}) != commitment(bytes(32), {"a": 1})
    with pytest.raises(ValueError, match="salt"):
        commitment(b"short", {"a": 1})
