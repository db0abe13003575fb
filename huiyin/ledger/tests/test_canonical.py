"""The canonical bytes of an event."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.ledger.canonical import (
    LARGEST_NUMBER,
    FactsNotPlain,
    canonical_bytes,
    event_hash,
    event_mac,
    next_running,
    time_text,
)

MOMENT = datetime(2026, 3, 2, 4, 5, 6, 7, tzinfo=UTC)
EXAMPLE: dict[str, Any] = {
    "subject": "case:2648-3917-5062",
    "subject_seq": 2,
    "kind": "case.dispatched",
    "actor": "post:desk-1",
    "occurred_at": MOMENT,
    "recorded_at": MOMENT + timedelta(seconds=1),
    "facts": {"unit": "城管局", "due": "2026-03-09T16:00:00Z", "co": []},
    "commitment": None,
    "prev": bytes(32),
}
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))
scalars = st.none() | st.booleans() | st.integers(-LARGEST_NUMBER, LARGEST_NUMBER) | texts
keys = st.text(st.characters(min_codepoint=1, max_codepoint=126), max_size=9)
plain = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


def test_the_worked_example_of_the_decision_stays_as_it_was_printed():
    content = canonical_bytes(**EXAMPLE)
    assert content.decode() == (
        '{"actor":"post:desk-1","commitment":null,'
        '"facts":{"co":[],"due":"2026-03-09T16:00:00Z","unit":"城管局"},"form":"huiyin-event/1",'
        '"kind":"case.dispatched","occurred_at":"2026-03-02T04:05:06.000007Z",'
        '"prev":"0000000000000000000000000000000000000000000000000000000000000000",'
        '"recorded_at":"2026-03-02T04:05:07.000007Z","subject":"case:2648-3917-5062","subject_seq":2}'
    )
    assert event_hash(content).hex() == "898d0f19e45cc2d891ac1ea3217bcf4f8dd7cb93bdbda21ff323475a3058893c"
    assert (
        event_mac(bytes(range(32)), content).hex()
        == "193c26d4cb0e00519aa43a9059e782f3f768d007fc814dd3326a639d6c0a677a"
    )
    assert (
        next_running(bytes(32), event_hash(content)).hex()
        == "68da10ab526911aa51b1e1f6be2a6b2bd26550d0afb97eb4a611b81f56f6ffab"
    )


@given(st.dictionaries(keys, plain))
def test_facts_come_back_from_the_bytes_as_they_went_in(facts):
    content = canonical_bytes(**EXAMPLE | {"facts": facts})
    assert json.loads(content)["facts"] == facts


@given(st.dictionaries(keys, plain))
def test_the_bytes_of_what_was_read_back_are_the_same_bytes(facts):
    content = canonical_bytes(**EXAMPLE | {"facts": facts})
    again = canonical_bytes(**EXAMPLE | {"facts": json.loads(content)["facts"]})
    assert again == content


@given(st.dictionaries(keys, scalars, min_size=2))
def test_the_order_in_which_facts_were_written_does_not_matter(facts):
    backwards = dict(reversed(list(facts.items())))
    assert canonical_bytes(**EXAMPLE | {"facts": backwards}) == canonical_bytes(**EXAMPLE | {"facts": facts})


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("subject", "case:2648-3917-5063"),
        ("subject_seq", 3),
        ("kind", "case.closed"),
        ("actor", "post:desk-2"),
        ("occurred_at", MOMENT + timedelta(microseconds=1)),
        ("recorded_at", MOMENT),
        ("facts", {}),
        ("commitment", bytes(32)),
        ("prev", bytes([1] * 32)),
    ],
)
def test_every_column_is_in_the_bytes(column, other):
    assert canonical_bytes(**EXAMPLE | {column: other}) != canonical_bytes(**EXAMPLE)


@pytest.mark.parametrize(
    "value",
    [0.5, float("nan"), 2**53, b"bytes", MOMENT, {"含": 1}, {1: 1}, {"a": [{"b": 1.0}]}, "a\x00b", "\ud800"],
)
def test_a_fact_that_two_readers_could_read_differently_is_not_plain(value):
    with pytest.raises(FactsNotPlain):
        canonical_bytes(**EXAMPLE | {"facts": {"a": value}})


def test_times_are_written_in_utc_to_the_microsecond():
    assert (
        time_text(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8)))) == "2025-12-31T16:00:00.000000Z"
    )
    assert time_text(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00.000000Z"


def test_a_time_without_a_zone_is_no_time():
    with pytest.raises(ValueError, match="zone"):
        time_text(datetime(2026, 1, 1))  # noqa: DTZ001
