"""What the system says that processes used, what the database says it was asked, and what machine this is."""

import os
import platform
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds
PROC = Path("/proc")
FRAME = re.compile(r"^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|START TRANSACTION)\b", re.IGNORECASE)
SAID = re.compile(r"^(?P<who>[^:]*):LOG:  (?:statement|execute [^:]+): (?P<sql>.*)$", re.MULTILINE)


def _fields(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the name of the program; None when it is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def children() -> Mapping[int, list[int]]:
    """Every process's children."""
    found: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        fields = _fields(int(folder.name)) if folder.name.isdecimal() else None
        if fields:
            found.setdefault(int(fields[1]), []).append(int(folder.name))
    return found


def family(pid: int) -> Iterator[int]:
    """A process and everything that descends from it."""
    below, waiting = children(), [pid]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(below.get(each, ()))


def used(pid: int) -> float:
    """Milliseconds of processor time (user and system) of a process, its family, and those of it that have ended."""
    total = 0
    for each in family(pid):
        fields = _fields(each)
        if fields:
            total += sum(map(int, fields[11:15]))  # its own, and that of children it has buried
    return total * TICK


def used_by_each(pids: Mapping[int, str]) -> Counter[str]:
    """Milliseconds of each group of single processes, by the groups' names."""
    total: Counter[str] = Counter()
    for pid, group in pids.items():
        fields = _fields(pid)
        if fields:
            total[group] += sum(map(int, fields[11:13])) * TICK
    return total


@dataclass
class Statements:
    """The statements that a server wrote down while it was told to, of the programs that named themselves so."""

    log: Path
    who: str
    start: int = 0

    def begin(self) -> None:
        """Forget what came before."""
        self.start = self.log.stat().st_size

    def told(self) -> list[str]:
        """The SQL since `begin`, BEGIN and COMMIT too, in its order."""
        with self.log.open(encoding="utf-8", errors="replace") as stream:
            stream.seek(self.start)
            return [found["sql"] for found in SAID.finditer(stream.read()) if found["who"] == self.who]


def framing(sql: str) -> bool:
    """Whether a statement only opens or ends a transaction, or sets up the connection; it is counted apart."""
    return FRAME.match(sql) is not None


def pending_idle(seconds: float = 1.0) -> float:
    """The share of all processors that was in use during a pause: 0 on a quiet machine."""
    before = _busy()
    time.sleep(seconds)
    busy, total = (now - then for now, then in zip(_busy(), before, strict=True))
    return busy / max(total, 1)


def _busy() -> tuple[int, int]:
    fields = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return sum(fields) - fields[3] - fields[4], sum(fields)


def yardstick() -> float:
    """Milliseconds of processor time of a fixed piece of work: the fewest of five tries.

    On a busy machine everything costs more time, since the processor's caches are shared; by this one sees how much.
    """
    tries = []
    for _each in range(5):
        began = time.process_time()
        sum(each * each % 7 for each in range(200_000))
        tries.append(time.process_time() - began)
    return round(min(tries) * 1000, 2)


def machine(**more: Any) -> dict[str, Any]:
    """Where and with what it was measured."""
    processor = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        platform.machine(),
    )  # fmt: skip
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1])  # type: ignore[index]
    return {
        "processor": processor,
        "processors": os.cpu_count(),
        "memory_gib": round(memory / 2**20, 1),
        "kernel": platform.release(),
        "load": [round(each, 2) for each in os.getloadavg()],
        "python": platform.python_version(),
        **{name: version(name) for name in ("django", "granian", "psycopg")},
        "yardstick_ms": yardstick(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        **more,
    }
