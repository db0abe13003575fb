"""Full, read-only, gone: a served house says so, gives words back, acknowledges nothing that it did not store,
and goes on by itself when what was away is there again.
"""

import itertools
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from benchmarks.kills import ASK, CLI, LOOK, TAKE, Away, Home, Visitor
from tools import postgres

WORDS = "石桥路第三盏路灯不亮，晚上看不见路。"
BACK_WITHIN = 60.0  # seconds until what failed is tried again, at the latest (worker.LONGEST_WAIT)
NOTICED_WITHIN = 30.0  # seconds until forms are refused
ROOM = "48m"  # of the small disk
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="mounts, and reads /proc"),
    pytest.mark.timeout(300),
]


# -- the house -----------------------------------------------------------------------------------------------
@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A served house, on a small disk of its own where the database is a file."""
    if connection.vendor == "sqlite":
        with _small_disk(tmp_path / "disk"):
            yield from _served(Home(tmp_path / "disk", "sqlite"))
    else:
        # What the server has confirmed is with the system when it is stopped; nobody pulls the plug of the machine.
        with postgres.cluster(settings={**postgres.SPEED, "synchronous_commit": "on"}) as address:
            yield from _served(Home(tmp_path, address))


def _served(home: Home) -> Iterator[Home]:
    for command in ("setup-secrets", "prepare"):
        home.run(*CLI, command)
    try:
        home.recovered()
        yield home
    finally:
        home.stop()


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    if os.geteuid() != 0 or not _mounted("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)):
        pytest.skip("needs root and a system that lets it mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def _mounted(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


# -- what is away, and for how long --------------------------------------------------------------------------
@contextmanager
def full(home: Home) -> Iterator[None]:
    """Nothing more fits onto the disk."""
    ballast = home.folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def read_only(home: Home) -> Iterator[None]:
    """The disk, or the database, may only be read; as after a fault of the disk, or on a standby."""
    if home.database == "sqlite":
        place = str(home.folder)
        assert _mounted("--bind", place, place) and _mounted("-o", "remount,bind,ro", place)
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)
        return
    import psycopg

    with psycopg.connect(home.database, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        server.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            server.execute("SET default_transaction_read_only = off")
            server.execute("ALTER SYSTEM RESET default_transaction_read_only")
            server.execute("SELECT pg_reload_conf()")


@contextmanager
def stopped(home: Home) -> Iterator[None]:
    """The server of the database is gone for ten seconds."""
    with postgres.away(home.database):
        began = time.monotonic()
        yield
        time.sleep(max(0.0, 10 - (time.monotonic() - began)))


# -- what people do meanwhile --------------------------------------------------------------------------------
def form(**more: str) -> dict[str, str]:
    return {"text": WORDS, "key": str(uuid.uuid4()), "nature": "appeal", "confidentiality": "sealed",
            "headcount": "1", "phone": "13800000001", **more}  # fmt: skip


def eventually(home: Home, act: Callable[[], object]) -> None:
    """Until it is answered as it should be, within the time that the house says it may take."""
    deadline = time.monotonic() + BACK_WITHIN
    while True:
        try:
            act()
        except (Away, AssertionError) as fault:
            if time.monotonic() > deadline:
                fault.add_note((home.folder / "serve.log").read_text()[-4000:])
                raise
            time.sleep(0.5)
        else:
            return


def hands_in(home: Home, sent: dict[str, str], *, file: bytes = b"") -> int:
    """Send a form and note what was acknowledged; what was not has its words on the page, and says why."""
    home.keys.append(sent["key"])
    status, where, page = Visitor(home).send(TAKE, sent, file=file)
    if status == 302:
        home.acknowledged[sent["key"]] = {"number": where.strip("/").split("/")[-1], "files": bool(file)}
    else:
        assert (status, WORDS in page) == (503, True), (status, page[-1500:])
        assert "还没有存下" in page or "没有收到" in page
    return status


def nothing_was_lost(home: Home) -> None:
    """Every acknowledged matter is there once, with all that belongs to it; the worker has caught up."""

    def caught_up() -> None:
        assert json.loads(home.run(sys.executable, str(LOOK), "idle"))

    eventually(home, caught_up)
    known = {"acknowledged": home.acknowledged, "keys": home.keys, "acts": []}
    (home.folder / "known.json").write_text(json.dumps(known))
    assert json.loads(home.run(sys.executable, str(LOOK), "check"))["problems"] == []
    home.run(*CLI, "ledger", "verify")


def seated(home: Home) -> Visitor:
    clerk = Visitor(home)
    clerk.get(ASK)
    clerk.post(ASK, {"post": "centre-clerk"})
    return clerk


def test_what_is_away_is_said_and_comes_back_by_itself(home: Home) -> None:
    """One house for all of it: what comes back from one fault meets the next."""
    clerk, running = seated(home), home.running
    for away in (full, read_only) if connection.vendor == "sqlite" else (read_only, stopped):
        Visitor(home).get(TAKE)
        assert hands_in(home, form()) == 302
        with away(home):
            refused = _refused(home)
            call = form(channel="phone", urgency="normal", phone="", step="go_on")
            status, _where, page = clerk.send("/work/desk/entry/", call)
            assert (status, WORDS in page) == (503, True), page[-1500:]
            Visitor(home).get(TAKE)  # the form can be opened all the while, from memory
        for sent, file in refused:  # the same form again, as people do
            eventually(home, lambda sent=sent, file=file: _is_taken(home, sent, file))
        eventually(home, lambda: clerk.get("/work/desk/"))
    assert home.running is running and running is not None and running.poll() is None
    nothing_was_lost(home)


def _refused(home: Home) -> list[tuple[dict[str, str], bytes]]:
    """Forms sent, with a file and without, until one of either kind is refused.

    A disk may have room for a few yet, and a file that is open can be written to until it is opened anew.
    """
    refused: dict[bool, tuple[dict[str, str], bytes]] = {}
    until = time.monotonic() + NOTICED_WITHIN
    for n in itertools.takewhile(lambda _n: time.monotonic() < until, itertools.count()):
        sent, file = form(), f"第 {n} 盏不亮。".encode() * 3000 if n % 2 else b""
        if hands_in(home, sent, file=file) != 302:
            refused[bool(file)] = sent, file
        if len(refused) == 2:
            return list(refused.values())
    raise AssertionError("nothing was refused: what was away was not needed")


def _is_taken(home: Home, sent: dict[str, str], file: bytes) -> None:
    assert hands_in(home, sent, file=file) == 302
