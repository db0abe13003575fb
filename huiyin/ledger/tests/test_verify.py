"""Verification finds every way of tampering that a person with the database password has."""

import json
from collections.abc import Collection
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from huiyin.kernel import sealing
from huiyin.ledger import verify as module
from huiyin.ledger.canonical import GENESIS, event_hash, event_mac, next_running
from huiyin.ledger.head import Head, head_file, stored_head
from huiyin.ledger.models import Event, LedgerHead
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.tests.conftest import NOON
from huiyin.ledger.verify import Counted, verify
from huiyin.ledger.writing import build, erase_private, erasure_facts, erasure_subject

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ledger(write):
    """Six events of two subjects in order, and two that wait."""
    for number in range(6):
        write(f"case:{number % 2}", private={"name": "张三丰"} if number == 2 else None)
    sequence()
    write("case:0")
    write("case:1")


def counted(counts: dict[str, int]) -> Counted:
    """What a room above says of its subjects."""

    def told(subjects: Collection[str] | None) -> list[tuple[str, int]]:
        return [pair for pair in counts.items() if subjects is None or pair[0] in subjects]

    return Counted(prefix="case:", counts=told)


def found() -> set[str]:
    """What verification found, in short words."""
    return {problem.what for problem in verify().problems}


def test_an_untouched_ledger_is_sound_and_counted(ledger):
    report = verify()
    assert report.problems == []
    assert (report.sound, report.sequenced, report.unsequenced, report.erased) == (True, 6, 2, 0)
    assert report.running == stored_head().running.hex()


def test_an_empty_ledger_is_sound():
    assert verify().sound


CHANGES = {
    "subject": ("'case:9'", {"content", "prev", "missing"}),
    "subject_seq": ("77", {"content", "missing"}),
    "kind": ("'closed'", {"content"}),
    "actor": ("'post:other'", {"content"}),
    "occurred_at": ("'2020-01-01 00:00:00+00'", {"content"}),
    "recorded_at": ("'2020-01-01 00:00:00+00'", {"content"}),
    "facts": ("""'{"unit": "别处"}'""", {"content"}),
    "commitment": ("mac", {"content", "private"}),
    "prev": ("mac", {"content", "prev"}),
    "hash": ("mac", {"hash", "running", "prev"}),
    "mac": ("hash", {"mac"}),
    "running": ("mac", {"running"}),
    "private": ("hash", {"private"}),
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("position", [1, 3, 6])
def test_a_changed_column_is_found_in_the_first_a_middle_and_the_last_event(
    ledger, by_hand, column, position
):
    value, expected = CHANGES[column]
    by_hand(f"UPDATE ledger_event SET {column} = {value} WHERE position = {position}")
    seen = found()
    assert seen & expected
    assert seen <= expected | {"head", "running", "head file", "prev", "missing", "private", "erased", "id"}


@pytest.mark.parametrize("column", [name for name in CHANGES if name not in {"running"}])
def test_a_changed_column_is_found_in_an_event_that_waits(ledger, by_hand, column):
    value, expected = CHANGES[column]
    by_hand(f"UPDATE ledger_event SET {column} = {value} WHERE subject = 'case:0' AND position IS NULL")
    assert found() & expected


@pytest.mark.parametrize("place", [1, 3, 5])
def test_a_deleted_event_is_found(ledger, by_hand, place):
    by_hand(f"DELETE FROM ledger_event WHERE position = {place}")
    assert "gap" in found()


def test_the_sentence_says_which_positions_are_gone(ledger, by_hand):
    by_hand("DELETE FROM ledger_event WHERE position IN (2, 3)")
    assert "第 2 位到第 3 位的记录不见了。" in [problem.sentence for problem in verify().problems]


def test_a_deleted_last_event_is_found_by_the_head(ledger, by_hand):
    by_hand("DELETE FROM ledger_event WHERE position = 6")
    assert "tail" in found()


def test_a_tail_cut_off_together_with_an_older_head_is_found_by_the_copy(write, by_hand):
    write()
    sequence()
    older = LedgerHead.objects.values().get()
    write()
    sequence()
    by_hand("DELETE FROM ledger_event WHERE position = 2")
    LedgerHead.objects.update(**older)
    assert {problem.what for problem in verify().problems} == {"tail"}
    assert "少了末尾 1 条" in verify().problems[0].sentence


def test_a_whole_ledger_emptied_with_its_head_is_found_by_the_copy(ledger, by_hand):
    by_hand("DELETE FROM ledger_event")
    LedgerHead.objects.all().delete()
    assert "tail" in found()


def test_a_removed_event_that_waited_leaves_a_gap_in_its_subject(write, by_hand):
    write()
    write()
    write()
    by_hand("DELETE FROM ledger_event WHERE subject_seq = 2")
    assert found() == {"missing"}


def test_a_removed_last_event_that_waited_is_found_by_what_the_room_above_counts(ledger, by_hand):
    expected = counted({"case:0": 4, "case:1": 4})
    assert verify(expected=expected).sound
    by_hand("DELETE FROM ledger_event WHERE subject = 'case:1' AND position IS NULL")
    problems = verify(expected=expected).problems
    assert [(problem.what, problem.subject) for problem in problems] == [("missing", "case:1")]


@pytest.mark.parametrize(
    ("counts", "problem"),
    [
        ({"case:0": 4, "case:1": 3}, ("uncounted", "case:1")),
        ({"case:0": 4, "case:1": 5}, ("missing", "case:1")),
        ({"case:0": 4, "case:1": 4, "case:2": 1}, ("missing", "case:2")),
        ({"case:0": 4}, ("orphan", "case:1")),
    ],
)
def test_what_differs_from_what_the_room_above_counts_is_found(ledger, write, counts, problem):
    write("calendar:2026")
    problems = verify(expected=counted(counts)).problems
    assert [(seen.what, seen.subject) for seen in problems] == [problem]


def test_many_subjects_are_all_compared(write, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 4)
    monkeypatch.setattr(module, "FEW", 3)
    for number in range(11):
        write(f"case:{number}")
    counts = {f"case:{number}": 2 if number == 5 else 1 for number in range(10)}
    problems = verify(expected=counted(counts)).problems
    assert [(seen.what, seen.subject) for seen in problems] == [("missing", "case:5"), ("orphan", "case:10")]


@pytest.mark.parametrize("writes", [1, 99])
def test_a_writer_at_work_between_two_looks_is_no_problem(ledger, write, writes):
    """The room above is asked, and only then another event is written and counted."""
    counts = {"case:0": 4, "case:1": 4}
    left = writes

    def count(subjects):
        nonlocal left
        answer = [pair for pair in counts.items() if subjects is None or pair[0] in subjects]
        if left:
            left -= 1
            write("case:1")
            counts["case:1"] += 1
        return answer

    assert verify(expected=Counted(prefix="case:", counts=count)).sound
    assert left < writes


def test_an_inserted_event_without_the_key_is_found(ledger, by_hand):
    last = Event.objects.filter(subject="case:0").order_by("-subject_seq")[0]
    forged = build(
        "case:0",
        "closed",
        actor="post:desk",
        occurred_at=NOON,
        facts={},
        prev=last.hash,
        seq=last.subject_seq + 1,
    )
    forged.mac = bytes(32)
    forged.save()
    assert found() == {"mac"}


def test_an_event_inserted_into_the_order_is_found(ledger, by_hand):
    by_hand("UPDATE ledger_event SET position = position + 100 WHERE position > 3")
    by_hand("UPDATE ledger_event SET position = position - 99 WHERE position > 100")
    forged = build("case:7", "noted", actor="post:desk", occurred_at=NOON, facts={})
    forged.position, forged.running = 4, bytes(32)
    forged.save()
    assert {"running", "head"} <= found()


def test_two_events_that_changed_places_are_found(ledger, by_hand):
    by_hand("UPDATE ledger_event SET position = 99 WHERE position = 2")
    by_hand("UPDATE ledger_event SET position = 2 WHERE position = 3")
    by_hand("UPDATE ledger_event SET position = 3 WHERE position = 99")
    assert "running" in found()


def test_an_order_rewritten_with_its_running_hashes_is_found_by_the_copy_and_the_head(ledger, by_hand):
    by_hand("UPDATE ledger_event SET position = -position WHERE position IS NOT NULL")
    running = GENESIS
    for place, event in enumerate(Event.objects.filter(position__lt=0).order_by("position"), start=1):
        running = next_running(running, bytes(event.hash))
        by_hand("UPDATE ledger_event SET position = %s, running = %s WHERE id = %s", place, running, event.id)
    assert {"order", "head", "head file"} <= found()


def test_an_event_taken_out_of_the_order_is_found(ledger, by_hand):
    by_hand("UPDATE ledger_event SET position = NULL, running = NULL WHERE position = 3")
    assert "gap" in found()


def test_a_position_below_the_first_is_found(ledger, by_hand):
    by_hand("UPDATE ledger_event SET position = -3 WHERE position = 6")
    assert {"position", "tail"} <= found()


def test_an_edited_or_missing_head_is_found(ledger):
    LedgerHead.objects.update(count=5)
    assert "head" in found()
    LedgerHead.objects.update(count=7)
    assert {"head", "tail"} <= found()
    LedgerHead.objects.all().delete()
    assert "head" in found()


def test_an_edited_copy_of_the_head_is_found(ledger):
    content = json.loads(head_file().read_text())
    head_file().write_text(json.dumps(content | {"count": 5}))
    assert found() == {"head file"}
    head_file().write_text("{}")
    assert found() == {"head file"}


JUNK = {
    "not UTF-8": b"\xff\xfe{}",
    "not a whole number": b'{"form": "huiyin-head/1", "at": "2026-03-02T04:00:00Z", "count": Infinity}',
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_the_copy_of_the_head_is_a_problem_and_stays_as_evidence(ledger, junk):
    head_file().write_bytes(JUNK[junk])
    assert found() == {"head file"}
    sequence()
    assert head_file().read_bytes() == JUNK[junk]


def test_a_history_rewritten_with_the_key_is_found_by_the_copy(ledger, by_hand):
    """Whoever has the key and the database still lacks the copies of the head that others keep."""
    running = GENESIS
    for event in Event.objects.filter(position__isnull=False).order_by("position"):
        event.kind = "rewritten"
        last = Event.objects.filter(subject=event.subject, subject_seq=event.subject_seq - 1).first()
        event.prev = bytes(last.hash) if last else GENESIS
        content = event.canonical()
        running = next_running(running, event_hash(content))
        mac = event_mac(settings.HUIYIN_KEYS.ledger, content)
        by_hand(
            "UPDATE ledger_event SET kind = 'rewritten', prev = %s, hash = %s, mac = %s, running = %s"
            " WHERE id = %s",
            event.prev,
            event_hash(content),
            mac,
            running,
            event.id,
        )
    by_hand("DELETE FROM ledger_event WHERE position IS NULL")
    head = Head.signed(count=6, running=running, at=NOON)
    LedgerHead.objects.update(running=running, at=NOON, mac=head.mac)
    assert found() == {"head file"}


def test_without_a_copy_of_the_head_there_is_a_note_but_no_alarm(ledger):
    head_file().unlink()
    report = verify()
    assert report.sound
    assert len(report.notes) == 1


def test_a_missing_trigger_is_found(ledger):
    from huiyin.ledger import guards

    guards.lift(connection)
    assert found() == {"guard"}
    guards.install(connection)


def test_erased_private_facts_are_counted_and_no_problem(ledger):
    erase_private(Event.objects.get(position=3), by="post:archive-1")
    report = verify()
    assert (report.sound, report.erased) == (True, 1)
    sequence()
    assert verify().sound


@pytest.mark.parametrize("position", ["= 3", "IS NULL"])
def test_private_facts_that_vanished_without_an_erasure_are_found(ledger, write, by_hand, position):
    write(private={"name": "李四"})
    by_hand(f"UPDATE ledger_event SET private = NULL WHERE position {position}")
    report = verify()
    assert ([problem.what for problem in report.problems], report.erased) == (["erased"], 0)


def test_the_erasure_of_one_event_excuses_no_other(ledger, write, by_hand):
    other = write(private={"name": "李四"})
    erasure = erase_private(Event.objects.get(position=3), by="system")
    by_hand("UPDATE ledger_event SET private = NULL WHERE id = %s", other.id)
    assert [(problem.what, problem.event) for problem in verify().problems] == [("erased", other.id)]
    by_hand("UPDATE ledger_event SET subject = %s WHERE id = %s", "erasure:x", erasure.id)
    assert found() == {"erased", "content"}


def test_an_erasure_of_another_kind_or_of_other_facts_excuses_nothing(ledger, by_hand):
    erased = Event.objects.get(position=3)
    by_hand("UPDATE ledger_event SET private = NULL WHERE position = 3")
    subject, told = erasure_subject(erased.hash), {"actor": "system", "occurred_at": NOON}
    build(subject, "noted", facts=erasure_facts("case:0", 2, erased.hash), **told).save()
    assert found() == {"erased"}
    by_hand("DELETE FROM ledger_event WHERE subject = %s", subject)
    build(subject, "private_erased", facts=erasure_facts("case:9", 2, erased.hash), **told).save()
    assert found() == {"erased"}


def test_many_erasures_are_all_read(write, by_hand, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 4)
    monkeypatch.setattr(module, "FEW", 3)
    for number in range(11):
        event = write(f"case:{number}", private={"name": "张三丰"})
        if number != 9:
            erase_private(event, by="system")
    by_hand("UPDATE ledger_event SET private = NULL WHERE subject = 'case:9'")
    report = verify()
    assert ([problem.subject for problem in report.problems], report.erased) == (["case:9"], 10)


def test_an_id_that_no_longer_rises_along_its_subject_is_found(ledger, by_hand):
    by_hand("UPDATE ledger_event SET id = id + 100000 WHERE position = 3")
    assert found() == {"id"}
    by_hand("UPDATE ledger_event SET id = 0 WHERE position = 1")
    assert found() == {"id"}


def test_private_facts_from_another_event_are_found(ledger, write, by_hand):
    other = write(private={"name": "李四"})
    by_hand(
        "UPDATE ledger_event SET private = %s WHERE position = 3",
        Event._meta.get_field("private").raw(other.private),
    )
    assert found() == {"private"}


def test_private_facts_whose_key_is_gone_are_found(ledger, settings):
    from dataclasses import replace

    from huiyin.kernel.keys import fresh

    new = fresh()
    settings.HUIYIN_KEYS = replace(settings.HUIYIN_KEYS, sealing={"k9": new.sealing["k1"]}, current="k9")
    assert found() == {"private"}
    assert sealing.key_id(Event.objects.get(position=3).private.token_for("ledger.event.private")) == "k1"


def test_an_installation_with_another_ledger_key_trusts_nothing(ledger, settings):
    from dataclasses import replace

    settings.HUIYIN_KEYS = replace(settings.HUIYIN_KEYS, ledger=bytes(32))
    assert found() == {"mac", "head", "head file"}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's columns hold only their own type")
@pytest.mark.parametrize("column", ["occurred_at", "hash", "prev", "running", "position", "facts", "private"])
@pytest.mark.parametrize("junk", ["'2026-99-99 00:00:00'", "'junk'"])
def test_junk_in_a_column_is_a_problem_and_not_a_crash(ledger, by_hand, column, junk):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = 1")
        by_hand(f"UPDATE ledger_event SET {column} = {junk} WHERE position = 3")
        cursor.execute("PRAGMA ignore_check_constraints = 0")
    assert not verify().sound


def test_progress_is_told_and_ends_at_the_whole(ledger):
    seen: list[tuple[int, int]] = []
    verify(progress=lambda done, whole: seen.append((done, whole)))
    assert seen[-1] == (14, 14)


def test_many_problems_are_counted_and_the_first_are_listed(write, by_hand, monkeypatch):
    monkeypatch.setattr(module, "MOST_PROBLEMS", 3)
    monkeypatch.setattr(module, "BATCH", 4)
    for number in range(10):
        write(f"case:{number}")
    by_hand("UPDATE ledger_event SET kind = 'x'")
    report = verify()
    assert (len(report.problems), report.found) == (3, 10)


def test_small_batches_read_every_row_once(write, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 4)
    for number in range(17):
        write(f"case:{number % 5}")
    sequence(limit=9)
    expected = counted({f"case:{number}": 4 if number < 2 else 3 for number in range(5)})
    report = verify(expected=expected)
    assert (report.sound, report.sequenced, report.unsequenced) == (True, 9, 8)


def test_claimed_times_may_run_backwards(write):
    write(occurred_at=NOON)
    write(occurred_at=NOON - timedelta(days=900))
    assert verify().sound
