"""Short messages through a gateway: a real one on this machine, which answers as it is told."""

import json
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from huiyin.channels.sending import ways
from huiyin.channels.sending.letters import Letter, NotTaken
from huiyin.channels.sms import gateway
from huiyin.channels.sms.gateway import Gateway

LETTER = Letter(to="+8613800000001", text="验证码 123456", key="sign-in:1")
HANGS_UP, DRIPS, DRIPS_AFTER_OK, CUT = 0, 1, 2, 3


class Provider(ThreadingHTTPServer):
    """Answers with `status` and `said`, and keeps what it was asked."""

    status: int = 200
    said: bytes = b""
    took: list[dict[str, Any]]
    over: Event

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send?town=demo"


class Taking(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.took.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body)})
        if self.server.status == HANGS_UP:
            return
        if self.server.status in (DRIPS, DRIPS_AFTER_OK):
            self._drip()
            return
        if self.server.status == CUT:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n" + self.server.said)
            return
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.said)

    def _drip(self) -> None:
        """A letter now and then, from the first one or in the body of an answer that began well."""
        with suppress(OSError):
            if self.server.status == DRIPS_AFTER_OK:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not self.server.over.wait(0.05):
                self.wfile.write(b"H")

    def log_message(self, *said: Any) -> None:
        """Nothing."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), Taking)
    server.took, server.over = [], Event()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_goes_in_the_body_with_its_key_and_the_secret_in_the_head(provider: Provider) -> None:
    provider.said = b'{"id": "m-17"}'
    assert Gateway(provider.address, token="geheim").deliver(LETTER) == "m-17"
    [asked] = provider.took
    assert asked["path"] == "/send?town=demo"
    assert asked["body"] == {"to": LETTER.to, "text": LETTER.text, "key": LETTER.key}
    assert asked["headers"]["Authorization"] == "Bearer geheim"
    assert asked["headers"]["Idempotency-Key"] == '"sign-in:1"'


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"OK",
        b"[1]",
        b'{"id": null}',
        "好".encode("gbk"),
        b'{"id": "\\ud800"}',
        b'{"id": {"to": 1}}',
        b"[" * 60_000,
    ],
)
def test_an_answer_without_a_name_is_as_good(provider: Provider, said: bytes) -> None:
    provider.said = said
    assert Gateway(provider.address).deliver(LETTER) == ""
    assert "Authorization" not in provider.took[0]["headers"]


@pytest.mark.parametrize(
    ("status", "permanent"), [(302, True), (400, True), (401, True), (429, False), (503, False)]
)
def test_an_answer_of_no_is_certain(provider: Provider, status: int, permanent: bool) -> None:
    provider.status = status
    with pytest.raises(NotTaken) as no:
        Gateway(provider.address).deliver(LETTER)
    assert (str(no.value), no.value.permanent) == (str(status), permanent) and len(provider.took) == 1


@pytest.mark.parametrize("status", [103, 500, 502, 504, HANGS_UP])
def test_whether_it_was_taken_is_left_open_where_nobody_knows(provider: Provider, status: int) -> None:
    provider.status = status
    with pytest.raises(OSError) as fault:
        Gateway(provider.address).deliver(LETTER)
    assert len(provider.took) == 1 and LETTER.to not in str(fault.value)


@pytest.mark.parametrize("status", [DRIPS, DRIPS_AFTER_OK])
def test_somebody_who_says_a_letter_now_and_then_is_hung_up_on(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(gateway, "SECONDS", 0.4)
    provider.status = status
    with pytest.raises((OSError, HTTPException)):
        Gateway(provider.address).deliver(LETTER)
    assert len(provider.took) == 1


@pytest.mark.parametrize("said", [b"", b'{"id": "m-17"}'])
def test_an_answer_that_breaks_off_leaves_it_open(provider: Provider, said: bytes) -> None:
    provider.status, provider.said = CUT, said
    with pytest.raises((OSError, HTTPException)):
        Gateway(provider.address).deliver(LETTER)


def test_an_answer_longer_than_anybody_reads_is_as_good(provider: Provider) -> None:
    provider.said = b"x" * (gateway.LONGEST_ANSWER + 10)
    assert Gateway(provider.address).deliver(LETTER) == ""


def test_half_a_character_in_the_text_goes_out_as_it_is_written_in_json(provider: Provider) -> None:
    Gateway(provider.address).deliver(Letter(to="+86", text="好\ud800", key="k:2"))
    assert provider.took[0]["body"]["text"] == "好\ud800"


def test_a_gateway_that_nobody_reached_has_taken_nothing(provider: Provider) -> None:
    address = provider.address
    provider.shutdown()
    provider.server_close()
    with pytest.raises(NotTaken) as no:
        Gateway(address).deliver(LETTER)
    assert not no.value.permanent


def test_an_address_in_the_settings_is_the_way_out(provider: Provider, settings: Any) -> None:
    settings.HUIYIN_SMS, settings.HUIYIN_SMS_TOKEN = provider.address, "geheim"
    assert ways.SMS in ways.ways() and not ways.is_only_tried(ways.SMS)
    out = ways.way(ways.SMS)
    assert out is not None and out.deliver(LETTER) == ""
    assert provider.took[0]["headers"]["Authorization"] == "Bearer geheim"
