"""How the ledger stands, at a glance."""

import pytest

from huiyin import ledger
from huiyin.kernel import clock
from huiyin.ledger import sequencer
from huiyin.ledger.head import head_file, publish_head
from huiyin.ledger.models import LedgerHead
from huiyin.ledger.standing import standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path):
    settings.HUIYIN_HOME = tmp_path


def written(n):
    for _n in range(n):
        ledger.record("case:1", "note", actor="system:test", occurred_at=clock.now(), facts={})


def test_an_empty_ledger_is_sound_and_one_in_waiting_is_counted():
    assert standing().sound and standing().head is None
    written(2)
    assert (standing().waiting, standing().sound) == (2, True)


def test_a_sequenced_ledger_agrees_with_its_copy_and_a_lagging_copy_still_does():
    written(2)
    sequencer.sequence()
    publish_head()
    found = standing()
    assert (found.head.count, found.copy.count, found.copy_state, found.sound) == (2, 2, "agrees", True)
    written(1)
    kept = head_file().read_text()
    sequencer.sequence()
    head_file().write_text(kept)
    assert (standing().copy_state, standing().sound) == ("agrees", True)


def test_a_tampered_head_and_a_damaged_copy_are_seen():
    written(1)
    sequencer.sequence()
    publish_head()
    LedgerHead.objects.update(count=7)
    assert not standing().head_genuine and not standing().sound
    head_file().write_text("{}")
    assert standing().copy_state == "unreadable"
    head_file().unlink()
    assert standing().copy_state == "missing"


def test_a_copy_ahead_of_the_database_is_a_lost_tail():
    written(2)
    sequencer.sequence()
    publish_head()
    LedgerHead.objects.all().delete()
    assert (standing().copy_state, standing().sound) == ("ahead", False)
