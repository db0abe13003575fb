"""Loading a profile's rows."""

import pytest
from django.contrib.auth.models import Group

from huiyin.kernel.models import ProfileRow
from huiyin.kernel.profiles import Difference, Outcome, merge_row

pytestmark = pytest.mark.django_db


class Row(ProfileRow):
    """A table to load into: the profile rows themselves have three plain columns."""

    class Meta:
        proxy = True
        app_label = "kernel"


def load(value: str, *, key: str = "a"):
    """Load one row as a profile would, whose only value is the column `loaded_hash`."""
    return merge_row(
        Row, key={"table": "place", "key": key}, values={"loaded_hash": value.encode()}, table="rows"
    )


def here(key: str = "a") -> str | None:
    """How the row reads in the database now."""
    row = Row.objects.filter(table="place", key=key).first()
    return bytes(row.loaded_hash).decode() if row else None


def test_a_new_row_is_inserted_and_loading_twice_changes_nothing():
    assert load("one").outcome == Outcome.INSERTED
    assert load("one").outcome == Outcome.UNCHANGED
    assert here() == "one"
    assert Row.objects.filter(table="place").count() == 1


def test_a_row_that_nobody_touched_follows_the_profile():
    load("one")
    merged = load("two")
    assert (merged.outcome, here()) == (Outcome.UPDATED, "two")
    assert [difference.column for difference in merged.differences] == ["loaded_hash"]


def test_what_an_operator_changed_stays_and_the_conflict_is_shown():
    load("one")
    Row.objects.filter(table="place").update(loaded_hash=b"operator")
    merged = load("two")
    assert (merged.outcome, here()) == (Outcome.CONFLICT, "operator")
    assert merged.differences == [Difference("loaded_hash", b"operator", b"two")]
    assert load("one").outcome == Outcome.CONFLICT


def test_an_operator_and_a_profile_that_agree_are_in_no_conflict():
    load("one")
    Row.objects.filter(table="place").update(loaded_hash=b"two")
    assert load("two").outcome == Outcome.UNCHANGED
    assert load("three").outcome == Outcome.UPDATED


def test_a_row_that_an_operator_made_first_is_not_taken_over():
    Row.objects.create(table="place", key="a", loaded_hash=b"operator")
    assert load("one").outcome == Outcome.CONFLICT
    assert here() == "operator"


def test_a_row_that_an_operator_removed_is_not_brought_back():
    load("one")
    Row.objects.filter(table="place").delete()
    merged = load("two")
    assert (merged.outcome, merged.row, here()) == (Outcome.CONFLICT, None, None)


def test_rows_and_tables_do_not_mix():
    load("one", key="a")
    load("one", key="b")
    Row.objects.filter(table="place", key="a").update(loaded_hash=b"operator")
    assert load("two", key="b").outcome == Outcome.UPDATED
    assert here("a") == "operator"


def test_values_are_compared_as_they_read_once_stored():
    assert merge_row(Group, key={"name": "clerks"}, values={"id": "77"}).outcome == Outcome.INSERTED
    assert merge_row(Group, key={"name": "clerks"}, values={"id": 77}).outcome == Outcome.UNCHANGED
