"""A house to be measured: a database of its own, and the programs that `huiyin serve` starts, each by itself."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from benchmarks._accounting import Statements, children, used, used_by_each
from benchmarks._browser import Browser, Visit, drive, never
from huiyin.cli.address import Address
from huiyin.cli.commands.serve import web_command
from huiyin.cli.supervisor import end_with_parent
from tools import postgres

ROOT = Path(__file__).parent.parent
ORIGIN = "https://huiyin.example"
# A server as one installs it for a town: what it has confirmed survives a power cut.
DURABLE = {
    **postgres.SPEED,
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "max_wal_size": "4GB",
    "log_line_prefix": "%a:",
}
COMES_UP = 60.0  # seconds
OURS = "measure"  # what the measure's own connection is called


@dataclass
class House:
    """A home with its database, and what runs in it. `folder` and `address` are given; `start` fills the rest."""

    folder: Path
    database: str
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    asking: psycopg.Connection | None = None

    @property
    def environment(self) -> dict[str, str]:
        """As an operator sets it for a house behind a proxy that speaks https, on one process and one thread."""
        return {
            **os.environ,
            "HUIYIN_HOME": str(self.folder),
            "HUIYIN_DATABASE": self.database,
            "HUIYIN_PROFILE": "demo",
            "HUIYIN_URL": ORIGIN,
            "HUIYIN_BEHIND_PROXY": "1",
            "HUIYIN_WEB_PROCESSES": "1",
            "HUIYIN_WEB_THREADS": "1",
            "HUIYIN_SENDINGS_OF_ADDRESS": "100000000",  # counted as ever, and never reached
            "HUIYIN_SENDINGS": "100000000",
        }

    def huiyin(self, *arguments: str, nice: int = 0) -> str:
        """Run a command in this house; what it printed."""
        line = [
            "nice",
            "-n",
            str(nice),
            sys.executable,
            "-m",
            "huiyin.cli",
            *arguments,
        ]  # this tree's, wherever it lies
        done = subprocess.run(
            line, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"huiyin {' '.join(arguments)} failed ({done.returncode}): {done.stdout}")
        return done.stdout

    def prepare(self) -> None:
        """Keys, tables and the demonstration's profile; safe to repeat."""
        for command in (["setup-secrets"], ["migrate"], ["profile", "load", "demo"]):
            self.huiyin(*command)

    # -- what runs -------------------------------------------------------------------------------------------
    def start_web(self) -> None:
        """The web server, by the very command that `huiyin serve` uses."""
        self._serve("web", "config.wsgi:application")

    def start_limit(self) -> None:
        """The bare view in the same server."""
        self._serve("limit", "benchmarks._limit:application")

    def start_worker(self) -> None:
        """The standing tasks, as `huiyin serve` starts them."""
        self._start("worker", [sys.executable, "-m", "huiyin.cli", "worker"])

    def stop(self, *names: str) -> None:
        """End what runs, or only the named."""
        for name in names or list(self.running):
            process = self.running.pop(name)
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def log(self, name: str) -> Path:
        """What a program here has said."""
        return self.folder / f"{name}.log"

    def _serve(self, name: str, application: str) -> None:
        self.ports[name] = port = _free_port()
        with _as_configured(self.environment):
            command = web_command("127.0.0.1", port)
        self._start(name, [*command[:-1], application], PORT=str(port))
        deadline = time.monotonic() + COMES_UP
        while not _listens(port) or (name == "web" and not Address("127.0.0.1", port).answers()):
            if self.running[name].poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{name} does not come up:\n{self.log(name).read_text()[-2000:]}")
            time.sleep(0.1)

    def _start(self, name: str, command: list[str], **more: str) -> None:
        self.running[name] = subprocess.Popen(
            command,
            env={**self.environment, "PGAPPNAME": name, **more},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self.log(name).open("ab"),
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent,  # noqa: PLW1509 — no threads here
        )

    # -- what it used ----------------------------------------------------------------------------------------
    def spent(self) -> Counter[str]:
        """Milliseconds of processor time so far: of each program here, and of the database's processes."""
        found = Counter({name: used(process.pid) for name, process in self.running.items()})
        if self.database != "sqlite":
            found.update({"database": used(self.postmaster)})
            found.update({f"database for {who}": ms for who, ms in used_by_each(self._backends()).items()})
            found["database"] -= found[f"database for {OURS}"]
        return found

    @property
    def postmaster(self) -> int:
        """The process of the database server."""
        folder = Path(self.database.partition("host=")[2])
        socket_file = next(folder.glob(".s.PGSQL.*.lock"))
        return int(socket_file.read_text().splitlines()[0])

    def _backends(self) -> dict[int, str]:
        groups = dict.fromkeys(children().get(self.postmaster, ()), "itself")
        asked = "SELECT pid, application_name FROM pg_stat_activity WHERE backend_type = 'client backend'"
        return groups | {int(pid): who for pid, who in self.rows(asked) if who}

    # -- what is in it ---------------------------------------------------------------------------------------
    def rows(self, sql: str) -> list[tuple]:
        """Ask the database directly (PostgreSQL)."""
        if self.asking is None:  # one for all, so that what asking costs can be taken off
            self.asking = psycopg.connect(self.database, autocommit=True, application_name=OURS)
        return self.asking.execute(sql).fetchall()  # type: ignore[arg-type]

    def vacuum(self) -> None:
        """What the server does by itself within minutes: statistics, and which pages need no second look."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def settle(self, patience: float = 30.0) -> None:
        """Wait until every event has its place in the order."""
        deadline = time.monotonic() + patience
        while self.rows("SELECT 1 FROM ledger_event WHERE position IS NULL LIMIT 1"):
            if time.monotonic() > deadline:
                raise SystemExit("the worker does not put events in order")
            time.sleep(0.1)

    @contextmanager
    def statements(self, who: str = "web") -> Iterator[Statements]:
        """Let the server write down what one program asks."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET log_statement = 'all'")
            connection.execute("SELECT pg_reload_conf()")
            time.sleep(0.5)
            try:
                yield Statements(Path(self.database.partition("host=")[2]) / "log", who)
            finally:
                connection.execute("ALTER SYSTEM RESET log_statement")
                connection.execute("SELECT pg_reload_conf()")
                time.sleep(0.5)

    def seated(self, post: str) -> Browser:
        """A browser in which somebody of the demonstration sits under this post."""
        browser = Browser(ORIGIN, address="10.9.0.1")

        def signs_in() -> Visit:
            page = yield browser.get("sign-in page", "/accounts/demo/")
            browser.take(page)
            values = {"csrfmiddlewaretoken": page.token, "post": post}
            browser.take((yield browser.post("sign-in", "/accounts/demo/", values)))

        drive(self.ports["web"], [signs_in()], until=never)
        return browser


@contextmanager
def on_postgresql(folder: Path, *, kept: Path | None = None) -> Iterator[House]:
    """A house on a private server whose commits are durable; everything that runs in it ends with the block."""
    with postgres.cluster(settings=DURABLE, kept=kept) as address:
        yield from _ended(House(folder, address))


@contextmanager
def on_sqlite(folder: Path) -> Iterator[House]:
    """A house on the embedded database."""
    yield from _ended(House(folder, "sqlite"))


def _ended(house: House) -> Iterator[House]:
    try:
        yield house
    finally:
        house.stop()
        if house.asking is not None:
            house.asking.close()


@contextmanager
def _as_configured(environment: Mapping[str, str]) -> Iterator[None]:
    """What `web_command` reads from the environment."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
