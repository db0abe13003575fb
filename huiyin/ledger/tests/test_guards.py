"""The database itself refuses to change or remove an event."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from huiyin.ledger import guards
from huiyin.ledger.models import Event
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.writing import erase_private

pytestmark = pytest.mark.django_db
CHANGES = {
    "subject": "'case:9'",
    "subject_seq": "7",
    "kind": "'x'",
    "actor": "'x'",
    "occurred_at": "'2020-01-01 00:00:00'",
    "recorded_at": "'2020-01-01 00:00:00'",
    "facts": "'{}'",
    "commitment": "NULL",
    "prev": "hash",
    "hash": "prev",
    "mac": "prev",
    "position": "99",
    "running": "prev",
    "id": "99",
}


def refused(statement: str) -> bool:
    """Whether the database refuses a statement, with our sentence."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return guards.REFUSAL in str(error)
    return False


@pytest.mark.parametrize("column", CHANGES)
def test_no_column_of_an_event_in_order_can_be_changed(write, column):
    write(private={"name": "张三丰"})
    sequence()
    assert refused(f"UPDATE ledger_event SET {column} = {CHANGES[column]}")


def test_an_event_can_be_neither_deleted_nor_given_back_its_freedom(write):
    write()
    sequence()
    assert refused("DELETE FROM ledger_event")
    assert refused("UPDATE ledger_event SET position = NULL, running = NULL")


def test_an_event_that_waits_for_its_place_is_guarded_too(write):
    write()
    assert refused("DELETE FROM ledger_event")
    assert refused("UPDATE ledger_event SET kind = 'x'")


def test_private_facts_can_be_erased_but_not_put_in_later(write):
    event = write(private={"name": "张三丰"})
    erase_private(event, by="system")
    assert refused("UPDATE ledger_event SET private = hash")


def test_place_and_running_hash_come_together(write):
    write()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_event SET position = 1")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL can TRUNCATE")
def test_the_table_cannot_be_truncated(write):
    write()
    assert refused("TRUNCATE ledger_event")


def test_all_triggers_are_in_place_after_the_migrations():
    assert guards.missing(connection) == []


def test_a_trigger_that_was_taken_away_is_missed():
    guards.lift(connection)
    assert guards.missing(connection) == list(guards.EXPECTED[connection.vendor])
    guards.install(connection)


def test_a_real_database_is_never_flushed(write, monkeypatch):
    write()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/srv/huiyin/huiyin.sqlite3")
    with pytest.raises(CommandError, match="append-only"):
        call_command("flush", interactive=False)
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_test_database_is_emptied_and_guarded_again(write, home):
    write()
    sequence()
    call_command("flush", interactive=False, verbosity=0)
    assert not Event.objects.exists()
    assert guards.missing(connection) == []
    assert not (home / "ledger-head.json").exists()
