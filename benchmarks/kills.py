"""Programs are killed under load, and nothing that was acknowledged is lost: python -m benchmarks.kills [--kills 100].

`huiyin serve` runs in a scratch home. Four visitors hand matters in (some with a file), ask for codes and walk matters
through the office; every form goes again with the same key until it is answered, as people do. Meanwhile the web
server, one of its processes, the worker, the supervisor, or all of them are killed (SIGKILL) at random moments. At
the end every acknowledged number and act is looked for: once, with its party, clock, event, file; each key made at
most one matter; the ledger verifies; the doctor finds nothing; each message went out once, or is marked uncertain.
"""

import argparse
import contextlib
import http.client
import json
import os
import queue
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks._stand import ROOT, _free_port
from huiyin.cli.address import Address
from huiyin.cli.supervisor import end_with_parent
from tools import postgres

CLI = [sys.executable, "-m", "huiyin.cli"]
PATIENCE = 120.0  # seconds until what was killed answers again
LEAST = 10  # acknowledged matters, before what was kept is counted
TARGETS = ("web", "web process", "worker", "supervisor", "everything")
ASK, TAKE = "/accounts/demo/", "/new/"
LOOK = Path(__file__).with_name("_killed.py")


class Away(Exception):
    """No answer came, or one that acknowledges nothing: nobody can know what was done."""


@dataclass
class Home:
    """A scratch home, the programs in it, and what they acknowledged."""

    folder: Path
    database: str
    port: int = field(default_factory=_free_port)
    running: subprocess.Popen[bytes] | None = None
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)  # key of a form: what was answered
    keys: list[str] = field(default_factory=list)  # of every form ever sent
    acts: list[tuple[str, str]] = field(default_factory=list)  # number and act, acknowledged
    unknown: int = 0  # requests that nobody answered
    starts: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """As on a small server of a town that sends into a folder."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),  # what is run by its path is of this checkout too
            "HUIYIN_HOME": str(self.folder),
            "HUIYIN_DATABASE": self.database,
            "HUIYIN_PROFILE": "demo",
            "HUIYIN_DEMO_CASES": "0",
            "HUIYIN_SMS": "folder",
            "HUIYIN_URL": f"http://127.0.0.1:{self.port}",
            "HUIYIN_WEB_PROCESSES": "1",
            "HUIYIN_WEB_THREADS": "2",
        }

    def run(self, *command: str) -> str:
        """Run a program in this home; what it printed. SystemExit when it fails."""
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{command} failed ({done.returncode}): {done.stdout}{done.stderr[-3000:]}")
        return done.stdout

    def start(self) -> None:
        """`huiyin serve`, as the system's service manager would start it, again and again."""
        self.starts += 1
        self.running = subprocess.Popen(
            [*CLI, "serve", "--port", str(self.port)],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=(self.folder / "serve.log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 — it does nothing but one call of the system
        )

    def recovered(self) -> float:
        """Wait until a page answers, starting what has ended; the seconds that it took."""
        began = time.monotonic()
        while self._ended() or not Address("127.0.0.1", self.port).answers():
            if self._ended():
                self.start()
                time.sleep(
                    0.5
                )  # what a killed supervisor left may still hold the port: then it ends and is begun anew
            if time.monotonic() - began > PATIENCE:
                raise SystemExit("it does not come back:\n" + (self.folder / "serve.log").read_text()[-3000:])
            time.sleep(0.1)
        return time.monotonic() - began

    def _ended(self) -> bool:
        return self.running is None or self.running.poll() is not None

    def stop(self) -> None:
        """As the service manager stops it."""
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()
            self.running.wait(60)


# -- who is killed -------------------------------------------------------------------------------------------
def kill(home: Home, target: str) -> None:
    """Kill the target outright; it may have ended by itself a breath before."""
    supervisor = home.running.pid if home.running else 0
    children = _children(supervisor)
    web = [pid for pid in children if "granian" in _command(pid)]
    doomed = {
        "web": web,
        "web process": [each for pid in web for each in _children(pid)],
        "worker": [pid for pid in children if "worker" in _command(pid)],
        "supervisor": [supervisor],
        "everything": [supervisor, *children, *(each for pid in children for each in _children(pid))],
    }[target]
    for pid in filter(None, doomed):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if target in {"supervisor", "everything"} and home.running is not None:
        home.running.wait(30)


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


# -- who visits ----------------------------------------------------------------------------------------------
class Visitor:
    """A browser that keeps cookies, at an address of its own."""

    def __init__(self, home: Home, address: str = "127.0.0.1") -> None:
        self.home = home
        self.address = address
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        """A page. Raises Away."""
        status, _where, page = self._ask("GET", path, b"", {})
        self._require(status == 200, f"GET {path}: {status}")
        return page

    def post(self, path: str, values: Mapping[str, Any], *, file: bytes = b"") -> str:
        """Send a form; where it leads on to. Raises Away unless it was acknowledged by that."""
        status, where, _page = self.send(path, values, file=file)
        self._require(status == 302, f"POST {path}: {status}")
        return where

    def send(self, path: str, values: Mapping[str, Any], *, file: bytes = b"") -> tuple[int, str, str]:
        """Send a form; status, where it leads on to, and the page. Raises Away when nobody answers."""
        body, kind = urlencode(values).encode(), "application/x-www-form-urlencoded"
        if file:
            body, kind = _in_parts(values, file)
        headers = {"Content-Type": kind, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        return self._ask("POST", path, body, headers)

    def _require(self, acknowledged: bool, otherwise: str) -> None:
        if not acknowledged:
            raise Away(otherwise)

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, str]:
        line = http.client.HTTPConnection(
            "127.0.0.1", self.home.port, timeout=30, source_address=(self.address, 0)
        )
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            line.request(method, path, body or None, {**headers, "Cookie": held})
            answer = line.getresponse()
            page = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as fault:
            self.home.unknown += 1
            raise Away(str(fault)) from fault
        finally:
            line.close()
        for each in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = each.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page


def _in_parts(values: Mapping[str, Any], file: bytes) -> tuple[bytes, str]:
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
    ]
    head = f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'.encode()
    return b"".join([*parts, head, file, f"\r\n--{border}--\r\n".encode()]), (
        f"multipart/form-data; boundary={border}"
    )


def until_answered(act: Callable[[], Any], ended: threading.Event) -> Any:
    """Try again until it is answered, as people do; None when the whole ends first."""
    while not ended.is_set():
        try:
            return act()
        except Away:
            time.sleep(0.1)
    return None


def hands_in(home: Home, ended: threading.Event, dice: random.Random, waiting: "queue.Queue[str]") -> None:
    """Matters of ever new people, every third with a file."""
    visitor = Visitor(home)
    while not ended.is_set():
        key, phone = str(uuid.UUID(int=dice.getrandbits(128), version=4)), f"1390{dice.randrange(10**7):07}"
        told = {"text": f"路灯坏了。{key}", "key": key, "nature": "appeal", "confidentiality": "sealed",
                "headcount": "1", "phone": phone}  # fmt: skip
        file = f"附上的说明 {key}".encode() * 2000 if dice.random() < 1 / 3 else b""
        home.keys.append(key)
        visitor.cookies.clear()
        where = until_answered(lambda told=told, file=file: visitor.post(TAKE, told, file=file), ended)
        if where:
            number = where.strip("/").split("/")[-1]
            home.acknowledged[key] = {"number": number, "files": bool(file), "phone": phone}
            if waiting.qsize() < 20:
                waiting.put(number)


def asks_for_codes(home: Home, ended: threading.Event, dice: random.Random) -> None:
    """Whoever handed in asks for a code, which goes out by the worker."""
    for n in range(10_000):
        if ended.wait(0.3):
            return
        known = list(home.acknowledged.values())
        if known:
            visitor = Visitor(home, f"127.0.{1 + n // 10 % 200}.1")
            with contextlib.suppress(Away):
                visitor.get("/mine/")
                visitor.post("/mine/", {"phone": dice.choice(known)["phone"]})


class Office:
    """Four people of the office, who bring one matter after the other to its answer."""

    def __init__(self, home: Home, ended: threading.Event, facts: Mapping[str, Any]) -> None:
        self.home = home
        self.ended = ended
        self.facts = facts
        self.seats: dict[str, Visitor] = {}

    def walk(self, waiting: "queue.Queue[str]") -> None:
        """Until the end. An act that nobody answered is not acknowledged; the next matter is taken."""
        while not self.ended.is_set():
            try:
                number = waiting.get(timeout=0.5)
                self._walk(number)
            except (queue.Empty, Away):
                continue

    def _walk(self, number: str) -> None:
        text = {"readable_title": "路灯坏了", "readable_text": "路灯坏了。", "readable_place": ""}
        self._act(
            "centre-clerk",
            number,
            "accept",
            {"category": self.facts["category"], "urgency": "normal", **text},
        )
        self._act("centre-dispatcher", number, "dispatch", {"lead": self.facts["lead"], "note": ""})
        found = re.search(
            rf"/{number}/sign/(\d+)/", self._seat("chengguan-handler").get(f"/work/cases/{number}/")
        )
        if found is None:
            raise Away("nothing to sign")
        self._act("chengguan-handler", number, "sign", {}, target=f"{found[1]}/")
        told = {"text": "已经修好，今晚亮灯。", "outcome": "solved"}
        self._act("chengguan-handler", number, "answer", told, target=f"{found[1]}/")

    def _act(self, who: str, number: str, act: str, told: Mapping[str, Any], *, target: str = "") -> None:
        self._seat(who).post(f"/work/cases/{number}/{act}/{target}", told)
        self.home.acts.append((number, act))

    def _seat(self, who: str) -> Visitor:
        if who not in self.seats:
            visitor = Visitor(self.home)
            visitor.get(ASK)
            visitor.post(ASK, {"post": who})
            self.seats[who] = visitor
        return self.seats[who]


# -- the whole -----------------------------------------------------------------------------------------------
def killed(home: Home, *, kills: int, seed: int = 1) -> dict[str, Any]:
    """Prepare the home, serve and kill in it; what was found at the end. SystemExit when it does not come back."""
    for command in ("setup-secrets", "prepare"):
        home.run(*CLI, command)
    facts = json.loads(home.run(sys.executable, str(LOOK), "facts"))
    dice, ended, waiting = random.Random(seed), threading.Event(), queue.Queue()  # type: ignore[var-annotated]
    office, counted, waits = Office(home, ended, facts), Counter[str](), []
    doing = [(hands_in, (home, ended, random.Random(seed + n), waiting)) for n in (1, 2)]
    everybody = [threading.Thread(target=act, args=args, daemon=True) for act, args in doing]
    everybody.append(
        threading.Thread(target=asks_for_codes, args=(home, ended, random.Random(seed)), daemon=True)
    )
    everybody.append(threading.Thread(target=office.walk, args=(waiting,), daemon=True))
    try:
        home.recovered()
        for each in everybody:
            each.start()
        for _kill in range(kills):
            time.sleep(dice.uniform(0.05, 1.5))
            target = dice.choice(TARGETS)
            kill(home, target)
            counted[target] += 1
            waits.append(home.recovered())
        _in_full_swing(home)
        ended.set()
        for each in everybody:
            each.join(60)
        doctor = _settled(home)
    finally:
        ended.set()
        home.stop()
    known = {"acknowledged": home.acknowledged, "keys": home.keys, "acts": home.acts}
    (home.folder / "known.json").write_text(json.dumps(known))
    problems = json.loads(home.run(sys.executable, str(LOOK), "check"))
    home.run(*CLI, "ledger", "verify")
    return {
        "kills": dict(counted),
        "acknowledged": len(home.acknowledged),
        "acts": len(home.acts),
        "unanswered": home.unknown,
        "starts": home.starts,
        "longest_wait_s": round(max(waits, default=0.0), 1),
        "problems": [*doctor, *problems["problems"]],
        "sendings": problems["sendings"],
    }


def _in_full_swing(home: Home, *, patience: float = 120.0) -> None:
    """Wait until both citizens and office had something acknowledged, however slow the machine."""
    began = time.monotonic()
    while not (home.acts and len(home.acknowledged) > LEAST) and time.monotonic() - began < patience:
        time.sleep(0.2)
    time.sleep(1)


def _settled(home: Home, *, patience: float = 90.0) -> list[str]:
    """Wait until the worker has caught up; what the doctor still finds then."""
    deadline = time.monotonic() + patience
    while True:
        done = subprocess.run(
            [*CLI, "doctor", "--json"],
            env=home.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        found = json.loads(done.stdout)
        rows = found["findings"] if isinstance(found, dict) else found
        wrong = [f"{each['check']}: {each['found']}" for each in rows
                 if not each["well"] and each["check"] not in {"static", "disk", "calendar", "address"}]  # fmt: skip
        idle = json.loads(home.run(sys.executable, str(LOOK), "idle"))
        if (not wrong and idle) or time.monotonic() > deadline:
            return wrong if idle else [*wrong, "the worker has not caught up"]
        time.sleep(1)


def main() -> int:
    """Both databases; 1 when anything that was acknowledged is not there as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="on each database")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    wrong = 0
    with postgres.cluster() as address:
        for database in ("sqlite", address):
            with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
                found = killed(Home(Path(folder), database), kills=asked.kills, seed=asked.seed)
            print(database.partition(":")[0], json.dumps(found, ensure_ascii=False), flush=True)
            wrong += len(found["problems"])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
