"""huiyin stats: the same figures as the pages, for programs and for people."""

import json

import pytest

from huiyin.analytics.tests.test_figures import answered_after
from huiyin.cli import main

pytestmark = pytest.mark.django_db


def test_the_command_prints_every_figure_as_json(cast, capsys):
    answered_after(cast, 2)
    assert main(["stats", "--json", "--from", "2026-11-01", "--to", "2026-11-30"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["cases"], found["answered"], found["median_days"], found["max_days"]) == (1, 1, 2.0, 2.0)
    assert found["on_time_rate"] == 1.0 and found["on_time_policy"][0]["basis"] == "《某条例》第十三条"
    assert found["by_nature"][0]["key"] == "appeal" and found["by_unit"][0]["key"] == "chengguan"
    assert main(["stats", "--json", "--to", "2026-10-31"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 0


def test_the_command_shows_tables_and_refuses_a_period_that_ends_before_it_begins(cast, capsys):
    answered_after(cast, 2)
    assert main(["stats"]) == 0
    shown = capsys.readouterr().out
    assert "城管局" in shown and "2.00" in shown and "5 个工作日" in shown
    assert main(["stats", "--from", "2026-11-30", "--to", "2026-11-01"]) == 3
