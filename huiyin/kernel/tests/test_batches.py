"""Batches: what was done is known as done, also of one whose maker is gone."""

from datetime import timedelta

import pytest

from huiyin.kernel import batches, clock
from huiyin.kernel.models import ProfileRow

pytestmark = pytest.mark.django_db
NAME = "a" * 32


class Killed(BaseException):
    """Nothing that follows in the process happens any more."""


def act(item):
    ProfileRow.objects.create(table="batch", key=item, loaded_hash=b"")
    return {"item": item}


def done():
    return sorted(ProfileRow.objects.filter(table="batch").values_list("key", flat=True))


def stop():
    batches.stop(batches.find(NAME), lambda item: {"item": item})


@pytest.fixture(autouse=True)
def _begun():
    with clock.frozen(clock.now()):
        assert batches.begin(NAME, ["one", "two", "three"], {"whose": "ours"})
        yield


def test_a_batch_is_begun_once():
    assert not batches.begin(NAME, ["four"], {})
    found = batches.find(NAME)
    assert found.items == ("one", "two", "three") and found.about == {"whose": "ours"} and found.at_work
    assert batches.find("b" * 32) is None


def test_an_item_is_done_once():
    assert batches.do(NAME, "one", lambda: act("one"))
    assert not batches.do(NAME, "one", lambda: act("one again"))
    assert done() == ["one"] and batches.find(NAME).rows["one"]["item"] == "one"


def test_an_act_that_is_killed_leaves_neither_itself_nor_a_row():
    def killed():
        act("one")
        raise Killed

    with pytest.raises(Killed):
        batches.do(NAME, "one", killed)
    assert done() == [] and batches.find(NAME).rows == {}


def test_what_is_stopped_is_not_done_by_a_maker_who_was_only_slow():
    assert batches.do(NAME, "one", lambda: act("one"))
    stop()
    assert not batches.do(NAME, "two", lambda: act("two"))
    found = batches.find(NAME)
    assert done() == ["one"] and found.stopped() == ["two", "three"] and not found.at_work


def test_each_row_renews_the_lease():
    begun = clock.now()
    with clock.frozen(begun + batches.LEASE):
        assert not batches.find(NAME).lapsed
        batches.do(NAME, "one", lambda: act("one"))
    with clock.frozen(begun + 2 * batches.LEASE):
        assert not batches.find(NAME).lapsed
    with clock.frozen(begun + 2 * batches.LEASE + timedelta(seconds=1)):
        assert batches.find(NAME).lapsed
