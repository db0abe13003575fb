"""What is remembered of reference rows, and that it carries over a moment in which nobody can be asked."""

from collections.abc import Callable

import pytest
from django.db import OperationalError

from huiyin.organisation import remembering


class Asked:
    """A question that is counted, and fails when it is told to."""

    def __init__(self) -> None:
        self.times = 0
        self.away = False

    def __call__(self, name: str) -> str:
        self.times += 1
        if self.away:
            raise OperationalError("the server is gone")
        return f"{name} {self.times}"


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def answer(asked: Asked) -> Callable[[str], str]:
    return remembering.remembered(asked.__call__)


def test_an_answer_is_asked_for_once_in_a_while(asked, answer, monkeypatch):
    assert [answer("a"), answer("a"), answer("b")] == ["a 1", "a 1", "b 2"]
    monkeypatch.setattr(remembering, "SECONDS", 0.0)
    assert answer("a") == "a 3"


def test_while_the_database_is_away_what_is_known_is_said_and_nobody_waits_again(asked, answer, monkeypatch):
    answer("a")
    monkeypatch.setattr(remembering, "SECONDS", 0.0)
    asked.away = True
    with monkeypatch.context() as patched:
        patched.setattr(remembering, "rely", lambda: None)
        assert answer("a") == "a 1"
    monkeypatch.setattr(remembering, "_relied_until", float("inf"))
    before = asked.times
    assert (answer("a"), asked.times) == ("a 1", before)
    with pytest.raises(OperationalError):
        answer("never asked before")


def test_what_was_cleared_is_asked_again_at_once(asked, answer):
    answer("a")
    remembering.rely()
    remembering.clear()
    assert answer("a") == "a 2"
