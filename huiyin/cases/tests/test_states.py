"""The state tables themselves: complete, connected, named, permitted, and drawn as they are."""

from pathlib import Path

import pytest

from huiyin.cases import drawing, states
from huiyin.cases.access import PERMITTED
from huiyin.cases.models import Case, Order
from huiyin.cases.states import NEW, Transition
from huiyin.cases.wording import ACTS

DRAWN = Path(__file__).resolve().parents[3] / "docs" / "acts.md"
TABLES = {"case": (states.CASE_TABLE, Case.State.values), "order": (states.ORDER_TABLE, Order.State.values)}


def reachable(table: tuple[Transition, ...], start: str) -> set[str]:
    found = {start}
    while more := {row.after for row in table if row.before in found} - found:
        found |= more
    return found


def test_the_drawn_page_is_as_the_tables_are():
    assert DRAWN.read_text(encoding="utf-8") == drawing.page(), f"type: huiyin states --write {DRAWN}"


@pytest.mark.parametrize("name", TABLES)
def test_every_state_is_reached_from_the_beginning_and_every_row_names_real_states(name):
    table, known = TABLES[name]
    assert reachable(table, NEW) - {NEW} == set(known)
    assert {state for row in table for state in row[1:3]} <= {*known, NEW}


def test_from_every_state_a_case_can_end_and_an_open_order_too():
    for state in states.Case.OPEN:
        assert reachable(states.CASE_TABLE, state) & {"closed", "explained"}
    for state in states.Order.OPEN:
        assert reachable(states.ORDER_TABLE, state) & {"approved", "cancelled", "replaced", "succeeded"}


@pytest.mark.parametrize("name", TABLES)
def test_no_row_stands_twice(name):
    steps = [row[:3] for row in TABLES[name][0]]
    assert len(steps) == len(set(steps))


def test_every_act_has_a_name_and_a_rule_and_every_rule_an_act():
    acts = {row.act for row in states.CASE_TABLE}
    assert acts == set(PERMITTED) and acts <= set(ACTS)
    assert {row.act for row in states.ORDER_TABLE} <= acts


def test_only_what_has_ended_can_be_archived_and_nothing_open():
    assert set(states.sources(states.CASE_TABLE, "archive")) < set(states.Case.ENDED)


def test_open_and_ended_are_all_there_is():
    assert set(states.Case.OPEN) | set(states.Case.ENDED) == set(Case.State.values)
    assert not set(states.Case.OPEN) & set(states.Case.ENDED)


def test_the_command_prints_the_diagrams_and_writes_the_page(tmp_path, capsys):
    from huiyin.cli import main

    assert main(["states", "--mermaid"]) == 0
    assert capsys.readouterr().out.count("stateDiagram-v2") == 2
    assert main(["states", "--write", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == drawing.page()
