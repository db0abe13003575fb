"""What pages cost among many cases: python -m benchmarks.pages [--cases 10000] [--rounds 60].

Prints, for each database, the median CPU time and the number of SQL statements of the full intake by the citizens'
form, and of the pages most often opened. Requests go through every middleware, without network and web server;
the CPU time of a PostgreSQL server is not in it.
"""

import argparse
import csv
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tools import postgres

ROOT = Path(__file__).parent.parent
HUIYIN = str(Path(sys.executable).with_name("huiyin"))
WORDS = "小区门口的路灯已经坏了三个星期，晚上回家的老人和孩子只能摸黑走路，很不安全，请尽快安排人来修。"
REPLY = "您好，您反映的问题已经收悉，当天派人到现场核实，灯头已经换好，感谢您对我们工作的支持。"
STORY = {
    "text": WORDS * 5,
    "nature": "appeal",
    "confidentiality": "sealed",
    "headcount": "1",
    "reply_required": "on",
}


def write(file: Path, count: int) -> None:
    """Invented messages, nine of ten answered, over three years."""
    dice, begin = random.Random(1), datetime(2023, 1, 4, 8)  # noqa: DTZ001 - local times, as files hold them
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(
            ["编号", "姓名", "电话", "标题", "内容", "来信时间", "承办单位", "答复内容", "答复时间"]
        )
        for number in range(count):
            at = begin + timedelta(seconds=dice.randrange(3 * 365 * 86400))
            replied = at + timedelta(hours=dice.randrange(1, 400))
            answer = [REPLY * 5, f"{replied:%Y-%m-%d %H:%M:%S}"] if dice.random() < 0.9 else ["", ""]
            who = [f"张{number}", f"1380000{number % 10000:04d}"]
            table.writerow(
                [f"P{number:07d}", *who, WORDS[:24], WORDS * 5, f"{at:%Y-%m-%d %H:%M:%S}", "城管局", *answer]
            )


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL statements inside the block."""
    from django.db import connection

    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield seen


def measured(name: str, ask: Callable[[], Any], *, status: int, rounds: int) -> None:
    """Ask often, and print the median CPU time and the statements of the last time."""
    costs = []
    for _each in range(rounds):
        with counted() as seen:
            began = time.process_time()
            answer = ask()
            costs.append(time.process_time() - began)
        if answer.status_code != status:
            raise SystemExit(f"{name}: {answer.status_code} instead of {status}")
    print(f"  {name:<44} {statistics.median(costs) * 1000:6.1f} ms  {len(seen):3} statements", flush=True)


def seated(post: str) -> Any:
    """A browser in which somebody sits under this post."""
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.post("/accounts/demo/", {"post": post})
    return client


def handed_in(client: Any) -> Any:
    """One case by the citizens' form."""
    return client.post("/new/", {**STORY, "key": str(uuid.uuid4()), "name": "张三丰", "phone": "13800000001"})


def measure(rounds: int) -> None:
    """Every row of the table, in the house of this process."""
    from django.test import Client

    citizen, busy = Client(headers={"host": "127.0.0.1"}), Client(headers={"host": "127.0.0.1"})
    number = re.search(r"\d{4}-\d{4}-\d{4}", handed_in(citizen).headers["Location"])
    assert number is not None
    desk, unit = seated("centre-dispatcher"), seated("chengguan-handler")
    pages = [
        ("home page", citizen, "/"),
        ("the citizen's page of a case", citizen, f"/follow/{number[0]}/"),
        ("published cases", citizen, "/public/"),
        ("the desk's list, 25 of all", desk, "/work/desk/?tab=all"),
        ("a case at the desk", desk, f"/work/cases/{number[0]}/"),
        ("a unit's orders, 25 of all", unit, "/work/unit/?tab=all"),
    ]
    measured("intake: form, case, party, clocks, event", lambda: handed_in(busy), status=302, rounds=rounds)
    for name, client, address in pages:
        measured(name, lambda c=client, a=address: c.get(a), status=200, rounds=rounds)


def here(cases: int, rounds: int) -> int:
    """Fill the house that the environment names, and measure."""
    home = Path(os.environ["HUIYIN_HOME"])
    write(home / "bench.csv", cases)
    for command in (
        ["setup-secrets"],
        ["migrate"],
        ["profile", "load", "demo"],
        ["import", str(home / "bench.csv"), "--fast", "--json"],
    ):
        subprocess.run([HUIYIN, *command], stdout=subprocess.DEVNULL, check=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.db import connection

    django.setup()
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{connection.vendor}, among {cases:,} cases; {load}", flush=True)
    measure(rounds)
    return 0


def both(arguments: list[str]) -> int:
    """Run this file once on each database, in a house of its own, one after another."""
    first = beside("sqlite", arguments)
    with postgres.cluster() as address:
        return first or beside(address, arguments)


def beside(database: str, arguments: list[str]) -> int:
    """Run this file again in a new house on that database; its exit code."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as home:
        house = {
            "HUIYIN_HOME": home,
            "HUIYIN_DATABASE": database,
            "HUIYIN_PROFILE": "demo",
            "BENCH_HERE": "1",
        }
        line = [sys.executable, "-m", "benchmarks.pages", *arguments]
        return subprocess.run(line, env={**os.environ, **house}, cwd=ROOT, check=False).returncode


def main(arguments: list[str]) -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args(arguments)
    return here(options.cases, options.rounds) if os.environ.get("BENCH_HERE") else both(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
