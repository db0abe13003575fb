"""Connections to SQLite are kept for a moment, and after a fault not one of them."""

from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection

from huiyin.kernel.sqlite import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_file(tmp_path: Path):
    """Opens connections to a file of its own, as each thread has one."""
    made = []

    def opened() -> base.DatabaseWrapper:
        given = {"NAME": str(tmp_path / "file.sqlite3"), "OPTIONS": {}, "CONN_MAX_AGE": 60}
        described = {**connection.settings_dict, **given, "ENGINE": "huiyin.kernel.sqlite"}
        made.append(base.DatabaseWrapper(described, alias=f"thread {len(made)}"))
        made[-1].ensure_connection()
        return made[-1]

    yield opened
    for each in made:
        each.close()


def fails(of: base.DatabaseWrapper) -> None:
    with pytest.raises(OperationalError):
        of.cursor().execute("SELECT * FROM nothing_of_that_name")


def test_a_connection_is_kept_from_one_request_to_the_next(open_file):
    one = open_file()
    kept = one.connection
    one.close_if_unusable_or_obsolete()
    assert one.connection is kept


def test_after_a_fault_it_is_opened_anew(open_file):
    one = open_file()
    fails(one)
    one.close_if_unusable_or_obsolete()
    assert one.connection is None


def test_so_it_is_when_what_failed_was_undone(open_file):
    """Undoing wipes Django's own note of the fault."""
    one = open_file()
    one.set_autocommit(False)
    fails(one)
    one.rollback()
    one.set_autocommit(True)
    one.close_if_unusable_or_obsolete()
    assert one.connection is None


def test_those_of_other_threads_are_closed_at_once_while_they_rest(open_file):
    """What SQLite knows of the log lasts until the last connection of the process is closed."""
    failing, resting, at_work = open_file(), open_file(), open_file()
    resting.resting = True
    fails(failing)
    failing.close_if_unusable_or_obsolete()
    assert (resting.connection, at_work.connection is None) == (None, False)
    at_work.close_if_unusable_or_obsolete()
    assert at_work.connection is None
    later = open_file()
    later.close_if_unusable_or_obsolete()
    assert later.connection is not None


def test_a_refused_value_is_no_fault_of_the_file(open_file):
    one = open_file()
    one.cursor().execute("CREATE TABLE once (word text UNIQUE)")
    one.cursor().execute("INSERT INTO once VALUES ('a')")
    with pytest.raises(IntegrityError):
        one.cursor().execute("INSERT INTO once VALUES ('a')")
    one.close_if_unusable_or_obsolete()
    assert one.connection is not None
