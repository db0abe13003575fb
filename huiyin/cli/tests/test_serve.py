"""huiyin serve, for real: a page answers, what dies comes back, one stop ends all of it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

CLI = [sys.executable, "-m", "huiyin.cli"]
pytestmark = [pytest.mark.slow, pytest.mark.embedded]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """A running `huiyin serve` with a home of its own on embedded SQLite."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.environment = {
            **os.environ,
            "HUIYIN_HOME": str(home),
            "HUIYIN_DATABASE": "sqlite",
            "HUIYIN_DEBUG": "1",
        }
        for command in ("setup-secrets", "migrate"):
            subprocess.run([*CLI, command], env=self.environment, check=True, capture_output=True)
        self.process = self.start(self.port)

    def start(self, port: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*CLI, "serve", "--port", str(port)],
            env=self.environment,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=90)[0]


def eventually(holds, *, within: float = 90) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    running = Served(tmp_path)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_serve_keeps_running_and_stops_as_one(served: Served) -> None:
    assert eventually(served.answers)

    second = served.start(free_port())
    told = second.communicate(timeout=90)[0]
    assert second.returncode == 3
    assert served.environment["HUIYIN_HOME"] in told

    assert eventually(
        lambda: len(served.children()) == 2
    )  # server and worker; who tells the sign-ins has ended
    before = served.children()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: len(set(served.children()) - set(before)) == 2)
    assert eventually(served.answers)

    children = served.children()
    told = served.stop()
    assert served.process.returncode == 0
    assert f"http://127.0.0.1:{served.port}/" in told
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    assert not served.answers()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nobody_is_left_with_the_port_when_master_and_supervisor_are_killed_at_once(served: Served) -> None:
    assert eventually(served.answers)
    assert eventually(lambda: len(served.children()) == 2)
    for pid in (served.process.pid, *served.children()):
        os.kill(pid, signal.SIGKILL)
    served.process.communicate(timeout=90)
    assert eventually(lambda: not served.answers(), within=30)
    served.process = served.start(served.port)
    assert eventually(served.answers)


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = {**os.environ, "HUIYIN_HOME": str(tmp_path)}
        subprocess.run([*CLI, "setup-secrets"], env=environment, check=True, capture_output=True)
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*CLI, "serve", "--port", str(port)], env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 3
    assert str(port) in done.stderr
