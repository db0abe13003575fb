"""huiyin ledger, as an operator types it."""

import argparse
import json
from collections.abc import Collection

import pytest

from huiyin.cli.commands import ledger as command
from huiyin.ledger.models import Event
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.tests.conftest import by_hand, home, write

__all__ = ["by_hand", "home", "write"]  # fixtures of the ledger, used here by name
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def type_in(monkeypatch):
    """Runs the command with words as typed, among rooms that count no events."""
    monkeypatch.setattr(command, "COUNTING", "huiyin.no_such_room")

    def run(*words: str) -> int:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        return command.run(parser.parse_args(words))

    return run


def test_a_sound_ledger_ends_with_0(write, type_in, capsys):
    write()
    sequence()
    write()
    assert type_in("verify") == 0
    assert "已排序 1 条，待排序 1 条" in capsys.readouterr().out


def test_a_changed_ledger_ends_with_1_and_says_where(write, by_hand, type_in, capsys):
    event = write()
    sequence()
    by_hand("UPDATE ledger_event SET kind = 'x'")
    assert type_in("verify") == 1
    assert f"第 {event.id} 号记录的内容被改过" in capsys.readouterr().out


def test_figures_come_as_json(write, type_in, capsys):
    write()
    sequence()
    assert type_in("verify", "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["sound"], figures["sequenced"], figures["unsequenced"], figures["problems"]) == (
        True,
        1,
        0,
        [],
    )


def test_the_head_is_shown(write, type_in, capsys):
    assert type_in("head") == 0
    write()
    sequence()
    capsys.readouterr()
    assert type_in("head", "--json") == 0
    assert json.loads(capsys.readouterr().out)["running"] == bytes(Event.objects.get().running).hex()


def test_what_the_room_above_counts_is_compared(write, type_in, monkeypatch, capsys):
    write("case:1")
    monkeypatch.setattr(command, "COUNTING", "huiyin.cli.tests.test_ledger")
    assert type_in("verify") == 1
    assert "case:1 应有 2 条记录，只找到 1 条" in capsys.readouterr().out


EVENT_PREFIX = "case:"


def event_counts(subjects: Collection[str] | None = None) -> list[tuple[str, int]]:
    """What a room above would say of its subjects."""
    return [("case:1", 2)] if subjects is None or "case:1" in subjects else []
