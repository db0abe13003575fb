"""Visitors who do what browsers do, over connections that stay open; one thread drives them all.

A visit is a generator: it yields what to ask and is sent the answer. That costs some tens of microseconds for a
request, so that on a small machine the visitors leave the processors to what is measured.
"""

import re
import selectors
import socket
import time
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PATIENCE = 60.0  # seconds without any answer before the server counts as hung
USUAL = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate, br",
}
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class NotServed(RuntimeError):
    """The server hung, hung up, or answered with another status than the visit takes for success."""


@dataclass(frozen=True)
class Asked:
    """One request: under which name it is counted, its bytes, and the status of success."""

    name: str
    written: bytes
    status: int = 200


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        """Where it leads on to."""
        found = LOCATION.search(self.head)
        return found[1].decode() if found else ""

    @property
    def token(self) -> str:
        """The token of the form on the page."""
        found = TOKEN.search(self.body)
        if found is None:
            raise NotServed("there is no form on this page")
        return found[1].decode()


@dataclass(frozen=True)
class Timed:
    """A request that was answered: its name, the seconds it took, and the status."""

    name: str
    seconds: float
    status: int


Visit = Generator[Asked, Answered, None]


@dataclass
class Browser:
    """One visitor's browser: its cookies, and the headers that it sends to the house behind its proxy."""

    origin: str
    address: str = "10.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, path: str, *, status: int = 200) -> Asked:
        """Ask for a page."""
        return Asked(name, self._written("GET", path, {}, b""), status)

    def post(self, name: str, path: str, values: Mapping[str, Any], *, status: int = 302) -> Asked:
        """Send a plain form."""
        body = urlencode(values, doseq=True).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return Asked(name, self._written("POST", path, kind, body), status)

    def send_form(self, name: str, path: str, values: Mapping[str, Any], *, status: int = 302) -> Asked:
        """Send a form that has a place for files, with none chosen: in parts."""
        border = f"----{uuid.uuid4().hex}"
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in values.items()
        ]
        parts.append(
            f'--{border}\r\nContent-Disposition: form-data; name="files"; filename=""\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n\r\n--{border}--\r\n"
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
        return Asked(name, self._written("POST", path, kind, "".join(parts).encode()), status)

    def take(self, answer: Answered) -> None:
        """Keep the cookies of an answer."""
        for name, value in COOKIE.findall(answer.head):
            self.cookies[name.decode()] = value.decode()

    def _written(self, method: str, path: str, more: Mapping[str, str], body: bytes) -> bytes:
        scheme, _slashes, host = self.origin.partition("://")
        headers = {"Host": host, **USUAL, **more}
        headers |= {"X-Forwarded-For": self.address, "X-Forwarded-Proto": scheme}
        if method == "POST":
            headers |= {
                "Origin": self.origin,
                "Referer": self.origin + path,
                "Content-Length": str(len(body)),
            }
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


class _Line:
    """A connection with the visit that goes on over it."""

    def __init__(self, port: int, visit: Visit, patience: float) -> None:
        self.visit = visit
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked: Asked | None = None
        self.began = 0.0
        self.come = b""

    def ask(self, asked: Asked) -> None:
        self.asked, self.come, self.began = asked, b"", time.perf_counter()
        self.socket.sendall(asked.written)

    def answer(self) -> Answered | None:
        """Take what has come; the answer once it is whole."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise NotServed(f"the server hung up on {self.asked and self.asked.name}")
        self.come += piece
        end = self.come.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, length = self.come[:end], LENGTH.search(self.come, 0, end + 2)
        if length is None:
            raise NotServed("an answer without its length")
        body = self.come[end + 4 :]
        return Answered(int(head[9:12]), head, body) if len(body) >= int(length[1]) else None


def drive(
    port: int, visits: Sequence[Visit], *, until: Callable[[int], bool], patience: float = PATIENCE
) -> list[Timed]:
    """Let all visits go on at once until `until(answers so far)` says so or they end; answers under way are taken.

    Raises NotServed when an answer has another status than it should, or none comes for as many seconds as `patience`.
    """
    timed: list[Timed] = []
    lines = [_Line(port, visit, patience) for visit in visits]
    with selectors.DefaultSelector() as ready:
        for line in lines:
            ready.register(line.socket, selectors.EVENT_READ, line)
            line.ask(next(line.visit))
        under_way = len(lines)
        while under_way:
            events = ready.select(patience)
            if not events:
                raise NotServed(f"no answer within {patience:.0f} s")
            for key, _mask in events:
                answer = key.data.answer()
                if answer is not None:
                    timed.append(_settled(key.data, answer))
                    if until(len(timed)) or not _goes_on(key.data, answer):
                        ready.unregister(key.fileobj)
                        key.data.socket.close()
                        under_way -= 1
    return timed


def _settled(line: _Line, answer: Answered) -> Timed:
    asked = line.asked
    assert asked is not None
    if answer.status != asked.status:
        told = answer.body[:2000].decode(errors="replace")
        raise NotServed(f"{asked.name}: {answer.status} instead of {asked.status}\n{told}")
    return Timed(asked.name, time.perf_counter() - line.began, answer.status)


def _goes_on(line: _Line, answer: Answered) -> bool:
    try:
        line.ask(line.visit.send(answer))
    except StopIteration:
        return False
    return True


def for_seconds(seconds: float) -> Callable[[int], bool]:
    """Until so many seconds from now have passed."""
    end = time.perf_counter() + seconds
    return lambda _done: time.perf_counter() >= end


def never(_done: int) -> bool:
    """Until every visit ends by itself."""
    return False


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
