"""The sequencer: one dense order that survives being killed."""

import json

import pytest
from django.db import IntegrityError, transaction

from huiyin.ledger import head, sequencer
from huiyin.ledger.canonical import GENESIS, next_running
from huiyin.ledger.head import Head, read_head_file, stored_head
from huiyin.ledger.models import Event, LedgerHead
from huiyin.ledger.sequencer import HeadDisagrees, append_sequenced, sequence
from huiyin.ledger.tests.conftest import NOON
from huiyin.ledger.verify import verify
from huiyin.ledger.writing import build

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """What `kill -9` looks like from inside a test."""


def fresh(number: int, *, subject: str = "import") -> list[Event]:
    """Unsaved events of one subject, as a bulk import builds them."""
    events: list[Event] = []
    for seq in range(1, number + 1):
        prev = events[-1].hash if events else GENESIS
        events.append(
            build(subject, "noted", actor="import", occurred_at=NOON, facts={"n": seq}, prev=prev, seq=seq)
        )
    return events


def test_waiting_events_get_dense_positions_in_the_order_of_their_ids(write):
    written = [write(f"case:{number % 3}") for number in range(10)]
    assert sequence() == 10
    assert list(Event.objects.order_by("position").values_list("id", "position")) == [
        (event.id, place) for place, event in enumerate(written, start=1)
    ]


def test_the_running_hash_is_over_everything_so_far(write):
    events = [write() for _number in range(3)]
    sequence()
    running = GENESIS
    for event in events:
        running = next_running(running, event.hash)
    assert bytes(Event.objects.get(position=3).running) == running == stored_head().running


def test_a_later_round_goes_on_where_the_earlier_one_ended(write):
    write()
    sequence()
    write()
    assert sequence() == 1
    assert stored_head().count == 2
    assert verify().sound


def test_there_is_nothing_to_do_twice(write, django_assert_num_queries):
    write()
    sequence()
    with django_assert_num_queries(1):
        assert sequence() == 0


def test_a_limit_is_kept_and_rounds_are_joined(write, monkeypatch):
    monkeypatch.setattr(sequencer, "ROUND", 3)
    for _number in range(10):
        write()
    assert sequence(limit=4) == 4
    assert sequence() == 6
    assert verify().sound


def test_a_round_takes_the_same_few_statements_however_many_events_wait(
    write, django_assert_num_queries, django_assert_max_num_queries
):
    write()
    sequence()
    write()
    with django_assert_max_num_queries(14) as few:
        sequence()
    for _number in range(50):
        write()
    with django_assert_num_queries(len(few.captured_queries)):
        sequence()


@pytest.mark.django_db(transaction=True)
def test_the_head_is_copied_beside_the_database_after_commit(write, home):
    write()
    sequence()
    copy = json.loads((home / "ledger-head.json").read_text())
    assert (copy["count"], copy["running"]) == (1, stored_head().running.hex())
    assert read_head_file() == stored_head()
    assert [path.name for path in home.iterdir() if path.suffix == ".new"] == []


@pytest.mark.django_db(transaction=True)
def test_a_round_that_is_rolled_back_leaves_no_copy(write, home):
    write()
    with pytest.raises(Killed), transaction.atomic():
        sequence()
        raise Killed
    assert not (home / "ledger-head.json").exists()
    assert stored_head() is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["_write_places", "store_head", "_move_head"])
def test_killed_between_any_two_steps_it_starts_again_as_if_nothing_had_been(write, monkeypatch, step):
    for _number in range(4):
        write()
    sequence(limit=2)
    real = getattr(sequencer, step)

    def die(*arguments):
        real(*arguments)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sequencer, step, die)
        sequence()
    assert stored_head().count == 2
    assert verify().sound
    assert sequence() == 2
    assert verify().sound


@pytest.mark.django_db(transaction=True)
def test_killed_between_commit_and_copy_the_older_copy_raises_no_alarm(write, monkeypatch):
    write()
    sequence()
    write()

    def die():
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sequencer, "publish_head", die)
        sequence()
    assert (read_head_file().count, stored_head().count) == (1, 2)
    assert verify().sound
    write()
    sequence()
    assert read_head_file().count == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_killed_while_the_copy_is_written_the_older_copy_is_whole(write, monkeypatch, moment):
    write()
    sequence()
    write()

    def die(*_arguments):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(head.os if moment == "fsync" else head.Path, moment, die)
        sequence()
    assert read_head_file().count == 1
    assert verify().sound


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_disagrees_is_evidence_and_stays(write, home, caplog):
    write()
    sequence()
    ahead = Head.signed(count=9, running=bytes(32), at=NOON)
    (home / "ledger-head.json").write_text(json.dumps(ahead.as_json()))
    write()
    sequence()
    assert read_head_file() == ahead
    assert "left as it is" in caplog.text
    (home / "ledger-head.json").write_text("not a head")
    write()
    sequence()
    assert (home / "ledger-head.json").read_text() == "not a head"


def test_a_head_that_was_changed_stops_the_sequencer(write):
    write()
    sequence()
    LedgerHead.objects.update(count=5)
    write()
    with pytest.raises(HeadDisagrees):
        sequence()


def test_a_head_that_another_key_signed_stops_the_sequencer(write):
    write()
    sequence()
    LedgerHead.objects.update(mac=bytes(32))
    write()
    with pytest.raises(HeadDisagrees):
        sequence()


def test_built_events_get_their_places_before_they_are_inserted(write, monkeypatch):
    monkeypatch.setattr(sequencer, "ROUND", 2)
    for _number in range(5):
        write()
    with transaction.atomic():
        events = fresh(3)
        append_sequenced(events)
        Event.objects.bulk_create(events)
    assert [event.position for event in events] == [6, 7, 8]
    assert not Event.objects.filter(position__isnull=True).exists()
    with transaction.atomic():
        more = fresh(2, subject="import:2")
        append_sequenced(more)
        Event.objects.bulk_create(more)
    assert stored_head().count == 10
    assert verify().sound


def test_places_given_to_events_that_were_never_inserted_are_noticed(write):
    with pytest.raises(HeadDisagrees), transaction.atomic():
        append_sequenced(fresh(3))
        append_sequenced(fresh(3, subject="import:2"))


@pytest.mark.django_db(transaction=True)
def test_appending_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        append_sequenced(fresh(1))


def test_two_events_can_never_share_a_position(write):
    write()
    sequence()
    second = fresh(1)[0]
    second.position, second.running = 1, bytes(32)
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
