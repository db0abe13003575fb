"""`huiyin search rebuild`, and what the doctor says of the index."""

import json

import pytest

from huiyin.cases.tests import roads
from huiyin.cli import health, main
from huiyin.cli.frame import EXIT
from huiyin.ledger.sequencer import sequence
from huiyin.search import tasks
from huiyin.search.models import OfficeEntry

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_rebuilding_puts_every_case_up_and_says_how_many(cast, capsys):
    roads.registered(cast)
    assert main(["search", "rebuild", "--json"]) == EXIT.DONE
    figures = json.loads(capsys.readouterr().out)
    assert figures["office"]["cases"] == figures["public"]["cases"] == 1
    assert OfficeEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_rebuilding_shows_how_far_it_is(cast, capsys):
    roads.registered(cast)
    assert main(["search", "rebuild"]) == EXIT.DONE
    said = capsys.readouterr()
    assert "索引已重建" in said.out and "1 / 1" in said.err


def test_the_doctor_tells_when_the_index_lags_or_is_not_built(cast, monkeypatch):
    assert all(finding.well for finding in health.search())  # nothing to search for
    roads.registered(cast)
    sequence()
    unbuilt = next(iter(health.search()))
    assert not unbuilt.well and "huiyin search rebuild" in unbuilt.advice
    tasks.keep_up()
    assert next(iter(health.search())).well
    monkeypatch.setattr(health, "MOST_UNREAD", 0)
    roads.registered(cast)
    sequence()
    lagging = next(iter(health.search()))
    assert not lagging.well and "1" in lagging.found
