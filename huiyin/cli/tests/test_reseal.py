"""huiyin reseal, as an operator types it."""

import argparse
import json

import pytest

from huiyin.cli.commands import reseal as command
from huiyin.kernel import keys
from huiyin.kernel.refusals import Refused
from huiyin.kernel.sealing import key_id
from huiyin.ledger.models import Event
from huiyin.ledger.tests.conftest import NOON
from huiyin.ledger.verify import verify
from huiyin.ledger.writing import record


@pytest.fixture
def house(settings, tmp_path, monkeypatch):
    """A home with a key file, whose keys are in force."""
    monkeypatch.delenv("HUIYIN_KEYS", raising=False)
    monkeypatch.delenv("HUIYIN_KEYS_FILE", raising=False)
    settings.HUIYIN_HOME = tmp_path
    settings.HUIYIN_KEYS = keys.create(tmp_path / "secrets.toml")
    monkeypatch.setattr(command, "sealed_models", lambda: [Event])
    return tmp_path


def type_in(*words: str) -> int:
    """Run the command with words as typed."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


@pytest.mark.django_db
def test_the_ledger_keeps_its_private_facts_through_a_change_of_keys(house, settings, capsys):
    record("case:1", "noted", actor="system", occurred_at=NOON, facts={}, private={"name": "张三丰"})
    assert type_in("--new-key") == 0
    assert "huiyin reseal" in capsys.readouterr().out
    settings.HUIYIN_KEYS = keys.load(house / "secrets.toml")
    assert type_in("--json") == 0
    assert json.loads(capsys.readouterr().out) == {"current": "k2", "resealed": 1}
    assert key_id(Event.objects.get().private.token_for("ledger.event.private")) == "k2"
    assert verify().sound


def test_keys_given_as_text_are_not_rewritten_here(house, monkeypatch):
    monkeypatch.setenv("HUIYIN_KEYS", keys.dump(keys.fresh()))
    with pytest.raises(Refused, match="HUIYIN_KEYS"):
        type_in("--new-key")
