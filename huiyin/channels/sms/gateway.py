"""Short messages through a gateway that takes JSON by HTTPS: the town's own, or a few lines before a provider's.

What is asked and answered stands in docs/operator.md. The key goes along as `Idempotency-Key`
(draft-ietf-httpapi-idempotency-key-header), for gateways that know it; none is relied upon to.
"""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from huiyin.channels.sending.letters import Letter, NotTaken

SECONDS = 20.0  # for a connection, and again for a whole answer
LONGEST_ANSWER = 64_000  # bytes
LONGEST_NAME = 100  # letters
LATER = (408, 425, 429, 503)  # not taken now, and perhaps in a while


class Gateway:
    """One connection a message: a few a minute need no more. Nothing of it stands in an address."""

    knows_keys = False

    def __init__(self, address: str, *, token: str = "") -> None:
        self.address, self.token = urlsplit(address), token

    def deliver(self, letter: Letter) -> str:
        """What the gateway calls it. Raises `NotTaken` when it answered no, or was never reached.

        Any other fault, an answer such as 500 or 504, and one that was not heard to its end in time leave open whether
        it was taken.
        """
        path, body, headers = self._path(), _body(letter), self._headers(letter)
        encrypted = self.address.scheme == "https"
        kind = http.client.HTTPSConnection if encrypted else http.client.HTTPConnection
        connection = kind(self.address.hostname or "", self.address.port, timeout=SECONDS)
        try:
            connection.connect()
        except OSError as fault:
            raise NotTaken(type(fault).__name__, permanent=False) from fault
        try:
            with _ending(connection.sock) as over:
                connection.request("POST", path, body=body, headers=headers)
                answer = connection.getresponse()
                said = answer.read(LONGEST_ANSWER)
        finally:
            connection.close()
        cut = (
            bool(answer.length) and len(said) < LONGEST_ANSWER
        )  # the library lets a body end before its length
        if over.is_set() or cut:
            raise ConnectionError("the gateway's answer did not come to its end")
        if answer.status in LATER:
            raise NotTaken(str(answer.status), permanent=False)
        if answer.status < 200 or answer.status >= 500:
            raise ConnectionError(f"the gateway answered {answer.status}")
        if answer.status >= 300:
            raise NotTaken(str(answer.status), permanent=True)
        return _name(said)

    def _path(self) -> str:
        query = f"?{self.address.query}" if self.address.query else ""
        return (self.address.path or "/") + query

    def _headers(self, letter: Letter) -> dict[str, str]:
        its = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": json.dumps(letter.key)}
        return {**its, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}


@contextmanager
def _ending(line: socket.socket) -> Iterator[threading.Event]:
    """Hang up when the time is over, also on somebody who says a letter every few seconds; whether it is over."""
    over = threading.Event()
    timer = threading.Timer(SECONDS, _hang_up, [line, over])
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()


def _hang_up(line: socket.socket, over: threading.Event) -> None:
    over.set()  # before the line ends: a body without a length seems whole when the line ends
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _body(letter: Letter) -> bytes:
    return json.dumps({"to": letter.to, "text": letter.text, "key": letter.key}).encode()


def _name(said: bytes) -> str:
    """What the gateway calls the message, if it says so in a way that can be kept: a short word or a number."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return ""
    name = found.get("id") if isinstance(found, dict) else None
    text = str(name) if type(name) in (str, int) else ""
    return text if text.isascii() and text.isprintable() and len(text) <= LONGEST_NAME else ""
