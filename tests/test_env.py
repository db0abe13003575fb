"""A wrong setting stops the program and names the variable to set."""

from pathlib import Path

import pytest

from config import env
from config.env import Misconfigured
from config.logs import Masked


def test_a_variable_that_must_be_set_is_named_when_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUIYIN_X", raising=False)
    with pytest.raises(Misconfigured, match="HUIYIN_X"):
        env.text("HUIYIN_X")


@pytest.mark.parametrize(
    ("word", "means"), [("1", True), ("yes", True), ("On", True), ("0", False), ("", False)]
)
def test_a_flag_reads_yes_and_no(monkeypatch: pytest.MonkeyPatch, word: str, means: bool) -> None:
    monkeypatch.setenv("HUIYIN_X", word)
    assert env.flag("HUIYIN_X") is means


@pytest.mark.parametrize("read", [env.flag, lambda name: env.number(name, default=1)])
def test_a_word_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch, read) -> None:
    monkeypatch.setenv("HUIYIN_X", "perhaps")
    with pytest.raises(Misconfigured, match="HUIYIN_X"):
        read("HUIYIN_X")


def test_a_number_keeps_within_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_X", "70000")
    with pytest.raises(Misconfigured, match="65535"):
        env.number("HUIYIN_X", default=1, most=65535)


def test_a_choice_names_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_X", "blue")
    with pytest.raises(Misconfigured, match="red, green"):
        env.choice("HUIYIN_X", default="red", among=["red", "green"])


def test_postgresql_is_read_from_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_X", "postgresql://li%40na:p%2Fw@db.example:5433/huiyin?sslmode=require")
    described = env.database("HUIYIN_X", home=Path("/nowhere"))
    assert (described["USER"], described["PASSWORD"], described["HOST"], described["PORT"]) == (
        "li@na",
        "p/w",
        "db.example",
        "5433",
    )
    assert described["OPTIONS"] == {
        "sslmode": "require",
        "options": "-c jit=off -c max_parallel_workers_per_gather=0",
        "prepare_threshold": 0,
        "connect_timeout": "5",
    }


@pytest.mark.parametrize(("told", "threshold"), [("", 0), ("?prepare_threshold=none", None)])
def test_behind_an_old_pooler_nothing_is_kept_prepared(
    monkeypatch: pytest.MonkeyPatch, told: str, threshold: int | None
) -> None:
    monkeypatch.setenv("HUIYIN_X", f"postgresql://db.example/huiyin{told}")
    options = env.database("HUIYIN_X", home=Path("/nowhere"))["OPTIONS"]
    assert options["prepare_threshold"] == threshold


def test_an_unreadable_address_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_X", "mysql://root:secret@host/base")
    with pytest.raises(Misconfigured) as refusal:
        env.database("HUIYIN_X", home=Path("/nowhere"))
    assert "HUIYIN_X" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_log_line_shows_no_number_of_anybody() -> None:
    import logging

    message = "duplicate key\nDETAIL:  Key (phone)=(13800001234) exists.\nsent to 138-0000-1234, took 35 ms"
    line = Masked("%(asctime)s %(message)s").format(logging.makeLogRecord({"msg": message}))
    assert "1380000" not in line
    assert "138-0000" not in line
    assert "took 35 ms" in line
    assert line[:2] == "20"  # the line's own time stays readable


@pytest.mark.parametrize("name", ["Mars/X", "../etc/passwd", "Asia"])
def test_a_zone_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("HUIYIN_X", name)
    with pytest.raises(Misconfigured, match="HUIYIN_X"):
        env.zone("HUIYIN_X", default="Asia/Shanghai")


def test_a_password_in_the_place_of_a_port_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_X", "postgresql://li:secret/more@host/base")
    with pytest.raises(Misconfigured) as refusal:
        env.database("HUIYIN_X", home=Path("/nowhere"))
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "value",
    [
        "pigeon",
        "http://sms.example/send",
        "https://",
        "https://user:geheim@sms.example/",
        "https://x:0/",
        "https://[x/",
        "https://sms..example/",
        "https://sms.example/短信",
        "https://sms.example/a b",
    ],
)
def test_an_address_that_would_be_read_on_the_way_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HUIYIN_SMS", value)
    with pytest.raises(env.Misconfigured) as fault:
        env.gateway("HUIYIN_SMS", default="none")
    assert "geheim" not in str(fault.value)


def test_a_gateway_elsewhere_is_asked_by_https_and_one_here_may_be_plain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for value in ("https://sms.example/send", "http://127.0.0.1:8025/send", "none", "folder"):
        monkeypatch.setenv("HUIYIN_SMS", value)
        assert env.gateway("HUIYIN_SMS", default="none") == value


def test_the_address_of_a_gateway_is_known_by_its_scheme_however_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HUIYIN_SMS", "HTTPS://sms.example/send")
    assert env.gateway("HUIYIN_SMS", default="none") == "https://sms.example/send"
