"""Writers, sequencers and verifiers at the same time, on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Signal

import pytest
from django.db import connection, transaction

from huiyin.ledger.models import Event
from huiyin.ledger.sequencer import append_sequenced, sequence
from huiyin.ledger.tests.conftest import NOON
from huiyin.ledger.tests.test_sequencer import fresh
from huiyin.ledger.verify import verify
from huiyin.ledger.writing import record

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60  # seconds until a test that hangs is called off


def together(*acts: Callable[[], None]) -> None:
    """Run acts at the same time, each on a connection of its own; what one raises rises here."""
    start = Barrier(len(acts))

    def alone(act: Callable[[], None]) -> None:
        try:
            start.wait(PATIENCE)
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        for running in [threads.submit(alone, act) for act in acts]:
            running.result(PATIENCE)


def note(subject: str) -> None:
    """One act: one transaction, one event."""
    with transaction.atomic():
        record(subject, "noted", actor="system", occurred_at=NOON, facts={})


def test_two_writers_and_two_sequencers_leave_one_sound_order():
    finished = Signal()

    def keep_writing(name: str) -> Callable[[], None]:
        return lambda: [note(f"{name}:{number % 3}") for number in range(40)] and finished.set()

    def keep_sequencing() -> None:
        while not finished.is_set():
            sequence(limit=7)

    together(keep_writing("a"), keep_writing("b"), keep_sequencing, keep_sequencing)
    sequence()
    report = verify()
    assert report.problems == []
    assert (report.sequenced, report.unsequenced) == (80, 0)


def test_a_ledger_in_use_is_verified_without_a_false_alarm():
    finished = Signal()
    reports = []

    def write_and_sequence() -> None:
        for number in range(40):
            note(f"case:{number % 3}")
            sequence(limit=2)
        finished.set()

    def keep_verifying() -> None:
        while not finished.is_set():
            reports.append(verify())

    together(write_and_sequence, keep_verifying)
    assert reports
    assert [problem for report in reports for problem in report.problems] == []


def test_an_import_takes_its_turn_with_the_sequencer():
    finished = Signal()

    def bring_in() -> None:
        for number in range(10):
            events = fresh(20, subject=f"import:{number}")
            with transaction.atomic():
                note(f"within:{number}")
                append_sequenced(events)
                Event.objects.bulk_create(events)
        finished.set()

    def write_and_sequence() -> None:
        number = 0
        while not finished.is_set():
            number += 1
            note(f"case:{number}")
            sequence()

    together(bring_in, write_and_sequence)
    sequence()
    report = verify()
    assert report.problems == []
    assert report.sequenced == Event.objects.count() > 210


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time by design")
def test_a_writer_does_not_wait_for_a_sequencer_at_work_nor_for_another_writer(write):
    write()
    sequenced, written = Signal(), Signal()

    def hold_a_round_open() -> None:
        with transaction.atomic():
            sequence()
            note("case:slow")
            sequenced.set()
            assert written.wait(PATIENCE)

    def write_meanwhile() -> None:
        assert sequenced.wait(PATIENCE)
        note("case:quick")
        written.set()

    together(hold_a_round_open, write_meanwhile)
    sequence()
    assert verify().sequenced == 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time by design")
def test_an_event_that_is_committed_late_is_not_skipped_though_its_id_is_low():
    written, sequenced = Signal(), Signal()

    def commit_late() -> None:
        with transaction.atomic():
            note("case:slow")
            written.set()
            assert sequenced.wait(PATIENCE)

    def overtake() -> None:
        assert written.wait(PATIENCE)
        note("case:quick")
        sequence()
        sequenced.set()

    together(commit_late, overtake)
    sequence()
    slow, quick = Event.objects.get(subject="case:slow"), Event.objects.get(subject="case:quick")
    assert (slow.id < quick.id, slow.position, quick.position) == (True, 2, 1)
    assert verify().sound
