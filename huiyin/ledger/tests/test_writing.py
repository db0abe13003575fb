"""Writing events."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger import build, record
from huiyin.ledger.canonical import GENESIS, FactsNotPlain
from huiyin.ledger.models import Event
from huiyin.ledger.tests.conftest import NOON
from huiyin.ledger.writing import NothingToErase, NoTransaction, erase_private, private_facts

pytestmark = pytest.mark.django_db
READER = Permit(holder="post:desk-1", purpose=Purpose.READ_ORIGINAL)


def test_the_first_event_of_a_subject_follows_nothing(write):
    event = write()
    assert (event.subject_seq, event.prev, event.position) == (1, GENESIS, None)


def test_the_next_event_follows_the_hash_of_the_one_before(write):
    first, second = write(), write()
    assert (second.subject_seq, second.prev) == (2, first.hash)


def test_subjects_have_chains_of_their_own(write):
    write("case:1")
    assert write("case:2").subject_seq == 1


def test_a_first_event_takes_one_statement_and_a_later_one_two(write, django_assert_num_queries):
    with django_assert_num_queries(3):  # a savepoint, the event, its release
        first = write(first=True)
    with django_assert_num_queries(4):
        write()
    with django_assert_num_queries(3):
        write("case:2", after=None, first=True)
    assert first.subject_seq == 1


def test_an_event_can_follow_the_one_just_written_without_a_query(write, django_assert_num_queries):
    first = write()
    with django_assert_num_queries(3):
        assert write(after=first).subject_seq == 2


def test_what_was_written_reads_back_with_the_same_canonical_bytes(write):
    event = write(facts={"a": [1, None, True, "é𠮷\n\x1f"], "b": {"c": {}}}, private={"name": "张三丰"})
    stored = Event.objects.get(pk=event.pk)
    assert stored.canonical() == event.canonical()
    assert (bytes(stored.hash), bytes(stored.mac)) == (event.hash, event.mac)


def test_private_facts_are_sealed_and_bound_by_a_commitment(write):
    event = write(private={"phone": "13800000001"})
    stored = Event.objects.get(pk=event.pk)
    assert private_facts(stored, READER) == {"phone": "13800000001"}
    assert b"13800000001" not in stored.canonical()
    assert write(private={"phone": "13800000001"}).commitment != event.commitment


def test_private_facts_survive_lone_surrogates_and_nul(write):
    event = write(private={"text": "a\x00\ud800"})
    assert private_facts(Event.objects.get(pk=event.pk), READER) == {"text": "a\x00\ud800"}


def test_erased_private_facts_are_gone_and_the_event_stands(write):
    event = write(private={"phone": "13800000001"})
    erase_private(event, by="system")
    stored = Event.objects.get(pk=event.pk)
    assert private_facts(stored, READER) is None
    assert stored.canonical() == event.canonical()


def test_an_erasure_is_an_event_that_names_what_was_erased(write):
    event = write(private={"phone": "13800000001"})
    erasure = erase_private(event, by="post:desk-1")
    assert (erasure.kind, erasure.actor, erasure.subject_seq) == ("private_erased", "post:desk-1", 1)
    assert erasure.facts == {"subject": "case:1", "subject_seq": 1, "hash": bytes(event.hash).hex()}
    assert Event.objects.filter(subject=event.subject).count() == 1


def test_what_is_gone_or_never_was_cannot_be_erased(write):
    event = write(private={"phone": "13800000001"})
    erase_private(event, by="system")
    for nothing in (event, write()):
        with pytest.raises(NothingToErase):
            erase_private(nothing, by="system")
    assert Event.objects.filter(kind="private_erased").count() == 1


def test_an_event_outside_a_transaction_is_refused():
    # The test's own transaction is hidden, as a view that forgot its transaction would find it.
    connection = transaction.get_connection()
    connection.in_atomic_block, before = False, connection.in_atomic_block
    try:
        with pytest.raises(NoTransaction):
            record("case:1", "noted", actor="system", occurred_at=NOON, facts={})
    finally:
        connection.in_atomic_block = before


def test_a_second_event_of_the_same_number_is_impossible(write):
    write()
    with pytest.raises(IntegrityError):
        write(first=True)


@pytest.mark.parametrize("subject", ["", "case 1", "案件:1", "x" * 41, "case:\x00"])
def test_a_subject_is_a_short_plain_word(subject):
    with pytest.raises(ValueError, match="subject"):
        build(subject, "noted", actor="system", occurred_at=NOON, facts={})


def test_a_fact_without_one_form_is_refused_before_anything_is_written(write):
    with pytest.raises(FactsNotPlain):
        write(facts={"share": 0.5})
    assert not Event.objects.exists()


def test_a_claimed_time_without_a_zone_is_refused(write):
    with pytest.raises(ValueError, match="zone"):
        write(occurred_at=datetime(2026, 3, 2))  # noqa: DTZ001


def test_building_by_hand_gives_the_event_that_recording_would(write):
    first = write()
    second = write(kind="closed")
    built = build(
        "case:1",
        "closed",
        actor="system",
        occurred_at=NOON,
        facts={"unit": "街道办"},
        prev=first.hash,
        seq=2,
        recorded_at=NOON,
    )
    assert (built.hash, built.mac) == (second.hash, second.mac)
