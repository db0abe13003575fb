"""A kept connection is looked at, not asked; one that the server has ended is replaced before anybody needs it."""

import pytest
from django.db import close_old_connections, connection
from django.db.backends.postgresql.base import DatabaseWrapper as Djangos

from huiyin.organisation.models import Region

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'"),
]


@pytest.fixture
def asked(monkeypatch) -> list[object]:
    """Every time that the server itself is asked whether it lives."""
    times: list[object] = []

    def counted(self: Djangos) -> bool:
        times.append(self)
        return djangos(self)

    djangos = Djangos.is_usable
    monkeypatch.setattr(Djangos, "is_usable", counted)
    return times


def process() -> int:
    """The server's process behind this connection."""
    return connection.connection.info.backend_pid


def next_request() -> None:
    """What Django does between two requests."""
    close_old_connections()
    assert not Region.objects.filter(pk=0).exists()


def end(pid: int) -> None:
    """Let the server end a process, as when it is restarted."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


def test_a_living_connection_is_kept_without_a_question(asked):
    next_request()
    before = process()
    for _each in range(3):
        next_request()
    assert process() == before and not asked


def test_one_that_the_server_has_ended_is_replaced_before_it_is_used(asked):
    next_request()
    before = process()
    end(before)
    next_request()
    assert process() != before and asked


def test_after_a_fault_the_server_is_asked(asked):
    next_request()
    connection.errors_occurred = True
    next_request()
    assert len(asked) == 1 and not connection.errors_occurred
